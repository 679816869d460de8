"""Working days in China: weekends, public holidays and the Saturdays and Sundays worked instead."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

import chinese_calendar

from data.refusal import Refusal

FILE = "working_days.csv"
"""In the home folder, for years that no calendar of this installation knows yet: one line for each day that differs
from its weekday, as the State Council's office announces them every autumn: the day, 1 (worked) or 0 (free), and a
word if one likes, as in `2027-01-01,0,元旦` and `2027-02-14,1,春节调休`. A year counts as given when its 1
January is in the file; its other days then follow the weekday. UTF-8 or GB18030; a line that begins with # is a note.
"""


def is_working_day(day: date, own: Mapping[date, bool] | None = None) -> bool:
    """Whether people work on a day, by the office's own days first.

    Refuses a day whose holidays nobody has given (`calendar-year-unknown`).
    """
    if own and day in own:
        return own[day]
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError as error:
        if own and date(day.year, 1, 1) in own:
            return day.weekday() < 5
        raise Refusal("calendar-year-unknown", year=day.year, file=FILE) from error


def own_days(home: Path) -> dict[date, bool]:
    """The office's own days from the home folder's `working_days.csv`, if there is one.

    Refuses a line that it cannot read (`calendar-file-unreadable`), and a day that is said to be both
    (`calendar-day-twice`), naming the line.
    """
    path = home / FILE
    if not path.is_file():
        return {}
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", errors="replace")
    found: dict[date, bool] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            told, flag, *_ = (part.strip() for part in line.replace("，", ",").split(","))
            day = datetime.strptime(told.replace("/", "-"), "%Y-%m-%d").date()
            worked = {"1": True, "0": False}[flag]
        except (ValueError, KeyError) as error:
            raise Refusal("calendar-file-unreadable", path=str(path), line=number, text=line[:60]) from error
        if found.setdefault(day, worked) != worked:
            raise Refusal("calendar-day-twice", path=str(path), line=number, day=day)
    return found


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
