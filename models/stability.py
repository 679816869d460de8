"""How much of a list would stay if the data were drawn again: single model and bag side by side."""

from __future__ import annotations

import numpy as np

from models import uncertainty
from models.fitted import Bag
from models.splits import Panel

Array = np.ndarray

LIST_SHARE = 0.1
"""The list looked at: this share of the enterprises of the latest date (at least ten)."""


def list_stability(bag: Bag, panel: Panel) -> dict[str, object]:
    """How lists of the top k at the panel's latest date agree between refits on resampled enterprises.

    `single`: mean share (0..1) that the lists of two members have in common. `bag`: the same for the two halves
    of the bag, each averaged; a full bag of twice the size agrees better still. `core`, `borderline`: enterprises
    on at least, and on less than, 80 % of the members' lists.
    """
    latest = panel.as_of == panel.as_of.max()
    order = np.argsort(panel.enterprise[latest].astype(str), kind="stable")
    frame = panel.frame[latest].iloc[order]
    k = min(len(frame), max(10, round(LIST_SHARE * len(frame))))
    scores = bag.member_log_odds(frame)
    members = scores.shape[1]
    halves = [scores[:, 0::2].mean(axis=1), scores[:, 1::2].mean(axis=1)] if members > 1 else []
    frequency = uncertainty.inclusion(scores, k)
    standing = uncertainty.standing(frequency)
    return {
        "k": k,
        "enterprises": len(frame),
        "single": uncertainty.overlap([scores[:, member] for member in range(members)], k) / k,
        "bag": uncertainty.overlap(halves, k) / k if halves else None,
        "half_bag_members": members // 2,
        "core": standing.count("core"),
        "borderline": standing.count("borderline"),
        "expected_turnover": float(1 - np.sort(frequency)[::-1][:k].mean()),
    }
