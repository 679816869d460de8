"""Whether today's enterprises still look like those the model was taught: a gate before ranking.

Two measures per feature: the population stability index over the training deciles, and the effect size, the
difference of means in training spreads. Small samples differ by chance, so each is held against what chance alone
would give at that number of enterprises. An enterprise that was taught at five dates counts once: its rows are
nearly copies of each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy import stats

if TYPE_CHECKING:
    from features.stored_frame import Columns

Array = np.ndarray

BINS = 10
STRONG_INDEX = 0.25
"""From here an index is called a shift by common usage; below 0.1 it is called stable."""
NOTABLE_INDEX = 0.10
CHANCE_LEVEL = 0.999
STRONG_EFFECT = 0.5
NOTABLE_EFFECT = 0.2
"""Cohen's medium and small."""
TAIL = 0.01
"""Means are taken of values held within training's outer hundredths: one giant is no shift."""
MOST_ROWS = 20_000
"""Of more enterprises than this an even draw is looked at; chance is then far below what is called notable."""
GATE_SHARE = 0.2
"""More than this share of the features shifted: the model is asked about a population it does not know."""
FLOOR = 1e-4
HALF = 0.5
"""Added to the count of every bin: an empty bin of a small sample is no proof of a shift."""


def profile(frame: pd.DataFrame, owners: Array | None = None) -> dict[str, Any]:
    """What training looked like, per feature: bin edges or categories, shares, mean, spread, share missing.

    `owners` (n,) are the enterprises of the rows; `enterprises` in the profile is how many there are (default: rows).
    """
    independent = len(frame) if owners is None else len(np.unique(owners))
    return {str(name): {**_profile_of(frame[name]), "enterprises": independent} for name in frame.columns}


def compare(profiles: Mapping[str, Any], frame: Columns) -> pd.DataFrame:
    """Each feature today against training, most shifted first.

    Columns: feature, index (PSI), chance (what PSI stays below by chance in 999 of 1,000 samples of these sizes),
    effect (difference of means in training spreads; NaN for categories), effect_chance (what its size stays below
    by chance, likewise), missing_then, missing_now (shares 0..1), level: "stable", "notable" (index at least 0.1 or
    effect at least 0.2, and beyond chance) or "shifted" (0.25 or 0.5, and beyond chance).
    """
    drawn = np.linspace(0, len(frame) - 1, min(len(frame), MOST_ROWS)).astype(int)
    rows = []
    for name, then in profiles.items():
        if name not in frame.columns:
            continue
        column = frame[name].iloc[drawn]
        shares, missing = _shares(column, then)
        before = np.asarray(then["shares"], dtype=float)
        index = psi(before, shares)
        chance = chance_index(len(before), then["enterprises"], len(drawn))
        effect = _effect(column, then)
        known = ((1 - then["missing"]) * then["enterprises"], (1 - missing) * len(drawn))
        effect_chance = chance_effect(*known)
        beyond = (index if index > chance else 0.0, abs(effect) if abs(effect) > effect_chance else 0.0)
        shifted = beyond[0] >= STRONG_INDEX or beyond[1] >= STRONG_EFFECT
        notable = beyond[0] >= NOTABLE_INDEX or beyond[1] >= NOTABLE_EFFECT
        rows.append(
            {
                "feature": name,
                "index": index,
                "chance": chance,
                "effect": effect,
                "effect_chance": effect_chance,
                "missing_then": then["missing"],
                "missing_now": missing,
                "level": "shifted" if shifted else "notable" if notable else "stable",
            }
        )
    columns = [
        "feature", "index", "chance", "effect", "effect_chance", "missing_then", "missing_now", "level",
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=columns)
    return table.sort_values(["index", "feature"], ascending=[False, True], ignore_index=True)


def gate(table: pd.DataFrame, newest: bool = False) -> dict[str, Any]:
    """The warning before a ranking: `code` "drift-none", "drift-some" or "drift-many", with its values.

    Of a model that was taught on all facts known today (`newest`) "drift-many" is "drift-many-newest": another
    training would learn the same again.
    """
    shifted = table.loc[table.level == "shifted", "feature"].tolist()
    share = len(shifted) / max(len(table), 1)
    code = "drift-none" if not shifted else "drift-many" if share > GATE_SHARE else "drift-some"
    code += "-newest" if newest and code == "drift-many" else ""
    return {"code": code, "values": {"features": shifted[:5], "count": len(shifted), "share": share}}


def psi(before: Array, now: Array) -> float:
    """Population stability index of two sets of shares over the same bins.

    >>> round(psi(np.array([0.5, 0.5]), np.array([0.6, 0.4])), 4)
    0.0405
    """
    a, b = np.maximum(before, FLOOR), np.maximum(now, FLOOR)
    return float(np.sum((b - a) * np.log(b / a)))


def chance_index(bins: int, rows_then: int, rows_now: int) -> float:
    """The index that two samples of one population stay below in 999 of 1,000 cases.

    PSI is about a chi-square with `bins` - 1 degrees of freedom times (1/rows_then + 1/rows_now).
    """
    if bins < 2 or not rows_then or not rows_now:
        return 0.0
    return float(stats.chi2.ppf(CHANCE_LEVEL, bins - 1) * (1 / rows_then + 1 / rows_now))


def chance_effect(known_then: float, known_now: float) -> float:
    """The size of effect that two samples of one population stay below in 999 of 1,000 cases, in spreads."""
    if known_then < 1 or known_now < 1:
        return float("inf")
    return float(stats.norm.ppf((1 + CHANCE_LEVEL) / 2) * np.sqrt(1 / known_then + 1 / known_now))


def _profile_of(column: pd.Series) -> dict[str, Any]:
    found: dict[str, Any] = {"missing": float(column.isna().mean())}
    if pd.api.types.is_numeric_dtype(column.dtype):
        known = column.dropna().to_numpy(np.float64)
        edges = np.unique(np.quantile(known, np.linspace(0, 1, BINS + 1)[1:-1])) if len(known) else np.zeros(0)
        found["edges"] = [float(edge) for edge in edges]
        ends = np.quantile(known, [TAIL, 1 - TAIL]) if len(known) else np.zeros(2)
        held = np.clip(known, *ends)
        found["ends"] = [float(end) for end in ends]
        found["mean"] = float(held.mean()) if len(known) else 0.0
        found["spread"] = float(held.std()) if len(known) else 0.0
    else:
        found["categories"] = sorted(str(value) for value in column.dropna().unique())
    found["shares"] = [float(share) for share in _shares(column, found)[0]]
    return found


def _shares(column: pd.Series, then: Mapping[str, Any]) -> tuple[Array, float]:
    """Shares of rows by bin or category; the last bin holds the missing, and values not seen in training."""
    missing = column.isna().to_numpy()
    if "edges" in then:
        values = column.to_numpy(np.float64, na_value=np.nan)
        places = np.searchsorted(np.asarray(then["edges"]), values, side="right")
        bins = len(then["edges"]) + 1
    else:
        places = pd.Index(then["categories"]).get_indexer(pd.Index(column.astype("object").astype(str)))
        bins = len(then["categories"])
    places = np.where(missing | (places < 0), bins, places)
    counted = np.bincount(places, minlength=bins + 1) + HALF
    return counted / counted.sum(), float(missing.mean()) if len(column) else 0.0


def _effect(column: pd.Series, then: Mapping[str, Any]) -> float:
    if "spread" not in then or not then["spread"]:
        return float("nan")
    known = column.dropna().to_numpy(np.float64)
    return float((np.clip(known, *then["ends"]).mean() - then["mean"]) / then["spread"]) if len(known) else float("nan")
