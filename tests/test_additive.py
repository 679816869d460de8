"""Logistic regression, straight and bent: against scikit-learn, along curves, and through the file."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from models.additive import Additive, fit_additive
from models.evaluation import roc_auc


def frame(rows: int = 800) -> tuple[pd.DataFrame, np.ndarray]:
    generator = np.random.default_rng(0)
    found = pd.DataFrame(generator.normal(size=(rows, 3)), columns=["a", "b", "c"])
    drive = 1.2 * found.a - 0.6 * found.b
    return found, (generator.random(rows) < 1 / (1 + np.exp(-drive))).astype(float).to_numpy()


def test_the_straight_one_is_scikit_learns() -> None:
    features, labels = frame()
    ours = fit_additive(features, labels, bent=False, strength=0.3).log_odds(features)
    scaled = (features - features.mean()) / features.std(ddof=0)
    theirs = LogisticRegression(C=0.3, tol=1e-10).fit(scaled, labels).decision_function(scaled)
    # Ours also clips at 5 spreads, which no value here reaches.
    np.testing.assert_allclose(ours, theirs, atol=2e-3)


def test_the_bent_one_follows_a_hill() -> None:
    generator = np.random.default_rng(1)
    features = pd.DataFrame({"x": generator.uniform(-1, 1, 3000)})
    labels = (generator.random(3000) < np.where(features.x.abs() < 0.4, 0.8, 0.2)).astype(float)
    straight = fit_additive(features, labels, bent=False).log_odds(features)
    bent = fit_additive(features, labels, bent=True, strength=1.0).log_odds(features)
    assert roc_auc(labels, straight) < 0.55
    assert roc_auc(labels, bent) > 0.72


def test_parts_add_up_with_missing_values_and_categories() -> None:
    features, labels = frame()
    features.loc[::7, "a"] = np.nan
    features["kind"] = pd.Categorical(np.where(labels > 0, "x", "y"))
    fitted = fit_additive(features, labels)
    np.testing.assert_allclose(fitted.parts(features).sum(axis=1) + fitted.intercept, fitted.log_odds(features))
    assert fitted.parts(features).mean(axis=0) == pytest.approx(np.zeros(4), abs=1e-9)  # measured from the average
    again = Additive.from_dict(json.loads(json.dumps(fitted.as_dict())))
    np.testing.assert_array_equal(again.log_odds(features), fitted.log_odds(features))


def test_weights_are_repetitions() -> None:
    features, labels = frame(200)
    weights = np.random.default_rng(2).integers(0, 3, 200).astype(float)
    rows = np.repeat(np.arange(200), weights.astype(int))
    weighted = fit_additive(features, labels, bent=False, weights=weights).log_odds(features)
    repeated = fit_additive(features.iloc[rows].reset_index(drop=True), labels[rows], bent=False).log_odds(features)
    # The scale of a column is taken from the rows, not the weights, so the ridge differs a little.
    np.testing.assert_allclose(weighted, repeated, atol=0.05)
