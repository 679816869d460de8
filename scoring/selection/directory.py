"""The list: the members that hold the most points under the quotas, with proof.

As many places are filled as can be; then the list has the most points (incumbents' margin counted in); equal lists
are told apart by the smaller sum of ranks, then by the identifiers in order. So there is exactly one answer, on any
machine and thread count.

HiGHS solves it, but not all at once. A linear programme over a few candidates gives every quota a price; a candidate
whose points less the prices of its quotas cannot lift the bound to the best list found is in no best list and is
left out (the bound holds for any prices, so nothing depends on how exact they are). What remains is small.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

import highspy
import numpy as np
import pandas as pd
from highspy._core import _Highs
from scipy import sparse

from scoring.editions.circumstances import Flags, Floats
from scoring.editions.policy import Edition
from scoring.scores.points import Units
from scoring.scores.ranking import Ranking
from scoring.selection.answers import Binding, NearMiss, bindings, conflict, near_misses, without_minima
from scoring.selection.quotas import Programme, Row, programme

Decision = Literal["include", "exclude", "defer"]
FIRST = 400
MORE = 2000


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
    chosen: Flags = field(repr=False)

    @cached_property
    def binding(self) -> tuple[Binding, ...]:
        """The quotas that bind, each with its price in points and who would enter with one place more."""
        return () if self.infeasible else bindings(self.programme, self.chosen, _one)

    @cached_property
    def near_misses(self) -> tuple[NearMiss, ...]:
        """Those closest to the list: what each lacks in points, and which quota with one place more would let it in."""
        if self.infeasible:
            return ()
        most = ceilings(self.programme, int(self.chosen.sum()))
        return near_misses(self.programme, self.chosen, best, most, self.binding, self.edition.list.reserve)

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
        if self.infeasible or not len(at):
            return None
        if self.chosen[at[0]]:
            return 0.0
        with_it = best(self.programme.with_forced(at))
        if with_it is None or with_it.sum() != self.chosen.sum():
            return None
        worth = self.programme.worth
        return float(worth[self.chosen].sum() - worth[with_it].sum()) / 10_000

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
    problem = programme(ranking, edition, decisions)
    chosen = best(problem, unique=True)
    clash: tuple[Row, ...] = ()
    if chosen is None:
        clash = conflict(problem, lambda other: best(other) is not None)
        chosen = np.zeros(len(problem.ids), dtype=bool)
    members = _members(ranking, edition, problem, chosen, decisions)
    told = [ranking.digest, edition.digest, decisions, members["enterprise_id"].tolist(), [row.key for row in clash]]
    return Selection(
        members=members,
        points=int(problem.worth[chosen].sum()) / 10_000,
        infeasible=clash,
        digest=hashlib.sha256(json.dumps(told, ensure_ascii=False, default=str).encode()).hexdigest(),
        ranking=ranking,
        edition=edition,
        decisions=decisions,
        programme=problem,
        chosen=chosen,
    )


def _members(
    ranking: Ranking, edition: Edition, problem: Programme, chosen: Flags, decisions: Mapping[str, Decision]
) -> pd.DataFrame:
    columns = ["name", "track", "rank", "score", "incumbent"]
    frame = ranking.frame.loc[problem.ids[chosen], columns].rename_axis("enterprise_id").reset_index()
    by_minimum = without_minima(problem, chosen, best)
    via = np.where(frame["enterprise_id"].isin(by_minimum), "quota", "points").astype(object)
    via[[decisions.get(key) == "include" for key in frame["enterprise_id"]]] = "override"
    frame["via"] = via
    order = {track.id: place for place, track in enumerate(edition.tracks)}
    place = frame["track"].map(order).fillna(len(order))
    rank = frame["rank"].fillna(1 << 40).to_numpy(dtype=np.int64)
    frame = frame.iloc[np.lexsort((rank, place.to_numpy(dtype=np.int64)))]
    frame.insert(3, "position", np.arange(1, len(frame) + 1))
    return frame.reset_index(drop=True)


# --- solving -------------------------------------------------------------------------------------------------


def best(problem: Programme, unique: bool = False) -> Flags | None:
    """The best list of a programme as bool (n,), or None where the quotas cannot hold together.

    With `unique` equal lists are told apart by rank sum and identifiers; without, any best one is given.
    """
    full = _filled(problem, min(problem.total.high or 0, len(problem.ids)))
    answer = _optimum(full, unique)
    if answer is None:
        counting = replace(problem, worth=np.ones(len(problem.ids), dtype=np.int64))
        most = _optimum(counting, unique=False)
        if most is None:
            return None
        answer = _optimum(_filled(problem, int(most.sum())), unique)
    return answer


def ceilings(problem: Programme, size: int) -> Floats:
    """What a list of so many members with each candidate on it can be worth at most (n,), from the prices of quotas."""
    full = _filled(problem, size)
    bound, _ = _sift(full, _table(full))
    if bound is None:
        return np.full(len(problem.ids), -np.inf)
    most: Floats = bound.value + np.minimum(bound.reduced, 0.0)
    return most


def _one(problem: Programme) -> Flags | None:
    """The one best list of a programme."""
    return best(problem, unique=True)


def _filled(problem: Programme, count: int) -> Programme:
    """The programme with exactly so many members."""
    rows = tuple(replace(row, low=count, high=count) if row.kind == "total" else row for row in problem.rows)
    return problem.with_rows(rows)


@dataclass(frozen=True)
class _Bound:
    """Prices of the rows and groups, the reduced worth of every candidate, and the bound they prove."""

    reduced: Floats
    value: float


def _optimum(problem: Programme, unique: bool) -> Flags | None:
    """The list with most worth, exact: every candidate left out is proven to be in no best list."""
    if not len(problem.ids):
        empty = np.zeros(0, dtype=bool)
        return empty if problem.holds(empty) else None
    table = _table(problem)
    bound, near = _sift(problem, table)
    if bound is None:
        return None
    kept = near
    while True:
        chosen = _solve(problem, table, kept, problem.worth)
        if chosen is None:
            if kept.all():
                return None
            kept = np.ones(len(kept), dtype=bool)
            continue
        worth = int(problem.worth[chosen].sum())
        possible = bound.value + np.minimum(bound.reduced, 0) >= worth - 0.5
        if not (possible & ~kept).any():
            break
        kept = kept | possible
    if not unique:
        return chosen
    sure = chosen & (bound.value - np.maximum(bound.reduced, 0) < worth - 0.5)
    return _only(problem.with_forced(np.flatnonzero(sure)), table, possible | chosen, chosen)


def _only(problem: Programme, table: sparse.csr_array, kept: Flags, chosen: Flags) -> Flags:
    """Of all lists with the worth of the chosen one: smallest rank sum, then identifiers in order."""
    worth = _whole("worth", problem.worth, int(problem.worth[chosen].sum()))
    tied = problem.with_rows((*problem.rows, worth))
    ranked = _solve(tied, _table(tied), kept, -problem.order)
    chosen = chosen if ranked is None else ranked
    order = _whole("order", -problem.order, -int(problem.order[chosen].sum()))
    tied = problem.with_rows((*problem.rows, worth, order))
    matrix = _table(tied)
    for place in np.flatnonzero(kept & ~tied.forced):  # in order of identifier
        if _another(tied, matrix, kept, chosen) is None:
            break
        if not chosen[place]:
            with_it = _solve(tied.with_forced(np.array([place])), matrix, kept, problem.worth)
            if with_it is None:
                kept = kept.copy()
                kept[place] = False
                continue
            chosen = with_it
        tied = tied.with_forced(np.array([place]))
    return chosen


def _another(problem: Programme, table: sparse.csr_array, kept: Flags, chosen: Flags) -> Flags | None:
    """Another list that satisfies the programme, or None: at least one of the chosen is not on it."""
    at = np.flatnonzero(chosen)
    other = Row("other", "", "max", 0, at, np.ones(len(at), dtype=np.int64), None, len(at) - 1)
    changed = problem.with_rows((*problem.rows, other))
    return _solve(changed, _table(changed), kept, problem.worth)


def _whole(kind: str, weights: Units, least: int) -> Row:
    return Row(kind, "", "min", float(least), np.arange(len(weights)), weights, least, None)


def _table(problem: Programme) -> sparse.csr_array:
    """The rows as a sparse matrix (rows, n)."""
    at = np.concatenate([row.at for row in problem.rows])
    weights = np.concatenate([row.weights for row in problem.rows]).astype(np.float64)
    starts = np.cumsum([0, *(len(row.at) for row in problem.rows)])
    return sparse.csr_array((weights, at, starts), shape=(len(problem.rows), len(problem.ids)))


def _sift(problem: Programme, table: sparse.csr_array) -> tuple[_Bound | None, Flags]:
    """Prices from linear programmes over a growing part of the candidates, until no other is worth its prices."""
    near = problem.forced.copy()
    by_worth = np.argsort(-problem.worth, kind="stable")
    near[by_worth[: FIRST + 2 * (problem.total.high or 0)]] = True
    for row in problem.rows:
        if row.low is not None and row.low > 0:
            near[row.at[np.argsort(-problem.worth[row.at], kind="stable")][: row.low]] = True
    penalty = 10.0 * (float(np.abs(problem.worth).max()) + 1) * max(problem.total.high or 1, 1)
    while True:
        prices, group_prices, lacking = _relaxation(problem, table, near, penalty)
        reduced = problem.worth - table.T @ prices
        reduced = reduced - np.where(problem.groups >= 0, group_prices[problem.groups], 0.0)
        worth_it = np.flatnonzero((reduced > 1e-6) & ~near)
        if not len(worth_it):
            break
        near[worth_it[np.argsort(-reduced[worth_it], kind="stable")][:MORE]] = True
    if lacking and _solve(problem, table, np.ones(len(near), dtype=bool), np.zeros(len(near), dtype=np.int64)) is None:
        return None, near
    return _Bound(reduced, _bound(problem, prices, group_prices, reduced)), near


def _bound(problem: Programme, prices: Floats, group_prices: Floats, reduced: Floats) -> float:
    """The most that any list can be worth, by these prices: valid for every price with its row's sign."""
    total = float(np.maximum(reduced[~problem.forced], 0).sum() + reduced[problem.forced].sum())
    for row, price in zip(problem.rows, prices, strict=True):
        total += price * float((row.high if price > 0 else row.low) or 0)
    return total + float(group_prices.sum()) * problem.group_cap


def _relaxation(
    problem: Programme, table: sparse.csr_array, near: Flags, penalty: float
) -> tuple[Floats, Floats, bool]:
    """Prices of rows and groups from the linear programme over some candidates; whether its quotas cannot be met.

    Every row may be missed at a penalty, so that there is always an answer.
    """
    at = np.flatnonzero(near)
    groups, capped = _group_rows(problem, near)
    count = len(problem.rows)
    body = sparse.vstack([table[:, at], capped[:, at], sparse.csr_array((0, len(at)))], format="csc")
    misses = sparse.hstack([sparse.eye_array(count), -sparse.eye_array(count)], format="csc")
    misses.resize((body.shape[0], 2 * count))
    model = _model(
        sparse.hstack([body, misses], format="csc"),
        np.concatenate([problem.worth[at].astype(np.float64), np.full(2 * count, -penalty)]),
        np.concatenate([problem.forced[at].astype(np.float64), np.zeros(2 * count)]),
        np.concatenate([np.ones(len(at)), np.full(2 * count, highspy.kHighsInf)]),
        *_sides(problem, len(groups)),
    )
    solver = _run(model)
    solution = solver.getSolution()
    dual = np.array(solution.row_dual)
    prices = _signed(dual[:count], problem)
    group_prices = np.zeros(int(problem.groups.max(initial=-1)) + 2)
    group_prices[groups] = np.maximum(dual[count:], 0)
    return prices, group_prices, bool(np.array(solution.col_value)[len(at) :].max(initial=0) > 1e-6)


def _signed(prices: Floats, problem: Programme) -> Floats:
    """Prices with the sign that their row allows: none above 0 without `high`, none below 0 without `low`."""
    upper = np.array([np.inf if row.high is not None else 0.0 for row in problem.rows])
    lower = np.array([-np.inf if row.low is not None else 0.0 for row in problem.rows])
    return np.clip(prices, lower, upper)


def _solve(problem: Programme, table: sparse.csr_array, kept: Flags, worth: Units) -> Flags | None:
    """The best list among the kept candidates as bool (n,), checked in whole numbers; None where there is none."""
    at = np.flatnonzero(kept | problem.forced)
    groups, capped = _group_rows(problem, kept | problem.forced)
    model = _model(
        sparse.vstack([table[:, at], capped[:, at]], format="csc"),
        worth[at].astype(np.float64),
        problem.forced[at].astype(np.float64),
        np.ones(len(at)),
        *_sides(problem, len(groups)),
    )
    model.integrality_ = [highspy.HighsVarType.kInteger] * len(at)
    solver = _run(model)
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    chosen = np.zeros(len(problem.ids), dtype=bool)
    chosen[at] = np.array(solver.getSolution().col_value) > 0.5
    if not problem.holds(chosen):
        raise ArithmeticError("the solver's list breaks a quota in whole numbers")
    return chosen


def _group_rows(problem: Programme, near: Flags) -> tuple[Units, sparse.csr_array]:
    """The groups with more candidates than places among some, and their rows (groups, n)."""
    if not problem.group_cap:
        return np.zeros(0, dtype=np.int64), sparse.csr_array((0, len(near)))
    at = np.flatnonzero(near & (problem.groups >= 0))
    known, codes, counts = np.unique(problem.groups[at], return_inverse=True, return_counts=True)
    full = counts > problem.group_cap
    place = np.cumsum(full) - 1
    inside = full[codes]
    return known[full], sparse.csr_array(
        (np.ones(int(inside.sum())), (place[codes[inside]], at[inside])), shape=(int(full.sum()), len(near))
    )


def _sides(problem: Programme, groups: int) -> tuple[Floats, Floats, int]:
    low = [-highspy.kHighsInf if row.low is None else row.low for row in problem.rows]
    high = [highspy.kHighsInf if row.high is None else row.high for row in problem.rows]
    lower = np.array([*low, *[-highspy.kHighsInf] * groups], dtype=np.float64)
    return lower, np.array([*high, *[problem.group_cap] * groups], dtype=np.float64), groups


def _model(
    matrix: sparse.csc_array, cost: Floats, lower: Floats, upper: Floats, low: Floats, high: Floats, _groups: int
) -> highspy.HighsLp:
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = matrix.shape[1], matrix.shape[0]
    model.col_cost_, model.col_lower_, model.col_upper_ = cost, lower, upper
    model.row_lower_, model.row_upper_ = low, high
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    model.sense_ = highspy.ObjSense.kMaximize
    return model


def _run(model: highspy.HighsLp) -> _Highs:
    solver = _Highs()  # the class around it writes a banner to standard output
    for name, value in _OPTIONS.items():
        solver.setOptionValue(name, value)
    solver.passModel(model)
    solver.run()
    return solver


_OPTIONS = {"output_flag": False, "threads": 1, "random_seed": 0, "mip_rel_gap": 0.0, "mip_abs_gap": 0.5,
            "mip_feasibility_tolerance": 1e-9, "primal_feasibility_tolerance": 1e-9}  # fmt: skip
