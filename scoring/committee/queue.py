"""What is worth the committee's time: near the line, uncertain, and seen differently by model and card."""

from __future__ import annotations

import numpy as np
import pandas as pd

from scoring.scores.ranking import Ranking


def queue(ranking: Ranking, members: frozenset[str]) -> pd.DataFrame:
    """The ranked enterprises in the order in which to discuss them.

    Index enterprise_id; columns near, unstable, disagree (each 0..1) and worth, their product with a floor of one
    tenth for the last two so that one of them alone cannot silence the rest.

    near is 1 at the line (half-way between the track's last member and first non-member) and falls by half with each
    tenth of the track's range of points; unstable is 4p(1-p) of the probability of being on the list; disagree is the
    distance between the places by the card alone and by the whole score, as a share of the track.
    """
    frame = ranking.frame
    frame = frame[frame["rank"].notna()]
    on = pd.Series(frame.index.isin(members), index=frame.index)
    near = frame.groupby("track", observed=True, group_keys=False)["score"].transform(lambda score: _near(score, on))
    probability = frame["inclusion"].astype(float)
    unstable = pd.Series(4 * probability * (1 - probability), index=frame.index)
    disagree = _disagree(frame)
    worth = near * (0.1 + 0.9 * unstable) * (0.1 + 0.9 * disagree)
    table = pd.DataFrame({"near": near, "unstable": unstable, "disagree": disagree, "worth": worth})
    table["_key"] = table.index
    ordered = table.sort_values(["worth", "_key"], ascending=[False, True], kind="stable")
    return ordered.drop(columns="_key")


def _near(score: pd.Series[float], on: pd.Series[bool]) -> pd.Series[float]:
    inside, outside = score[on.loc[score.index]], score[~on.loc[score.index]]
    if inside.empty or outside.empty:
        return pd.Series(0.0, index=score.index)
    line = (inside.min() + outside.max()) / 2
    tenth = max(float(score.max() - score.min()), 1e-9) / 10
    return pd.Series(np.exp2(-(score - line).abs() / tenth), index=score.index)


def _disagree(frame: pd.DataFrame) -> pd.Series[float]:
    tracks = frame.groupby("track", observed=True)
    whole, card = tracks["score"].rank(pct=True), tracks["card_points"].rank(pct=True)
    return (whole - card).abs().astype(float)
