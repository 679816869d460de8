"""Promises of direction: read off the trees where they hold, found by moving where they do not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from data.refusal import Refusal
from models.classifier import Recipe, fit_single
from models.evaluation import roc_auc
from models.fitted import Bag
from models.monotone import costs, proven, refuse_violations, violations
from models.splits import Panel, plan
from models.stopping import School


def learned(monotone: tuple[tuple[str, int], ...]) -> tuple[Bag, pd.DataFrame]:
    """Trees on `a`, which helps, then hurts beyond 1; and on `b`, which is noise; a tenth of `a` is missing."""
    generator = np.random.default_rng(3)
    frame = pd.DataFrame(generator.standard_normal((3000, 2)), columns=["a", "b"])
    chance = np.where(frame.a < 1, 0.2 + 0.2 * (frame.a > 0), 0.05)
    labels = (generator.random(3000) < chance).astype(np.float64)
    frame.loc[generator.random(3000) < 0.1, "a"] = np.nan
    recipe = replace(Recipe(), monotone=monotone)
    return Bag(fit_single(frame, labels, recipe, seed=5)), frame


def test_a_promise_held_in_training_is_proven_from_the_trees() -> None:
    bag, frame = learned((("a", 1), ("b", -1)))
    directions = {"a": 1, "b": -1}
    assert proven(bag, directions) == {"a", "b"}
    assert violations(bag, frame, directions, seed=1) == {}
    refuse_violations(bag, frame, directions, seed=1)


def test_a_broken_promise_is_not_proven_and_is_found_by_moving() -> None:
    bag, frame = learned(())
    assert proven(bag, {"a": 1}) == set()
    assert violations(bag, frame, {"a": 1}, seed=1)["a"] < -0.5  # falls by log(.4/.6) - log(.05/.95) = 2.5 beyond 1
    with pytest.raises(Refusal, match="model-monotone-violated"):
        refuse_violations(bag, frame, {"a": 1}, seed=1)


def test_what_is_proven_is_never_found_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """The proof only saves time: moving every feature all the same finds nothing in those that were cleared."""
    bag, frame = learned((("a", 1),))
    directions = {"a": 1, "b": 1}
    cleared = proven(bag, directions)
    assert "a" in cleared
    monkeypatch.setattr("models.monotone.proven", lambda *_: set())
    assert not set(violations(bag, frame, directions, seed=1)) & cleared


def test_a_feature_that_no_tree_has_seen_is_not_cleared() -> None:
    bag, _ = learned(())
    assert "c" not in proven(bag, {"c": 1})


DIRECTIONS = {"hump": 1, "up": 1, "noise": -1}


def judged() -> tuple[Panel, School, pd.DataFrame, np.ndarray]:
    """Trees on `hump`, which helps and then hurts, on `up`, which helps, and on noise; and what promises would cost."""
    generator = np.random.default_rng(5)
    rows = 2400
    frame = pd.DataFrame(generator.standard_normal((rows, 3)), columns=["hump", "up", "noise"])
    drive = 2.5 * (1 - frame.hump.abs()) + frame.up
    label = (generator.random(rows) < 1 / (1 + np.exp(-drive))).to_numpy(np.float64)
    frame.loc[generator.random(rows) < 0.1, "hump"] = np.nan
    names = np.array([f"E{i % 800}" for i in range(rows)], dtype=object)
    day = np.full(rows, np.datetime64("2023-05-01"))
    found = Panel(frame, pd.DataFrame(index=frame.index), names, day, day, label)
    made = plan(found, group_by=None, seed=1)
    folds = made.quoted
    school = School(found, Recipe(trees=200, rate=0.06), 1, made.group)
    scores = np.concatenate([school.trees(fold.train).log_odds(found.frame.iloc[fold.test]) for fold in folds])
    told = costs(found, folds, lambda n: school.trees(folds[n].train), scores, DIRECTIONS, seed=1)
    return found, school, told, scores


def test_each_promise_has_its_own_cost_and_switch() -> None:
    found, school, told, scores = judged()
    by_name = told.set_index("feature")
    assert told.feature.iloc[0] == "hump"  # dearest first
    assert not by_name.held["hump"]
    assert by_name.low["hump"] > 0.02
    assert by_name.held["up"]
    assert abs(by_name.cost["up"]) < 0.005
    assert abs(by_name.cost["noise"]) < 0.01
    # Growing the trees once more under each promise says the same.
    folds = plan(found, group_by=None, seed=1).quoted
    labels = np.concatenate([found.label[fold.test] for fold in folds])
    for name, direction in DIRECTIONS.items():
        held = school.by(replace(school.recipe, monotone=((name, direction),)))
        again = np.concatenate([held.trees(fold.train).log_odds(found.frame.iloc[fold.test]) for fold in folds])
        true = roc_auc(labels, scores) - roc_auc(labels, again)
        assert true == pytest.approx(by_name.cost[name], abs=0.02 if name == "hump" else 0.006)
