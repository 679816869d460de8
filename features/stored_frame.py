"""A frame that lies in files: an engine's workers wrote it, and who needs a column reads that column."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from features.layout import FeaturesLaidOut, whole

CATEGORY = "category"


class Columns(Protocol):
    """What a frame of features can do wherever it lies: a pandas frame can, and so can a `StoredFrame`."""

    @property
    def columns(self) -> pd.Index:
        """The names."""

    @property
    def index(self) -> pd.Index:
        """The enterprises' identifiers, ascending."""

    def __len__(self) -> int: ...

    def __getitem__(self, name: str, /) -> pd.Series: ...


@dataclass(frozen=True)
class Kept:
    """Where a column lies: in which files, under which name there, and whether it is a `CATEGORY` or a "number".

    Every file has the column `row`, the enterprise's number from 0 in the order of identifiers.
    """

    files: tuple[Path, ...]
    name: str
    kind: str = "number"


class Folder:
    """A new folder under `home/spark`, where an engine's workers can write; it goes when nothing refers to it."""

    def __init__(self, home: Path) -> None:
        home.joinpath("spark").mkdir(parents=True, exist_ok=True)
        self.path = Path(tempfile.mkdtemp(dir=home / "spark"))
        self.places = 0
        weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)

    def place(self, name: str) -> Path:
        """A path in it that nobody has yet."""
        self.places += 1
        return self.path / f"{self.places}-{name}"


class Workers(Protocol):
    """An engine whose workers do something to each part of what lies in files; see `Spark.map_files`."""

    def map_files(
        self, files: Sequence[Path], columns: Sequence[str], given: object, work: Callable[..., Any], folder: Path
    ) -> None:
        """Let workers do `work` on each file."""


class StoredFrame:
    """Features of everyone (index enterprise_id, ascending), in parts of `size` enterprises, in a folder of its own.

    A column is a Series like that of a pandas frame: float64, or `category` with its categories ascending.
    """

    def __init__(
        self, index: pd.Index, size: int, kept: dict[str, Kept], files: Sequence[Path], folder: Folder, workers: Workers
    ) -> None:
        """`files` are those that the engine's workers share out among themselves: where most columns lie."""
        self.index = index
        self.size = size
        self.kept = kept
        self.files = tuple(files)
        self.folder = folder
        self.workers = workers

    @property
    def columns(self) -> pd.Index:
        """The names."""
        return pd.Index(list(self.kept), dtype=object)

    def __len__(self) -> int:
        return len(self.index)

    def __getitem__(self, name: str, /) -> pd.Series:
        return self._laid_out([name], 0, len(self))[name]

    def whole(self) -> pd.DataFrame:
        """All of it in memory."""
        return self._laid_out(list(self.kept), 0, len(self))

    def blocks(self) -> Iterator[pd.DataFrame]:
        """All of it, `size` enterprises at a time, in order."""
        for begin in range(0, len(self), self.size):
            yield self._laid_out(list(self.kept), begin, min(begin + self.size, len(self)))

    def put(self, name: str, values: np.ndarray[Any, np.dtype[np.float64]]) -> None:
        """Keep a column of numbers (n,) that was computed elsewhere; group of rows i of its file is part i."""
        path = self.folder.place("column.parquet")
        table = pa.table({"row": np.arange(len(values)), "value": values})
        pq.write_table(table, path, row_group_size=self.size, compression="zstd")
        self.kept[name] = Kept((path,), "value")

    def mapped(self, act: Callable[[pd.DataFrame, Any], pa.Table], given: object, names: Sequence[str]) -> StoredFrame:
        """Let the workers do `act` on the columns `names` of each part, and on what is given to all.

        `act` is a function of a module; it gives a table of numbers with as many rows, and these are the new frame.
        """
        beside = {name: self.kept[name] for name in names if self.kept[name].files != self.files}
        columns = ["row", *(name for name in names if name not in beside)]
        folder = self.folder.place("mapped")
        self.workers.map_files(self.files, columns, (act, given, beside, tuple(names)), done_to_a_part, folder)
        files = tuple(sorted(folder.glob("*.parquet")))
        kept = {name: Kept(files, name) for name in pq.read_schema(files[0]).names if name != "row"}
        return StoredFrame(self.index, self.size, kept, files, self.folder, self.workers)

    def some(self, names: Sequence[str]) -> StoredFrame:
        """The same with these columns alone."""
        kept = {name: self.kept[name] for name in names}
        return StoredFrame(self.index, self.size, kept, self.files, self.folder, self.workers)

    def _laid_out(self, names: Sequence[str], begin: int, end: int) -> pd.DataFrame:
        columns = columns_between({name: self.kept[name] for name in names}, begin, end)
        return pd.DataFrame(columns, index=self.index[begin:end], columns=list(names), copy=False)


def columns_between(kept: Mapping[str, Kept], begin: int, end: int) -> dict[str, Any]:
    """The columns of the rows from `begin` to before `end`: float64 with NaN for missing, or a Categorical."""
    together: dict[tuple[Path, ...], list[str]] = {}
    for name, one in kept.items():
        together.setdefault(one.files, []).append(name)
    columns: dict[str, Any] = {}
    for files, own in together.items():
        numbers = [name for name in own if kept[name].kind != CATEGORY]
        words = [name for name in own if kept[name].kind == CATEGORY]
        laid = FeaturesLaidOut(end - begin, numbers, words)
        for table in _overlapping(files, ["row", *(kept[name].name for name in own)], begin, end):
            rows = whole(table.column("row"))
            part = pa.table([pa.array(rows - begin), *table.columns[1:]], names=["row", *own])
            if rows.min(initial=begin) < begin or rows.max(initial=begin) >= end:
                part = part.filter(pa.array((rows >= begin) & (rows < end)))
            for batch in part.combine_chunks().to_batches():
                laid.take(batch)
        columns |= {**laid.numbers, **{name: laid.category(name) for name in words}}
    return columns


def _overlapping(files: tuple[Path, ...], wanted: list[str], begin: int, end: int) -> Iterator[pa.Table]:
    """The groups of rows of some files that hold any of the rows from `begin` to before `end`."""
    for path in files:
        stored = pq.ParquetFile(path)
        place = stored.schema_arrow.get_field_index("row")
        for group in range(stored.num_row_groups):
            told = stored.metadata.row_group(group).column(place).statistics
            if told.min < end and told.max >= begin:
                yield stored.read_row_group(group, columns=wanted).select(wanted)


def _framed(features: pa.Table, kept: Mapping[str, Kept], names: Sequence[str]) -> tuple[int, pd.DataFrame]:
    """A part's features in order of `row`, with those beside it that are `kept` in files; and its first number."""
    rows = whole(features.column("row"))
    begin, count = int(rows.min()), len(rows)
    there = {name: features.schema.field(name).type for name in names if name not in kept}
    words = [name for name, kind in there.items() if not pa.types.is_floating(kind)]
    laid = FeaturesLaidOut(count, [name for name in there if name not in words], words)
    for batch in numbered_from(features.select(["row", *there]), begin).combine_chunks().to_batches():
        laid.take(batch)
    columns = {**laid.numbers, **{name: laid.category(name) for name in words}}
    columns |= columns_between(kept, begin, begin + count)
    return begin, pd.DataFrame(columns, columns=list(names), copy=False)


def done_to_a_part(features: pa.Table, told: tuple[Any, ...]) -> tuple[int, pa.Table]:
    """What `StoredFrame.mapped` lets a worker do: the part's first number, and what comes of it with its numbers."""
    act, given, beside, names = told
    begin, frame = _framed(features, beside, names)
    found = act(frame, given)
    return begin, found.add_column(0, "row", pa.array(np.arange(begin, begin + len(frame))))


def numbered_from(table: pa.Table, base: int) -> pa.Table:
    """The table with its rows numbered from `base`."""
    place = table.column_names.index("row")
    return table.set_column(place, "row", pa.array(whole(table.column("row")) - base))


def stored(folder: Path, kinds: Mapping[str, str]) -> dict[str, Kept]:
    """The columns that lie in the files of a folder, by name, with their kinds."""
    files = tuple(sorted(folder.glob("*.parquet")))
    return {name: Kept(files, name, kind) for name, kind in kinds.items()}
