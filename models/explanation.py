"""Why a score is what it is: each feature's part, in log-odds, exact and adding up."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from models.classifier import Array, Trees, share_out
from models.fitted import Bag, FittedModel

BATCH = 2_000


def contributions(model: FittedModel, frame: pd.DataFrame) -> tuple[pd.DataFrame, float]:
    """Each feature's part of each row's log-odds, and the base they start from.

    The parts (n, features; index of `frame`, columns `model.feature_names`) are path-dependent TreeSHAP values
    averaged over the bag; the base is the same for every row. Rows sum with the base to `model.log_odds` to
    1e-9: what floating point leaves over is given back to the parts in proportion to their size.
    """
    values, base = bag_contributions(model.bag, frame)
    values = _add_up(values, base, model.log_odds(frame))
    return pd.DataFrame(values, index=frame.index, columns=list(model.feature_names)), base


def bag_contributions(bag: Bag, frame: pd.DataFrame) -> tuple[Array, float]:
    """The parts (n, features) and the base of a bag, before the last digits are made to add up."""
    values, base = np.zeros((len(frame), len(bag.feature_names))), 0.0
    if bag.trees is not None:
        found, start = _tree_parts(bag.trees, frame)
        values += (1 - bag.share) * found
        base += (1 - bag.share) * start
    if bag.share:
        for member in bag.additive:
            values += bag.share / bag.members * member.parts(frame)
            base += bag.share / bag.members * member.intercept
    return values, base


def by_factor(values: pd.DataFrame, factors: Mapping[str, str]) -> pd.DataFrame:
    """Parts summed by factor: (n, factors), for `factors` mapping feature to factor; the rest is "other"."""
    names = [factors.get(str(name), "other") for name in values.columns]
    grouped: pd.DataFrame = values.T.groupby(names).sum().T
    return grouped


def _tree_parts(trees: Trees, frame: pd.DataFrame) -> tuple[Array, float]:
    matrix = trees.encoding.matrix(frame)
    columns = len(trees.encoding.names)

    def piece(start: int) -> Array:
        rows = matrix[start : start + BATCH]
        total = np.zeros((len(rows), columns + 1))
        for booster in trees.boosters:
            total += np.asarray(booster.predict(rows, pred_contrib=True, num_threads=1), dtype=np.float64)
        return total / len(trees.boosters)

    starts = range(0, max(len(matrix), 1), BATCH)
    if not len(matrix):
        probe = np.full((1, columns), np.nan)
        base = [float(np.asarray(b.predict(probe, pred_contrib=True))[0, -1]) for b in trees.boosters]
        return np.zeros((0, columns)), float(np.mean(base))
    parts = share_out([lambda start=start: piece(start) for start in starts])  # type: ignore[misc]
    stacked = np.vstack([np.asarray(part) for part in parts])
    return stacked[:, :-1], float(stacked[0, -1])


def _add_up(values: Array, base: float, totals: Array) -> Array:
    """Spread the rest (a few units in the last place) over each row's parts by their size."""
    for _ in range(2):
        rest = totals - (values.sum(axis=1) + base)
        size = np.abs(values)
        whole = size.sum(axis=1, keepdims=True)
        share = np.divide(size, whole, out=np.full_like(size, 1 / max(size.shape[1], 1)), where=whole > 0)
        values = values + rest[:, None] * share
    return values
