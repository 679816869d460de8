"""The compiled loops that look a block of rows up in a forest's tables.

They stand in one file because numba's cache on disk notices changes file by file.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.core.base import BaseContext
from numba.core.typing.templates import Signature
from numba.extending import intrinsic

from models.compiling import compiled
from models.tree_text import Array

Generator = Callable[[BaseContext, ir.IRBuilder, Signature, Sequence[ir.Value]], ir.Value]

LANES = 8
"""Features per panel, and rows per turn: the eight floats of a row in a panel are one vector."""

LARGEST = float(np.finfo(np.float64).max)
"""Stands for infinity, which has no difference to the infinite cuts."""

FLUSH = 32
"""Groups summed in float32 before their sum goes into a float64."""


def _transposed(builder: ir.IRBuilder, rows: list[ir.Value]) -> list[ir.Value]:
    """Eight vectors of eight floats turned by their diagonal: three rounds of pairwise shuffles."""

    def shuffle(one: ir.Value, other: ir.Value, lanes: list[int]) -> ir.Value:
        return builder.shuffle_vector(one, other, ir.Constant(ir.VectorType(ir.IntType(32), LANES), lanes))

    pairs = []
    for k in range(0, 8, 2):
        pairs.append(shuffle(rows[k], rows[k + 1], [0, 8, 1, 9, 4, 12, 5, 13]))
        pairs.append(shuffle(rows[k], rows[k + 1], [2, 10, 3, 11, 6, 14, 7, 15]))
    fours = []
    for k in (0, 1, 4, 5):
        fours.append(shuffle(pairs[k], pairs[k + 2], [0, 1, 8, 9, 4, 5, 12, 13]))
        fours.append(shuffle(pairs[k], pairs[k + 2], [2, 3, 10, 11, 6, 7, 14, 15]))
    low = [shuffle(fours[k], fours[k + 4], [0, 1, 2, 3, 8, 9, 10, 11]) for k in range(4)]
    high = [shuffle(fours[k], fours[k + 4], [4, 5, 6, 7, 12, 13, 14, 15]) for k in range(4)]
    return low + high


@intrinsic
def _add_panel(
    _typing: object,
    panel: types.Array,
    place: types.Array,
    first: types.Integer,
    sums: types.Array,
    begins: types.Array,
) -> tuple[Signature, Generator]:
    """Rows `first` to `first + 8`: add their eight floats of `panel` (combinations x 8) to eight rows of `sums`.

    sums[begins[j] + r] += panel[8 * place[r] + j], all arrays flat. A loop over r and j would load, add and store one
    float at a time, as a compiler may not turn it: here eight vectors are loaded, turned, and added whole.
    """
    signature = types.void(panel, place, first, sums, begins)

    def generate(
        context: BaseContext, builder: ir.IRBuilder, signature: Signature, arguments: Sequence[ir.Value]
    ) -> ir.Value:
        word, lane = ir.IntType(64), ir.VectorType(ir.FloatType(), LANES)

        def data(number: int) -> ir.Value:
            array = context.make_array(signature.args[number])  # type: ignore[no-untyped-call]
            return array(context, builder, arguments[number]).data

        def vector_at(start: ir.Value, at: ir.Value) -> ir.Value:
            return builder.bitcast(builder.gep(start, [at]), lane.as_pointer())

        panels, places, sums_data, begins_data = data(0), data(1), data(3), data(4)
        row, loaded = arguments[2], []
        for k in range(LANES):
            where = builder.load(builder.gep(places, [builder.add(row, word(k))]))
            vector = builder.load(vector_at(panels, builder.mul(builder.zext(where, word), word(LANES))))
            vector.align = 4
            loaded.append(vector)
        for k, turned in enumerate(_transposed(builder, loaded)):
            begin = builder.load(builder.gep(begins_data, [word(k)]))
            target = vector_at(sums_data, builder.add(begin, row))
            before = builder.load(target)
            before.align = 4
            builder.store(builder.fadd(before, turned), target).align = 4
        return context.get_dummy_value()  # type: ignore[no-untyped-call]

    return signature, generate


@compiled
def to_classes(
    columns: Array,
    cuts: Array,
    starts: Array,
    count: Array,
    categorical: Array,
    other: Array,
    lookup: Array,
    classes: Array,
) -> None:
    """Write the classes of `columns` (features, rows) of floats into `classes`, of the same shape, uint8 or uint16.

    `starts` (2, features + 1) says where each feature's cuts and its look-up begin.
    """
    rows = columns.shape[1]
    gap = np.empty(rows)
    sign = gap.view(np.int64)
    for f in range(len(count)):
        column, found = columns[f], classes[f]
        if categorical[f]:
            table = lookup[starts[1, f] : starts[1, f + 1]]
            for r in range(rows):
                x = column[r]
                # written so that NaN fails; -0.5 is cut to category 0, as a C cast does
                found[r] = table[int(x)] if -1.0 < x < len(table) else other[f]
            continue
        # A binary search for all rows at once. A comparison would be a branch that the processor cannot foresee
        # (measured: eight times slower); the sign of the difference is the same answer without one.
        own = cuts[starts[0, f] : starts[0, f + 1]]
        found[:] = 0
        half = (len(own) + 1) >> 1
        while half > 0:
            for r in range(rows):
                gap[r] = own[found[r] + (half - 1)] - min(column[r], LARGEST)
            for r in range(rows):
                found[r] += half & (sign[r] >> 63)
            half >>= 1
        for r in range(rows):
            found[r] = found[r] if column[r] == column[r] else count[f] - 1


@compiled
def _find_places(classes: Array, steps: Array, begin: int, end: int, place: Array) -> None:
    """Each row's place in a group's table: whole vectors of classes are compared with one step at a time."""
    place[:] = 0
    for s in range(begin, end):
        row, first, addend = classes[steps[s, 0]], classes.dtype.type(steps[s, 1]), np.uint16(steps[s, 2])
        for r in range(len(row)):
            if row[r] >= first:
                place[r] += addend


@compiled
def look_up(
    classes: Array, plan: tuple[Array, ...], scores: Array, panels: Array, targets: Array, part: Array, member: Array
) -> Array:
    """The bag's summed contributions (features, rows); its scores go into `member` (boosters, rows).

    `targets` (panels, 9) says where in the flat room `part` (features + 1 rows) a panel's eight columns are summed, the
    last row taking what fills up a panel, and where the panel begins in `panels`.
    """
    group_start, step_start, steps, panel_start, score_start = plan
    features, rows = classes.shape
    total = np.zeros((features, rows))
    width = len(part) // (features + 1)
    place = np.zeros((rows + LANES - 1) // LANES * LANES, dtype=np.uint16)
    for b in range(len(member)):
        score = member[b]
        score[:] = 0.0
        part[:] = 0.0
        for g in range(group_start[b], group_start[b + 1]):
            _find_places(classes, steps, step_start[g], step_start[g + 1], place)
            own = scores[score_start[g] : score_start[g + 1]]
            for r in range(rows):
                score[r] += own[place[r]]
            for c in range(panel_start[g], panel_start[g + 1]):
                panel = panels[targets[c, LANES] :]
                for r in range(0, len(place), LANES):
                    _add_panel(panel, place, r, part, targets[c])  # type: ignore[call-arg, arg-type]
            if (g - group_start[b]) % FLUSH == FLUSH - 1 or g == group_start[b + 1] - 1:
                for f in range(features):
                    row, sums = total[f], part[f * width : f * width + rows]
                    for r in range(rows):
                        row[r] += sums[r]
                part[:] = 0.0
    return total


@compiled
def score(classes: Array, plan: tuple[Array, ...], scores: Array, member: Array) -> None:
    """Sum the bag's scores into `member` (boosters, rows), as `look_up` does."""
    group_start, step_start, steps, _, score_start = plan
    place = np.zeros(classes.shape[1], dtype=np.uint16)
    for b in range(len(member)):
        sums = member[b]
        sums[:] = 0.0
        for g in range(group_start[b], group_start[b + 1]):
            _find_places(classes, steps, step_start[g], step_start[g + 1], place)
            own = scores[score_start[g] : score_start[g + 1]]
            for r in range(len(place)):
                sums[r] += own[place[r]]


@compiled
def settle(total: Array, member: Array, base: float) -> None:
    """Turn sums over the bag into its mean, each row's largest corrected so that the row adds up to its score."""
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
