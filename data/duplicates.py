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
        keys, contents = np.concatenate(self._keys), np.concatenate(self._contents)
        rows, strict = np.concatenate(self._rows), np.concatenate(self._strict)
        order = np.lexsort((rows, keys))
        ordered = keys[order]
        same = np.flatnonzero(ordered[1:] == ordered[:-1])
        if not len(same):
            return Duplicates({}, {})
        starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
        sizes = np.diff(np.r_[starts, len(ordered)])
        twice: dict[int, list[int]] = {}
        conflicting: dict[int, int] = {}
        for start, size in zip(starts[sizes > 1].tolist(), sizes[sizes > 1].tolist(), strict=True):
            members = order[start : start + size]
            if len(np.unique(contents[members])) > 1 and strict[members[0]]:
                numbers = rows[members].tolist()
                conflicting |= {
                    number: next(other for other in numbers if other != number)
                    for number in numbers
                    if len(set(numbers)) > 1
                }
                continue
            first: dict[int, int] = {}
            for member in members.tolist():
                earlier = first.setdefault(int(contents[member]), int(rows[member]))
                if earlier != rows[member]:
                    twice.setdefault(int(rows[member]), []).append(earlier)
        counts = (
            dict(zip(*np.unique(rows[np.isin(rows, list(twice))], return_counts=True), strict=True)) if twice else {}
        )
        repeated = {
            row: min(earlier)
            for row, earlier in twice.items()
            if len(earlier) == counts[row] and row not in conflicting and not conflicting.keys() & set(earlier)
        }
        return Duplicates(repeated, conflicting)


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
