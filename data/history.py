"""A batch held against what is known already: last year's figures and earlier names, by hash, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from data.duplicates import row_hashes
from data.plausibility import steps
from data.store import Store

COMPARED = ("revenue_cny", "total_assets_cny")


@dataclass(frozen=True)
class Step:
    """A figure that is about 10, 1,000 or 10,000 times last year's, or that part of it (both in yuan)."""

    row: int
    group: int
    field: str
    now: float
    before: float


@dataclass(frozen=True)
class Renaming:
    """An enterprise whose name in the file differs from the last one known."""

    row: int
    group: int
    before: str
    after: str


def year_steps(store: Store, staged: Path) -> list[Step]:
    """The suspicious steps of a staged `reports` file against the year before, in the file itself or in the store."""
    keys, before_keys, rows, groups, figures = _figures(staged)
    if not len(keys):
        return []
    order = np.argsort(keys, kind="stable")
    known_keys, known = [keys[order]], [figures[order]]
    wanted = np.unique(before_keys)
    for chunk in _stored(store.files("reports"), ["enterprise_id", "period_end", "period_months", *COMPARED]):
        own, _ = _keys(chunk)
        chosen = np.isin(own, wanted)
        if chosen.any():
            known_keys.append(own[chosen])
            known.append(_matrix(chunk)[chosen])
    # the last one known of each key: the store's files come in no order of time, so any of them serves a warning
    all_keys, all_figures = np.concatenate(known_keys), np.concatenate(known)
    order = np.argsort(all_keys, kind="stable")
    all_keys, all_figures = all_keys[order], all_figures[order]
    at = np.minimum(np.searchsorted(all_keys, before_keys), len(all_keys) - 1)
    found = all_keys[at] == before_keys
    told = []
    for place, field in enumerate(COMPARED):
        now, before = figures[:, place], all_figures[at, place]
        for hit in np.flatnonzero(found & steps(now, before)).tolist():
            told.append(Step(int(rows[hit]), int(groups[hit]), field, float(now[hit]), float(before[hit])))
    return sorted(told, key=lambda one: (one.group, one.row, one.field))


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


def _figures(staged: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Keys, the keys of the year before, row numbers, row groups, figures of a staged file."""
    parts: list[tuple[np.ndarray, ...]] = []
    for group, chunk in _groups(staged, ["enterprise_id", "period_end", "period_months", "source_row", *COMPARED]):
        own, before = _keys(chunk)
        rows = chunk.column("source_row").to_numpy()
        parts.append((own, before, rows, np.full(len(rows), group), _matrix(chunk)))
    if not parts:
        return tuple(np.array([]) for _ in range(5))  # type: ignore[return-value]
    return tuple(np.concatenate(column) for column in zip(*parts, strict=True))  # type: ignore[return-value]


def _keys(chunk: pa.Table) -> tuple[np.ndarray, np.ndarray]:
    """One number for enterprise and period, and that of the period a year before; months since year 0 say when."""
    ends = chunk.column("period_end").to_numpy().astype("datetime64[M]").astype(np.int64)
    lengths = chunk.column("period_months").to_numpy()
    ids = chunk.column("enterprise_id")

    def key(months: np.ndarray) -> np.ndarray:
        return row_hashes([ids, pa.array(months.astype(np.float64)), pa.array(lengths)])

    return key(ends), key(ends - 12)


def _matrix(chunk: pa.Table) -> np.ndarray:
    return np.column_stack([chunk.column(name).to_numpy() for name in COMPARED])


def _groups(path: Path, columns: list[str]) -> Iterator[tuple[int, pa.Table]]:
    with pq.ParquetFile(path) as source:
        for group in range(source.num_row_groups):
            yield group, source.read_row_group(group, columns=columns)


def _stored(paths: list[Path], columns: list[str]) -> Iterator[pa.Table]:
    for path in paths:
        with pq.ParquetFile(path) as source:
            for batch in source.iter_batches(65_536, columns=columns):
                yield pa.Table.from_batches([batch])
