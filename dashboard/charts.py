"""Charts that only the pages need. Every chart draws a table that is made beside it; colours hold for the colour-blind
and on light and dark grounds."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from scoring.messages import say

BLUE, ORANGE, GREY = "#0072b2", "#d55e00", "#8a8f94"


def baseline_chart(table: pd.DataFrame, language: str) -> alt.LayerChart:
    """ROC-AUC with its interval for the model and each baseline; the line of chance at 0.5.

    `table`: name, value, low, high, the model first.
    """
    spans = [f"{low:.3f}–{high:.3f}" for low, high in zip(table["low"], table["high"], strict=True)]
    table = table.assign(ours=[at == 0 for at in range(len(table))], span=spans)
    rows = alt.Y("name:N", sort=list(table["name"]), title=None, axis=alt.Axis(labelLimit=200))
    scale = alt.Scale(domain=[min(0.45, float(table["low"].min(skipna=True) or 0.45)), 1.0])
    color = alt.Color("ours:N", scale=alt.Scale(domain=[True, False], range=[BLUE, GREY]), legend=None)
    value = alt.X("value:Q", scale=scale, title="ROC-AUC", axis=alt.Axis(tickCount=6))
    spread = (
        alt.Chart(table)
        .mark_rule(strokeWidth=3)
        .encode(y=rows, x=alt.X("low:Q", scale=scale), x2="high:Q", color=color)
    )
    dots = alt.Chart(table).mark_circle(size=110, opacity=1).encode(
        y=rows, x=value, color=color,
        tooltip=[
            alt.Tooltip("name", title=say("dash-model-method", language)),
            alt.Tooltip("value", format=".3f", title="ROC-AUC"),
            alt.Tooltip("span", title=say("dash-model-span", language)),
        ],
    )  # fmt: skip
    chance = (
        alt.Chart(pd.DataFrame({"x": [0.5]}))
        .mark_rule(strokeDash=[4, 4], color=ORANGE)
        .encode(x=alt.X("x:Q", scale=scale))
    )
    chart: alt.LayerChart = (chance + spread + dots).properties(height=alt.Step(38))
    return chart


def reliability_chart(table: pd.DataFrame, language: str) -> alt.LayerChart:
    """Promised chance against what happened, with intervals; on the diagonal the promise was kept."""
    most = max(float(table["high"].max()), float(table["promised"].max()), 0.1) if len(table) else 1.0
    scale = alt.Scale(domain=[0, min(1.0, most)])
    axis = alt.Axis(format="%", tickCount=5)
    x = alt.X("promised:Q", scale=scale, axis=axis, title=say("dash-model-promised", language))
    y = alt.Y("seen:Q", scale=scale, axis=axis, title=say("dash-model-seen", language))
    line = pd.DataFrame({"promised": [0.0, most], "seen": [0.0, most]})
    kept = alt.Chart(line).mark_line(strokeDash=[4, 4], color=GREY).encode(x=x, y=y)
    spread = alt.Chart(table).mark_rule(color=BLUE, opacity=0.5).encode(x=x, y=alt.Y("low:Q", scale=scale), y2="high:Q")
    dots = alt.Chart(table).mark_circle(size=80, color=BLUE, opacity=1).encode(
        x=x, y=y,
        tooltip=[
            alt.Tooltip("promised", format=".1%", title=say("dash-model-promised", language)),
            alt.Tooltip("seen", format=".1%", title=say("dash-model-seen", language)),
            alt.Tooltip("rows", format=",", title=say("dash-model-rows", language)),
        ],
    )  # fmt: skip
    chart: alt.LayerChart = (kept + spread + dots).properties(height=260)
    return chart


def importance_chart(table: pd.DataFrame, language: str) -> alt.Chart:
    """Mean size of points by feature: over everybody, and near the line."""
    words = {"all": say("dash-model-everybody", language), "line": say("dash-status-near", language)}
    table = table.assign(where=table["where"].map(words))
    chart: alt.Chart = (
        alt.Chart(table)
        .mark_bar()
        .encode(
            y=alt.Y("feature:N", sort=list(dict.fromkeys(table["feature"])), title=None, axis=alt.Axis(labelLimit=260)),
            yOffset=alt.YOffset("where:N", sort=list(words.values())),
            x=alt.X("points:Q", title=say("dash-model-mean-points", language), axis=alt.Axis(tickCount=6)),
            color=alt.Color(
                "where:N", scale=alt.Scale(domain=list(words.values()), range=[BLUE, ORANGE]), title=None,
                legend=alt.Legend(orient="top"),
            ),
            tooltip=[
                alt.Tooltip("feature", title=say("dash-col-feature", language)),
                alt.Tooltip("where", title=say("dash-model-of-whom", language)),
                alt.Tooltip("points", format=".2f", title=say("dash-model-mean-points", language)),
            ],
        )
        .properties(height=alt.Step(12))
    )  # fmt: skip
    return chart


def year_chart(title: str, language: str) -> alt.LayerChart:
    """One figure by year as a line, with the middle half of the peers as a band and their median as a thin line.

    It draws two tables that are given with it (`year_tables`): `mine` with year and value, `peers` with year, low,
    middle and high. A year without a value is a gap in the line.
    """
    mine, peers = alt.NamedData(name="mine"), alt.NamedData(name="peers")
    x = alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0))
    y = alt.Y("value:Q", title=None, axis=alt.Axis(tickCount=4))
    area = alt.Chart(peers).mark_area(opacity=0.25, color=GREY).encode(x=x, y=alt.Y("low:Q", title=None), y2="high:Q")
    middle = alt.Chart(peers).mark_line(color=GREY, strokeDash=[4, 3]).encode(x=x, y=alt.Y("middle:Q", title=None))
    tips = [
        alt.Tooltip("year:O", title=say("dash-year", language)),
        alt.Tooltip("value:Q", title=title, format=",.2f"),
    ]
    line = (
        alt.Chart(mine)
        .mark_line(
            color=BLUE, strokeWidth=3, point=alt.OverlayMarkDef(size=70, color=BLUE), invalid="break-paths-show-domains"
        )
        .encode(x=x, y=y, tooltip=tips)
    )
    chart: alt.LayerChart = (area + middle + line).properties(height=210, title=title)
    return chart


def year_tables(
    mine: pd.DataFrame, band: pd.DataFrame, figure: str, language: str
) -> tuple[str, dict[str, list[dict[str, Any]]]]:
    """The title of a figure's chart, with its unit, and its tables in that unit.

    `mine`: year, value; `band`: year, low, middle, high; both in yuan or persons.
    """
    size = max(float(mine["value"].abs().max()), 1.0)
    step, word = 1.0, ""
    if figure.endswith("_cny"):
        steps = (
            ((1e8, "dash-unit-yi"), (1e4, "dash-unit-wan")) if language == "zh-CN" else ((1e6, "dash-unit-million"),)
        )
        step, word = next(((one, key) for one, key in steps if size >= one), steps[-1])
    title = say(f"dash-figure-{figure}", language)
    if word:
        title = say("dash-in-unit", language, figure=title, unit=say(word, language))
    known = mine[mine["value"].notna()].set_index("year")["value"] / step
    years = range(int(known.index.min()), int(known.index.max()) + 1) if len(known) else range(0)
    told = [{"year": year, "value": known.get(year)} for year in years]
    limits = {name: (band[name] / step).tolist() for name in ("low", "middle", "high")}
    peers = [
        {"year": int(year), **{name: values[at] for name, values in limits.items()}}
        for at, year in enumerate(band["year"])
    ]
    return title, {"mine": told, "peers": peers}


def gap_chart(table: pd.DataFrame, language: str) -> alt.LayerChart:
    """How much more or less often each group is listed than all others, with 95 % intervals; nought is no gap.

    `table`: label, gap, gap_low, gap_high (-1..1), verdict.
    """
    rows = alt.Y("label:N", sort=list(table["label"]), title=None, axis=alt.Axis(labelLimit=220))
    color = alt.Color(
        "verdict:N", legend=None, scale=alt.Scale(domain=["over", "under", "even"], range=[BLUE, ORANGE, GREY])
    )
    axis = alt.Axis(labelExpr="(datum.value > 0 ? '+' : '') + format(datum.value * 100, '.0f')", tickCount=7)
    low = alt.X("gap_low:Q", title=say("dash-cover-gap", language), axis=axis)
    tips = [
        alt.Tooltip("label:N", title=say("dash-model-of-whom", language)),
        alt.Tooltip("gap:Q", format="+.1%", title=say("dash-cover-gap-short", language)),
    ]
    spread = alt.Chart(table).mark_rule(strokeWidth=3).encode(y=rows, x=low, x2="gap_high:Q", color=color)
    dots = alt.Chart(table).mark_circle(size=90, opacity=1).encode(y=rows, x="gap:Q", color=color, tooltip=tips)
    nought = alt.Chart(pd.DataFrame({"x": [0.0]})).mark_rule(strokeDash=[4, 4], color=GREY).encode(x="x:Q")
    chart: alt.LayerChart = (nought + spread + dots).properties(height=alt.Step(28))
    return chart
