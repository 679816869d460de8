"""The view laid out in memory: what an engine found, in any order, as columns with one place for each enterprise.

Laying figures out by number costs a fraction of joining one part of the view after another to every enterprise, and
no more memory than the columns themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from features.events import EVENT_COLUMNS
from features.knowledge import Floats, Whole, last_versions

CHUNK_ROWS = 65_536
"""Rows that pass at once between engine and memory: enough to amortise a call, few enough for a processor's cache."""


def while_fetching(batches: Iterable[pa.RecordBatch], act: Callable[[pa.RecordBatch], None]) -> None:
    """Do `act` to each batch in turn, in a thread of its own while the engine brings the next."""
    with ThreadPoolExecutor(1) as beside:
        begun: Future[None] | None = None
        for batch in batches:
            if begun is not None:
                begun.result()
            begun = beside.submit(act, batch)
        if begun is not None:
            begun.result()


def ordered_by_row(who: pa.Table) -> pa.Table:
    """The enterprises in the order of their numbers."""
    places = np.empty(who.num_rows, dtype=np.int64)
    places[whole(who.column("row"))] = np.arange(who.num_rows)
    return who.combine_chunks().take(pa.array(places))


def figures_laid_out(
    rows: Iterable[pa.RecordBatch], places: Mapping[int, Mapping[str, str]], count: int
) -> dict[str, Floats]:
    """The figures of reports as columns (count,), NaN where nothing is known.

    `rows` and `places` are the view's `placed` and `figures`. Steady rows stand alone in their cell; of others the
    last known version of each figure holds (`knowledge.last_versions`).
    """
    columns = {column: np.full(count, np.nan) for fields in places.values() for column in fields.values()}
    fields = list(dict.fromkeys(field for names in places.values() for field in names))
    revised = []

    def lay_out(batch: pa.RecordBatch) -> None:
        steady = batch.column("steady")
        if not pc.all(steady).as_py():
            revised.append(batch.filter(pc.invert(steady)))
            batch = batch.filter(steady)
        row, slot = whole(batch.column("row")), whole(batch.column("slot"))
        _write(columns, places, row, slot, _Fields(batch).__getitem__, once=True)

    while_fetching(rows, lay_out)
    if revised:
        table = pa.Table.from_batches(revised)
        number, slot, precedence = (whole(table.column(name)) for name in ("row", "slot", "precedence"))
        base = slot.min(initial=0)
        span = int(slot.max(initial=0)) - int(base) + 1
        cells, values = last_versions(number * span + slot - base, precedence, [floats(table[name]) for name in fields])
        found = dict(zip(fields, values, strict=True))
        _write(columns, places, cells // span, cells % span + base, found.__getitem__, once=False)
    return columns


class _Fields:
    """A batch's fields as numbers, each made once, when it is asked for."""

    def __init__(self, batch: pa.RecordBatch) -> None:
        self.batch = batch
        self.made: dict[str, Floats] = {}

    def __getitem__(self, name: str) -> Floats:
        if name not in self.made:
            self.made[name] = floats(self.batch.column(name))
        return self.made[name]


def _write(
    columns: Mapping[str, Floats],
    places: Mapping[int, Mapping[str, str]],
    row: Whole,
    slot: Whole,
    field: Callable[[str], Floats],
    *,
    once: bool,
) -> None:
    """Write each field into the column of its slot: `once` for each cell, else what is known over what was before."""
    for number, names in places.items():
        here = np.flatnonzero(slot == number)
        if not len(here):
            continue
        everything = len(here) == len(slot)
        to = row if everything else row[here]
        for name, column in names.items():
            values = field(name) if everything else field(name)[here]
            if once:
                columns[column][to] = values
            else:
                known = ~np.isnan(values)
                columns[column][to[known]] = values[known]


def view_laid_out(
    who: pa.Table, figures: Mapping[str, Floats], counted: Iterable[pa.Table], as_of: date, columns: Iterable[str]
) -> pa.Table:
    """The view's `columns` with a row for each of `who`, in their order; cut into chunks that engines share out."""
    count = who.num_rows
    found: dict[str, Any] = {
        "row": pa.array(np.arange(count)),
        "as_of": pa.repeat(pa.scalar(as_of, pa.date32()), count),
    }
    found |= {name: who.column(name) for name in who.column_names if name not in ("row", "enterprise_id")}
    found |= {name: pa.array(values, from_pandas=True) for name, values in figures.items()}
    for table in counted:
        found |= _events_laid_out(table, count)
    table = pa.table({name: found[name] for name in columns})
    return pa.Table.from_batches(table.combine_chunks().to_batches(CHUNK_ROWS), table.schema)


def _events_laid_out(table: pa.Table, count: int) -> dict[str, pa.Array]:
    """Counts of events as columns: an enterprise without any has 0, provided that the table holds events at all."""
    fed = table.num_rows > 0
    table = table.filter(table.column("row").is_valid())
    rows = whole(table.column("row"))
    found = {}
    for name in table.column_names[1:]:
        nil = 0.0 if fed and EVENT_COLUMNS[name].nil_is_zero else np.nan
        values = np.full(count, nil)
        told = floats(table.column(name))
        values[rows] = np.where(np.isnan(told), nil, told)
        found[name] = pa.array(values, from_pandas=True)
    return found


class FeaturesLaidOut:
    """The features that an engine computed, gathered in the order of `row`: numbers and categories."""

    def __init__(self, count: int, numbers: Iterable[str], categories: Iterable[str]) -> None:
        self.numbers: dict[str, Floats] = {name: np.full(count, np.nan) for name in numbers}
        self.codes = {name: np.full(count, -1, dtype=np.int32) for name in categories}
        self.kinds: dict[str, dict[str, int]] = {name: {} for name in self.codes}

    def take(self, batch: pa.RecordBatch) -> None:
        """Write a batch of rows to their places; what is infinite or no number is NaN."""
        row = whole(batch.column("row"))
        first = int(row[0]) if len(row) else 0
        to: Any = slice(first, first + len(row)) if (np.diff(row) == 1).all() else row
        for name, column in self.numbers.items():
            values = floats(batch.column(name))
            column[to] = np.where(np.isfinite(values), values, np.nan)
        for name, codes in self.codes.items():
            kinds = self.kinds[name]
            told = batch.column(name).cast(pa.string()).dictionary_encode()
            numbered = [kinds.setdefault(kind, len(kinds)) for kind in told.dictionary.to_pylist()]
            own = told.indices.fill_null(-1).to_numpy(zero_copy_only=False)
            codes[to] = np.array([*numbered, -1], dtype=np.int32)[own]

    def category(self, name: str) -> pd.Categorical:
        """Categories in ascending order, so that codes do not depend on the order of rows."""
        kinds = self.kinds[name]
        ascending = sorted(kinds)
        place = np.full(len(kinds) + 1, -1, dtype=np.int32)
        place[[kinds[kind] for kind in ascending]] = np.arange(len(kinds), dtype=np.int32)
        return pd.Categorical.from_codes(place[self.codes[name]], categories=pd.Index(ascending, dtype="str"))


def whole(column: pa.Array | pa.ChunkedArray) -> Whole:
    """A column of whole numbers without nulls."""
    found: Whole = np.asarray(column.to_numpy(), dtype=np.int64)
    return found


def floats(column: pa.Array | pa.ChunkedArray) -> Floats:
    """A column of numbers as float64, NaN for null."""
    found: Floats = np.asarray(column.cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)
    return found


def texts(column: pa.ChunkedArray) -> pd.api.extensions.ExtensionArray:
    """A column of texts as pandas holds them (`str`), in Arrow's memory; NaN for null."""
    found: pd.api.extensions.ExtensionArray = column.to_pandas().astype("str").array
    return found


def days(column: pa.ChunkedArray) -> npt.NDArray[np.object_]:
    """A column of dates as Python's, equal ones held once; None for null."""
    told = column.combine_chunks().dictionary_encode()
    kinds = np.array([*told.dictionary.to_pylist(), None], dtype=object)
    found: npt.NDArray[np.object_] = kinds[told.indices.fill_null(-1).to_numpy(zero_copy_only=False)]
    return found
