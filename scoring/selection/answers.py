"""What a list answers beside its members: what each quota costs, who nearly is on it, and why there may be none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from scoring.optimum.quotas import Programme, Row, points
from scoring.optimum.solving import Optimum, best, ceilings, feasible


@dataclass(frozen=True)
class Binding:
    """A quota that binds: with one place more (or one less, for a minimum) the list would hold `price` points more.

    `enters` and `leaves` are the identifiers that would then change.
    """

    row: Row
    price: float
    enters: tuple[str, ...]
    leaves: tuple[str, ...]


@dataclass(frozen=True)
class NearMiss:
    """A candidate that is not listed: with more than `lacks` points more it would be.

    `quotas` are binding quotas of which one place more would let it in as it is.
    """

    enterprise_id: str
    lacks: float
    quotas: tuple[tuple[str, str, str], ...]


def bindings(problem: Programme, found: Optimum) -> tuple[Binding, ...]:
    """The binding quotas of a list with their prices: each is relaxed by one place and the list drawn again.

    Of the group cap there are the whole (one place more for every group) and each group that is full. A quota that
    binds but has no price (another binds as hard) is left out; where the bound on the list proves that one place more
    gains nothing, the list is not drawn again.
    """
    told = []
    filled = int(found.chosen.sum()) == problem.total.high  # else one place more may also make the list longer
    for row, price, relaxed in _relaxations(problem, found):
        if filled and found.bound.value + price - found.worth < 1 - 1e-6:
            continue
        chosen = best(
            relaxed, unique=True, start=found.bound.prices if len(relaxed.rows) == len(problem.rows) else None
        )
        gain = 0 if chosen is None else int(problem.worth[chosen].sum()) - found.worth
        if chosen is not None and gain > 0:
            enters = tuple(map(str, problem.ids[chosen & ~found.chosen]))
            told.append(Binding(row, points(gain), enters, tuple(map(str, problem.ids[found.chosen & ~chosen]))))
    return tuple(told)


def _relaxations(problem: Programme, found: Optimum) -> Iterable[tuple[Row, float, Programme]]:
    """Each quota that binds, what one place more can gain at most (units), and the programme with it."""
    rows, prices = problem.rows, found.bound.prices
    for place, row in enumerate(rows):
        if row.binds(found.chosen):
            relaxed = problem.with_bounds((*rows[:place], row.relaxed(), *rows[place + 1 :]))
            # The prices hold for the list's own size; with another total they prove nothing.
            most = np.inf if row.kind == "total" else abs(float(prices.rows[place])) * row.step
            yield row, most, relaxed
    caps = problem.caps
    members = problem.groups[found.chosen & (problem.groups >= 0)]
    full = np.flatnonzero(np.bincount(members, minlength=1) >= problem.group_cap) if caps is not None else ()
    if caps is not None and len(full):
        yield caps, float(prices.groups.sum()), problem.with_cap(problem.group_cap + 1)
    for group in full:
        yield problem.group_row(int(group)), float(prices.groups[group]), problem.freed(int(group))


def near_misses(problem: Programme, found: Optimum, binding: tuple[Binding, ...], count: int) -> tuple[NearMiss, ...]:
    """The candidates that lack the fewest points, at most `count`, fewest first.

    What one lacks is the worth of the best list less that of the best list with it on. Candidates are tried in the
    order of what a list with each can be worth at most, and no more once the next one cannot be among the nearest.
    """
    most, size = ceilings(found.bound), int(found.chosen.sum())
    off = np.flatnonzero(~found.chosen)
    off = off[np.lexsort((problem.order[off], -problem.worth[off], -most[off]))]
    missed: list[tuple[int, int, int]] = []
    for place in off.tolist():
        if len(missed) == count and found.worth - most[place] > missed[-1][0] + 0.5:
            break
        with_it = best(problem.with_forced(np.array([place])), start=found.bound.prices)
        if with_it is not None and int(with_it.sum()) == size:
            missed.append((found.worth - int(problem.worth[with_it].sum()), int(problem.order[place]), place))
            missed = sorted(missed)[:count]
    result = []
    for lacks, _, place in missed:
        name = str(problem.ids[place])
        result.append(NearMiss(name, points(lacks), tuple(one.row.key for one in binding if name in one.enters)))
    return tuple(result)


def without_minima(problem: Programme, found: Optimum | None) -> frozenset[str]:
    """The members whom only a minimum quota brought in: those not on the list that ignores the minima."""
    if found is None or not found.chosen.any():
        return frozenset()
    if not any(row.side == "min" and row.binds(found.chosen) for row in problem.rows):
        return frozenset()
    rows = tuple(row if row.side == "max" else row.lifted() for row in problem.rows)
    free = best(problem.with_bounds(rows), start=found.bound.prices)
    return frozenset() if free is None else frozenset(map(str, problem.ids[found.chosen & ~free]))


def conflict(problem: Programme) -> tuple[Row, ...]:
    """The smallest set of quotas that cannot hold together (by number; of equals the first in the edition's order).

    The total and the included enterprises always stand; group caps count as one quota, the last in order.

    Every smallest conflict holds a quota of each set without which all others can hold together. Such sets are
    gathered as they are met, and only choices that hold one of each are tried, so that few programmes are solved.
    """
    caps = problem.caps
    rows = (*problem.rows, *([caps] if caps else []))
    elements = [place for place, row in enumerate(rows) if row.kind != "total"]

    def together(kept: Iterable[int]) -> bool:
        """Whether these quotas can hold together."""
        wanted = {*kept, *(place for place, row in enumerate(rows) if row.kind == "total")}
        bounds = tuple(row if place in wanted else row.lifted() for place, row in enumerate(problem.rows))
        return feasible(problem.with_bounds(bounds).with_cap(problem.group_cap if len(problem.rows) in wanted else 0))

    needed: list[frozenset[int]] = []
    for size in range(len(elements) + 1):
        for some in combinations(elements, size):
            if not all(one.intersection(some) for one in needed):
                continue
            if not together(some):
                return tuple(rows[place] for place in some)
            held = set(some)
            for place in elements:
                if place not in held and together((*held, place)):
                    held.add(place)
            needed.append(frozenset(elements) - held)
    raise ArithmeticError("the quotas can hold together, so no set of them conflicts")
