"""The programme that draws a list: candidates with their worth, and the quotas as rows over them.

Everything is in whole numbers (points in ten-thousandths, shares as fractions), so that what holds can be checked
exactly after solving.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import pandas as pd

from scoring.editions.circumstances import Column, Flags
from scoring.editions.policy import Edition
from scoring.scores.points import UNITS_PER_POINT, Units, units
from scoring.scores.ranking import Ranking


@dataclass(frozen=True)
class Row:
    """One quota: a weighted count of members between `low` and `high` (None: no such side).

    `kind` and `name` say which (total, track, small_and_micro, industry, key_industry, street, group); `side` is
    "max" or "min"; `number` is what the edition says, for people. `at` and `weights` are candidates and their
    coefficients; `step` is by how much the bound moves when the quota is relaxed by one place.
    """

    kind: str
    name: str
    side: str
    number: float
    at: Units
    weights: Units
    low: int | None
    high: int | None
    step: int = 1

    @property
    def key(self) -> tuple[str, str, str]:
        """Kind, name and side: what makes the row itself."""
        return self.kind, self.name, self.side

    def sum(self, chosen: Flags) -> int:
        """The weighted count of the chosen (n,)."""
        return int(self.weights[chosen[self.at]].sum())

    def holds(self, chosen: Flags) -> bool:
        """Whether the quota holds for the chosen (n,)."""
        total = self.sum(chosen)
        return (self.low is None or total >= self.low) and (self.high is None or total <= self.high)

    def binds(self, chosen: Flags) -> bool:
        """Whether one place less would break the quota for the chosen (n,)."""
        total = self.sum(chosen)
        return (self.low is not None and total < self.low + self.step) or (
            self.high is not None and total > self.high - self.step
        )

    def relaxed(self) -> Row:
        """The same quota with one place more (max) or one less (min)."""
        return replace(
            self,
            low=None if self.low is None else self.low - self.step,
            high=None if self.high is None else self.high + self.step,
        )


@dataclass(frozen=True)
class Programme:
    """Candidates in order of identifier, and the rows that a list must satisfy.

    `worth` int64 (n,) in ten-thousandths of a point, with the incumbents' margin; `order` int64 (n,) the rank that
    breaks equal worth; `groups` int64 (n,) the group of companies, -1 for none; `group_cap` members of a group at
    most (0: no cap); `forced` bool (n,) must be listed.
    """

    ids: Column
    worth: Units
    order: Units
    groups: Units
    group_cap: int
    forced: Flags
    rows: tuple[Row, ...]

    @property
    def total(self) -> Row:
        """The row of all places."""
        return next(row for row in self.rows if row.kind == "total")

    def with_rows(self, rows: tuple[Row, ...]) -> Programme:
        """The same candidates under other rows."""
        return replace(self, rows=rows)

    def with_forced(self, positions: Units) -> Programme:
        """The same programme with more candidates that must be listed."""
        forced = self.forced.copy()
        forced[positions] = True
        return replace(self, forced=forced)

    def holds(self, chosen: Flags) -> bool:
        """Whether the chosen (n,) satisfy every row, group cap and forced candidate; exact."""
        grouped = self.groups[chosen & (self.groups >= 0)]
        full = bool(self.group_cap) and len(grouped) and np.bincount(grouped).max() > self.group_cap
        return not full and bool(chosen[self.forced].all()) and all(row.holds(chosen) for row in self.rows)


def programme(ranking: Ranking, edition: Edition, decisions: Mapping[str, str]) -> Programme:
    """The programme of a ranking under an edition and the committee's decisions.

    Candidates are the eligible with the score their track asks for; the included are candidates in any case, the
    excluded and deferred are none.
    """
    frame = ranking.frame
    verdicts = pd.Series({key: value for key, value in decisions.items() if key in frame.index}, dtype=object)
    included = frame.index.isin(verdicts.index[verdicts == "include"])
    barred = frame.index.isin(verdicts.index[verdicts.isin(["exclude", "defer"])])
    floors = {track.id: track.at_least for track in edition.tracks if track.at_least is not None}
    enough = (frame["score"] >= frame["track"].map(floors).astype(float).fillna(-np.inf)).to_numpy(dtype=bool)
    ranked = frame["rank"].notna().to_numpy(dtype=bool)
    chosen = frame[((ranked & enough) | included) & ~barred].sort_index()
    margin = edition.list.incumbents.margin if edition.list.incumbents else 0.0
    worth = units(chosen["score"].to_numpy(dtype=np.float64))
    worth = worth + int(units(margin)) * chosen["incumbent"].to_numpy(dtype=bool)
    groups, _ = pd.factorize(chosen["group_id"], sort=True)
    return Programme(
        ids=chosen.index.to_numpy(dtype=object),
        worth=worth,
        order=chosen["rank"].fillna(len(frame)).to_numpy(dtype=np.int64),
        groups=groups.astype(np.int64),
        group_cap=edition.list.groups.max if edition.list.groups else 0,
        forced=chosen.index.isin(verdicts.index[verdicts == "include"]),
        rows=_rows(chosen, edition),
    )


def _rows(frame: pd.DataFrame, edition: Edition) -> tuple[Row, ...]:
    rules = edition.list
    everyone = np.ones(len(frame), dtype=bool)
    rows = [_row("total", "", everyone, None, rules.places)]
    for name, quota in rules.tracks.items():
        rows += _both("track", name, _is(frame["track"], name), quota.min, quota.max)
    if rules.small_and_micro:
        share = Fraction(str(rules.small_and_micro.min_share))
        small = frame["size_class"].isin(rules.small_and_micro.classes).to_numpy(dtype=bool)
        weights = np.where(small, share.denominator, 0) - share.numerator
        rows.append(
            Row("small_and_micro", "", "min", float(share), np.arange(len(frame)), weights, 0, None, share.denominator)
        )
    if rules.industries:
        if rules.industries.max_share is not None:
            most = int(Fraction(str(rules.industries.max_share)) * rules.places)
            sections = sorted(frame["industry_section"].dropna().unique())
            rows += [_row("industry", name, _is(frame["industry_section"], name), None, most) for name in sections]
        for name, quota in rules.industries.named.items():
            rows += _both("key_industry", name, _is(frame["key_industry"], name), quota.min, quota.max)
    if rules.streets:
        for street, there in frame["street"].value_counts().sort_index().items():
            least = min(rules.streets.min, int(there))
            rows.append(_row("street", str(street), _is(frame["street"], str(street)), least, None))
    return tuple(rows)


def _is(column: pd.Series, value: str) -> Flags:
    found: Flags = (column == value).fillna(False).to_numpy(dtype=bool)
    return found


def _row(kind: str, name: str, members: Flags, low: int | None, high: int | None) -> Row:
    at = np.flatnonzero(members)
    number = high if high is not None else low
    side = "min" if high is None else "max"
    return Row(kind, name, side, float(number or 0), at, np.ones(len(at), dtype=np.int64), low, high)


def _both(kind: str, name: str, members: Flags, low: int | None, high: int | None) -> list[Row]:
    rows = [_row(kind, name, members, None, high)] if high is not None else []
    return [*rows, _row(kind, name, members, low, None)] if low else rows


def points(worth: int) -> float:
    """Worth in points."""
    return worth / UNITS_PER_POINT
