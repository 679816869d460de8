"""Early stopping: settled inside the training rows, on a later period or on groups apart, the same every time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import lightgbm as lgb
import numpy as np
import pandas as pd
import pytest

from models import classifier
from models.classifier import FEWEST_TREES, Growing, Lesson, Recipe
from models.splits import Panel, Plan, plan
from models.stopping import School, best_number, kept_back, lesson_of

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


def school_of(found: Panel, group_by: str | None = None) -> tuple[School, Plan]:
    made = plan(found, group_by=group_by, seed=1)
    return School(found, RECIPE, 1, made.group), made


def test_what_is_kept_back_is_later_and_never_the_test() -> None:
    found = panel(2.0)
    made = plan(found, group_by=None, seed=1)
    fold = made.quoted[-1]  # tested in 2023, taught by 2021 and 2022
    ((taught, looked_at),) = kept_back(found, fold.train, made.group)
    assert found.as_of[taught].max() < found.as_of[looked_at].min() < found.as_of[fold.test].min()
    assert not set(found.enterprise[np.concatenate([taught, looked_at])]) & set(found.enterprise[fold.test])


def test_with_one_date_groups_are_kept_apart() -> None:
    found = panel(2.0, dates=1)
    made = plan(found, group_by="region", seed=1)
    regions = found.about.region.to_numpy()
    for rows, divisions in ((np.arange(len(found)), 5), (made.quoted[0].train, 4)):
        divided = kept_back(found, rows, made.group)
        assert len(divided) == divisions
        for here, there in divided:
            assert not set(regions[here]) & set(regions[there])
            assert set(here) | set(there) == set(rows)
        assert sorted(np.concatenate([there for _, there in divided])) == rows.tolist()


def test_a_fold_grows_with_rows_that_exist_only_inside() -> None:
    """The labels of the tested rows may be anything: the trees of the fold are the same, before and after others."""
    found = panel(2.0)
    school, made = school_of(found)
    fold = made.quoted[-1]
    grown = school.trees(fold.train).texts()
    label = found.label.copy()
    label[fold.test] = 1 - label[fold.test]
    other = replace(school, panel=replace(found, label=label), _grown={}, _counts={}, _locks={})
    assert other.trees(fold.train).texts() == grown


def test_a_validation_grows_each_booster_once_and_every_order_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each fold's trees tell how many the next date's fold of the same group needs; so does the whole."""
    found = panel(1.0)
    school, made = school_of(found)
    folds = [*made.quoted, *made.follow]
    born = []
    monkeypatch.setattr(classifier, "Growing", lambda *given: born.append(1) or Growing(*given))
    there = {fold.name: school.trees(fold.train).texts() for fold in folds}
    whole = school.settled(found.labelled)
    # every fold's own, and for the first date one for each two groups left out: 5 * 4 / 2
    assert len(born) == len(folds) + 10
    other, _ = school_of(found)
    assert other.settled(found.labelled) == whole
    back = {fold.name: other.trees(fold.train).texts() for fold in reversed(folds)}
    assert back == there


def test_other_recipes_and_seeds_keep_the_number_of_trees_whoever_asks_first() -> None:
    found = panel(1.0)
    school, made = school_of(found)
    rows = made.quoted[-1].train
    held = school.by(replace(RECIPE, monotone=(("a", 1),)), seed=7)
    first = held.settled(rows).trees
    assert first == school.settled(rows).trees == school_of(found)[0].settled(rows).trees
    assert held.trees(rows).texts() != school.trees(rows).texts()


def test_noise_stops_early_and_a_signal_does_not() -> None:
    counts = {}
    for signal in (0.0, 2.0):
        found = panel(signal)
        school, _ = school_of(found)
        counts[signal] = school.settled(found.labelled).trees
    assert counts[0.0] == FEWEST_TREES
    assert FEWEST_TREES < counts[2.0] < RECIPE.trees


def test_the_number_is_where_the_learners_own_early_stopping_stops() -> None:
    """The loss after every tree, added up leaf by leaf, is the one that LightGBM itself tells."""
    found = panel(2.0)
    rows = np.arange(len(found))
    here, there = rows[found.as_of < DAYS[2]], rows[found.as_of == DAYS[2]]
    lesson = lesson_of(found, here, RECIPE)
    names = lesson.encoding.names
    count, loss = best_number(found, [(lesson.growing(RECIPE, 5), there)], RECIPE.trees)
    kept = lgb.Dataset(found.frame.iloc[there].to_numpy(), found.label[there], reference=lesson.binned)
    told: dict[str, dict[str, list[float]]] = {}
    parameters = {
        **RECIPE.parameters(names, 5),
        "feature_pre_filter": False,
        "metric": "binary_logloss",
    }
    lgb.train(
        parameters, lesson.binned, RECIPE.trees, valid_sets=[kept], valid_names=["kept"],
        callbacks=[lgb.early_stopping(classifier.PATIENCE, verbose=False), lgb.record_evaluation(told)],
    )  # fmt: skip
    losses = told["kept"]["binary_logloss"]
    assert count == int(np.argmin(losses)) + 1
    assert loss == pytest.approx(min(losses), rel=1e-9)


def test_a_booster_that_cannot_grow_on_stands_as_it_is() -> None:
    """Five rows of which none may be split: asked for fifty trees, it has none, and adds nothing."""
    frame = pd.DataFrame({"a": [1.0, 2.0, 3.0, 4.0, 5.0]})
    day = np.full(5, DAYS[0])
    found = Panel(frame, pd.DataFrame(index=frame.index), np.arange(5).astype(object), day, day, np.arange(5) % 2.0)
    growing = lesson_of(found, np.arange(5), RECIPE).growing(RECIPE, 1)
    steps = growing.steps(frame.to_numpy(), 0, 50)
    assert steps.shape == (5, 50)
    assert len(np.unique(steps.sum(axis=1))) == 1
    assert np.ptp(growing.trees(50).log_odds(frame)) == 0


def test_growing_in_another_thread_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    """Standard output holds a command's answer."""
    found = panel(2.0)
    growing = lesson_of(found, np.arange(len(found)), RECIPE).growing(RECIPE, 1)
    with ThreadPoolExecutor(1) as pool:
        pool.submit(growing.steps, found.frame.to_numpy(), 0, 20).result()
        pool.submit(growing.trees, 40).result()
    assert capfd.readouterr().out == ""


def test_every_prediction_asks_for_the_threads_that_growing_was_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """One number of threads for the whole process: another one beside a booster that grows ended the training."""
    found = panel(2.0)
    asked = []
    predict = lgb.Booster.predict
    monkeypatch.setattr(
        lgb.Booster,
        "predict",
        lambda *given, **named: asked.append(named.get("num_threads")) or predict(*given, **named),
    )
    school, made = school_of(found)
    grown = school.trees(made.quoted[-1].train)
    grown.log_odds(found.frame.iloc[:50])
    assert len(asked) > 3
    assert set(asked) == {1}


def test_where_nothing_can_be_kept_back_the_recipe_stands() -> None:
    found = panel(2.0, dates=1)
    found = replace(found, enterprise=np.full(200, "E000", dtype=object))  # one enterprise is never divided
    rows = np.arange(200)
    group = np.zeros(200, dtype=int)
    assert kept_back(found, rows, group) == []
    assert School(found, RECIPE, 1, group).settled(rows) == RECIPE


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
