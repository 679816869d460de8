"""Rows that state the same fact twice: found by hash over the whole file, 24 bytes of memory for each row and table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_PRIME = np.uint64(0x100000001B3)
_MIX = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Duplicates:
    """Row numbers (with their sheet's number in the high bits) and, for each, the first row that says the same.

    `repeated`: rows that say nothing new, to be kept once. `conflicting`: rows that contradict another row about the
    same fact; all of them are named, none is chosen.
    """

    repeated: dict[int, int]
    conflicting: dict[int, int]


class DuplicateIndex:
    """Gathers keys and contents chunk by chunk; `find` compares them all."""

    def __init__(self) -> None:
        self._keys: list[np.ndarray] = []
        self._contents: list[np.ndarray] = []
        self._rows: list[np.ndarray] = []
        self._strict: list[np.ndarray] = []

    def add(
        self, table_number: int, key: list[pa.Array], content: list[pa.Array], rows: np.ndarray, *, strict: bool
    ) -> None:
        """Take rows of one table: the columns that say which fact, the columns that say what, the row numbers.

        `strict`: a contradiction in this table rejects the rows; else (names beside figures) it does not.
        """
        self._keys.append(row_hashes([pa.repeat(pa.scalar(table_number), len(rows)), *key]))
        self._contents.append(row_hashes(content) if content else np.zeros(len(rows), np.uint64))
        self._rows.append(rows)
        self._strict.append(np.full(len(rows), strict))

    def find(self) -> Duplicates:
        """The repeated and the conflicting rows of everything added."""
        if not self._keys:
            return Duplicates({}, {})
        keys = np.concatenate(self._keys)
        ordered = np.sort(keys)
        shared = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
        if not len(shared):
            return Duplicates({}, {})
        chosen = np.flatnonzero(_among(keys, shared))
        all_rows = np.concatenate(self._rows)
        keys, rows = keys[chosen], all_rows[chosen]
        contents, strict = np.concatenate(self._contents)[chosen], np.concatenate(self._strict)[chosen]
        order = np.lexsort((rows, contents, keys))
        keys, contents, rows, strict = keys[order], contents[order], rows[order], strict[order]
        groups = np.cumsum(np.r_[False, keys[1:] != keys[:-1]])
        runs = np.cumsum(np.r_[False, (keys[1:] != keys[:-1]) | (contents[1:] != contents[:-1])])
        conflicting = _conflicts(groups, runs, rows, strict)
        first = rows[np.searchsorted(runs, runs)]  # the first row that says the same
        twice = (first != rows) & ~np.isin(first, list(conflicting)) & ~np.isin(rows, list(conflicting))
        return Duplicates(_wholly(rows[twice], first[twice], all_rows), conflicting)


def _conflicts(groups: np.ndarray, runs: np.ndarray, rows: np.ndarray, strict: np.ndarray) -> dict[int, int]:
    """Rows of groups that hold different contents from different rows, each with another row of its group."""
    starts = np.flatnonzero(np.r_[True, groups[1:] != groups[:-1]])
    sizes = np.diff(np.r_[starts, len(groups)])
    differing = (runs[starts + sizes - 1] != runs[starts]) & strict[starts]
    found: dict[int, int] = {}
    for start, size in zip(starts[differing].tolist(), sizes[differing].tolist(), strict=True):
        numbers = np.unique(rows[start : start + size]).tolist()
        if len(numbers) > 1:
            found |= {number: numbers[1] if number == numbers[0] else numbers[0] for number in numbers}
    return found


def _wholly(rows: np.ndarray, first: np.ndarray, all_rows: np.ndarray) -> dict[int, int]:
    """Those rows of which every table's part was said before, each with the earliest row that says it."""
    if not len(rows):
        return {}
    numbers, parts = np.unique(rows, return_counts=True)
    some, whole = np.unique(all_rows[_among(all_rows, numbers)], return_counts=True)
    repeated = numbers[parts == whole[np.searchsorted(some, numbers)]]
    order = np.lexsort((first, rows))
    earliest = first[order][np.searchsorted(rows[order], repeated)]
    return dict(zip(repeated.tolist(), earliest.tolist(), strict=True))


def _among(values: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Which values are among sorted distinct ones."""
    at = np.minimum(np.searchsorted(known, values), len(known) - 1)
    return np.asarray(known[at] == values)


def row_hashes(columns: list[pa.Array]) -> np.ndarray:
    """One 64-bit number for each row over all columns; missing values are a value of their own."""
    rows = len(columns[0])
    state = np.full(rows, np.uint64(0xCBF29CE484222325))
    for column in columns:
        array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        state = _mixed((state * _PRIME) ^ _numbers(array))
    return state


def _numbers(array: pa.Array) -> np.ndarray:
    if pa.types.is_string(array.type):
        return _text_numbers(array)
    plain = pc.cast(array, pa.int32()) if pa.types.is_date32(array.type) else array
    values = pc.cast(plain, pa.float64()).to_numpy(zero_copy_only=False)
    bits: np.ndarray = (values + 0.0).view(np.uint64).copy()
    bits[np.isnan(values)] = np.uint64(0x7FF8000000000000)
    return bits


def _text_numbers(array: pa.Array) -> np.ndarray:
    """A polynomial hash of each text's bytes, all texts at once, one byte position after the other."""
    filled = pc.fill_null(array, "\0")
    filled = filled.combine_chunks() if isinstance(filled, pa.ChunkedArray) else filled
    buffers = filled.buffers()
    offsets = np.frombuffer(buffers[1], np.int32)[filled.offset : filled.offset + len(filled) + 1].astype(np.int64)
    data = np.frombuffer(buffers[2], np.uint8) if buffers[2] is not None and buffers[2].size else np.zeros(1, np.uint8)
    starts, lengths = offsets[:-1], np.diff(offsets)
    state: np.ndarray = lengths.astype(np.uint64)
    longest = int(lengths.max(initial=0))
    active = np.arange(len(lengths))
    for step in range(longest):
        active = active[lengths[active] > step]
        state[active] = state[active] * _PRIME + data[starts[active] + step] + np.uint64(1)
    return state


def _mixed(state: np.ndarray) -> np.ndarray:
    state = (state ^ (state >> np.uint64(31))) * _MIX
    return np.asarray(state ^ (state >> np.uint64(29)))
