"""Points: the score as a sum of parts, one for each feature from the card and from each learned model.

    score = base + sum over features of (card weight x card points
                                         + growth weight x points per log-odds x part of the growth model
                                         + listing weight x points per log-odds x part of the listing model)

Parts are rounded to a ten-thousandth of a point before they are added, as whole numbers, so that the parts that are
published sum to the published score exactly, on any machine. A learned model's parts count from the model's own base,
that is, against the average enterprise it was taught on.

A model without a usable verdict does not speak: its weight goes to the card.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from scoring.editions.circumstances import Circumstances, Flags, Floats
from scoring.editions.policy import Blend, Edition
from scoring.editions.scorecard import track_points
from scoring.editions.whole_points import Units, units
from scoring.scores.tracks import Qualification, assign

if TYPE_CHECKING:
    from features.stored_frame import Columns

CARD = "card"


@dataclass(frozen=True)
class Voice:
    """What one learned model says about every enterprise.

    `source` is "growth" or "listing"; `parts` (n, features) in log-odds with `base`; `members` (n, bag) the
    log-odds of each refit; `probability` (n,) calibrated.
    """

    source: str
    target: str
    version: int
    digest: str
    verdict: str
    parts: Columns
    base: float
    members: Floats
    probability: Floats


@dataclass(frozen=True)
class Points:
    """Everyone's points, in ten-thousandths.

    `parts` int64 (n, parts): columns `SOURCE.FEATURE`; `score` int64 (n,) is their sum and the base; `tracks` (n,)
    object, "" for no track; `cards` maps a track to the card units it would give (n,), 0 where not qualified.
    """

    parts: pd.DataFrame
    score: Units
    base: int
    tracks: pd.Series
    weights: Mapping[str, float]


def weights_of(blend: Blend, speaking: Sequence[str]) -> dict[str, float]:
    """The weight of the card and of each model that speaks; the weight of the silent ones goes to the card.

    >>> weights_of(Blend(scorecard=.5, growth=.3, listing=.2, points_per_log_odds=10, ref="a", basis="proposal"),
    ...            ["listing"])
    {'card': 0.8, 'listing': 0.2}
    """
    models = {name: float(getattr(blend, name)) for name in ("growth", "listing") if name in speaking}
    return {CARD: round(1.0 - sum(models.values()), 12), **models}


def make_points(
    facts: Circumstances,
    edition: Edition,
    qualification: Qualification,
    eligible: Flags,
    voices: Sequence[Voice],
) -> Points:
    """Points of all enterprises, each on the most favourable track it qualifies for."""
    weights = weights_of(edition.blend, [voice.source for voice in voices])
    index = facts.frame.index
    spoken = [
        (f"{voice.source}.{name}", voice, weights[voice.source] * edition.blend.points_per_log_odds)
        for voice in voices
        for name in voice.parts.columns
        if units(weights[voice.source] * edition.blend.points_per_log_odds * voice.parts[name].abs().max()).any()
    ]
    names = [*(f"{CARD}.{name}" for name in edition.features), *(name for name, _, _ in spoken)]
    # column by column, and made once: at a million enterprises every copy is a gigabyte
    table = np.zeros((len(names), len(index)), dtype=np.int64)
    models = np.zeros(len(index), dtype=np.int64)
    for column, (name, voice, factor) in zip(table[len(edition.features) :], spoken, strict=True):
        column[:] = units(factor * voice.parts[feature_of(name)].to_numpy(dtype=np.float64))
        models += column
    base = int(units(edition.blend.base))
    cards: dict[str, dict[str, Units]] = {}
    scores = {}
    for track in edition.tracks:
        rows = qualification.tracks[track.id].to_numpy(dtype=bool)
        earned = track_points(facts, track, rows & eligible, rows)
        cards[track.id] = {name: _spread(units(weights[CARD] * value), rows) for name, value in earned.items()}
        scores[track.id] = base + models + sum(cards[track.id].values(), np.zeros(len(index), dtype=np.int64))
    tracks = assign(pd.DataFrame(scores, index=index), qualification.tracks, eligible, edition)
    score = base + models
    for track_id, earned_units in cards.items():
        mine = np.flatnonzero((tracks == track_id).to_numpy(dtype=bool))
        for column, name in zip(table, edition.features, strict=False):
            if name in earned_units:
                column[mine] = earned_units[name][mine]
                score[mine] += column[mine]
    return Points(pd.DataFrame(table.T, index=index, columns=names, copy=False), score, base, tracks, weights)


def _spread(values: Units, rows: Flags) -> Units:
    wide = np.zeros(len(rows), dtype=np.int64)
    wide[rows] = values
    return wide


def by_source(parts: pd.DataFrame, source: str) -> Units:
    """The units of all parts of one source (n,)."""
    result = np.zeros(len(parts), dtype=np.int64)
    for name in parts.columns:
        if source_of(str(name)) == source:
            result += parts[name].to_numpy(dtype=np.int64)
    return result


def feature_of(part: str) -> str:
    """The feature of a part: `card.rd_intensity` -> `rd_intensity`."""
    return part.split(".", 1)[1]


def source_of(part: str) -> str:
    """The source of a part: `card`, `growth` or `listing`."""
    return part.split(".", 1)[0]
