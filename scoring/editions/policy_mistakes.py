"""What is wrong with an edition's file, said with line, what was probably meant, and what is allowed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from data.refusal import Refusal
from scoring.editions.policy_file import Lines

MOST_NAMES = 12
"""So many names a message lists; of more, the nearest."""

Section = Any
"""A section of an edition or its class (scoring.editions.policy, which imports this file)."""


def section(content: object, name: str) -> Mapping[Any, Any]:
    """A named section of content as written; empty where there is none, or no section."""
    found = content.get(name) if isinstance(content, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def entries(content: object, name: str) -> list[tuple[int, Mapping[str, Any]]]:
    """The sections in a named list of content as written, with their positions; what is no section is left out."""
    found = content.get(name) if isinstance(content, Mapping) else None
    listed = found if isinstance(found, (list, tuple)) else ()
    return [(position, one) for position, one in enumerate(listed) if isinstance(one, Mapping)]


def name_mistakes(content: object, lines: Lines) -> list[Refusal]:
    """Names inside an edition's content, as written, that name nothing, and names given twice."""
    tracks = [(position, str(track["id"])) for position, track in entries(content, "tracks") if "id" in track]
    rules = section(content, "list")
    named = {
        ("list", "tracks"): (section(rules, "tracks"), [name for _, name in tracks]),
        ("list", "industries", "named"): (
            section(section(rules, "industries"), "named"),
            [str(name) for name in section(content, "key_industries")],
        ),
    }
    mistakes = [
        unknown_name("edition-name-unknown", lines.at((*place, name)), name, known)
        for place, (given, known) in named.items()
        for name in map(str, given)
        if name not in known
    ]
    references = sorted(map(str, section(content, "references")))
    for place, ref in _references(content):
        if ref not in references:
            mistakes.append(unknown_name("edition-reference-unknown", lines.at(place), ref, references))
    twice = [(("tracks", position, "id"), name) for position, name in _again(tracks)]
    for number, track in entries(content, "tracks"):
        given = [(at, str(one["feature"])) for at, one in entries(track, "criteria") if "feature" in one]
        twice += [(("tracks", number, "criteria", at, "feature"), name) for at, name in _again(given)]  # type: ignore[misc]
    return mistakes + [Refusal("edition-name-twice", line=lines.at(place), name=name) for place, name in twice]


def _again(named: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """Those whose name another has before them."""
    names = [name for _, name in named]
    return [(position, name) for at, (position, name) in enumerate(named) if name in names[:at]]


def unknown_name(code: str, line: int, name: str, known: Iterable[str]) -> Refusal:
    """A mistake that names what stands there, what was probably meant, and what is allowed."""
    names = list(known)
    near = get_close_matches(name, names, MOST_NAMES, 0.4)
    shown = names if len(names) <= MOST_NAMES else near or names[:MOST_NAMES]
    return Refusal(code, line=line, name=name, nearest=near[:1], known=shown)


def _references(content: object, place: tuple[str | int, ...] = ()) -> Iterable[tuple[tuple[str | int, ...], str]]:
    if isinstance(content, Mapping):
        for key, value in content.items():
            if key == "ref" and isinstance(value, str):
                yield (*place, key), value
            else:
                yield from _references(value, (*place, key))
    elif isinstance(content, (list, tuple)):
        for position, value in enumerate(content):
            yield from _references(value, (*place, position))


def form_mistakes(errors: Sequence[Mapping[str, Any]], lines: Lines, model: Section) -> list[Refusal]:
    """Pydantic's errors about `model` as refusals of ours, without those that only follow from another.

    A list with a wrong entry is also reported as too short.
    """
    places = [tuple(error["loc"]) for error in errors]
    return [
        _form_mistake(error, lines, model)
        for error, place in zip(errors, places, strict=True)
        if error["type"] != "too_short"
        or not any(len(other) > len(place) and other[: len(place)] == place for other in places)
    ]


_WANTED = {"float": "number", "int": "whole", "finite": "number", "date": "date", "bool": "truth", "string": "text",
           "mapping": "section", "dict": "section", "model": "section", "list": "list", "tuple": "list"}  # fmt: skip
"""What a field must be, by the first word of pydantic's error type."""

_BOUNDS = {"greater_than": ("above", "gt"), "greater_than_equal": ("least", "ge"), "less_than": ("below", "lt"),
           "less_than_equal": ("most", "le")}  # fmt: skip
_SHORT = ("too_short", "string_too_short")


def _form_mistake(error: Mapping[str, Any], lines: Lines, model: Section) -> Refusal:
    """One of pydantic's errors about `model` as a refusal of ours, with the line and the allowed names."""
    place = tuple(error["loc"])
    where: dict[str, object] = {"line": lines.at(place), "field": ".".join(map(str, place)) or "-"}
    kind = str(error["type"])
    if kind == "extra_forbidden":
        known = _fields_at(model, place[:-1])
        nearest = get_close_matches(str(place[-1]), known, 1, 0.5)
        return Refusal("edition-field-unknown", **where, nearest=nearest, known=known)
    if kind == "missing":
        return Refusal("edition-field-missing", **where)
    if kind == "literal_error":
        known = re.findall(r"'([^']+)'", str(error["ctx"]["expected"])) or [str(error["ctx"]["expected"])]
        return Refusal("edition-value-not-one-of", **where, value=str(error["input"]), known=known)
    if kind in _BOUNDS:
        side, bound = _BOUNDS[kind]
        return Refusal("edition-value-bound", **where, value=str(error["input"]), side=side, bound=error["ctx"][bound])
    if kind in _SHORT:
        return Refusal("edition-value-empty", **where)
    if kind == "string_pattern_mismatch":
        return Refusal("edition-value-name", **where, value=str(error["input"]))
    wanted = _WANTED.get(kind.split("_")[0])
    if wanted:
        return Refusal("edition-value-kind", **where, value=str(error["input"]), wanted=wanted)
    if kind == "mulu_rule":
        return Refusal(f"edition-{error['ctx']['code']}", **where, **error["ctx"]["values"])
    return Refusal("edition-value-wrong", **where, value=str(error["input"])[:80], cause=str(error["msg"]))


def _fields_at(model: Section | None, place: tuple[str | int, ...]) -> list[str]:
    """The fields of the section at a place."""
    for step in place:
        if isinstance(step, int) or model is None:
            continue
        field = getattr(model, "model_fields", {}).get(step)
        model = _section_of(field.annotation) if field else model
    return list(model.model_fields) if model is not None else []


def _section_of(annotation: object) -> Section | None:
    if isinstance(annotation, type) and hasattr(annotation, "model_fields"):
        return annotation
    inner = [_section_of(one) for one in getattr(annotation, "__args__", ()) if one is not Ellipsis]
    return next((one for one in inner if one is not None), None)
