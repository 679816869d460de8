"""Cells merged over several rows: what they say of each row, and what they cannot say."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa


class MergedCells:
    """The cells of one sheet that are merged downwards. A reader gives their text to the first row alone."""

    def __init__(self, merged: Sequence[tuple[int, int, int, int]], header_row: int) -> None:
        self._ranges: dict[int, list[tuple[int, int]]] = {}
        self._texts: dict[tuple[int, int], str | None] = {}
        for top, left, bottom, _right in merged:
            if bottom > top and top >= header_row:
                self._ranges.setdefault(left, []).append((top + 1, bottom + 1))

    def covers(self, position: int, numbers: np.ndarray) -> np.ndarray:
        """Positions of the rows (by number) at which a cell of the column begins that covers more rows."""
        starts = np.array([first for first, _ in self._ranges.get(position, ())], np.int64)
        return np.flatnonzero(np.isin(numbers, starts))

    def same_rows(self, position: int, other: int, number: int) -> bool:
        """Whether two columns are merged over the same rows from a row number on."""
        last = dict(self._ranges.get(position, ())).get(number)
        return last is not None and dict(self._ranges.get(other, ())).get(number, 0) >= last

    def filled(self, cells: pa.Table, numbers: np.ndarray, positions: Sequence[int]) -> pa.Table:
        """The rows with the text of merged cells repeated downwards in the given columns. Call it chunk by chunk, in
        order: a cell may reach from one chunk into the next.
        """
        for position in positions:
            if position not in self._ranges or not len(numbers):
                continue
            texts = cells.column(position).to_pylist()
            for first, last in self._ranges[position]:
                start, stop = np.searchsorted(numbers, [first, last + 1]).tolist()
                for at in range(start, stop):
                    if numbers[at] == first:
                        self._texts[(position, first)] = texts[at]
                    elif not (texts[at] or "").strip():
                        texts[at] = self._texts.get((position, first))
            cells = cells.set_column(position, cells.column_names[position], pa.array(texts, pa.string()))
        return cells
