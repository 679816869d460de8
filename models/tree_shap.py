"""Exact path-dependent TreeSHAP for many rows: a bag of LightGBM boosters in one pass, on raw log-odds.

`prepare` turns the boosters' own text into tables (see `tree_tables`); `contributions` and `log_odds` look rows up in
them, block by block, on as many threads as asked. Blocks do not touch one another, so the number of threads does not
change a bit of the answer.

What bounds the speed is how fast a row's panels come from the cache and are added, 32 bytes for every eight features
of every group of leaves; the benchmark says how many, and how fast.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.tree_classes import Classes, classify
from models.tree_lookup import LANES, look_up, score, settle, to_classes
from models.tree_tables import QUADRATURE, tabulate_tree
from models.tree_text import Array, Floats, Forest, Integers, NotTabulated, read_forest

BLOCK = 8192
"""The most rows looked up together: each table is fetched once for all of them, and their sums stay in the cache."""

LEAST_BLOCK = 512
"""The fewest rows worth a thread."""

MOST_COMBINATIONS = 8192
"""How large the table of a group may grow before its leaves are split among two."""

LARGEST_TABLES = 1 << 29
"""Bytes of tables beyond which a model is not tabulated."""

Group = tuple[Array, Array, Array, Array]
"""Features, steps, panels and scores of a group of leaves, as `tabulate_tree` gives them."""


@dataclass(frozen=True)
class Prepared:
    """A bag of boosters as tables, ready to explain rows.

    `base` is the mean of the boosters' expected log-odds over their training rows. Booster b owns groups
    `group_start[b]:group_start[b + 1]`; group g owns rows `step_start[g]:step_start[g + 1]` of `steps` (feature,
    first class, addend), rows `panel_start[g]:panel_start[g + 1]` of `targets` (where its eight columns are summed,
    and where it begins in `panels`), and `scores[score_start[g]:score_start[g + 1]]`, one for each combination of its
    features' states.
    """

    feature_names: tuple[str, ...]
    boosters: int
    base: float
    classes: Classes
    group_start: Integers
    step_start: Integers
    steps: Integers
    panel_start: Integers
    targets: Integers
    score_start: Integers
    panels: npt.NDArray[np.float32]
    scores: Floats


def prepare(model_texts: Sequence[str]) -> Prepared:
    """Tables of the bag whose boosters' texts (`Booster.model_to_string()`) are given; the bag's score is their mean.

    Raises NotTabulated, with its reason as a code, for what the tables do not hold: very deep trees, linear leaves,
    several outputs, boosters over different features.
    """
    forest = read_forest(model_texts)
    classes, tests = classify(forest)
    base, size = 0.0, 0
    in_booster = np.zeros(forest.boosters, dtype=np.int64)
    groups = []
    for tree in range(forest.trees):
        nodes = slice(forest.node_start[tree], forest.node_start[tree + 1])
        leaves = slice(forest.leaf_start[tree], forest.leaf_start[tree + 1])
        values = forest.leaf_value[leaves]
        shape = (forest.left[nodes], forest.right[nodes], values, forest.leaf_count[leaves])
        start = tests.start[nodes.start : nodes.stop + 1]
        asked = (tests.feature[nodes], tests.first_left[nodes], start, tests.turns[start[0] : start[-1]])
        mean, own = tabulate_tree(shape, asked, MOST_COMBINATIONS, QUADRATURE)
        size += sum(table.nbytes for _, _, table, _ in own)
        if np.isnan(mean) or size > LARGEST_TABLES:
            raise NotTabulated("trees-too-deep")
        base += mean / forest.boosters
        in_booster[forest.tree_booster[tree]] += len(own)
        groups += own
    return _end_to_end(forest, classes, base, in_booster, groups)


def _end_to_end(forest: Forest, classes: Classes, base: float, in_booster: Integers, groups: list[Group]) -> Prepared:
    """Lay the groups' steps, panels and scores end to end."""
    panels = _aligned(sum(table.size for _, _, table, _ in groups))
    targets, filled = [], 0
    for features, _, table, _ in groups:
        panels[filled : filled + table.size] = table.ravel()
        for number in range(len(table)):
            target = np.full(LANES + 1, len(classes.used) * BLOCK)
            own = features[number * LANES : (number + 1) * LANES]
            target[: len(own)] = own * BLOCK
            target[LANES] = filled + number * table[0].size
            targets.append(target)
        filled += table.size
    return Prepared(
        feature_names=forest.feature_names,
        boosters=forest.boosters,
        base=base,
        classes=classes,
        group_start=_bounds(in_booster),
        step_start=_bounds([len(steps) for _, steps, _, _ in groups]),
        steps=np.concatenate([np.empty((0, 3), dtype=np.int64), *(steps for _, steps, _, _ in groups)]),
        panel_start=_bounds([len(table) for _, _, table, _ in groups]),
        targets=np.array(targets, dtype=np.int64).reshape(-1, LANES + 1),
        score_start=_bounds([len(score) for _, _, _, score in groups]),
        panels=panels,
        scores=np.concatenate([np.empty(0), *(score for _, _, _, score in groups)]),
    )


def _aligned(size: int) -> npt.NDArray[np.float32]:
    """Room for `size` floats that begins with a line of the cache, so that no row of a panel lies in two lines."""
    room = np.empty(size + 16, dtype=np.float32)
    skip = -room.ctypes.data % 64 // room.itemsize
    return room[skip : skip + size]


def _bounds(lengths: Sequence[int] | Integers) -> Integers:
    """Where pieces of these lengths, end to end, begin and end: (pieces + 1,)."""
    return np.cumsum([0, *lengths], dtype=np.int64)


def contributions(
    prepared: Prepared,
    columns_matrix: Array,
    threads: int | None = None,
    dtype: type[np.float32] | type[np.float64] = np.float64,
    members: Floats | None = None,
) -> tuple[Array, float]:
    """What each feature adds to each row's log-odds, mean over the bag, and the base they start from.

    `columns_matrix` (rows, features) holds floats as LightGBM takes them: NaN for missing, categories as their codes.
    Returns values (rows, features), laid out by feature, and base; base + a row's sum is the row's mean `log_odds` to
    the precision of `dtype`, since the tables' rounding (below 1e-5) goes onto the row's largest contribution.
    `members` (rows, boosters), where given, is filled with what `log_odds` would give: they are found on the way.
    """
    values = np.zeros((len(prepared.feature_names), len(columns_matrix)), dtype=dtype)

    used = prepared.classes.used
    plan = _plan(prepared)

    def explain(rows: slice, classes: Array, part: Array) -> None:
        member = np.empty((prepared.boosters, classes.shape[1]))
        total = look_up(classes, plan, prepared.scores, prepared.panels, prepared.targets, part, member)
        settle(total, member, prepared.base)
        values[used, rows] = total
        if members is not None:
            members[rows] = member.T

    _by_blocks(prepared, columns_matrix, threads, explain)
    return values.T, prepared.base


def log_odds(prepared: Prepared, columns_matrix: Array, threads: int | None = None) -> Floats:
    """The log-odds (rows, boosters) of each member of the bag; `columns_matrix` as in `contributions`."""
    values = np.empty((prepared.boosters, len(columns_matrix)))
    plan = _plan(prepared)

    def sum_up(rows: slice, classes: Array, _: Array) -> None:
        score(classes, plan, prepared.scores, values[:, rows])

    _by_blocks(prepared, columns_matrix, threads, sum_up)
    return values.T


def _by_blocks(
    prepared: Prepared, matrix: Array, threads: int | None, work: Callable[[slice, Array, Array], None]
) -> None:
    """Call `work(rows, classes, part)` for every block of rows; `part` is a thread's own room for sums."""
    if matrix.ndim != 2 or matrix.shape[1] != len(prepared.feature_names):
        raise ValueError(f"{len(prepared.feature_names)} columns are needed, the matrix is {matrix.shape}")
    own = prepared.classes
    starts = np.stack([_bounds([len(piece) for piece in pieces]) for pieces in (own.cuts, own.lookup)])
    cuts, lookup = np.concatenate([np.empty(0), *own.cuts]), np.concatenate([np.empty(0, np.uint16), *own.lookup])
    kind = np.uint8 if own.count.max(initial=0) <= 1 + np.iinfo(np.uint8).max else np.uint16
    rows = len(matrix)
    workers = threads or (len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
    length = max(LEAST_BLOCK, min(BLOCK, -(-rows // workers)))
    workers = max(1, min(workers, -(-rows // length)))

    def run(worker: int) -> None:
        part = np.empty((len(own.used) + 1) * BLOCK, dtype=np.float32)
        for begin in range(worker * length, rows, workers * length):
            block = slice(begin, min(begin + length, rows))
            columns = np.ascontiguousarray(matrix[block, own.used].T, dtype=np.float64)
            classes = np.empty(columns.shape, kind)
            to_classes(columns, cuts, starts, own.count, own.categorical, own.other, lookup, classes)
            work(block, classes, part)

    if workers == 1:
        run(0)
        return
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(run, range(workers)))


def _plan(prepared: Prepared) -> tuple[Array, ...]:
    """What the compiled loops need to know of the groups."""
    return (
        prepared.group_start,
        prepared.step_start,
        prepared.steps,
        prepared.panel_start,
        prepared.score_start,
    )
