"""How much signal there is: strong, some or little, with the numbers it rests on.

Little: the lower bound of ROC-AUC is not clearly above chance. Strong: it is well above chance and the gain over
the best baseline, over size alone, and the ranking within size classes all stand clear of zero. What lies between
is some. A model that only finds the big enterprises again is named so and is never strong.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from models.evaluation import Figure
from models.fitted import Verdict

CHANCE = 0.5
CLEARLY_ABOVE_CHANCE = 0.55
WELL_ABOVE_CHANCE = 0.65


@dataclass(frozen=True)
class Judgement:
    """The verdict and the numbers it rests on.

    `over_baseline` and `over_size` are gains in ROC-AUC with intervals; `baseline` names the best baseline;
    `within_size` is the ROC-AUC among pairs of one size class; `only_size` says that the model finds size again and
    little else; `reasons` are the codes of what failed: chance, baseline, size, within-size.
    """

    verdict: Verdict
    roc_auc: Figure
    baseline: str
    over_baseline: Figure
    over_size: Figure | None
    within_size: Figure | None
    only_size: bool
    reasons: tuple[str, ...]


def give(
    roc_auc: Figure,
    gains: Mapping[str, Figure],
    baseline_auc: Mapping[str, float],
    within_size: Figure | None,
) -> Judgement:
    """Judge by the ROC-AUC and the paired gains over each baseline (single, size, card; all ROC-AUC).

    `within_size`: ROC-AUC among pairs of the same size class, None where classes are not known.
    """
    rivals = {name: value for name, value in baseline_auc.items() if name in gains}
    best = max(rivals, key=lambda name: (rivals[name], name)) if rivals else "-"
    over_baseline = gains.get(best, Figure(roc_auc.value - CHANCE, roc_auc.low - CHANCE, roc_auc.high - CHANCE))
    over_size = gains.get("size")
    reasons = []
    if not roc_auc.low >= CLEARLY_ABOVE_CHANCE:
        reasons.append("chance")
    if not over_baseline.low > 0:
        reasons.append("baseline")
    size_explains = over_size is not None and not over_size.low > 0
    blind_within = within_size is not None and not within_size.low > CHANCE
    if size_explains:
        reasons.append("size")
    if blind_within:
        reasons.append("within-size")
    verdict: Verdict
    if "chance" in reasons:
        verdict = "little"
    elif not reasons and roc_auc.low >= WELL_ABOVE_CHANCE:
        verdict = "strong"
    else:
        verdict = "some"
    only_size = verdict != "little" and (size_explains or blind_within)
    return Judgement(verdict, roc_auc, best, over_baseline, over_size, within_size, only_size, tuple(reasons))


def judgement_frame(judgement: Judgement) -> pd.DataFrame:
    """The numbers as a table: what, value, low, high."""
    rows = [("roc_auc", judgement.roc_auc), (f"over:{judgement.baseline}", judgement.over_baseline)]
    if judgement.over_size is not None:
        rows.append(("over:size", judgement.over_size))
    if judgement.within_size is not None:
        rows.append(("within_size", judgement.within_size))
    return pd.DataFrame([{"what": name, **figure.as_dict()} for name, figure in rows])
