"""What two features do together beyond what each does alone: exact SHAP interaction, path-dependent, in log-odds.

Only trees that split on both can hold an interaction, and a small tree has few features, so all subsets of the
other features are gone through.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from math import factorial
from typing import Any

import numpy as np
import pandas as pd

from data.refusal import Refusal
from models.classifier import Array, Trees
from models.fitted import FittedModel

Node = Mapping[str, Any]


def interaction(model: FittedModel, frame: pd.DataFrame, one: str, other: str) -> Array:
    """The interaction of two features for every row, float64 (n,), in log-odds: both cells of the SHAP matrix.

    Regressions add their features up and have none; in a blend the trees' interaction counts with their share.
    Refuses a feature the model was not taught (`interaction-feature-unknown`).
    """
    names = list(model.feature_names)
    if unknown := [name for name in (one, other) if name not in names]:
        raise Refusal("interaction-feature-unknown", features=unknown, known=names)
    trees = model.bag.trees
    if trees is None or one == other:
        return np.zeros(len(frame))
    return np.asarray((1 - model.bag.share) * tree_interaction(trees, frame, names.index(one), names.index(other)))


def tree_interaction(trees: Trees, frame: pd.DataFrame, i: int, j: int) -> Array:
    """The interaction of the columns at positions `i` and `j` of the trees' encoding, mean over the members (n,)."""
    matrix = trees.encoding.matrix(frame)
    total = np.zeros(len(matrix))
    for booster in trees.boosters:
        for tree in booster.dump_model()["tree_info"]:
            root = tree["tree_structure"]
            used = sorted(_features(root))
            if i in used and j in used:
                total += _of_tree(root, used, i, j, matrix)
    return np.asarray(total / len(trees.boosters))


def _of_tree(root: Node, used: list[int], i: int, j: int, matrix: Array) -> Array:
    """Shapley's interaction index of one tree, twice (both cells)."""
    others = [feature for feature in used if feature not in (i, j)]
    players = len(used)
    total = np.zeros(len(matrix))
    for size in range(len(others) + 1):
        weight = factorial(size) * factorial(players - size - 2) / factorial(players - 1)
        for subset in combinations(others, size):
            known = frozenset(subset)
            together = _expected(root, known | {i, j}, matrix) + _expected(root, known, matrix)
            apart = _expected(root, known | {i}, matrix) + _expected(root, known | {j}, matrix)
            total += weight * (together - apart)
    return total


def _expected(node: Node, known: frozenset[int], matrix: Array) -> Array:
    """The tree's value where only some features are known: others follow the training rows' shares."""
    if "leaf_value" in node:
        return np.full(len(matrix), float(node["leaf_value"]))
    left, right = node["left_child"], node["right_child"]
    on_left, on_right = _expected(left, known, matrix), _expected(right, known, matrix)
    if node["split_feature"] in known:
        return np.where(_goes_left(node, matrix[:, node["split_feature"]]), on_left, on_right)
    heavy, light = _count(left), _count(right)
    return np.asarray((heavy * on_left + light * on_right) / (heavy + light))


def _goes_left(node: Node, column: Array) -> Array:
    missing = np.isnan(column)
    if node["decision_type"] == "==":
        codes = [float(code) for code in str(node["threshold"]).split("||")]
        return np.asarray(np.isin(column, codes) & ~missing)
    value = np.where(missing, 0.0, column)
    below = value <= float(node["threshold"])
    if node["missing_type"] == "NaN":
        return np.where(missing, bool(node["default_left"]), below)
    return np.asarray(below)


def _count(node: Node) -> float:
    return float(node.get("internal_count", node.get("leaf_count", 0)))


def _features(node: Node) -> set[int]:
    if "leaf_value" in node:
        return set()
    below = _features(node["left_child"]) | _features(node["right_child"])
    return below | {int(node["split_feature"])}
