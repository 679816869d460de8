"""The card: points that an edition's bands give to each feature, without any learned model.

The card is monotone by construction where the edition's bands follow the catalogue's declared direction, which
`mulu edition check` demands.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from scoring.editions.circumstances import Circumstances, Column, Flags, Floats
from scoring.editions.policy import Criterion, Edition, Track

PERCENTILE = "percentile"


def card_points(facts: Circumstances, edition: Edition, tracks: pd.Series, peers: pd.DataFrame) -> pd.DataFrame:
    """Points on the card of each enterprise's own track.

    `tracks` (n,) names each enterprise's track ("": no points); `peers` (n, tracks, bool) says who counts as a peer
    of a track for percentiles. Gives float64 (n, features named by the edition), 0 where a track does not use one.
    """
    points = pd.DataFrame(0.0, index=facts.frame.index, columns=list(edition.features))
    for track in edition.tracks:
        mine = (tracks == track.id).to_numpy(dtype=bool)
        if mine.any():
            earned = track_points(facts, track, peers[track.id].to_numpy(dtype=bool), mine)
            points.loc[mine, list(earned)] = np.column_stack(list(earned.values())) if earned else 0.0
    return points


def track_points(facts: Circumstances, track: Track, peers: Flags, rows: Flags) -> dict[str, Floats]:
    """Points by feature of the enterprises in `rows` on a track's card; `peers` are those percentiles count among."""
    earned = {}
    for criterion in track.criteria:
        values = measured(facts, criterion, peers)[rows]
        earned[criterion.feature] = criterion_points(criterion, values)
    return earned


def measured(facts: Circumstances, criterion: Criterion, peers: Flags) -> Column:
    """What a criterion's thresholds are compared with (n,): the natural value, or its place among the peers."""
    values = facts.column(criterion.feature)
    return percentile(values, values[peers]) if criterion.unit == PERCENTILE else values


def percentile(values: Floats, among: Floats) -> Floats:
    """The share (0..1) of known peers whose value is lower, ties counted half; NaN for an unknown value.

    >>> percentile(np.array([1.0, 2.0, 9.0]), np.array([1.0, 2.0, 2.0, 3.0])).tolist()
    [0.125, 0.5, 1.0]
    """
    known = np.sort(among[~np.isnan(among)])
    if not len(known):
        return np.full(len(values), np.nan)
    lower, upper = np.searchsorted(known, values, "left"), np.searchsorted(known, values, "right")
    return np.where(np.isnan(values), np.nan, (lower + upper) / (2 * len(known)))


def criterion_points(criterion: Criterion, values: Column) -> Floats:
    """Points (n,) for known and unknown values: bands for numbers, categories for words."""
    if criterion.categories:
        return np.array(
            [
                criterion.unknown if value is None else criterion.categories.get(value, criterion.below)
                for value in values
            ]
        )
    edges = np.array([band.at_least for band in criterion.bands])
    edges = edges - 1e-9 * np.maximum(np.abs(edges), 1e-3)  # the last bits that a logarithm and its inverse lose
    steps = np.array([criterion.below, *(band.points for band in criterion.bands)])
    band = np.searchsorted(edges, values, "right")
    return np.where(np.isnan(values), criterion.unknown, steps[np.minimum(band, len(steps) - 1)])
