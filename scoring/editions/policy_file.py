"""Reading a policy file: its content, and the line on which each of its fields stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from data.refusal import Refusal

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Lines:
    """The line (from 1) of every field of a YAML file, by its place in the content."""

    lines: Mapping[Place, int]

    def at(self, place: Place) -> int:
        """The line of a place, or of the nearest section around it; 0 where nothing is known."""
        for length in range(len(place), -1, -1):
            if place[:length] in self.lines:
                return self.lines[place[:length]]
        return 0


_Safe: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Safe):  # type: ignore[misc]
    """YAML as written by people: a key that stands twice in one section is a mistake, not an overwrite."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: dict[object, int] = {}
    for key_node, _ in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            raise yaml.constructor.ConstructorError(None, None, "a field's name must be text", key_node.start_mark)
        key = loader.construct_object(key_node, deep=True)
        line = key_node.start_mark.line + 1
        if key in seen:
            raise Refusal("policy-key-twice", key=str(key), line=line, first=seen[key])
        seen[key] = line
    return {
        loader.construct_object(key, deep=True): loader.construct_object(value, deep=True) for key, value in node.value
    }


def _date(loader: _Loader, node: yaml.ScalarNode) -> object:
    """A date, or the text itself where there is no such day (2026-02-30): the field's check tells it with its line."""
    try:
        return loader.construct_yaml_timestamp(node)
    except ValueError:
        return node.value


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
_Loader.add_constructor("tag:yaml.org,2002:timestamp", _date)


def read_policy(path: Path) -> tuple[Any, Lines]:
    """Content and lines of a YAML file. Refuses one that is missing, not text or not YAML, with the line."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal("policy-file-unreadable", file=str(path), cause=type(error).__name__) from error
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        content = loader.construct_document(node) if node is not None else None
    except Refusal as twice:
        raise Refusal(twice.code, **{**twice.values, "file": str(path)}) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 0
        raise Refusal("policy-not-yaml", file=str(path), line=line, cause=getattr(error, "problem", "") or "") from None
    lines: dict[Place, int] = {}
    if node is not None:
        _collect(node, (), lines)
    return content, Lines(lines)


def _collect(node: yaml.Node, place: Place, lines: dict[Place, int]) -> None:
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*place, key.value)
            lines[inner] = key.start_mark.line + 1
            _collect(value, inner, lines)
    elif isinstance(node, yaml.SequenceNode):
        for position, value in enumerate(node.value):
            _collect(value, (*place, position), lines)
