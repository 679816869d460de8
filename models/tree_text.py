"""LightGBM's own model text, read into flat arrays: every tree of one booster or of a whole bag.

The text is LightGBM's stable format (`version=v4`), the one that the registry stores. Reading it here keeps the
explanation free of LightGBM itself, and lets a bag of boosters be taken as one forest.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

CATEGORICAL, DEFAULT_LEFT, MISSING = 1, 2, 12
"""The bits of LightGBM's `decision_type`: a categorical test, where missing values go, what counts as missing."""

MISSING_ZERO, MISSING_NAN = 4, 8


class NotTabulated(Exception):
    """A model that the tables do not hold, with the reason as a code; another way must explain it."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True)
class Forest:
    """The trees of one or more boosters over the same features, end to end.

    Tree t owns nodes `node_start[t]:node_start[t + 1]` and leaves `leaf_start[t]:leaf_start[t + 1]`; `left` and
    `right` (nodes,) count within the tree, a negative child being leaf ~child. A categorical node's members are the
    set bits of `category_words[category_from[node]:category_to[node]]`. `leaf_value` is in log-odds, already
    divided by the number of iterations where the booster averages its trees; `leaf_count` in training rows.
    """

    feature_names: tuple[str, ...]
    boosters: int
    tree_booster: Integers
    node_start: Integers
    leaf_start: Integers
    split_feature: Integers
    threshold: Floats
    decision: Integers
    left: Integers
    right: Integers
    leaf_value: Floats
    leaf_count: Floats
    category_from: Integers
    category_to: Integers
    category_words: Integers

    @property
    def trees(self) -> int:
        """How many trees there are in all boosters together."""
        return len(self.tree_booster)


def read_forest(model_texts: Sequence[str]) -> Forest:
    """The forest of all boosters in `model_texts` (what `Booster.model_to_string()` gives), in their order.

    Raises NotTabulated where the boosters' features differ, and for several classes, linear leaves, or trees
    without the row counts that path-dependent Shapley values rest on.
    """
    heads, trees, owners = [], [], []
    for number, text in enumerate(model_texts):
        head, *blocks = text.partition("\nend of trees")[0].split("\nTree=")
        heads.append(_fields(head))
        read = [_fields(block) for block in blocks]
        for tree in read:
            tree["scale"] = str(1 / len(read)) if "\naverage_output" in head else "1"
        trees += read
        owners += [number] * len(read)
    _refuse_what_tables_do_not_hold(heads, trees)
    return _flat(tuple(heads[0]["feature_names"].split()), len(heads), owners, trees)


def _fields(block: str) -> dict[str, str]:
    """The `key=value` lines of one block."""
    return {key: value for key, equals, value in (line.partition("=") for line in block.splitlines()) if equals}


def _refuse_what_tables_do_not_hold(heads: list[dict[str, str]], trees: list[dict[str, str]]) -> None:
    """Raise NotTabulated unless every booster is a plain one-output forest over the first one's features."""
    if not heads or any("feature_names" not in head for head in heads):
        raise NotTabulated("not-a-lightgbm-text")
    if any(head["feature_names"] != heads[0]["feature_names"] for head in heads):
        raise NotTabulated("boosters-differ-in-features")
    if any(head.get("num_tree_per_iteration") != "1" for head in heads):
        raise NotTabulated("several-outputs")
    if any(tree.get("is_linear", "0") != "0" for tree in trees):
        raise NotTabulated("linear-leaves")


def _flat(names: tuple[str, ...], boosters: int, owners: list[int], trees: list[dict[str, str]]) -> Forest:
    """Lay the trees' fields end to end, and the categorical bit sets with them."""
    leaves = np.array([int(tree["num_leaves"]) for tree in trees], dtype=np.int64)
    threshold, decision = _joined(trees, "threshold", np.float64), _joined(trees, "decision_type", np.int64)
    words = _joined(trees, "cat_threshold", np.int64)
    bounds = [np.array(tree.get("cat_boundaries", "0").split(), dtype=np.int64) for tree in trees]
    first = np.cumsum([0, *(bound[-1] for bound in bounds)])
    begins = np.concatenate([bound[:-1] + base for bound, base in zip(bounds, first, strict=False)] or [[]])
    ends = np.concatenate([bound[1:] + base for bound, base in zip(bounds, first, strict=False)] or [[]])
    sets_before = np.repeat(np.cumsum([0, *(len(bound) - 1 for bound in bounds)])[:-1], leaves - 1)
    categorical = (decision & CATEGORICAL) > 0
    which = np.where(categorical, threshold, 0).astype(np.int64) + sets_before
    category_from, category_to = np.zeros((2, len(threshold)), dtype=np.int64)
    category_from[categorical] = begins[which[categorical]]
    category_to[categorical] = ends[which[categorical]]
    counts = _joined(trees, "leaf_count", np.float64)
    if len(counts) != leaves.sum() or (counts <= 0).any():
        raise NotTabulated("trees-without-row-counts")
    scale = np.repeat([float(tree["scale"]) for tree in trees], leaves)
    return Forest(
        feature_names=names,
        boosters=boosters,
        tree_booster=np.array(owners, dtype=np.int64),
        node_start=np.concatenate([[0], np.cumsum(leaves - 1)]),
        leaf_start=np.concatenate([[0], np.cumsum(leaves)]),
        split_feature=_joined(trees, "split_feature", np.int64),
        threshold=threshold,
        decision=decision,
        left=_joined(trees, "left_child", np.int64),
        right=_joined(trees, "right_child", np.int64),
        leaf_value=_joined(trees, "leaf_value", np.float64) * scale,
        leaf_count=counts,
        category_from=category_from,
        category_to=category_to,
        category_words=words,
    )


def _joined(trees: list[dict[str, str]], key: str, kind: type[Any]) -> Array:
    """One key's numbers of all trees, in order; each is read to its last digit."""
    text = " ".join(tree.get(key, "") for tree in trees).strip()
    with warnings.catch_warnings():
        warnings.simplefilter("error", DeprecationWarning)  # numpy's word for text that is not a number
        return np.fromstring(text, dtype=kind, sep=" ") if text else np.empty(0, dtype=kind)
