"""The matrix where Spark's workers make it: it lies in files of the store's home and is never brought together.

The facts are joined by Spark SQL. Then every part of the enterprises is laid out by a worker of its own (`parts.py`),
its features are computed by Spark SQL, and what is set against others (`peers.py`) is computed here, one column at a
time. The numbers are those of `build_matrix` on DuckDB.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from data.store import Store
from data.tables import OLDEST_REPORT_MONTHS
from features.about import ABOUT, AVERAGE, NUMBERS, about_of, circles_of
from features.catalog import Catalogue
from features.declared import cells_sql
from features.engine import here
from features.layout import floats, texts
from features.parts import Plan, declared, laid_out
from features.peers import against_others
from features.query import Query, compiled
from features.spark_engine import Spark
from features.stored_frame import Folder, StoredFrame, stored

MOST_ROWS = 65_536
"""Enterprises in a part: what a worker holds at once."""

LEAST_ROWS = 4_000
"""Fewer are not worth a worker of their own."""


@dataclass(frozen=True)
class SpreadMatrix:
    """What `matrix.Matrix` is, with a frame that lies in files."""

    frame: StoredFrame
    about: pd.DataFrame
    as_of: date
    fingerprint: str
    store_digest: str


def spread_matrix(
    store: Store, as_of: date, catalogue: Catalogue, max_report_age_months: int = OLDEST_REPORT_MONTHS
) -> SpreadMatrix:
    """The matrix of `build_matrix`, made by Spark's workers. Refuses where there is none (`engine-spark-missing`)."""
    engine = here(Spark)
    engine.hold(store, as_of)
    query = compiled(catalogue, engine.dialect, max_report_age_months)
    folder = Folder(store.settings.home)
    computed, told = folder.place("features"), folder.place("declared")
    try:
        for step in query.steps:
            engine.keep(*step)
        count = engine.count("at_enterprises")
        size = part_size(count, engine.workers)
        view = _view(engine, query, as_of, size, folder.place("view"))
        if catalogue.codes:
            own = [feature for feature in catalogue if feature.source == "declared"]
            work = partial(declared, size=size, count=count, features=own, codes=catalogue.codes)
            engine.by_part([engine.rows(cells_sql(engine.dialect))], size, work, told)
        if view:
            engine.compute("at_view", view, query.features, computed)
    finally:
        engine.forget()
    about = _about(view, query, as_of)
    kinds = {
        source: {one.name: one.kind for one in catalogue if one.source == source} for source in ("mulu", "declared")
    }
    kept = {**stored(computed, kinds["mulu"]), **stored(told, kinds["declared"])}
    files = sorted(computed.glob("*.parquet"))
    frame = StoredFrame(about.index, size, {name: kept[name] for name in catalogue.names}, files, folder, engine)
    circles = circles_of(about)
    for feature in catalogue:
        if feature.relative_to:
            frame.put(feature.name, against_others(frame[feature.name].to_numpy(), feature.relative_to, circles))
    return SpreadMatrix(frame, about, as_of, catalogue.fingerprint, store.digest())


def part_size(count: int, workers: int) -> int:
    """Into how large parts so many enterprises are cut: enough for all workers, none too large or too small."""
    parts = max(1, min(count // LEAST_ROWS, max(workers, -(-count // MOST_ROWS))))
    return max(1, -(-count // parts))


def _view(engine: Spark, query: Query, as_of: date, size: int, folder: Path) -> list[Path]:
    """The files of the view, one for each part, in order."""
    counted, who = {}, engine.rows(query.who)
    for table, sql in query.counted.items():
        engine.keep(f"at_{table}", sql)
        found = engine.kept[f"at_{table}"]
        counted[table] = [name for name in found.columns if name != "row"]
        who = who.join(found, "row", "left")
    fed = frozenset(table for table in counted if engine.any(f"at_{table}"))
    plan = Plan(as_of, query.figures, counted, fed, query.laid_out)
    engine.by_part([engine.rows(query.placed), who], size, partial(laid_out, plan=plan), folder)
    return sorted(folder.glob("*.parquet"))


def _about(view: list[Path], query: Query, as_of: date) -> pd.DataFrame:
    wanted = ["enterprise_id", AVERAGE, *ABOUT]
    schema = query.laid_out.append(pa.field("enterprise_id", pa.string()))
    empty = pa.schema([schema.field(name) for name in wanted]).empty_table()
    who = pa.concat_tables([empty, *(pq.ParquetFile(path).read(wanted).select(wanted) for path in view)])
    index = pd.Index(texts(who.column("enterprise_id")), name="enterprise_id")
    return about_of(who, {name: floats(who.column(name)) for name in (AVERAGE, *NUMBERS)}, index, as_of)
