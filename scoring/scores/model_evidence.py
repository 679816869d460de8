"""How well the models that spoke in a ranking hold, by size class, from their own reports."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from data.refusal import Refusal
from data.settings import Settings
from models.origin import named
from models.registry import Registry
from scoring.scores.ranking import Ranking


@dataclass(frozen=True)
class SizeEvidence:
    """One model's figure in one size class: ROC-AUC (0..1) with its interval, over so many validated rows."""

    source: str
    size_class: str
    rows: int
    roc_auc: float
    low: float
    high: float


def evidence_by_size(settings: Settings, ranking: Ranking) -> list[SizeEvidence]:
    """The figures by size class of every model that spoke, small and micro first; those too few to say are left out.

    A model whose report is not at hand has no rows: its version and verdict are told elsewhere.
    """
    found = []
    registry = Registry(settings)
    for source in sorted(ranking.model_versions):
        if (known := named(registry.ledger, str(ranking.sources.get(source, "")))) is not None:
            found += [_row(source, one) for one in _groups(registry, *known)]
    return [one for one in found if not math.isnan(one.roc_auc)]


def _groups(registry: Registry, target: str, version: int) -> list[Mapping[str, Any]]:
    try:
        report = registry.report(target, version)
    except Refusal:
        return []
    return [row for row in report.get("by_group", []) if row.get("slice") == "size_class"]


def _row(source: str, told: Mapping[str, Any]) -> SizeEvidence:
    def number(name: str) -> float:
        value = told.get(name)
        return float("nan") if value is None else float(value)

    figures = (number("roc_auc"), number("roc_auc_low"), number("roc_auc_high"))
    return SizeEvidence(source, str(told["value"]), int(told["rows"]), *figures)
