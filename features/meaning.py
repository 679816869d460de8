"""What a feature means, as a digest: what a model that was taught on it must agree with.

A feature's meaning is its declaration and the arithmetic it calls, wherever that is written; labels and definitions
in words do not enter, nor does any other feature. So a catalogue that gains a feature, or an office that declares an
indicator, changes the meaning of none that were there before.
"""

from __future__ import annotations

import ast
import hashlib
import inspect
import json
import textwrap
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from features import events, peers, point_in_time
from features.definition import Feature

KEYED = frozenset({"key_industry_strength"})
"""The inputs whose values depend on the signed table of key industries."""


def meaning_of(feature: Feature, reference: str) -> str:
    """SHA-256 over a feature's name, inputs, formula with all that it calls, kind, unit, factor, direction, peers.

    `reference`, the digest of the table of key industries, enters where an input is read from it.
    """
    facts = [
        point_in_time.VERSION,
        feature.name,
        feature.inputs,
        feature.formula,
        _called_by(feature.compute),
        [_event_column(name) for name in feature.inputs if name in events.EVENT_COLUMNS],
        feature.kind,
        [feature.relative_to, peers.VERSION] if feature.relative_to else None,
        feature.missing,
        feature.unit,
        feature.factor,
        feature.direction,
        reference if KEYED & set(feature.inputs) else "",
    ]
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()


@lru_cache(maxsize=1024)
def _called_by(function: Callable[..., object]) -> list[tuple[str, str]]:
    """The functions and numbers of the house that a formula rests on, by name, as normalised source."""
    return _closure(_tree_of(function), inspect.unwrap(function).__globals__)


@lru_cache(maxsize=64)
def _event_column(name: str) -> list[tuple[str, str]]:
    """How one column that counts or dates events is made."""
    value = _event_columns()[name]
    table, aggregate, *_words = value.args
    made = [ast.unparse(part) for part in (table, aggregate, *value.keywords)]
    return [(name, "; ".join(made)), *_closure(aggregate, vars(events))]


@lru_cache(maxsize=1)
def _event_columns() -> dict[str, ast.Call]:
    """The columns as they are written down in `events.py`, by name."""
    found: dict[str, ast.Call] = {}
    for node in ast.walk(ast.parse(inspect.getsource(events))):
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(value, ast.Call):
                    found[str(key.value)] = value
    return found


def _closure(node: ast.AST, names: dict[str, Any]) -> list[tuple[str, str]]:
    found: dict[str, str] = {}
    waiting = [(node, names)]
    while waiting:
        here, known = waiting.pop()
        for name, thing in _named_in(here, known):
            place = f"{getattr(thing, '__module__', '')}.{name}"
            if place in found:
                continue
            if inspect.isfunction(thing):
                tree = _tree_of(thing)
                found[place] = ast.unparse(tree)
                waiting.append((tree, thing.__globals__))
            else:
                found[place] = repr(thing)
    return sorted(found.items())


def _named_in(node: ast.AST, known: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The names of a piece of source that stand for functions of this package or for plain values."""
    for one in ast.walk(node):
        thing = known.get(one.id) if isinstance(one, ast.Name) else None
        ours = inspect.isfunction(thing) and thing.__module__.startswith("features.")
        if ours or isinstance(thing, (int, float, str, tuple)):
            yield one.id, thing  # type: ignore[attr-defined]  # only names get here


def _tree_of(function: Callable[..., object]) -> ast.FunctionDef:
    """A function as a tree without docstring, decorators and annotations."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    if not isinstance(tree, ast.FunctionDef):
        raise ValueError(f"{function!r} is not written as a function")
    if ast.get_docstring(tree) is not None:
        tree.body = tree.body[1:] or [ast.Pass()]
    tree.decorator_list, tree.returns = [], None
    for argument in (*tree.args.args, *tree.args.kwonlyargs, tree.args.vararg):
        if argument is not None:
            argument.annotation = None
    return tree
