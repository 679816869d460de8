"""Explanation: exact against the shap library, adding up, by factor, together, and along a feature."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest

from data.refusal import Refusal
from models.additive import fit_additive
from models.calibration import Calibration
from models.classifier import MANY_ROWS, Encoding, Recipe, Trees, grow
from models.explanation import (
    bag_contributions,
    by_factor,
    contributions,
    dependence,
    importance,
    shap_explanation,
)
from models.fitted import Bag, FittedModel
from models.interaction import interaction, tree_interaction


def frame(rows: int = 400, category: bool = True, seed: int = 0) -> tuple[pd.DataFrame, np.ndarray]:
    generator = np.random.default_rng(seed)
    numbers = generator.normal(size=(rows, 4))
    found = pd.DataFrame(numbers, columns=["a", "b", "c", "d"])
    found.loc[generator.random(rows) < 0.15, "a"] = np.nan
    if category:
        found["kind"] = pd.Categorical(generator.choice(["x", "y", "z"], rows))
    drive = 1.5 * numbers[:, 0] * numbers[:, 1] + numbers[:, 2]
    return found, (generator.random(rows) < 1 / (1 + np.exp(-drive))).astype(float)


def model_of(share: float = 0.0, category: bool = True) -> tuple[FittedModel, pd.DataFrame]:
    features, labels = frame(category=category)
    encoding = Encoding.of(features)
    recipe = Recipe(trees=100, rate=0.1)
    trees = Trees(encoding, [grow(encoding.matrix(features), labels, encoding, recipe, seed) for seed in range(3)])
    additive = tuple(fit_additive(features, labels) for _ in range(3)) if share else ()
    bag = Bag(trees if share < 1 else None, additive, share)
    base = bag_contributions(bag, features.iloc[:1])[1]
    return FittedModel("t", 1, "d", {}, "strong", base, bag, Calibration("platt", (1.0,), (0.0,))), features


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_parts_add_up_to_the_score(share: float) -> None:
    model, features = model_of(share)
    values, base = contributions(model, features)
    assert base == pytest.approx(model.base_log_odds, abs=1e-12)
    np.testing.assert_allclose(values.sum(axis=1) + base, model.log_odds(features), atol=1e-9, rtol=0)


def test_parts_are_those_of_the_shap_library() -> None:
    shap = pytest.importorskip("shap")
    model, features = model_of()
    assert model.bag.trees is not None
    matrix = model.bag.trees.encoding.matrix(features.iloc[:60])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = [shap.TreeExplainer(booster).shap_values(matrix) for booster in model.bag.trees.boosters]
    expected = np.mean(theirs, axis=0)
    values, _ = contributions(model, features.iloc[:60])
    np.testing.assert_allclose(values, expected, atol=1e-9)


def test_many_rows_are_explained_like_few() -> None:
    model, features = model_of()
    few, base = contributions(model, features)
    many, same_base = contributions(model, pd.concat([features] * 3, ignore_index=True))
    np.testing.assert_allclose(many.iloc[:400], few, atol=1e-6)
    assert same_base == pytest.approx(base, abs=1e-12)


def test_many_rows_are_scored_to_the_same_bits() -> None:
    model, features = model_of()
    many = pd.concat([features] * (MANY_ROWS // len(features) + 1), ignore_index=True)
    np.testing.assert_array_equal(model.member_log_odds(many)[:400], model.member_log_odds(features))


def test_no_rows_are_no_trouble() -> None:
    model, features = model_of()
    values, base = contributions(model, features.iloc[:0])
    assert values.shape == (0, 5)
    assert base == pytest.approx(model.base_log_odds)


def test_parts_roll_up_to_factors() -> None:
    model, features = model_of()
    values, _ = contributions(model, features)
    factors = by_factor(values, {"a": "growth", "b": "growth", "c": "status", "d": "status"})
    assert sorted(factors.columns) == ["growth", "other", "status"]
    np.testing.assert_allclose(factors.growth, values.a + values.b)
    np.testing.assert_allclose(factors.sum(axis=1), values.sum(axis=1))


def test_interaction_is_that_of_the_shap_library() -> None:
    shap = pytest.importorskip("shap")
    model, features = model_of(category=False)
    rows = features.dropna().iloc[:40]
    assert model.bag.trees is not None
    matrix = model.bag.trees.encoding.matrix(rows)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = [shap.TreeExplainer(b).shap_interaction_values(matrix) for b in model.bag.trees.boosters]
    mean = np.mean(theirs, axis=0)
    for one, other in ((0, 1), (2, 3)):
        ours = tree_interaction(model.bag.trees, rows, one, other)
        np.testing.assert_allclose(ours, 2 * mean[:, one, other], atol=1e-6)


def test_what_works_together_is_found() -> None:
    model, features = model_of()
    together = np.abs(interaction(model, features.iloc[:100], "a", "b")).mean()
    apart = np.abs(interaction(model, features.iloc[:100], "c", "d")).mean()
    assert together > 3 * apart  # the labels were drawn from a times b, plus c
    with pytest.raises(Refusal) as refusal:
        interaction(model, features, "a", "colour")
    assert refusal.value.code == "interaction-feature-unknown"


def test_importance_orders_by_weight_on_average_and_at_the_line() -> None:
    model, features = model_of()
    table = importance(model.bag, features, seed=1)
    assert {"b", "c"} <= set(table.feature[:3])  # both enter the truth with weight, "d" does not
    assert (table.average.diff().dropna() <= 0).all()
    assert (table.at_line >= 0).all()


def test_dependence_rises_where_the_truth_does() -> None:
    model, features = model_of()
    table = dependence(model, features, "c", bins=5)
    assert table["mean"].iloc[-1] > table["mean"].iloc[0] + 0.5  # c enters the truth with weight 1
    assert (table.mean_low <= table["mean"]).all()
    assert (table["mean"] <= table.mean_high).all()
    assert dependence(model, features, "a").low.isna().sum() == 1  # the missing have a row of their own
    assert dependence(model, features, "kind").low.tolist() == ["x", "y", "z"]


def test_the_shap_object_holds_the_same_numbers() -> None:
    pytest.importorskip("shap")
    model, features = model_of()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        told = shap_explanation(model, features.iloc[:7])
    values, base = contributions(model, features.iloc[:7])
    np.testing.assert_array_equal(told.values, values)
    assert told.base_values[0] == base
    assert told.feature_names == ["a", "b", "c", "d", "kind"]
