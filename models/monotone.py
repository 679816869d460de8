"""Promises of direction, kept: a feature declared to help may never lower a score where the promise is on."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from data.refusal import Refusal
from models.classifier import derived_seed
from models.fitted import Bag

ENTERPRISES = 1_000
POINTS = 9
TOLERANCE = 1e-9


def violations(bag: Bag, frame: pd.DataFrame, directions: Mapping[str, int], seed: int) -> dict[str, float]:
    """The worst step in the wrong direction of each feature (log-odds), for those that take one.

    Each feature is moved over nine quantiles of its range for up to 1,000 enterprises of `frame` (n rows), all
    else as it is.
    """
    generator = np.random.default_rng(derived_seed(seed, "monotone"))
    chosen = np.sort(generator.choice(len(frame), min(ENTERPRISES, len(frame)), replace=False))
    rows = frame.iloc[chosen]
    found = {}
    for name, direction in sorted(directions.items()):
        known = frame[name].dropna().to_numpy(np.float64)
        if not len(known):
            continue
        steps = np.unique(np.quantile(known, np.linspace(0, 1, POINTS)))
        scores = [bag.member_log_odds(rows.assign(**{name: step})).mean(axis=1) for step in steps]
        moves = np.diff(np.column_stack(scores), axis=1) * direction
        worst = float(moves.min()) if moves.size else 0.0
        if worst < -TOLERANCE:
            found[name] = worst
    return found


def refuse_violations(bag: Bag, frame: pd.DataFrame, directions: Mapping[str, int], seed: int) -> None:
    """Refuse a bag that breaks a promise (`model-monotone-violated`)."""
    if broken := violations(bag, frame, directions, seed):
        raise Refusal("model-monotone-violated", features=sorted(broken))
