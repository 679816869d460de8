"""Charts that only the pages need. Every chart draws a table that is made beside it; colours hold for the colour-blind
and on light and dark grounds."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from scoring.messages import say

BLUE, ORANGE, GREY = "#0072b2", "#d55e00", "#8a8f94"


def factor_chart(mine: pd.Series, median: pd.Series, language: str) -> alt.LayerChart:
    """Points by factor as bars, and the track's median as a tick across each."""
    table = pd.DataFrame({"points": mine, "median": median.reindex(mine.index)})
    table["factor"] = [say(f"dash-factor-{name}", language) for name in table.index]
    table["sign"] = (table["points"] >= 0).map({True: "up", False: "down"})
    order = list(table["factor"])
    rows = alt.Y("factor:N", sort=order, title=None, axis=alt.Axis(labelLimit=160))
    bars = (
        alt.Chart(table)
        .mark_bar(height={"band": 0.62})
        .encode(
            y=rows,
            x=alt.X("points:Q", title=say("dash-col-points", language)),
            color=alt.Color("sign:N", scale=_signs(), legend=None),
            tooltip=_tips(("factor", "dash-col-factor"), ("points", "dash-col-points"), language=language),
        )
    )
    ticks = (
        alt.Chart(table)
        .mark_tick(thickness=3, color=GREY, height=22)
        .encode(
            y=rows,
            x="median:Q",
            tooltip=_tips(("factor", "dash-col-factor"), ("median", "dash-median"), language=language),
        )
    )
    chart: alt.LayerChart = (bars + ticks).properties(height=alt.Step(34))
    return chart


def waterfall(parts: pd.Series, base: float, score: float, language: str, most: int = 8) -> alt.LayerChart:
    """From the base to the score, the largest parts one by one and the rest together."""
    largest = parts[parts.abs().sort_values(ascending=False, kind="stable").index]
    largest = largest[largest.abs() >= 0.05]
    steps = [(say("dash-base", language), base, "base")]
    steps += [(str(name), float(value), "up" if value >= 0 else "down") for name, value in largest.head(most).items()]
    rest = float(largest.iloc[most:].sum()) if len(largest) > most else 0.0
    if abs(rest) >= 0.05:
        steps.append((say("dash-rest", language, n=len(largest) - most), rest, "up" if rest >= 0 else "down"))
    rows: list[dict[str, Any]] = []
    at = 0.0
    for word, value, sign in steps:
        rows.append({"step": word, "from": at, "to": at + value, "points": value, "sign": sign})
        at += value
    rows.append({"step": say("dash-col-score", language), "from": 0.0, "to": score, "points": score, "sign": "base"})
    table = pd.DataFrame(rows)
    order = list(table["step"])
    bars = (
        alt.Chart(table)
        .mark_bar(height={"band": 0.66})
        .encode(
            y=alt.Y("step:N", sort=order, title=None, axis=alt.Axis(labelLimit=230)),
            x=alt.X("from:Q", title=say("dash-col-points", language)),
            x2="to:Q",
            color=alt.Color("sign:N", scale=_signs(), legend=None),
            tooltip=_tips(("step", "dash-col-feature"), ("points", "dash-col-points"), language=language),
        )
    )
    words = (
        alt.Chart(table)
        .mark_text(align="left", dx=4, color=GREY)
        .encode(y=alt.Y("step:N", sort=order), x="to:Q", text=alt.Text("points:Q", format="+.1f"))
    )
    chart: alt.LayerChart = (bars + words).properties(height=alt.Step(24))
    return chart


def _signs() -> alt.Scale:
    return alt.Scale(domain=["up", "down", "base"], range=[BLUE, ORANGE, GREY])


def _tips(*pairs: tuple[str, str], language: str) -> list[alt.Tooltip]:
    return [
        alt.Tooltip(name, title=say(key, language), format="+.1f" if name in ("points", "median") else "")
        for name, key in pairs
    ]
