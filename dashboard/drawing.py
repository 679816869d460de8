"""Charts on a page: made once for the facts they draw, kept as text, and told in words to who cannot see them.

Altair checks every part of a chart against its schema, which takes longer than all else on a page; the finished
drawing is therefore kept under the names of what it shows.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from html import escape
from typing import Any

import altair as alt
import streamlit as st

from scoring.publishing.charts import PAPER

Chart = alt.Chart | alt.LayerChart


@st.cache_resource(show_spinner=False, max_entries=4096)
def _text(key: tuple[Any, ...], words: str, _make: Callable[[], Chart]) -> str:
    drawn: dict[str, Any] = _make().to_dict()
    drawn["description"] = words
    return json.dumps(drawn, ensure_ascii=False)


def draw(key: tuple[Any, ...], make: Callable[[], Chart], words: str) -> None:
    """Show the chart that `make` makes. `key` names everything that it depends on; `words` say what it shows."""
    st.vega_lite_chart(spec=json.loads(_text(key, words, make)), width="stretch")


def show(svg: str, words: str) -> None:
    """Show a chart that pages and papers share (`scoring.publishing.charts`); `words` say what it shows.

    It goes in as a picture: Streamlit takes drawings out of the HTML that a page sends.
    """
    coded = base64.b64encode(svg.encode()).decode()
    st.html(f'<img alt="{escape(words)}" src="data:image/svg+xml;base64,{coded}" style="max-width:100%;height:auto">')


def ink() -> str:
    """The colour of words in a shared chart on the ground of the reader's theme."""
    return "#e9eef2" if st.context.theme.type == "dark" else PAPER
