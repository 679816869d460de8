"""A batch held against what is known already: last year's figures and earlier names, by hash, in bounded memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from data.duplicates import combined, row_hashes
from data.partitions import Partitions
from data.plausibility import nearest_step, steps
from data.store import Store

Place = tuple[str, str]
"""A sheet and a column of it."""
Placing = Callable[[int, str], Place]
"""Where a field's figures came from, by row group of the staged file and field."""

COMPARED = ("revenue_cny", "total_assets_cny")
_FIGURES = np.dtype(
    [("who", "<u8"), ("end", "<i8"), ("length", "<i8"), ("row", "<i8"), ("group", "<i8")]
    + [(name, "<f8") for name in COMPARED]
)
_NAMES = np.dtype([("who", "<u8"), ("name", "<u8"), ("day", "<i8"), ("row", "<i8"), ("group", "<i8")])
_MARKS = 22
"""Bits of the number of an enterprise by which it is marked as met in the file."""


@dataclass(frozen=True)
class Difference:
    """A row that does not go with what is known: its number and row group, the field, the texts of a finding about it
    (`before`, `after`) and more values of its sentence.
    """

    row: int
    group: int
    field: str
    before: str
    after: str
    values: Mapping[str, object]


Differences = dict[Place, tuple[list[Difference], int]]
"""By place: the first differing rows, and how many there are."""
Compare = Callable[[Store, Path, Placing, int], Differences]
"""Holds a staged file against the store."""


class _Beside:
    """A file's records and the store's of the same enterprises, spilled by enterprise into parts beside the staged
    file: memory follows neither.
    """

    def __init__(self, folder: Path, name: str, kind: np.dtype[Any]) -> None:
        self._mine, self._known = Partitions(folder, f"my-{name}", kind), Partitions(folder, f"known-{name}", kind)
        self._met = np.zeros(1 << _MARKS, bool)

    def tell(self, records: np.ndarray) -> None:
        """Take records of the file; all of them before any of the store's."""
        self._mine.add(records["who"], records)
        self._met[self._marks(records)] = True

    def know(self, records: np.ndarray) -> None:
        """Take records of the store. Of enterprises that share a mark with one of the file's, some come in vain."""
        met = records[self._met[self._marks(records)]]
        self._known.add(met["who"], met)

    def parts(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Parts of the file, each with what the store knows of the same enterprises."""
        if self._mine.spilled:
            self._known.spill()
        elif self._known.spilled:
            self._mine.spill()
        yield from ((self._mine.part(number), self._known.part(number)) for number in self._mine.numbers())

    def _marks(self, records: np.ndarray) -> np.ndarray:
        return (records["who"] >> np.uint64(64 - _MARKS)).astype(np.int64)


def year_steps(store: Store, staged: Path, place: Placing, most: int) -> Differences:
    """Figures of a staged `reports` file that are about 10, 1,000 or 10,000 times those of the year before (in the file
    itself or in the store), or that part of them; of each place the first `most` rows.

    `before` is the figure, `after` last year's, both in yuan; `factor` and `more` say what lies between.
    """
    columns = ["enterprise_id", "period_end", "period_months", "source_row", *COMPARED]
    beside = _Beside(staged.parent / "history", "figures", _FIGURES)
    for group, chunk in _groups(staged, columns):
        beside.tell(_records(chunk, group))
    for chunk in _stored(store.files("reports"), columns):
        beside.know(_records(chunk, -1))
    return _first((one for mine, known in beside.parts() for one in _compared(mine, known)), place, most)


def renamings(store: Store, staged: Path, place: Placing, most: int) -> Differences:
    """Enterprises of a staged `enterprises` file that the store knows under another name, each once; of each place the
    first `most`. `before` is the last name known, `after` the file's.
    """
    stored = store.files("enterprises")
    if not stored:
        return {}
    beside = _Beside(staged.parent / "history", "names", _NAMES)
    for group, chunk in _groups(staged, ["enterprise_id", "name", "source_row"]):
        beside.tell(_named(chunk, np.nan_to_num(chunk.column("source_row").to_numpy()), group))
    columns, count = ["enterprise_id", "name", "known_on"], 0
    for chunk in _stored(stored, columns):
        beside.know(_named(chunk, np.arange(count, count + chunk.num_rows), -1))
        count += chunk.num_rows
    found = _first((one for mine, known in beside.parts() for one in _renamed(mine, known)), place, most)
    return _with_names(found, stored, staged)


def _first(found: Iterable[Difference], place: Placing, most: int) -> Differences:
    """The first rows of each place, without holding all of them."""
    kept: dict[Place, list[Difference]] = {}
    numbers: Counter[Place] = Counter()
    for one in found:
        where = place(one.group, one.field)
        numbers[where] += 1
        kept.setdefault(where, []).append(one)
        if len(kept[where]) > 2 * most:
            kept[where] = sorted(kept[where], key=lambda one: one.row)[:most]
    return {
        where: (sorted(rows, key=lambda one: one.row)[:most], numbers[where]) for where, rows in sorted(kept.items())
    }


def _compared(mine: np.ndarray, known: np.ndarray) -> Iterator[Difference]:
    """The steps of one part. Where the file and the store both tell of the year before, the file is heard."""
    everything = np.concatenate([mine, known])
    keys = _period_hash(everything, 0)
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    wanted = _period_hash(mine, 12)
    at = np.minimum(np.searchsorted(ordered, wanted), len(ordered) - 1)
    found = ordered[at] == wanted
    before = everything[order[at]]
    for name in COMPARED:
        for hit in np.flatnonzero(found & steps(mine[name], before[name])).tolist():
            now, then = float(mine[name][hit]), float(before[name][hit])
            values = {"factor": nearest_step(max(abs(now / then), abs(then / now))), "more": now > then}
            row, group = int(mine["row"][hit]), int(mine["group"][hit])
            yield Difference(row, group, name, f"{now:.15g}", f"{then:.15g}", values)


def _period_hash(records: np.ndarray, months_back: int) -> np.ndarray:
    """One number for an enterprise and a period of a length, so many months before the one recorded."""
    return combined([records["who"], ((records["end"] - months_back) * 16 + records["length"]).astype(np.uint64)])


def _records(chunk: pa.Table, group: int) -> np.ndarray:
    """Who, which period (its last month since 1970, its months), which row, and the figures compared."""
    records = np.empty(chunk.num_rows, _FIGURES)
    records["who"] = row_hashes([chunk.column("enterprise_id")])
    records["end"] = chunk.column("period_end").to_numpy().astype("datetime64[M]").astype(np.int64)
    records["length"] = np.nan_to_num(chunk.column("period_months").to_numpy())
    records["row"] = np.nan_to_num(chunk.column("source_row").to_numpy())
    records["group"] = group
    for name in COMPARED:
        records[name] = chunk.column(name).to_numpy()
    return records


def _named(chunk: pa.Table, rows: np.ndarray, group: int) -> np.ndarray:
    """Who, under which name, since when (days; 0 in the file), and the number of the row; without rows of no name."""
    records = np.empty(chunk.num_rows, _NAMES)
    records["who"], records["name"] = row_hashes([chunk.column("enterprise_id")]), row_hashes([chunk.column("name")])
    days = chunk.column("known_on").to_numpy() if "known_on" in chunk.column_names else np.zeros(1, "datetime64[D]")
    records["day"] = days.astype("datetime64[D]").astype(np.int64)
    records["row"], records["group"] = rows, group
    return np.asarray(records[chunk.column("name").is_valid().to_numpy()])


def _renamed(mine: np.ndarray, known: np.ndarray) -> Iterator[Difference]:
    """The first row of each enterprise of one part with another name than the last known; `before` is for now the
    number of the store's row.
    """
    if not len(known):
        return
    known = known[np.lexsort((known["row"], known["day"], known["who"]))]
    known = known[np.r_[known["who"][1:] != known["who"][:-1], True]]
    mine = mine[np.lexsort((mine["row"], mine["group"], mine["who"]))]
    at = np.minimum(np.searchsorted(known["who"], mine["who"]), len(known) - 1)
    unlike = (known["who"][at] == mine["who"]) & (known["name"][at] != mine["name"])
    mine, at = mine[unlike], at[unlike]
    for hit in np.unique(mine["who"], return_index=True)[1].tolist():
        row, group, other = int(mine["row"][hit]), int(mine["group"][hit]), int(known["row"][at[hit]])
        yield Difference(row, group, "name", str(other), "", {})


def _with_names(found: Differences, stored: list[Path], staged: Path) -> Differences:
    """The differences with both names, read again."""
    wanted = {int(one.before) for rows, _ in found.values() for one in rows}
    before, count = dict[str, str](), 0
    for chunk in _stored(stored, ["name"]) if wanted else ():
        for row in sorted(wanted.intersection(range(count, count + chunk.num_rows))):
            before[str(row)] = chunk.column("name")[row - count].as_py()
        count += chunk.num_rows
    places = {(one.group, one.row) for rows, _ in found.values() for one in rows}
    after = dict[tuple[int, int], str]()
    with pq.ParquetFile(staged) as source:
        for group in sorted({group for group, _ in places}):
            chunk = source.read_row_group(group, columns=["name", "source_row"])
            own = pa.array([row for at, row in places if at == group], chunk.column("source_row").type)
            told = chunk.filter(pc.is_in(chunk.column("source_row"), own))
            after |= {(group, row["source_row"]): row["name"] for row in told.to_pylist()}
    return {
        where: ([replace(one, before=before[one.before], after=after[one.group, one.row]) for one in rows], number)
        for where, (rows, number) in found.items()
    }


def _groups(path: Path, columns: list[str]) -> Iterator[tuple[int, pa.Table]]:
    with pq.ParquetFile(path) as source:
        for group in range(source.num_row_groups):
            yield group, source.read_row_group(group, columns=columns)


def _stored(paths: list[Path], columns: list[str]) -> Iterator[pa.Table]:
    for path in paths:
        with pq.ParquetFile(path) as source:
            for batch in source.iter_batches(65_536, columns=columns):
                yield pa.Table.from_batches([batch])
