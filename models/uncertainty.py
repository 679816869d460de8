"""How much of a list is chance: each enterprise's spread, how often it stays on, and how lists overlap."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

Array = np.ndarray

CORE = 0.8
"""On at least this share of refits' lists: core; below, borderline."""


def spread(member_log_odds: Array) -> Array:
    """Standard deviation over the bag's members of each row's log-odds (n, members) -> (n,)."""
    rows, members = member_log_odds.shape
    return np.asarray(member_log_odds.std(axis=1, ddof=1)) if members > 1 else np.zeros(rows)


def inclusion(member_log_odds: Array, k: int) -> Array:
    """Share of members (0..1) whose top `k` holds each row: (n, members) -> (n,). Ties go to the earlier row.

    Give rows in a lasting order (by identifier), so that ties do not depend on the day.
    """
    n, members = member_log_odds.shape
    counted = np.zeros(n)
    for member in range(members):
        counted[_top(member_log_odds[:, member], k)] += 1
    return np.asarray(counted / max(members, 1))


def standing(frequency: Array) -> list[str]:
    """ "core" at 80 % and more, "borderline" below, "out" where no refit lists the enterprise."""
    return ["core" if share >= CORE else "borderline" if share > 0 else "out" for share in frequency]


def overlap(scores: Sequence[Array], k: int) -> float:
    """Mean number of rows that two of the score vectors (n,) have in common among their top `k`."""
    tops = [set(_top(vector, k)) for vector in scores]
    common = [len(a & b) for a, b in combinations(tops, 2)]
    return float(np.mean(common)) if common else float(k)


def _top(scores: Array, k: int) -> Array:
    found: Array = np.argsort(-scores, kind="stable")[:k]
    return found
