"""What a list answers beside its members: what each quota costs, who nearly is on it, and why there may be none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from scoring.editions.circumstances import Flags, Floats
from scoring.selection.quotas import Programme, Row, points

Solve = Callable[[Programme], Flags | None]
"""Gives the best list of a programme."""


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


def bindings(problem: Programme, chosen: Flags, solve: Solve) -> tuple[Binding, ...]:
    """The binding quotas of a list with their prices: each is relaxed by one place and the list drawn again.

    A quota that binds but has no price (another binds as hard) is left out.
    """
    found = []
    worth = int(problem.worth[chosen].sum())
    for place, row in enumerate(problem.rows):
        if not row.binds(chosen):
            continue
        relaxed = solve(problem.with_rows((*problem.rows[:place], row.relaxed(), *problem.rows[place + 1 :])))
        if relaxed is None:
            continue
        price = int(problem.worth[relaxed].sum()) - worth
        if price > 0:
            enters = tuple(map(str, problem.ids[relaxed & ~chosen]))
            found.append(Binding(row, points(price), enters, tuple(map(str, problem.ids[chosen & ~relaxed]))))
    return tuple(found)


def near_misses(
    problem: Programme, chosen: Flags, solve: Solve, most: Floats, binding: tuple[Binding, ...], count: int
) -> tuple[NearMiss, ...]:
    """The candidates that lack the fewest points, at most `count`, fewest first.

    What one lacks is the worth of the best list less that of the best list with it on. `most` (n,) bounds from above
    what a list with each candidate can be worth; candidates are tried in that order, and no more once the next one
    cannot be among the nearest.
    """
    worth, size = int(problem.worth[chosen].sum()), int(chosen.sum())
    off = np.flatnonzero(~chosen)
    off = off[np.lexsort((problem.order[off], -problem.worth[off], -most[off]))]
    missed: list[tuple[int, int, int]] = []
    for place in off.tolist():
        if len(missed) == count and worth - most[place] > missed[-1][0] + 0.5:
            break
        with_it = solve(problem.with_forced(np.array([place])))
        if with_it is not None and int(with_it.sum()) == size:
            missed.append((worth - int(problem.worth[with_it].sum()), int(problem.order[place]), place))
            missed = sorted(missed)[:count]
    result = []
    for lacks, _, place in missed:
        name = str(problem.ids[place])
        result.append(NearMiss(name, points(lacks), tuple(one.row.key for one in binding if name in one.enters)))
    return tuple(result)


def without_minima(problem: Programme, chosen: Flags, solve: Solve) -> frozenset[str]:
    """The members whom only a minimum quota brought in: those not on the list that ignores the minima."""
    if not any(row.side == "min" and row.binds(chosen) for row in problem.rows) or not chosen.any():
        return frozenset()
    free = solve(problem.with_rows(tuple(row for row in problem.rows if row.side == "max")))
    return frozenset() if free is None else frozenset(map(str, problem.ids[chosen & ~free]))


def conflict(problem: Programme, feasible: Callable[[Programme], bool]) -> tuple[Row, ...]:
    """The smallest set of quotas that cannot hold together (by number; of equals the first in the edition's order).

    The total and the included enterprises always stand; group caps count as one quota.
    """
    rows = list(problem.rows)

    def clash(some: tuple[int, ...]) -> bool:
        kept = tuple(row for place, row in enumerate(rows) if place in some or row.kind == "total")
        return not feasible(problem.with_rows(kept))

    needed = tuple(place for place, row in enumerate(rows) if row.kind != "total")
    for place in needed:  # first an irreducible set, which bounds the search for the smallest
        less = tuple(other for other in needed if other != place)
        if clash(less):
            needed = less
    everyone = [place for place, row in enumerate(rows) if row.kind != "total"]
    for size in range(len(needed)):
        for some in combinations(everyone, size):
            if clash(some):
                return tuple(rows[place] for place in some)
    return tuple(rows[place] for place in needed)
