"""Which candidate goes into service: by regret over past periods, and the simpler one where it cannot be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.evaluation import lead, roc_auc

Array = np.ndarray

SIMPLEST_FIRST = ("regression", "monotone", "trees", "unlabelled", "searched", "blend")


@dataclass(frozen=True)
class Choice:
    """The candidate chosen, why (`best`, or `simpler` within one standard error of the best) and the table.

    `table` columns: candidate, roc_auc (pooled), mean_regret (over periods), behind (pooled ROC-AUC the best is
    ahead), standard_error (of that difference), behind_precision, standard_error_precision (the same of average
    precision), chosen. `regret`: period by candidate, ROC-AUC lost against the
    period's best.
    """

    name: str
    reason: str
    table: pd.DataFrame
    regret: pd.DataFrame


def choose(
    labels: Array,
    scores: Mapping[str, Array],
    owners: Array,
    periods: Array,
    *,
    seed: int,
    among: Sequence[str] = SIMPLEST_FIRST,
) -> Choice:
    """Choose among candidates on the same rows (n,): least mean regret, then the simplest within one standard error.

    Within it both in ROC-AUC and in average precision: a list is drawn from the top, where constraints of direction
    cost most (on a real task .006 of average precision where ROC-AUC lost .0005).

    `periods` says which test period (or group, where there is one date) each row belongs to. The standard errors
    are those of paired differences under resampling of whole `owners` (enterprises).
    """
    names = [name for name in among if name in scores]
    regret = regrets(labels, {name: scores[name] for name in names}, periods)
    mean = regret.mean()
    best = min(names, key=lambda name: (round(float(mean[name]), 9), names.index(name)))
    rows, chosen = [], best
    for name in reversed(names):
        ahead = {"roc_auc": (0.0, 0.0), "average_precision": (0.0, 0.0)}
        if name != best:
            ahead = lead(labels, scores[best], scores[name], owners, seed=seed)
            near = all(behind <= error for behind, error in ahead.values())
            if names.index(name) < names.index(chosen) and near:
                chosen = name
        rows.append(
            {
                "candidate": name,
                "roc_auc": roc_auc(labels, scores[name]),
                "mean_regret": float(mean[name]),
                "behind": ahead["roc_auc"][0],
                "standard_error": ahead["roc_auc"][1],
                "behind_precision": ahead["average_precision"][0],
                "standard_error_precision": ahead["average_precision"][1],
            }
        )
    table = pd.DataFrame(rows[::-1])
    table["chosen"] = table.candidate == chosen
    return Choice(chosen, "best" if chosen == best else "simpler", table, regret)


def regrets(labels: Array, scores: Mapping[str, Array], periods: Array) -> pd.DataFrame:
    """ROC-AUC lost against the best candidate of each period: index period, one column per candidate.

    Periods where one class is absent are left out.
    """
    rows = {}
    for period in np.unique(periods):
        here = periods == period
        found = {name: roc_auc(labels[here], values[here]) for name, values in scores.items()}
        if not any(np.isnan(value) for value in found.values()):
            best = max(found.values())
            rows[str(period)] = {name: best - value for name, value in found.items()}
    if not rows:
        return pd.DataFrame([dict.fromkeys(scores, 0.0)], index=["-"])
    return pd.DataFrame.from_dict(rows, orient="index")
