"""A batch on its way into the store: Parquet files in a folder that nothing reads, until they are placed together.

The folder is locked by the process that writes it, so that `sweep` can tell the leavings of a dead writer from the
work of a live one.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from data.refusal import Refusal
from data.tables import TABLES

STAGING = ".staging"
SPARE_BYTES = 32 << 20
"""Room that is left on the disk for the database; less than this refuses the write before anything is placed."""


@dataclass(frozen=True)
class StagedFile:
    """One finished file of a batch."""

    table: str
    path: Path
    sha256: str
    rows: int


class Staging:
    """The files of one batch while they are written. Use as a context: leaving it without `place` removes all."""

    def __init__(self, root: Path, batch_id: str) -> None:
        self.root, self.batch_id = root, batch_id
        self.folder = root / STAGING / f"{batch_id}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        self._writers: dict[str, pq.ParquetWriter] = {}
        self._lock = -1

    def __enter__(self) -> Staging:
        self.folder.mkdir(parents=True)
        self._lock = os.open(self.folder / "lock", os.O_CREAT | os.O_RDWR)
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        return self

    def __exit__(self, *_exception: object) -> None:
        for writer in self._writers.values():
            with contextlib.suppress(OSError):  # a disk that is full refuses the last bytes of what goes anyway
                writer.close()
        self._writers.clear()
        shutil.rmtree(self.folder, ignore_errors=True)
        os.close(self._lock)

    def write(self, table: str, rows: pa.Table) -> None:
        """Add rows to a table's file; they become one row group. The schema is the table's whole arrow schema."""
        if shutil.disk_usage(self.folder).free < rows.nbytes + SPARE_BYTES:
            raise _full(self.folder, rows.nbytes + SPARE_BYTES)
        try:
            if table not in self._writers:
                self._writers[table] = pq.ParquetWriter(
                    self._path(table), TABLES[table].arrow_schema, compression="zstd", write_page_checksum=True
                )
            self._writers[table].write_table(rows, row_group_size=max(1, rows.num_rows))
        except OSError as error:
            raise _full(self.folder, rows.nbytes) from error

    def filter(self, table: str, keep: Callable[[int, pa.Table], np.ndarray]) -> list[int]:
        """Keep only the rows for which `keep(row group number, rows)` is true; give the numbers, before, of the row
        groups that are left. Ends writing.
        """
        self._close(table)
        path, thinned = self._path(table), self.folder / f"{table}.thinned"
        left = []
        with (
            pq.ParquetFile(path) as source,
            pq.ParquetWriter(
                thinned, TABLES[table].arrow_schema, compression="zstd", write_page_checksum=True
            ) as writer,
        ):
            for group in range(source.num_row_groups):
                rows = source.read_row_group(group)
                kept = rows.filter(pa.array(keep(group, rows)))
                if kept.num_rows:
                    writer.write_table(kept, row_group_size=kept.num_rows)
                    left.append(group)
        thinned.replace(path)
        return left

    def close(self, table: str) -> Path:
        """End the writing of a table and give its file, to be read while still staged."""
        self._close(table)
        return self._path(table)

    def tables(self) -> list[str]:
        """The tables that have been written to."""
        return sorted(path.stem for path in self.folder.glob("*.parquet"))

    def finish(self) -> list[StagedFile]:
        """Close and sync every file; give them with digest and row count. Files without rows are left out."""
        finished = []
        for table in self.tables():
            self._close(table)
            path = self._path(table)
            rows = pq.read_metadata(path).num_rows
            if not rows:
                continue
            try:
                _sync(path)
            except OSError as error:
                raise _full(self.folder, path.stat().st_size) from error
            finished.append(StagedFile(table, path, file_sha256(path), rows))
        return finished

    def place(self, files: list[StagedFile]) -> None:
        """Give every file its final name. Call it as the last act inside the transaction that registers them: the
        names are taken under the writers' lock, and a transaction that then fails leaves files that nothing names.
        """
        for file in files:
            final = self.final(file.table)
            final.parent.mkdir(parents=True, exist_ok=True)
            file.path.replace(final)
            _sync_folder(final.parent)

    def final(self, table: str) -> Path:
        """Where a table's file of this batch lives: `TABLE/BATCH.parquet`."""
        return self.root / table / f"{self.batch_id}.parquet"

    def _path(self, table: str) -> Path:
        return self.folder / f"{table}.parquet"

    def _close(self, table: str) -> None:
        writer = self._writers.pop(table, None)
        if writer is not None:
            writer.close()


def as_stored(table: str, rows: pa.Table, batch_id: str) -> pa.Table:
    """Rows brought to the table's whole schema: absent fields empty, `batch_id` filled in.

    Refuses unknown tables and fields, and a missing value where one must be.
    """
    if table not in TABLES:
        raise Refusal("table-unknown", table=table, known=list(TABLES))
    schema = TABLES[table].arrow_schema
    unknown = sorted(set(rows.column_names) - set(schema.names))
    if unknown:
        raise Refusal("field-unknown", table=table, fields=unknown, known=list(TABLES[table].names))
    columns = []
    for field in schema:
        if field.name == "batch_id":
            column = pa.repeat(pa.scalar(batch_id), rows.num_rows)
        elif field.name in rows.column_names:
            column = rows.column(field.name)
            column = column if column.type == field.type else column.cast(field.type)
        else:
            column = pa.nulls(rows.num_rows, field.type)
        if not field.nullable and column.null_count:
            raise Refusal("field-required", table=table, field=field.name, rows=column.null_count)
        columns.append(column)
    return pa.table(columns, schema=schema)


def with_known_on(rows: pa.Table, known_on: object) -> pa.Table:
    """The rows with a date of knowledge wherever they have none of their own."""
    day = pa.scalar(known_on, pa.date32())
    if "known_on" not in rows.column_names:
        return rows.append_column("known_on", pa.repeat(day, rows.num_rows))
    place = rows.column_names.index("known_on")
    return rows.set_column(place, "known_on", pc.fill_null(rows.column("known_on").cast(pa.date32()), day))


def leavings(root: Path) -> list[Path]:
    """Staging folders whose writer is no more: their lock can be taken."""
    found = []
    for folder in sorted((root / STAGING).glob("*")):
        try:
            handle = os.open(folder / "lock", os.O_RDWR)
        except FileNotFoundError:
            continue
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            found.append(folder)
        except BlockingIOError:
            pass
        finally:
            os.close(handle)
    return found


def file_state(path: Path) -> tuple[int, int]:
    """Size in bytes and time of the last change in nanoseconds: what shows that a file was written to."""
    told = path.stat()
    return told.st_size, told.st_mtime_ns


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _sync(path: Path) -> None:
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _full(folder: Path, needed: int) -> Refusal:
    return Refusal("disk-full", path=str(folder.parent.parent), needed_bytes=needed)
