"""Charts on a page: made once for the facts they draw, kept as text, and told in words to who cannot see them.

Altair checks every part of a chart against its schema, which takes longer than all else on a page; the finished
drawing is therefore kept under the names of what it shows.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import altair as alt
import streamlit as st

Chart = alt.Chart | alt.LayerChart


@st.cache_resource(show_spinner=False, max_entries=4096)
def _text(key: tuple[Any, ...], words: str, _make: Callable[[], Chart]) -> str:
    drawn: dict[str, Any] = _make().to_dict()
    drawn["description"] = words
    return json.dumps(drawn, ensure_ascii=False)


def draw(key: tuple[Any, ...], make: Callable[[], Chart], words: str) -> None:
    """Show the chart that `make` makes. `key` names everything that it depends on; `words` say what it shows."""
    st.vega_lite_chart(spec=json.loads(_text(key, words, make)), width="stretch")
