"""The matrix: every enterprise's features at a date. Training and ranking call the same `build_matrix`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from data.enterprise_size import classify_many
from data.store import Store
from data.tables import OLDEST_REPORT_MONTHS
from features.carrier import TABLES_BY_NAME, as_sql
from features.catalog import Catalogue
from features.declared import IndicatorCells
from features.definition import Feature
from features.engine import engine_named
from features.knowledge import Floats
from features.layout import (
    FeaturesLaidOut,
    days,
    figures_laid_out,
    ordered_by_row,
    texts,
    view_laid_out,
    while_fetching,
)
from features.peers import against_others
from features.point_in_time import point_in_time

ABOUT = (
    "name",
    "industry_code",
    "industry_name",
    "industry_section",
    "industry_division",
    "street",
    "region",
    "ownership",
    "group_id",
    "status",
    "established_on",
    "last_period_end",
    "revenue_cny",
    "employees",
    "total_assets_cny",
)
_AVERAGE = "average_employees"
_NUMBERS = ("revenue_cny", "employees", "total_assets_cny")
_DATES = ("established_on", "last_period_end")


@dataclass(frozen=True)
class Matrix:
    """Features at a date, and what the enterprises are.

    `frame`: one row per enterprise (index `enterprise_id`, ascending), one column per feature of the catalogue, in
    its order; numbers are float64 with NaN for missing, categories pandas `category` of str. `about`: same index;
    name, industry, place, ownership, group, status, dates, the official size class with its clause, and the last
    closed year's revenue (yuan), employees (persons), total assets (yuan). `fingerprint` is the catalogue's,
    `store_digest` names the state of knowledge.
    """

    frame: pd.DataFrame
    about: pd.DataFrame
    as_of: date
    fingerprint: str
    store_digest: str


def build_matrix(
    store: Store,
    as_of: date,
    catalogue: Catalogue,
    engine: str = "duckdb",
    max_report_age_months: int = OLDEST_REPORT_MONTHS,
) -> Matrix:
    """The features of all enterprises with a registration or a report known on `as_of`.

    Nothing known later enters. Figures of a closed year that ended more than `max_report_age_months` before count
    as missing. Refuses an unknown engine (`engine-unknown`).
    """
    carrier = engine_named(engine)
    carrier.hold(store, as_of)
    query = _compiled(catalogue, carrier.dialect, max_report_age_months)
    try:
        for step in query.steps:
            carrier.keep(*step)
        who = ordered_by_row(carrier.run(query.who))
        figures = figures_laid_out(carrier.stream(query.placed), query.figures, who.num_rows)
        counted = [carrier.run(sql) for sql in query.counted]
        carrier.lend("at_view", view_laid_out(who, figures, counted, as_of, query.columns))
        built_in = [feature for feature in catalogue if feature.source == "mulu"]
        found = FeaturesLaidOut(
            who.num_rows,
            [feature.name for feature in built_in if feature.kind == "number"],
            [feature.name for feature in built_in if feature.kind == "category"],
        )
        while_fetching(carrier.stream(query.features), found.take)
        declared = len(built_in) < len(catalogue)
        cells = IndicatorCells(carrier, who.num_rows, catalogue.codes) if declared else None
    finally:
        carrier.forget()
    index = pd.Index(texts(who.column("enterprise_id")), name="enterprise_id")
    about = _about(who, figures, index, as_of)
    frame = pd.DataFrame(_set_against(catalogue, found, cells, about), index=index, columns=catalogue.names, copy=False)
    return Matrix(frame, about, as_of, catalogue.fingerprint, store.digest())


@dataclass(frozen=True)
class _Query:
    """The SQL of a catalogue's view and features; see `point_in_time.View` for what each answers."""

    steps: list[tuple[str, str]]
    who: str
    placed: str
    counted: list[str]
    features: str
    figures: dict[int, dict[str, str]]
    columns: tuple[str, ...]


_COMPILED: dict[tuple[str, str, int], _Query] = {}
"""By catalogue, dialect and oldest report: the tables' names and schemas never change, the date is data."""


def _compiled(catalogue: Catalogue, dialect: str, max_age: int) -> _Query:
    key = (catalogue.fingerprint, dialect, max_age)
    if key not in _COMPILED:
        built_in = [feature for feature in catalogue if feature.source == "mulu"]
        inputs = [name for feature in built_in for name in feature.inputs]
        view = point_in_time(TABLES_BY_NAME, [*ABOUT, _AVERAGE, *inputs], max_age)
        computed = {feature.name: feature(*(view.column(name) for name in feature.inputs)) for feature in built_in}
        _COMPILED[key] = _Query(
            [(stage.name, as_sql(stage.expression, dialect)) for stage in view.steps],
            as_sql(view.who, dialect),
            as_sql(view.placed, dialect),
            [as_sql(counted, dialect) for counted in view.counted.values()],
            as_sql(view.columns.select("row", **computed), dialect),
            view.figures,
            view.columns.columns,
        )
    return _COMPILED[key]


def _set_against(
    catalogue: Catalogue, found: FeaturesLaidOut, cells: IndicatorCells | None, about: pd.DataFrame
) -> dict[str, Any]:
    """Every feature's column in the catalogue's order, ranks and industry figures taken."""
    columns: dict[str, Any] = {}
    for feature in catalogue:
        if feature.source == "declared" and cells is not None:
            columns[feature.name] = feature.compute(*(cells[name] for name in feature.inputs))
        elif feature.kind == "category":
            columns[feature.name] = found.category(feature.name)
        else:
            columns[feature.name] = found.numbers[feature.name]
    circles = _circles(about)

    def compare(feature: Feature) -> None:
        if feature.relative_to:
            columns[feature.name] = against_others(columns[feature.name], feature.relative_to, circles)

    # sorting lets other threads run
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        list(pool.map(compare, catalogue))
    return columns


def _about(who: pa.Table, figures: Mapping[str, Floats], index: pd.Index, as_of: date) -> pd.DataFrame:
    columns: dict[str, Any] = {name: days(who.column(name)) for name in _DATES}
    columns |= {name: texts(who.column(name)) for name in ABOUT if name not in (*_NUMBERS, *_DATES)}
    columns |= {name: figures[name] for name in _NUMBERS}
    # the size rules take the year's average where the number at its end is not given
    columns["employees"] = np.where(np.isnan(figures["employees"]), figures[_AVERAGE], figures["employees"])
    about = pd.DataFrame({name: columns[name] for name in ABOUT}, index=index, copy=False)
    sizes = classify_many(about[["industry_code", *_NUMBERS]].rename(columns={"total_assets_cny": "assets_cny"}), as_of)
    return about.assign(size_class=sizes["size_class"], size_clause=sizes["clause"])


def _circles(about: pd.DataFrame) -> list[np.ndarray[Any, np.dtype[np.intp]]]:
    """Peer groups, narrow to wide: industry and size class, industry, everyone."""
    industry = about["industry_division"].where(about["industry_division"].notna(), about["industry_name"])
    by_industry, _ = pd.factorize(industry)
    by_size, sizes = pd.factorize(about["size_class"])
    narrow = np.where((by_industry >= 0) & (by_size >= 0), by_industry * max(len(sizes), 1) + by_size, -1)
    return [narrow.astype(np.intp), by_industry.astype(np.intp), np.zeros(len(about), dtype=np.intp)]
