"""Exact path-dependent TreeSHAP for many rows: a bag of LightGBM boosters in one pass, on raw log-odds.

`prepare` turns the boosters' own text into tables (see `tree_tables`); `contributions` and `log_odds` look rows up in
them, block by block, on as many threads as asked. Blocks do not touch one another, so the number of threads does not
change a bit of the answer. What bounds the speed is the number of look-ups: groups of leaves x features per group.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
import numpy.typing as npt

from models.tree_classes import Classes, classify, to_classes
from models.tree_tables import QUADRATURE, tabulate_tree
from models.tree_text import Array, Floats, Forest, Integers, NotTabulated, read_forest

BLOCK = 2048
"""Rows looked up together: their classes, sums and places stay in a core's cache."""

MOST_COMBINATIONS = 2048
"""How large the table of a group may grow before its leaves are split among two."""

LARGEST_TABLES = 1 << 29
"""Bytes of tables beyond which a model is not tabulated."""

FLUSH = 32
"""Groups summed in float32 before their sum goes into a float64."""


@dataclass(frozen=True)
class Prepared:
    """A bag of boosters as tables, ready to explain rows.

    `base` is the mean of the boosters' expected log-odds over their training rows, `constants` (boosters,) what trees
    of a single leaf give every row. Booster b owns groups `group_start[b]:group_start[b + 1]`; group g owns rows
    `step_start[g]:step_start[g + 1]` of `steps` (feature, first class, addend), rows
    `column_start[g]:column_start[g + 1]` of `columns` (feature, where its part of `tables` begins) and the scores
    `score_start[g]:score_start[g + 1]`, one for each combination of its features' states.
    """

    feature_names: tuple[str, ...]
    boosters: int
    base: float
    constants: Floats
    classes: Classes
    group_start: Integers
    step_start: Integers
    steps: Integers
    column_start: Integers
    columns: Integers
    score_start: Integers
    tables: npt.NDArray[np.float32]
    scores: Floats


def prepare(model_texts: Sequence[str]) -> Prepared:
    """Tables of the bag whose boosters' texts (`Booster.model_to_string()`) are given; the bag's score is their mean.

    Raises NotTabulated, with its reason as a code, for what the tables do not hold: very deep trees, linear leaves,
    several outputs, boosters over different features.
    """
    forest = read_forest(model_texts)
    classes, compact, starts, goes_left = classify(forest)
    base, size = 0.0, 0
    constants, in_booster = np.zeros(forest.boosters), np.zeros(forest.boosters, dtype=np.int64)
    groups = []
    for tree in range(forest.trees):
        nodes = slice(forest.node_start[tree], forest.node_start[tree + 1])
        leaves = slice(forest.leaf_start[tree], forest.leaf_start[tree + 1])
        owner, values = forest.tree_booster[tree], forest.leaf_value[leaves]
        if len(values) == 1:
            constants[owner] += values[0]
            base += values[0] / forest.boosters
            continue
        parts = (forest.left[nodes], forest.right[nodes], compact[nodes], values, forest.leaf_count[leaves])
        mean, own = tabulate_tree(parts, starts[nodes], goes_left, classes.count, MOST_COMBINATIONS, QUADRATURE)
        size += sum(table.nbytes for _, _, table, _ in own)
        if np.isnan(mean) or size > LARGEST_TABLES:
            raise NotTabulated("trees-too-deep")
        base += mean / forest.boosters
        in_booster[owner] += len(own)
        groups += own
    return _end_to_end(forest, classes, base, constants, in_booster, groups)


def _end_to_end(
    forest: Forest, classes: Classes, base: float, constants: Floats, in_booster: Integers, groups: list[Any]
) -> Prepared:
    """Lay the groups' steps, columns, tables and scores end to end."""
    width = np.array([len(features) for features, _, _, _ in groups], dtype=np.int64)
    combinations = np.array([len(score) for _, _, _, score in groups], dtype=np.int64)
    begins = np.cumsum(np.repeat(combinations, width)) - np.repeat(combinations, width)
    features = np.concatenate([np.empty(0, dtype=np.int64), *(group[0] for group in groups)])
    return Prepared(
        feature_names=forest.feature_names,
        boosters=forest.boosters,
        base=base,
        constants=constants,
        classes=classes,
        group_start=_bounds(in_booster),
        step_start=_bounds(np.array([len(steps) for _, steps, _, _ in groups], dtype=np.int64)),
        steps=np.concatenate([np.empty((0, 3), dtype=np.int64), *(group[1] for group in groups)]),
        column_start=_bounds(width),
        columns=np.stack([features, begins], axis=1),
        score_start=_bounds(combinations),
        tables=np.concatenate([np.empty(0, dtype=np.float32), *(group[2].ravel() for group in groups)]),
        scores=np.concatenate([np.empty(0), *(group[3] for group in groups)]),
    )


def _bounds(lengths: Integers) -> Integers:
    """Where pieces of these lengths, end to end, begin and end: (pieces + 1,)."""
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)


def contributions(
    prepared: Prepared,
    columns_matrix: Array,
    threads: int | None = None,
    dtype: type[np.float32] | type[np.float64] = np.float64,
) -> tuple[Array, float]:
    """What each feature adds to each row's log-odds, mean over the bag, and the base they start from.

    `columns_matrix` (rows, features) holds floats as LightGBM takes them: NaN for missing, categories as their codes.
    Returns values (rows, features), laid out by feature, and base; base + a row's sum is the row's mean `log_odds` to
    the precision of `dtype`, since the tables' rounding (below 1e-5) goes onto the row's largest contribution.
    """
    values = np.zeros((len(prepared.feature_names), len(columns_matrix)), dtype=dtype)

    def explain(rows: slice, classes: Array, place: Array) -> None:
        part = np.empty(classes.shape, dtype=np.float32)
        total = np.empty(classes.shape)
        member = np.empty((prepared.boosters, classes.shape[1]))
        _look_up(classes, _plan(prepared), prepared.tables, prepared.scores, place, part, total, member)
        _settle(total, member, prepared.base, prepared.classes.used, values[:, rows])

    _by_blocks(prepared, columns_matrix, threads, explain)
    return values.T, prepared.base


def log_odds(prepared: Prepared, columns_matrix: Array, threads: int | None = None) -> Floats:
    """The log-odds (rows, boosters) of each member of the bag; `columns_matrix` as in `contributions`."""
    values = np.empty((prepared.boosters, len(columns_matrix)))

    def score(rows: slice, classes: Array, place: Array) -> None:
        _score(classes, _plan(prepared), prepared.scores, place, values[:, rows])

    _by_blocks(prepared, columns_matrix, threads, score)
    return values.T


def _by_blocks(
    prepared: Prepared,
    matrix: Array,
    threads: int | None,
    work: Callable[[slice, Array, Array], None],
) -> None:
    """Call `work(rows, classes, place)` for every block of rows; `place` is room for the block's places in a table."""
    if matrix.ndim != 2 or matrix.shape[1] != len(prepared.feature_names):
        raise ValueError(f"{len(prepared.feature_names)} columns are needed, the matrix is {matrix.shape}")
    own = prepared.classes
    starts = np.stack([own.cut_start, own.lookup_start])
    rows = len(matrix)
    workers = max(1, min(threads or len(os.sched_getaffinity(0)), -(-rows // BLOCK)))

    def run(worker: int) -> None:
        place = np.empty(BLOCK, dtype=np.uint16)
        for begin in range(worker * BLOCK, rows, workers * BLOCK):
            block = slice(begin, min(begin + BLOCK, rows))
            columns = np.ascontiguousarray(matrix[block, own.used].T, dtype=np.float64)
            classes = np.empty(columns.shape, dtype=np.uint16)
            to_classes(columns, own.cuts, starts, own.count, own.categorical, own.other, own.lookup, classes)
            work(block, classes, place[: columns.shape[1]])

    if workers == 1:
        run(0)
        return
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(run, range(workers)))


def _plan(prepared: Prepared) -> tuple[Any, ...]:
    """What the compiled loops need to know of the groups."""
    return (
        prepared.constants,
        prepared.group_start,
        prepared.step_start,
        prepared.steps,
        prepared.column_start,
        prepared.columns,
        prepared.score_start,
    )


@numba.njit(nogil=True, cache=True)
def _find_places(classes: Array, steps: Array, begin: int, end: int, place: Array) -> None:
    """Each row's place in a group's table: whole vectors of classes are compared with one step at a time."""
    place[:] = 0
    for s in range(begin, end):
        row, first, addend = classes[steps[s, 0]], np.uint16(steps[s, 1]), np.uint16(steps[s, 2])
        for r in range(len(place)):
            if row[r] >= first:
                place[r] += addend


@numba.njit(nogil=True, cache=True)
def _look_up(
    classes: Array,
    plan: tuple[Array, ...],
    tables: Array,
    scores: Array,
    place: Array,
    part: Array,
    total: Array,
    member: Array,
) -> None:
    """Sum the bag's contributions into `total` (features, rows) and its scores into `member` (boosters, rows)."""
    constants, group_start, step_start, steps, column_start, columns, score_start = plan
    total[:] = 0.0
    for b in range(len(constants)):
        score = member[b]
        score[:] = constants[b]
        part[:] = 0.0
        for g in range(group_start[b], group_start[b + 1]):
            _find_places(classes, steps, step_start[g], step_start[g + 1], place)
            own = scores[score_start[g] : score_start[g + 1]]
            for r in range(len(place)):
                score[r] += own[place[r]]
            for c in range(column_start[g], column_start[g + 1]):
                column, row = tables[columns[c, 1] : columns[c, 1] + len(own)], part[columns[c, 0]]
                for r in range(len(place)):
                    row[r] += column[place[r]]
            if (g - group_start[b]) % FLUSH == FLUSH - 1 or g == group_start[b + 1] - 1:
                total += part
                part[:] = 0.0


@numba.njit(nogil=True, cache=True)
def _score(classes: Array, plan: tuple[Array, ...], scores: Array, place: Array, member: Array) -> None:
    """Sum the bag's scores into `member` (boosters, rows), as `_look_up` does."""
    constants, group_start, step_start, steps, _, _, score_start = plan
    for b in range(len(constants)):
        score = member[b]
        score[:] = constants[b]
        for g in range(group_start[b], group_start[b + 1]):
            _find_places(classes, steps, step_start[g], step_start[g + 1], place)
            own = scores[score_start[g] : score_start[g + 1]]
            for r in range(len(place)):
                score[r] += own[place[r]]


@numba.njit(nogil=True, cache=True)
def _settle(total: Array, member: Array, base: float, used: Array, values: Array) -> None:
    """Write the mean over the bag to `values` (features, rows), each row's largest corrected so that sums are exact."""
    features, rows = total.shape
    boosters = len(member)
    rest, largest, where = np.full(rows, -base), np.zeros(rows), np.zeros(rows, dtype=np.int64)
    for b in range(boosters):
        for r in range(rows):
            rest[r] += member[b, r] / boosters
    for f in range(features):
        for r in range(rows):
            total[f, r] /= boosters
            rest[r] -= total[f, r]
            if abs(total[f, r]) > largest[r]:
                largest[r], where[r] = abs(total[f, r]), f
    if features > 0:
        for r in range(rows):
            total[where[r], r] += rest[r]
    for f in range(features):
        values[used[f]] = total[f]
