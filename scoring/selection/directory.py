"""The list: the members that hold the most points under the quotas, with proof.

As many places are filled as can be; then the list has the most points (incumbents' margin counted in); equal lists
are told apart by the smaller sum of ranks, then by the identifiers in order (`scoring.optimum.solving`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd

from scoring.editions.circumstances import Flags
from scoring.editions.policy import Edition
from scoring.editions.whole_points import UNITS_PER_POINT
from scoring.optimum.quotas import Programme, Row, programme
from scoring.optimum.solving import Optimum, best, optimum
from scoring.scores.ranking import Ranking
from scoring.selection.answers import Binding, NearMiss, bindings, conflict, near_misses, without_minima

Decision = Literal["include", "exclude", "defer"]


@dataclass(frozen=True)
class Selection:
    """A proposed list.

    `members`: enterprise_id, name, track, position (from 1, by track and rank), rank, score, via ("points", "quota"
    for those a minimum brought in, "override"), incumbent. `points` is what the list holds with the incumbents'
    margin. `infeasible` names the smallest set of quotas that cannot hold together (kind, name, side, number) where
    there is no list; it is empty otherwise.
    """

    members: pd.DataFrame
    points: float
    infeasible: tuple[Row, ...]
    digest: str
    ranking: Ranking = field(repr=False)
    edition: Edition = field(repr=False)
    decisions: Mapping[str, Decision]
    programme: Programme = field(repr=False)
    found: Optimum | None = field(repr=False)

    @property
    def chosen(self) -> Flags:
        """Which candidates of the programme (n,) are on the list."""
        return np.zeros(len(self.programme.ids), dtype=bool) if self.found is None else self.found.chosen

    @cached_property
    def binding(self) -> tuple[Binding, ...]:
        """The quotas that bind, each with its price in points and who would enter with one place more."""
        return () if self.found is None else bindings(self.programme, self.found)

    @cached_property
    def near_misses(self) -> tuple[NearMiss, ...]:
        """Those closest to the list: what each lacks in points, and which quota with one place more would let it in."""
        if self.found is None:
            return ()
        return near_misses(self.programme, self.found, self.binding, self.edition.list.reserve)

    @cached_property
    def reserve(self) -> pd.DataFrame:
        """The reserve list: enterprise_id, name, track, position, rank, score, lacks (points to be listed)."""
        rows = [(miss.enterprise_id, miss.lacks) for miss in self.near_misses][: self.edition.list.reserve]
        frame = self.ranking.frame.loc[[key for key, _ in rows], ["name", "track", "rank", "score"]].reset_index()
        frame.insert(3, "position", np.arange(1, len(frame) + 1))
        return frame.assign(lacks=[lacks for _, lacks in rows])

    def lacks(self, enterprise_id: str) -> float | None:
        """The points with more than which an enterprise would be listed; 0 for members, None where nothing helps."""
        at = np.flatnonzero(self.programme.ids == enterprise_id)
        if self.found is None or not len(at):
            return None
        if self.chosen[at[0]]:
            return 0.0
        with_it = best(self.programme.with_forced(at), start=self.found.bound.prices)
        if with_it is None or with_it.sum() != self.chosen.sum():
            return None
        return (self.found.worth - int(self.programme.worth[with_it].sum())) / UNITS_PER_POINT

    @property
    def exits(self) -> pd.DataFrame:
        """Incumbents that are not on the list: enterprise_id, name, track, rank, score, ineligible_reason."""
        frame = self.ranking.frame
        gone = frame[frame["incumbent"] & ~frame.index.isin(self.members["enterprise_id"])]
        return gone[["name", "track", "rank", "score", "ineligible_reason"]].reset_index()


def select(ranking: Ranking, edition: Edition, decisions: Mapping[str, Decision] | None = None) -> Selection:
    """The list of a ranking under an edition and the committee's decisions.

    `decisions` maps identifiers to "include", "exclude" or "defer". Where the quotas cannot hold together the list
    is empty and `infeasible` names them.
    """
    decisions = dict(sorted((decisions or {}).items()))
    problem = programme(ranking.frame, edition, decisions)
    found = optimum(problem, unique=True)
    clash = conflict(problem) if found is None else ()
    members = _members(ranking, edition, problem, found, decisions)
    told = [ranking.digest, edition.digest, decisions, members["enterprise_id"].tolist(), [row.key for row in clash]]
    return Selection(
        members=members,
        points=0.0 if found is None else found.worth / UNITS_PER_POINT,
        infeasible=clash,
        digest=hashlib.sha256(json.dumps(told, ensure_ascii=False, default=str).encode()).hexdigest(),
        ranking=ranking,
        edition=edition,
        decisions=decisions,
        programme=problem,
        found=found,
    )


def _members(
    ranking: Ranking, edition: Edition, problem: Programme, found: Optimum | None, decisions: Mapping[str, Decision]
) -> pd.DataFrame:
    columns = ["name", "track", "rank", "score", "incumbent"]
    listed = problem.ids[:0] if found is None else problem.ids[found.chosen]
    frame = ranking.frame.loc[listed, columns].rename_axis("enterprise_id").reset_index()
    by_minimum = without_minima(problem, found)
    via = np.where(frame["enterprise_id"].isin(by_minimum), "quota", "points").astype(object)
    via[[decisions.get(key) == "include" for key in frame["enterprise_id"]]] = "override"
    frame["via"] = via
    order = {track.id: place for place, track in enumerate(edition.tracks)}
    place = frame["track"].map(order).fillna(len(order))
    rank = frame["rank"].fillna(1 << 40).to_numpy(dtype=np.int64)
    frame = frame.iloc[np.lexsort((rank, place.to_numpy(dtype=np.int64)))]
    frame.insert(3, "position", np.arange(1, len(frame) + 1))
    return frame.reset_index(drop=True)
