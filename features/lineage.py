"""Where one enterprise's value of one feature comes from: the figures behind it, their files, rows and dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from data.refusal import Refusal
from data.store import Store
from data.tables import OLDEST_REPORT_MONTHS, TABLES
from features.catalog import Catalogue
from features.definition import Feature
from features.events import EVENT_COLUMNS
from features.matrix import build_matrix
from features.point_in_time import (
    FIGURES,
    INDICATOR,
    INDUSTRY,
    MOMENTS,
    REGISTRATION,
    SLOTS,
    YTD,
    Slot,
    figure_of,
)


@dataclass(frozen=True)
class Origin:
    """One fact behind an input: what it says, of which period, since when, and where it stands in which file.

    `value` is in the unit of its field (yuan, persons, ...). `source` is the file's name as received, `source_row` its
    row there; `versions` counts how often the fact was stated by the date: more than one means it was corrected.
    """

    input: str
    table: str
    field: str
    value: object
    period_end: date | None
    period_months: int | None
    known_on: date
    batch_id: str
    source: str
    source_row: int | None
    versions: int


@dataclass(frozen=True)
class Lineage:
    """A feature's value for one enterprise at a date, and the facts behind it. `unknown`: inputs no fact speaks of."""

    enterprise_id: str
    feature: Feature
    as_of: date
    value: float | str | None
    last_period_end: date | None
    origins: tuple[Origin, ...]
    unknown: tuple[str, ...]


def lineage(
    store: Store,
    as_of: date,
    catalogue: Catalogue,
    enterprise_id: str,
    name: str,
    max_report_age_months: int = OLDEST_REPORT_MONTHS,
) -> Lineage:
    """The value of a feature for an enterprise and the facts it was computed from.

    Ranks and industry figures name the enterprise's own facts; those of its peers are not listed. Refuses an unknown
    feature (`feature-unknown`) and an enterprise not known by the date (`enterprise-unknown-at-date`).
    """
    feature = catalogue[name]
    matrix = build_matrix(store, as_of, catalogue.select(names=[name]), max_report_age_months=max_report_age_months)
    if enterprise_id not in matrix.frame.index:
        raise Refusal("enterprise-unknown-at-date", enterprise=enterprise_id, as_of=as_of)
    value: Any = matrix.frame.loc[enterprise_id, name]
    closed: Any = matrix.about.loc[enterprise_id, "last_period_end"]
    facts = _Facts(store, enterprise_id, as_of)
    origins: list[Origin] = []
    unknown: list[str] = []
    for wanted in feature.inputs:
        found = facts.behind(wanted, closed if isinstance(closed, date) else None)
        origins += found
        if not found and wanted not in MOMENTS:
            unknown.append(wanted)
    told = None if pd.isna(value) else str(value) if feature.kind == "category" else float(value)
    last = closed if isinstance(closed, date) else None
    return Lineage(enterprise_id, feature, as_of, told, last, tuple(origins), tuple(unknown))


class _Facts:
    """One enterprise's facts known at a date."""

    def __init__(self, store: Store, enterprise_id: str, as_of: date) -> None:
        self.store, self.enterprise_id, self.as_of = store, enterprise_id, as_of
        batches = store.batches()
        self.sources = dict(zip(batches["batch_id"], batches["source"], strict=True))
        self.read: dict[str, pd.DataFrame] = {}

    def behind(self, wanted: str, closed: date | None) -> list[Origin]:
        """The facts behind one input column of the view."""
        if wanted == "last_period_end" and closed is not None:
            return self._closing(wanted, closed)
        if wanted in MOMENTS:
            return []
        if wanted in EVENT_COLUMNS:
            return self._events(wanted)
        if wanted in REGISTRATION or wanted in INDUSTRY:
            return self._holding(wanted, "enterprises", wanted if wanted in REGISTRATION else "industry_code", [])
        field, suffix = figure_of(wanted)
        if closed is None:
            return []
        for slot in self._slots(field, suffix, closed):
            if found := self._in_slot(wanted, field, slot, closed):
                return found
        return []

    def _closing(self, wanted: str, closed: date) -> list[Origin]:
        """The report of the last closed year, or what else an enterprise without reports tells of it."""
        year: list[tuple[str, object]] = [("month", closed.year * 12 + closed.month), ("period_months", 12)]
        return next(
            filter(None, (self._holding(wanted, name, "period_end", year) for name in ("reports", "indicators"))), []
        )

    def _slots(self, field: str, suffix: str, closed: date) -> list[Slot]:
        """The places to look at in turn; what this year is compared with depends on what this year has."""
        if suffix not in YTD:
            return [SLOTS[suffix]]
        for since, same in zip(YTD["_ytd"], YTD[suffix], strict=True):
            if self._in_slot(field, field, SLOTS[since], closed):
                return [SLOTS[same]]
        return []

    def _in_slot(self, wanted: str, field: str, slot: Slot, closed: date) -> list[Origin]:
        table = "reports" if field in FIGURES else "indicators"
        month = closed.year * 12 + closed.month + slot.offset
        conditions: list[tuple[str, object]] = [("month", month), ("period_months", slot.months)]
        if table == "indicators":
            conditions.append(("code", field.removeprefix(INDICATOR)))
        return self._holding(wanted, table, field if table == "reports" else "value", conditions)

    def _holding(self, wanted: str, table: str, field: str, conditions: Sequence[tuple[str, object]]) -> list[Origin]:
        """The version of a fact that holds: known last, ties by batch, by row, by the greater value."""
        rows = self._rows(table)
        rows = rows[rows[field].notna()]
        for column, asked in conditions:
            rows = rows[rows[column] == asked]
        if rows.empty:
            return []
        rows = rows.sort_values(["known_on", "batch_id", "source_row", field], kind="stable", na_position="first")
        return [self._origin(wanted, table, field, rows.iloc[-1], len(rows))]

    def _events(self, wanted: str) -> list[Origin]:
        """All events of the table as last known: which of them count, their dates and kinds say."""
        table = EVENT_COLUMNS[wanted].table
        key = list(TABLES[table].key)
        rows = self._rows(table).sort_values(["known_on", "batch_id", "source_row"], kind="stable", na_position="first")
        versions = rows.groupby(key, dropna=False)["known_on"].transform("size")
        latest = rows.assign(versions=versions).drop_duplicates(key, keep="last")
        shown = key[0]
        return [self._origin(wanted, table, shown, row, int(row["versions"])) for _, row in latest.iterrows()]

    def _origin(self, wanted: str, table: str, field: str, row: pd.Series, versions: int) -> Origin:
        batch = str(row["batch_id"])
        dated = next(
            (row[name] for name in ("period_end", *TABLES[table].key) if isinstance(row.get(name), date)), None
        )
        months, source_row = row.get("period_months"), row["source_row"]
        return Origin(
            input=wanted,
            table=table,
            field=field,
            value=row[field],
            period_end=dated,
            period_months=None if months is None or pd.isna(months) else int(months),
            known_on=row["known_on"],
            batch_id=batch,
            source=self.sources.get(batch, ""),
            source_row=None if pd.isna(source_row) else int(source_row),
            versions=versions,
        )

    def _rows(self, table: str) -> pd.DataFrame:
        if table not in self.read:
            schema = TABLES[table].arrow_schema
            mine = [("enterprise_id", "=", self.enterprise_id), ("known_on", "<=", self.as_of)]
            parts = [pq.read_table(path, filters=mine) for path in self.store.files(table)]
            rows = pa.concat_tables([schema.empty_table(), *parts], promote_options="default").to_pandas()
            if "period_end" in rows:
                ended = rows["period_end"].map(lambda day: isinstance(day, date) and day <= self.as_of)
                rows = rows[ended.astype(bool)]
                rows = rows.assign(month=[day.year * 12 + day.month for day in rows["period_end"]])
            self.read[table] = rows
        return self.read[table]
