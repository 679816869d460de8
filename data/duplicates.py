"""Rows that state the same fact twice: found by hash over the whole file, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.partitions import Partitions

_PRIME = np.uint64(0x100000001B3)
_MIX = np.uint64(0x9E3779B97F4A7C15)
_ENTRY = np.dtype([("key", "<u8"), ("content", "<u8"), ("whole", "<u8"), ("row", "<i8")])


@dataclass(frozen=True)
class Suspects:
    """Rows that state the same fact in other words: row numbers and the fact of each, ordered by fact."""

    rows: np.ndarray
    facts: np.ndarray

    def portions(self, size: int) -> Iterator[np.ndarray]:
        """The rows in portions of about so many; those of one fact stay together."""
        start = 0
        while start < len(self.rows):
            end = min(start + size, len(self.rows))
            end += int(np.searchsorted(self.facts[end:], self.facts[end - 1], side="right"))
            yield np.unique(self.rows[start:end])
            start = end


@dataclass(frozen=True)
class Duplicates:
    """`repeated`: rows (in order) of which an earlier one says all, word for word, and `first`, for each the first such
    row; to be kept once. `suspects`: rows that may contradict another one, or complete it.

    Row numbers have their sheet's number in the high bits.
    """

    repeated: np.ndarray
    first: np.ndarray
    suspects: Suspects


class DuplicateIndex:
    """Gathers keys and contents chunk by chunk; `find` compares all of them. `folder` takes what memory should not."""

    def __init__(self, folder: Path) -> None:
        self._entries = Partitions(folder, "facts", _ENTRY)

    def add(self, key: np.ndarray, content: np.ndarray, whole: np.ndarray, rows: np.ndarray) -> None:
        """Take rows: hashes of which fact each states, of what it says of it, of all the row says; row numbers."""
        entries = np.empty(len(rows), _ENTRY)
        entries["key"], entries["content"], entries["whole"], entries["row"] = key, content, whole, rows
        self._entries.add(key, entries)

    def find(self) -> Duplicates:
        """The repeated and the suspected rows of everything added."""
        repeated = [np.empty((0, 2), np.int64)]
        rows, facts, number = [np.empty(0, np.int64)], [np.empty(0, np.int64)], 0
        for part in self._entries.parts():
            shared = _shared(part)
            if not len(shared):
                continue
            repeated.append(_repeats(shared))
            suspected, fact = _suspects(shared)
            rows.append(suspected)
            facts.append(fact + number)
            number += len(shared)
        pairs = np.concatenate(repeated)
        again, at = np.unique(pairs[:, 0], return_index=True)  # a row comes once for each fact that it states
        return Duplicates(again, pairs[at, 1], Suspects(np.concatenate(rows), np.concatenate(facts)))


def _shared(entries: np.ndarray) -> np.ndarray:
    """The entries whose key another one has, ordered by key, whole and row."""
    order = np.argsort(entries["key"], kind="stable")
    keys = entries["key"][order]
    same = keys[1:] == keys[:-1]
    chosen = entries[order[np.r_[False, same] | np.r_[same, False]]] if len(entries) else entries
    return np.asarray(chosen[np.lexsort((chosen["row"], chosen["whole"], chosen["key"]))])


def _suspects(entries: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows of which another says something else of the same fact, and a number for each fact; ordered by fact."""
    starts = np.flatnonzero(np.r_[True, entries["key"][1:] != entries["key"][:-1]])
    sizes = np.diff(np.r_[starts, len(entries)])
    unlike = np.maximum.reduceat(entries["content"], starts) != np.minimum.reduceat(entries["content"], starts)
    chosen = np.repeat(unlike, sizes)
    return entries["row"][chosen], np.repeat(np.arange(len(starts)), sizes)[chosen]


def _repeats(entries: np.ndarray) -> np.ndarray:
    """Rows of which an earlier row says all, word for word, each with the first such row."""
    new = np.r_[True, (entries["key"][1:] != entries["key"][:-1]) | (entries["whole"][1:] != entries["whole"][:-1])]
    first = entries["row"][np.flatnonzero(new)][np.cumsum(new) - 1]
    again = first != entries["row"]
    return np.column_stack([entries["row"][again], first[again]])


def row_hashes(columns: list[pa.Array]) -> np.ndarray:
    """One 64-bit number for each row over all columns; missing values are a value of their own."""
    rows = len(columns[0])
    state = np.full(rows, np.uint64(0xCBF29CE484222325))
    for column in columns:
        array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        state = _mixed((state * _PRIME) ^ _numbers(array))
    return state


def combined(hashes: list[np.ndarray]) -> np.ndarray:
    """One 64-bit number for each row over several."""
    state = np.zeros(len(hashes[0]), np.uint64)
    for one in hashes:
        state = _mixed((state * _PRIME) ^ one)
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
