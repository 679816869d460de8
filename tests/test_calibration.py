"""Calibration: probabilities that mean what they say, learned elsewhere than where they are judged."""

from __future__ import annotations

import numpy as np
import pytest

from models.calibration import (
    ISOTONIC_FROM_POSITIVES,
    Calibration,
    calibration_error,
    cross_fitted,
    fit,
    reliability,
    sigmoid,
)


def overconfident(rows: int) -> tuple[np.ndarray, np.ndarray]:
    """Log-odds three times too large, and outcomes drawn from the true ones."""
    generator = np.random.default_rng(1)
    true = generator.normal(-0.5, 1.0, rows)
    return 3 * true, (generator.random(rows) < sigmoid(true)).astype(float)


def test_platt_finds_the_slope_that_was_lost() -> None:
    log_odds, labels = overconfident(1000)
    curve = fit(log_odds, labels)
    assert curve.kind == "platt"
    assert curve.x[0] == pytest.approx(1 / 3, abs=0.06)  # the scores are three times the truth
    assert curve.y[0] == pytest.approx(0.0, abs=0.25)


def test_more_data_allow_steps() -> None:
    log_odds, labels = overconfident(4000)
    assert min(labels.sum(), 4000 - labels.sum()) > ISOTONIC_FROM_POSITIVES
    curve = fit(log_odds, labels)
    assert curve.kind == "isotonic"
    probability = curve.probability(np.linspace(-20, 20, 200))
    assert (np.diff(probability) >= 0).all()
    assert 0 < probability[0] < probability[-1] < 1


def test_cross_fitting_mends_overconfidence() -> None:
    log_odds, labels = overconfident(2000)
    fold = np.arange(2000) % 5
    assert calibration_error(labels, sigmoid(log_odds)) > 0.1
    assert calibration_error(labels, cross_fitted(log_odds, labels, fold)) < 0.04


def test_the_curve_survives_the_file() -> None:
    for rows in (400, 4000):
        curve = fit(*overconfident(rows))
        assert Calibration.from_dict(curve.as_dict()) == curve


def test_reliability_has_every_row_once_with_its_interval() -> None:
    log_odds, labels = overconfident(997)
    table = reliability(labels, sigmoid(log_odds / 3))
    assert table.rows.sum() == 997
    assert (table.low <= table.seen).all()
    assert (table.seen <= table.high).all()
