"""What is wrong with an edition's file, said with line, what was probably meant, and what is allowed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from data.refusal import Refusal
from scoring.editions.policy_file import Lines

MOST_NAMES = 12
"""So many names a message lists; of more, the nearest."""

Section = Any
"""A section of an edition or its class (scoring.editions.policy, which imports this file)."""


def name_mistakes(edition: Section, lines: Lines) -> list[Refusal]:
    """Names inside the edition that name nothing, and names given twice."""
    tracks = [track.id for track in edition.tracks]
    named = {
        ("list", "tracks"): (edition.list.tracks, tracks),
        ("list", "industries", "named"): (
            edition.list.industries.named if edition.list.industries else (),
            list(edition.key_industries),
        ),
    }
    mistakes = [
        unknown_name("edition-name-unknown", lines.at((*place, name)), name, known)
        for place, (given, known) in named.items()
        for name in given
        if name not in known
    ]
    for place, ref in _references(edition.model_dump(mode="json")):
        if ref not in edition.references:
            mistakes.append(unknown_name("edition-reference-unknown", lines.at(place), ref, sorted(edition.references)))
    mistakes += [
        Refusal("edition-name-twice", line=lines.at(("tracks", position, "id")), name=name)
        for position, name in enumerate(tracks)
        if name in tracks[:position]
    ]
    for position, track in enumerate(edition.tracks):
        named_features = [one.feature for one in track.criteria]
        mistakes += [
            Refusal("edition-name-twice", line=lines.at(("tracks", position, "criteria", at, "feature")), name=name)
            for at, name in enumerate(named_features)
            if name in named_features[:at]
        ]
    return mistakes


def unknown_name(code: str, line: int, name: str, known: Iterable[str]) -> Refusal:
    """A mistake that names what stands there, what was probably meant, and what is allowed."""
    names = list(known)
    near = get_close_matches(name, names, MOST_NAMES, 0.4)
    shown = names if len(names) <= MOST_NAMES else near or names[:MOST_NAMES]
    return Refusal(code, line=line, name=name, nearest=near[:1], known=shown)


def _references(content: object, place: tuple[str | int, ...] = ()) -> Iterable[tuple[tuple[str | int, ...], str]]:
    if isinstance(content, dict):
        for key, value in content.items():
            if key == "ref" and isinstance(value, str):
                yield (*place, key), value
            else:
                yield from _references(value, (*place, key))
    elif isinstance(content, list):
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
        return Refusal("edition-value-not-one-of", **where, value=str(error["input"]), known=error["ctx"]["expected"])
    wanted = {"float": "number", "int": "whole", "date": "date", "bool": "truth"}.get(kind.split("_")[0])
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
