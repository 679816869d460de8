"""The period and the dates of each row, by the rules of the plan."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.columns import Told, read_column
from data.dates import period_end
from data.plan import DayRule, PeriodRule
from data.tables import Field

_WHOLE = Field("period", "count", "")
_DAY = Field("period_end", "date")
LENGTHS = (3.0, 6.0, 9.0, 12.0)
_YEAR = r"^(?P<year>(?:18|19|20|21)\d{2})(?:\.0+)?(?:年度?|FY)?$"

Placed = tuple[int, Told]
"""A finding with the position of its column (-1: none)."""


def row_periods(cells: pa.Table, rule: PeriodRule, *, epoch_1904: bool) -> tuple[pa.Array, pa.Array, list[Placed]]:
    """Period end (date32) and months (float64) of each row, and findings; what tells no period is an error."""
    told: list[Placed] = []
    months = _months(cells, rule, told, epoch_1904)
    if rule.end_column is not None:
        ends = _read(cells, rule.end_column, _DAY, told, epoch_1904)
    elif rule.end is not None:
        ends = pa.repeat(pa.scalar(rule.end, pa.date32()), cells.num_rows)
    elif rule.year_column is not None:
        ends = _ends(_years(cells, rule.year_column) - rule.back, months)
    else:
        ends = _ends(np.full(cells.num_rows, float(rule.year or 0) - rule.back), months)
    if rule.back and (rule.end_column is not None or rule.end is not None):
        moved = [None if day is None else _years_back(day, rule.back) for day in ends.to_pylist()]
        ends = pa.array(moved, pa.date32())
    wrong = np.flatnonzero(~np.isin(months, LENGTHS) | ends.is_null().to_numpy(zero_copy_only=False))
    if len(wrong):
        columns = (rule.end_column, rule.year_column, rule.months_column, rule.quarter_column)
        position = next((column for column in columns if column is not None), -1)
        before = pa.nulls(len(wrong), pa.string())
        if position >= 0:
            before = column_of(cells, position).take(pa.array(wrong))
        told.append((position, Told("period-unreadable", "error", wrong, before)))
    return ends, pa.array(months, pa.float64(), from_pandas=True), told


def row_days(
    cells: pa.Table, rule: DayRule, ends: pa.Array | None, *, epoch_1904: bool
) -> tuple[pa.Array, list[Placed]]:
    """A day for each row: fixed, read from a column, or so many days after the period's end."""
    if rule.fixed is not None:
        return pa.repeat(pa.scalar(rule.fixed, pa.date32()), cells.num_rows), []
    if rule.column is not None:
        told: list[Placed] = []
        return _read(cells, rule.column, _DAY, told, epoch_1904), told
    if ends is None:
        return pa.nulls(cells.num_rows, pa.date32()), []
    later = pa.scalar(rule.after_period_end or 0, pa.int32())
    return pc.cast(pc.add(pc.cast(ends, pa.int32()), later), pa.date32()), []


def column_of(cells: pa.Table, position: int) -> pa.Array:
    """One column of a chunk as one array."""
    column = cells.column(position)
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _read(cells: pa.Table, position: int, kind: Field, told: list[Placed], epoch_1904: bool) -> pa.Array:
    read = read_column(column_of(cells, position), kind, 1.0, {}, epoch_1904=epoch_1904)
    told.extend((position, one) for one in read.told)
    return read.values


def _months(cells: pa.Table, rule: PeriodRule, told: list[Placed], epoch_1904: bool) -> np.ndarray:
    for column, factor in ((rule.months_column, 1.0), (rule.quarter_column, 3.0)):
        if column is not None:
            return factor * np.asarray(_read(cells, column, _WHOLE, told, epoch_1904).to_numpy(zero_copy_only=False))
    fixed = 3.0 * rule.quarter if rule.quarter is not None else float(rule.months or 12)
    return np.full(cells.num_rows, fixed)


def _years(cells: pa.Table, position: int) -> np.ndarray:
    """Years of a column: `2024`, `2024年`, `2024年度`; NaN for anything else."""
    text = pc.utf8_trim_whitespace(column_of(cells, position))
    digits = pc.struct_field(pc.extract_regex(text, _YEAR), "year")
    return np.asarray(pc.cast(digits, pa.float64()).to_numpy(zero_copy_only=False))


def _ends(years: np.ndarray, months: np.ndarray) -> pa.Array:
    """Period ends of years and months; missing where either is."""
    fine = np.isfinite(years) & np.isin(months, LENGTHS) & (years > 0)
    pairs = np.where(fine, np.nan_to_num(years) * 100 + np.nan_to_num(months), 0).astype(np.int64)
    distinct, inverse = np.unique(pairs, return_inverse=True)
    days = [period_end(int(pair) // 100, int(pair) % 100) if pair else None for pair in distinct]
    return pa.array(days, pa.date32()).take(pa.array(inverse.ravel()))


def _years_back(day: date, years: int) -> date:
    """The same period end some years earlier: the last day of the month stays the last day."""
    last = (day + timedelta(days=1)).day == 1
    return period_end(day.year - years, day.month) if last else date(day.year - years, day.month, min(day.day, 28))
