"""The period and the dates of each row, by the rules of the plan."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.columns import Column, Told, read_column
from data.dates import period_end
from data.planning import DayRule, PeriodRule
from data.tables import Field

_WHOLE = Field("period", "count", "")
_DAY = Field("period_end", "date")
LENGTHS = (3, 6, 9, 12)


def row_periods(
    cells: pa.Table, rule: PeriodRule, *, epoch_1904: bool
) -> tuple[pa.Array, pa.Array, list[tuple[int, Told]]]:
    """Period end (date32) and months (float64) of each row, and findings with the position of their column."""
    rows = cells.num_rows
    told: list[tuple[int, Told]] = []

    def column(position: int, kind: Field) -> Column:
        text = cells.column(position)
        text = text.combine_chunks() if isinstance(text, pa.ChunkedArray) else text
        read = read_column(text, kind, 1.0, {}, epoch_1904=epoch_1904)
        told.extend((position, one) for one in read.told)
        return read

    months = np.full(rows, float(rule.months or 12))
    if rule.months_column is not None:
        months = column(rule.months_column, _WHOLE).values.to_numpy(zero_copy_only=False)
    elif rule.quarter is not None:
        months = np.full(rows, 3.0 * rule.quarter)
    elif rule.quarter_column is not None:
        months = 3.0 * column(rule.quarter_column, _WHOLE).values.to_numpy(zero_copy_only=False)
    if rule.end is not None:
        if rule.end_is_column:
            position = int(rule.end)  # type: ignore[call-overload]
            ends = _year_or_day(column, position, cells)
        else:
            ends = pa.array([rule.end] * rows, pa.date32())
        if rule.back:
            ends = pa.array(
                [None if day is None else _years_back(day, rule.back) for day in ends.to_pylist()], pa.date32()
            )
    else:
        years = np.full(rows, float(rule.year or 0))
        if rule.year_column is not None:
            years = _years(column, rule.year_column, cells)
        ends = _ends(years - rule.back, months)
    wrong = np.flatnonzero(~np.isin(months, LENGTHS) | ends.is_null().to_numpy(zero_copy_only=False))
    if len(wrong):
        position = next((p for p in (rule.end if rule.end_is_column else None, rule.year_column, rule.months_column, rule.quarter_column) if p is not None), -1)  # fmt: skip
        before = (
            cells.column(int(position)).take(pa.array(wrong)) if position != -1 else pa.nulls(len(wrong), pa.string())
        )  # type: ignore[call-overload]
        before = before.combine_chunks() if isinstance(before, pa.ChunkedArray) else before
        told.append((int(position), Told("period-unreadable", "error", wrong, before)))  # type: ignore[call-overload]
    return ends, pa.array(months, pa.float64(), from_pandas=True), told


def row_days(
    cells: pa.Table, rule: DayRule, ends: pa.Array | None, *, epoch_1904: bool
) -> tuple[pa.Array, list[tuple[int, Told]]]:
    """A day for each row: fixed, read from a column, or so many days after the period's end."""
    if rule.fixed is not None:
        return pa.repeat(pa.scalar(rule.fixed, pa.date32()), cells.num_rows), []
    if rule.column is not None:
        text = cells.column(rule.column)
        text = text.combine_chunks() if isinstance(text, pa.ChunkedArray) else text
        read = read_column(text, _DAY, 1.0, {}, epoch_1904=epoch_1904)
        return read.values, [(rule.column, one) for one in read.told]
    if ends is None:
        return pa.nulls(cells.num_rows, pa.date32()), []
    moved = pc.add(pc.cast(ends, pa.int32()), pa.scalar(rule.after_period_end or 0, pa.int32()))
    return pc.cast(moved, pa.date32()), []


def _years(column: object, position: int, cells: pa.Table) -> np.ndarray:
    """Years of a column: `2024`, `2024年`, `2024年度`."""
    text = cells.column(position)
    text = text.combine_chunks() if isinstance(text, pa.ChunkedArray) else text
    digits = pc.struct_field(
        pc.extract_regex(pc.utf8_trim_whitespace(text), r"^(?P<year>(?:18|19|20|21)\d{2})(?:\.0+)?(?:年度?|FY)?$"),
        "year",
    )
    return pc.cast(digits, pa.float64()).to_numpy(zero_copy_only=False)


def _year_or_day(column: object, position: int, cells: pa.Table) -> pa.Array:
    read: Column = column(position, _DAY)  # type: ignore[operator]
    return read.values


def _ends(years: np.ndarray, months: np.ndarray) -> pa.Array:
    """Period ends of years and months; missing where either is."""
    fine = np.isfinite(years) & np.isin(months, LENGTHS) & (years > 0)
    pairs = np.where(fine, years * 100 + months, 0).astype(np.int64)
    distinct, inverse = np.unique(pairs, return_inverse=True)
    days = [period_end(int(pair) // 100, int(pair) % 100) if pair else None for pair in distinct]
    return pa.array(days, pa.date32()).take(pa.array(inverse.ravel()))


def _years_back(day: date, years: int) -> date:
    """The same period end some years earlier: the last day of the month stays the last day."""
    last = (day + timedelta(days=1)).day == 1
    return period_end(day.year - years, day.month) if last else date(day.year - years, day.month, min(day.day, 28))
