"""How much of a list would stay if the data were drawn again: single model and bag side by side."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models import uncertainty
from models.fitted import Bag
from models.splits import Panel

Array = np.ndarray

LIST_SHARE = 0.1
"""The list looked at: this share of the enterprises of the latest date (at least ten)."""


def list_stability(bag: Bag, again: Sequence[Bag], panel: Panel) -> dict[str, object]:
    """How lists of the top k at the panel's latest date agree between refits on resampled enterprises.

    `again`: whole bags refitted on resampled enterprises. `single`: mean share (0..1) that the lists of two single
    refits (the bag's members) have in common; `bag`: that of two of the `refits` refitted bags, each of
    `refit_members` members; None with fewer than two. `core`, `borderline`: enterprises on at least, and on less
    than, 80 % of the members' lists.
    """
    latest = panel.as_of == panel.as_of.max()
    order = np.argsort(panel.enterprise[latest].astype(str), kind="stable")
    frame = panel.frame[latest].iloc[order]
    k = min(len(frame), max(10, round(LIST_SHARE * len(frame))))
    scores = bag.member_log_odds(frame)
    means = [one.member_log_odds(frame).mean(axis=1) for one in again]
    frequency = uncertainty.inclusion(scores, k)
    standing = uncertainty.standing(frequency)
    return {
        "k": k,
        "enterprises": len(frame),
        "single": uncertainty.overlap(list(scores.T), k) / k,
        "bag": uncertainty.overlap(means, k) / k if len(means) > 1 else None,
        "refits": len(means),
        "refit_members": again[0].members if again else 0,
        "core": standing.count("core"),
        "borderline": standing.count("borderline"),
        "expected_turnover": float(1 - np.sort(frequency)[::-1][:k].mean()),
    }
