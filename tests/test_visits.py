"""What is new since the last visit: it stays new on a refresh, and is counted for each person apart."""

from __future__ import annotations

import pytest

from dashboard.views import overview
from dashboard.visits import PAUSE, cookie_of, seen_before
from tests.district_home import Home
from tests.page_texts import Open, person, review_of, words


def test_what_is_new_stays_new_until_the_visit_ends() -> None:
    """Seen up to 10; on the next visit 12 is there, and still new after a refresh at 13; afterwards nothing is."""
    at = 1000
    _, told = seen_before("", 10, at)
    for newest, since in ((12, PAUSE + 1), (13, 1), (13, PAUSE)):
        at += since
        base, told = seen_before(told, newest, at)
        assert base == 10
    assert seen_before(told, 13, at + PAUSE + 1)[0] == 13


@pytest.mark.parametrize("told", ["12", "a.b.c", "1.2", "-1.2.3", "1.2.3.4", "١.x.3"])
def test_a_cookie_that_is_not_ours_is_no_visit(told: str) -> None:
    assert seen_before(told, 7, 100) == (0, "0.7.100")


def test_the_overview_counts_what_others_did_since(opened: Open, here: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    review = review_of(here)
    seen = review.events(person(here, "委员甲"))[-1].seq
    monkeypatch.setattr(overview, "cookies", lambda: {cookie_of("委员甲"): f"0.{seen}.1"})
    assert "上次来访后有 0 条新记录" in words(opened("overview"))
    review.set_agenda(person(here, "主任"), [here.members[0]])
    assert "上次来访后有 1 条新记录" in words(opened("overview"))
    assert "本轮评审的最近记录" in words(opened("overview", "委员乙"))
