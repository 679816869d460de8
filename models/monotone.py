"""Promises of direction: what each would cost, which are kept, and that a kept one is never broken.

Each feature has a switch of its own. To grow trees once more for each would take hours, so its cost is read off the
trees that were grown without promises: on rows they were not taught, the feature's curve is bent to the nearest one
that keeps the direction, all else as it was, and what that loses is the cost.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
from sklearn.isotonic import isotonic_regression

from data.refusal import Refusal
from models.classifier import Array, Trees, derived_seed
from models.evaluation import auc_gain
from models.explanation import bag_contributions
from models.fitted import Bag
from models.splits import Fold, Panel
from models.tree_text import CATEGORICAL, MISSING, MISSING_ZERO, NotTabulated, read_forest

ENTERPRISES = 1_000
POINTS = 9
TOLERANCE = 1e-9
STEPS = 24
"""A feature's curve is read at this many quantiles of what was taught."""


def costs(
    panel: Panel,
    folds: Sequence[Fold],
    grown: Callable[[int], Trees],
    scores: Array,
    directions: Mapping[str, int],
    seed: int,
) -> pd.DataFrame:
    """What holding each direction alone would cost in ROC-AUC on rows never taught, paired, dearest first.

    `grown(number)` gives a fold's trees, grown without promises; `scores` are their log-odds on the folds' test rows,
    in order. Columns: feature, direction (+1, -1), cost (a loss is positive), low, high (95 %, clustered by
    enterprise), held (the cost is within one standard error, or nothing had to be bent).
    """
    names = [name for name in panel.frame.columns if directions.get(str(name))]
    bent = np.concatenate([_bends(panel, fold, grown(number), names, directions, seed, number)
                           for number, fold in enumerate(folds)])  # fmt: skip
    tested = np.concatenate([fold.test for fold in folds])
    labels, owners = panel.label[tested], panel.enterprise[tested]
    rows = []
    for place, name in enumerate(names):
        gain, error = 0.0, 0.0
        if np.abs(bent[:, place]).max(initial=0.0) > TOLERANCE:
            gain, error = auc_gain(labels, scores, scores + bent[:, place], owners)
        rows.append(
            {
                "feature": str(name),
                "direction": directions[str(name)],
                "cost": gain,
                "low": gain - 1.96 * error,
                "high": gain + 1.96 * error,
                "held": bool(gain <= error),
            }
        )
    table = pd.DataFrame(rows, columns=["feature", "direction", "cost", "low", "high", "held"])
    return table.sort_values(["cost", "feature"], ascending=[False, True], ignore_index=True)


def _bends(
    panel: Panel, fold: Fold, trees: Trees, names: Sequence[str], directions: Mapping[str, int], seed: int, number: int
) -> Array:
    """What bending each feature's curve to its direction adds to each test row's log-odds (m, names)."""
    generator = np.random.default_rng(derived_seed(seed, "curves", number))
    taught = np.sort(generator.choice(fold.train, min(2 * ENTERPRISES, len(fold.train)), replace=False))
    parts = bag_contributions(Bag(trees), panel.frame.iloc[taught])[0]
    found = np.zeros((len(fold.test), len(names)))
    for place, name in enumerate(names):
        part = parts[:, trees.encoding.names.index(str(name))]
        value = panel.frame[name].to_numpy(np.float64, na_value=np.nan)
        known = ~np.isnan(value[taught])
        if not known.any() or not np.any(part):
            continue
        edges = np.unique(np.quantile(value[taught][known], np.linspace(0, 1, STEPS + 1)[1:-1]))
        step = np.searchsorted(edges, value[taught][known], "right")
        count = np.bincount(step, minlength=len(edges) + 1)
        curve = np.bincount(step, weights=part[known], minlength=len(edges) + 1)[count > 0] / count[count > 0]
        change = np.zeros(len(edges) + 1)
        held = isotonic_regression(curve, sample_weight=count[count > 0], increasing=directions[str(name)] > 0)
        change[count > 0] = held - curve
        here = value[fold.test]
        found[:, place] = np.where(np.isnan(here), 0.0, change[np.searchsorted(edges, here, "right")])
    return found


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
