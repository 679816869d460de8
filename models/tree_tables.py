"""Shapley values of a forest's leaves for every combination of states that a row can be in, computed once.

The values of a path-dependent Shapley explanation depend, leaf by leaf, only on which features of the leaf's path the
row satisfies. Neighbouring leaves of a tree are gathered into groups; a group tells apart a few states of each of its
features, and its table holds the summed Shapley values of its leaves for every combination of states. Explaining a
row is then one look-up per group and feature, with nothing sampled and nothing left out.
"""

from __future__ import annotations

import numpy as np

from models.compiling import compiled
from models.tree_text import Array

LOCAL_CLASSES = 64
"""How many classes of one feature one tree may tell apart: they are the bits of a word."""

LANES = 8
"""Features side by side in a panel of a table: one vector of floats."""

DEEPEST = 14
"""How many distinct features a path may have: its table has 2 to this power rows."""

_POINTS = [np.polynomial.legendre.leggauss(count) for count in range(1, DEEPEST // 2 + 1)]
QUADRATURE = np.zeros((len(_POINTS), 2, DEEPEST // 2))
"""Gauss-Legendre points and weights on (0, 1); row q - 1 holds q points, exact up to degree 2q - 1."""
for _row, (_points, _weights) in zip(QUADRATURE, _POINTS, strict=True):
    _row[:, : len(_points)] = (_points + 1) / 2, _weights / 2


@compiled
def _runs(which: Array, first_left: Array, start: Array, turns: Array, features: int) -> tuple[Array, Array, Array]:
    """The runs of classes that every node of one tree sends to one side.

    `which` (nodes,) is the tree's own number of each node's feature. Returns begins (features, runs), the first class
    of each run, how many runs each feature has, and left (nodes, runs).
    """
    begins = np.zeros((features, len(turns) + 1), dtype=np.int64)
    many = np.ones(features, dtype=np.int64)
    for node in range(len(which)):
        for turn in turns[start[node] - start[0] : start[node + 1] - start[0]]:
            begins[which[node], many[which[node]]] = turn
            many[which[node]] += 1
    for feature in range(features):
        found = np.unique(begins[feature, : many[feature]])
        many[feature] = len(found)
        begins[feature, : len(found)] = found
    left = np.zeros((len(which), many.max()), dtype=np.bool_)
    for node in range(len(which)):
        feature, side, turn, last = which[node], first_left[node], start[node] - start[0], start[node + 1] - start[0]
        for run in range(many[feature]):
            while turn < last and turns[turn] <= begins[feature, run]:
                side, turn = not side, turn + 1
            left[node, run] = side
    return begins, many, left


@compiled
def _local_classes(which: Array, many: Array, left: Array) -> tuple[Array, Array, Array]:
    """The classes that one tree tells apart, few enough to be the bits of a word.

    Returns local (features, runs), the local class of each run, how many there are per feature, and each node's word
    of those going left.
    """
    local = np.zeros((len(many), many.max()), dtype=np.int64)
    found = np.ones(len(many), dtype=np.int64)
    for node in range(len(which)):
        feature = which[node]
        number = np.full(2 * found[feature], -1)
        fresh = 0
        for run in range(many[feature]):
            key = 2 * local[feature, run] + left[node, run]
            if number[key] < 0:
                number[key] = fresh
                fresh += 1
            local[feature, run] = number[key]
        found[feature] = fresh
    words = np.zeros(len(which), dtype=np.uint64)
    if found.max() <= LOCAL_CLASSES:
        for node in range(len(which)):
            for run in range(many[which[node]]):
                if left[node, run]:
                    words[node] |= np.uint64(1) << np.uint64(local[which[node], run])
    return local, found, words


@compiled
def _paths(
    left: Array, right: Array, which: Array, words: Array, found: Array, counts: Array
) -> tuple[Array, Array, Array, Array]:
    """Every leaf's path, from the left: the leaf, what satisfies it, and the share of rows that went on with it.

    Returns order (leaves,), allowed (leaves, features) as words of local classes, share (leaves, features), and
    tested (leaves, features): whether the feature is on the path. A node's number is below its children's.
    """
    nodes, leaves = len(left), len(counts)
    rows = np.zeros(nodes)
    parent, leaf_parent = np.full(nodes, -1), np.full(leaves, -1)
    for node in range(nodes - 1, -1, -1):
        for child in (left[node], right[node]):
            if child < 0:
                rows[node] += counts[~child]
                leaf_parent[~child] = node
            else:
                rows[node] += rows[child]
                parent[child] = node
    order, stack = np.empty(leaves, dtype=np.int64), [0]
    done = 0
    while stack:
        at = stack.pop()
        if at < 0:
            order[done] = ~at
            done += 1
        else:
            stack.append(right[at])
            stack.append(left[at])
    allowed = np.full((leaves, len(found)), ~np.uint64(0))
    share = np.ones((leaves, len(found)))
    tested = np.zeros((leaves, len(found)), dtype=np.bool_)
    for place in range(leaves):
        child, node = ~order[place], leaf_parent[order[place]]
        went = counts[order[place]]
        while node >= 0:
            feature = which[node]
            allowed[place, feature] &= words[node] if left[node] == child else ~words[node]
            share[place, feature] *= went / rows[node]
            tested[place, feature] = True
            child, node, went = node, parent[node], rows[node]
    return order, allowed, share, tested


@compiled
def _refine(parts: Array, held: Array, allowed: Array, tested: Array) -> int:
    """Let a group tell apart one leaf more; returns the group's number of combinations of states.

    `parts[feature, :held[feature]]` are words of local classes that the group has no need to tell apart.
    """
    states = 1
    for feature in range(len(held)):
        if tested[feature]:
            for part in range(held[feature]):
                inside, outside = parts[feature, part] & allowed[feature], parts[feature, part] & ~allowed[feature]
                if inside != 0 and outside != 0:
                    parts[feature, part] = inside
                    parts[feature, held[feature]] = outside
                    held[feature] += 1
        states *= held[feature]
        if states > 1 << 20:
            break
    return states


@compiled
def _whole(found: Array) -> tuple[Array, Array]:
    """The partition that tells nothing apart: one part per feature, all its local classes."""
    parts = np.zeros((len(found), LOCAL_CLASSES), dtype=np.uint64)
    for feature in range(len(found)):
        parts[feature, 0] = ~np.uint64(0) >> np.uint64(LOCAL_CLASSES - found[feature])
    return parts, np.ones(len(found), dtype=np.int64)


@compiled
def _groups(allowed: Array, tested: Array, found: Array, most: int) -> Array:
    """Cut the leaves, from the left, into the groups that cost least to look up, `most` combinations each.

    Returns the cuts (groups + 1,), by the shortest path over all cuts. Measured: a panel of eight features costs as
    much as finding the place in it, and as much again per 1,024 combinations, which have to come from a far cache.
    """
    leaves = len(allowed)
    cost = np.full(leaves + 1, np.inf)
    came = np.zeros(leaves + 1, dtype=np.int64)
    cost[0] = 0.0
    for begin in range(leaves):
        parts, held = _whole(found)
        columns = np.zeros(len(found), dtype=np.bool_)
        for end in range(begin, leaves):
            states = _refine(parts, held, allowed[end], tested[end])
            if states > most and end > begin:
                break
            columns |= tested[end]
            here = cost[begin] + 1.0 + (columns.sum() + LANES - 1) // LANES * (1.0 + states / 1024)
            if here < cost[end + 1]:
                cost[end + 1], came[end + 1] = here, begin
    cuts = [leaves]
    while cuts[-1] > 0:
        cuts.append(came[cuts[-1]])
    return np.array(cuts[::-1])


@compiled
def _leaf_table(value: float, share: Array, quadrature: Array) -> Array:
    """Shapley values of one leaf for all patterns of satisfied features: (2 ** d, d), bit j being feature j.

    With o 1 or 0 and z the share, feature i gets value * (o_i - z_i) times the mean over orders of the product of
    the others' o or z. The mean over orders is the integral over t of prod (z (1 - t) + o t), a polynomial.
    """
    width = len(share)
    rule = quadrature[(width + 1) // 2 - 1]
    table = np.zeros((1 << width, width))
    for pattern in range(1 << width):
        for q in range((width + 1) // 2):
            t, product = rule[0, q], rule[1, q] * value
            for j in range(width):
                product *= share[j] * (1 - t) + (t if pattern >> j & 1 else 0.0)
            for j in range(width):
                table[pattern, j] += product / (share[j] * (1 - t) + (t if pattern >> j & 1 else 0.0))
        for j in range(width):
            table[pattern, j] *= (1.0 if pattern >> j & 1 else 0.0) - share[j]
    return table


@compiled
def _group_table(
    columns: Array, parts: Array, held: Array, paths: tuple[Array, ...], values: Array, quadrature: Array
) -> tuple[Array, Array]:
    """The summed tables of a group's leaves: panels (panels, combinations, 8) and score (combinations,).

    Column c of the group is lane c % 8 of panel c // 8; lanes left over are 0.
    """
    allowed, share, tested = paths
    combinations = 1
    for column in columns:
        combinations *= held[column]
    table = np.zeros(((len(columns) + LANES - 1) // LANES, combinations, LANES))
    score = np.zeros(combinations)
    for leaf in range(len(values)):
        own = np.flatnonzero(tested[leaf])
        shapley = _leaf_table(values[leaf], share[leaf][own], quadrature)
        pattern = np.zeros(combinations, dtype=np.int64)
        stride = 1
        for column in columns:
            if tested[leaf, column]:
                bit = 1 << np.searchsorted(own, column)
                for state in range(held[column]):
                    if parts[column, state] & allowed[leaf, column]:
                        for block in range(state * stride, combinations, stride * held[column]):
                            pattern[block : block + stride] |= bit
            stride *= held[column]
        for j in range(len(own)):
            panel, lane = divmod(np.searchsorted(columns, own[j]), LANES)
            for s in range(combinations):
                table[panel, s, lane] += shapley[pattern[s], j]
        for s in range(combinations):
            if pattern[s] == (1 << len(own)) - 1:
                score[s] += values[leaf]
    return table.astype(np.float32), score


@compiled
def _group_steps(
    columns: Array, features: Array, parts: Array, held: Array, local: Array, runs: tuple[Array, Array]
) -> Array:
    """How classes become a place in the group's table: (steps, 3) of feature, first class, what to add from it on.

    Places are added up modulo 2 ** 16. The parts are put in the order of their first class, so class 0 adds nothing.
    """
    begins, many = runs
    steps = [(0, 0, 0) for _ in range(0)]
    stride = 1
    for column in columns:
        ordered = np.zeros(LOCAL_CLASSES, dtype=np.uint64)
        fresh, before = 0, 0
        for run in range(many[column]):
            bit = np.uint64(1) << np.uint64(local[column, run])
            state = 0
            while state < fresh and not ordered[state] & bit:
                state += 1
            if state == fresh:
                part = 0
                while not parts[column, part] & bit:
                    part += 1
                ordered[fresh] = parts[column, part]
                fresh += 1
            if state != before:
                steps.append((features[column], begins[column, run], (state - before) * stride & 0xFFFF))
            before = state
        parts[column] = ordered
        stride *= held[column]
    table = np.empty((len(steps), 3), dtype=np.int64)
    for number, step in enumerate(steps):
        table[number, 0], table[number, 1], table[number, 2] = step
    return table


@compiled
def tabulate_tree(
    tree: tuple[Array, ...], tests: tuple[Array, ...], most: int, quadrature: Array
) -> tuple[float, list[tuple[Array, Array, Array, Array]]]:
    """All groups of one tree, of up to `most` combinations each.

    `tree` is (left, right, leaf values, leaf row counts), `tests` the tree's part of (feature, first_left, start,
    turns). Returns what the tree gives on average over its training rows, and a list of groups (features, steps,
    panels, score); or NaN and no group for a tree that is too deep or tells too many classes apart.
    """
    left, right, values, rows = tree
    split, first_left, start, turns = tests
    groups = [(split, np.empty((0, 3), dtype=np.int64), np.empty((0, 0, 0), np.float32), values) for _ in range(0)]
    if len(values) == 1:
        groups.append((split, np.empty((0, 3), dtype=np.int64), np.empty((0, 0, 0), np.float32), values))
        return values[0], groups
    features = np.unique(split)
    which = np.searchsorted(features, split)
    begins, many, sides = _runs(which, first_left, start, turns, len(features))
    local, found, words = _local_classes(which, many, sides)
    if found.max() > LOCAL_CLASSES:
        return np.nan, groups
    order, allowed, share, tested = _paths(left, right, which, words, found, rows)
    mean = 0.0
    for place in range(len(order)):
        mean += values[order[place]] * rows[order[place]] / rows.sum()
        if tested[place].sum() > DEEPEST:
            return np.nan, groups
    cuts = _groups(allowed, tested, found, most)
    for number in range(len(cuts) - 1):
        begin, end = cuts[number], cuts[number + 1]
        parts, held = _whole(found)
        met = np.zeros(len(features), dtype=np.bool_)
        for place in range(begin, end):
            _refine(parts, held, allowed[place], tested[place])
            met |= tested[place]
        columns = np.flatnonzero(met)
        steps = _group_steps(columns, features, parts, held, local, (begins, many))
        paths = (allowed[begin:end], share[begin:end], tested[begin:end])
        table, score = _group_table(columns, parts, held, paths, values[order[begin:end]], quadrature)
        groups.append((features[columns], steps, table, score))
    return mean, groups
