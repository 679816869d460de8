"""A table that people can read, hear and act on: real HTML rows, names as plain text, actions by identifier.

Streamlit's own grid is drawn on a canvas, sorts only the rows it was sent, and reports a selection by position; this
one is a `<table>` with a caption and header cells, sends a page of rows at most, and reports the identifier of the
row that was opened. Every text is set as text (`textContent`), inside `<bdi>`, so that markup and right-to-left
letters in a name stay in their cell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import streamlit as st

Kind = Literal["text", "short", "link", "number", "badge", "range", "stack", "mark"]
Tone = Literal["good", "warn", "less", "bad", "plain"]

_HERE = Path(__file__).parent
_mount = st.components.v2.component(
    "mulu_table",
    html='<div class="holder"></div>',
    css=(_HERE / "table.css").read_text(encoding="utf-8"),
    js=(_HERE / "table.js").read_text(encoding="utf-8"),
)


@dataclass(frozen=True)
class Column:
    """One column: `key` of the cell, header text, kind of cell; `sort` is the word the server sorts by, if it can."""

    key: str
    label: str
    kind: Kind = "text"
    sort: str = ""
    help: str = ""
    width: str = ""


@dataclass(frozen=True)
class Asked:
    """What the reader asked of a table: to open a row (its identifier) or to sort by a column (its word)."""

    opened: str = ""
    sort: str = ""


def asked_of(key: str) -> Asked:
    """What the reader has just asked of a table that stood on the page: known before anything is drawn anew."""
    told = st.session_state.get(key) or {}
    return Asked(opened=str(told.get("opened") or ""), sort=str(told.get("sort") or ""))


def badge(text: str, tone: Tone = "plain") -> dict[str, str]:
    """A cell with a short word in a frame; the tone also has a sign, so that it does not depend on colour."""
    return {"text": text, "tone": tone}


def table(
    key: str,
    columns: Sequence[Column],
    rows: Sequence[Mapping[str, Any]],
    *,
    caption: str,
    sorted_by: str = "",
    descending: bool = False,
    address: str = "",
    parameter: str = "id",
    empty: str = "",
    legend: Sequence[str] = (),
    height: int | Literal["content"] = "content",
) -> Asked:
    """Show rows and say what the reader asked.

    Each row has an `id`, one entry per column key, and optionally `break`: a sentence drawn as a line above it.
    `address` is the page that a `link` cell opens in a new window, with the row's `id` as `parameter`
    (`enterprise?id=...`). Cells by kind: text, short (not broken into lines), link and number: a string; badge: see
    `badge`; range: {low, high, at, max, line, text}; stack: {parts: [{label, value, tone}], max, text}; mark: {text,
    note}. `legend` names the tones of stacks, in their order.
    """
    if not rows:
        st.caption(empty or caption)
        return Asked()
    data = {
        "columns": [asdict(column) for column in columns],
        "rows": [dict(row) for row in rows],
        "caption": caption,
        "sortedBy": sorted_by,
        "descending": descending,
        "address": f"{address}?{parameter}=",
        "legend": list(legend),
    }
    result = _mount(
        key=key, data=data, height=height, on_opened_change=lambda: None, on_sort_change=lambda: None
    )  # fmt: skip
    return Asked(opened=str(result.get("opened") or ""), sort=str(result.get("sort") or ""))
