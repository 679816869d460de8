"""Objections to a published list, and what the review may teach the next model."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from data.refusal import Refusal
from scoring.committee.evidence import keep_evidence
from scoring.committee.learning_from_review import LearningFromReview
from scoring.committee.objections import Objections
from scoring.publishing.publication import publish
from scoring.scores.ranking import digest_of

WRONG = "参保人数应为 120 人,系统显示 12 人,附社保缴费证明。"


def refused(code: str, act: Callable[[], object]) -> Refusal:
    with pytest.raises(Refusal) as caught:
        act()
    assert caught.value.code == code, caught.value
    return caught.value


def on_day(committee: Any, day: date) -> Objections:
    settings = committee.settings.model_copy(update={"today": day})
    return Objections(committee.store, settings, committee.review.round_id)


@pytest.fixture
def published(committee: Any) -> Any:
    """E06 was included by decision and a vote; E01, E02, E03 by points; notice until 7 December 2026."""
    committee.override(committee.m1, "E06", "include")
    committee.act("approve", committee.m2, "E06")
    committee.votes("E06")
    committee.votes("E01")
    committee.signed()
    publish(committee.review, committee.chair)
    return committee


def proof(committee: Any) -> list[dict[str, object]]:
    return [keep_evidence(committee.settings, "证明.pdf", b"%PDF-1.7 insured persons")]


def receive(service: Objections, committee: Any, **changed: Any) -> int:
    given = {"ground": "data_wrong", "text": WRONG, "reference": "异议〔2026〕1号", "evidence": proof(committee)}
    return service.receive(committee.analyst, "E05", **(given | changed))


def corrected(ranking: Any, key: str, score: float) -> Any:
    """The ranking with another score for one enterprise and the ranks that follow from it."""
    frame = ranking.frame.copy()
    frame.loc[key, "score"] = score
    frame["rank"] = frame["score"].rank(ascending=False).astype("Int64")
    detail = ranking.detail.copy()
    detail.loc[key] = [score * 0.6, score * 0.4]
    made = dataclasses.replace(ranking, frame=frame, detail=detail)
    return dataclasses.replace(made, digest=digest_of(made))


def test_an_objection_is_received_scored_again_and_answered(published: Any) -> None:
    """E05 had 75 points and rank 5. With 97 points it would be first: on the list, where E06's inclusion leaves three
    places for E05, E01 and E02."""
    service = on_day(published, date(2026, 12, 1))
    number = receive(service, published, answer_by=date(2026, 12, 20))
    assert service.days_left(date(2026, 12, 1)) == 6
    told = service.rescore(published.analyst, number, corrected(published.ranking, "E05", 97.0))
    assert (told["old_rank"], told["new_rank"]) == (5, 1)
    assert (told["old_score"], told["new_score"]) == (75.0, 97.0)
    assert (told["listed_before"], told["listed_after"]) == (False, True)
    refused("review-role-may-not", lambda: service.answer(published.analyst, number, "upheld", "x" * 20))
    service.answer(published.chair, number, "upheld", "经核对社保缴费证明,异议成立,将更正名单。")
    found = service.all(published.auditor)
    assert [(one.number, one.outcome, one.answer_by, one.answered_on) for one in found] == [
        (1, "upheld", "2026-12-20", "2026-12-01"),
    ]  # fmt: skip
    refused(
        "objection-answered", lambda: service.answer(published.chair, number, "dismissed", "经复核,维持原结论不变。")
    )
    assert published.store.ledger.verify() == []


def test_an_objection_comes_in_time_with_evidence_and_a_reference(published: Any) -> None:
    receive(on_day(published, date(2026, 12, 7)), published)
    refused("objection-late", lambda: receive(on_day(published, date(2026, 12, 8)), published))
    service = on_day(published, date(2026, 12, 1))
    refused("objection-needs-evidence", lambda: receive(service, published, evidence=[]))
    refused("objection-needs-reference", lambda: receive(service, published, reference=" "))
    refused("objection-ground-unknown", lambda: receive(service, published, ground="envy"))
    refused("review-reason-too-short", lambda: receive(service, published, text="不服"))
    refused("objection-unknown", lambda: service.answer(published.chair, 7, "upheld", "经核对,异议成立,将更正名单。"))
    refused("review-reason-too-short", lambda: service.answer(published.chair, 1, "dismissed", "驳回"))
    refused(
        "objection-enterprise-unknown",
        lambda: service.receive(
            published.analyst, "E99", ground="other", text=WRONG, reference="2", evidence=proof(published)
        ),
    )


def test_scoring_again_takes_the_same_rules_and_models(published: Any) -> None:
    service = on_day(published, date(2026, 12, 1))
    number = receive(service, published)
    other = dataclasses.replace(published.ranking, model_versions={"growth": 2}, as_of=date(2026, 9, 30))
    refusal = refused("objection-model-differs", lambda: service.rescore(published.analyst, number, other))
    assert refusal.values["differing"] == ["as_of", "models"]


def test_before_publication_there_is_nothing_to_object_to(committee: Any) -> None:
    service = on_day(committee, date(2026, 12, 1))
    refused("objection-not-published", lambda: receive(service, committee))


# --- learning from the review ----------------------------------------------------------------------------------


def test_decisions_become_labels_only_on_the_chair_s_signature(published: Any) -> None:
    store, chair = published.store, published.chair
    service = LearningFromReview(store, published.settings, published.review.round_id)
    assert store.read("directory_decisions").empty  # publishing taught nothing
    refused("review-role-may-not", lambda: service.release(published.analyst, ["E06"]))
    refusal = refused("learning-undecided", lambda: service.release(chair, ["E02", "E06"]))
    assert refusal.values["items"] == ["E02"]  # nobody voted on E02
    service.release(chair, ["E06", "E01"])
    labels = store.read("directory_decisions")
    assert list(zip(labels["enterprise_id"], labels["decision"], strict=True)) == [("E01", "listed"), ("E06", "listed")]
    refused("learning-released", lambda: service.release(chair, ["E06"]))


def test_an_unpublished_round_teaches_nothing(committee: Any) -> None:
    service = LearningFromReview(committee.store, committee.settings, committee.review.round_id)
    refused("learning-not-published", lambda: service.release(committee.chair, ["E01"]))


def test_disagreement_is_counted_by_group_and_called_systematic_only_when_it_is(committee: Any) -> None:
    """By points E01-E04 are listed. The committee votes for E05-E12 (four small: E06, E08, E10, E12; four large) and
    against none: 8 wants-in of 8, sign test p = 2 * 0.5**8 = 0.0078. For the small alone 4 of 4: too few to say."""
    for at in range(5, 13):
        committee.votes(f"E{at:02d}")
    service = LearningFromReview(committee.store, committee.settings, committee.review.round_id)
    table = service.disagreements(committee.auditor).set_index(["dimension", "group"])
    whole = table.loc[("track", "all")]
    assert (whole["decided"], whole["wants_in"], whole["wants_out"], whole["lean"]) == (8, 8, 0, 1.0)
    assert whole["p_value"] == pytest.approx(2 * 0.5**8)
    assert whole["systematic"]
    small = table.loc[("size_class", "small")]
    assert (small["decided"], small["wants_in"], bool(small["systematic"])) == (4, 4, False)
    refused("review-role-may-not", lambda: service.disagreements(committee.m1))
    assert committee.store.ledger.replay(kind="denied")[-1].payload["verb"] == "learn"


def test_what_the_committee_weighs_otherwise_shows_by_factor(committee: Any) -> None:
    """It wants E12 in and E01 out. E12 has 40 points (24 of status), E01 95 (57); the average is 67.5 (40.5): status
    -16.5 for the wanted, +16.5 for the unwanted, a difference of -33; two cases are too few to call it systematic."""
    committee.votes("E12", "for")
    committee.votes("E01", "against")
    service = LearningFromReview(committee.store, committee.settings, committee.review.round_id)
    status = service.factors(committee.chair).loc["status"]
    assert (status["wants_in"], status["wants_out"]) == (pytest.approx(-16.5), pytest.approx(16.5))
    assert status["difference"] == pytest.approx(-33.0)
    assert not status["systematic"]
