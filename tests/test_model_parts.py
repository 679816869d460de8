"""How a model thinks, for who asks: a feature's curve in natural units, two features together, names for people."""

from __future__ import annotations

import numpy as np
import pytest

from data.refusal import Refusal
from features.catalog import catalogue
from features.matrix import build_matrix
from models.calibration import Calibration
from models.classifier import Encoding, Recipe, Trees, grow
from models.fitted import Bag, FittedModel
from scoring.messages import explain, say
from scoring.scores.model_parts import ModelParts
from tests.test_training import DATES, fill

NAMES = ["revenue_log", "net_margin", "revenue_growth_1y"]


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> ModelParts:
    """A model of margin where growth is high: the two act together, size does nothing."""
    store, _ = fill(tmp_path_factory.mktemp("parts"), enterprises=300)
    known = catalogue(store)
    frame = build_matrix(store, DATES[-1], known.select(names=NAMES)).frame[NAMES]
    labels = ((frame.net_margin > 0.05) & (frame.revenue_growth_1y > 0.1)).to_numpy(np.float64)
    encoding = Encoding.of(frame)
    recipe = Recipe(trees=40, min_child=5, colsample=1.0)
    boosters = [grow(encoding.matrix(frame), labels, encoding, recipe, seed) for seed in (1, 2, 3)]
    calibration = Calibration("platt", (1.0,), (0.0,))
    model = FittedModel("growth", 1, "d", known.meanings, "strong", 0.0, Bag(Trees(encoding, boosters)), calibration)
    return ModelParts(store, model, DATES[-1])


def test_a_curve_rises_where_the_model_says_so(parts: ModelParts) -> None:
    found = parts.dependence("net_margin")
    assert found.rows.sum() == 300
    assert found["mean"].iloc[-1] > found["mean"].iloc[0] + 0.1
    assert (found.mean_low <= found["mean"]).all()
    assert (found["mean"] <= found.mean_high).all()


def test_a_curve_is_told_in_natural_units(parts: ModelParts) -> None:
    assert parts.dependence("revenue_log").low.median() > 1e5  # yuan, where the matrix holds the logarithm


def test_two_features_that_act_together_are_found(parts: ModelParts) -> None:
    size, table = parts.together("net_margin", "revenue_growth_1y")
    apart, _ = parts.together("net_margin", "revenue_log")
    assert size > 2 * apart
    assert table.rows.sum() == 300
    means = table.set_index(["one", "other"])["mean"]
    assert means["high", "high"] > max(means["high", "low"], means["low", "high"])


def test_a_feature_is_known_by_its_names_and_an_unknown_one_refused(parts: ModelParts) -> None:
    assert parts.named("净利润率") == parts.named("Net profit margin") == "net_margin"
    with pytest.raises(Refusal) as refusal:
        parts.dependence("净利率")
    assert "净利润率" in explain(refusal.value, "zh-CN")
    assert "Net profit margin" in explain(refusal.value, "en")
    with pytest.raises(Refusal) as refusal:
        parts.dependence("Net profit margi")
    assert explain(refusal.value, "en").split(".")[1].count("Net profit margin") == 1  # its code and its name, once


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_list_of_names_may_be_longer_than_a_sentence_takes(language: str) -> None:
    told = say("interaction-feature-unknown", language, features=["f"], known=[f"feature {i}" for i in range(1000)])
    assert "feature 99" in told
    assert "…" in told
