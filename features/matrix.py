"""The matrix: every enterprise's features at a date. Training and ranking call the same `build_matrix`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from data.enterprise_size import classify_many
from data.store import Store
from features.carrier import TABLES_BY_NAME, as_sql
from features.catalog import Catalogue
from features.declared import IndicatorCells
from features.engine import engine_named
from features.peers import against_others
from features.point_in_time import point_in_time

OLDEST_REPORT_MONTHS = 36
"""A closed year that ended longer ago says nothing about now, unless an edition says otherwise."""

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
    steps, query = _compiled(catalogue, carrier.dialect, max_report_age_months)
    for step in steps:
        carrier.define(*step)
    rows = carrier.run(query)
    declared = any(feature.source == "declared" for feature in catalogue)
    index = pd.Index(rows.column("enterprise_id").to_pandas().astype("str"), name="enterprise_id")
    about = _about(rows, index, as_of)
    circles = _circles(about)
    cells = IndicatorCells(carrier, index, catalogue.codes) if declared else None
    carrier.forget([name for name, _, _ in steps])
    columns: dict[str, Any] = {}
    for position, feature in enumerate(catalogue):
        if cells is not None and feature.source == "declared":
            numbers = feature.compute(*(cells[name] for name in feature.inputs))
        elif feature.kind == "category":
            columns[feature.name] = _category(rows.column(f"x{position}"))
            continue
        else:
            numbers = _numbers(rows.column(f"x{position}"))
        if feature.relative_to:
            numbers = against_others(numbers, feature.relative_to, circles)
        columns[feature.name] = numbers
    frame = pd.DataFrame(columns, index=index, columns=catalogue.names, copy=False)
    return Matrix(frame, about, as_of, catalogue.fingerprint, store.digest())


Compiled = tuple[list[tuple[str, str, bool]], str]
_COMPILED: dict[tuple[str, str, int], Compiled] = {}
"""SQL by catalogue, dialect and oldest report: the tables' names and schemas never change, the date is data."""


def _compiled(catalogue: Catalogue, dialect: str, max_age: int) -> Compiled:
    """The steps (name, SQL, kept) of the point-in-time view, and the query for the features on it."""
    key = (catalogue.fingerprint, dialect, max_age)
    if key not in _COMPILED:
        built_in = {f"x{place}": feature for place, feature in enumerate(catalogue) if feature.source == "mulu"}
        inputs = [_AVERAGE, *(name for feature in built_in.values() for name in feature.inputs)]
        stages = point_in_time(TABLES_BY_NAME, [*ABOUT, *inputs], max_age)
        view = stages[-1].table
        computed = {place: feature(*(view[name] for name in feature.inputs)) for place, feature in built_in.items()}
        about = {"about_" + name: view[name] for name in ABOUT}
        # the size rules take the year's average where the number at its end is not given
        about["about_employees"] = ibis.coalesce(view.employees, view[_AVERAGE])
        selected = view.select("enterprise_id", **about, **computed).order_by("enterprise_id")
        steps = [(stage.name, as_sql(stage.expression, dialect), stage.kept) for stage in stages]
        _COMPILED[key] = steps, as_sql(selected, dialect)
    return _COMPILED[key]


def _about(rows: pa.Table, index: pd.Index, as_of: date) -> pd.DataFrame:
    columns: dict[str, Any] = {}
    for name in ABOUT:
        stored = rows.column("about_" + name)
        if stored.null_count == len(stored) and name not in _NUMBERS:
            columns[name] = np.full(len(stored), None, dtype=object)  # a field no file ever gave
        elif name in _NUMBERS:
            columns[name] = _numbers(stored)
        elif name in _DATES:
            columns[name] = stored.to_pandas(date_as_object=True).to_numpy(dtype=object)
        else:
            columns[name] = stored.to_pandas().to_numpy(dtype=object)
    about = pd.DataFrame(columns, index=index)
    sizes = classify_many(about[["industry_code", *_NUMBERS]].rename(columns={"total_assets_cny": "assets_cny"}), as_of)
    about["size_class"] = sizes["size_class"].to_numpy()
    about["size_clause"] = sizes["clause"].to_numpy()
    return about


def _numbers(stored: pa.ChunkedArray) -> np.ndarray[Any, np.dtype[np.float64]]:
    """As float64; what is null, infinite or no number is NaN."""
    numbers = np.array(stored.cast(pa.float64()).to_numpy(), dtype=np.float64)
    numbers[~np.isfinite(numbers)] = np.nan
    return numbers


def _category(stored: pa.ChunkedArray) -> pd.Categorical:
    """As categories in ascending order, so that codes do not depend on the order of rows."""
    texts = stored.cast(pa.string())
    kinds = sorted(text for text in pc.unique(texts).to_pylist() if text is not None)
    codes = pc.index_in(texts.combine_chunks(), value_set=pa.array(kinds, pa.string()))
    filled = np.asarray(codes.fill_null(-1).to_numpy(zero_copy_only=False), dtype=np.int32)
    return pd.Categorical.from_codes(filled, categories=pd.Index(kinds, dtype="str"))


def _circles(about: pd.DataFrame) -> list[np.ndarray[Any, np.dtype[np.intp]]]:
    """Peer groups, narrow to wide: industry and size class, industry, everyone."""
    industry = about["industry_division"].where(about["industry_division"].notna(), about["industry_name"])
    by_industry, _ = pd.factorize(industry)
    by_size, sizes = pd.factorize(about["size_class"])
    narrow = np.where((by_industry >= 0) & (by_size >= 0), by_industry * max(len(sizes), 1) + by_size, -1)
    return [narrow.astype(np.intp), by_industry.astype(np.intp), np.zeros(len(about), dtype=np.intp)]
