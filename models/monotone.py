"""Promises of direction, kept: a feature declared to help may never lower a score where the promise is on."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from data.refusal import Refusal
from models.classifier import derived_seed
from models.fitted import Bag
from models.tree_text import CATEGORICAL, MISSING, MISSING_ZERO, NotTabulated, read_forest

ENTERPRISES = 1_000
POINTS = 9
TOLERANCE = 1e-9


def violations(bag: Bag, frame: pd.DataFrame, directions: Mapping[str, int], seed: int) -> dict[str, float]:
    """The worst step in the wrong direction of each feature (log-odds), for those that take one.

    Each feature is moved over nine quantiles of its range for up to 1,000 enterprises of `frame` (n rows), all
    else as it is; one that `proven` clears need not be moved, since no enterprise at all can break its promise.
    """
    cleared = proven(bag, directions)
    generator = np.random.default_rng(derived_seed(seed, "monotone"))
    chosen = np.sort(generator.choice(len(frame), min(ENTERPRISES, len(frame)), replace=False))
    rows = frame.iloc[chosen]
    found = {}
    for name, direction in sorted(directions.items()):
        if name in cleared:
            continue
        known = frame[name].dropna().to_numpy(np.float64)
        if not len(known):
            continue
        steps = np.unique(np.quantile(known, np.linspace(0, 1, POINTS)))
        scores = [bag.member_log_odds(rows.assign(**{name: step})).mean(axis=1) for step in steps]
        moves = np.diff(np.column_stack(scores), axis=1) * direction
        worst = float(moves.min()) if moves.size else 0.0
        if worst < -TOLERANCE:
            found[name] = worst
    return found


def proven(bag: Bag, directions: Mapping[str, int]) -> set[str]:
    """The features whose promise no row can break: at each of their splits every leaf of the better side is as high.

    That is how LightGBM holds a promise, so it is read off the trees in a moment where moving every feature took a
    minute. Nothing is cleared where there is more than trees, or the trees cannot be read.
    """
    if bag.trees is None or bag.share:
        return set()
    try:
        forest = read_forest(bag.trees.texts())
    except NotTabulated:
        return set()
    column = {position: name for position, name in enumerate(bag.trees.encoding.names) if name in directions}
    doubtful: set[str] = set()
    for tree in range(forest.trees):
        nodes = slice(int(forest.node_start[tree]), int(forest.node_start[tree + 1]))
        leaves = forest.leaf_value[int(forest.leaf_start[tree]) : int(forest.leaf_start[tree + 1])]
        left, right = forest.left[nodes].tolist(), forest.right[nodes].tolist()
        reach: dict[int, tuple[float, float]] = {~leaf: (value, value) for leaf, value in enumerate(leaves.tolist())}
        # a node's children come after it, so from the last node back their reach is known
        for node in range(len(left) - 1, -1, -1):
            (low_left, high_left), (low_right, high_right) = reach[left[node]], reach[right[node]]
            reach[node] = min(low_left, low_right), max(high_left, high_right)
            name = column.get(int(forest.split_feature[nodes][node]))
            if name is None:
                continue
            holds = high_left <= low_right if directions[name] > 0 else low_left >= high_right
            if not holds or int(forest.decision[nodes][node]) & (CATEGORICAL | MISSING) in (CATEGORICAL, MISSING_ZERO):
                doubtful.add(name)
    return {name for name in directions if name in bag.trees.encoding.names and name not in doubtful}


def refuse_violations(bag: Bag, frame: pd.DataFrame, directions: Mapping[str, int], seed: int) -> None:
    """Refuse a bag that breaks a promise (`model-monotone-violated`)."""
    if broken := violations(bag, frame, directions, seed):
        raise Refusal("model-monotone-violated", features=sorted(broken))
