"""What a validation found out: figures, slices, baselines, calibration, verdict, and remarks by code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from models import calibration, evaluation, verdict
from models.evaluation import Figure
from models.selection import SIMPLEST_FIRST, Choice
from models.splits import Panel, Plan
from models.validation import Judged

Array = np.ndarray

BASELINES = ("single", "size", "card", "logistic")
TRIVIAL = ("single", "size", "card")
"""What the verdict is measured against; logistic regression is a candidate's cousin and is reported beside them."""


@dataclass(frozen=True)
class Findings:
    """All that is reported of a validation; tables as described where they are made.

    `against_trees`: what each other candidate gained (or cost: monotone constraints) over the plain trees, paired.
    """

    metrics: Mapping[str, Figure]
    follow: Mapping[str, Figure]
    baselines: Mapping[str, Mapping[str, object]]
    by_group: pd.DataFrame
    reliability: pd.DataFrame
    judgement: verdict.Judgement
    choice: Choice
    plan: pd.DataFrame
    picture: Sequence[str]
    entrants: Mapping[str, object] | None
    against_trees: Mapping[str, Mapping[str, Figure]]
    notes: Sequence[Mapping[str, object]]

    def as_dict(self) -> dict[str, object]:
        """The findings for the report."""
        judged = self.judgement
        return {
            "metrics": self.metrics,
            "follow": self.follow,
            "baselines": self.baselines,
            "by_group": self.by_group,
            "reliability": self.reliability,
            "judgement": {
                "baseline": judged.baseline,
                "only_size": judged.only_size,
                "reasons": judged.reasons,
                "numbers": verdict.judgement_frame(judged),
            },
            "candidates": self.choice.table,
            "choice_reason": self.choice.reason,
            "regret": self.choice.regret.reset_index(names="period"),
            "plan": self.plan,
            "picture": self.picture,
            "entrants": self.entrants,
            "against_trees": self.against_trees,
            "notes": self.notes,
        }


def examine(panel: Panel, plan: Plan, judged: Judged, follow: Judged | None, choice: Choice, seed: int) -> Findings:
    """The figures of the chosen candidate on rows never taught, beside its baselines and by slice."""
    labels, owners = panel.label[judged.rows], panel.enterprise[judged.rows]
    scores = judged.scores[choice.name]
    metrics = evaluation.evaluate(labels, scores, owners, seed=seed)
    chances = calibration.cross_fitted(scores, labels, judged.fold)
    metrics["brier"] = _plain(evaluation.brier(labels, chances))
    metrics["calibration_error"] = _plain(calibration.calibration_error(labels, chances))
    baselines, gains = _against_baselines(labels, scores, owners, judged, seed)
    areas = {name: float(str(found["value"])) for name in TRIVIAL if (found := _area(baselines, name)) is not None}
    sizes = panel.about["size_class"].to_numpy(dtype=object)[judged.rows].astype(str)
    known = np.unique(sizes[~np.isin(sizes, ["undetermined", "nan", "None"])])
    within = evaluation.within(labels, scores, sizes, owners, seed=seed) if len(known) > 1 else None
    judgement = verdict.give(metrics["roc_auc"], {name: gains[name] for name in areas}, areas, within)
    found_follow, entrants = _follow(panel, follow, choice.name, seed)
    return Findings(
        metrics=metrics,
        follow=found_follow,
        baselines=baselines,
        by_group=evaluation.by_slice(labels, scores, owners, slices(panel, judged.rows), seed=seed),
        reliability=calibration.reliability(labels, chances),
        judgement=judgement,
        choice=choice,
        plan=plan.table(panel),
        picture=plan.picture(panel),
        entrants=entrants,
        against_trees={
            name: evaluation.difference(labels, judged.scores[name], judged.scores["trees"], owners, seed=seed)
            for name in SIMPLEST_FIRST
            if name in judged.scores and name != "trees"
        },
        notes=_notes(plan, judged, judgement, metrics),
    )


def slices(panel: Panel, rows: Array) -> dict[str, Array]:
    """What figures are broken down by: size class first, then period, track and industry section where known."""
    about = panel.about.iloc[rows]
    found: dict[str, Array] = {"size_class": about["size_class"].to_numpy(dtype=object)}
    found["period"] = panel.as_of[rows].astype(str).astype(object)
    for name in ("track", "industry_section"):
        if name in about.columns and about[name].notna().any():
            found[name] = about[name].to_numpy(dtype=object)
    return found


def previous_labels(panel: Panel, rows: Array) -> Array:
    """Each row's label at the panel's last earlier date (n,), NaN where there is none: who was listed already."""
    table = pd.DataFrame({"enterprise": panel.enterprise, "as_of": panel.as_of, "label": panel.label})
    table["previous"] = table.sort_values("as_of", kind="stable").groupby("enterprise").label.shift()
    found: Array = table.previous.to_numpy(np.float64)[rows]
    return found


def _against_baselines(
    labels: Array, scores: Array, owners: Array, judged: Judged, seed: int
) -> tuple[dict[str, dict[str, object]], dict[str, Figure]]:
    found: dict[str, dict[str, object]] = {}
    gains: dict[str, Figure] = {}
    for name in BASELINES:
        if name not in judged.scores:
            continue
        theirs = judged.scores[name]
        theirs = np.where(np.isnan(theirs), np.nanmin(theirs) if np.isfinite(theirs).any() else 0.0, theirs)
        figures = evaluation.evaluate(labels, theirs, owners, seed=seed)
        gain = evaluation.difference(labels, scores, theirs, owners, seed=seed)
        gains[name] = gain["roc_auc"]
        found[name] = {
            "roc_auc": figures["roc_auc"].as_dict(),
            "average_precision": figures["average_precision"].as_dict(),
            "gain": gain["roc_auc"].as_dict(),
            "gain_average_precision": gain["average_precision"].as_dict(),
        }
        if name == "single":
            found[name]["features"] = list(judged.singles)
    return found, gains


def _area(baselines: Mapping[str, Mapping[str, object]], name: str) -> Mapping[str, object] | None:
    figure = baselines.get(name, {}).get("roc_auc")
    return figure if isinstance(figure, Mapping) and figure["value"] is not None else None


def _follow(
    panel: Panel, follow: Judged | None, name: str, seed: int
) -> tuple[dict[str, Figure], dict[str, object] | None]:
    if follow is None:
        return {}, None
    labels, owners, scores = panel.label[follow.rows], panel.enterprise[follow.rows], follow.scores[name]
    figures = {
        key: figure
        for key, figure in evaluation.evaluate(labels, scores, owners, seed=seed).items()
        if key in ("roc_auc", "average_precision", "capture_10")
    }
    for key, chosen in (("seen", follow.seen), ("unseen", ~follow.seen)):
        if chosen.any() and 5 <= labels[chosen].sum() <= chosen.sum() - 5:
            part = evaluation.evaluate(labels[chosen], scores[chosen], owners[chosen], seed=seed)
            figures[f"roc_auc_{key}"] = part["roc_auc"]
    return figures, _entrants(panel, follow, scores, seed)


def _entrants(panel: Panel, follow: Judged, scores: Array, seed: int) -> dict[str, object] | None:
    """Who came in among those that were out at the date before; status alone cannot find them."""
    labels, before = panel.label[follow.rows], previous_labels(panel, follow.rows)
    known, out = ~np.isnan(before), before == 0
    if not known.any():
        return None
    found: dict[str, object] = {
        "same_as_before": float(np.mean(labels[known] == before[known])),
        "rows": int(out.sum()),
        "entrants": int(labels[out].sum()),
    }
    if 3 <= labels[out].sum() < out.sum():
        owners = panel.enterprise[follow.rows][out]
        figures = evaluation.evaluate(labels[out], scores[out], owners, seed=seed)
        found["roc_auc"] = figures["roc_auc"].as_dict()
        found["average_precision"] = figures["average_precision"].as_dict()
    return found


def _notes(
    plan: Plan, judged: Judged, judgement: verdict.Judgement, metrics: Mapping[str, Figure]
) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []

    def note(code: str, **values: object) -> None:
        found.append({"code": f"model-note-{code}", "values": values})

    if plan.kind == "grouped":
        note("one-date", group=plan.group_by)
    if judgement.only_size:
        over = judgement.over_size
        note("only-size", gain=0.0 if over is None else over.value, low=0.0 if over is None else over.low)
    if judgement.verdict == "little":
        note("little", low=metrics["roc_auc"].low)
    if len(judged.singles) > 1:
        note("single-varies", features=list(judged.singles))
    return found


def _plain(value: float) -> Figure:
    return Figure(value, float("nan"), float("nan"))
