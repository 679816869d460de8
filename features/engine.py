"""The engines that carry out the view: DuckDB, embedded and the default, and Spark for those who run one.

An engine holds the tables of facts under their names and answers SQL with an Arrow table. The SQL comes from Ibis,
compiled once for a catalogue: the date is data (the table `moment`), not text.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Protocol

import duckdb
import ibis
import pyarrow as pa
import pyarrow.parquet as pq
from ibis.expr.types import Table

from data.industries import section_of
from data.refusal import Refusal
from data.store import Store
from data.tables import TABLES
from features.key_industries import key_industries

FACTS = ("enterprises", "reports", "indicators", "recognitions", "investments", "assessments", "integrity_events")
ENGINES = ("duckdb", "spark")
_IBIS_TYPES = {
    pa.string(): "string",
    pa.float64(): "float64",
    pa.date32(): "date",
    pa.int64(): "int64",
    pa.bool_(): "boolean",
}


def _expected(name: str, schema: pa.Schema) -> Table:
    return ibis.table({field.name: _IBIS_TYPES[field.type] for field in schema}, name=name)


TABLES_BY_NAME: Mapping[str, Table] = {
    **{name: _expected(name, TABLES[name].arrow_schema) for name in FACTS},
    "moment": ibis.table({"as_of": "date"}, name="moment"),
    "batch_order": ibis.table({"batch_id": "string", "position": "int64"}, name="batch_order"),
    "industries": ibis.table({"division": "string", "section": "string"}, name="industries"),
    "key_industries": ibis.table({"code": "string", "digits": "int64", "strength": "float64"}, name="key_industries"),
}
"""What every engine holds, as Ibis tables that belong to no engine."""

LOADED_ROWS = 3_000_000
"""Up to so many rows a table is held in memory between calls; larger ones are read from their files each time."""


class Engine(Protocol):
    """What an engine does."""

    dialect: str

    def hold(self, store: Store, as_of: date) -> None:
        """Make the store's live facts and the date available under the names of `TABLES_BY_NAME`."""

    def define(self, name: str, sql: str, kept: bool) -> None:
        """Name a step of a query, replacing an earlier one; `kept` steps are computed once."""

    def run(self, sql: str) -> pa.Table:
        """Carry out a query."""

    def forget(self, names: Sequence[str]) -> None:
        """Let steps go."""


def engine_named(name: str) -> Engine:
    """The engine of that name, one for each thread. Refuses an unknown name, and Spark where it is not installed."""
    if name not in ENGINES:
        raise Refusal("engine-unknown", engine=name, known=list(ENGINES))
    held: dict[str, Engine] = _THREAD.__dict__.setdefault("engines", {})
    if name not in held:
        held[name] = DuckDB() if name == "duckdb" else _spark()
    return held[name]


_THREAD = threading.local()


def _spark() -> Engine:
    raise Refusal("engine-spark-missing")


def as_sql(expression: Table, dialect: str) -> str:
    """The SQL of an Ibis expression in an engine's dialect."""
    return str(ibis.to_sql(expression, dialect=dialect))


def small_tables(store: Store, as_of: date) -> dict[str, pa.Table]:
    """The tables beside the facts: `moment`, `batch_order`, `industries`, `key_industries`.

    `position` is the place of a batch in the order of identifiers, the tie-break between batches of one day.
    """
    batches = store.batches()
    live = sorted(batches.loc[batches.withdrawn_at == "", "batch_id"])
    keys = key_industries(store)
    sections = {division: section_of(division) for division in (f"{number:02d}" for number in range(1, 100))}
    known = {division: section for division, section in sections.items() if section}
    return {
        "moment": pa.table({"as_of": pa.array([as_of], pa.date32())}),
        "batch_order": pa.table(
            {"batch_id": pa.array(live, pa.string()), "position": pa.array(range(len(live)), pa.int64())}
        ),
        "industries": pa.table({"division": list(known), "section": list(known.values())}),
        "key_industries": pa.table(
            {
                "code": pa.array([one.code for one in keys.codes], pa.string()),
                "digits": pa.array([len(one.code) for one in keys.codes], pa.int64()),
                "strength": pa.array([one.strength for one in keys.codes], pa.float64()),
            }
        ),
    }


class DuckDB:
    """The embedded engine: one in-memory DuckDB; facts are read from the store's Parquet files."""

    dialect = "duckdb"

    def __init__(self) -> None:
        self.connection = duckdb.connect()
        self.connection.execute("SET TimeZone = 'UTC'; SET enable_progress_bar = false")
        self.held: dict[str, tuple[Path, ...]] = {}
        self.kinds: dict[str, str] = {}

    def hold(self, store: Store, as_of: date) -> None:
        """Make the store's live facts and the date available under the names of `TABLES_BY_NAME`."""
        for name in FACTS:
            files = tuple(store.files(name))
            if self.held.get(name) != files:
                self._hold_facts(name, files)
                self.held[name] = files
        for name, rows in small_tables(store, as_of).items():
            self._put_rows(name, rows)

    def run(self, sql: str) -> pa.Table:
        """Carry out a query."""
        return self.connection.sql(sql).to_arrow_table()

    def define(self, name: str, sql: str, kept: bool) -> None:
        """Name a step of a query, replacing an earlier one; `kept` steps are computed once."""
        self._put(name, "TABLE" if kept else "VIEW", sql)

    def forget(self, names: Sequence[str]) -> None:
        """Let steps go, the latest first."""
        for name in reversed(names):
            self.connection.execute(f"DROP {self.kinds.pop(name)} {name}")

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
