"""What an edition must agree with: the catalogue of features, their directions and units, and the law.

`policy` checks the form of an edition by itself; here it meets the features that an installation has. The checks read
the content as it was written, so that what is wrong with one section does not hide what is wrong with another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.enterprise_size import SIZES
from data.industries import name_of
from data.refusal import Refusal
from scoring.editions.circumstances import ABOUT, UNDETERMINED, describe
from scoring.editions.policy import FAIR_COMPETITION_FROM, Criterion, Edition, load_edition
from scoring.editions.policy_file import Lines, Place
from scoring.editions.policy_mistakes import entries, section, unknown_name
from scoring.editions.scorecard import PERCENTILE

if TYPE_CHECKING:
    from features.catalog import Catalogue

SECTIONS = tuple("ABCDEFGHIJKLMNOPQRST")
"""The sections of GB/T 4754."""


def read_edition(name_or_path: str | Path, catalogue: Catalogue) -> Edition:
    """The edition of that name, or of a YAML file, that agrees with the catalogue and the law.

    Refuses one with mistakes (`edition-invalid`) with all of them at once: of form, names, features and law.
    """
    return load_edition(name_or_path, lambda content, lines: _mistakes(content, lines, catalogue))


def require(edition: Edition, catalogue: Catalogue) -> None:
    """Refuse an edition that does not agree with the catalogue or the law, with every mistake (`edition-invalid`)."""
    if mistakes := check(edition, catalogue):
        file = edition.origin[0] or edition.name
        raise Refusal("edition-invalid", file=file, count=len(mistakes), mistakes=mistakes)


def check(edition: Edition, catalogue: Catalogue) -> list[Refusal]:
    """Every disagreement of an edition with the catalogue and the law; empty when all is well."""
    return _mistakes(edition.model_dump(), edition.origin[1], catalogue)


def _mistakes(content: object, lines: Lines, catalogue: Catalogue) -> list[Refusal]:
    mistakes: list[Refusal] = []
    for place, raw in _criteria(content):
        name = raw.get("feature")
        if isinstance(name, str) and name not in catalogue:
            mistakes.append(_unknown_feature(lines.at((*place, "feature")), name, catalogue.names))
        elif isinstance(name, str):
            mistakes += _restriction(name, catalogue, lines.at(place), content)
            try:
                criterion = Criterion.model_validate(raw)
            except ValueError:  # a mistake of form, which `load_edition` tells
                continue
            mistakes += _criterion_mistakes(criterion, catalogue, lines.at(place))
    known = [*catalogue.names, *ABOUT, "key-industry", *map(str, section(content, "evidence"))]
    for place, raw in _conditions(content):
        name = raw.get("field")
        if isinstance(name, str) and name not in known:
            mistakes.append(_unknown_feature(lines.at((*place, "field")), name, known))
        elif isinstance(name, str) and name in catalogue:
            mistakes += _restriction(name, catalogue, lines.at(place), content)
    return [*mistakes, *_word_mistakes(content, lines)]


def _word_mistakes(content: object, lines: Lines) -> Iterator[Refusal]:
    """Words that no enterprise can have, so that a rule would silently hold for nobody: sizes, sections, industries."""
    sizes = (*SIZES, UNDETERMINED)
    words = {"size_class": sizes, "industry_section": SECTIONS, "key-industry": section(content, "key_industries")}
    given = [
        ((*place, "one_of"), raw.get("one_of"), words[str(raw.get("field"))])
        for place, raw in _conditions(content)
        if raw.get("field") in words
    ]
    small = section(section(content, "list"), "small_and_micro").get("classes")
    for place, values, known in (*given, (("list", "small_and_micro", "classes"), small, sizes)):
        for at, value in enumerate(values if isinstance(values, list | tuple) else ()):
            if value not in known:
                field = ".".join(map(str, place))
                told = {"field": field, "value": str(value), "known": list(known)}
                yield Refusal("edition-value-not-one-of", line=lines.at((*place, at)), **told)
    for name, one in section(content, "key_industries").items():
        for at, code in enumerate(one.get("codes") or () if isinstance(one, Mapping) else ()):
            # A class that a later amendment of the standard added is not in the table; its group is.
            if isinstance(code, str) and not (name_of(code) or (len(code) == 4 and name_of(code[:3]))):
                line = lines.at(("key_industries", name, "codes", at))
                yield Refusal("edition-industry-code", line=line, name=str(name), value=code)


def lacks_ground(edition: Edition, restriction: str | None) -> bool:
    """Whether a restriction of features binds an edition that names no legal ground for it.

    The Fair Competition Review Regulation bars local tax, moved registration and local statistics as conditions of
    support since 2024-08-01; it binds every edition that is in force on that day or later.
    """
    return _lacks_ground(edition.until_date, edition.legal.grounds, restriction)


def _lacks_ground(until: date | None, grounds: Mapping[str, Any], restriction: str | None) -> bool:
    binds = until is None or until >= FAIR_COMPETITION_FROM
    return restriction is not None and binds and restriction not in grounds


def _criterion_mistakes(criterion: Criterion, catalogue: Catalogue, line: int) -> list[Refusal]:
    what = describe(catalogue[criterion.feature])
    mistakes: list[Refusal] = []
    if bool(criterion.categories) != (what.kind == "category"):
        mistakes.append(Refusal("edition-bands-kind", line=line, feature=criterion.feature, kind=what.kind))
    elif criterion.bands and criterion.unit not in (what.natural_unit, PERCENTILE):
        allowed = [what.natural_unit, PERCENTILE]
        mistakes.append(
            Refusal("edition-unit-differs", line=line, feature=criterion.feature, unit=criterion.unit, known=allowed)
        )
    if criterion.bands and what.direction:
        levels = [level * what.direction for level in criterion.levels]
        if levels != sorted(levels):
            mistakes.append(
                Refusal("edition-bands-direction", line=line, feature=criterion.feature, direction=what.direction)
            )
    return mistakes


def _restriction(name: str, catalogue: Catalogue, line: int, content: object) -> list[Refusal]:
    restricted = catalogue[name].restricted
    until = content.get("until_date") if isinstance(content, Mapping) else None
    grounds = section(section(content, "legal"), "grounds")
    if not _lacks_ground(until if isinstance(until, date) else None, grounds, restricted):
        return []
    return [
        Refusal(
            "edition-restricted-feature", line=line, feature=name, restriction=restricted, since=FAIR_COMPETITION_FROM
        )
    ]


def _unknown_feature(line: int, name: str, known: list[str]) -> Refusal:
    return unknown_name("edition-feature-unknown", line, name, known)


def _criteria(content: object) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    for number, track in entries(content, "tracks"):
        for position, criterion in entries(track, "criteria"):
            yield ("tracks", number, "criteria", position), criterion


def _conditions(content: object) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    rules: list[tuple[Place, Mapping[str, Any]]] = [
        (("eligibility", position), rule) for position, rule in entries(content, "eligibility")
    ]
    for number, track in entries(content, "tracks"):
        rules += [(("tracks", number, "when", position), rule) for position, rule in entries(track, "when")]
    for place, rule in rules:
        for at, condition in entries(rule, "when"):
            yield (*place, "when", at), condition
