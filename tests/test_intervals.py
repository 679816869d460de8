"""Rank intervals on cases whose answer is known."""

from __future__ import annotations

import numpy as np
import pandas as pd

from scoring.editions.policy import Edition, Quota, Uncertainty, load_edition
from scoring.scores.intervals import draws_of, intervals, quick_list, zones
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
    made: Points, edition: Edition = EDITION, voices: tuple[Voice, ...] = ()
) -> tuple[list[int], list[int], list[float]]:
    ranked = np.ones(len(made.parts), dtype=bool)
    result = intervals(made, edition, FACTORS, voices, ranked, np.zeros(len(ranked), dtype=np.int64))
    return result.low.tolist(), result.high.tolist(), result.inclusion.tolist()


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


def test_the_quick_list_keeps_least_and_most_places() -> None:
    tracks = tuple(EDITION.tracks[0].model_copy(update={"id": name}) for name in ("one", "two"))
    rules = EDITION.list.model_copy(
        update={"places": 3, "tracks": {"one": Quota(max=2, ref="factors"), "two": Quota(min=2, ref="factors")}}
    )
    edition = EDITION.model_copy(update={"tracks": tracks, "list": rules})
    worth = np.array([90, 80, 70, 20, 10, 5])
    rows = {"one": np.array([0, 1, 2]), "two": np.array([3, 4, 5])}
    assert sorted(quick_list(worth, rows, edition).tolist()) == [0, 3, 4]


def test_the_grey_zone_is_at_the_line() -> None:
    inclusion, ranked = np.array([1.0, 0.5, 0.05, 0.95]), np.array([True, True, True, False])
    assert zones(inclusion, ranked).tolist() == ["in", "grey", "out", ""]
