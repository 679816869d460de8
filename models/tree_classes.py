"""What a forest can tell apart in each feature's values: the classes of a value, and a matrix turned into them.

A tree looks at a feature only through its tests, so all values between two neighbouring thresholds are one class, and
so are all categories that no test separates. Classes are exact, however many values there are: ranks are compared in
the place of floats, and what LightGBM does with missing values, zeros and unseen categories is decided once per class.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.tree_text import (
    CATEGORICAL,
    DEFAULT_LEFT,
    MISSING,
    MISSING_NAN,
    MISSING_ZERO,
    Floats,
    Forest,
    Integers,
    NotTabulated,
)

ZERO = float(np.float32(1e-35))
"""LightGBM takes values from -ZERO to ZERO as zero."""


@dataclass(frozen=True)
class Classes:
    """How a feature's value becomes a class, for the features that some tree tests.

    Feature `used[f]` of the model has `count[f]` classes. If `categorical[f]`, category v is class
    `lookup[start[f] + v]`, and any other value class `other[f]`. If not, x is the class "number of
    `cuts[cut_start[f]:cut_start[f + 1]]` below x", and NaN the last class; the cuts
    ascend and are filled up with infinity to 2 ** k - 1.
    """

    used: Integers
    categorical: npt.NDArray[np.bool_]
    count: Integers
    other: Integers
    cuts: Floats
    cut_start: Integers
    lookup: npt.NDArray[np.uint16]
    lookup_start: Integers


def classify(forest: Forest) -> tuple[Classes, Integers, Integers, npt.NDArray[np.uint8]]:
    """The classes of every used feature, and how the nodes decide on them.

    Returns (classes, compact, start, goes_left): node k tests feature `classes.used[compact[k]]` and sends class c
    left where `goes_left[start[k] + c]` is 1. Raises NotTabulated for a feature that is a number in one tree and a
    category in another.
    """
    used, compact = np.unique(forest.split_feature, return_inverse=True)
    by_feature = np.argsort(compact, kind="stable")
    bounds = np.searchsorted(compact[by_feature], np.arange(len(used) + 1))
    cuts, lookups, others, counts, categorical, sides = [], [], [], [], [], []
    start = np.zeros(len(compact), dtype=np.int64)
    filled = 0
    for feature in range(len(used)):
        nodes = by_feature[bounds[feature] : bounds[feature + 1]]
        kinds = forest.decision[nodes] & CATEGORICAL
        if kinds.min() != kinds.max():
            raise NotTabulated("number-and-category")
        own_cuts, lookup, other, left = (_categories if kinds[0] else _numbers)(forest, nodes)
        if left.shape[1] > np.iinfo(np.uint16).max:
            raise NotTabulated("too-many-classes")
        cuts.append(own_cuts)
        lookups.append(lookup)
        others.append(other)
        counts.append(left.shape[1])
        categorical.append(bool(kinds[0]))
        sides.append(left.ravel())
        start[nodes] = filled + np.arange(len(nodes)) * left.shape[1]
        filled += left.size
    classes = Classes(
        used=used,
        categorical=np.array(categorical, dtype=np.bool_),
        count=np.array(counts, dtype=np.int64),
        other=np.array(others, dtype=np.int64),
        cuts=np.concatenate([np.empty(0), *cuts]),
        cut_start=np.cumsum([0, *map(len, cuts)]),
        lookup=np.concatenate([np.empty(0), *lookups]).astype(np.uint16),
        lookup_start=np.cumsum([0, *map(len, lookups)]),
    )
    return classes, compact, start, np.concatenate([np.empty(0), *sides]).astype(np.uint8)


def _numbers(forest: Forest, nodes: Integers) -> tuple[Floats, Integers, int, npt.NDArray[np.bool_]]:
    """The cuts of a numeric feature and which classes each of its nodes sends left."""
    threshold, decision = forest.threshold[nodes], forest.decision[nodes]
    missing, default_left = decision & MISSING, (decision & DEFAULT_LEFT) > 0
    around_zero = [np.nextafter(-ZERO, -1.0), ZERO] if (missing == MISSING_ZERO).any() else []
    cuts = np.unique(np.concatenate([threshold, around_zero]) + 0.0)  # no negative zero
    left = np.arange(len(cuts) + 2) <= np.searchsorted(cuts, threshold)[:, None]
    zero = np.searchsorted(cuts, 0.0)  # the class of 0.0, which NaN is taken for where it is not "missing"
    left[:, zero] = np.where(missing == MISSING_ZERO, default_left, left[:, zero])
    left[:, -1] = np.where(missing == MISSING_NAN, default_left, left[:, zero])
    padded = np.full((1 << len(cuts).bit_length()) - 1, np.inf)
    padded[: len(cuts)] = cuts
    return padded, np.empty(0, dtype=np.int64), len(cuts) + 1, left


def _categories(forest: Forest, nodes: Integers) -> tuple[Floats, Integers, int, npt.NDArray[np.bool_]]:
    """The classes of a categorical feature: categories that no node tells apart are one class."""
    first, last = forest.category_from[nodes], forest.category_to[nodes]
    bits = np.zeros((len(nodes), 32 * int((last - first).max()) + 1), dtype=np.bool_)  # the last: none of these
    for row, begin, end in zip(bits, first, last, strict=True):
        words = forest.category_words[begin:end, None] >> np.arange(32) & 1
        row[: words.size] = words.ravel()
    left, lookup = np.unique(bits, axis=1, return_inverse=True)
    return np.empty(0), lookup[:-1], int(lookup[-1]), left
