"""Rankings and editions that are not real: the same arithmetic on changed quotas, weights or one figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from scoring.editions.policy import Edition, Quota, SmallAndMicro
from scoring.editions.scorecard import PERCENTILE, criterion_points, percentile
from scoring.editions.whole_points import UNITS_PER_POINT, units
from scoring.scores.points import CARD, source_of
from scoring.scores.ranking import Ranking

CHANGED = 100
"""Most enterprises that are named as entering or leaving."""


def with_quotas(edition: Edition, places: int, maxima: Mapping[str, int | None], small: float) -> Edition:
    """The edition with other places, other most places of tracks (None: no limit) and another share (0..1) of small
    and micro enterprises. A least number above the new most, or above all places, gives way to it."""
    tracks = {}
    for name, most in maxima.items():
        old = edition.list.tracks.get(name)
        least = old.min if old else None
        if least is not None and most is not None:
            least = min(least, most)
        if least is not None or most is not None:
            tracks[name] = Quota(min=least, max=most, ref=old.ref if old else edition.list.ref)
    rules = edition.list.model_copy(update={"places": places, "tracks": tracks})
    now = edition.list.small_and_micro
    share = SmallAndMicro(min_share=small, classes=now.classes, ref=now.ref) if now else None
    if now is None and small > 0:
        share = SmallAndMicro(min_share=small, ref=edition.list.ref)
    return edition.model_copy(update={"list": rules.model_copy(update={"small_and_micro": share})})


def reweighted(ranking: Ranking, weights: Mapping[str, float]) -> Ranking:
    """The ranking with other weights (0..1) of card and models: every part is scaled, tracks stay as they are."""
    scale = {name: weights.get(name, 0.0) / old if old > 0 else 0.0 for name, old in ranking.weights.items()}
    factors = np.array([scale.get(source_of(str(part)), 1.0) for part in ranking.detail.columns])
    return _ranked_anew(replace(ranking, detail=ranking.detail * factors, weights=dict(weights)))


def with_figure(ranking: Ranking, key: str, feature: str, value: float) -> Ranking:
    """The ranking as if one figure (natural unit) of one enterprise were another: its card is read anew.

    The learned models' parts stay as they are; ranks of the others follow from its new score.
    """
    track = ranking.edition.track(str(ranking.frame.at[key, "track"]))
    criterion = next(one for one in track.criteria if one.feature == feature)
    measured = np.array([value])
    if criterion.unit == PERCENTILE:
        measured = percentile(measured, ranking.values.loc[ranking.peers(track.id), feature].to_numpy(dtype=np.float64))
    earned = units(ranking.weights[CARD] * criterion_points(criterion, measured))[0] / UNITS_PER_POINT
    detail = ranking.detail.copy()
    detail.loc[key, f"{CARD}.{feature}"] = earned
    whole = int(units(detail.loc[[key]].to_numpy(dtype=np.float64)).sum() + units(ranking.base))
    return replace(ranking, frame=_moved(ranking.frame, key, whole / UNITS_PER_POINT), detail=detail)


def _moved(frame: pd.DataFrame, key: str, score: float) -> pd.DataFrame:
    """The frame with one ranked enterprise's score changed: those between its old and its new rank move by one."""
    at, scores = frame.index.get_loc(key), frame["score"].to_numpy(dtype=np.float64).copy()
    ranks = frame["rank"].to_numpy(dtype=np.int64, na_value=0)
    others = (frame["track"] == frame.at[key, "track"]).to_numpy(dtype=bool) & (ranks > 0)
    others[at] = False
    new = 1 + int((others & ((scores > score) | ((scores == score) & (ranks < ranks[at])))).sum())
    closed = np.where(others & (ranks > ranks[at]), ranks - 1, ranks)
    opened = np.where(others & (closed >= new), closed + 1, closed)
    opened[at], scores[at] = new, score
    placed = pd.Series(opened, frame.index, dtype="Int64").where(frame["rank"].notna())
    return frame.assign(score=scores, rank=placed)


def _ranked_anew(ranking: Ranking) -> Ranking:
    """Scores from the parts, and ranks by score within each track, equal scores in the order they had."""
    frame = ranking.frame.copy()
    whole = units(ranking.detail.to_numpy(dtype=np.float64)).sum(axis=1) + units(ranking.base)
    frame["score"] = whole / UNITS_PER_POINT
    ranked = frame["rank"].notna()
    order = frame[ranked].assign(_old=frame.loc[ranked, "rank"])
    order = order.sort_values(["score", "_old"], ascending=[False, True], kind="stable")
    places = order.groupby("track", observed=True).cumcount() + 1
    frame["rank"] = places.reindex(frame.index).astype("Int64")
    return replace(ranking, frame=frame)
