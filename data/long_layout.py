"""Long sheets (a row for each figure) made wide: a row for each enterprise and period, then read like any other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
import pyarrow as pa

from data.headers import Layout, aliases
from data.mapping import Mapping
from data.merges import MergedCells
from data.reading import TOP_ROWS, Chunk, RawSheet
from data.refusal import Refusal

MAX_FIGURES = 5_000_000
NAMELESS = "?"
"""Stands for the name of a figure that names none: a column that nobody knows, so it is told."""
_WORDLESS = ("", "数", "值", "数值", "金额", "余额", "累计", "实际")


@dataclass(frozen=True)
class LongPlaces:
    """Where the columns of a long sheet stand: the item, its unit, and each column of values with its period's words
    (`2024年`, `上年同期`; "" where the rows tell the period).
    """

    item: int
    values: tuple[tuple[int, str], ...]
    unit: int | None = None

    @property
    def positions(self) -> set[int]:
        """All of them."""
        return {self.item, *(at for at, _ in self.values)} | ({self.unit} if self.unit is not None else set())


class LongSheet:
    """A long sheet as a wide one. Row numbers are those of the first row of each enterprise and period; `figures` is
    how many rows of the sheet hold figures, `written` how many columns it has.
    """

    merged: list[tuple[int, int, int, int]]
    unvalued: dict[tuple[int, int], str]

    def __init__(self, raw: RawSheet, layout: Layout, places: LongPlaces) -> None:
        self.name, self.epoch_1904, self.hidden_rows, self.hidden = (
            raw.name,
            raw.epoch_1904,
            raw.hidden_rows,
            raw.hidden,
        )
        self.merged, self.unvalued, self.share = [], {}, 1.0
        self.written = len(layout.headers)
        self._rows: dict[tuple[str | None, ...], tuple[int, dict[str, str]]] = {}
        self._broken: list[tuple[int, str]] = []
        self._kept = [
            at for at, header in enumerate(layout.headers) if at not in places.positions and header.text.strip()
        ]
        self.figures, self._items = 0, dict[str, None]()
        merges = MergedCells(raw.merged, layout.header_row)
        for chunk in raw.chunks(len(layout.headers)):
            self._broken += [(number, text) for number, text in chunk.broken if number > layout.header_row]
            cells = merges.filled(chunk.cells.combine_chunks(), chunk.numbers, [*self._kept, places.item])
            self._take(cells, chunk.numbers, places, layout.header_row)
        self.headers = [layout.headers[at].text for at in self._kept] + list(self._items)
        titles = [[title] for title in layout.titles]
        self.header_row = len(titles) + 1
        self.top = [*titles, self.headers, *islice(self._wide(), TOP_ROWS)]

    @property
    def made(self) -> int:
        """How many rows were made of them."""
        return len(self._rows)

    def _take(self, cells: pa.Table, numbers: np.ndarray, places: LongPlaces, header_row: int) -> None:
        columns = [column.to_pylist() for column in cells.columns]
        for at in range(int(np.searchsorted(numbers, header_row, side="right")), len(numbers)):
            item = (columns[places.item][at] or "").strip()
            values = [(words, columns[position][at] or "") for position, words in places.values]
            if not item and not any(value.strip() for _, value in values):
                continue
            self.figures += 1
            if self.figures * len(values) > MAX_FIGURES:
                cells_read = self.figures * len(values)
                raise Refusal("intake-sheet-too-large", file=self.name, cells=cells_read, limit=MAX_FIGURES)
            written = (columns[places.unit][at] or "").strip() if places.unit is not None else ""
            unit = f"({written})" if written else ""
            for words, value in values:
                header = f"{words}{item or NAMELESS}{unit}"
                self._items.setdefault(header)
                self._put(tuple(columns[k][at] for k in self._kept), int(numbers[at]), header, value)

    def _put(self, key: tuple[str | None, ...], number: int, item: str, value: str) -> None:
        """Add a figure to its row; an item that its row has already opens another, to be seen as a contradiction."""
        copy = 0
        while (place := (*key, str(copy))) in self._rows and self._rows[place][1].get(item, value) != value:
            copy += 1
        self._rows.setdefault(place, (number, {}))[1][item] = value

    def chunks(self, width: int) -> Iterator[Chunk]:
        """All rows, made wide."""
        numbers = np.array([number for number, _ in self._rows.values()], np.int64)
        rows = list(self._wide())
        columns = {str(at): pa.array([row[at] or None for row in rows], pa.string()) for at in range(width)}
        yield Chunk(pa.table(columns), numbers, self._broken)

    def _wide(self) -> Iterator[list[str]]:
        for key, (_, figures) in self._rows.items():
            yield [*(cell or "" for cell in key[:-1]), *(figures.get(item, "") for item in self._items)]


def long_places(layout: Layout, mapping: Mapping | None) -> LongPlaces | None:
    """Where item, values and unit stand if a sheet is long; None if it is not.

    By the mapping, or where the sheet names an enterprise, an item, and either a value or columns that are periods and
    nothing else (`2023年`, `2024年`; `本年数`, `上年数`).
    """
    texts = [header.text.strip() for header in layout.headers]
    if mapping is not None and mapping.long is not None:
        missing = [name for name in (mapping.long.item, mapping.long.value) if name not in texts]
        if missing:
            raise Refusal("intake-column-missing", file="", column=missing[0], near=texts)
        unit = texts.index(mapping.long.unit) if mapping.long.unit in texts else None
        return LongPlaces(texts.index(mapping.long.item), ((texts.index(mapping.long.value), ""),), unit)
    if mapping is not None and mapping.tables:
        return None
    roles = [aliases().roles.get(header.core) for header in layout.headers]
    if "item" not in roles or "identifier" not in roles or any(re.fullmatch(r"\d+", text) for text in texts):
        return None
    values = [(at, "") for at, role in enumerate(roles) if role == "item_value"][:1]
    values += [
        (at, _period_words(text))
        for at, (header, text) in enumerate(zip(layout.headers, texts, strict=True))
        if header.span is not None and header.core in _WORDLESS
    ]
    if not values:
        return None
    return LongPlaces(roles.index("item"), tuple(values), roles.index("item_unit") if "item_unit" in roles else None)


def _period_words(text: str) -> str:
    """The words of a header that tell its period, fit to stand before an item's name.

    >>> _period_words("2024年(金额)"), _period_words("上年数")
    ('2024年', '上年')
    """
    bare = re.sub(r"[()()\s]", "", text)
    return next((bare.removesuffix(word) for word in sorted(_WORDLESS, key=len)[::-1] if bare.endswith(word)), bare)
