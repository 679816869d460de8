"""The candidates that compete for service: each learns one fold and scores its test rows in log-odds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from models.additive import fit_additive
from models.classifier import Array, Recipe, Trees, derived_seed
from models.search import search
from models.splits import Fold, Panel
from models.stopping import School, lesson_of

Learner = Callable[[Fold, int], Array]
"""(fold, number of the fold) -> log-odds of the fold's test rows."""

FEWEST_UNLABELLED = 50
ROUNDS = 2


def learners(school: School, *, directions: Mapping[str, int] | None = None, trials: int = 0) -> dict[str, Learner]:
    """The candidates by name, taught by the school's panel.

    "trees": the recipe. "regression": the bent logistic regression. "monotone": the recipe with `directions` held
    (where there are any). "unlabelled": the recipe with enterprises that nobody reviewed drawn as further
    negatives (where there are at least 50). "searched": a recipe searched for inside each fold's training rows.
    """
    found: dict[str, Learner] = {"trees": _trees(school), "regression": additive(school.panel)}
    if directions:
        held = replace(school.recipe, monotone=tuple(sorted(directions.items())))
        found["monotone"] = _trees(school.by(held))
    if len(unlabelled(school.panel)) >= FEWEST_UNLABELLED:
        found["unlabelled"] = _unlabelled(school)
    if trials:
        found["searched"] = _searched(school, trials)
    return found


def unlabelled(panel: Panel) -> Array:
    """Positions of the rows that the committee did not review: neither positive nor negative."""
    if "reason" not in panel.about.columns:
        return np.zeros(0, dtype=int)
    return np.flatnonzero((panel.about["reason"] == "not-reviewed").to_numpy())


def with_unlabelled(panel: Panel, rows: Array, pool: Array, seed: int) -> tuple[Array, Array]:
    """Labelled rows and a seeded draw of unlabelled ones as negatives, as many as there are positives.

    One round of bagging for positive and unlabelled data (Mordelet and Vert, 2014): each round takes another
    draw, so that the positives hidden in the pool mislead few rounds. Gives positions and their labels.
    """
    generator = np.random.default_rng(seed)
    positives = int(panel.label[rows].sum())
    drawn = np.sort(generator.choice(pool, min(len(pool), positives), replace=False))
    return np.concatenate([rows, drawn]), np.concatenate([panel.label[rows], np.zeros(len(drawn))])


def _trees(school: School) -> Learner:
    def learn(fold: Fold, _number: int) -> Array:
        return school.trees(fold.train).log_odds(school.panel.frame.iloc[fold.test])

    return learn


def additive(panel: Panel, *, bent: bool = True) -> Learner:
    """The logistic regression, with bent columns or (a baseline) straight."""

    def learn(fold: Fold, _number: int) -> Array:
        fitted = fit_additive(panel.frame.iloc[fold.train], panel.label[fold.train], bent=bent)
        return fitted.log_odds(panel.frame.iloc[fold.test])

    return learn


def _unlabelled(school: School) -> Learner:
    panel = school.panel

    def learn(fold: Fold, number: int) -> Array:
        pool = unlabelled(panel)
        taught = np.isin(panel.as_of[pool], np.unique(panel.as_of[fold.train]))
        pool = pool[taught & ~np.isin(panel.enterprise[pool], np.unique(panel.enterprise[fold.test]))]
        total = np.zeros(len(fold.test))
        for turn in range(ROUNDS):
            own = derived_seed(school.seed, "unlabelled", number, turn)
            rows, labels = with_unlabelled(panel, fold.train, pool, own)
            grown = _grown(panel, rows, labels, school.settled(fold.train), own)
            total += grown.log_odds(panel.frame.iloc[fold.test])
        return total / ROUNDS

    return learn


def _searched(school: School, trials: int) -> Learner:
    panel = school.panel

    def learn(fold: Fold, number: int) -> Array:
        found = search(school, fold.train, derived_seed(school.seed, "search", number), trials)
        grown = _grown(panel, fold.train, panel.label[fold.train], found, derived_seed(school.seed, "fold", number))
        return grown.log_odds(panel.frame.iloc[fold.test])

    return learn


def _grown(panel: Panel, rows: Array, labels: Array, recipe: Recipe, seed: int) -> Trees:
    lesson = lesson_of(panel, rows, recipe, labels)
    return Trees(lesson.encoding, [lesson.grow(recipe, seed)])
