"""The store of facts: immutable Parquet batches, each registered in the database in the same breath.

A batch is what one file brought. Its Parquet files are written under a name that nothing reads and synced to
disk; then one row in the database makes the whole batch exist. Whatever dies before that row is invisible and
swept by `sweep`. A correction is a new batch with a later `known_on`; nothing is ever edited.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa

from data.ledger import Ledger, lock, writing
from data.migrations import BATCH_FILES, BATCHES, connect
from data.refusal import Refusal
from data.settings import Settings
from data.staging import SPARE_BYTES, STAGING, Staging, as_stored, file_sha256, file_state, leavings, with_known_on
from data.tables import TABLES

Guard = Callable[[sa.Connection], None]
"""What is asked once more in the transaction that is about to write; it refuses by raising a `Refusal`."""


@dataclass(frozen=True)
class Source:
    """Where a batch came from: file name, SHA-256 of file and mapping together, and who brought it."""

    name: str
    sha256: str
    actor: str


@dataclass(frozen=True)
class StoreFault:
    """A fact file that cannot be trusted: `code` is `missing` or `changed`."""

    batch_id: str
    table: str
    path: str
    code: str


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

    @property
    def address(self) -> str:
        """The database's address without its password."""
        return self.engine.url.render_as_string(hide_password=True)

    def add(self, source: Source, tables: Mapping[str, pa.Table | pd.DataFrame], known_on: date | None = None) -> str:
        """Store what one source brought, whole or not at all; give the batch's identifier.

        `tables` maps table names to rows with `enterprise_id`, any of the table's fields, and optionally
        `source_row` and a `known_on` of their own; `known_on` is the date for all other rows. Refuses a source
        whose hash a live batch already has (`intake-same-file`).
        """
        with self.stage(source) as staging:
            for name, rows in tables.items():
                given = rows if isinstance(rows, pa.Table) else pa.Table.from_pandas(rows, preserve_index=False)
                if known_on is not None:
                    given = with_known_on(given, known_on)
                staging.write(name, as_stored(name, given, staging.batch_id))
            return self.register(staging, source, known_on)

    def stage(self, source: Source) -> Staging:
        """A place to write a batch's rows, for callers that bring them in parts; end it with `register`.

        Refuses a source whose hash a live batch already has (`intake-same-file`).
        """
        return Staging(self.root, self._next_id(source))

    def register(
        self,
        staging: Staging,
        source: Source,
        known_on: date | None = None,
        details: Mapping[str, object] | None = None,
        guard: Guard | None = None,
    ) -> str:
        """Make a staged batch exist: its files take their names and its rows enter the database in one transaction.

        `details` are kept in the ledger's `batch_added` event beside source, hash and row counts. Whoever is killed
        before the transaction ends leaves nothing that a reader sees. What `guard` refuses in it is not stored.
        """
        files = staging.finish()
        payload = {
            "source": source.name,
            "sha256": source.sha256,
            "rows": {file.table: file.rows for file in files},
            **(details or {}),
        }
        try:
            with writing(self.engine) as connection:
                lock(connection)
                if guard is not None:
                    guard(connection)
                self._refuse_twice(source, connection)
                connection.execute(
                    sa.insert(BATCHES).values(
                        batch_id=staging.batch_id,
                        source=source.name,
                        sha256=source.sha256,
                        known_on=known_on.isoformat() if known_on else "",
                        actor=source.actor,
                        registered_at=_now(),
                        withdrawn_at="",
                    )
                )
                for file in files:
                    connection.execute(
                        sa.insert(BATCH_FILES).values(
                            batch_id=staging.batch_id,
                            table_name=file.table,
                            path=str(staging.final(file.table).relative_to(self.settings.home)),
                            sha256=file.sha256,
                            rows=file.rows,
                        )
                    )
                self.ledger.append(
                    f"batch:{staging.batch_id}", "batch_added", source.actor, payload, connection=connection
                )
                staging.place(files)
        except sa.exc.IntegrityError as error:
            raise Refusal("intake-same-file", file=source.name, batch=staging.batch_id) from error
        except sa.exc.OperationalError as error:
            if "full" not in str(error.orig) and "No space" not in str(error.orig):
                raise
            raise Refusal("disk-full", path=self.address, needed_bytes=SPARE_BYTES) from error
        return staging.batch_id

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

    def rows_of(self, batch_id: str) -> dict[str, int]:
        """Rows of one batch by table."""
        query = sa.select(BATCH_FILES.c.table_name, BATCH_FILES.c.rows).where(BATCH_FILES.c.batch_id == batch_id)
        with self.engine.connect() as connection:
            return {row.table_name: row.rows for row in connection.execute(query.order_by(BATCH_FILES.c.table_name))}

    def files(self, table: str) -> list[Path]:
        """The Parquet files of a table's live batches, in order of batch identifier.

        Each has exactly the columns of `TABLES[table].arrow_schema`, or of an earlier version of it. Refuses when one
        is gone or not as it was written (`fact-file-damaged`), naming it and its batch; other tables stay usable.
        """
        if table not in TABLES:
            raise Refusal("table-unknown", table=table, known=list(TABLES))
        query = (
            sa.select(BATCH_FILES.c.path, BATCH_FILES.c.batch_id, BATCH_FILES.c.sha256)
            .join_from(BATCH_FILES, BATCHES, BATCHES.c.batch_id == BATCH_FILES.c.batch_id)
            .where(BATCHES.c.withdrawn_at == "", BATCH_FILES.c.table_name == table)
            .order_by(BATCHES.c.batch_id)
        )
        with self.engine.connect() as connection:
            found = connection.execute(query).fetchall()
        paths = [self.settings.home / row.path for row in found]
        for path, row in zip(paths, found, strict=True):
            if not path.is_file() or _sha256(path, file_state(path)) != row.sha256:
                raise Refusal("fact-file-damaged", path=str(path), batch=row.batch_id, table=table)
        return paths

    def read(self, table: str) -> pd.DataFrame:
        """All live rows of a table as pandas, for small tables and tests; columns of the table's schema."""
        paths = self.files(table)
        parts = [pa.Table.from_batches([], schema=TABLES[table].arrow_schema), *map(pq.read_table, paths)]
        frame: pd.DataFrame = pa.concat_tables(parts, promote_options="default").to_pandas()
        return frame

    def digest(self) -> str:
        """SHA-256 over the identifiers of all live batches: the state of knowledge, independent of their order."""
        batches = self.batches()
        return state_digest(batches.loc[batches.withdrawn_at == "", "batch_id"])

    def sweep(self) -> list[Path]:
        """Remove what dead writers left: files that no batch names, and their staging folders; give the paths.

        Runs under the writers' lock, so that a batch being registered at this moment is not taken for one.
        """
        with writing(self.engine) as connection:
            lock(connection)
            orphans = self.orphans(connection)
            for path in orphans:
                shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        return orphans

    def orphans(self, connection: sa.Connection | None = None) -> list[Path]:
        """Fact files that no registered batch names, and staging folders whose writer is no more."""
        query = sa.select(BATCH_FILES.c.path)
        if connection is None:
            with self.engine.connect() as opened:
                rows = opened.execute(query).fetchall()
        else:
            rows = connection.execute(query).fetchall()
        registered = {self.settings.home / row.path for row in rows}
        files = [path for path in sorted(self.root.glob("*/*.parquet")) if path not in registered]
        return [path for path in files if STAGING not in path.parts] + leavings(self.root)

    def faults(self) -> list[StoreFault]:
        """Every live fact file that is missing, changed or unreadable."""
        query = (
            sa.select(BATCH_FILES)
            .join_from(BATCH_FILES, BATCHES, BATCHES.c.batch_id == BATCH_FILES.c.batch_id)
            .where(BATCHES.c.withdrawn_at == "")
            .order_by(BATCH_FILES.c.batch_id, BATCH_FILES.c.table_name)
        )
        with self.engine.connect() as connection:
            rows = connection.execute(query).fetchall()
        faults = []
        for row in rows:
            path = self.settings.home / row.path
            code = "missing" if not path.is_file() else "changed" if file_sha256(path) != row.sha256 else ""
            if code:
                faults.append(StoreFault(row.batch_id, row.table_name, str(path), code))
        return faults

    def _next_id(self, source: Source) -> str:
        with self.engine.connect() as connection:
            earlier = self._refuse_twice(source, connection)
        return f"{source.sha256[:16]}-{earlier}" if earlier else source.sha256[:16]

    def _refuse_twice(self, source: Source, connection: sa.Connection) -> int:
        """Refuse a source that a live batch has; give how many withdrawn batches it had."""
        rows = connection.execute(sa.select(BATCHES).where(BATCHES.c.sha256 == source.sha256)).fetchall()
        for row in rows:
            if row.withdrawn_at == "":
                raise Refusal("intake-same-file", file=source.name, batch=row.batch_id)
        return len(rows)


@lru_cache(maxsize=10_000)
def _sha256(path: Path, _state: tuple[int, int]) -> str:
    """A fact file's digest, taken once a process while nobody writes to it: a flipped bit in a page can read well."""
    return file_sha256(path)


def state_digest(batches: Iterable[str]) -> str:
    """SHA-256 over the identifiers of the live batches, whatever their order: a state of knowledge."""
    return hashlib.sha256("\n".join(sorted(batches)).encode()).hexdigest()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")
