"""What the store holds: tables, periods, how well each field is filled, batches, and questions that wait."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from data.plan import PERIODIC
from data.refusal import Refusal
from data.store import Store
from data.tables import TABLES
from data.waiting import open_questions

TIME_OF: dict[str, str] = {
    "enterprises": "established_on",
    "reports": "period_end",
    "recognitions": "granted_on",
    "investments": "closed_on",
    "assessments": "given_on",
    "integrity_events": "listed_on",
    "grants": "period_end",
    "indicators": "period_end",
    "outcomes": "as_of",
    "directory_decisions": "as_of",
}


@dataclass(frozen=True)
class TableSummary:
    """One table: rows, distinct enterprises, first and last date described, last date of knowledge (ISO or "")."""

    table: str
    rows: int
    enterprises: int
    first: str
    last: str
    known_on: str


@dataclass(frozen=True)
class PeriodSummary:
    """One period of a table of figures: its end (ISO), length in months, rows and distinct enterprises."""

    table: str
    end: str
    months: int
    rows: int
    enterprises: int


@dataclass(frozen=True)
class FieldSummary:
    """One field: share of rows that have it (0..1), and the same among rows of the latest period."""

    table: str
    name: str
    filled: float
    latest: float


@dataclass(frozen=True)
class Summary:
    """Everything `mulu status` tells. `damaged` are refusals: a table of which a file is damaged is not summed up."""

    home: str
    database: str
    digest: str
    tables: list[TableSummary] = field(default_factory=list)
    periods: list[PeriodSummary] = field(default_factory=list)
    fields: list[FieldSummary] = field(default_factory=list)
    batches: list[dict[str, Any]] = field(default_factory=list)
    questions: list[dict[str, Any]] = field(default_factory=list)
    damaged: list[Refusal] = field(default_factory=list)


def summary(store: Store) -> Summary:
    """Read the store once, column by column, and tell what it holds."""
    tables, periods, fields, damaged = [], [], [], []
    for name in TABLES:
        try:
            paths = [str(path) for path in store.files(name)]
        except Refusal as refusal:
            damaged.append(refusal)
            continue
        if not paths:
            continue
        told, filled = _table(name, paths)
        tables.append(told)
        fields += filled
        periods += _periods(name, paths) if name in PERIODIC else []
    return Summary(
        str(store.settings.home),
        store.address,
        store.digest(),
        tables,
        periods,
        fields,
        [{str(name): value for name, value in row.items()} for row in store.batches().to_dict("records")],
        open_questions(store),
        damaged,
    )


def _periods(name: str, paths: list[str]) -> list[PeriodSummary]:
    """The periods that a table tells of, the latest first."""
    parts = [pq.read_table(path, columns=["period_end", "period_months", "enterprise_id"]) for path in paths]
    counted = pa.concat_tables(parts).group_by(["period_end", "period_months"])
    rows = counted.aggregate([("enterprise_id", "count"), ("enterprise_id", "count_distinct")]).to_pylist()
    told = [
        PeriodSummary(
            name,
            str(row["period_end"] or ""),
            int(row["period_months"] or 0),
            row["enterprise_id_count"],
            row["enterprise_id_count_distinct"],
        )
        for row in rows
    ]
    return sorted(told, key=lambda one: (one.end, one.months), reverse=True)


def _table(name: str, paths: list[str]) -> tuple[TableSummary, list[FieldSummary]]:
    when = TIME_OF[name]

    def column(field_name: str) -> pa.ChunkedArray:
        kind = TABLES[name].arrow_schema.field(field_name).type
        parts = []
        for path in paths:
            known = field_name in pq.read_schema(path).names
            rows = pq.read_metadata(path).num_rows
            parts.append(pq.read_table(path, columns=[field_name]).column(0) if known else pa.nulls(rows, kind))
        return pa.chunked_array(
            [chunk for part in parts for chunk in (part.chunks if isinstance(part, pa.ChunkedArray) else [part])], kind
        )

    times, known_on = column(when), column("known_on")
    extremes = pc.min_max(times).as_py()
    rows = len(times)
    latest = pc.fill_null(pc.equal(times, pa.scalar(extremes["max"], times.type)), False)
    told = TableSummary(
        name,
        rows,
        pc.count_distinct(column("enterprise_id")).as_py(),
        str(extremes["min"] or ""),
        str(extremes["max"] or ""),
        str(pc.max(known_on).as_py() or ""),
    )
    newest = pc.sum(latest).as_py() or 0
    fields = []
    for field_name in TABLES[name].names:
        filled = pc.is_valid(column(field_name))
        total = pc.sum(filled).as_py() or 0
        if total:
            recent = pc.sum(pc.and_(filled, latest)).as_py() or 0
            fields.append(FieldSummary(name, field_name, total / rows, recent / newest if newest else 0.0))
    return told, fields
