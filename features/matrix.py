"""The matrix: every enterprise's features at a date. Training and ranking call the same `build_matrix`."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from data.store import Store
from data.tables import OLDEST_REPORT_MONTHS
from features.about import about_of, circles_of
from features.catalog import Catalogue
from features.declared import IndicatorCells, cells_sql
from features.definition import Feature
from features.duckdb_engine import DuckDB
from features.engine import here, refuse_unknown
from features.layout import (
    FeaturesLaidOut,
    figures_laid_out,
    ordered_by_row,
    texts,
    view_laid_out,
    while_fetching,
)
from features.peers import against_others
from features.query import compiled
from features.spread import SpreadMatrix, spread_matrix


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
    found = matrix_where_it_lies(store, as_of, catalogue, engine, max_report_age_months)
    if isinstance(found, Matrix):
        return found
    return Matrix(found.frame.whole(), found.about, found.as_of, found.fingerprint, found.store_digest)


def matrix_where_it_lies(
    store: Store, as_of: date, catalogue: Catalogue, engine: str, max_report_age_months: int
) -> Matrix | SpreadMatrix:
    """The matrix of `build_matrix`: in memory, or in the files into which Spark's workers wrote it."""
    refuse_unknown(engine)
    if engine == "spark":
        return spread_matrix(store, as_of, catalogue, max_report_age_months)
    carrier = here(DuckDB)
    carrier.hold(store, as_of)
    query = compiled(catalogue, carrier.dialect, max_report_age_months)
    try:
        for step in query.steps:
            carrier.keep(*step)
        who = ordered_by_row(carrier.run(query.who))
        figures = figures_laid_out(carrier.stream(query.placed), query.figures, who.num_rows)
        counted = [carrier.run(sql) for sql in query.counted.values()]
        carrier.lend("at_view", view_laid_out(who, figures, counted, as_of, query.laid_out.names))
        built_in = [feature for feature in catalogue if feature.source == "mulu"]
        found = FeaturesLaidOut(
            who.num_rows,
            [feature.name for feature in built_in if feature.kind == "number"],
            [feature.name for feature in built_in if feature.kind == "category"],
        )
        while_fetching(carrier.stream(query.features), found.take)
        declared = len(built_in) < len(catalogue)
        cells = (
            IndicatorCells(carrier.run(cells_sql(carrier.dialect)), who.num_rows, catalogue.codes) if declared else None
        )
    finally:
        carrier.forget()
    index = pd.Index(texts(who.column("enterprise_id")), name="enterprise_id")
    about = about_of(who, figures, index, as_of)
    frame = pd.DataFrame(_set_against(catalogue, found, cells, about), index=index, columns=catalogue.names, copy=False)
    return Matrix(frame, about, as_of, catalogue.fingerprint, store.digest())


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
    circles = circles_of(about)

    def compare(feature: Feature) -> None:
        if feature.relative_to:
            columns[feature.name] = against_others(columns[feature.name], feature.relative_to, circles)

    # sorting lets other threads run
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        list(pool.map(compare, catalogue))
    return columns
