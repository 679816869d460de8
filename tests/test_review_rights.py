"""The review: who may do what, and what a role, a recusal or a blind vote hides."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from data.accounts import ROLES, User
from data.refusal import Refusal
from scoring.committee.evidence import keep_evidence
from scoring.committee.review import Review
from scoring.committee.round_acts import open_round
from scoring.committee.rules import PERMISSIONS, RoundRules
from scoring.selection.directory import select
from tests.refusals import refused

REASON = "该企业今年新设研发中心,材料齐全。"


def kinds(committee: Any) -> list[str]:
    return [event.kind for event in committee.review.events(committee.auditor)]


# --- roles -----------------------------------------------------------------------------------------------------


def verbs(committee: Any, user: User) -> dict[str, Callable[[], object]]:
    """Every verb with arguments that would do for somebody who may."""
    review, ranking = committee.review, committee.ranking
    digest = ranking.digest
    kept = keep_evidence(committee.settings, "r.pdf", b"%PDF-1.7 x")
    from scoring.selection.directory import select

    selection = select(ranking, ranking.edition)
    return {
        "read": lambda: review.state(user),
        "open_round": lambda: open_round(committee.store, committee.settings, ranking, selection, user),
        "adopt_ranking": lambda: review.adopt_ranking(user, ranking, selection),
        "seat": lambda: review.seat(user, "m3"),
        "set_agenda": lambda: review.set_agenda(user, ["E01"]),
        "declare_conflict": lambda: review.declare_conflict(user, "E09", conflict_type="family"),
        "set_conflict": lambda: review.set_conflict(
            user, "E10", name="m3", conflict_type="family", text="其配偶任该企业高管"
        ),
        "clear_conflict": lambda: review.clear_conflict(user, "E10", name="m3", text="核实后无关联"),
        "vote": lambda: review.vote(user, "E01", "for", digest, review.item("E01", user).last_seen),
        "comment": lambda: review.comment(user, "E01", "请核对社保人数。", digest),
        "override": lambda: review.override(user, "E07", "defer", "other", REASON, digest, 0),
        "approve": lambda: review.approve(user, "E07", digest, review.item("E07", user).last_seen),
        "undo": lambda: review.undo(user, "E07", "撤销", digest, review.item("E07", user).last_seen),
        "confirm": lambda: review.confirm(user, "E07", digest, review.item("E07", user).last_seen),
        "freeze": lambda: review.freeze(user),
        "thaw": lambda: review.thaw(user, "发现材料有误,须重议。"),
        "sign": lambda: review.sign(user, "0" * 64),
        "attach_record": lambda: review.attach_record(user, kept, reference="x", concluded_on=date(2026, 1, 1)),
        "publish": lambda: review.signed_list(user),
        "audit": lambda: review.export_ledger(user, committee.settings.home / "export.jsonl"),
    }


@pytest.mark.parametrize("role", ROLES)
def test_no_role_does_what_its_row_does_not_say(committee: Any, role: str) -> None:
    """Every verb of the service as each role: refused for the role exactly where the table says so, and recorded."""
    user = committee.people[{"member": "m1", "chair": "chair"}.get(role, role)]
    for verb, act in verbs(committee, user).items():
        before = len(committee.store.ledger.replay(kind="denied"))
        code = ""
        try:
            act()
        except Refusal as refusal:
            code = refusal.code
        assert (code == "review-role-may-not") == (role not in PERMISSIONS[verb]), (verb, code)
        if code == "review-role-may-not":
            denied = committee.store.ledger.replay(kind="denied")
            assert len(denied) == before + 1, verb
            assert denied[-1].actor == user.name


def test_a_role_that_somebody_claims_counts_for_nothing(committee: Any) -> None:
    """A program that makes up a user, or keeps one from before a demotion, gets nowhere."""
    review = committee.review
    refused("review-role-changed", lambda: review.freeze(User("m1", "m1", "chair")))
    refused("account-unknown", lambda: review.freeze(User("nobody", "nobody", "chair")))
    assert [event.payload["code"] for event in committee.store.ledger.replay(kind="denied")] == [
        "review-role-changed", "account-unknown",
    ]  # fmt: skip


def test_a_person_without_a_seat_does_not_vote(committee: Any) -> None:
    from data.accounts import Accounts

    accounts = Accounts(committee.store.engine)
    accounts.add("late", "late", "member", "long enough to pass", actor="tests")
    late = accounts.find("late")
    refused("review-not-seated", lambda: committee.act("vote", late, "E01", "for"))
    committee.review.seat(committee.chair, "late")
    committee.act("vote", late, "E01", "for")
    refused("review-role-may-not", lambda: committee.review.seat(committee.chair, "auditor"))


# --- conflicts of interest -------------------------------------------------------------------------------------


def test_a_recused_member_sees_a_world_without_the_enterprise(committee: Any) -> None:
    """E03 is third. To m1 it does not exist: the list is full, ranks run without a gap, nothing adds up to it."""
    review, m1 = committee.review, committee.m1
    review.declare_conflict(m1, "E03", conflict_type="shareholding")
    for read in (
        lambda: review.item("E03", m1),
        lambda: review.history("E03", m1),
        lambda: review.preview(m1, "E03", "exclude"),
    ):
        refused("review-recused", read)
    for verb, arguments in (("vote", ("for",)), ("approve", ()), ("undo", ("撤销",)), ("confirm", ())):
        refused(
            "review-recused", lambda v=verb, a=arguments: getattr(review, v)(m1, "E03", *a, committee.ranking.digest, 0)
        )
    seen = review.ranking(m1)
    assert "E03" not in seen.frame.index
    assert "E03" not in seen.detail.index
    assert "E03" not in seen.values.index
    assert list(seen.frame.sort_values("rank")["rank"]) == list(range(1, 12))
    assert committee.listed(m1) == ["E01", "E02", "E04", "E05"]
    assert committee.listed(committee.m2) == ["E01", "E02", "E03", "E04"]
    assert "E03" not in review.queue(m1).index
    assert "E03" not in review.state(m1).agenda
    assert len(review.state(m1).agenda) == len(review.queue(m1).index)
    # What others do about it never reaches m1, not even by its number among those displaced.
    committee.act("vote", committee.m2, "E03", "for")
    committee.override(committee.m2, "E05", "include")
    own = ("conflict_declared", "denied")  # what m1 did
    told = repr([event.payload for event in review.events(m1) if event.kind not in own])
    assert "E03" not in told
    assert "E03" not in repr(review.state(m1))
    view = review.item("E05", m1)
    assert view.override is not None
    assert view.override.effect == {}


def test_a_refusal_does_not_name_a_hidden_enterprise_as_a_near_one(committee: Any) -> None:
    committee.review.declare_conflict(committee.m1, "E03", conflict_type="other")
    refusal = refused("review-enterprise-unknown", lambda: committee.review.item("E033", committee.m1))
    assert "E03 " not in str(refusal.values["nearest"])


def test_recusal_is_not_abstention_and_leaves_the_quorum_to_the_rest(committee: Any) -> None:
    """Four are seated: more than half is 3. With one recused, more than half of three is 2. Abstaining counts."""
    review = committee.review
    assert review.item("E01", committee.chair).votes_needed == 3
    committee.act("vote", committee.m3, "E01", "for")
    review.set_conflict(committee.chair, "E01", name="m3", conflict_type="advisory", text="曾任该企业顾问")
    view = review.item("E01", committee.chair)
    assert (view.votes_needed, view.votes_cast) == (2, 0)
    committee.act("vote", committee.m1, "E01", "abstain")
    committee.act("vote", committee.m2, "E01", "for")
    assert review.item("E01", committee.chair).votes_cast == 2
    review.clear_conflict(committee.chair, "E01", name="m3", text="核实后已满三年")
    assert review.item("E01", committee.m3).votes_cast == 3


def test_nobody_ends_the_own_recusal_and_a_recused_author_s_override_falls(committee: Any) -> None:
    review, chair = committee.review, committee.chair
    review.declare_conflict(chair, "E02", conflict_type="family")
    refused("review-conflict-own", lambda: review.clear_conflict(chair, "E02", name="chair", text="本人认为无碍"))
    committee.override(committee.m1, "E06", "include")
    committee.act("approve", committee.m2, "E06")
    assert "E06" in committee.listed()
    review.set_conflict(chair, "E06", name="m1", conflict_type="employment", text="其子在该企业任职")
    assert "E06" not in committee.listed()


# --- blind votes -----------------------------------------------------------------------------------------------


def test_votes_and_comments_are_hidden_until_one_has_voted(committee: Any) -> None:
    review, m1, m2 = committee.review, committee.m1, committee.m2
    committee.act("vote", m2, "E01", "against")
    review.comment(m2, "E01", "社保人数与申报不符。", committee.ranking.digest)
    for person in (m1, committee.chair, committee.analyst):
        view = review.item("E01", person)
        assert (view.votes, view.comments, view.votes_cast) == (None, (), 1)
        assert not {"voted", "commented"} & {event.kind for event in review.history("E01", person)}
    told = review.item("E01", committee.auditor)  # the ledger, which an auditor reads, holds them
    assert told.votes is not None
    assert [vote.choice for vote in told.votes] == ["against"]
    committee.act("vote", m1, "E01", "for")
    view = review.item("E01", m1)
    assert view.votes is not None
    assert {vote.name: vote.choice for vote in view.votes} == {"m2": "against", "m1": "for"}
    assert [comment.text for comment in view.comments] == ["社保人数与申报不符。"]


def hiding_points(committee: Any) -> Review:
    """A round that shows points only after the votes, with two items on its agenda, after one that was published."""
    committee.signed()
    committee.review.record_publication(committee.chair, published(committee), lambda: None)
    rules = dataclasses.replace(RoundRules(), hide_points=True, agenda=2)
    ranking = committee.ranking
    selection = select(ranking, ranking.edition)
    round_id = open_round(committee.store, committee.settings, ranking, selection, committee.chair, rules=rules)
    return Review(committee.store, committee.settings, round_id)


def test_points_are_hidden_too_where_the_round_says_so(committee: Any) -> None:
    review, ranking, m1 = hiding_points(committee), committee.ranking, committee.m1
    assert review.ranking(m1).frame["score"].isna().all()
    assert review.ranking(m1).detail.empty
    assert review.item("E01", m1).points_hidden
    refused("review-vote-first", lambda: review.directory(m1))
    for key in review.state(m1).to_vote:
        review.vote(m1, key, "for", ranking.digest, 0)
    voted = review.ranking(m1).frame["score"].dropna()
    assert len(voted) == 2
    assert list(review.directory(m1).members["enterprise_id"]) == ["E01", "E02", "E03", "E04"]
    assert not review.ranking(committee.auditor).frame["score"].isna().any()


def test_what_a_decision_moves_is_told_when_the_list_is_where_points_wait_for_votes(committee: Any) -> None:
    """An effect names ranks, places and who made room, which the list itself does not say before the votes."""
    review, ranking, m1 = hiding_points(committee), committee.ranking, committee.m1
    key, *others = review.state(m1).to_vote
    review.override(committee.chair, key, "exclude", "other", "与公开资料核对后不宜列入。", ranking.digest, 0)

    def told(user: User) -> list[bool]:
        [event] = [one for one in review.events(user) if one.kind == "overridden"]
        return ["effect" in event.payload, bool(review.item(key, user).overrides[0].effect)]

    assert told(m1) == [False, False]
    assert told(committee.auditor) == [True, True]
    for one in (key, *others):
        review.vote(m1, one, "for", ranking.digest, review.item(one, m1).last_seen)
    assert told(m1) == [True, True]


def published(committee: Any) -> dict[str, object]:
    return {
        "list_digest": "x", "manifest_sha256": "x", "published_on": "2026-11-23", "notice_until": "2026-12-07",
        "valid_from": "2026-12-08", "valid_to": "2027-12-07", "members": 0, "entries": [],
    }  # fmt: skip
