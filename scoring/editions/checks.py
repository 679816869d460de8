"""What an edition must agree with: the catalogue of features, their directions and units, and the law.

`policy` checks the form of an edition by itself; here it meets the features that an installation has.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from data.refusal import Refusal
from scoring.editions.circumstances import ABOUT, describe
from scoring.editions.policy import FAIR_COMPETITION_FROM, Condition, Criterion, Edition
from scoring.editions.policy_file import Place
from scoring.editions.policy_mistakes import unknown_name
from scoring.editions.scorecard import PERCENTILE

if TYPE_CHECKING:
    from features.catalog import Catalogue


def require(edition: Edition, catalogue: Catalogue) -> None:
    """Refuse an edition that does not agree with the catalogue or the law, with every mistake (`edition-invalid`)."""
    if mistakes := check(edition, catalogue):
        file = edition.origin[0] or edition.name
        raise Refusal("edition-invalid", file=file, count=len(mistakes), mistakes=mistakes)


def check(edition: Edition, catalogue: Catalogue) -> list[Refusal]:
    """Every disagreement of an edition with the catalogue and the law; empty when all is well."""
    lines = edition.origin[1]
    mistakes: list[Refusal] = []
    for place, criterion in _criteria(edition):
        if criterion.feature not in catalogue:
            mistakes.append(_unknown_feature(lines.at((*place, "feature")), criterion.feature, catalogue.names))
        else:
            mistakes += _criterion_mistakes(criterion, catalogue, lines.at(place), edition)
    known = [*catalogue.names, *ABOUT, "key-industry", *edition.evidence]
    for place, condition in _conditions(edition):
        if condition.field not in known:
            mistakes.append(_unknown_feature(lines.at((*place, "field")), condition.field, known))
        elif condition.field in catalogue:
            mistakes += _restriction(condition.field, catalogue, lines.at(place), edition)
    return mistakes


def lacks_ground(edition: Edition, restriction: str | None) -> bool:
    """Whether a restriction of features binds an edition that names no legal ground for it.

    The Fair Competition Review Regulation bars local tax, moved registration and local statistics as conditions of
    support since 2024-08-01; it binds every edition that is in force on that day or later.
    """
    binds = edition.until_date is None or edition.until_date >= FAIR_COMPETITION_FROM
    return restriction is not None and binds and restriction not in edition.legal.grounds


def _criterion_mistakes(criterion: Criterion, catalogue: Catalogue, line: int, edition: Edition) -> list[Refusal]:
    feature = catalogue[criterion.feature]
    what = describe(feature)
    mistakes = _restriction(criterion.feature, catalogue, line, edition)
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


def _restriction(name: str, catalogue: Catalogue, line: int, edition: Edition) -> list[Refusal]:
    restricted = catalogue[name].restricted
    if not lacks_ground(edition, restricted):
        return []
    return [
        Refusal(
            "edition-restricted-feature", line=line, feature=name, restriction=restricted, since=FAIR_COMPETITION_FROM
        )
    ]


def _unknown_feature(line: int, name: str, known: list[str]) -> Refusal:
    return unknown_name("edition-feature-unknown", line, name, known)


def _criteria(edition: Edition) -> Iterator[tuple[Place, Criterion]]:
    for number, track in enumerate(edition.tracks):
        for position, criterion in enumerate(track.criteria):
            yield ("tracks", number, "criteria", position), criterion


def _conditions(edition: Edition) -> Iterator[tuple[Place, Condition]]:
    rules = [(("eligibility", position), rule) for position, rule in enumerate(edition.eligibility)]
    rules += [
        (("tracks", number, "when", position), rule)  # type: ignore[misc]
        for number, track in enumerate(edition.tracks)
        for position, rule in enumerate(track.when)
    ]
    for place, rule in rules:
        for at, condition in enumerate(rule.when):
            yield (*place, "when", at), condition
