"""Spark as the engine, for those who run one: the same SQL steps, the same numbers.

pyspark is an optional extra and is loaded only here. An active session is used as it is; else one is started on this
machine (with MULU_SPARK_MEMORY, 2g), or where MULU_SPARK_MASTER says (e.g. `spark://host:7077`). Workers must be able
to read the store's files and to write into its home.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from data.refusal import Refusal
from data.store import Store
from data.tables import TABLES
from features.carrier import FACTS, small_tables

_SPARK_TYPES = {
    pa.string(): "string",
    pa.float64(): "double",
    pa.date32(): "date",
    pa.int64(): "bigint",
    pa.bool_(): "boolean",
}

PART_ROWS = 131_072
"""Rows that a worker takes at once of what is lent."""


class Spark:
    """An engine on a Spark session. Refuses where pyspark or a Java machine is missing (`engine-spark-missing`)."""

    dialect = "pyspark"

    def __init__(self) -> None:
        self.session = _session()
        self.held: dict[str, tuple[Path, ...]] = {}
        self.kept: dict[str, Any] = {}
        self.exchange = Path()
        self.lent: dict[str, tempfile.TemporaryDirectory[str]] = {}

    def hold(self, store: Store, as_of: date) -> None:
        """Make the store's live facts and the date available under the names of `TABLES_BY_NAME`."""
        self.exchange = store.settings.home / "spark"
        for name in FACTS:
            files = tuple(store.files(name))
            if self.held.get(name) != files:
                self._facts(name, files).createOrReplaceTempView(name)
                self.held[name] = files
        for name, rows in small_tables(store, as_of).items():
            self._rows(rows).createOrReplaceTempView(name)

    def keep(self, name: str, sql: str) -> None:
        """Compute a step of a query and keep it under a name, replacing an earlier one."""
        self.kept[name] = self.session.sql(sql).cache()
        self.kept[name].createOrReplaceTempView(name)

    def lend(self, name: str, rows: pa.Table) -> None:
        """Make rows in memory available under a name: they are written into the store's home for Spark's workers."""
        self.exchange.mkdir(parents=True, exist_ok=True)
        folder = self.lent[name] = tempfile.TemporaryDirectory(dir=self.exchange)
        pq.write_table(rows, Path(folder.name) / "rows.parquet", row_group_size=PART_ROWS)
        self.session.read.parquet(folder.name).createOrReplaceTempView(name)

    def run(self, sql: str) -> pa.Table:
        """Carry out a query: its workers write the rows into the store's home, and they are read from there.

        Handed over by Spark's driver they would have to fit into its Java machine, twice.
        """
        self.exchange.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.exchange) as folder:
            self.session.sql(sql).write.mode("overwrite").parquet(folder)
            files = sorted(Path(folder).glob("part-*.parquet"))
            return pa.concat_tables([pq.read_table(file, partitioning=None) for file in files])

    def stream(self, sql: str) -> Iterable[pa.RecordBatch]:
        """Carry out a query and give its rows in parts, in no certain order."""
        found: Iterable[pa.RecordBatch] = self.run(sql).to_batches()
        return found

    def forget(self) -> None:
        """Let all that was kept or lent go."""
        for name in (*self.kept, *self.lent):
            self.session.catalog.dropTempView(name)
        for step in self.kept.values():
            step.unpersist()
        for folder in self.lent.values():
            folder.cleanup()
        self.kept, self.lent = {}, {}

    def _facts(self, name: str, files: tuple[Path, ...]) -> Any:  # noqa: ANN401
        from pyspark.sql import functions as sql

        schema = TABLES[name].arrow_schema
        if not files:
            return self._rows(schema.empty_table())
        stored = self.session.read.option("mergeSchema", "true").parquet(*map(str, files))
        columns = [
            (sql.col(f"`{field.name}`") if field.name in stored.columns else sql.lit(None))
            .cast(_SPARK_TYPES[field.type])
            .alias(field.name)
            for field in schema
        ]
        return stored.select(*columns)

    def _rows(self, rows: pa.Table) -> Any:  # noqa: ANN401
        from pyspark.sql.types import StructType

        schema = StructType.fromDDL(", ".join(f"`{field.name}` {_SPARK_TYPES[field.type]}" for field in rows.schema))
        return self.session.createDataFrame([tuple(row.values()) for row in rows.to_pylist()], schema)


def _session() -> Any:  # noqa: ANN401
    try:
        import ibis.backends.pyspark
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise Refusal("engine-spark-missing", cause=str(error)) from error
    # Ibis registers the options of its Spark dialect when this attribute is first asked for
    _ = ibis.pyspark
    try:
        active = SparkSession.getActiveSession()
        if active is not None:
            return active
        session = (
            SparkSession.builder.master(os.environ.get("MULU_SPARK_MASTER", "local[*]"))
            .appName("mulu")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.ansi.enabled", "false")
            .config("spark.sql.shuffle.partitions", "8")
            .config("spark.driver.memory", os.environ.get("MULU_SPARK_MEMORY", "2g"))
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
            .getOrCreate()
        )
    except (PySparkException, RuntimeError, OSError) as error:
        raise Refusal("engine-spark-missing", cause=str(error).splitlines()[0]) from error
    session.sparkContext.setLogLevel("ERROR")
    return session
