"""Long sheets (a row for each figure) made wide: a row for each enterprise and period, then read like any other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

import pyarrow as pa

from data.headers import Layout, aliases
from data.mapping import Mapping
from data.reading import TOP_ROWS, Chunk, RawSheet
from data.refusal import Refusal

MAX_FIGURES = 5_000_000


class LongSheet:
    """A long sheet as a wide one. Row numbers are those of the first row of each enterprise and period."""

    merged: list[tuple[int, int, int, int]]
    unvalued: dict[tuple[int, int], str]

    def __init__(self, raw: RawSheet, layout: Layout, places: tuple[int, int, int | None]) -> None:
        self.name, self.epoch_1904, self.hidden_rows = raw.name, raw.epoch_1904, raw.hidden_rows
        self.merged, self.unvalued, self.share = [], {}, 1.0
        item, value, unit = places
        kept = [at for at, header in enumerate(layout.headers) if at not in places and header.text.strip()]
        self._rows: dict[tuple[str | None, ...], tuple[int, dict[str, str]]] = {}
        items: dict[str, None] = {}
        figures = 0
        for chunk in raw.chunks(len(layout.headers)):
            columns = [column.to_pylist() for column in chunk.cells.columns]
            for at, number in enumerate(chunk.numbers.tolist()):
                if number <= layout.header_row or not columns[item][at]:
                    continue
                figures += 1
                if figures > MAX_FIGURES:
                    raise Refusal("intake-sheet-too-large", file=raw.name, cells=figures, limit=MAX_FIGURES)
                written = columns[unit][at] if unit is not None else None
                header = f"{columns[item][at].strip()}({written.strip()})" if written else columns[item][at].strip()
                items.setdefault(header)
                self._put(tuple(columns[k][at] for k in kept), number, header, columns[value][at] or "")
        self.headers = [layout.headers[at].text for at in kept] + list(items)
        titles = [[title] for title in layout.titles]
        self.header_row = len(titles) + 1
        self.top = [*titles, self.headers, *islice(self._wide(), TOP_ROWS)]

    def _put(self, key: tuple[str | None, ...], number: int, item: str, value: str) -> None:
        """Add a figure to its row; an item that its row has already opens another, to be seen as a contradiction."""
        copy = 0
        while (place := (*key, str(copy))) in self._rows and self._rows[place][1].get(item, value) != value:
            copy += 1
        self._rows.setdefault(place, (number, {}))[1][item] = value

    def chunks(self, width: int) -> Iterator[Chunk]:
        """All rows, made wide."""
        import numpy as np

        numbers = np.array([number for number, _ in self._rows.values()], np.int64)
        rows = list(self._wide())
        columns = {str(at): pa.array([row[at] or None for row in rows], pa.string()) for at in range(width)}
        yield Chunk(pa.table(columns), numbers)

    def _wide(self) -> Iterator[list[str]]:
        items = self.headers[len(next(iter(self._rows), ())) - 1 :] if self._rows else []
        for key, (_, figures) in self._rows.items():
            yield [*(cell or "" for cell in key[:-1]), *(figures.get(item, "") for item in items)]


def long_places(layout: Layout, mapping: Mapping | None) -> tuple[int, int, int | None] | None:
    """Where item, value and unit stand if a sheet is long; None if it is not."""
    texts = [header.text.strip() for header in layout.headers]
    if mapping is not None and mapping.long is not None:
        missing = [name for name in (mapping.long.item, mapping.long.value) if name not in texts]
        if missing:
            raise Refusal("intake-column-missing", file="", column=missing[0], near=texts)
        unit = texts.index(mapping.long.unit) if mapping.long.unit in texts else None
        return texts.index(mapping.long.item), texts.index(mapping.long.value), unit
    if mapping is not None and mapping.tables:
        return None
    roles = [aliases().roles.get(header.core) for header in layout.headers]
    if "item" not in roles or "item_value" not in roles or "identifier" not in roles:
        return None
    if any(re.fullmatch(r"\d+", text) for text in texts):
        return None
    return (
        roles.index("item"),
        roles.index("item_value"),
        roles.index("item_unit") if "item_unit" in roles else None,
    )
