"""Where an enterprise's points come from: by factor, from the base to the score, and item by item."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboard.display import missing, number, signed
from dashboard.drawing import ink, pictures
from dashboard.naming import factor_label, feature_label
from dashboard.point_breakdown import by_name, by_source, factor_points, feature_points, track_medians
from dashboard.round_view import RoundView
from dashboard.session import language, t
from dashboard.table import Column, table
from scoring.publishing.charts import factor_bars, points_waterfall
from scoring.scores.reasons import SMALLEST, value_text


def points(here: RoundView, key: str, row: pd.Series[Any]) -> None:
    """Draw the charts of a ranked enterprise's points, and the fold with all of them."""
    if missing(row["rank"]):
        return
    st.subheader(t("dash-points"))
    mine = factor_points(here.ranking, [key]).iloc[0]
    parts = feature_points(here.ranking, key)
    names = {name: feature_label(here.ranking, str(name)) for name in parts.index}
    score, labelled = float(row["score"]), by_name(parts.groupby(names).sum())
    drawn = [(points_waterfall(labelled, here.ranking.base, score, language(), ink=ink()), t("dash-points-waterfall"))]
    if not here.points_wait:  # else the medians would be those of the enterprises that one has voted on
        medians = track_medians(here.world, str(row["track"]), here.ranking)
        bars = factor_bars(by_name(mine), by_name(medians), language(), ink=ink())
        drawn.insert(0, (bars, t("dash-points-factors")))
    pictures(drawn)
    fold = st.expander(t("dash-points-all"), on_change="rerun", key=f"points_{key}_{language()}")
    if fold.open:
        with fold:
            _all_points(here, key, score)


def _all_points(here: RoundView, key: str, score: float) -> None:
    """Each item with its value, what the card and each model give for it, and their sum down to the score."""
    found = by_source(here.ranking, key)
    spoken = [name for name in found.columns if found[name].abs().max() >= SMALLEST]
    total = found.sum(axis=1)
    order = total.sort_values(ascending=False, kind="stable").index
    shown = [str(name) for name in order if abs(total[name]) >= SMALLEST]
    rest = found.drop(index=shown)
    sources = found.loc[shown, spoken].iterrows()
    rows = [_item(here, key, str(name)) | _row(str(name), given, total[str(name)]) for name, given in sources]
    if len(rest):
        told = {"feature": t("dash-points-rest", count=len(rest), least=SMALLEST)}
        rows.append(told | _row("rest", rest[spoken].sum(), total[rest.index].sum()))
    if round(here.ranking.base, 1):
        rows.append({"id": "base", "feature": t("chart-base"), "points": signed(here.ranking.base)})
    sums = {str(name): signed(value) for name, value in found[spoken].sum().items()}
    rows.append({"id": "total", "feature": t("chart-score"), **sums, "points": number(score)})
    st.caption(t("dash-points-all-means"))
    table(
        "points_all",
        [
            Column("feature", t("dash-col-feature"), width="30%"),
            Column("factor", t("dash-col-factor")),
            Column("value", t("dash-col-value")),
            *(Column(name, t(f"dash-source-{name}"), "number") for name in spoken if len(spoken) > 1),
            Column("points", t("dash-col-points"), "number"),
        ],
        rows,
        caption=t("dash-points-all"),
    )


def _item(here: RoundView, key: str, name: str) -> dict[str, str]:
    what, value = here.ranking.described[name], here.ranking.value_of(key, name)
    return {
        "feature": feature_label(here.ranking, name),
        "factor": factor_label(what.factor),
        "value": value_text(what, value, language(), flag=here.ranking.is_flag(name)),
    }


def _row(row_id: str, sources: pd.Series[Any], total: float) -> dict[str, str]:
    told = {str(name): signed(value) if value else "" for name, value in sources.items()}
    return {"id": row_id, **told, "points": signed(total)}
