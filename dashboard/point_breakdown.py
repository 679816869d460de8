"""Points of some enterprises, by factor and by feature, without adding up everybody's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from features.definition import FACTORS
from scoring.scores.points import feature_of, source_of
from scoring.scores.ranking import Ranking
from scoring.scores.voices import SOURCES


def factor_points(ranking: Ranking, keys: Sequence[str]) -> pd.DataFrame:
    """Points by factor of article 10 (enterprises, factors) of the enterprises named, in that order."""
    found = replace(ranking, detail=ranking.detail.loc[list(keys)]).factors
    return found.reindex(columns=[name for name in FACTORS if name in found.columns])


def feature_points(ranking: Ranking, key: str) -> pd.Series:
    """Points by feature (features,) of one enterprise, from all sources together."""
    return replace(ranking, detail=ranking.detail.loc[[key]]).parts.iloc[0]


def by_source(ranking: Ranking, key: str) -> pd.DataFrame:
    """Points of one enterprise (features, sources), sources from the card to the models; 0 where a source is silent."""
    row = ranking.detail.loc[[key]].iloc[0]
    of = pd.MultiIndex.from_tuples([(feature_of(str(part)), source_of(str(part))) for part in row.index])
    found = pd.Series(row.to_numpy(dtype=float), index=of).unstack().fillna(0.0)
    return found[[name for name in ("card", *SOURCES) if name in found.columns]]


@st.cache_data(show_spinner=False, max_entries=32)
def track_medians(world: str, track: str, _ranking: Ranking) -> pd.Series:
    """The median points by factor (factors,) of a track's ranked enterprises."""
    frame = _ranking.frame
    keys = frame.index[(frame["track"] == track) & frame["rank"].notna()]
    return factor_points(_ranking, list(keys)).median()


def by_name(points: pd.Series) -> dict[str, float]:
    """Points as a plain table, name -> points, for the charts."""
    return {str(name): float(value) for name, value in points.items()}
