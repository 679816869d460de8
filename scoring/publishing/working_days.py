"""Working days in China: weekends, public holidays and the Saturdays and Sundays worked instead."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar

from data.refusal import Refusal

FILE = "working_days.csv"
"""In the home folder: lines `2027-01-04,1` (worked) or `2027-01-01,0` (not), for years that no calendar knows yet."""


def is_working_day(day: date, own: Mapping[date, bool] | None = None) -> bool:
    """Whether people work on a day; refuses a day whose holidays nobody has given (`calendar-year-unknown`)."""
    if own and day in own:
        return own[day]
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError as error:
        raise Refusal("calendar-year-unknown", year=day.year, file=FILE) from error


def own_days(home: Path) -> dict[date, bool]:
    """The office's own days from the home folder's `working_days.csv`, if there is one."""
    path = home / FILE
    if not path.is_file():
        return {}
    try:
        lines = [line.split(",") for line in path.read_text(encoding="utf-8-sig").splitlines() if line.strip()]
        return {date.fromisoformat(day.strip()): {"1": True, "0": False}[flag.strip()] for day, flag in lines}
    except (ValueError, KeyError) as error:
        raise Refusal("calendar-file-unreadable", path=str(path)) from error


def notice_end(start: date, working_days: int, home: Path | None = None) -> date:
    """The last day of a notice that starts on a day: the day itself does not count, working days after it do.

    >>> notice_end(date(2026, 9, 28), 3)  # 29 and 30 September, then the holiday until 7 October, 8 October
    datetime.date(2026, 10, 8)
    """
    if working_days < 1:
        raise Refusal("notice-too-short", days=working_days)
    own = own_days(home) if home else {}
    day, left = start, working_days
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day, own)
    return day
