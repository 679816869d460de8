"""Charts on a page: made once for the facts they draw, kept as text, and told in words to who cannot see them.

Altair checks every part of a chart against its schema, which takes longer than all else on a page; the finished
drawing is therefore kept under the names of what it shows.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

import altair as alt
import streamlit as st

from scoring.publishing.charts import PAPER

Chart = alt.Chart | alt.LayerChart
Tables = Mapping[str, list[dict[str, Any]]]


@st.cache_resource(show_spinner=False, max_entries=4096)
def _text(key: tuple[Any, ...], words: str, _make: Callable[[], Chart]) -> str:
    drawn: dict[str, Any] = _make().to_dict()
    drawn["description"] = words
    return json.dumps(drawn, ensure_ascii=False)


def make_ready(key: tuple[Any, ...], make: Callable[[], Chart], words: str) -> None:
    """Make a chart that will be drawn, and keep it; see `draw`."""
    _text(key, words, make)


def draw(
    key: tuple[Any, ...],
    make: Callable[[], Chart],
    words: str,
    tables: Mapping[str, list[dict[str, Any]]] | None = None,
) -> None:
    """Show the chart that `make` makes. `key` names everything that it depends on; `words` say what it shows.

    `tables` are the rows of data that the chart only names: it is then made once for whatever it draws.
    """
    spec = json.loads(_text(key, words, make))
    if tables:
        spec["datasets"] = {**spec.get("datasets", {}), **tables}
    spec["config"] = {**spec.get("config", {}), **_letters("#c9d3da" if st.context.theme.type == "dark" else "#3f4c56")}
    st.vega_lite_chart(spec=spec, width="stretch")


def _letters(ink: str) -> dict[str, Any]:
    """Words in a chart, in an ink that is read on the reader's ground; Streamlit's own grey is too faint."""
    words = {
        "labelColor": ink,
        "titleColor": ink,
        "labelFontSize": 13,
        "titleFontSize": 13,
        "titleFontWeight": "normal",
        "labelFlush": False,
    }
    title = {"color": ink, "anchor": "start", "fontSize": 14, "fontWeight": 600}
    return {"axis": words, "legend": words, "title": title}


def pictures(drawn: Sequence[tuple[str, str]]) -> None:
    """Show charts that pages and papers share (`scoring.publishing.charts`), side by side where there is room.

    Each is an SVG and the words that say what it shows. It goes in as a picture: Streamlit takes drawings out of the
    HTML that a page sends.
    """
    figures = []
    for svg, words in drawn:
        coded = base64.b64encode(svg.encode()).decode()
        shown = f'<img alt="{escape(words)}" src="data:image/svg+xml;base64,{coded}">'
        figures.append(f"<figure><figcaption>{escape(words)}</figcaption>{shown}</figure>")
    st.html(f'<div class="mulu-pictures">{"".join(figures)}</div>')


def ink() -> str:
    """The colour of words in a shared chart on the ground of the reader's theme."""
    return "#e9eef2" if st.context.theme.type == "dark" else PAPER
