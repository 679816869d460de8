"""Selection: regret over periods, the simpler where it cannot be told; held directions; the unreviewed; the search."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.refusal import Refusal
from models.candidates import learners, unlabelled, with_unlabelled
from models.checkpoint import Checkpoint
from models.classifier import Recipe
from models.findings import examine
from models.fitted import Bag
from models.monotone import refuse_violations, violations
from models.refit import refit
from models.search import search
from models.selection import choose, regrets
from models.splits import Panel, plan
from models.stopping import School
from models.validation import judge, within_folds

DAYS = [np.datetime64(f"{year}-05-01") for year in (2021, 2022, 2023)]
QUICK = Recipe(trees=20, rate=0.2)


def panel(enterprises: int = 120, unreviewed: float = 0.0, seed: int = 0) -> Panel:
    generator = np.random.default_rng(seed)
    rows = enterprises * len(DAYS)
    frame = pd.DataFrame(generator.normal(size=(rows, 4)), columns=["a", "b", "c", "d"])
    label = (generator.random(rows) < 1 / (1 + np.exp(-2 * frame.a - frame.b))).astype(float)
    hidden = generator.random(rows) < unreviewed
    about = pd.DataFrame({"revenue_cny": np.exp(frame.c), "size_class": "micro"}).assign(employees=np.nan)
    about["reason"] = np.where(hidden, "not-reviewed", "labelled")
    as_of = np.repeat(np.array(DAYS), enterprises)
    names = np.tile(np.array([f"E{i:03d}" for i in range(enterprises)], dtype=object), len(DAYS))
    known = as_of + np.timedelta64(120, "D")
    return Panel(frame, about, names, as_of, known, np.where(hidden, np.nan, label))


def test_regret_is_what_was_lost_against_each_periods_best() -> None:
    # Period 1: A ranks perfectly (1.0), B the other way round (0.0). Period 2: both perfectly.
    labels = np.array([0.0, 1, 0, 1])
    scores = {"A": np.array([0.0, 1, 0, 1]), "B": np.array([1.0, 0, 0, 1])}
    table = regrets(labels, scores, np.array(["1", "1", "2", "2"]))
    assert table.to_dict() == {"A": {"1": 0.0, "2": 0.0}, "B": {"1": 1.0, "2": 0.0}}


def test_a_tie_goes_to_the_simpler_and_a_clear_gain_does_not() -> None:
    generator = np.random.default_rng(0)
    labels = generator.integers(0, 2, 400).astype(float)
    good = labels + generator.normal(size=400)
    owners, periods = np.arange(400).astype(str), np.repeat(["1", "2"], 200)
    # Two scores of the same quality by construction: the trees are ahead by luck, well within the standard error.
    near = {"trees": good, "regression": labels + np.random.default_rng(7).normal(size=400)}
    tied = choose(labels, near, owners, periods, seed=0)
    assert (tied.name, tied.reason) == ("regression", "simpler")
    assert (tied.table.behind <= tied.table.standard_error).all()
    # It says something much worse: the trees stay.
    far = {"trees": good, "regression": labels + generator.normal(0, 4, 400)}
    choice = choose(labels, far, owners, periods, seed=0)
    assert (choice.name, choice.reason) == ("trees", "best")
    assert choice.table.chosen.tolist() == [False, True]


def test_what_loses_at_the_top_is_not_the_simpler_of_equals() -> None:
    """Held directions that rank the highest twentieth the wrong way round and find a few more below: ROC-AUC cannot
    tell them from the trees, the list can."""
    generator = np.random.default_rng(0)
    labels = (generator.random(600) < 0.2).astype(float)
    good = 1.2 * labels + generator.normal(size=600)
    top, low = good > np.quantile(good, 0.95), good < np.quantile(good, 0.5)
    other = good + 0.02 * labels * low
    other[top] = -np.sort(-good[top])[np.argsort(np.argsort(labels[top], kind="stable"))]
    scores = {"trees": good, "monotone": other}
    choice = choose(labels, scores, np.arange(600).astype(str), np.repeat(["1", "2"], 300), seed=0)
    held = choice.table.set_index("candidate").loc["monotone"]
    assert held.behind <= held.standard_error
    assert held.behind_precision > held.standard_error_precision
    assert (choice.name, choice.reason) == ("trees", "best")


def test_a_promise_of_direction_is_kept_or_refused(tmp_path: Path) -> None:
    found = panel()
    school = School(found, QUICK, 1, plan(found, group_by=None, seed=1).group)
    held = refit(school, "monotone", {"a": 1, "d": -1}, 2, 0, Checkpoint(tmp_path / "1", {}), lambda _done: None)
    assert dict(held.recipe.monotone) == {"a": 1, "d": -1}
    assert violations(held.bag, found.frame, {"a": 1, "d": -1}, seed=1) == {}
    free = refit(school, "trees", {}, 2, 0, Checkpoint(tmp_path / "2", {}), lambda _done: None)
    worst = violations(free.bag, found.frame, {"a": -1}, seed=1)
    assert worst["a"] < -0.1  # a helps in truth: declared to harm, it breaks the promise
    with pytest.raises(Refusal) as refusal:
        refuse_violations(free.bag, found.frame, {"a": -1}, seed=1)
    assert refusal.value.code == "model-monotone-violated"
    assert isinstance(free.bag, Bag)


def test_who_was_not_reviewed_is_neither_until_drawn(tmp_path: Path) -> None:
    found = panel(unreviewed=0.3)
    pool = unlabelled(found)
    assert np.isnan(found.label[pool]).all()
    rows, labels = with_unlabelled(found, found.labelled, pool, seed=4)
    positives = int(found.label[found.labelled].sum())
    drawn = len(rows) - len(found.labelled)
    assert drawn == min(positives, len(pool))
    assert labels.sum() == positives
    made = plan(found, group_by=None, seed=1)
    candidates = learners(School(found, QUICK, 1, made.group))
    assert set(candidates) == {"trees", "regression", "unlabelled"}
    judged = judge(found, made.quoted, candidates, Checkpoint(tmp_path, {}), name="q")
    assert not np.isnan(found.label[judged.rows]).any()  # figures with and without rest on labelled rows alone
    periods = found.as_of[judged.rows].astype(str)
    choice = choose(found.label[judged.rows], judged.scores, found.enterprise[judged.rows], periods, seed=1)
    told = examine(found, made, judged, None, choice, 1).as_dict()
    assert {"trees", "unlabelled"} <= set(told["candidates"].candidate)  # type: ignore[attr-defined]
    gain = told["against_trees"]["unlabelled"]["roc_auc"]  # type: ignore[index]
    assert gain.low <= gain.value <= gain.high
    assert set(learners(School(panel(), QUICK, 1, made.group))) == {"trees", "regression"}


def test_unlabelled_rows_never_come_from_the_tested_or_the_future(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = panel(unreviewed=0.3)
    seen: list[np.ndarray] = []
    drawn = with_unlabelled

    def watch(whole: Panel, rows: np.ndarray, pool: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
        seen.append(pool)
        return drawn(whole, rows, pool, seed)

    monkeypatch.setattr("models.candidates.with_unlabelled", watch)
    made = plan(found, group_by=None, seed=1)
    fold = made.quoted[0]
    learners(School(found, QUICK, 1, made.group))["unlabelled"](fold, 0)
    for pool in seen:
        assert found.as_of[pool].max() < found.as_of[fold.test].min()
        assert not set(found.enterprise[pool]) & set(found.enterprise[fold.test])


def test_the_search_stays_inside_and_repeats() -> None:
    found = panel()
    school = School(found, replace(QUICK, trees=5), 1, plan(found, group_by=None, seed=1).group)
    first = search(school, found.labelled, seed=3, trials=2)
    assert first == search(school, found.labelled, seed=3, trials=2)
    assert search(school.by(QUICK), found.labelled, seed=3, trials=0) == QUICK


def test_scores_without_a_scale_are_ranked_within_folds() -> None:
    ranks = within_folds(np.array([10.0, 30, 2, 1]), np.array([0, 0, 1, 1]))
    assert ranks.tolist() == [0.5, 1.0, 1.0, 0.5]


def test_finished_pieces_are_not_made_again(tmp_path: Path) -> None:
    calls: list[int] = []

    def compute() -> np.ndarray:
        calls.append(1)
        return np.arange(3.0)

    for _ in range(2):
        assert Checkpoint(tmp_path, {"seed": 1}).array("piece", compute).tolist() == [0, 1, 2]
    assert len(calls) == 1
    Checkpoint(tmp_path, {"seed": 2}).array("piece", compute)
    assert len(calls) == 2  # other inputs, other pieces
    again = Checkpoint(tmp_path, {"seed": 1})
    again.forget()
    again.array("piece", compute)
    assert len(calls) == 3
