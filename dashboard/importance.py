"""What a model looks at: mean size of each feature's points, over everybody and near the line."""

from __future__ import annotations

import pandas as pd

from dashboard.naming import feature_label
from dashboard.round_view import RoundView
from scoring.scores.points import feature_of, source_of

MOST = 12


def importance(here: RoundView, source: str) -> pd.DataFrame:
    """The features with the largest mean absolute points of one source.

    Columns: feature (label), where ("all" or "line"), points. "line" is absent where nobody is near the line.
    """
    names = [name for name in here.ranking.detail.columns if source_of(str(name)) == source]
    if not names:
        return pd.DataFrame(columns=["feature", "where", "points"])
    size = here.ranking.detail[names].abs()
    ranked = here.rows["rank"].notna().reindex(size.index, fill_value=False)
    means = {"all": size[ranked].mean()}
    near = here.rows["near"].reindex(size.index, fill_value=False)
    if near.any():
        means["line"] = size[near].mean()
    largest = means["all"].sort_values(ascending=False, kind="stable").head(MOST).index
    rows = [
        {"feature": feature_label(here.ranking, feature_of(str(name))), "where": where, "points": float(told[name])}
        for name in largest
        for where, told in means.items()
    ]
    return pd.DataFrame(rows)
