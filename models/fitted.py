"""A model as it is used: by name of column, in log-odds, with a calibrated probability and a bag for doubt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd

from models.additive import Additive
from models.calibration import Calibration
from models.classifier import Trees

Array = np.ndarray
Verdict = Literal["strong", "some", "little"]


@dataclass(frozen=True)
class Bag:
    """Members that each mix a booster and, where `share` is above 0, a bent regression: the score is their mean.

    `share` (0..1) is the regression's weight in every member; at 1 there are no boosters.
    """

    trees: Trees | None
    additive: tuple[Additive, ...] = ()
    share: float = 0.0

    @property
    def feature_names(self) -> tuple[str, ...]:
        """The columns a frame must have."""
        encoding = self.trees.encoding if self.trees is not None else self.additive[0].encoding
        return encoding.names

    @property
    def members(self) -> int:
        """How many refits the bag holds."""
        return len(self.trees.boosters) if self.trees is not None else len(self.additive)

    def member_log_odds(self, frame: pd.DataFrame) -> Array:
        """Log-odds of each member, float64 (n, members)."""
        total = np.zeros((len(frame), self.members))
        if self.trees is not None:
            total += (1 - self.share) * self.trees.member_log_odds(frame)
        if self.share:
            total += self.share * np.column_stack([member.log_odds(frame) for member in self.additive])
        return total


@dataclass(frozen=True)
class FittedModel:
    """One registered version of one target's model.

    `digest` is the SHA-256 of its manifest; `meanings` the definitions of the features it was taught, as
    digests by name (`Catalogue.meanings`), which any catalogue it is used with must share;
    `base_log_odds` the score where explanations begin; `report` all that was found out about it;
    `profile` what the enterprises looked like that taught it (`drift.profile`).
    """

    target: str
    version: int
    digest: str
    meanings: Mapping[str, str]
    verdict: Verdict
    base_log_odds: float
    bag: Bag
    calibration: Calibration
    report: Mapping[str, object] = field(default_factory=dict)
    profile: Mapping[str, Any] = field(default_factory=dict)

    @property
    def feature_names(self) -> tuple[str, ...]:
        """The columns a frame must have, by name; others are ignored."""
        return self.bag.feature_names

    def log_odds(self, frame: pd.DataFrame) -> Array:
        """The score in log-odds, float64 (n,): the mean over the bag, before calibration.

        Refuses a frame without the columns it was taught, or of another kind (`model-columns-differ`).
        """
        mean: Array = self.member_log_odds(frame).mean(axis=1)
        return mean

    def member_log_odds(self, frame: pd.DataFrame) -> Array:
        """The score of every member of the bag in log-odds, float64 (n, bag)."""
        return self.bag.member_log_odds(frame)

    def probability(self, frame: pd.DataFrame) -> Array:
        """Calibrated probability (0..1) of the target, float64 (n,)."""
        return self.calibration.probability(self.log_odds(frame))

    @property
    def classes(self) -> Sequence[int]:
        """The two outcomes: 0 and 1."""
        return (0, 1)
