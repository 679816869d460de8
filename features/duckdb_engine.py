"""DuckDB as the engine: embedded, in memory, reading the store's Parquet files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from data.store import Store
from data.tables import TABLES
from features.carrier import FACTS, small_tables

LOADED_ROWS = 500_000
"""Up to so many rows a table is held in memory between calls; larger ones are read from their files each time."""

STREAMED_ROWS = 50_000
"""So many rows of an answer pass at once."""


class DuckDB:
    """The embedded engine: one in-memory DuckDB; facts are read from the store's Parquet files."""

    dialect = "duckdb"

    def __init__(self) -> None:
        self._open()

    def _open(self) -> None:
        self.connection = duckdb.connect()
        self.connection.execute("SET TimeZone = 'UTC'; SET enable_progress_bar = false")
        self.connection.execute("SET preserve_insertion_order = false; SET streaming_buffer_size = '128MiB'")
        self.held: dict[str, tuple[Path, ...]] = {}
        self.kinds: dict[str, str] = {}
        self.kept: list[str] = []
        self.lent: list[str] = []

    def hold(self, store: Store, as_of: date) -> None:
        """Make the store's live facts and the date available under the names of `TABLES_BY_NAME`."""
        for name in FACTS:
            files = tuple(store.files(name))
            if self.held.get(name) != files:
                self._hold_facts(name, files)
                self.held[name] = files
        for name, rows in small_tables(store, as_of).items():
            self._put_rows(name, rows)

    def keep(self, name: str, sql: str) -> None:
        """Compute a step of a query and keep it under a name, replacing an earlier one."""
        self._put(name, "TABLE", sql)
        self.kept.append(name)

    def lend(self, name: str, rows: pa.Table) -> None:
        """Make rows in memory available under a name; DuckDB reads them where they are."""
        self.connection.register(name, rows)
        self.lent.append(name)

    def run(self, sql: str) -> pa.Table:
        """Carry out a query."""
        return self.connection.sql(sql).to_arrow_table()

    def stream(self, sql: str) -> Iterable[pa.RecordBatch]:
        """Carry out a query and give its rows in parts, in no certain order."""
        found: Iterable[pa.RecordBatch] = self.connection.sql(sql).to_arrow_reader(STREAMED_ROWS)
        return found

    def forget(self) -> None:
        """Let all that was kept or lent go."""
        for name in self.kept:
            self.connection.execute(f"DROP {self.kinds.pop(name)} {name}")
        for name in self.lent:
            self.connection.unregister(name)
        self.kept, self.lent = [], []
        if any(self.kinds.get(name) == "VIEW" for name in FACTS):
            # large facts are not held, but what reading them took is: gigabytes that only closing gives back
            self.connection.close()
            self._open()

    def _hold_facts(self, name: str, files: tuple[Path, ...]) -> None:
        schema = TABLES[name].arrow_schema
        if not files:
            self._put_rows(name, schema.empty_table())
            return
        paths = ", ".join("'" + str(path).replace("'", "''") + "'" for path in files)
        parquet = f"read_parquet([{paths}], union_by_name = true)"
        stored = {row[0] for row in self.connection.execute(f"DESCRIBE SELECT * FROM {parquet}").fetchall()}  # noqa: S608
        columns = ", ".join(_column(field, stored) for field in schema)
        rows = sum(pq.read_metadata(path).num_rows for path in files)
        kind = "TABLE" if rows <= LOADED_ROWS else "VIEW"
        self._put(name, kind, f"SELECT {columns} FROM {parquet}")  # noqa: S608

    def _put_rows(self, name: str, rows: pa.Table) -> None:
        self.connection.register("arriving", rows)
        self._put(name, "TABLE", "SELECT * FROM arriving")
        self.connection.unregister("arriving")

    def _put(self, name: str, kind: str, query: str) -> None:
        kind_now = self.kinds.get(name)
        if kind_now:
            self.connection.execute(f"DROP {kind_now} {name}")
        self.kinds[name] = kind
        self.connection.execute(f"CREATE {kind} {name} AS {query}")


_SQL_TYPES: Mapping[pa.DataType, str] = {
    pa.string(): "VARCHAR",
    pa.float64(): "DOUBLE",
    pa.date32(): "DATE",
    pa.int64(): "BIGINT",
    pa.bool_(): "BOOLEAN",
}


def _column(field: pa.Field, stored: set[str]) -> str:
    """A stored column, or an empty one where an earlier schema did not have it."""
    source = f'"{field.name}"' if field.name in stored else "NULL"
    return f'CAST({source} AS {_SQL_TYPES[field.type]}) AS "{field.name}"'
