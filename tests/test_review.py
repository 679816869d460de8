"""The review: from opening to signatures, what counts, and what two writers are told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest

from data.accounts import User
from data.refusal import Refusal
from scoring.committee.evidence import keep_evidence
from scoring.committee.review import Review
from scoring.committee.round_acts import current_round, open_round
from tests.refusals import refused

REASON = "该企业今年新设研发中心,材料齐全。"


def kinds(committee: Any) -> list[str]:
    return [event.kind for event in committee.review.events(committee.auditor)]


# --- the round from opening to signatures ----------------------------------------------------------------------


def test_an_override_goes_from_reason_to_signed_list(committee: Any) -> None:
    """Four places: E01-E04. E06 is included, so E04, the last by points, makes room; E06 stands fourth."""
    review, m1, m2 = committee.review, committee.m1, committee.m2
    assert committee.listed() == ["E01", "E02", "E03", "E04"]
    effect = review.preview(m1, "E06", "include")
    assert (effect.old_rank, effect.new_rank, effect.old_position, effect.new_position) == (6, 6, None, 4)
    assert (effect.displaced, effect.entered) == (("E04",), ())
    committee.override(m1, "E06", "include")
    assert committee.listed() == ["E01", "E02", "E03", "E04"]  # it crosses the line: a second person is needed
    refused("review-decisions-open", lambda: review.freeze(committee.chair))
    committee.act("approve", m2, "E06")
    assert committee.listed() == ["E01", "E02", "E03", "E06"]
    refused("review-quorum-missing", lambda: review.freeze(committee.chair))
    committee.votes("E06")
    committee.signed()
    assert review.state(committee.chair).phase == "signed"
    assert committee.store.ledger.verify() == []


def test_what_was_decided_is_there_after_a_restart(committee: Any) -> None:
    from data.store import Store

    committee.override(committee.m1, "E06", "include", expires_on=date(2026, 12, 31))
    again = Review(Store(committee.settings), committee.settings, current_round(committee.store) or "")
    override = again.item("E06", committee.auditor).override
    assert override is not None
    assert (override.author, override.text, override.expires_on) == ("m1", REASON, "2026-12-31")


def test_moving_puts_an_enterprise_between_its_new_neighbours(committee: Any) -> None:
    """E05 to place 2: it stands between E01 (95) and E02 (90), and E04 falls off the list."""
    effect = committee.review.preview(committee.m1, "E05", "move", 2)
    assert (effect.old_rank, effect.new_rank, effect.new_position, effect.displaced) == (5, 2, 2, ("E04",))
    committee.override(committee.m1, "E05", "move", to_rank=2)
    committee.act("approve", committee.m2, "E05")
    assert committee.listed() == ["E01", "E05", "E02", "E03"]
    refused("review-rank-outside-track", lambda: committee.override(committee.m1, "E05", "move", to_rank=13))
    refused("review-move-needs-rank", lambda: committee.override(committee.m1, "E05", "move"))


@pytest.mark.parametrize(("kind", "listed"), [("exclude", False), ("defer", False)])
def test_an_excluded_or_deferred_enterprise_makes_room_for_the_next(committee: Any, kind: str, listed: bool) -> None:
    committee.override(committee.m1, "E02", kind)
    committee.act("approve", committee.chair, "E02")
    assert committee.listed() == ["E01", "E03", "E04", "E05"]
    assert ("E02" in committee.listed()) is listed


def test_an_override_is_undone_by_a_further_event(committee: Any) -> None:
    committee.override(committee.m1, "E02", "exclude")
    committee.act("approve", committee.m2, "E02")
    refused("review-not-author", lambda: committee.act("undo", committee.m3, "E02", "误操作,撤销。"))
    committee.act("undo", committee.m1, "E02", "误操作,撤销。")
    assert committee.listed() == ["E01", "E02", "E03", "E04"]
    assert kinds(committee)[-4:] == ["overridden", "override_approved", "denied", "override_undone"]
    statuses = [one.status("", date(2026, 1, 1)) for one in committee.review.item("E02", committee.chair).overrides]
    assert statuses == ["undone"]


def test_an_override_ends_with_its_last_day(committee: Any) -> None:
    committee.override(committee.m1, "E02", "exclude", expires_on=date(2026, 11, 23))
    committee.act("approve", committee.m2, "E02")
    assert "E02" not in committee.listed()
    tomorrow = committee.settings.model_copy(update={"today": date(2026, 11, 24)})
    later = Review(committee.store, tomorrow, committee.review.round_id)
    assert later.item("E02", committee.m1).override_status == "expired"
    assert "E02" in set(later.directory(committee.m1).members["enterprise_id"])
    refused(
        "review-expiry-past",
        lambda: committee.override(committee.m1, "E03", "exclude", expires_on=date(2026, 11, 22)),
    )


@pytest.mark.parametrize("text", ["", "同意", "。。。。。。。。。。", "   a   b   "])
def test_a_reason_is_at_least_a_sentence(committee: Any, text: str) -> None:
    view = committee.review.item("E06", committee.m1)
    refused(
        "review-reason-too-short",
        lambda: committee.review.override(
            committee.m1, "E06", "include", "other", text, view.ranking_digest, view.last_seen
        ),
    )
    assert committee.review.item("E06", committee.m1).override is None


def test_what_most_votes_are_against_cannot_be_frozen(committee: Any) -> None:
    committee.override(committee.m1, "E06", "include")
    committee.act("approve", committee.m2, "E06")
    committee.votes("E06", "against")
    refused("review-against-vote", lambda: committee.review.freeze(committee.chair))


# --- two writers, fifty writers --------------------------------------------------------------------------------


def test_the_second_of_two_writers_is_told_what_changed(committee: Any) -> None:
    review = committee.review
    seen = review.item("E06", committee.m2)
    committee.override(committee.m1, "E06", "include")
    refusal = refused(
        "review-item-changed",
        lambda: review.override(committee.m2, "E06", "defer", "other", REASON, seen.ranking_digest, seen.last_seen),
    )
    assert (refusal.values["actor"], refusal.values["kind"]) == ("m1", "overridden")
    refused("review-item-changed", lambda: review.vote(committee.m3, "E06", "for", seen.ranking_digest, 0))
    committee.override(committee.m2, "E06", "defer")  # after looking again
    assert review.item("E06", committee.m3).override.kind == "defer"


def test_fifty_people_vote_at_once(committee: Any) -> None:
    """No vote is lost, none counts twice, and nobody hears of a locked database."""
    from argon2 import PasswordHasher

    from data.accounts import Accounts

    accounts = Accounts(committee.store.engine, hasher=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    for at in range(50):
        accounts.add(f"v{at:02d}", "", "member", "long enough to pass", actor="tests")
        committee.review.seat(committee.chair, f"v{at:02d}")
    voters = [accounts.find(f"v{at:02d}") for at in range(50)]
    digest = committee.ranking.digest

    def vote(user: User) -> None:
        first = committee.review.item("E01", user)
        committee.review.vote(user, "E01", "against", digest, first.last_seen)
        again = committee.review.item("E01", user)
        committee.review.vote(user, "E01", "for", digest, again.last_seen)

    with ThreadPoolExecutor(50) as pool:
        list(pool.map(vote, voters))
    votes = committee.review.item("E01", voters[0]).votes
    assert votes is not None
    assert {vote.name for vote in votes} == {user.name for user in voters}
    assert {vote.choice for vote in votes} == {"for"}
    assert committee.store.ledger.verify() == []


def test_two_at_once_on_one_item_make_one_decision(committee: Any) -> None:
    """Of eight overrides made on the same view exactly one is written."""
    view = committee.review.item("E06", committee.m1)

    def override(name: str) -> str:
        try:
            committee.review.override(
                committee.people[name], "E06", "include", "other", REASON, view.ranking_digest, view.last_seen
            )
        except Refusal as refusal:
            return refusal.code
        return "done"

    with ThreadPoolExecutor(8) as pool:
        ends = list(pool.map(override, ["m1", "m2", "m3", "chair"] * 2))
    assert sorted(ends) == ["done", *["review-item-changed"] * 7]


# --- freeze and signatures -------------------------------------------------------------------------------------


def test_two_different_people_sign_the_chair_among_them(committee: Any) -> None:
    review = committee.review
    digest = review.freeze(committee.chair)
    refused("review-other-list", lambda: review.sign(committee.m1, "0" * 64))
    review.sign(committee.m1, digest)
    refused("review-signed-already", lambda: review.sign(committee.m1, digest))
    review.sign(committee.m2, digest)
    assert review.state(committee.m1).phase == "frozen"  # two have signed, but not the chair
    refused("review-not-signed", lambda: review.signed_list(committee.chair))
    review.sign(committee.chair, digest)
    assert review.state(committee.m1).phase == "signed"


def test_a_frozen_list_changes_only_after_a_thaw_that_drops_signatures(committee: Any) -> None:
    review = committee.review
    digest = review.freeze(committee.chair)
    review.sign(committee.chair, digest)
    for act in (
        lambda: committee.act("vote", committee.m1, "E01", "for"),
        lambda: committee.override(committee.m1, "E06", "include"),
        lambda: review.declare_conflict(committee.m1, "E06", conflict_type="other"),
        lambda: review.freeze(committee.chair),
    ):
        refused("review-frozen", act)
    review.thaw(committee.chair, "发现一家企业材料有误,须重议。")
    assert review.state(committee.m1).signatures == ()
    committee.act("vote", committee.m1, "E01", "for")
    refused("review-not-frozen", lambda: review.sign(committee.chair, digest))


def test_a_round_opens_only_after_the_last_is_published(committee: Any) -> None:
    from scoring.selection.directory import select

    ranking = committee.ranking
    refused(
        "review-round-open",
        lambda: open_round(
            committee.store, committee.settings, ranking, select(ranking, ranking.edition), committee.chair
        ),
    )


def test_evidence_is_kept_by_its_hash_and_checked(committee: Any) -> None:
    settings = committee.settings
    kept = keep_evidence(settings, "../../etc/证明.pdf", b"%PDF-1.7 proof")
    assert (kept["name"], kept["type"], kept["bytes"]) == ("证明.pdf", "pdf", 14)
    committee.override(committee.m1, "E06", "include", evidence=[kept])
    refused("evidence-type", lambda: keep_evidence(settings, "run.pdf", b"MZ\x90 an executable"))
    refused("evidence-type", lambda: keep_evidence(settings, "page.html", b"<html>"))
    refused("evidence-empty", lambda: keep_evidence(settings, "a.pdf", b""))
    refused("evidence-too-large", lambda: keep_evidence(settings, "a.txt", b"a" * (10 * 1024 * 1024 + 1)))
    refused(
        "evidence-unknown",
        lambda: committee.override(committee.m1, "E06", "include", evidence=[{"sha256": "../x"}]),
    )
    path = settings.home / "evidence" / str(kept["sha256"])[:2] / str(kept["sha256"])
    path.write_bytes(b"%PDF-1.7 another")
    refused("evidence-changed", lambda: committee.act(
        "override", committee.m1, "E06", "include", "other", REASON, evidence=[kept]
    ))  # fmt: skip
