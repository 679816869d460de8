"""The programme that draws a list: candidates with their worth, and the quotas as rows over them.

Everything is in whole numbers (points in ten-thousandths, shares as fractions), so that what holds can be checked
exactly after solving.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from scoring.editions.circumstances import Column, Flags
from scoring.editions.policy import Edition
from scoring.editions.whole_points import UNITS_PER_POINT, Units, units


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

    def lifted(self) -> Row:
        """The same count without bounds: a quota that asks nothing."""
        return replace(self, low=None, high=None)


@dataclass(frozen=True)
class Programme:
    """Candidates in order of identifier, and the rows that a list must satisfy.

    `worth` int64 (n,) in ten-thousandths of a point, with the incumbents' margin; `order` int64 (n,) the rank that
    breaks equal worth; `groups` int64 (n,) the group of companies, -1 for none; `group_cap` members of a group at
    most (0: no cap); `forced` bool (n,) must be listed; `group_names` (groups,) for people.
    """

    ids: Column
    worth: Units
    order: Units
    groups: Units
    group_cap: int
    forced: Flags
    rows: tuple[Row, ...]
    group_names: Column = field(default_factory=lambda: np.zeros(0, dtype=object))

    @property
    def total(self) -> Row:
        """The row of all places."""
        return next(row for row in self.rows if row.kind == "total")

    @cached_property
    def table(self) -> sparse.csc_array:
        """The rows' weights as a sparse matrix (rows, n), whatever their bounds."""
        at = np.concatenate([row.at for row in self.rows])
        weights = np.concatenate([row.weights for row in self.rows]).astype(np.float64)
        starts = np.cumsum([0, *(len(row.at) for row in self.rows)])
        return sparse.csr_array((weights, at, starts), shape=(len(self.rows), len(self.ids))).tocsc()

    @property
    def caps(self) -> Row | None:
        """The group cap as one quota over all groups that have more candidates than places; None where none has."""
        if not self.group_cap:
            return None
        counts = np.bincount(self.groups[self.groups >= 0], minlength=1)
        full = np.append(counts > self.group_cap, False)  # group -1 is no group
        at = np.flatnonzero(full[self.groups])
        cap = float(self.group_cap)
        return Row("group", "", "max", cap, at, np.ones(len(at), dtype=np.int64), None, None) if len(at) else None

    def with_rows(self, rows: tuple[Row, ...]) -> Programme:
        """The same candidates under other rows."""
        return replace(self, rows=rows)

    def with_bounds(self, rows: tuple[Row, ...]) -> Programme:
        """The same candidates under the same rows with other bounds."""
        return self._alike(rows=rows)

    def with_worth(self, worth: Units, order: Units) -> Programme:
        """The same candidates and rows with other worth (n,) and order (n,)."""
        return self._alike(worth=worth, order=order)

    def with_cap(self, cap: int) -> Programme:
        """The same programme with another cap of every group (0: none)."""
        return self._alike(group_cap=cap)

    def with_forced(self, positions: Units) -> Programme:
        """The same programme with more candidates that must be listed."""
        forced = self.forced.copy()
        forced[positions] = True
        return self._alike(forced=forced)

    def filled(self, count: int) -> Programme:
        """The same programme with exactly so many members."""
        rows = (replace(row, low=count, high=count) if row.kind == "total" else row for row in self.rows)
        return self.with_bounds(tuple(rows))

    def freed(self, group: int) -> Programme:
        """The same programme with one place more for one group."""
        at = np.flatnonzero(self.groups == group)
        row = self.group_row(group).relaxed()
        groups = self.groups.copy()
        groups[at] = -1
        return replace(self, groups=groups, rows=(*self.rows, row))

    def group_row(self, group: int) -> Row:
        """The cap of one group as a row."""
        at = np.flatnonzero(self.groups == group)
        name = str(self.group_names[group]) if group < len(self.group_names) else str(group)
        cap = self.group_cap
        return Row("group", name, "max", float(cap), at, np.ones(len(at), dtype=np.int64), None, cap)

    def among(self, kept: Flags) -> Programme:
        """The same rows over some of the candidates (n,)."""
        place = np.cumsum(kept) - 1
        rows = []
        for row in self.rows:
            inside = kept[row.at]
            low = min(row.low or 0, int(inside.sum())) if row.kind == "street" else row.low
            rows.append(replace(row, at=place[row.at[inside]], weights=row.weights[inside], low=low))
        return replace(
            self, ids=self.ids[kept], worth=self.worth[kept], order=self.order[kept], groups=self.groups[kept],
            forced=self.forced[kept], rows=tuple(rows),
        )  # fmt: skip

    def holds(self, chosen: Flags) -> bool:
        """Whether the chosen (n,) satisfy every row, group cap and forced candidate; exact."""
        grouped = self.groups[chosen & (self.groups >= 0)]
        full = bool(self.group_cap) and len(grouped) and np.bincount(grouped).max() > self.group_cap
        sums = self.table[:, np.flatnonzero(chosen)].sum(axis=1)  # whole numbers below 2 ** 53: exact
        within = all(
            (row.low is None or total >= row.low) and (row.high is None or total <= row.high)
            for row, total in zip(self.rows, sums, strict=True)
        )
        return not full and bool(chosen[self.forced].all()) and within

    def _alike(self, **changes: Any) -> Programme:  # noqa: ANN401
        made = replace(self, **changes)
        made.__dict__["table"] = self.table  # the weights of the rows have not changed
        return made


_ASKED = (
    "score", "rank", "incumbent", "group_id", "track", "size_class", "industry_section", "key_industry", "street",
)  # fmt: skip
"""What a programme asks of a ranking's frame."""


def programme(frame: pd.DataFrame, edition: Edition, decisions: Mapping[str, str], below: bool = False) -> Programme:
    """The programme of a ranking's frame under an edition and the committee's decisions.

    Candidates are the eligible with the score their track asks for (with `below` those under it, too); the included
    are candidates in any case, the excluded and deferred are none.
    """
    asked = frame["rank"].notna().to_numpy(dtype=bool, copy=True)
    if not below:
        asked &= frame["score"].to_numpy(dtype=np.float64) >= floors(frame["track"], edition)
    included = [key for key, decided in decisions.items() if decided == "include"]
    at = frame.index.get_indexer(pd.Index(list(decisions), dtype=frame.index.dtype))
    wanted = np.array([decided == "include" for decided in decisions.values()], dtype=bool)
    asked[at[at >= 0]] = wanted[at >= 0]
    chosen = frame[list(_ASKED)].take(np.flatnonzero(asked)).sort_index()
    margin = edition.list.incumbents.margin if edition.list.incumbents else 0.0
    worth = units(chosen["score"].to_numpy(dtype=np.float64))
    worth = worth + int(units(margin)) * chosen["incumbent"].to_numpy(dtype=bool)
    groups, names = pd.factorize(chosen["group_id"], sort=True)
    return Programme(
        ids=chosen.index.to_numpy(dtype=object),
        worth=worth,
        order=chosen["rank"].fillna(len(frame)).to_numpy(dtype=np.int64),
        groups=groups.astype(np.int64),
        group_cap=edition.list.groups.max if edition.list.groups else 0,
        forced=chosen.index.isin(included),
        rows=_rows(chosen, edition),
        group_names=np.asarray(names, dtype=object),
    )


def floors(tracks: pd.Series, edition: Edition) -> NDArray[np.float64]:
    """The score (points) under which nobody of each enterprise's track is listed (n,); -inf where there is none."""
    codes, names = pd.factorize(tracks)
    least = {track.id: track.at_least for track in edition.tracks if track.at_least is not None}
    found: NDArray[np.float64] = np.array([*(least.get(str(name), -np.inf) for name in names), -np.inf])[codes]
    return found


def _rows(frame: pd.DataFrame, edition: Edition) -> tuple[Row, ...]:
    rules = edition.list
    rows = [_row("total", "", np.arange(len(frame)), None, rules.places)]
    tracks = _places(frame["track"])
    for name, quota in rules.tracks.items():
        rows += _both("track", name, tracks.get(name, _NOBODY), quota.min, quota.max)
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
            rows += [_row("industry", name, at, None, most) for name, at in _places(frame["industry_section"]).items()]
        sectors = _places(frame["key_industry"])
        for name, quota in rules.industries.named.items():
            rows += _both("key_industry", name, sectors.get(name, _NOBODY), quota.min, quota.max)
    if rules.streets:
        for street, at in _places(frame["street"]).items():
            rows.append(_row("street", street, at, min(rules.streets.min, len(at)), None))
    return tuple(rows)


_NOBODY: Units = np.zeros(0, dtype=np.int64)


def _places(column: pd.Series) -> dict[str, Units]:
    """The positions of each known value, values in order."""
    codes, names = pd.factorize(column, sort=True)
    order = np.argsort(codes, kind="stable")
    starts = np.searchsorted(codes[order], np.arange(len(names) + 1))
    return {str(name): order[starts[at] : starts[at + 1]] for at, name in enumerate(names)}


def _row(kind: str, name: str, at: Units, low: int | None, high: int | None) -> Row:
    number = high if high is not None else low
    side = "min" if high is None else "max"
    return Row(kind, name, side, float(number or 0), at, np.ones(len(at), dtype=np.int64), low, high)


def _both(kind: str, name: str, at: Units, low: int | None, high: int | None) -> list[Row]:
    rows = [_row(kind, name, at, None, high)] if high is not None else []
    return [*rows, _row(kind, name, at, low, None)] if low else rows


def points(worth: int) -> float:
    """Worth in points."""
    return worth / UNITS_PER_POINT
