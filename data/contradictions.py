"""What a file states twice, once all of it is read: rows that contradict each other are found field by field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from data.duplicates import Suspects
from data.plan import Emission
from data.staging import Staging
from data.tables import TABLES

Keep = Literal["first", "last"]

AT_ONCE = 250_000
"""Rows compared at a time: memory does not follow the file."""
SHEET_SHIFT = 40
"""Row numbers of different sheets are told apart by the sheet's number above this many bits."""
DETAILED = 400
"""Disagreements of which the columns are kept; the others are known by their rows."""


@dataclass(frozen=True)
class Origin:
    """Where a row group of a staged file came from: the sheet's number and the emission that made its rows."""

    sheet: int
    emission: Emission


@dataclass(frozen=True)
class Disagreement:
    """Two rows that say different things of one field: positions of the column in each row's sheet (-1: a constant)."""

    position: int
    other: int
    other_position: int


@dataclass
class Disagreements:
    """Rows (numbers with the sheet in the high bits), each with another one that it contradicts, and some details."""

    others: dict[int, int] = field(default_factory=dict)
    details: dict[int, Disagreement] = field(default_factory=dict)


def sheet_of(row: int) -> int:
    """The sheet's number in a row number."""
    return row >> SHEET_SHIFT


def number_of(row: int) -> int:
    """The row as its sheet counts it."""
    return row & ((1 << SHEET_SHIFT) - 1)


def disagreements(
    staging: Staging,
    origins: Mapping[str, Sequence[Origin]],
    suspects: Suspects,
    tables: Sequence[str],
    keep: Keep | None = None,
) -> Disagreements:
    """The suspected rows that do contradict each other in the given tables.

    Two rows contradict each other when they fill the same field of the same fact (table, enterprise, key and day of
    knowledge) with different values. Rows that complete each other (revenue in one, employees in the other) do not.
    With `keep`, only the rows that contradict the first or the last of a fact are given.
    """
    found = Disagreements()
    for wanted in suspects.portions(AT_ONCE):
        for table in tables:
            rows = _rows_of(staging, table, origins[table], wanted)
            if len(rows) > 1:
                _compare(table, rows, origins[table], found, keep)
    return found


def _rows_of(staging: Staging, table: str, origins: Sequence[Origin], wanted: np.ndarray) -> pd.DataFrame:
    """The wanted rows of a staged table with `row` (number and sheet) and `origin`."""
    parts: list[pa.Table] = []
    with pq.ParquetFile(staging.close(table)) as source:
        for group in range(source.num_row_groups):
            rows = source.read_row_group(group, columns=[n for n in source.schema_arrow.names if n != "batch_id"])
            numbers = rows.column("source_row").to_numpy() + (origins[group].sheet << SHEET_SHIFT)
            chosen = np.isin(numbers, wanted)
            if chosen.any():
                part = rows.filter(pa.array(chosen)).append_column("row", pa.array(numbers[chosen]))
                parts.append(part.append_column("origin", pa.repeat(pa.scalar(group), part.num_rows)))
    return pa.concat_tables(parts).to_pandas() if parts else pd.DataFrame()


def _compare(
    table: str, rows: pd.DataFrame, origins: Sequence[Origin], found: Disagreements, keep: Keep | None
) -> None:
    key = ["enterprise_id", "known_on", *TABLES[table].key]
    rows = rows.sort_values("row", kind="stable", ignore_index=True)
    fact = rows.groupby(key, sort=False, dropna=False).ngroup().to_numpy()
    numbers = rows["row"].tolist()
    for name in TABLES[table].names:
        if name in key or rows[name].isna().all():
            continue
        for at, other in zip(*_unequal(rows[name], fact, keep), strict=True):
            if numbers[at] in found.others or numbers[at] == numbers[other]:
                continue
            found.others[numbers[at]] = numbers[other]
            if len(found.details) < DETAILED:
                mine, theirs = (_position(origins[rows["origin"][one]], name, rows, one) for one in (at, other))
                found.details[numbers[at]] = Disagreement(mine, numbers[other], theirs)


def _unequal(values: pd.Series, fact: np.ndarray, keep: Keep | None) -> tuple[list[int], list[int]]:
    """Positions whose values differ though the fact is the same, and for each the position of one that it differs
    from. With `keep`, only those that differ from the first or last of their fact.
    """
    filled = np.flatnonzero(values.notna().to_numpy())
    codes, _ = pd.factorize(values.iloc[filled])
    order = np.argsort(fact[filled], kind="stable")
    filled, codes, facts = filled[order], codes[order], fact[filled][order]
    edges = np.flatnonzero(facts[1:] != facts[:-1])
    starts, ends = np.r_[0, edges + 1], np.r_[edges, len(facts) - 1]
    sizes = ends - starts + 1
    first, last = np.repeat(starts, sizes), np.repeat(ends, sizes)
    unlike = codes != codes[first if keep != "last" else last]
    if keep is not None:
        return filled[unlike].tolist(), filled[(first if keep == "first" else last)[unlike]].tolist()
    # those equal to the first contradict the first that is unlike it
    places = np.where(unlike, np.arange(len(codes)), len(codes))
    against = np.repeat(np.minimum.reduceat(places, starts), sizes)
    told = against < len(codes)
    other = np.where(unlike, first, np.minimum(against, len(codes) - 1))
    return filled[told].tolist(), filled[other[told]].tolist()


def _position(origin: Origin, name: str, rows: pd.DataFrame, at: int) -> int:
    """Where the sheet has the column of a field; that of the code for a declared indicator."""
    code = rows["code"][at] if "code" in rows else None
    for source in origin.emission.sources:
        if source.field.name == name and source.code in ("", code):
            return source.position
    return -1
