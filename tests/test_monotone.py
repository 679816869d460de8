"""Promises of direction: read off the trees where they hold, found by moving where they do not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from data.refusal import Refusal
from models.classifier import Recipe, fit_single
from models.fitted import Bag
from models.monotone import proven, refuse_violations, violations


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
