"""What was decided stays readable: by the auditor, after the freeze, with its reason, its evidence and the votes."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta, timezone

import pytest
from docx import Document
from streamlit.testing.v1 import AppTest

from dashboard import display, session
from dashboard.views import overview
from data.settings import Settings
from scoring.committee.evidence import evidence_path, keep_evidence
from scoring.committee.review import Review
from tests.district_home import Home
from tests.page_texts import Open, person, review_of, words

REASON = "该企业在公示材料中有重大遗漏，需补正后再议。"


@pytest.fixture
def review(here: Home) -> Review:
    return review_of(here)


@pytest.fixture
def decided(here: Home, review: Review) -> str:
    """The first item of the agenda: three votes to defer it, and a decision with evidence, agreed to by another."""
    key = review.state(person(here, "主任")).agenda[0]
    for name in ("委员甲", "委员乙", "主任"):
        review.vote(person(here, name), key, "defer", here.digest, review.item(key, person(here, name)).last_seen)
    kept = keep_evidence(review.settings, "补正通知.txt", "请补正。".encode())
    author, second = person(here, "委员甲"), person(here, "主任")
    seen = review.item(key, author).last_seen
    review.override(author, key, "defer", "other", REASON, here.digest, seen, evidence=[kept])
    if review.item(key, second).override_status == "waiting":
        review.approve(second, key, here.digest, review.item(key, second).last_seen)
    return key


@pytest.mark.parametrize("name", ["委员乙", "主任", "分析员", "审计员"])
@pytest.mark.parametrize("frozen", [False, True], ids=["open", "frozen"])
def test_a_decision_is_read_with_its_reason_its_author_and_its_evidence(
    opened: Open, here: Home, review: Review, decided: str, name: str, frozen: bool
) -> None:
    if frozen:
        review.freeze(person(here, "主任"))
    shown = words(opened("enterprise", name, id=decided))
    for told in (REASON, "委员甲", "证明材料：补正通知", "已投 3 票"):
        assert told in shown
    assert ("暂缓 3" in shown) == (frozen or name != "分析员")  # others' votes before the freeze: voters and auditors


def test_evidence_that_was_changed_is_not_handed_out(opened: Open, here: Home, review: Review, decided: str) -> None:
    (kept,) = review.item(decided, person(here, "主任")).override.evidence  # type: ignore[union-attr]
    evidence_path(review.settings, str(kept["sha256"])).write_bytes(b"another")
    assert "已不在或被改动" in words(opened("enterprise", "主任", id=decided))


def test_the_agenda_tells_an_auditor_the_result(opened: Open, decided: str) -> None:
    app = opened("meeting", "审计员")
    app.session_state["meeting_tabs_zh-CN"] = "议程"
    assert "暂缓 3/3" in words(app.run())


def test_a_vote_that_the_list_does_not_follow_is_told(opened: Open, here: Home, review: Review) -> None:
    """Three vote for an item that is not on the list: on its own a vote changes nothing."""
    chair = person(here, "主任")
    key = next(one for one in review.state(chair).agenda if one not in here.members)
    for name in ("委员甲", "委员乙", "主任"):
        review.vote(person(here, name), key, "for", here.digest, review.item(key, person(here, name)).last_seen)
    app = opened("meeting", "主任")
    app.session_state["meeting_tabs_zh-CN"] = "议程"
    assert "多数“赞成”，要另行决定才改变名单" in words(app.run())


_MINUTES = """
from dashboard.shell import run
run("meeting")
import streamlit as st
from dashboard.minutes import minutes
from dashboard.round_view import round_view
here = round_view()
views = {key: here.review.item(key, here.user) for key in here.state.agenda}
st.session_state["made"] = minutes(here, views)
"""


def test_the_minutes_say_what_was_voted_decided_and_by_whom(
    opened: Open, here: Home, review: Review, decided: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = review.state(person(here, "主任")).agenda[1]
    review.declare_conflict(person(here, "委员乙"), other, conflict_type="family")
    monkeypatch.setattr(display, "minutes_west", lambda: -480)  # a browser in Shanghai
    opened("meeting", "主任")  # sets whose cookie it is
    app = AppTest.from_string(_MINUTES, default_timeout=90).run()
    document = Document(io.BytesIO(app.session_state["made"]))
    cells = [cell.text for row in document.tables[0].rows for cell in row.cells]
    text = "\n".join([*(one.text for one in document.paragraphs), *cells])
    made = review.item(decided, person(here, "主任")).override
    assert made is not None
    at = datetime.fromisoformat(made.recorded_at).astimezone(timezone(timedelta(hours=8)))
    who = f"提出：委员甲，{at:%Y-%m-%d %H:%M}"
    for told in ("暂缓 3/3", REASON, who, "证明材料：补正通知.txt", "委员乙（亲属）", "未表决，按建议名单"):
        assert told in text
    assert "(" not in text.replace("(演示)", "")


def test_a_file_is_made_in_the_readers_time_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is made outside of the page, where no browser says which zone that is."""
    monkeypatch.setattr(session, "language", lambda: "zh-CN")
    monkeypatch.setattr(session, "minutes_west", lambda: -480)
    make = session.later(lambda: display.moment("2026-11-27T16:30:00+00:00").encode())
    monkeypatch.undo()
    assert make() == b"2026-11-28 00:30"


def test_the_notice_is_under_way_until_its_last_day(
    opened: Open, here: Home, review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The overview marked the publication's step as done on the day of publication, with two weeks of notice to go."""
    from scoring.publishing.publication import publish

    chair = person(here, "主任")
    review.attach_record(
        chair, keep_evidence(review.settings, "r.pdf", b"%PDF-1.7 review"), reference="7", concluded_on=date.today()
    )
    digest = review.freeze(chair)
    for name in ("主任", "委员乙"):
        review.sign(person(here, name), digest)
    publish(review, chair, language="zh-CN")
    assert "▶ <bdi>公布与公示" in words(opened("overview"))
    monkeypatch.setattr(overview, "settings", lambda: Settings(home=here.path, today=date.today() + timedelta(days=60)))
    assert "✓ <bdi>公布与公示" in words(opened("overview"))
