"""Attempts to get around the committee's rules on the pages: what is drawn, what is pressed, what is downloaded."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from dashboard import session
from data.accounts import Accounts, User
from data.migrations import USERS
from data.settings import Settings
from data.store import Store
from scoring.committee.review import Review
from tests.district_home import AS_OF, Home, make_home
from tests.page_texts import Open, opening, person, store_of, words

REASON = "该企业今年新设研发中心,材料齐全。"


def review_of(home: Home) -> Review:
    return Review(store_of(home), Settings(home=home.path, today=AS_OF), home.round_id)


def signed(home: Home) -> tuple[Review, User]:
    """A round whose list is frozen, signed by two, and has its competition review; and its chair."""
    from scoring.committee.evidence import keep_evidence

    review, chair = review_of(home), person(home, "主任")
    kept = keep_evidence(review.settings, "r.pdf", b"%PDF-1.7 review")
    review.attach_record(chair, kept, reference="7", concluded_on=AS_OF)
    digest = review.freeze(chair)
    for name in ("主任", "委员乙"):
        review.sign(person(home, name), digest)
    return review, chair


def press(app: AppTest, label: str) -> AppTest:
    """Press the button of that label, and wait for the page."""
    return next(one for one in app.button if one.label.startswith(label)).click().run()


def press_dead(app: AppTest, label: str) -> None:
    """Press a button that the page shows as not to be pressed, as a forged message to the server would."""
    button = next(one for one in app.button if one.label.startswith(label))
    assert button.disabled
    button.proto.disabled = False
    button.click().run()


def labels(app: AppTest) -> set[str]:
    return {one.label for one in app.button}


def kinds(home: Home, kind: str) -> list[Any]:
    return store_of(home).ledger.replay(kind=kind)


# --- roles ---------------------------------------------------

ACTS = {"投票", "保存决定", "确认回避", "冻结名单"}


@pytest.mark.parametrize(
    ("name", "acts"),
    [("主任", True), ("委员甲", True), ("分析员", False), ("审计员", False)],
    ids=["chair", "member", "analyst", "auditor"],
)
def test_the_pages_offer_a_role_only_what_its_row_says(opened: Open, here: Home, name: str, acts: bool) -> None:
    enterprise = labels(opened("enterprise", name, id=here.members[0]))
    assert ("投票" in enterprise) is acts
    assert ("保存决定" in enterprise) is acts
    publish = labels(opened("publish", name))
    assert any(one.startswith("冻结") for one in publish) is (name == "主任")
    assert not any(one.startswith("签署") for one in publish)  # nothing is frozen


@pytest.mark.parametrize("act", ["投票", "保存决定"])
def test_a_button_drawn_for_a_member_does_nothing_for_an_auditor(opened: Open, here: Home, act: str) -> None:
    """The role is taken away between the page and the press: today's row of the table counts."""
    key = here.members[3]
    app = opened("enterprise", id=key)
    with store_of(here).engine.begin() as connection:
        connection.execute(sa.update(USERS).where(USERS.c.name == "委员甲").values(role="auditor"))
    app.button_group(key=f"choice_{key}").set_value("for")
    app.button_group(key=f"kind_{key}").set_value("exclude")
    app.selectbox(key=f"reason_{key}").set_value("data_wrong")
    app.text_area(key=f"why_{key}").set_value(REASON)
    press(app, act)
    assert kinds(here, "voted") == kinds(here, "overridden") == []
    assert [event.payload["code"] for event in kinds(here, "denied")] == ["review-role-changed"]


# --- a round that hides points until the vote ---------------------------------------------------


POINTS = ("ranking", "enterprise", "meeting", "coverage", "whatif")
"""The pages that show points, or what is reckoned from them."""


def test_where_points_wait_for_the_vote_pages_open_before_and_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before, after the first and after all votes of the agenda; the averages of a track stay everyone's."""
    home = make_home(tmp_path / "blind", 200, hide_points=True)
    for name, value in home.environment.items():
        monkeypatch.setenv(name, value)
    review, chair, auditor = review_of(home), person(home, "主任"), person(home, "审计员")
    first, *others = review.state(chair).agenda
    open_page = opening(home, monkeypatch)

    def failed() -> dict[str, list[str]]:
        asked: dict[str, dict[str, str]] = {"enterprise": {"id": first}, "meeting": {"item": first}}
        shown = {page: open_page(page, "主任", **asked.get(page, {})) for page in POINTS}
        return {
            page: told for page, app in shown.items() if (told := [e.value for e in app.error if "故障" in e.value])
        }

    assert failed() == {}
    review.vote(chair, first, "for", home.digest, 0)
    assert failed() == {}
    assert review.ranking(chair).track_means.equals(review.ranking(auditor).track_means)
    for key in others:
        review.vote(chair, key, "for", home.digest, 0)
    assert failed() == {}
    assert "投票后显示得分与名次" in words(open_page("coverage", "主任"))  # reckoned from everyone's points
    assert "投票后显示得分与名次" not in words(open_page("coverage", "审计员"))


# --- override ---------------------------------------------------


@pytest.fixture(scope="module")
def strict_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A round that asks for evidence, as the district's editions do."""
    return make_home(tmp_path_factory.mktemp("strict") / "home", 200, evidence=True)


def test_an_override_needs_its_evidence_where_the_round_says_so(
    strict_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First without a file, then with a program that calls itself a PDF, then with a real one; the text stays."""
    for name, value in strict_home.environment.items():
        monkeypatch.setenv(name, value)
    key = strict_home.members[0]
    app = opening(strict_home, monkeypatch)("enterprise", id=key)
    app.button_group(key=f"kind_{key}").set_value("exclude")
    app.selectbox(key=f"reason_{key}").set_value("data_wrong")
    app.text_area(key=f"why_{key}").set_value(REASON)
    press(app, "保存决定")
    assert "证明材料" in app.error[0].value
    assert app.text_area(key=f"why_{key}").value == REASON
    app.file_uploader(key=f"evidence_{key}").set_value([("proof.pdf", b"MZ\x90 a program", "application/pdf")])
    press(app, "保存决定")
    assert app.error
    assert kinds(strict_home, "overridden") == []
    app.file_uploader(key=f"evidence_{key}").set_value([("proof.pdf", b"%PDF-1.7 proof", "application/pdf")])
    press(app, "保存决定")
    assert not app.error, app.error[0].value
    [event] = kinds(strict_home, "overridden")
    assert event.payload["evidence"][0]["name"] == "proof.pdf"


def test_the_author_is_not_the_second_person(opened: Open, here: Home) -> None:
    key, review = here.members[0], review_of(here)
    author = person(here, "委员甲")
    review.override(author, key, "exclude", "data_wrong", REASON, here.digest, 0)
    assert not any("同意" in one for one in labels(opened("enterprise", id=key)))
    assert any("同意" in one for one in labels(opened("enterprise", "委员乙", id=key)))


# --- blind votes ---------------------------------------------------


def test_no_page_tells_others_votes_before_one_s_own(opened: Open, here: Home) -> None:
    key, review = here.members[0], review_of(here)
    other = person(here, "委员乙")
    review.vote(other, key, "against", here.digest, 0)
    review.comment(other, key, "社保人数与申报不符合。", here.digest)
    for page in ("enterprise", "meeting", "ledger", "overview"):
        query = {"id": key} if page == "enterprise" else {}
        app = opened(page, **query)
        shown = words(app)
        assert "社保人数与申报不符合" not in shown, page
        assert "反对 1" not in shown, page
    mine = person(here, "委员甲")
    review.vote(mine, key, "for", here.digest, 0)
    assert "社保人数与申报不符合" in words(opened("enterprise", id=key))


# --- recusal: what leaves the page as a file ---------------------------------------------------

# What a page's download buttons would make, made in the page's own script.
_DOWNLOADS = """
import streamlit as st
from dashboard.shell import run
run("ranking")
from dashboard.minutes import minutes
from dashboard.round_view import round_view
from dashboard.sheets import workbook
here = round_view()
views = {key: here.review.item(key, here.user) for key in here.state.agenda}
st.session_state["made"] = {"list.xlsx": workbook(here, here.rows), "minutes.docx": minutes(here, views)}
"""


def test_no_download_tells_a_recused_member_of_the_enterprise(opened: Open, here: Home) -> None:
    """The list as a workbook and the minutes, for the recused and for another who may see it all."""
    review = review_of(here)
    key = review.state(person(here, "主任")).agenda[0]
    name = str(review.ranking(person(here, "主任")).frame.at[key, "name"])
    review.declare_conflict(person(here, "委员甲"), key, conflict_type="family")
    review.override(person(here, "委员乙"), key, "defer", "other", REASON, here.digest, 0)
    found = {}
    for who in ("委员甲", "委员乙"):
        opened("ranking", who)  # sets whose cookie it is
        app = AppTest.from_string(_DOWNLOADS, default_timeout=90).run()
        assert not app.exception, app.exception
        made = app.session_state["made"]
        found[who] = {file: text_in(content) for file, content in made.items()}
    for file in ("list.xlsx", "minutes.docx"):
        assert key in found["委员乙"][file]
        assert key not in found["委员甲"][file], file
        assert name not in found["委员甲"][file], file


def text_in(content: bytes) -> str:
    """All text in an office file."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [archive.read(one).decode("utf-8", "replace") for one in archive.namelist() if one.endswith(".xml")]
    return re.sub(r"<[^>]+>", "", "\n".join(parts))


def test_only_the_auditor_takes_the_ledger_away(opened: Open, here: Home) -> None:
    """Votes of everybody are in it."""
    for who, expected in (("委员甲", False), ("主任", False), ("分析员", False), ("审计员", True)):
        app = opened("ledger", who)
        found = any("导出全部台账" in str(one.proto.label) for one in app.get("download_button"))
        assert found is expected, who


# --- quorum, freeze, signatures, publication ---------------------------------------------------


def decide(home: Home, key: str) -> None:
    """An exclusion with its second person."""
    review = review_of(home)
    review.override(person(home, "委员甲"), key, "exclude", "data_wrong", REASON, home.digest, 0)
    other = person(home, "委员乙")
    review.approve(other, key, home.digest, review.item(key, other).last_seen)


def test_no_list_is_frozen_over_a_missing_quorum_or_a_vote_against(opened: Open, here: Home) -> None:
    key, review = here.members[0], review_of(here)
    stale, late = (opened("publish", "主任") for _ in range(2))  # drawn before anything was decided
    decide(here, key)
    press_dead(opened("publish", "主任"), "冻结")
    app = press(stale, "冻结")
    assert key in re.sub(r"[\\\u200b]", "", app.error[0].value)
    for name in ("委员甲", "委员乙"):
        review.vote(person(here, name), key, "for", here.digest, review.item(key, person(here, name)).last_seen)
    waits = opened("publish", "主任")
    assert any("与多数票相反" in one for one in labels(waits))
    assert not any("与多数票相反" in one for one in labels(opened("publish")))  # it tells of votes
    press_dead(waits, "冻结")
    app = press(late, "冻结")
    assert app.error
    assert kinds(here, "frozen") == []


def test_one_person_does_not_sign_twice_and_one_signature_publishes_nothing(opened: Open, here: Home) -> None:
    app = press(opened("publish", "主任"), "冻结")
    assert not app.error, app.error[0].value
    stale = opened("publish", "主任")  # a second window of the same person, drawn before the signature
    press(opened("publish", "主任"), "签署")
    assert len(kinds(here, "signed")) == 1
    again = opened("publish", "主任")
    assert not any(one.startswith("签署") for one in labels(again))
    press(stale, "签署")
    assert len(kinds(here, "signed")) == 1
    assert kinds(here, "denied")[-1].payload["code"] == "review-signed-already"
    press_dead(again, "确认公布")
    assert kinds(here, "published") == []


def test_a_list_signed_by_two_does_not_go_out_without_its_competition_review(opened: Open, here: Home) -> None:
    press(opened("publish", "主任"), "冻结")
    for name in ("主任", "委员甲"):
        press(opened("publish", name), "签署")
    press_dead(opened("publish", "主任"), "确认公布")
    assert kinds(here, "published") == []


def test_a_window_in_which_publishing_was_still_allowed_leaves_a_denial_that_the_auditor_reads(
    opened: Open, here: Home
) -> None:
    """The freeze is taken back between the page and the press: nothing goes out, and the ledger says who tried."""
    review, chair = signed(here)
    early = opened("publish", "主任")
    review.thaw(chair, "发现材料有误,须重议。")
    press(early, "确认公布")
    assert early.error
    assert kinds(here, "published") == []
    [denied] = kinds(here, "denied")
    assert (denied.actor, denied.payload["code"]) == (chair.name, "review-not-signed")
    assert "被拒绝：公布名单（程序不允许）" in words(opened("ledger", "审计员"))


def test_after_publication_no_page_changes_anything(opened: Open, here: Home) -> None:
    """A window left open from before: its buttons come too late."""
    from scoring.publishing.publication import publish

    key = here.members[3]
    early = opened("enterprise", id=key)
    review, chair = signed(here)
    folder = publish(review, chair)
    before = contents(folder)
    early.button_group(key=f"choice_{key}").set_value("for")
    press(early, "投票")
    assert early.error
    late = labels(opened("enterprise", id=key))
    assert not late & {"投票", "保存决定", "确认回避"}
    assert not any(one.startswith(("冻结", "签署", "解除")) for one in labels(opened("publish", "主任")))
    assert kinds(here, "voted") == []
    assert contents(folder) == before


def test_an_objection_on_the_page_needs_its_evidence_and_the_chair_s_reasons(opened: Open, here: Home) -> None:
    from scoring.publishing.publication import publish

    review, chair = signed(here)
    publish(review, chair)
    app = opened("publish", "分析员")
    app.text_input(key="objection_id").set_value(here.members[0])
    app.selectbox(key="objection_ground").set_value("data_wrong")
    app.text_input(key="objection_reference").set_value("信访 12")
    app.text_area(key="objection_text").set_value("研发费用漏报,附审计报告。")
    press(app, "登记异议")
    assert app.error
    subject = f"objection:{here.round_id}:"
    assert store_of(here).ledger.replay(prefix=subject) == []
    app.file_uploader(key="objection_evidence").set_value([("a.pdf", b"%PDF-1.7 audit", "application/pdf")])
    press(app, "登记异议")
    assert not app.error, app.error[0].value
    [received] = store_of(here).ledger.replay(prefix=subject)
    assert received.payload["evidence"][0]["name"] == "a.pdf"
    for name in ("分析员", "委员甲", "审计员"):
        assert "答复" not in labels(opened("publish", name))
    app = opened("publish", "主任")
    app.button_group(key="objection_outcome_1").set_value("dismissed")
    app.text_area(key="objection_reply_1").set_value("不成立")
    press(app, "答复")
    assert app.error
    assert len(store_of(here).ledger.replay(prefix=subject)) == 1
    app.text_area(key="objection_reply_1").set_value("经核对,申报表与审计报告一致,维持原结论。")
    press(app, "答复")
    assert not app.error, app.error[0].value
    assert len(store_of(here).ledger.replay(prefix=subject)) == 2


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# --- an act lands where it was meant ---------------------------------------------------


def test_sorting_between_drawing_and_pressing_moves_no_act(opened: Open, here: Home) -> None:
    """The list is turned around in another window; the vote is on the enterprise that the page showed."""
    key = here.members[5]
    app = opened("enterprise", id=key)
    opened("ranking", sort="name", reverse="1")
    app.button_group(key=f"choice_{key}").set_value("for")
    press(app, "投票")
    assert [event.payload["enterprise_id"] for event in kinds(here, "voted")] == [key]


def test_a_forged_session_opens_no_page(here: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A guess, another's name, and the hash that the database keeps are no tokens."""
    import hashlib

    people = Accounts(store_of(here).engine)
    token = people.open_session(people.find("主任"))
    forged = ["", "主任", hashlib.sha256(token.encode()).hexdigest(), token[:-1], token + "x", "' OR 1=1 --"]
    run: Callable[[], AppTest] = lambda: AppTest.from_string(  # noqa: E731
        "from dashboard.shell import run\nrun('ranking')", default_timeout=60
    ).run()
    for one in forged:
        monkeypatch.setattr(session, "cookies", lambda one=one: {session.SESSION_COOKIE: one})
        assert "E000" not in words(run()), one
    monkeypatch.setattr(session, "cookies", lambda: {session.SESSION_COOKIE: token})
    assert "E000" in words(run())


def test_store_is_the_only_place_of_evidence(here: Home) -> None:
    """What people attach lies under its hash in the home, which no server gives out."""
    from dashboard.app import app
    from scoring.committee.evidence import keep_evidence

    kept = keep_evidence(Settings(home=here.path), "x.pdf", b"%PDF-1.7 secret")
    [path] = [one for one in (here.path / "evidence").rglob("*") if one.is_file()]
    assert path.name == kept["sha256"]
    root = Path(__file__).resolve().parent.parent
    assert not (root / "dashboard" / "static").exists()  # Streamlit would serve such a folder
    assert app is not None
    assert Store(Settings(home=here.path)).ledger.verify() == []
