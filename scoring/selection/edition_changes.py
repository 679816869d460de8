"""What a change of rules changes: two editions side by side, and a draft tried on past data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from data.settings import Settings
from data.store import Store
from features.catalog import catalogue
from features.matrix import build_matrix
from scoring.editions.checks import require
from scoring.editions.policy import Edition
from scoring.scores.ranking import Ranking, rank_matrix
from scoring.scores.voices import hear
from scoring.selection.coverage import Turnover, turnover
from scoring.selection.directory import Selection, select

NAMED = ("id", "feature", "at_least", "field")
"""The field that names an entry of a list, so that entries are compared with their like and not by place."""


@dataclass(frozen=True)
class Difference:
    """One field that differs: its place (dotted), and what stands there in either edition.

    None: absent; `WHOLE` where an entry of a list is in this edition and not in the other; bands as points by edge.
    """

    place: str
    first: object
    second: object


@dataclass(frozen=True)
class Simulation:
    """A draft tried against another edition on the same facts.

    `change` says who enters, stays and leaves by the draft; `by_group` counts them by size_class, industry_section
    and street (dimension, group, enter, leave, before, after).
    """

    draft: Selection
    against: Selection
    change: Turnover
    by_group: pd.DataFrame


def differences(first: Edition, second: Edition) -> list[Difference]:
    """Every field in which two editions differ, in order of place."""
    one, two = dict(_fields(first.model_dump(mode="json"))), dict(_fields(second.model_dump(mode="json")))
    told = {place: None for place in sorted({*one, *two}) if one.get(place) != two.get(place)}
    for only in (one, two):  # a criterion, rule or track that one edition lacks is one difference, not one a field
        for whole in _entries(only) - _entries(two if only is one else one):
            if any(place.startswith(whole) for place in told):
                told = {place: None for place in told if not place.startswith(whole)} | {whole: None}
                only[whole] = WHOLE
    return [Difference(place, one.get(place), two.get(place)) for place in sorted(told)]


WHOLE = "+"
"""Stands for an entry of a list that is there as a whole and is not in the other edition."""


def _entries(fields: Mapping[str, object]) -> set[str]:
    """The entries of lists, outermost and within: `tracks[a]`, `tracks[a].criteria[b]`."""
    return {place[: at + 1] for place in fields for at, letter in enumerate(place) if letter == "]"}


def simulate(store: Store, settings: Settings, draft: Edition, against: Edition, as_of: date) -> Simulation:
    """Draw the lists of a draft and of another edition from what was known at a date; nothing is saved.

    Refuses an edition that does not agree with the catalogue or the law (`edition-invalid`).
    """
    known = catalogue(store)
    for edition in (draft, against):
        require(edition, known)
    ages = {edition.max_report_age_months for edition in (draft, against)}
    matrices = {months: build_matrix(store, as_of, known, max_report_age_months=months) for months in ages}

    def drawn(edition: Edition) -> tuple[Ranking, Selection]:
        matrix = matrices[edition.max_report_age_months]
        ranking = rank_matrix(matrix, known, edition, store, hear(settings, matrix, known, edition))
        return ranking, select(ranking, edition)

    (ranking, new), (_, old) = drawn(draft), drawn(against)
    change = turnover(old.members["enterprise_id"], new.members["enterprise_id"])
    return Simulation(new, old, change, _by_group(ranking, old, new))


def _by_group(ranking: Ranking, old: Selection, new: Selection) -> pd.DataFrame:
    frame = ranking.frame
    before, after = (frame.index.isin(one.members["enterprise_id"]) for one in (old, new))
    tables = []
    for dimension in ("size_class", "industry_section", "street"):
        groups = frame[dimension].astype(object).where(frame[dimension].notna(), "")
        counted = pd.DataFrame(
            {"enter": after & ~before, "leave": before & ~after, "before": before, "after": after}, index=frame.index
        )
        counted = counted.groupby(groups.to_numpy()).sum().astype(int)
        counted = counted[counted[["before", "after"]].any(axis=1)].rename_axis("group").reset_index()
        counted.insert(0, "dimension", dimension)
        tables.append(counted)
    return pd.concat(tables, ignore_index=True)


def _fields(content: object, place: str = "") -> Iterator[tuple[str, object]]:
    if isinstance(content, Mapping):
        for key, value in content.items():
            if key == "bands":  # what a value earns is read as one
                yield f"{place}.{key}", {f"{one['at_least']:g}": one["points"] for one in value}
                continue
            yield from _fields(value, f"{place}.{key}" if place else str(key))
    elif isinstance(content, list) and content and isinstance(content[0], Mapping):
        for position, value in enumerate(content):
            name = next((value[key] for key in NAMED if key in value), position)
            yield from _fields(value, f"{place}[{name}]")
    elif content is not None:
        yield place, content
