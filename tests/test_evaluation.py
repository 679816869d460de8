"""Evaluation: figures by hand, ties at their best and worst, intervals that know about clusters."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, roc_auc_score

from models.evaluation import (
    auc_gain,
    average_precision,
    brier,
    by_slice,
    capture_at,
    difference,
    evaluate,
    lead,
    precision_at,
    roc_auc,
    within,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 6)), min_size=4, max_size=60))
def test_the_figures_are_those_of_scikit_learn_also_with_ties(rows: list[tuple[bool, int]]) -> None:
    labels = np.array([float(row[0]) for row in rows])
    scores = np.array([float(row[1]) for row in rows])
    if 0 < labels.sum() < len(labels):
        assert roc_auc(labels, scores) == pytest.approx(roc_auc_score(labels, scores), abs=1e-12)
        assert average_precision(labels, scores) == pytest.approx(average_precision_score(labels, scores), abs=1e-12)
    else:
        assert np.isnan(roc_auc(labels, scores))


def test_weights_are_repetitions() -> None:
    labels, scores = np.array([1.0, 0, 1, 0, 0]), np.array([3.0, 3, 2, 1, 4])
    weights = np.array([2.0, 1, 0, 3, 1])
    again = np.repeat(np.arange(5), weights.astype(int))
    assert roc_auc(labels, scores, weights) == pytest.approx(roc_auc(labels[again], scores[again]))
    assert average_precision(labels, scores, weights) == pytest.approx(average_precision(labels[again], scores[again]))


def test_precision_under_ties() -> None:
    # Scores 5 | 3 3 3 3 | 1; labels 1 | 1 0 0 1 | 0. Top 3: one sure positive, two of four tied, two of those positive.
    # Expected 1 + 2 * 2/4 = 2 of 3; worst 1 + 0 = 1 of 3; best 1 + 2 = 3 of 3.
    labels, scores = np.array([1.0, 1, 0, 0, 1, 0]), np.array([5.0, 3, 3, 3, 3, 1])
    assert precision_at(labels, scores, 3) == pytest.approx((2 / 3, 1 / 3, 1.0))
    assert precision_at(labels, scores, 99) == pytest.approx((0.5, 0.5, 0.5))


def test_capture_and_brier() -> None:
    # 20 rows, top 10 % = 2 rows, one of 4 positives there: 1/4.
    labels = np.zeros(20)
    labels[[0, 5, 6, 7]] = 1
    assert capture_at(labels, -np.arange(20.0)) == pytest.approx(0.25)
    assert brier(np.array([1.0, 0.0]), np.array([0.8, 0.4])) == pytest.approx((0.04 + 0.16) / 2)


def test_intervals_are_wider_when_rows_belong_together() -> None:
    generator = np.random.default_rng(0)
    labels = np.repeat(generator.integers(0, 2, 60).astype(float), 6)
    scores = np.repeat(generator.normal(size=60), 6) + labels
    alone = evaluate(labels, scores, np.arange(360).astype(str), seed=1)["roc_auc"]
    together = evaluate(labels, scores, np.repeat(np.arange(60), 6).astype(str), seed=1)["roc_auc"]
    assert alone.value == together.value
    assert together.high - together.low > 1.8 * (alone.high - alone.low)  # six equal rows: about sqrt(6) = 2.4 times


def test_a_paired_difference_of_a_score_with_itself_is_nothing() -> None:
    generator = np.random.default_rng(0)
    labels, scores = generator.integers(0, 2, 100).astype(float), generator.normal(size=100)
    gain = difference(labels, scores, scores, np.arange(100).astype(str), seed=0)["roc_auc"]
    assert (gain.value, gain.low, gain.high) == (0.0, 0.0, 0.0)


def test_within_a_stratum_only_like_is_compared_with_like() -> None:
    # The score orders the strata perfectly and says nothing inside them: all pairs within a stratum are ties.
    strata = np.array(["small"] * 4 + ["large"] * 4)
    labels, scores = np.array([0.0, 0, 0, 1, 0, 1, 1, 1]), np.array([0.0] * 4 + [1.0] * 4)
    assert roc_auc(labels, scores) == pytest.approx(0.75)
    assert within(labels, scores, strata, np.arange(8).astype(str), seed=0).value == pytest.approx(0.5)


def test_slices_show_the_smallest_first_and_hide_what_cannot_be_told() -> None:
    sizes = np.array(["large"] * 30 + ["micro"] * 30 + ["small"] * 30 + ["medium"] * 4)
    labels = np.tile([0.0, 1.0], 47)
    scores = np.arange(94.0)
    table = by_slice(labels, scores, np.arange(94).astype(str), {"size_class": sizes}, seed=0)
    assert table.value.tolist() == ["micro", "small", "medium", "large"]
    assert table.roc_auc.isna().tolist() == [False, False, True, False]
    assert table.positives.tolist() == [15, 15, 2, 15]


def test_the_quick_paired_error_is_that_of_the_bootstrap() -> None:
    generator = np.random.default_rng(0)
    owners = np.repeat(np.arange(300), 3).astype(str)
    whole = np.repeat(generator.normal(size=300), 3)  # what an owner's three rows share
    labels = (whole + generator.normal(size=900) > 0.5).astype(float)
    ours, theirs = whole + generator.normal(0, 0.5, 900), whole + generator.normal(0, 1.0, 900)
    gain, error = auc_gain(labels, ours, theirs, owners)
    assert gain == pytest.approx(roc_auc(labels, ours) - roc_auc(labels, theirs))
    ahead = lead(labels, ours, theirs, owners, seed=1)
    assert ahead["roc_auc"] == pytest.approx((gain, error), rel=0.25)
    precision = average_precision(labels, ours) - average_precision(labels, theirs)
    assert ahead["average_precision"][0] == pytest.approx(precision)
    assert 0 < ahead["average_precision"][1] < precision
    assert auc_gain(labels, ours, ours, owners) == (0.0, 0.0)
    assert np.isnan(auc_gain(labels * 0, ours, theirs, owners)).all()
