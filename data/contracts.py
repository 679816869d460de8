"""What a row of each table must satisfy, as pandera schemas built from the tables' own definitions."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from data.dates import EARLIEST, LATEST
from data.tables import TABLES, Field

# pandera loads pyspark where it is installed, and that says of every pandas 3 that it is not fully supported
warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
import pandera.pandas as pandera  # noqa: E402

MAY_BE_NEGATIVE = frozenset(
    (
        "net_profit_cny", "total_profit_cny", "net_assets_cny", "revenue_cny", "main_business_revenue_cny",
        "tax_paid_cny", "district_tax_cny", "rd_expense_cny", "hightech_revenue_cny", "total_liabilities_cny",
        "wages_cny",
    )
)  # fmt: skip
"""Amounts that losses, refunds and corrections make negative; any other negative amount is an error."""
LARGEST_CNY = 1e14
LARGEST_COUNT = 1e8
PERIODS = (3.0, 6.0, 9.0, 12.0)


@dataclass(frozen=True)
class Violation:
    """One broken rule: positions of the rows in the frame, the column, and a code."""

    code: str
    column: str
    rows: np.ndarray


@lru_cache(maxsize=len(TABLES))
def contract(table: str) -> pandera.DataFrameSchema:
    """The schema of a table's own fields. Every field may be absent; what stands must hold. Units as in `TABLES`."""
    return pandera.DataFrameSchema(
        {
            field.name: pandera.Column(checks=_checks(field), nullable=True, required=False)
            for field in TABLES[table].fields
        },
        name=table,
        strict=False,
    )


def violations(table: str, rows: pa.Table) -> list[Violation]:
    """Every rule of the contract that rows of a table break; empty for most chunks, found without a copy of text."""
    checked = [field.name for field in TABLES[table].fields if _checks(field) and field.name in rows.column_names]
    frame = pd.DataFrame({name: _plain(rows.column(name)) for name in checked})
    if frame.empty:
        return []
    try:
        contract(table).validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        cases = errors.failure_cases
        return [
            Violation(str(code), str(column), np.sort(group["index"].to_numpy(dtype=np.int64)))
            for (code, column), group in cases.groupby(["check", "column"], sort=True)
        ]
    return []


def _plain(column: pa.ChunkedArray) -> object:
    """Numbers as float64, dates as days since 1970 in float64, text as it is."""
    if pa.types.is_date32(column.type):
        days = pc.cast(column.cast(pa.int32()), pa.float64())
        return days.to_numpy()
    if pa.types.is_floating(column.type):
        return column.to_numpy()
    return column.to_pandas()


def _checks(field: Field) -> list[pandera.Check]:
    if field.name == "period_months":
        return [pandera.Check.isin(PERIODS, error="period-months")]
    if field.kind == "count":
        return [
            pandera.Check.ge(0, error="value-negative"),
            pandera.Check.le(LARGEST_COUNT, error="value-too-large"),
        ]
    if field.kind == "money":
        low = [] if field.name in MAY_BE_NEGATIVE else [pandera.Check.ge(0, error="value-negative")]
        return [*low, pandera.Check(lambda values: values.abs() <= LARGEST_CNY, error="value-too-large")]
    if field.kind == "date":
        low_day, high_day = ((day - EARLIEST.replace(1970, 1, 1)).days for day in (EARLIEST, LATEST))
        return [pandera.Check.in_range(low_day, high_day, error="date-impossible")]
    if field.choices:
        return [pandera.Check.isin(field.choices, error="choice-unknown")]
    return []
