"""The store of facts: immutable Parquet batches, each registered in the database in the same breath.

A batch is what one file brought. Its Parquet files are written under a name that nothing reads and synced to
disk; then one row in the database makes the whole batch exist. Whatever dies before that row is invisible and
swept by `sweep`. A correction is a new batch with a later `known_on`; nothing is ever edited.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa

from data.ledger import Ledger, writing
from data.migrations import BATCH_FILES, BATCHES, connect
from data.refusal import Refusal
from data.settings import Settings
from data.tables import TABLES


@dataclass(frozen=True)
class Source:
    """Where a batch came from: file name, SHA-256 of file and mapping together, and who brought it."""

    name: str
    sha256: str
    actor: str


class Store:
    """All facts of one installation.

    >>> Store(settings).files("reports")  # doctest: +SKIP
    [PosixPath('.../facts/reports/2f0c....parquet')]
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.root = settings.home / "facts"
        self.engine = connect(settings.database_url)
        self.ledger = Ledger(self.engine)

    def add(self, source: Source, tables: Mapping[str, pa.Table | pd.DataFrame], known_on: date | None = None) -> str:
        """Store what one source brought, whole or not at all; give the batch's identifier.

        `tables` maps table names to rows with `enterprise_id`, any of the table's fields, and optionally
        `source_row` and a `known_on` of their own; `known_on` is the date for all other rows. Refuses a source
        whose hash a live batch already has (`intake-same-file`).
        """
        batch_id = source.sha256[:16]
        self._refuse_twice(source)
        if earlier := self._withdrawals(source.sha256):
            batch_id = f"{batch_id}-{earlier}"
        written: list[tuple[str, Path, pa.Table]] = []
        try:
            for name, rows in tables.items():
                stored = _as_stored(name, rows, batch_id, known_on)
                path = self.root / name / f"{batch_id}.parquet"
                _write_synced(stored, path)
                written.append((name, path, stored))
            self._register(batch_id, source, written, known_on)
        except sa.exc.IntegrityError as error:
            raise Refusal("intake-same-file", file=source.name, batch=batch_id) from error
        except BaseException:
            for _, path, _ in written:
                path.unlink(missing_ok=True)
            raise
        return batch_id

    def withdraw(self, batch_id: str, actor: str, reason: str) -> None:
        """Make a batch invisible by an event; its files stay. Refuses an unknown or withdrawn batch."""
        known = self.batches()
        live = known[(known.batch_id == batch_id) & (known.withdrawn_at == "")]
        if live.empty:
            raise Refusal(
                "batch-unknown", batch=batch_id, known=known.loc[known.withdrawn_at == "", "batch_id"].tolist()
            )
        with writing(self.engine) as connection:
            self.ledger.append(f"batch:{batch_id}", "batch_withdrawn", actor, {"reason": reason}, connection=connection)
            connection.execute(sa.update(BATCHES).where(BATCHES.c.batch_id == batch_id).values(withdrawn_at=_now()))

    def batches(self) -> pd.DataFrame:
        """Every batch, oldest first.

        Columns: batch_id, source, sha256, known_on (ISO date, "" where rows carry their own), actor,
        registered_at (ISO UTC), withdrawn_at (ISO UTC or ""), rows (over all its tables).
        """
        query = (
            sa.select(BATCHES, sa.func.coalesce(sa.func.sum(BATCH_FILES.c.rows), 0).label("rows"))
            .join_from(BATCHES, BATCH_FILES, BATCHES.c.batch_id == BATCH_FILES.c.batch_id, isouter=True)
            .group_by(*BATCHES.c)
            .order_by(BATCHES.c.registered_at, BATCHES.c.batch_id)
        )
        with self.engine.connect() as connection:
            result = connection.execute(query)
            return pd.DataFrame(result.fetchall(), columns=list(result.keys()))

    def files(self, table: str) -> list[Path]:
        """The Parquet files of a table's live batches, in order of batch identifier.

        Each has exactly the columns of `TABLES[table].arrow_schema`, or of an earlier version of it.
        """
        if table not in TABLES:
            raise Refusal("table-unknown", table=table, known=list(TABLES))
        query = (
            sa.select(BATCH_FILES.c.path)
            .join_from(BATCH_FILES, BATCHES, BATCHES.c.batch_id == BATCH_FILES.c.batch_id)
            .where(BATCHES.c.withdrawn_at == "", BATCH_FILES.c.table_name == table)
            .order_by(BATCHES.c.batch_id)
        )
        with self.engine.connect() as connection:
            return [self.settings.home / row.path for row in connection.execute(query)]

    def read(self, table: str) -> pd.DataFrame:
        """All live rows of a table as pandas, for small tables and tests; columns of the table's schema."""
        schema = TABLES[table].arrow_schema if table in TABLES else None
        parts = [pq.read_table(path) for path in self.files(table)]
        if not parts:
            parts = [pa.Table.from_batches([], schema=schema)]
        frame: pd.DataFrame = pa.concat_tables(parts, promote_options="default").to_pandas()
        return frame

    def digest(self) -> str:
        """SHA-256 over the identifiers of all live batches: the state of knowledge, independent of their order."""
        batches = self.batches()
        live = sorted(batches.loc[batches.withdrawn_at == "", "batch_id"])
        return hashlib.sha256("\n".join(live).encode()).hexdigest()

    def sweep(self) -> list[Path]:
        """Remove fact files that no registered batch names (left by a writer that died); give their paths."""
        with self.engine.connect() as connection:
            registered = {self.settings.home / row.path for row in connection.execute(sa.select(BATCH_FILES.c.path))}
        orphans = [path for path in self.root.glob("*/*") if path not in registered]
        for path in orphans:
            path.unlink(missing_ok=True)
        return orphans

    def _refuse_twice(self, source: Source) -> None:
        batches = self.batches()
        same = batches[(batches.sha256 == source.sha256) & (batches.withdrawn_at == "")]
        if not same.empty:
            raise Refusal("intake-same-file", file=source.name, batch=same.iloc[0].batch_id)

    def _withdrawals(self, sha256: str) -> int:
        batches = self.batches()
        return int((batches.sha256 == sha256).sum())

    def _register(
        self, batch_id: str, source: Source, written: list[tuple[str, Path, pa.Table]], known_on: date | None
    ) -> None:
        rows = {name: table.num_rows for name, _, table in written}
        with writing(self.engine) as connection:
            connection.execute(
                sa.insert(BATCHES).values(
                    batch_id=batch_id,
                    source=source.name,
                    sha256=source.sha256,
                    known_on=known_on.isoformat() if known_on else "",
                    actor=source.actor,
                    registered_at=_now(),
                    withdrawn_at="",
                )
            )
            for name, path, table in written:
                connection.execute(
                    sa.insert(BATCH_FILES).values(
                        batch_id=batch_id,
                        table_name=name,
                        path=str(path.relative_to(self.settings.home)),
                        sha256=_file_sha256(path),
                        rows=table.num_rows,
                    )
                )
            payload = {"source": source.name, "sha256": source.sha256, "rows": rows}
            self.ledger.append(f"batch:{batch_id}", "batch_added", source.actor, payload, connection=connection)


def _as_stored(name: str, rows: pa.Table | pd.DataFrame, batch_id: str, known_on: date | None) -> pa.Table:
    if name not in TABLES:
        raise Refusal("table-unknown", table=name, known=list(TABLES))
    schema = TABLES[name].arrow_schema
    given = rows if isinstance(rows, pa.Table) else pa.Table.from_pandas(rows, preserve_index=False)
    unknown = sorted(set(given.column_names) - set(schema.names))
    if unknown:
        raise Refusal("field-unknown", table=name, fields=unknown, known=list(TABLES[name].names))
    columns = []
    for field in schema:
        if field.name == "batch_id":
            column = pa.array([batch_id] * given.num_rows, pa.string())
        elif field.name in given.column_names:
            column = given.column(field.name).cast(field.type)
        elif field.name == "known_on":
            column = pa.array([known_on] * given.num_rows, pa.date32())
        else:
            column = pa.nulls(given.num_rows, field.type)
        if field.name == "known_on" and known_on is not None:
            column = column.fill_null(pa.scalar(known_on, pa.date32()))
        if not field.nullable and column.null_count:
            raise Refusal("field-required", table=name, field=field.name, rows=column.null_count)
        columns.append(column)
    return pa.table(columns, schema=schema)


def _write_synced(table: pa.Table, path: Path) -> None:
    """Write under a temporary name, sync file and folder, then take the final name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(path.parent).free < 2 * table.nbytes:
        raise Refusal("disk-full", path=str(path.parent), needed_bytes=2 * table.nbytes)
    temporary = path.with_suffix(f".{os.getpid()}.part")
    try:
        with temporary.open("wb") as sink:
            pq.write_table(table, sink, compression="zstd")
            sink.flush()
            os.fsync(sink.fileno())
        temporary.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    finally:
        temporary.unlink(missing_ok=True)


def _file_sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")
