"""Every denial leaves one event, by the library and by commands, on both databases; what can be mended leaves none."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from data.refusal import Refusal
from scoring.cli.app import run
from scoring.committee.denials import DENIALS
from scoring.committee.evidence import keep_evidence
from scoring.committee.learning_from_review import LearningFromReview
from scoring.committee.objections import Objections
from scoring.committee.review import Review
from scoring.committee.round_acts import open_round
from scoring.publishing.publication import publish
from scoring.scores.ranking import load_ranking
from scoring.selection.directory import select
from tests.conftest import TODAY
from tests.district_home import PASSWORD

REASON = "该企业今年新设研发中心,材料齐全。"
THAW = "发现材料有误,须重议。"
PDF = b"%PDF-1.7 evidence"

Act = Callable[[], object]


@pytest.fixture(params=["library", "command"])
def do(request: pytest.FixtureRequest, committee: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Does an act of the committee the one way or the other; the answer is nobody's matter here."""
    for name, value in {
        "MULU_HOME": str(committee.settings.home), "MULU_DATABASE_URL": committee.settings.database_url,
        "MULU_TODAY": TODAY.isoformat(), "MULU_LANGUAGE": "zh-CN", "MULU_PASSWORD": PASSWORD,
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    proof = tmp_path / "proof.pdf"
    proof.write_bytes(PDF)

    def done(who: str, act: str) -> None:
        if request.param == "command":
            run([*(str(proof) if word == "PROOF" else word for word in COMMANDS[act]), "--as", who])
            return
        with contextlib.suppress(Refusal):
            LIBRARY[act](committee, committee.people[who])

    return done


def record(committee: Any, user: Any) -> None:
    kept = keep_evidence(committee.settings, "record.pdf", PDF)
    committee.review.attach_record(user, kept, reference="7", concluded_on=TODAY)


def reopen(committee: Any, user: Any) -> None:
    loaded = load_ranking(committee.settings, "latest")
    open_round(committee.store, committee.settings, loaded, select(loaded, loaded.edition), user)


def object_to(committee: Any, user: Any) -> None:
    kept = [keep_evidence(committee.settings, "proof.pdf", PDF)]
    service = Objections(committee.store, committee.settings, committee.review.round_id)
    service.receive(user, "E01", ground="other", text="名单与事实不符,见附件。", reference="7", evidence=kept)


def reply(committee: Any, user: Any) -> None:
    service = Objections(committee.store, committee.settings, committee.review.round_id)
    service.answer(user, 1, "dismissed", "经核实,异议所述情况不存在,维持原名单。")


def teach(committee: Any, user: Any, *enterprises: str) -> None:
    LearningFromReview(committee.store, committee.settings, committee.review.round_id).release(user, enterprises)


LIBRARY: dict[str, Callable[[Any, Any], object]] = {
    "vote": lambda c, who: c.act("vote", who, "E01", "for"),
    "override": lambda c, who: c.override(who, "E06", "include"),
    "approve": lambda c, who: c.act("approve", who, "E06"),
    "undo": lambda c, who: c.act("undo", who, "E06", "误操作"),
    "open": reopen,
    "freeze": lambda c, who: c.review.freeze(who),
    "thaw": lambda c, who: c.review.thaw(who, THAW),
    "sign": lambda c, who: c.review.sign(who, c.review.state(who).list_digest),
    "sign another": lambda c, who: c.review.sign(who, "0" * 64),
    "record": record,
    "publish": lambda c, who: publish(c.review, who),
    "object": object_to,
    "reply": reply,
    "teach": lambda c, who: teach(c, who, "E06"),
    "teach undecided": lambda c, who: teach(c, who, "E12"),
}

COMMANDS: dict[str, tuple[str, ...]] = {
    "vote": ("review", "vote", "E01", "for"),
    "override": ("review", "override", "E06", "include", "--text", REASON),
    "approve": ("review", "approve", "E06"),
    "undo": ("review", "undo", "E06", "--text", "误操作"),
    "open": ("review", "open"),
    "freeze": ("review", "freeze"),
    "thaw": ("review", "thaw", "--text", THAW),
    "sign": ("review", "sign"),
    "sign another": ("review", "sign", "--list", "0" * 64),
    "record": ("review", "record", "PROOF", "--reference", "7"),
    "publish": ("publish",),
    "object": (
        "objection", "receive", "E01", "--ground", "other", "--reference", "7", "--text", "名单与事实不符,见附件。",
        "--evidence", "PROOF",
    ),
    "reply": ("objection", "answer", "1", "dismissed", "--text", "经核实,异议所述情况不存在,维持原名单。"),
    "teach": ("review", "learn", "--release", "E06"),
    "teach undecided": ("review", "learn", "--release", "E12"),
}  # fmt: skip

# A round from its opening to what comes after its publication: who does what, and what the denial is ("" for none).
YEAR = (
    ("chair", "open", "review-round-open"),
    ("chair", "publish", "review-not-signed"),
    ("m1", "sign", "review-not-frozen"),
    ("chair", "thaw", "review-not-frozen"),
    ("analyst", "object", "objection-not-published"),
    ("chair", "teach", "learning-not-published"),
    ("analyst", "vote", "review-role-may-not"),
    ("m1", "override", ""),
    ("m1", "approve", "review-own-override"),
    ("m2", "undo", "review-not-author"),
    ("chair", "freeze", "review-decisions-open"),
    ("m2", "approve", ""),
    ("chair", "freeze", "review-quorum-missing"),
    ("m1", "freeze", "review-role-may-not"),
    ("-", "votes", ""),
    ("chair", "freeze", ""),
    ("chair", "freeze", "review-frozen"),
    ("m1", "vote", "review-frozen"),
    ("chair", "publish", "review-not-signed"),
    ("chair", "sign another", "review-other-list"),
    ("chair", "sign", ""),
    ("chair", "sign", "review-signed-already"),
    ("chair", "publish", "review-not-signed"),
    ("m1", "sign", ""),
    ("chair", "publish", "publication-needs-record"),
    ("chair", "record", ""),
    ("m1", "publish", "review-role-may-not"),
    ("chair", "publish", ""),
    ("chair", "publish", "review-published"),
    ("m1", "sign", "review-published"),
    ("chair", "object", ""),
    ("chair", "reply", ""),
    ("chair", "reply", "objection-answered"),
    ("chair", "teach undecided", "learning-undecided"),
    ("chair", "teach", ""),
    ("chair", "teach", "learning-released"),
)


def test_a_round_s_every_denial_leaves_one_event(committee: Any, do: Any) -> None:
    for who, act, code in YEAR:
        if act == "votes":
            committee.votes("E06")
            continue
        before = committee.store.ledger.head().seq
        do(who, act)
        news = committee.store.ledger.replay(after=before)
        denied = [event for event in news if event.kind == "denied"]
        told = [(event.actor, event.payload["code"]) for event in denied]
        assert told == ([(who, code)] if code else []), act
        assert len(news) == 1 or not code, (act, [event.kind for event in news])
        assert all(event.payload["ground"] == DENIALS[event.payload["code"]] for event in denied)
        assert all(event.payload["verb"] for event in denied)
    assert committee.store.ledger.verify() == []


def test_an_objection_that_comes_too_late_is_a_denial(committee: Any) -> None:
    committee.signed()
    publish(committee.review, committee.chair, notice_until=TODAY)
    later = dataclasses.replace(
        committee, settings=committee.settings.model_copy(update={"today": TODAY + timedelta(1)})
    )
    with pytest.raises(Refusal):
        object_to(later, committee.chair)
    [event] = committee.store.ledger.replay(kind="denied")
    assert event.payload["code"] == "objection-late"


def test_what_can_be_mended_leaves_no_denial(committee: Any) -> None:
    """A form that is incomplete, an act on a page that is out of date: the same person tries again."""
    review, m1, chair = committee.review, committee.m1, committee.chair
    digest = committee.ranking.digest
    attempts: tuple[tuple[str, Act], ...] = (
        ("review-reason-too-short", lambda: review.override(m1, "E06", "include", "other", "好", digest, 0)),
        ("review-ranking-superseded", lambda: review.vote(m1, "E06", "for", "0" * 64, 0)),
        ("review-item-changed", lambda: review.vote(m1, "E06", "for", digest, 99)),
        ("review-enterprise-unknown", lambda: review.vote(m1, "E99", "for", digest, 0)),
        ("review-choice-unknown", lambda: review.vote(m1, "E06", "perhaps", digest, 0)),
        ("review-record-reference", lambda: review.attach_record(
            chair, keep_evidence(committee.settings, "r.pdf", PDF), reference=" ", concluded_on=date(2026, 1, 1)
        )),
    )  # fmt: skip
    for code, act in attempts:
        with pytest.raises(Refusal) as caught:
            act()
        assert caught.value.code == code
        assert code not in DENIALS
    assert committee.store.ledger.replay(kind="denied") == []


def test_an_act_about_no_enterprise_is_refused(committee: Any) -> None:
    """An empty identifier is one that nobody knows, not a way around the item's checks."""
    review: Review = committee.review
    with pytest.raises(Refusal) as caught:
        review.vote(committee.m1, "", "for", committee.ranking.digest, 0)
    assert caught.value.code == "review-enterprise-unknown"
