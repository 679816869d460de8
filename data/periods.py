"""The period and the dates of each row, by the rules of the plan."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.columns import Single, Told, by_distinct, read_column
from data.dates import period_end, read_date
from data.headers import span_in
from data.plan import DayRule, PeriodRule
from data.tables import Field

_WHOLE = Field("period", "count", "")
_DAY = Field("period_end", "date")
LENGTHS = (3.0, 6.0, 9.0, 12.0)
_YEAR = r'^(?:=")?(?P<year>(?:18|19|20|21)\d{2})(?:\.0+)?(?:年度?|FY)?"?$'
_MONTH = re.compile(r"(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*月?")
_QUARTER = re.compile(r"第?([一二三四1-4])季度?|Q([1-4])|([1-4])Q")
_REPORTS = {"半年报": "上半年", "半年度": "上半年", "中报": "上半年", "一季报": "第一季度", "三季报": "前三季度"}
_SAYS_NOTHING = re.compile(r"(?:年报|年度|全年|报告期?|报|累计|末|底|度)*")
LENGTH_UNKNOWN, QUARTERS_UNKNOWN = "period-length-unknown", "quarters-unknown"
"""Questions of a sheet, told here with all their rows."""
_NONE = np.array([], np.int64)

Placed = tuple[int, Told]
"""A finding with the position of its column (-1: none)."""


def row_periods(cells: pa.Table, rule: PeriodRule, *, epoch_1904: bool) -> tuple[pa.Array, pa.Array, list[Placed]]:
    """Period end (date32) and months (float64) of each row, and findings; what tells no period is an error.

    A day alone does not say since when figures count: rows that end within a year are told as `LENGTH_UNKNOWN`, unless
    the rule has an answer; until then they are read as counting from January.
    """
    told: list[Placed] = []
    if rule.end_column is not None:
        ends, named = _end_days(cells, rule.end_column, told, epoch_1904)
    elif rule.end is not None:
        ends, named = pa.repeat(pa.scalar(rule.end, pa.date32()), cells.num_rows), np.full(cells.num_rows, np.nan)
    if rule.end_column is None and rule.end is None:
        months = _months(cells, rule, told, epoch_1904)
        years = np.full(cells.num_rows, float(rule.year or 0))
        years = _years(cells, rule.year_column) if rule.year_column is not None else years
        ends = _ends(years - rule.back, months)
        months = _of_quarters(rule, ends, months, told)
    elif rule.months is None and rule.months_column is None:
        months = _lengths(cells, rule, ends, named, told)
    else:
        months = np.where(np.isfinite(named), named, _months(cells, rule, told, epoch_1904))
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


def period_words(text: str) -> tuple[date, float] | None:
    """The end and the months of a period told in words; NaN months where a month is all that is told.

    >>> period_words("2024年1-6月"), period_words("2024年半年报"), period_words("2024年度"), period_words("2024Q1")
    ((datetime.date(2024, 6, 30), 6.0), (datetime.date(2024, 6, 30), 6.0), (datetime.date(2024, 12, 31), 12.0), \
(datetime.date(2024, 3, 31), 3.0))
    >>> period_words("202406"), period_words("2024年6月"), period_words("某时")
    ((datetime.date(2024, 6, 30), nan), (datetime.date(2024, 6, 30), nan), None)
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    month = _MONTH.fullmatch(plain)
    if month and 1 <= int(month[2]) <= 12:
        return period_end(int(month[1]), int(month[2])), float("nan")
    for word, meant in _REPORTS.items():
        plain = plain.replace(word, meant)
    plain = re.sub(r"[Qq]([1-4])$", r"第\1季度", plain)
    span, rest = span_in(plain)
    if span is None or span.year is None or span.back or span.quarter or not _SAYS_NOTHING.fullmatch(rest.strip()):
        return None
    return period_end(span.year, span.months or 12), float(span.months or 12)


def _end_days(cells: pa.Table, position: int, told: list[Placed], epoch_1904: bool) -> tuple[pa.Array, np.ndarray]:
    """The last days of periods told as days or in words, and the months that the words name (NaN: none)."""
    column = column_of(cells, position)
    read = read_column(column, _DAY, 1.0, {}, epoch_1904=epoch_1904)
    if not any(one.code in ("date-partial", "date-unreadable") for one in read.told):
        told.extend((position, one) for one in read.told)
        return read.values, np.full(len(column), np.nan)

    def day(text: str) -> Single:
        found = read_date(text, epoch_1904=epoch_1904)
        words = period_words(text) if found.value is None else None
        if words is not None:
            return Single(words[0])
        return Single(found.value, found.code, found.severity or "note")  # type: ignore[arg-type]

    def months(text: str) -> Single:
        words = period_words(text) if read_date(text, epoch_1904=epoch_1904).value is None else None
        return Single(words[1] if words else None)

    days = by_distinct(column, day, pa.date32())
    told.extend((position, one) for one in days.told)
    named = by_distinct(column, months, pa.float64()).values
    return days.values, np.asarray(named.to_numpy(zero_copy_only=False), float)


def _of_quarters(rule: PeriodRule, ends: pa.Array, months: np.ndarray, told: list[Placed]) -> np.ndarray:
    """Months of quarters: three, where a person says that each stands alone; else all since January."""
    if rule.quarters == "alone":
        return np.where(np.isfinite(months), 3.0, months)
    unsaid = np.flatnonzero(np.isin(months, LENGTHS[1:])) if not rule.quarters else _NONE
    if len(unsaid):
        place = rule.quarter_column if rule.quarter_column is not None else -1
        told.append(
            (place, Told(QUARTERS_UNKNOWN, "question", unsaid, pc.cast(ends.take(pa.array(unsaid)), pa.string())))
        )
    return months


def _lengths(cells: pa.Table, rule: PeriodRule, ends: pa.Array, named: np.ndarray, told: list[Placed]) -> np.ndarray:
    """Months of periods of which only the end is known: from January, if a person says so or the year ends then."""
    month = np.asarray(pc.month(ends).to_numpy(zero_copy_only=False), float)
    unsaid = np.flatnonzero(np.isnan(named) & np.isfinite(month) & (month != 12)) if not rule.cumulative else _NONE
    if len(unsaid):
        before = pc.cast(ends.take(pa.array(unsaid)), pa.string())
        place = rule.end_column if rule.end_column is not None else -1
        told.append((place, Told(LENGTH_UNKNOWN, "question", unsaid, before)))
        month = np.where(np.isin(month, LENGTHS), month, 12.0)
    return np.where(np.isfinite(named), named, month)


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
    if rule.months_column is not None:
        return np.asarray(_read(cells, rule.months_column, _WHOLE, told, epoch_1904).to_numpy(zero_copy_only=False))
    if rule.quarter_column is not None:
        texts = by_distinct(column_of(cells, rule.quarter_column), _quarter, pa.string()).values
        read = read_column(texts, _WHOLE, 1.0, {})
        told.extend((rule.quarter_column, one) for one in read.told)
        return 3.0 * np.asarray(read.values.to_numpy(zero_copy_only=False))
    fixed = 3.0 * rule.quarter if rule.quarter is not None else float(rule.months or 12)
    return np.full(cells.num_rows, fixed)


def _quarter(text: str) -> Single:
    """`第二季度`, `Q2` and `2Q` as `2`; anything else as it stands."""
    match = _QUARTER.fullmatch(unicodedata.normalize("NFKC", text).strip().upper())
    found = next((group for group in match.groups() if group), "") if match else text
    return Single({"一": "1", "二": "2", "三": "3", "四": "4"}.get(found, found))


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
