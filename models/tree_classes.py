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

    Feature `used[f]` of the model has `count[f]` classes. If `categorical[f]`, category v is class `lookup[f][v]`, and
    any other value class `other[f]`. If not, x is the class "number of `cuts[f]` below x", and NaN the last class; the
    cuts ascend and are filled up with infinity to 2 ** k - 1.
    """

    used: Integers
    categorical: npt.NDArray[np.bool_]
    count: Integers
    other: Integers
    cuts: list[Floats]
    lookup: list[npt.NDArray[np.uint16]]


@dataclass(frozen=True)
class Tests:
    """What every node of the forest asks of a class.

    Node k tests feature `classes.used[feature[k]]`: class 0 goes left if `first_left[k]`, and each class in
    `turns[start[k]:start[k + 1]]`, ascending, goes to the other side than the class before it.
    """

    feature: Integers
    first_left: npt.NDArray[np.bool_]
    start: Integers
    turns: Integers


Decided = tuple[npt.NDArray[np.bool_], Integers, Integers]
"""Of some nodes: which send class 0 left, and pairs (position among the nodes, class where the side changes)."""


def classify(forest: Forest) -> tuple[Classes, Tests]:
    """The classes of every used feature, and how the nodes decide on them.

    Raises NotTabulated for a feature that is a number in one tree and a category in another.
    """
    used, compact = np.unique(forest.split_feature, return_inverse=True)
    by_feature = np.argsort(compact, kind="stable")
    bounds = np.searchsorted(compact[by_feature], np.arange(len(used) + 1))
    nothing = np.zeros(len(used), dtype=np.int64)
    classes = Classes(used, nothing > 0, nothing.copy(), nothing.copy(), [], [])
    first_left, asking, turns = np.zeros(len(compact), dtype=np.bool_), [], []
    for feature in range(len(used)):
        nodes = by_feature[bounds[feature] : bounds[feature + 1]]
        kinds = forest.decision[nodes] & CATEGORICAL
        if kinds.min() != kinds.max():
            raise NotTabulated("number-and-category")
        classes.categorical[feature] = kinds[0]
        first_left[nodes], position, turn = (_categories if kinds[0] else _numbers)(forest, nodes, classes, feature)
        if classes.count[feature] > np.iinfo(np.uint16).max:
            raise NotTabulated("too-many-classes")
        asking.append(nodes[position])
        turns.append(turn)
    owner, found = (np.concatenate([np.empty(0, dtype=np.int64), *pieces]) for pieces in (asking, turns))
    order = np.lexsort((found, owner))
    start = np.searchsorted(owner[order], np.arange(len(compact) + 1))
    return classes, Tests(compact, first_left, start, found[order])


def _numbers(forest: Forest, nodes: Integers, classes: Classes, feature: int) -> Decided:
    """The cuts of a numeric feature and how its nodes decide."""
    threshold, decision = forest.threshold[nodes], forest.decision[nodes]
    missing, default_left = decision & MISSING, (decision & DEFAULT_LEFT) > 0
    around_zero = [np.nextafter(-ZERO, -1.0), ZERO] if (missing == MISSING_ZERO).any() else []
    cuts = np.unique(np.concatenate([threshold, around_zero]) + 0.0)  # no negative zero
    padded = np.full((1 << len(cuts).bit_length()) - 1, np.inf)
    padded[: len(cuts)] = cuts
    classes.cuts.append(padded)
    classes.lookup.append(np.empty(0, dtype=np.uint16))
    classes.count[feature] = len(cuts) + 2
    highest, zero, gap = np.searchsorted(cuts, threshold)[:, None], np.searchsorted(cuts, 0.0), len(cuts) + 1

    def left(of: Integers) -> npt.NDArray[np.bool_]:
        """The sides of classes (nodes, some): NaN is taken for 0.0 where it is not "missing"."""
        taken = np.where((of == gap) & (missing != MISSING_NAN)[:, None], zero, of)
        absent = (of == gap) & (missing == MISSING_NAN)[:, None] | (taken == zero) & (missing == MISSING_ZERO)[:, None]
        return np.where(absent, default_left[:, None], taken <= highest)

    possible = np.sort(np.hstack([highest + 1, np.tile([zero, zero + 1, gap], (len(nodes), 1))]), axis=1)
    turning = (left(possible) != left(possible - 1)) & (possible > 0)
    turning[:, 1:] &= possible[:, 1:] != possible[:, :-1]
    position, which = np.nonzero(turning)
    return left(np.zeros((len(nodes), 1), dtype=np.int64))[:, 0], position, possible[position, which]


def _categories(forest: Forest, nodes: Integers, classes: Classes, feature: int) -> Decided:
    """The classes of a categorical feature, categories that no node tells apart being one, and how nodes decide."""
    first, last = forest.category_from[nodes], forest.category_to[nodes]
    bits = np.zeros((len(nodes), 32 * int((last - first).max()) + 1), dtype=np.bool_)  # the last: none of these
    for row, begin, end in zip(bits, first, last, strict=True):
        words = forest.category_words[begin:end, None] >> np.arange(32) & 1
        row[: words.size] = words.ravel()
    left, lookup = np.unique(bits, axis=1, return_inverse=True)
    classes.cuts.append(np.empty(0))
    classes.lookup.append(lookup[:-1].astype(np.uint16))
    classes.other[feature], classes.count[feature] = lookup[-1], left.shape[1]
    position, before = np.nonzero(left[:, 1:] != left[:, :-1])
    return left[:, 0], position, before + 1
