"""What two features do together in a forest, for one enterprise: the part of its score that is no sum of two.

Only trees that test both features can make the two of them count together. For those the leaves that the enterprise
can reach are boxes over the two features' values; summing boxes gives the trees' value at every pair of values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.fitted import FittedModel
from models.tree_text import CATEGORICAL, DEFAULT_LEFT, MISSING, MISSING_NAN, MISSING_ZERO, Forest, read_forest
from scoring.editions.circumstances import Floats


@dataclass(frozen=True)
class Steps:
    """A model's trees and its names: `thresholds` maps a feature to the values at which some tree turns, ascending.

    `share` is the weight of the trees' mean in the score (0 without trees).
    """

    forest: Forest | None
    names: tuple[str, ...]
    share: float
    thresholds: dict[str, Floats]


def steps_of(model: FittedModel) -> Steps:
    """The thresholds of a model: of its trees, and the bends of its regression."""
    names = tuple(model.feature_names)
    found: dict[str, list[float]] = {name: [] for name in names}
    forest = read_forest(model.bag.trees.texts()) if model.bag.trees is not None else None
    if forest is not None:
        numeric = (forest.decision & CATEGORICAL) == 0
        for feature, threshold in zip(forest.split_feature[numeric], forest.threshold[numeric], strict=True):
            found[names[feature]].append(float(threshold))
    for member in model.bag.additive if model.bag.share else ():
        for name, term in zip(member.encoding.names, member.terms, strict=True):
            found[name] += term.quantiles
    return Steps(
        forest,
        names,
        1.0 - model.bag.share,
        {name: np.unique(np.array(values, dtype=np.float64)) for name, values in found.items()},
    )


def together(steps: Steps, row: Floats, pair: tuple[str, str], values: tuple[Floats, Floats]) -> Floats:
    """What two features do together, in log-odds (len of first values, len of second): 0 where either is unchanged.

    `row` is the enterprise in the learner's matrix; `values` ascending, in the matrix's units.
    """
    shape = (len(values[0]), len(values[1]))
    forest = steps.forest
    if forest is None or any(name not in steps.names for name in pair):
        return np.zeros(shape)
    first, second = (steps.names.index(name) for name in pair)
    now = [np.append(some, row[at]) for some, at in zip(values, (first, second), strict=True)]
    order = [np.argsort(some, kind="stable") for some in now]
    ranked = (now[0][order[0]], now[1][order[1]])
    total = np.zeros((shape[0] + 1, shape[1] + 1))
    for tree in _trees_with(forest, first, second):
        _fill(forest, tree, row, (first, second), ranked, total)
    back = [np.empty(len(one), dtype=np.int64) for one in order]
    for one, place in zip(order, back, strict=True):
        place[one] = np.arange(len(one))
    total = total[np.ix_(back[0], back[1])]
    grid = total[:-1, :-1] - total[:-1, -1:] - total[-1:, :-1] + total[-1, -1]
    result: Floats = grid * steps.share / forest.boosters
    return result


def _trees_with(forest: Forest, first: int, second: int) -> Sequence[int]:
    """The trees that test both features."""
    owner = np.repeat(np.arange(forest.trees), np.diff(forest.node_start))
    tests_first = np.unique(owner[forest.split_feature == first])
    found: list[int] = np.intersect1d(tests_first, owner[forest.split_feature == second]).tolist()
    return found


def _fill(
    forest: Forest, tree: int, row: Floats, free: tuple[int, int], values: tuple[Floats, Floats], total: Floats
) -> None:
    """Add a tree's leaf values over the boxes of value pairs that reach them."""
    nodes, leaves = int(forest.node_start[tree]), int(forest.leaf_start[tree])
    waiting = [(0, 0, len(values[0]), 0, len(values[1]))]
    while waiting:
        place, top, bottom, left, right = waiting.pop()
        if top >= bottom or left >= right:
            continue
        if place < 0:
            total[top:bottom, left:right] += forest.leaf_value[leaves + ~place]
            continue
        node = nodes + place
        low, high = int(forest.left[node]), int(forest.right[node])
        feature, threshold = int(forest.split_feature[node]), float(forest.threshold[node])
        if feature == free[0]:
            cut = int(np.clip(np.searchsorted(values[0], threshold, "right"), top, bottom))
            waiting += [(low, top, cut, left, right), (high, cut, bottom, left, right)]
        elif feature == free[1]:
            cut = int(np.clip(np.searchsorted(values[1], threshold, "right"), left, right))
            waiting += [(low, top, bottom, left, cut), (high, top, bottom, cut, right)]
        else:
            side = low if goes_left(forest, node, float(row[feature])) else high
            waiting.append((side, top, bottom, left, right))


def goes_left(forest: Forest, node: int, value: float) -> bool:
    """Whether a value goes left at a node, by LightGBM's rules for categories and missing values."""
    decision = int(forest.decision[node])
    if decision & CATEGORICAL:
        words = forest.category_words[forest.category_from[node] : forest.category_to[node]]
        if np.isnan(value) or value < 0 or int(value) // 32 >= len(words):
            return False
        return bool((int(words[int(value) // 32]) >> (int(value) % 32)) & 1)
    missing = decision & MISSING
    absent = np.isnan(value)
    if (missing == MISSING_NAN and absent) or (missing == MISSING_ZERO and (absent or abs(value) <= 1e-35)):
        return bool(decision & DEFAULT_LEFT)
    return bool((0.0 if absent else value) <= forest.threshold[node])
