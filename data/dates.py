"""Dates and periods as people write them: read exactly, or not at all."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from data.amounts import AMBIGUOUS_MARKS, CELL_ERRORS, MISSING_MARKS, plain_text

_NUMERALS = dict(zip("〇零○一二三四五六七八九", "000123456789", strict=True))
_FULL = re.compile(
    r"(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})日?(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
)
_COMPACT = re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})")
_PARTIAL = re.compile(r"\d{4}\s*(?:年(?:\s*\d{1,2}\s*月?)?|[-/.]\s*\d{1,2})")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
EARLIEST, LATEST = date(1800, 1, 1), date(2200, 12, 31)


@dataclass(frozen=True, slots=True)
class DateReading:
    """What one cell says: a day or None, and a code with its severity where something is to be told."""

    value: date | None
    code: str = ""
    severity: str = ""


def read_date(text: str, *, epoch_1904: bool = False) -> DateReading:
    """One day. A year or month alone, an impossible day and an open end are told, never completed.

    Five digits are an Excel serial day (1900 system, or 1904 where the workbook says so), told as a repair.

    >>> read_date("2003年1月3日").value, read_date("20160905").value, read_date("43885").value
    (datetime.date(2003, 1, 3), datetime.date(2016, 9, 5), datetime.date(2020, 2, 24))
    >>> read_date("2026-02-30").code, read_date("2020年").code, read_date("长期").code
    ('date-impossible', 'date-partial', 'date-open')
    """
    cell = plain_text(text)
    upper = cell.upper()
    if upper in MISSING_MARKS or upper == "0":
        return DateReading(None)
    if upper in CELL_ERRORS:
        return DateReading(None, "cell-error", "warning")
    if cell in AMBIGUOUS_MARKS:
        return DateReading(None, "value-ambiguous", "warning")
    if cell in ("长期", "永久", "无固定期限", "不约定期限"):
        return DateReading(None, "date-open", "note")
    spoken = re.fullmatch(
        r"([〇零○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日", cell
    )
    if spoken:
        year = int("".join(_NUMERALS[letter] for letter in spoken[1]))
        return _checked(year, _spoken_number(spoken[2]), _spoken_number(spoken[3]))
    match = _FULL.fullmatch(cell) or _COMPACT.fullmatch(cell)
    if match:
        return _checked(int(match["y"]), int(match["m"]), int(match["d"]))
    if _SERIAL.fullmatch(cell):
        start = date(1904, 1, 1) if epoch_1904 else date(1899, 12, 30)
        return DateReading(start + timedelta(days=int(float(cell))), "date-serial", "note")
    if _PARTIAL.fullmatch(cell):
        return DateReading(None, "date-partial", "warning")
    return DateReading(None, "date-unreadable", "error")


def period_end(year: int, months: int) -> date:
    """The last day of the period that starts with the year and lasts 3, 6, 9 or 12 months (or any 1..12).

    >>> period_end(2015, 3), period_end(2016, 12)
    (datetime.date(2015, 3, 31), datetime.date(2016, 12, 31))
    """
    return date(year, months, calendar.monthrange(year, months)[1])


def _checked(year: int, month: int, day: int) -> DateReading:
    try:
        found = date(year, month, day)
    except ValueError:
        return DateReading(None, "date-impossible", "error")
    if not EARLIEST <= found <= LATEST:
        return DateReading(None, "date-impossible", "error")
    return DateReading(found)


def _spoken_number(text: str) -> int:
    """十 to 三十一, and the single digits."""
    if "十" not in text:
        return int("".join(_NUMERALS[letter] for letter in text))
    tens, _, ones = text.partition("十")
    return (int(_NUMERALS[tens]) if tens else 1) * 10 + (int(_NUMERALS[ones]) if ones else 0)
