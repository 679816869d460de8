"""Between looking and saving anything may happen: no act may land on another enterprise or on another ranking."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from scoring.scores.ranking import Ranking

REASON = "依据新提交的材料,建议调整。"
ALLOWED = {
    "review-ranking-superseded", "review-item-changed", "review-recused", "review-enterprise-unknown",
    "review-nothing-to-approve", "review-override-none", "review-own-override", "review-nothing-to-confirm",
    "review-not-author",
}  # fmt: skip

people = st.sampled_from(["chair", "m1", "m2", "m3"])
step = st.one_of(
    st.tuples(st.just("look"), people, st.integers(0, 11), st.sampled_from(["score", "name", "rank"]), st.booleans()),
    st.tuples(st.just("vote"), people, st.sampled_from(["for", "against", "abstain"])),
    st.tuples(st.just("override"), people, st.sampled_from(["include", "exclude", "defer"])),
    st.tuples(st.just("approve"), people),
    st.tuples(st.just("undo"), people),
    st.tuples(st.just("confirm"), people),
    st.tuples(st.just("recuse"), people, st.integers(0, 11)),
    st.tuples(st.just("rerank"), st.integers(0, 2)),
)


@pytest.fixture
def rankings(committee: Any, ranked: Callable[[dict[str, float]], Ranking]) -> list[Ranking]:
    """Three rankings of the same enterprises in other orders, the last without E12."""
    from scoring.scores.ranking import save

    first = committee.ranking
    keys = list(first.frame.index)
    turned = {key: 100.0 - 5 * at for at, key in enumerate(reversed(keys), start=1)}
    fewer = {key: 90.0 - 4 * at for at, key in enumerate([*keys[6:11], *keys[:6]], start=1)}
    made = [first, ranked(turned), ranked(fewer)]
    for ranking in made[1:]:
        save(ranking, committee.settings, committee.store, "tests")
    return made


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(step, min_size=6, max_size=24))
def test_every_act_lands_on_what_was_looked_at(
    committee: Any, rankings: list[Ranking], steps: list[tuple[Any, ...]]
) -> None:
    from scoring.selection.directory import select

    review = committee.review
    looked: dict[str, tuple[str, str, int]] = {}
    done: list[tuple[str, str, str, str]] = []
    refusals: set[str] = set()
    before = committee.store.ledger.head().seq
    for kind, *rest in steps:
        if kind == "rerank":
            ranking = rankings[rest[0]]
            review.adopt_ranking(committee.chair, ranking, select(ranking, ranking.edition))
            continue
        who = committee.people[rest[0]]
        try:
            if kind == "look":
                # A page: the visible rows, sorted and filtered in some way, and the row at some position chosen.
                _, position, column, ascending = rest
                rows = review.ranking(who).frame.sort_values([column, "name"], ascending=ascending)
                rows = rows[np.arange(len(rows)) % 5 != 4]
                key = str(rows.index[position % len(rows)])
                view = review.item(key, who)
                looked[who.name] = (key, view.ranking_digest, view.last_seen)
            elif kind == "recuse":
                frame = review.ranking(who).frame
                review.declare_conflict(who, str(frame.index[rest[1] % len(frame)]), conflict_type="other")
            elif who.name in looked:
                key, digest, seen = looked[who.name]
                act = {
                    "vote": lambda r=rest, k=key, d=digest, s=seen, w=who: review.vote(w, k, r[1], d, s),
                    "override": lambda r=rest, k=key, d=digest, s=seen, w=who: review.override(
                        w, k, r[1], "other", REASON, d, s
                    ),
                    "approve": lambda k=key, d=digest, s=seen, w=who: review.approve(w, k, d, s),
                    "undo": lambda k=key, d=digest, s=seen, w=who: review.undo(w, k, REASON, d, s),
                    "confirm": lambda k=key, d=digest, s=seen, w=who: review.confirm(w, k, d, s),
                }[kind]
                act()
                done.append((kind, who.name, key, digest))
        except Refusal as refusal:
            refusals.add(refusal.code)
    assert refusals <= ALLOWED
    names = {
        "voted": "vote", "overridden": "override", "override_approved": "approve", "override_undone": "undo",
        "override_confirmed": "confirm",
    }  # fmt: skip
    written = [
        (names[event.kind], event.actor, event.payload["enterprise_id"])
        for event in committee.store.ledger.replay(prefix="review:", after=before)
        if event.kind in names
    ]
    # A confirmation writes the vote anew, the override anew, or both; every other act writes one event of its own.
    expected = [(kind, who, key) for kind, who, key, _ in done if kind != "confirm"]
    confirmed = {(who, key) for kind, who, key, _ in done if kind == "confirm"}
    rest_ = list(written)
    for one in expected:
        rest_.remove(one)
    assert all((who, key) in confirmed for _, who, key in rest_), (rest_, confirmed)
    state = review.state(committee.auditor)
    for key, view in state.items.items():
        for vote in view.votes or ():
            assert vote.ranking_digest == state.ranking_digest, key
    assert committee.store.ledger.verify() == []


def test_after_a_new_ranking_old_acts_wait_for_confirmation(committee: Any, rankings: list[Ranking]) -> None:
    """Made on the first ranking: an override and votes. On the second they stand as stale, count for nothing, and
    count again when confirmed; what crosses the line needs its second person anew."""
    from scoring.selection.directory import select

    review = committee.review
    committee.override(committee.m1, "E06", "include")
    committee.act("approve", committee.m2, "E06")
    committee.votes("E06")
    old = review.item("E06", committee.m1)
    new = rankings[1]
    review.adopt_ranking(committee.analyst, new, select(new, new.edition))
    assert review.state(committee.m1).stale == ("E06",)
    view = review.item("E06", committee.m1)
    assert (view.override_status, view.votes_cast) == ("stale", 0)
    assert "E06" not in committee.listed()
    with pytest.raises(Refusal, match="review-decisions-open"):
        review.freeze(committee.chair)
    with pytest.raises(Refusal, match="review-ranking-superseded"):
        review.vote(committee.m1, "E06", "for", old.ranking_digest, old.last_seen)
    committee.act("confirm", committee.m1, "E06")
    view = review.item("E06", committee.m1)
    assert (view.override_status, view.votes_cast) == ("waiting", 1)
    committee.act("approve", committee.m2, "E06")
    assert "E06" in committee.listed()
    committee.act("confirm", committee.m2, "E06")
    committee.act("confirm", committee.chair, "E06")
    assert review.item("E06", committee.m1).votes_cast == 3
    assert review.state(committee.m1).stale == ()
    with pytest.raises(Refusal, match="review-nothing-to-confirm"):
        committee.act("confirm", committee.m3, "E06")


def test_an_enterprise_that_a_new_ranking_lacks_keeps_its_history(committee: Any, rankings: list[Ranking]) -> None:
    from scoring.selection.directory import select

    review = committee.review
    committee.override(committee.m1, "E12", "include")
    review.adopt_ranking(committee.chair, rankings[2], select(rankings[2], rankings[2].edition))
    assert review.state(committee.m1).stale == ("E12",)
    assert "E12" not in committee.listed()
    with pytest.raises(Refusal, match="review-enterprise-unknown"):
        review.item("E12", committee.m1)
    review.freeze(committee.chair)  # what concerns nobody in the ranking does not stand in the way
