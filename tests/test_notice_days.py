"""The days of a public notice: the known calendar, the office's own days, and what neither knows."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from scoring.publishing.publication import publish
from scoring.publishing.working_days import notice_end
from tests.refusals import refused

TODAY = date(2026, 11, 23)


def test_the_office_gives_the_holidays_of_a_year_that_no_calendar_knows(tmp_path: Path) -> None:
    """As announced in its own words: a free Thursday and Friday, a worked Saturday, all else by the weekday.

    3 January 2040 is a Tuesday. From Wednesday the 4th, four working days on: Saturday 7, Monday 9, Tuesday 10,
    Wednesday 11.
    """
    for content in (
        "# 2040 年放假安排\n2040-01-01,0,元旦\n\n2040-01-05,0\n2040-01-06,0\n2040-01-07,1,调休\n".encode("utf-8-sig"),
        "2040/1/1,0,元旦\r\n2040/1/5，0\r\n2040/1/6,0\r\n2040/1/7,1,调休\r\n".encode("gb18030"),
    ):
        (tmp_path / "working_days.csv").write_bytes(content)
        assert notice_end(date(2040, 1, 4), 4, tmp_path) == date(2040, 1, 11)
    refused("calendar-year-unknown", lambda: notice_end(date(2041, 1, 2), 2, tmp_path))  # another year is not given


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        ("soon,1", "calendar-file-unreadable", 1),
        ("2040-01-01,0\n2040-01-02", "calendar-file-unreadable", 2),
        ("2040-01-01,0\n2040-13-02,1", "calendar-file-unreadable", 2),
        ("2040-01-01,holiday", "calendar-file-unreadable", 1),
        ("2040-01-01,0\n# x\n2040-01-01,1", "calendar-day-twice", 3),
    ],
)
def test_a_calendar_that_cannot_be_read_is_named_with_its_line(
    tmp_path: Path, content: str, code: str, line: int
) -> None:
    (tmp_path / "working_days.csv").write_text(content, encoding="utf-8")
    assert refused(code, lambda: notice_end(date(2040, 1, 2), 2, tmp_path)).values["line"] == line


def test_the_office_s_own_days_go_before_the_known_calendar(tmp_path: Path) -> None:
    """Tuesday, 24 November 2026 is free by the office's own decision: one working day on from Monday is Wednesday."""
    (tmp_path / "working_days.csv").write_text("2026-11-24,0,本单位搬迁\n", encoding="utf-8")
    assert notice_end(TODAY, 1, tmp_path) == date(2026, 11, 25)


def test_a_notice_beyond_the_known_calendar_needs_days_or_a_date(committee: Any) -> None:
    """Holidays of 2040 are not known to the calendar of this year; the office's own file or a date helps."""
    home = committee.settings.home
    refusal = refused("calendar-year-unknown", lambda: notice_end(date(2040, 1, 2), 2, home))
    assert refusal.values["year"] == 2040
    refused("notice-too-short", lambda: notice_end(TODAY, 0))
    committee.signed()
    folder = publish(committee.review, committee.chair, notice_until=date(2040, 1, 5))
    assert json.loads((folder / "manifest.json").read_text())["notice_until"] == "2040-01-05"
