"""A better recipe, searched for inside training rows only; the test of a fold never takes part."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from models.classifier import Encoding, Recipe, Trees, derived_seed, grow
from models.evaluation import roc_auc
from models.splits import Panel, plan

INNER_GROUPS = 3


def search(panel: Panel, recipe: Recipe, seed: int, trials: int) -> Recipe:
    """The recipe with the best inner ROC-AUC among `recipe` itself and `trials` draws of a seeded search.

    Inner tests are on later dates and enterprises apart, as outside; where the training rows have one date, on
    enterprises apart. The number of trees is searched with the rest, so nothing is ever stopped on a test period.
    """
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    inner = plan(panel, group_by=None, seed=seed, groups=INNER_GROUPS, periods=1).quoted

    def quality(tried: Recipe) -> float:
        labels, scores = [], []
        for number, fold in enumerate(inner):
            taught = panel.frame.iloc[fold.train]
            encoding = Encoding.of(taught)
            own = derived_seed(seed, "inner", number)
            booster = grow(encoding.matrix(taught), panel.label[fold.train], encoding, tried, own)
            scores.append(Trees(encoding, [booster]).log_odds(panel.frame.iloc[fold.test]))
            labels.append(panel.label[fold.test])
        return _finite(roc_auc(np.concatenate(labels), np.concatenate(scores)))

    best, best_quality = recipe, quality(recipe)
    study = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=seed))
    for _ in range(trials):
        trial = study.ask()
        tried = _drawn(trial, recipe)
        found = quality(tried)
        study.tell(trial, found)
        if found > best_quality:
            best, best_quality = tried, found
    return best


def _drawn(trial: Any, recipe: Recipe) -> Recipe:  # noqa: ANN401 (Optuna carries no types)
    return replace(
        recipe,
        trees=trial.suggest_int("trees", 100, 800, step=50),
        leaves=trial.suggest_int("leaves", 4, 24),
        rate=trial.suggest_float("rate", 0.01, 0.08, log=True),
        min_child=trial.suggest_int("min_child", 5, 80, log=True),
        colsample=trial.suggest_float("colsample", 0.2, 1.0),
        l2=trial.suggest_float("l2", 0.1, 30.0, log=True),
        extra_trees=trial.suggest_categorical("extra_trees", [True, False]),
    )


def _finite(value: float) -> float:
    return 0.5 if np.isnan(value) else value
