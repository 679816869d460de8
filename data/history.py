"""A batch held against what is known already: last year's figures and earlier names, by hash, in bounded memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from data.duplicates import combined, row_hashes
from data.partitions import Partitions
from data.plausibility import nearest_step, steps
from data.store import Store

Place = tuple[str, str]
"""A sheet and a column of it."""

_SLOT_BITS = 22
COMPARED = ("revenue_cny", "total_assets_cny")
_FIGURES = np.dtype(
    [("who", "<u8"), ("end", "<i8"), ("length", "<i8"), ("row", "<i8"), ("group", "<i8")]
    + [(field, "<f8") for field in COMPARED]
)


@dataclass(frozen=True)
class Step:
    """A figure that is about 10, 1,000 or 10,000 times last year's, or that part of it (both in yuan)."""

    row: int
    group: int
    field: str
    now: float
    before: float

    @property
    def factor(self) -> float:
        """The step of a unit that the ratio of both figures is nearest to."""
        ratio = abs(self.now / self.before)
        return nearest_step(1 / ratio if ratio < 1 else ratio)


@dataclass(frozen=True)
class Renaming:
    """An enterprise whose name in the file differs from the last one known."""

    row: int
    group: int
    before: str
    after: str


def year_steps(
    store: Store, staged: Path, place: Callable[[int, str], Place], most: int
) -> dict[Place, tuple[list[Step], int]]:
    """The suspicious steps of a staged `reports` file against the year before, in the file itself or in the store.

    `place` tells where a figure came from, by row group and field; of each place the first `most` steps are given, and
    how many there are. File and store are spilled by enterprise into parts beside the staged file, so that memory
    follows neither.
    """
    folder = staged.parent / "history"
    mine, known = Partitions(folder, "mine", _FIGURES), Partitions(folder, "known", _FIGURES)
    met = np.zeros(1 << _SLOT_BITS, bool)
    columns = ["enterprise_id", "period_end", "period_months", "source_row", *COMPARED]
    for group, chunk in _groups(staged, columns):
        records = _records(chunk, group)
        mine.add(records["who"], records)
        met[_slots(records["who"])] = True
    for chunk in _stored(store.files("reports"), columns):
        records = _records(chunk, -1)
        records = records[met[_slots(records["who"])]]
        known.add(records["who"], records)
    found: dict[Place, list[Step]] = {}
    numbers: Counter[Place] = Counter()
    for step in (one for part, other in _paired(mine, known) for one in _compared(part, other)):
        where = place(step.group, step.field)
        numbers[where] += 1
        kept = found.setdefault(where, [])
        kept.append(step)
        if len(kept) > 2 * most:
            _cut(kept, most)
    for kept in found.values():
        _cut(kept, most)
    return {where: (kept, numbers[where]) for where, kept in found.items()}


def _cut(steps: list[Step], most: int) -> None:
    """Leave the first rows' steps only."""
    steps.sort(key=lambda one: one.row)
    del steps[most:]


def _slots(who: np.ndarray) -> np.ndarray:
    """Where enterprises are marked as met; two may share a place, which only spills a few records too many."""
    return (who >> np.uint64(64 - _SLOT_BITS)).astype(np.int64)


def _paired(mine: Partitions, known: Partitions) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Parts of the file with what the store knows of the same enterprises."""
    if mine.spilled:
        known.spill()
    elif known.spilled:
        mine.spill()
    yield from ((mine.part(number), known.part(number)) for number in mine.numbers())


def _compared(mine: np.ndarray, known: np.ndarray) -> Iterator[Step]:
    """The steps of one part. Where the file and the store both tell of the year before, the file is heard."""
    everything = np.concatenate([mine, known])
    keys = _period_hash(everything, 0)
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    wanted = _period_hash(mine, 12)
    at = np.minimum(np.searchsorted(ordered, wanted), len(ordered) - 1)
    found = ordered[at] == wanted
    before = everything[order[at]]
    for field in COMPARED:
        for hit in np.flatnonzero(found & steps(mine[field], before[field])).tolist():
            row, group = int(mine["row"][hit]), int(mine["group"][hit])
            yield Step(row, group, field, float(mine[field][hit]), float(before[field][hit]))


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
    for field in COMPARED:
        records[field] = chunk.column(field).to_numpy()
    return records


def renamings(store: Store, staged: Path) -> list[Renaming]:
    """Enterprises of a staged `enterprises` file that the store knows under another name."""
    stored = store.files("enterprises")
    if not stored:
        return []
    mine: dict[int, tuple[int, str, int, int]] = {}
    ids, names = [], []
    for _group, chunk in _groups(staged, ["enterprise_id", "name"]):
        ids.append(row_hashes([chunk.column("enterprise_id")]))
        names.append(row_hashes([chunk.column("name")]))
    all_ids, all_names = np.concatenate(ids), np.concatenate(names)
    order = np.argsort(all_ids, kind="stable")
    all_ids, all_names = all_ids[order], all_names[order]
    latest: dict[int, tuple[Any, str]] = {}
    for chunk in _stored(stored, ["enterprise_id", "name", "known_on"]):
        chunk = chunk.filter(chunk.column("name").is_valid())
        own, name = row_hashes([chunk.column("enterprise_id")]), row_hashes([chunk.column("name")])
        at = np.minimum(np.searchsorted(all_ids, own), len(all_ids) - 1)
        for hit in np.flatnonzero((all_ids[at] == own) & (all_names[at] != name)).tolist():
            day, text = chunk.column("known_on")[hit].as_py(), chunk.column("name")[hit].as_py()
            if int(own[hit]) not in latest or day >= latest[int(own[hit])][0]:
                latest[int(own[hit])] = (day, text)
    if not latest:
        return []
    for group, chunk in _groups(staged, ["enterprise_id", "name", "source_row"]):
        own = row_hashes([chunk.column("enterprise_id")])
        for hit in np.flatnonzero(np.isin(own, np.array(list(latest), np.uint64))).tolist():
            text = chunk.column("name")[hit].as_py()
            if text and text != latest[int(own[hit])][1]:
                mine.setdefault(int(own[hit]), (chunk.column("source_row")[hit].as_py(), text, group, hit))
    return [
        Renaming(row, group, latest[key][1], text)
        for key, (row, text, group, _) in sorted(mine.items(), key=lambda item: (item[1][2], item[1][0]))
    ]


def _groups(path: Path, columns: list[str]) -> Iterator[tuple[int, pa.Table]]:
    with pq.ParquetFile(path) as source:
        for group in range(source.num_row_groups):
            yield group, source.read_row_group(group, columns=columns)


def _stored(paths: list[Path], columns: list[str]) -> Iterator[pa.Table]:
    for path in paths:
        with pq.ParquetFile(path) as source:
            for batch in source.iter_batches(65_536, columns=columns):
                yield pa.Table.from_batches([batch])
