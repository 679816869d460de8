"""A better recipe, searched for inside training rows only; the test of a fold never takes part."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from models.classifier import Recipe, derived_seed
from models.splits import Panel
from models.stopping import kept_back, lesson_of

MOST_TREES = 800


def search(panel: Panel, recipe: Recipe, seed: int, trials: int, group_by: str | None = None) -> Recipe:
    """The recipe with the least log loss on rows kept back, of `recipe` itself and `trials` draws of a seeded search.

    Rows are kept back inside the panel as for stopping, which also settles each draw's number of trees; all draws
    share one set of bins. Where no rows can be kept back, `recipe` it is.
    """
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    rows = np.flatnonzero(~np.isnan(panel.label))
    kept = kept_back(panel, rows, group_by, seed)
    if not kept:
        return recipe
    lesson = lesson_of(panel, rows, recipe)
    own = derived_seed(seed, "inner")
    count, least = lesson.watch(recipe, own, kept)
    best = replace(recipe, trees=count)
    study = optuna.create_study(direction="minimize", sampler=optuna.samplers.TPESampler(seed=seed))
    for _ in range(trials):
        trial = study.ask()
        tried = _drawn(trial, recipe)
        count, found = lesson.watch(tried, own, kept)
        study.tell(trial, found)
        if found < least:
            best, least = replace(tried, trees=count), found
    return best


def _drawn(trial: Any, recipe: Recipe) -> Recipe:  # noqa: ANN401 (Optuna carries no types)
    return replace(
        recipe,
        trees=MOST_TREES,
        leaves=trial.suggest_int("leaves", 4, 24),
        rate=trial.suggest_float("rate", 0.01, 0.08, log=True),
        min_child=trial.suggest_int("min_child", 5, 80, log=True),
        colsample=trial.suggest_float("colsample", 0.1, 1.0),
        l2=trial.suggest_float("l2", 0.1, 30.0, log=True),
        extra_trees=trial.suggest_categorical("extra_trees", [True, False]),
    )
