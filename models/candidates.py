"""The candidates that compete for service: each learns one fold and scores its test rows in log-odds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from models.additive import fit_additive
from models.classifier import Array, Encoding, Recipe, Trees, derived_seed, grow
from models.search import search
from models.splits import Fold, Panel

Learner = Callable[[Panel, Fold, int], Array]
"""(panel, fold, number of the fold) -> log-odds of the fold's test rows."""

FEWEST_UNLABELLED = 50
ROUNDS = 2


def learners(
    panel: Panel, recipe: Recipe, seed: int, *, directions: Mapping[str, int] | None = None, trials: int = 0
) -> dict[str, Learner]:
    """The candidates by name.

    "trees": the recipe. "regression": the bent logistic regression. "monotone": the recipe with `directions` held
    (where there are any). "unlabelled": the recipe with enterprises that nobody reviewed drawn as further
    negatives (where there are at least 50). "searched": a recipe searched for inside each fold's training rows.
    """
    found: dict[str, Learner] = {"trees": _trees(recipe, seed), "regression": _regression}
    if directions:
        found["monotone"] = _trees(replace(recipe, monotone=tuple(sorted(directions.items()))), seed)
    if len(unlabelled(panel)) >= FEWEST_UNLABELLED:
        found["unlabelled"] = _unlabelled(recipe, seed)
    if trials:
        found["searched"] = _searched(recipe, seed, trials)
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


def _trees(recipe: Recipe, seed: int) -> Learner:
    def learn(panel: Panel, fold: Fold, number: int) -> Array:
        return _fit_and_score(
            panel, fold, fold.train, panel.label[fold.train], recipe, derived_seed(seed, "fold", number)
        )

    return learn


def _regression(panel: Panel, fold: Fold, _number: int) -> Array:
    fitted = fit_additive(panel.frame.iloc[fold.train], panel.label[fold.train])
    return fitted.log_odds(panel.frame.iloc[fold.test])


def logistic(panel: Panel, fold: Fold, _number: int) -> Array:
    """The straight logistic regression, a baseline."""
    fitted = fit_additive(panel.frame.iloc[fold.train], panel.label[fold.train], bent=False)
    return fitted.log_odds(panel.frame.iloc[fold.test])


def _unlabelled(recipe: Recipe, seed: int) -> Learner:
    def learn(panel: Panel, fold: Fold, number: int) -> Array:
        pool = unlabelled(panel)
        taught = np.isin(panel.as_of[pool], np.unique(panel.as_of[fold.train]))
        pool = pool[taught & ~np.isin(panel.enterprise[pool], np.unique(panel.enterprise[fold.test]))]
        total = np.zeros(len(fold.test))
        for turn in range(ROUNDS):
            own = derived_seed(seed, "unlabelled", number, turn)
            rows, labels = with_unlabelled(panel, fold.train, pool, own)
            total += _fit_and_score(panel, fold, rows, labels, recipe, own)
        return total / ROUNDS

    return learn


def _searched(recipe: Recipe, seed: int, trials: int) -> Learner:
    def learn(panel: Panel, fold: Fold, number: int) -> Array:
        found = search(panel.take(fold.train), recipe, derived_seed(seed, "search", number), trials)
        return _trees(found, seed)(panel, fold, number)

    return learn


def _fit_and_score(panel: Panel, fold: Fold, rows: Array, labels: Array, recipe: Recipe, seed: int) -> Array:
    taught = panel.frame.iloc[rows]
    encoding = Encoding.of(taught)
    booster = grow(encoding.matrix(taught), labels, encoding, recipe, seed)
    return Trees(encoding, [booster]).log_odds(panel.frame.iloc[fold.test])
