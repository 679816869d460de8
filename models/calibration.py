"""From log-odds to probabilities that mean what they say, learned on predictions for rows never taught."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

Array = np.ndarray

ISOTONIC_FROM_POSITIVES = 500
"""Fewer positives (or negatives) than this: the two-parameter curve of Platt; isotonic steps would follow noise."""


@dataclass(frozen=True)
class Calibration:
    """A rising curve from log-odds to probability (0..1): `kind` is "platt" or "isotonic".

    Platt: `x` = (slope,), `y` = (intercept,). Isotonic: knots, linear between, level beyond.
    """

    kind: str
    x: tuple[float, ...]
    y: tuple[float, ...]

    def probability(self, log_odds: Array) -> Array:
        """Probabilities 0..1 of log-odds (n,)."""
        if self.kind == "platt":
            return sigmoid(self.x[0] * log_odds + self.y[0])
        return np.asarray(np.interp(log_odds, np.asarray(self.x), np.asarray(self.y)))

    def as_dict(self) -> dict[str, object]:
        """The curve in types that JSON has."""
        return {"kind": self.kind, "x": list(self.x), "y": list(self.y)}

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> Calibration:
        """The reverse of `as_dict`."""
        return cls(str(found["kind"]), tuple(map(float, found["x"])), tuple(map(float, found["y"])))


def fit(log_odds: Array, labels: Array) -> Calibration:
    """Learn the curve from out-of-fold log-odds (n,) and labels 0/1 (n,), kind by the size of the data."""
    from sklearn.isotonic import IsotonicRegression

    rarer = min(float(labels.sum()), float(len(labels) - labels.sum()))
    if rarer < ISOTONIC_FROM_POSITIVES:
        return _platt(log_odds, labels)
    steps = IsotonicRegression(y_min=0.5 / len(labels), y_max=1 - 0.5 / len(labels), out_of_bounds="clip")
    steps.fit(log_odds, labels)
    return Calibration("isotonic", tuple(map(float, steps.X_thresholds_)), tuple(map(float, steps.y_thresholds_)))


def cross_fitted(log_odds: Array, labels: Array, fold: Array) -> Array:
    """Probabilities (n,) where each row's curve was learned on the other folds: for honest figures."""
    found = np.empty(len(labels))
    for number in np.unique(fold):
        here = fold == number
        others = ~here if 0 < labels[~here].sum() < (~here).sum() else np.ones(len(labels), dtype=bool)
        found[here] = fit(log_odds[others], labels[others]).probability(log_odds[here])
    return found


def reliability(labels: Array, probabilities: Array, bins: int = 10) -> pd.DataFrame:
    """Promised against seen, in bins of equal counts.

    Columns: rows, promised (mean probability), seen (share of positives), low, high (95 % Wilson interval).
    """
    order = np.argsort(probabilities, kind="stable")
    rows = []
    for part in np.array_split(order, min(bins, max(1, len(order)))):
        if len(part):
            low, high = wilson(float(labels[part].sum()), len(part))
            rows.append(
                {
                    "rows": len(part),
                    "promised": float(probabilities[part].mean()),
                    "seen": float(labels[part].mean()),
                    "low": low,
                    "high": high,
                }
            )
    return pd.DataFrame(rows, columns=["rows", "promised", "seen", "low", "high"])


def calibration_error(labels: Array, probabilities: Array, bins: int = 10) -> float:
    """Mean distance of promised and seen over the bins of `reliability`, weighted by rows."""
    table = reliability(labels, probabilities, bins)
    return float(np.average((table.promised - table.seen).abs(), weights=table.rows)) if len(table) else float("nan")


def wilson(positives: float, rows: int, z: float = 1.959964) -> tuple[float, float]:
    """The 95 % interval of a share after Wilson (1927), sound also near 0 and 1.

    >>> [round(x, 3) for x in wilson(0, 10)]
    [0.0, 0.278]
    """
    share, extra = positives / rows, z * z / rows
    centre = (share + extra / 2) / (1 + extra)
    half = z * np.sqrt(share * (1 - share) / rows + extra / (4 * rows)) / (1 + extra)
    return max(0.0, float(centre - half)), min(1.0, float(centre + half))


def sigmoid(log_odds: Array) -> Array:
    """Probability of log-odds, without overflow."""
    found: Array = 0.5 * (1 + np.tanh(np.asarray(log_odds, dtype=np.float64) / 2))
    return found


def _platt(log_odds: Array, labels: Array) -> Calibration:
    """Platt's (1999) curve with his smoothed targets; the slope is never below zero."""
    from scipy.optimize import minimize

    positives, negatives = labels.sum(), len(labels) - labels.sum()
    target = np.where(labels > 0.5, (positives + 1) / (positives + 2), 1 / (negatives + 2))

    def loss(parameters: Array) -> tuple[float, Array]:
        z = parameters[0] * log_odds + parameters[1]
        error = sigmoid(z) - target
        value = float(np.mean(np.logaddexp(0, z) - target * z))
        return value, np.array([np.mean(error * log_odds), np.mean(error)])

    start = np.array([1.0, 0.0])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(0, None), (None, None)]).x
    return Calibration("platt", (float(found[0]),), (float(found[1]),))
