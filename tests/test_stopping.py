"""Early stopping: settled inside the training rows, on a later period or on groups apart, the same every time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from models.candidates import School
from models.classifier import FEWEST_TREES, Lesson, Recipe
from models.splits import Panel, plan
from models.stopping import kept_back, lesson_of, stopped

DAYS = [np.datetime64(f"{year}-05-01") for year in (2021, 2022, 2023)]
RECIPE = Recipe(trees=300, rate=0.1)


def panel(signal: float, dates: int = 3, enterprises: int = 200) -> Panel:
    generator = np.random.default_rng(0)
    rows = enterprises * dates
    frame = pd.DataFrame(generator.normal(size=(rows, 5)), columns=list("abcde"))
    label = (generator.random(rows) < 1 / (1 + np.exp(-signal * (frame.a + frame.b * frame.c)))).to_numpy(float)
    about = pd.DataFrame({"region": [f"R{i % 12}" for i in range(rows)]})
    as_of = np.repeat(np.array(DAYS[:dates]), enterprises)
    names = np.tile(np.array([f"E{i:03d}" for i in range(enterprises)], dtype=object), dates)
    return Panel(frame, about, names, as_of, as_of + np.timedelta64(120, "D"), label)


def test_what_is_kept_back_is_later_and_never_the_test() -> None:
    found = panel(2.0)
    fold = plan(found, group_by=None, seed=1).quoted[-1]  # tested in 2023, taught by 2021 and 2022
    ((here, there),) = kept_back(found, fold.train, None, 1)
    taught, looked_at = fold.train[here], fold.train[there]
    assert found.as_of[taught].max() < found.as_of[looked_at].min() < found.as_of[fold.test].min()
    assert not set(found.enterprise[np.concatenate([taught, looked_at])]) & set(found.enterprise[fold.test])


def test_with_one_date_groups_are_kept_apart() -> None:
    found = panel(2.0, dates=1)
    rows = np.arange(len(found))
    divided = kept_back(found, rows, "region", 1)
    assert len(divided) == 3
    regions = found.about.region.to_numpy()
    for here, there in divided:
        assert not set(regions[here]) & set(regions[there])
    assert sorted(np.concatenate([there for _, there in divided])) == rows.tolist()


def test_a_fold_grows_with_rows_that_exist_only_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    """The labels of the tested rows may be anything: the trees of the fold are the same."""
    found = panel(2.0)
    fold = plan(found, group_by=None, seed=1).quoted[-1]
    grown = School(RECIPE, 1).trees(found, fold, 0).texts()
    label = found.label.copy()
    label[fold.test] = 1 - label[fold.test]
    assert School(RECIPE, 1).trees(replace(found, label=label), fold, 0).texts() == grown


def test_noise_stops_early_and_a_signal_does_not() -> None:
    counts = {}
    for signal in (0.0, 2.0):
        found = panel(signal)
        rows = np.arange(len(found))
        lesson = lesson_of(found, rows, RECIPE)
        counts[signal] = stopped(lesson, RECIPE, 1, kept_back(found, rows, None, 1)).trees
        assert counts[signal] == stopped(lesson, RECIPE, 1, kept_back(found, rows, None, 1)).trees
    assert counts[0.0] == FEWEST_TREES
    assert FEWEST_TREES < counts[2.0] < RECIPE.trees


def test_where_nothing_can_be_kept_back_the_recipe_stands() -> None:
    found = panel(2.0, dates=1)
    found = replace(found, enterprise=np.full(200, "E000", dtype=object))  # one enterprise is never divided
    rows = np.arange(200)
    assert kept_back(found, rows, None, 1) == []
    assert stopped(lesson_of(found, rows, RECIPE), RECIPE, 1, []) == RECIPE


def test_refits_share_one_set_of_bins_and_differ_by_their_rows() -> None:
    found = panel(2.0)
    lesson = lesson_of(found, np.arange(len(found)), RECIPE)
    assert isinstance(lesson, Lesson)
    weights = np.repeat([1.0, 0.0, 2.0], 200)
    some = lesson.grow(replace(RECIPE, trees=20), 3, weights).model_to_string()
    assert some == lesson.grow(replace(RECIPE, trees=20), 3, weights).model_to_string()
    # The rows left out may say anything.
    other = Lesson(found.frame.to_numpy(), np.where(weights > 0, found.label, 1 - found.label), lesson.encoding, RECIPE)
    assert other.grow(replace(RECIPE, trees=20), 3, weights).model_to_string() == some
