"""Values set against those of others: ranks among peers, and what an enterprise's industry is like in the district.

Peers are enterprises of the same industry (division, or its name where a register gives names) and size class.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

FEWEST_PEERS = 10
"""Ranks among fewer known peers say little: the circle is then widened, first to the industry, then to everyone."""

VERSION = 1
"""Raise it when the meaning of a rank or of an industry's figure changes: it enters the meaning of such features."""

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.intp]


def peer_ranks(values: Floats, circles: Sequence[Codes], fewest: int = FEWEST_PEERS) -> Floats:
    """Rank of each value within the narrowest circle with enough known values: 0 lowest, 1 highest, ties halved.

    `circles` are group codes (n,), narrow to wide; a code below zero belongs to no group. Values that are NaN have
    no rank. The last circle is used however few its members are, down to two.

    >>> peer_ranks(np.array([3.0, 1.0, 2.0, np.nan]), [np.zeros(4, dtype=np.intp)]).tolist()
    [1.0, 0.0, 0.5, nan]
    """
    ranks = np.full(len(values), np.nan)
    known = np.flatnonzero(~np.isnan(values))
    by_value = known[np.argsort(values[known])]  # the order of ties does not matter: they share the middle place
    for position, codes in enumerate(circles):
        groups = codes[by_value]
        members = np.bincount(groups + 1)[1:]  # without the group -1, which is none
        chosen = members >= (2 if position == len(circles) - 1 else fewest)
        if position:
            waiting = groups[np.isnan(ranks[by_value])]
            if not len(waiting):
                break
            chosen &= np.bincount(waiting + 1, minlength=len(members) + 1)[1:] > 0
        inside = np.append(chosen, False)[groups]  # -1 finds the last
        rows = by_value if inside.all() else by_value[inside]
        rows, shares = _shares_within(values, codes, rows)
        if position:
            waits = np.isnan(ranks[rows])
            rows, shares = rows[waits], shares[waits]
        ranks[rows] = shares
    return ranks


def _shares_within(values: Floats, codes: Codes, by_value: Codes) -> tuple[Codes, Floats]:
    """The rows by group and value, and the rank share of each within its group; all of them belong to one."""
    groups = codes[by_value]
    # numbers of 16 bits are sorted in one pass
    order = np.argsort(groups.astype(np.int16) if codes.max(initial=0) < 2**15 else groups, kind="stable")
    rows, groups = by_value[order], groups[order]
    ascending = values[rows]
    members = np.bincount(groups)
    place = np.arange(len(rows), dtype=np.float64)
    tied = np.flatnonzero((ascending[1:] == ascending[:-1]) & (groups[1:] == groups[:-1]))
    if len(tied):  # runs of ties share their middle place
        first = np.ones(len(rows), dtype=bool)
        first[tied + 1] = False
        starts = np.flatnonzero(first)
        size = np.diff(np.append(starts, len(rows)))
        place = np.repeat(starts + (size - 1) / 2, size)
    place -= (np.cumsum(members) - members)[groups]
    place /= np.maximum(members - 1, 1)[groups]
    return rows, place


FEWEST_OF_INDUSTRY = 5
"""A median or concentration of fewer enterprises would tell one enterprise's figures to another."""


def against_others(values: Floats, relative_to: str, circles: Sequence[Codes]) -> Floats:
    """What a feature's `relative_to` makes of its values (n,); `circles` as in `peer_ranks`, three of them."""
    _, industry, everyone = circles
    if relative_to == "all":
        return peer_ranks(values, [everyone])
    if relative_to == "industry":
        return peer_ranks(values, circles)
    describe = {"industry_median": _median, "industry_concentration": _concentration}[relative_to]
    known = ~np.isnan(values) & (industry >= 0)
    found = np.full(len(values), np.nan)
    if known.any():
        groups = industry[known]
        counts = np.bincount(groups)
        described = describe(values[known], groups, counts)
        described[counts < FEWEST_OF_INDUSTRY] = np.nan
        inside = (industry >= 0) & (industry < len(counts))
        found[inside] = described[industry[inside]]
    return found


def _median(values: Floats, groups: Codes, counts: Codes) -> Floats:
    order = np.lexsort((values, groups))
    sorted_values = values[order]
    starts = np.cumsum(counts) - counts
    last = len(values) - 1
    low = np.clip(starts + (counts - 1) // 2, 0, last)
    high = np.clip(starts + counts // 2, 0, last)
    middle: Floats = (sorted_values[low] + sorted_values[high]) / 2
    return middle


def _concentration(values: Floats, groups: Codes, counts: Codes) -> Floats:
    """Herfindahl index: the sum of squared shares of what is positive."""
    sizes = np.maximum(values, 0.0)
    totals = np.bincount(groups, weights=sizes, minlength=len(counts))
    shares = sizes / np.where(totals > 0, totals, np.nan)[groups]
    return np.bincount(groups, weights=shares**2, minlength=len(counts)).astype(np.float64)
