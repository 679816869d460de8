"""Rank intervals on cases whose answer is known."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.editions.policy import (
    Edition,
    Groups,
    Industries,
    Quota,
    SmallAndMicro,
    Streets,
    Uncertainty,
    load_edition,
)
from scoring.optimum.quotas import programme
from scoring.optimum.solving import best
from scoring.scores.intervals import Extremes, draws_of, intervals, zones
from scoring.scores.points import Points, Voice

EDITION = load_edition("generic")
FACTORS = {"rd_intensity": "innovation", "revenue_growth_1y": "growth"}


def points(first: list[float], second: list[float]) -> Points:
    parts = pd.DataFrame(
        {"card.rd_intensity": np.array(first) * 10_000, "card.revenue_growth_1y": np.array(second) * 10_000}
    ).astype(np.int64)
    tracks = pd.Series(["all"] * len(first), dtype=object)
    return Points(parts, parts.sum(axis=1).to_numpy(), 0, tracks, {"card": 1.0, "growth": 0.3})


def found(
    made: Points, edition: Edition = EDITION, voices: tuple[Voice, ...] = (), **columns: object
) -> tuple[list[int], list[int], list[float]]:
    ranked = np.ones(len(made.parts), dtype=bool)
    result = intervals(made, edition, FACTORS, voices, ranked, programme(frame_of(made, **columns), edition, {}, True))
    return result.low.tolist(), result.high.tolist(), result.inclusion.tolist()


def frame_of(made: Points, **columns: object) -> pd.DataFrame:
    """What the list needs to know of the enterprises, all alike but for the columns given."""
    score = pd.Series(made.score / 10_000)
    known = {
        "score": score, "rank": score.rank(ascending=False, method="first").astype("Int64"), "track": made.tracks,
        "incumbent": False, "group_id": None, "size_class": "small", "industry_section": "I", "street": "甲",
        "key_industry": None,
    }  # fmt: skip
    return pd.DataFrame({**known, **columns})


def with_places(places: int, weights: float = 0.2) -> Edition:
    rules = EDITION.list.model_copy(update={"places": places})
    return EDITION.model_copy(update={"list": rules, "uncertainty": Uncertainty(weights=weights, draws=200)})


def test_who_is_better_in_everything_keeps_its_rank() -> None:
    low, high, _ = found(points([10, 5, 1], [10, 5, 1]))
    assert (low, high) == ([1, 2, 3], [1, 2, 3])


def test_opposite_strengths_of_equal_weight_change_places() -> None:
    """Ten in one factor against ten in the other: whichever weight happens to be larger wins, about half the time."""
    low, high, inclusion = found(points([10, 0], [0, 10]), with_places(1))
    assert (low, high) == ([1, 1], [2, 2])
    assert abs(inclusion[0] - 0.5) < 0.05
    assert sum(inclusion) == 1.0


def test_a_lead_beyond_the_perturbation_is_safe() -> None:
    """With weights within +-20 % a lead 15 : 10 can turn only if 15 x 0.8 < 10 x 1.2; 12 = 12, so it never does."""
    assert found(points([15, 0], [0, 10]), with_places(1))[2] == [1.0, 0.0]


def test_the_chance_of_a_lead_is_an_area() -> None:
    """12 against 10 turns where 12 x u < 10 x v for u, v even in 0.8..1.2: v > 1.2 u.

    The corner: u from 0.8 to 1, v from 1.2 u to 1.2: area = integral of (1.2 - 1.2 u) = 1.2 x 0.2^2 / 2 = 0.024 of
    0.16, that is 0.15.
    """
    assert abs(found(points([12, 0], [0, 10]), with_places(1))[2][1] - 0.15) < 0.02


def test_without_perturbation_nothing_moves() -> None:
    low, high, inclusion = found(points([10, 9.9], [0, 0]), with_places(1, weights=0.0))
    assert (low, high, inclusion) == ([1, 2], [1, 2], [1.0, 0.0])


def test_the_bag_moves_ranks() -> None:
    """Two members of a bag, each for another enterprise; the card says nothing: each leads in half of the draws."""
    made = points([0, 0], [0, 0])
    members = np.array([[1.0, -1.0], [-1.0, 1.0]])
    parts = pd.DataFrame({"rd_intensity": [0.0, 0.0]})
    voice = Voice("growth", "growth", 1, "d", "some", parts, 0.0, members, np.full(2, 0.5))
    low, high, inclusion = found(made, with_places(1), (voice,))
    assert (low, high, inclusion) == ([1, 1], [2, 2], [0.5, 0.5])


def test_the_draws_fill_the_box_evenly() -> None:
    """A hundred random numbers stray up to about 1.36 / sqrt(100) = 0.136 from even; these stray less, in every weight.

    No two weights move together.
    """
    made = draws_of(100, 12)
    assert ((made > 0) & (made < 1)).all()
    for column in np.sort(made, axis=0).T:
        assert np.abs(column - np.arange(1, 101) / 100).max() < 0.05
    assert np.abs(np.corrcoef(made.T) - np.eye(12)).max() < 0.25


def with_rules(places: int, **sections: object) -> Edition:
    edition = with_places(places)
    return edition.model_copy(update={"list": edition.list.model_copy(update=sections)})


def test_a_quota_of_any_kind_counts_for_the_chance() -> None:
    """Two places. The first two, equal but for their strengths, share one when only one of their kind may be listed.

    The third, 20 points behind, has the other place for sure; without the quota it never had one. Each kind of quota
    does the same: industry, group, and, turned round, small and micro, street.
    """
    made = points([30, 20, 5], [20, 30, 25])
    assert found(made, with_rules(2))[2] == [1.0, 1.0, 0.0]
    alike: dict[str, tuple[dict[str, object], dict[str, object]]] = {
        "industry": ({"industries": Industries(max_share=0.5, ref="factors")}, {"industry_section": ["I", "I", "J"]}),
        "group": ({"groups": Groups(max=1, ref="factors")}, {"group_id": ["g", "g", None]}),
        "small": (
            {"small_and_micro": SmallAndMicro(min_share=0.5, ref="factors")},
            {"size_class": ["large", "large", "small"]},
        ),
        "street": ({"streets": Streets(min=1, ref="factors")}, {"street": ["甲", "甲", "乙"]}),
    }
    for name, (sections, columns) in alike.items():
        chance = found(made, with_rules(2, **sections), **columns)[2]
        assert chance[2] == 1.0, name
        assert abs(chance[0] - 0.5) < 0.05, name
        assert chance[0] + chance[1] == 1.0, name


def test_without_perturbation_the_chance_is_the_list() -> None:
    """Where nothing moves, everyone on the list has chance 1 and everyone else 0, equal scores at the line included."""
    made = points([9, 9, 9, 8, 8, 7], [0] * 6)
    edition = with_places(3, weights=0.0)
    rules = edition.list.model_copy(
        update={"groups": Groups(max=1, ref="factors"), "streets": Streets(min=1, ref="factors")}
    )
    edition = edition.model_copy(update={"list": rules})
    columns: dict[str, object] = {"group_id": ["g", "g", None, None, None, None], "street": ["甲"] * 5 + ["乙"]}
    chosen = best(programme(frame_of(made, **columns), edition, {}), unique=True)
    assert chosen is not None
    assert found(made, edition, **columns)[2] == chosen.astype(float).tolist() == [1.0, 0.0, 1.0, 0.0, 0.0, 1.0]


def test_quotas_that_cannot_hold_together_leave_no_chance() -> None:
    made = points([9, 8], [0, 0])
    edition = with_rules(2, tracks={"all": Quota(min=3, ref="factors")})
    assert found(made, edition)[2] == [0.0, 0.0]


def test_who_falls_under_the_floor_of_its_track_is_not_listed_in_that_draw() -> None:
    """12 points under weights of 0.8 to 1.2 reach 12 in half of the draws; two places are free, one has no rival."""
    edition = with_places(2)
    track = edition.tracks[0].model_copy(update={"at_least": 12.0})
    low, high, chance = found(points([20, 12], [0, 0]), edition.model_copy(update={"tracks": (track,)}))
    assert (low, high) == ([1, 2], [1, 2])
    assert chance[0] == 1.0
    assert abs(chance[1] - 0.5) < 0.02


@settings(max_examples=20, deadline=None)
@given(st.integers(10, 300), st.integers(1, 30), st.integers(0, 2**32 - 1))
def test_extremes_are_those_of_all_draws(draws: int, count: int, seed: int) -> None:
    """The percentiles kept on the way are those of sorting every draw, by the lower and the higher neighbour."""
    ranks = np.random.default_rng(seed).integers(1, 1000, (draws, count))
    keeper = Extremes(draws, count)
    for row in ranks:
        keeper.next()[:] = row
    ordered = np.sort(ranks, axis=0)
    low, high = keeper.percentiles()
    assert low.tolist() == ordered[math.floor((draws - 1) * 0.05)].tolist()
    assert high.tolist() == ordered[math.ceil((draws - 1) * 0.95 - 1e-9)].tolist()


def test_the_grey_zone_is_at_the_line() -> None:
    """Core from four lists of five on, as a training's report counts it."""
    inclusion = np.array([1.0, 0.8, 0.79, 0.5, 0.21, 0.2, 0.05, 0.95])
    ranked = np.array([True, True, True, True, True, True, True, False])
    assert zones(inclusion, ranked).tolist() == ["in", "in", "grey", "grey", "grey", "out", "out", ""]
