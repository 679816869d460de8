"""What any model must beat: one column, size alone, the scorecard, logistic regression. Judged on the same folds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.additive import STRAIGHT, Additive, fit_additive
from models.evaluation import roc_auc

Array = np.ndarray

SIZE_COLUMNS = ("revenue_cny", "employees", "total_assets_cny")


@dataclass(frozen=True)
class SingleColumn:
    """The one column that ranks best in training, taken up (+1) or down (-1); a missing value stands in the middle."""

    name: str
    direction: int
    middle: float

    def scores(self, frame: pd.DataFrame) -> Array:
        """Scores (n,) that rise with the chance of a positive."""
        column = frame[self.name].to_numpy(np.float64, na_value=np.nan)
        return self.direction * np.where(np.isnan(column), self.middle, column)


def best_single(frame: pd.DataFrame, labels: Array) -> SingleColumn | None:
    """The number column with the highest ROC-AUC on the training rows, either way; None without number columns."""
    best, found = -1.0, None
    for name in frame.columns:
        if not pd.api.types.is_numeric_dtype(frame[name].dtype):
            continue
        column = frame[name].to_numpy(np.float64, na_value=np.nan)
        known = ~np.isnan(column)
        if known.sum() < 10:
            continue
        middle = float(np.median(column[known]))
        area = roc_auc(labels, np.where(known, column, middle))
        if not np.isnan(area) and max(area, 1 - area) > best:
            best, found = max(area, 1 - area), SingleColumn(str(name), 1 if area >= 0.5 else -1, middle)
    return found


def size_frame(about: pd.DataFrame) -> pd.DataFrame:
    """The columns of `about` that say how big an enterprise is (n rows), for the size-only baseline."""
    kept = [name for name in SIZE_COLUMNS if name in about.columns]
    return about[kept].astype(float).reset_index(drop=True)


def fit_size_only(about: pd.DataFrame, labels: Array) -> Additive | None:
    """Logistic regression with bends on size alone; None where nothing about size is known."""
    frame = size_frame(about)
    if not frame.notna().any(axis=None):
        return None
    return fit_additive(frame, labels, strength=STRAIGHT)
