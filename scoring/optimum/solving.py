"""The best list of a programme, proven.

As many places are filled as can be; then the list has the most worth; equal lists are told apart by the smaller sum
of ranks, then by the identifiers in order. So there is exactly one answer, on any machine and thread count.

HiGHS solves it, but not all at once. A linear programme over the few candidates near the line gives every row and
every group a price. Whatever the prices, no list is worth more than the bound that follows from them, and a list
without a candidate (or with it) is worth less than the bound by what the candidate's worth exceeds the prices of its
rows (or falls short of them). So all candidates but those near the line are proven to be on every best list, or on
none, and only the few in between are left to a whole-number programme. Nothing depends on how exact the prices are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import highspy
import numpy as np
from highspy._core import _Highs
from scipy import sparse

from scoring.editions.circumstances import Flags, Floats
from scoring.editions.whole_points import Units
from scoring.optimum.quotas import Programme

NEAR = 250
"""So many candidates nearest to the line are looked at first, and as many again for every few rows."""


@dataclass(frozen=True)
class Prices:
    """What a place costs under each row (rows,) and in each group (groups + 1,; the last is for none)."""

    rows: Floats
    groups: Floats


@dataclass(frozen=True)
class Bound:
    """Prices, what each candidate's worth exceeds the prices of its rows by (n,), and the bound they prove."""

    prices: Prices
    reduced: Floats
    value: float


@dataclass(frozen=True)
class Optimum:
    """The best list (n,), its worth, and the prices and bound that prove it."""

    chosen: Flags
    worth: int
    bound: Bound


def best(problem: Programme, unique: bool = False, start: Prices | None = None) -> Flags | None:
    """The best list of a programme as bool (n,), or None where the quotas cannot hold together.

    With `unique` equal lists are told apart by rank sum and identifiers; without, any best one is given. `start` are
    the prices of a programme with the same rows and much the same worth: they only save time.
    """
    found = optimum(problem, unique, start)
    return None if found is None else found.chosen


def optimum(problem: Programme, unique: bool = False, start: Prices | None = None) -> Optimum | None:
    """The best list with its proof, or None where the quotas cannot hold together (see `best`)."""
    full = problem.filled(min(problem.total.high or 0, len(problem.ids)))
    answer = _optimum(full, unique, start)
    if answer is None:
        most = _optimum(problem.with_worth(np.ones(len(problem.ids), dtype=np.int64), problem.order), False, None)
        if most is None:
            return None
        answer = _optimum(problem.filled(int(most.chosen.sum())), unique, start)
    return answer


def feasible(problem: Programme) -> bool:
    """Whether any list at all satisfies the programme."""
    return (
        _optimum(problem.with_worth(np.zeros(len(problem.ids), dtype=np.int64), problem.order), False, None) is not None
    )


def ceilings(bound: Bound) -> Floats:
    """What a list of as many members with each candidate on it can be worth at most (n,), from the prices."""
    most: Floats = bound.value + np.minimum(bound.reduced, 0.0)
    return most


def _optimum(problem: Programme, unique: bool, start: Prices | None) -> Optimum | None:
    """The list with most worth among those of the size that the total row asks for; None where there is none."""
    if not len(problem.ids):
        empty = np.zeros(0, dtype=bool)
        none = np.zeros(0)
        return Optimum(empty, 0, Bound(Prices(none, none), none, 0.0)) if problem.holds(empty) else None
    found = _priced(problem, start)
    if found is None:
        return None
    bound, chosen = found
    if chosen is None or bound.value - problem.worth[chosen].sum() >= 1:
        chosen = _whole(problem, bound)
    if chosen is None:
        return None
    worth = int(problem.worth[chosen].sum())
    if unique:
        chosen = _only(problem, bound, chosen, worth)
    if not problem.holds(chosen):
        raise ArithmeticError("the solver's list breaks a quota in whole numbers")
    return Optimum(chosen, worth, bound)


# --- prices --------------------------------------------------------------------------------------------------


def _priced(problem: Programme, start: Prices | None) -> tuple[Bound, Flags | None] | None:
    """Prices from linear programmes over a few candidates, until no other is on the wrong side of them.

    Also the last programme's list, where it happens to be whole; None where the quotas cannot be met.
    """
    firm, near = _first(problem) if start is None else _near(problem, _reduced(problem, start), _width(problem))
    penalty = 10.0 * (float(np.abs(problem.worth).max()) + 1) * max(problem.total.high or 1, 1)
    while True:
        part = _Part.of(problem, near, firm)
        prices, values, missed = _relaxation(problem, part, penalty)
        reduced = _reduced(problem, prices)
        wrong = ~near & ~problem.forced & np.where(firm, reduced < -1e-6, reduced > 1e-6)
        if not wrong.any():
            break
        at = np.flatnonzero(wrong)
        if len(at) > 8 * NEAR:
            at = at[np.argsort(-np.abs(reduced[at]), kind="stable")[: 8 * NEAR]]
        near[at], firm[at] = True, False
    if missed and (not problem.worth.any() or not feasible(problem)):
        return None
    whole = not missed and bool(np.all(np.abs(values - np.rint(values)) < 1e-9))
    chosen = part.with_open(values > 0.5) if whole else None
    return Bound(prices, reduced, _bound(problem, prices, reduced)), chosen


def _first(problem: Programme) -> tuple[Flags, Flags]:
    """Who is firm and who is near before anything is priced: the worthiest, and those whom a minimum asks for."""
    near = np.zeros(len(problem.ids), dtype=bool)
    near[_worthiest(problem.worth, NEAR + 2 * (problem.total.high or 0))] = True
    for row in problem.rows:
        if row.low is not None and row.low > 0:
            near[row.at[_worthiest(problem.worth[row.at], row.low)]] = True
    return problem.forced.copy(), near & ~problem.forced


def _worthiest(worth: Units, count: int) -> Units:
    """The positions of the `count` worthiest (of equal ones any)."""
    return np.argpartition(-worth, count - 1)[:count] if 0 < count < len(worth) else np.arange(len(worth))


def _width(problem: Programme) -> int:
    return NEAR + 4 * len(problem.rows)


def _near(problem: Programme, reduced: Floats, count: int) -> tuple[Flags, Flags]:
    """Who is firmly on the list by some prices, and the `count` candidates nearest to the line."""
    distance = np.abs(reduced)
    free = ~problem.forced
    width = np.partition(distance[free], count)[count] if count < int(free.sum()) else np.inf
    near = free & (distance <= width)
    return problem.forced | ((reduced > 0) & ~near), near


def _reduced(problem: Programme, prices: Prices) -> Floats:
    reduced: Floats = problem.worth - problem.table.T @ prices.rows
    if problem.group_cap:
        reduced = reduced - prices.groups[problem.groups]
    return reduced


def _bound(problem: Programme, prices: Prices, reduced: Floats) -> float:
    """The most that any list can be worth, by these prices: valid for every price with its row's sign."""
    total = float(np.maximum(reduced[~problem.forced], 0).sum() + reduced[problem.forced].sum())
    for row, price in zip(problem.rows, prices.rows, strict=True):
        total += price * float((row.high if price > 0 else row.low) or 0)
    return total + float(prices.groups.sum()) * problem.group_cap


@dataclass(frozen=True)
class _Part:
    """The open candidates of a programme, once the firm ones are on the list: what the rows still ask of them.

    `at` (k,) are their positions; `matrix` (rows, k) the programme's rows, then those of `groups` that may become
    too many, then any others; `low` and `high` (rows,) what is left of the bounds.
    """

    at: Units
    firm: Flags
    matrix: sparse.csr_array
    low: Floats
    high: Floats
    groups: Units

    @classmethod
    def of(cls, problem: Programme, near: Flags, firm: Flags) -> _Part:
        """The part of a programme that the near candidates are, with the firm ones on the list."""
        at, sure = np.flatnonzero(near), np.flatnonzero(firm)
        taken = problem.table[:, sure].sum(axis=1)
        low = np.array([-highspy.kHighsInf if row.low is None else row.low for row in problem.rows], dtype=np.float64)
        high = np.array([highspy.kHighsInf if row.high is None else row.high for row in problem.rows], dtype=np.float64)
        known, matrix, left = _group_rows(problem, at, sure)
        return cls(
            at, firm, sparse.vstack([problem.table[:, at], matrix], format="csr"),
            np.append(low - taken, np.full(len(known), -highspy.kHighsInf)), np.append(high - taken, left), known,
        )  # fmt: skip

    def also(self, weights: Units, low: float) -> _Part:
        """The same part with one row more: the weighted count of the open ones (k,) is at least `low`."""
        matrix = sparse.vstack([self.matrix, sparse.csr_array(weights[None, :].astype(np.float64))], format="csr")
        return replace(self, matrix=matrix, low=np.append(self.low, low), high=np.append(self.high, highspy.kHighsInf))

    def with_open(self, values: Flags) -> Flags:
        """The whole list (n,): the firm ones and some of the open ones (k,)."""
        chosen = self.firm.copy()
        chosen[self.at[values]] = True
        return chosen

    def best(self, worth: Units, least: Floats | None = None) -> Flags | None:
        """The open ones (k,) that the rows allow with most worth (k,); `least` (k,) is 1 for who must be among them."""
        least = np.zeros(len(self.at)) if least is None else least
        if not len(self.at):
            return np.zeros(0, dtype=bool) if (self.low <= 0).all() and (self.high >= 0).all() else None
        model = _model(self.matrix.tocsc(), worth.astype(np.float64), least, np.ones(len(self.at)), self.low, self.high)
        model.integrality_ = [highspy.HighsVarType.kInteger] * len(self.at)
        solver = _run(model)
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        values: Flags = np.array(solver.getSolution().col_value) > 0.5
        sums = self.matrix @ values.astype(np.float64)
        if (sums < self.low).any() or (sums > self.high).any():
            raise ArithmeticError("the solver's list breaks a quota in whole numbers")
        return values


def _group_rows(problem: Programme, at: Units, sure: Units) -> tuple[Units, sparse.csr_array, Floats]:
    """The groups that could get more members than their cap, their rows over the open candidates, places left."""
    if not problem.group_cap:
        return np.zeros(0, dtype=np.int64), sparse.csr_array((0, len(at))), np.zeros(0)
    own, theirs = problem.groups[at], problem.groups[sure]
    inside = np.flatnonzero(own >= 0)
    known, codes = np.unique(np.concatenate([own[inside], theirs[theirs >= 0]]), return_inverse=True)
    tight = np.bincount(codes, minlength=len(known)) > problem.group_cap
    taken = np.bincount(codes[len(inside) :], minlength=len(known))
    codes = codes[: len(inside)]
    row, kept = (np.cumsum(tight) - 1)[codes], tight[codes]
    shape = (int(tight.sum()), len(at))
    matrix = sparse.csr_array((np.ones(int(kept.sum())), (row[kept], inside[kept])), shape=shape)
    return known[tight], matrix, problem.group_cap - taken[tight].astype(np.float64)


def _relaxation(problem: Programme, part: _Part, penalty: float) -> tuple[Prices, Floats, bool]:
    """Prices from the linear programme over the open candidates, their shares (k,), and whether a row is missed.

    Every row may be missed at a penalty, so that there is always an answer.
    """
    count, (height, width) = len(problem.rows), part.matrix.shape
    misses = sparse.hstack([sparse.eye_array(height), -sparse.eye_array(height)], format="csr")
    model = _model(
        sparse.hstack([part.matrix, misses], format="csc"),
        np.concatenate([problem.worth[part.at].astype(np.float64), np.full(2 * height, -penalty)]),
        np.zeros(width + 2 * height),
        np.concatenate([np.ones(width), np.full(2 * height, highspy.kHighsInf)]),
        part.low,
        part.high,
    )
    solution = _run(model).getSolution()
    dual, values = np.array(solution.row_dual), np.array(solution.col_value)
    groups = np.zeros(int(problem.groups.max(initial=-1)) + 2)
    groups[part.groups] = np.maximum(dual[count:], 0)
    return Prices(_signed(dual[:count], problem), groups), values[:width], bool(values[width:].max(initial=0) > 1e-6)


def _signed(prices: Floats, problem: Programme) -> Floats:
    """Prices with the sign that their row allows: none above 0 without `high`, none below 0 without `low`."""
    upper = np.array([np.inf if row.high is not None else 0.0 for row in problem.rows])
    lower = np.array([-np.inf if row.low is not None else 0.0 for row in problem.rows])
    return np.clip(prices, lower, upper)


# --- whole lists ---------------------------------------------------------------------------------------------


def _whole(problem: Programme, bound: Bound) -> Flags | None:
    """The best list: whoever is not open is proven to be on it, or not on it."""
    count = _width(problem)
    firm, near = _near(problem, bound.reduced, count)
    while True:
        part = _Part.of(problem, near, firm)
        values = part.best(problem.worth[part.at])
        if values is None:
            if (near | problem.forced).all():
                return None
            count *= 8
            firm, near = _near(problem, bound.reduced, count)
            continue
        chosen = part.with_open(values)
        possible = _open(problem, bound, int(problem.worth[chosen].sum()))
        if not (possible & ~near).any():
            return chosen
        near = near | possible
        firm = firm & ~near


def _open(problem: Programme, bound: Bound, worth: int) -> Flags:
    """Who (n,) may be on one list of at least that worth and not on another; of all others it is proven."""
    result: Flags = ~problem.forced & (np.abs(bound.reduced) <= bound.value - worth + 0.5)
    return result


def _only(problem: Programme, bound: Bound, chosen: Flags, worth: int) -> Flags:
    """Of all lists with the worth of the chosen one: smallest rank sum, then identifiers in order."""
    near = _open(problem, bound, worth)
    part = _Part.of(problem, near, chosen & ~near)
    own, on = problem.worth[part.at], chosen[part.at]
    part = part.also(own, float(own[on].sum()))
    if _another(part, on) is None:
        return chosen
    order = problem.order[part.at]
    on = _kept(part.best(-order), on)
    part = part.also(-order, -float(order[on].sum()))
    least = np.zeros(len(part.at))
    for place in range(len(part.at)):  # in order of identifier
        if _another(part, on, least) is None:
            break
        if not on[place]:
            with_it = part.best(own, _with(least, place))
            if with_it is None:
                continue
            on = with_it
        least = _with(least, place)
    return part.with_open(on)


def _kept(found: Flags | None, before: Flags) -> Flags:
    return before if found is None else found


def _with(least: Floats, place: int) -> Floats:
    more = least.copy()
    more[place] = 1.0
    return more


def _another(part: _Part, on: Flags, least: Floats | None = None) -> Flags | None:
    """Another choice of the open ones that satisfies the part: at least one of those now on is not."""
    return part.also(-on.astype(np.int64), 1.0 - float(on.sum())).best(np.zeros(len(on), dtype=np.int64), least)


def _model(
    matrix: sparse.csc_array, cost: Floats, lower: Floats, upper: Floats, low: Floats, high: Floats
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
