"""A better recipe, searched for inside training rows only; the test of a fold never takes part."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from models.classifier import Array, Recipe, derived_seed
from models.stopping import School, best_number, kept_back, lesson_of

MOST_TREES = 800


def search(school: School, rows: Array, seed: int, trials: int) -> Recipe:
    """The recipe with the least log loss on rows kept back, of the school's own and `trials` draws of a seeded search.

    Rows are kept back inside the labelled `rows` (positions, rising) as for stopping, which also settles each draw's
    number of trees; all draws share one set of bins. Where no rows can be kept back, the school's recipe it is.
    """
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    panel, recipe = school.panel, school.recipe
    kept = kept_back(panel, rows, school.group)
    if not kept:
        return recipe
    lesson = lesson_of(panel, rows, recipe)
    own = derived_seed(seed, "inner")

    def tried(one: Recipe) -> tuple[int, float]:
        growing = [(lesson.growing(one, own, np.searchsorted(rows, here)), there) for here, there in kept]
        return best_number(panel, growing, one.trees)

    count, least = tried(recipe)
    best = replace(recipe, trees=count)
    study = optuna.create_study(direction="minimize", sampler=optuna.samplers.TPESampler(seed=seed))
    for _ in range(trials):
        trial = study.ask()
        drawn = _drawn(trial, recipe)
        count, found = tried(drawn)
        study.tell(trial, found)
        if found < least:
            best, least = replace(drawn, trees=count), found
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
