"""Membership: who is in the directory on any day, and what suspension, exit, cool-down and restoration do to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from data.refusal import Refusal
from scoring.committee.evidence import keep_evidence
from scoring.committee.membership import Membership, cooling_down, members_on
from scoring.committee.review import Review
from scoring.committee.round_acts import open_round
from scoring.editions.policy import load_edition
from scoring.publishing.publication import publish, term


def refused(code: str, act: Callable[[], object]) -> Refusal:
    with pytest.raises(Refusal) as caught:
        act()
    assert caught.value.code == code, caught.value
    return caught.value


@pytest.fixture
def directory(committee: Any) -> tuple[Any, Membership]:
    """E01 to E04, published on 23 November 2026 with one day of notice, and in force from the next for a year."""
    committee.signed()
    publish(committee.review, committee.chair, notice_until=date(2026, 11, 23))
    return committee, Membership(committee.store, committee.settings)


def ids(committee: Any, day: date) -> list[str]:
    return [one.enterprise_id for one in members_on(committee.store, day)]


def proof(committee: Any) -> list[dict[str, object]]:
    return [keep_evidence(committee.settings, "repair.pdf", b"%PDF-1.7 credit repaired")]


def test_a_membership_lasts_from_the_end_of_the_notice_for_its_term(directory: tuple[Any, Membership]) -> None:
    committee, _ = directory
    assert ids(committee, date(2026, 11, 23)) == []
    assert ids(committee, date(2026, 11, 24)) == ["E01", "E02", "E03", "E04"]
    assert ids(committee, date(2027, 11, 23)) == ["E01", "E02", "E03", "E04"]
    assert ids(committee, date(2027, 11, 24)) == []


def test_the_list_before_holds_during_the_notice_and_what_happens_then_is_not_forgotten(
    directory: tuple[Any, Membership],
) -> None:
    """A second list with E03 left out is displayed from 1 to 15 December; E02 is suspended meanwhile."""
    from scoring.selection.directory import select

    committee, membership = directory
    committee.settings = committee.settings.model_copy(update={"today": date(2026, 12, 1)})
    ranking = committee.ranking
    round_id = open_round(
        committee.store, committee.settings, ranking, select(ranking, ranking.edition), committee.chair
    )
    committee.review = Review(committee.store, committee.settings, round_id)
    committee.override(committee.m1, "E03", "exclude")
    committee.act("approve", committee.m2, "E03")
    committee.votes("E03", "against")
    committee.signed()
    publish(committee.review, committee.chair, notice_until=date(2026, 12, 15))
    membership.suspend(committee.chair, "E02", from_day=date(2026, 12, 10), text="列入经营异常名录")
    assert ids(committee, date(2026, 12, 9)) == ["E01", "E02", "E03", "E04"]
    assert ids(committee, date(2026, 12, 15)) == ["E01", "E03", "E04"]
    later = ids(committee, date(2026, 12, 16))
    assert "E02" not in later
    assert "E03" not in later
    assert "E01" in later


def test_a_list_lasts_a_year_or_until_its_edition_ends() -> None:
    old, new = load_edition("changning-2020"), load_edition("changning-2026")
    assert (old.until_date, new.until_date) == (date(2024, 7, 31), None)
    assert term(new, date(2026, 12, 10)) == (date(2026, 12, 11), date(2027, 12, 10))
    assert term(new, date(2028, 2, 28)) == (date(2028, 2, 29), date(2029, 2, 28))
    assert term(old, date(2024, 7, 30)) == (date(2024, 7, 31), date(2024, 7, 31))
    refused("publication-no-term", lambda: term(old, date(2024, 7, 31)))


def test_suspension_exit_and_restoration_hold_from_their_days(directory: tuple[Any, Membership]) -> None:
    committee, membership = directory
    chair = committee.chair
    membership.suspend(chair, "E02", from_day=date(2026, 12, 1), until=date(2026, 12, 31), text="列入经营异常名录")
    membership.exit(
        chair, "E03", from_day=date(2027, 1, 10), reason="integrity", text="列入严重违法失信名单",
        cool_down_until=date(2028, 1, 9),
    )  # fmt: skip
    assert ids(committee, date(2026, 11, 30)) == ["E01", "E02", "E03", "E04"]
    assert ids(committee, date(2026, 12, 1)) == ["E01", "E03", "E04"]
    assert ids(committee, date(2027, 1, 1)) == ["E01", "E02", "E03", "E04"]
    assert ids(committee, date(2027, 1, 10)) == ["E01", "E02", "E04"]
    assert cooling_down(committee.store, date(2028, 1, 9)) == {"E03": "2028-01-09"}
    assert cooling_down(committee.store, date(2028, 1, 10)) == {}
    refused(
        "membership-needs-evidence",
        lambda: membership.restore(chair, "E03", from_day=date(2027, 6, 1), text="信用修复完成", evidence=[]),
    )
    membership.restore(chair, "E03", from_day=date(2027, 6, 1), text="信用修复完成", evidence=proof(committee))
    assert ids(committee, date(2027, 5, 31)) == ["E01", "E02", "E04"]
    assert ids(committee, date(2027, 6, 1)) == ["E01", "E02", "E03", "E04"]
    assert cooling_down(committee.store, date(2027, 6, 1)) == {}
    member = next(one for one in members_on(committee.store, date(2027, 6, 1)) if one.enterprise_id == "E03")
    kinds = {event.seq: event.kind for event in committee.store.ledger.replay()}
    assert [kinds[seq] for seq in member.because] == ["published", "member_exited", "member_restored"]


def test_each_change_is_taken_back_by_a_further_event(directory: tuple[Any, Membership]) -> None:
    committee, membership = directory
    event = membership.suspend(committee.chair, "E02", from_day=date(2026, 12, 1), text="列入经营异常名录")
    assert "E02" not in ids(committee, date(2026, 12, 1))
    refused("membership-change-unknown", lambda: membership.reverse(committee.chair, "E02", 9999, "登记有误"))
    membership.reverse(committee.chair, "E02", event.seq, "登记有误,撤销")
    assert "E02" in ids(committee, date(2026, 12, 1))
    refused("membership-change-unknown", lambda: membership.reverse(committee.chair, "E02", event.seq, "再次撤销"))
    assert committee.store.ledger.verify() == []


def test_a_suspension_without_an_end_is_ended_by_resuming(directory: tuple[Any, Membership]) -> None:
    committee, membership = directory
    membership.suspend(committee.chair, "E02", from_day=date(2026, 12, 1), text="列入经营异常名录")
    membership.resume(committee.chair, "E02", from_day=date(2027, 2, 1), text="已移出经营异常名录")
    assert "E02" not in ids(committee, date(2027, 1, 31))
    assert "E02" in ids(committee, date(2027, 2, 1))


def test_what_cannot_happen_to_a_member_is_refused(directory: tuple[Any, Membership]) -> None:
    committee, membership = directory
    chair, day = committee.chair, date(2026, 12, 1)
    refused("membership-none", lambda: membership.suspend(chair, "E09", from_day=day, text="不在目录中"))
    refused("membership-none", lambda: membership.suspend(chair, "E01", from_day=date(2030, 1, 1), text="期限已过"))
    refused("membership-status", lambda: membership.resume(chair, "E01", from_day=day, text="并未暂停"))
    refused(
        "membership-status",
        lambda: membership.restore(chair, "E01", from_day=day, text="并未退出", evidence=proof(committee)),
    )
    refused(
        "membership-reason-unknown",
        lambda: membership.exit(chair, "E01", from_day=day, reason="whim", text="没有理由"),
    )
    for who in (committee.m1, committee.analyst, committee.auditor):
        refused("review-role-may-not", lambda who=who: membership.suspend(who, "E01", from_day=day, text="越权操作"))
    assert len(committee.store.ledger.replay(kind="denied")) == 3


def test_who_cools_down_is_not_listed_again(directory: tuple[Any, Membership]) -> None:
    """E03 left; a new round would list it by its points: it cannot be frozen until E03 is excluded."""
    from scoring.selection.directory import select

    committee, membership = directory
    committee.settings = committee.settings.model_copy(update={"today": date(2026, 11, 24)})
    membership.exit(
        committee.chair, "E03", from_day=date(2026, 11, 24), reason="false_material", text="申报材料虚假",
        cool_down_until=date(2028, 11, 22),
    )  # fmt: skip
    ranking = committee.ranking
    round_id = open_round(
        committee.store, committee.settings, ranking, select(ranking, ranking.edition), committee.chair
    )
    committee.review = Review(committee.store, committee.settings, round_id)
    refusal = refused("review-cooling-down", lambda: committee.review.freeze(committee.chair))
    assert refusal.values["items"] == ["E03 (2028-11-22)"]
    committee.override(committee.m1, "E03", "exclude")
    committee.act("approve", committee.m2, "E03")
    committee.votes("E03", "against")
    committee.review.freeze(committee.chair)


# --- what credit suggests ----------------------------------------------------------------------------------------


def listing(
    committee: Any, enterprise: str, listed: str, known: str, removed: str = "", kind: str = "经营异常名录"
) -> None:
    """A listing as the store would hold it after the office took a file in."""
    import hashlib

    import pandas as pd

    from data.store import Source

    row = pd.DataFrame(
        {"enterprise_id": [enterprise], "kind": [kind], "listed_on": [date.fromisoformat(listed)],
         "removed_on": [date.fromisoformat(removed) if removed else None], "authority": ["区市场监管局"]}
    )  # fmt: skip
    content = f"{enterprise}{kind}{listed}{known}{removed}"
    source = Source(f"{content}.csv", hashlib.sha256(content.encode()).hexdigest(), "tests")
    committee.store.add(source, {"integrity_events": row}, date.fromisoformat(known))


def credit_on(committee: Any, today: date) -> Any:
    import dataclasses

    from scoring.committee.credit import Credit

    committee.settings = committee.settings.model_copy(update={"today": today})
    assert dataclasses.is_dataclass(committee)
    return Credit(committee.store, committee.settings)


def suggested(service: Any, user: Any) -> list[tuple[str, str]]:
    return [(one.enterprise_id, one.action) for one in service.proposals(user)]


def test_a_listing_suggests_a_suspension_that_the_chair_decides(directory: tuple[Any, Membership]) -> None:
    """The facts of the list are of 30 June 2026: what was known by then was weighed; E09 is no member."""
    committee, _ = directory
    for enterprise, listed, known in (
        ("E01", "2026-05-02", "2026-05-10"), ("E02", "2026-11-30", "2026-12-05"), ("E09", "2026-11-30", "2026-12-05"),
    ):  # fmt: skip
        listing(committee, enterprise, listed, known)
    assert suggested(credit_on(committee, date(2026, 12, 4)), committee.auditor) == []
    credit = credit_on(committee, date(2026, 12, 6))
    [one] = credit.proposals(committee.auditor)
    assert (one.enterprise_id, one.action, one.listings[0].kind) == ("E02", "suspend", "经营异常名录")
    assert ids(committee, date(2026, 12, 6)) == ["E01", "E02", "E03", "E04"]  # nothing has happened by itself
    for who in ("m1", "analyst", "auditor"):
        refused("review-role-may-not", lambda who=who: credit.accept(committee.people[who], "E02", text="列入异常名录"))
        refused("review-role-may-not", lambda who=who: credit.dismiss(committee.people[who], "E02", text="情节轻微"))
    refused("credit-nothing-proposed", lambda: credit.accept(committee.chair, "E01", text="列入异常名录"))
    refused("review-reason-too-short", lambda: credit.accept(committee.chair, "E02", text=""))
    event = credit.accept(committee.chair, "E02", text="列入经营异常名录,暂停。")
    assert event.payload["cause"][0]["listed_on"] == "2026-11-30"
    assert ids(committee, date(2026, 12, 6)) == ["E01", "E03", "E04"]
    assert suggested(credit, committee.chair) == []


def test_a_repair_suggests_the_end_of_a_suspension(directory: tuple[Any, Membership]) -> None:
    committee, _ = directory
    listing(committee, "E02", "2026-11-30", "2026-12-05")
    credit_on(committee, date(2026, 12, 6)).accept(committee.chair, "E02", text="列入经营异常名录,暂停。")
    listing(committee, "E02", "2026-11-30", "2027-02-03", removed="2027-02-01")
    assert suggested(credit_on(committee, date(2027, 2, 2)), committee.chair) == []
    credit = credit_on(committee, date(2027, 2, 4))
    assert suggested(credit, committee.chair) == [("E02", "resume")]
    credit.accept(committee.chair, "E02", text="已移出经营异常名录。")
    assert ids(committee, date(2027, 2, 4)) == ["E01", "E02", "E03", "E04"]
    assert suggested(credit, committee.chair) == []


def test_a_member_that_left_for_its_integrity_is_suggested_for_restoration(
    directory: tuple[Any, Membership],
) -> None:
    committee, membership = directory
    chair = committee.chair
    membership.exit(chair, "E03", from_day=date(2026, 12, 10), reason="integrity", text="列入严重违法失信名单")
    membership.exit(chair, "E04", from_day=date(2026, 12, 10), reason="moved_away", text="迁往外区")
    for enterprise in ("E03", "E04"):
        listing(committee, enterprise, "2026-12-08", "2026-12-09", kind="严重违法失信名单")
        listing(committee, enterprise, "2026-12-08", "2027-06-03", removed="2027-06-01", kind="严重违法失信名单")
    credit = credit_on(committee, date(2027, 6, 4))
    assert suggested(credit, chair) == [("E03", "restore")]
    refused("membership-needs-evidence", lambda: credit.accept(chair, "E03", text="信用已修复。"))
    credit.accept(chair, "E03", text="信用已修复。", evidence=proof(committee))
    assert "E03" in ids(committee, date(2027, 6, 4))


def test_a_dismissed_proposal_returns_for_a_new_listing_or_when_the_dismissal_is_reversed(
    directory: tuple[Any, Membership],
) -> None:
    committee, membership = directory
    listing(committee, "E02", "2026-11-30", "2026-12-05")
    credit = credit_on(committee, date(2026, 12, 6))
    event = credit.dismiss(committee.chair, "E02", text="地址登记有误,正在更正。")
    assert suggested(credit, committee.chair) == []
    listing(committee, "E02", "2026-12-20", "2026-12-21", kind="行政处罚")
    credit = credit_on(committee, date(2026, 12, 22))
    [one] = credit.proposals(committee.chair)
    assert [told.kind for told in one.listings] == ["行政处罚"]
    membership.reverse(committee.chair, "E02", event.seq, "更正未被受理。")
    [one] = credit.proposals(committee.chair)
    assert [told.kind for told in one.listings] == ["行政处罚", "经营异常名录"]
