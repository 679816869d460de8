"""Spark as the engine, for those who run one: the same SQL steps, the same numbers.

pyspark is an optional extra and is loaded only here. An active session is used as it is; else one is started on this
machine (with MULU_SPARK_MEMORY, 2g), or where MULU_SPARK_MASTER says (e.g. `spark://host:7077`). Workers must be able
to read the store's files and to write into its home.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from data.refusal import Refusal
from data.store import Store
from data.tables import TABLES
from features.carrier import FACTS, small_tables
from features.parts import written

_SPARK_TYPES = {
    pa.string(): "string",
    pa.float64(): "double",
    pa.date32(): "date",
    pa.int64(): "bigint",
    pa.bool_(): "boolean",
}

PART = "__part"
"""The column that says which part of the enterprises a row belongs to."""

FILE_SIZES = ("spark.sql.files.maxPartitionBytes", "spark.sql.files.openCostInBytes")
LARGEST_PART = str(1 << 30)
"""Bytes that both are set to where a file shall be one partition: neither shared among workers, nor put with others."""

JAVA_OPTIONS = "-XX:TieredStopAtLevel=1 -XX:+UseParallelGC"
"""Of a Java machine that lives for one piece of work: it spends nothing on what pays after minutes only."""

Rows = Any
"""A Spark data frame: pyspark is loaded where it is used."""

Work = Callable[..., Any]


class Spark:
    """An engine on a Spark session. Refuses where pyspark or a Java machine is missing (`engine-spark-missing`)."""

    dialect = "pyspark"

    def __init__(self) -> None:
        self.session = _session()
        self.held: dict[str, tuple[Path, ...]] = {}
        self.kept: dict[str, Any] = {}

    def hold(self, store: Store, as_of: date) -> None:
        """Make the store's live facts and the date available under the names of `TABLES_BY_NAME`."""
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

    @property
    def workers(self) -> int:
        """How many pieces of work are done at a time."""
        return int(self.session.sparkContext.defaultParallelism)

    def count(self, name: str) -> int:
        """How many rows a step holds."""
        return int(self.session.table(name).count())

    def any(self, name: str) -> bool:
        """Whether a step holds any row."""
        return not self.session.table(name).isEmpty()

    def by_part(self, queries: Sequence[Rows], size: int, work: Work, folder: Path) -> None:
        """Let workers do `work` on what one query, or two, find of each part of `size` enterprises.

        What it gives is written into the folder, a file for each part; only the numbers of rows come back.
        """
        from pyspark.sql import functions as sql

        number = sql.expr(f"cast(floor(row / {size}) as bigint)")
        # given new columns, since two queries on the same steps have columns that Spark does not tell apart
        parts = [rows.withColumn(PART, number).toDF(*rows.columns, PART).groupBy(PART) for rows in queries]

        def one(key: tuple[pa.Scalar, ...], *tables: pa.Table) -> pa.Table:
            found = work(*(table.drop_columns([PART]) for table in tables))
            written(found, folder, key[0].as_py() * size)
            return pa.table({"rows": [found.num_rows]})

        # Spark counts a function's arguments
        if len(parts) == 1:
            done = parts[0].applyInArrow(lambda key, table: one(key, table), "rows bigint")
        else:
            done = (
                parts[0].cogroup(parts[1]).applyInArrow(lambda key, left, right: one(key, left, right), "rows bigint")
            )
        done.collect()

    def rows(self, sql: str) -> Rows:
        """What a query will find, not carried out yet."""
        return self.session.sql(sql)

    def compute(self, name: str, files: Sequence[Path], sql: str, folder: Path) -> None:
        """Carry out a query on the rows in files, which it knows by a name; each file's rows become a file's rows."""
        with self._whole_files(files) as rows:
            rows.createOrReplaceTempView(name)
            self.session.sql(sql).write.option("compression", "zstd").parquet(str(folder))
            self.session.catalog.dropTempView(name)

    def map_files(self, files: Sequence[Path], columns: Sequence[str], given: object, work: Work, folder: Path) -> None:
        """Let workers do `work` on each file's columns and on what is given to all.

        `work` gives a part's first number and what is written for it into the folder.
        """
        told = self.session.sparkContext.broadcast(given)

        def act(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            found = list(batches)
            if found:
                begin, done = work(pa.Table.from_batches(found), told.value)
                written(done, folder, begin)
                yield pa.RecordBatch.from_pydict({"rows": [done.num_rows]})

        with self._whole_files(files) as rows:
            rows.select(*(f"`{name}`" for name in columns)).mapInArrow(act, "rows bigint").collect()
        told.destroy()

    @contextmanager
    def _whole_files(self, files: Sequence[Path]) -> Iterator[Rows]:
        """The rows in files, each file a partition of its own."""
        for name in FILE_SIZES:
            self.session.conf.set(name, LARGEST_PART)
        try:
            yield self.session.read.parquet(*map(str, files))
        finally:
            for name in FILE_SIZES:
                self.session.conf.unset(name)

    def forget(self) -> None:
        """Let all that was kept go."""
        for name, step in self.kept.items():
            self.session.catalog.dropTempView(name)
            step.unpersist()
        self.kept = {}

    def _facts(self, name: str, files: tuple[Path, ...]) -> Any:  # noqa: ANN401
        schema = TABLES[name].arrow_schema
        if not files:
            return self._rows(schema.empty_table())
        # a column that an earlier schema lacked is null; Spark would read every file to find the schema by itself
        return self.session.read.schema(_ddl(schema)).parquet(*map(str, files))

    def _rows(self, rows: pa.Table) -> Any:  # noqa: ANN401
        return self.session.createDataFrame(rows, _ddl(rows.schema))


def _ddl(schema: pa.Schema) -> str:
    return ", ".join(f"`{field.name}` {_SPARK_TYPES[field.type]}" for field in schema)


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
        master = os.environ.get("MULU_SPARK_MASTER", "local[*]")
        builder = SparkSession.builder.master(master).appName("mulu")
        for name, value in _settings(master.startswith("local")).items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
        if master.startswith("local") and "PYSPARK_PYTHON" not in os.environ:
            session.sparkContext.pythonExec = sys.executable
    except (PySparkException, RuntimeError, OSError) as error:
        raise Refusal("engine-spark-missing", cause=str(error).splitlines()[0]) from error
    session.sparkContext.setLogLevel("ERROR")
    return session


def _settings(local: bool) -> Mapping[str, str]:
    """How a session is set up; on this machine its workers run the interpreter and the code that are running here."""
    everywhere = {
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.ansi.enabled": "false",
        "spark.driver.memory": os.environ.get("MULU_SPARK_MEMORY", "2g"),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    if not local:
        return everywhere
    return {
        **everywhere,
        "spark.sql.shuffle.partitions": "8",
        "spark.driver.extraJavaOptions": JAVA_OPTIONS,
        "spark.executorEnv.PYTHONPATH": str(Path(__file__).resolve().parents[1]),
    }
