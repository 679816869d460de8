"""What a person has typed and not yet sent: kept over a refresh of the page, in the window it was typed in.

A form's fields live in the browser until its button is pressed, so the server cannot keep them; and a committee's
half-written reasons have no place in a database. They are kept by the window itself, under the person's name and the
item; they end with the window and with signing out, and another person's are thrown away unread.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import streamlit as st

_keep = st.components.v2.component(
    "mulu_drafts", html="<i hidden></i>", js=Path(__file__).with_name("drafts.js").read_text(encoding="utf-8")
)


@dataclass(frozen=True)
class Field:
    """A field to keep: the key of its widget and its kind.

    A choice among buttons and a select box name their `options`, the latter with the `words` shown for them; `saved`
    is the option that has been sent already, which is no draft.
    """

    name: str
    kind: Literal["text", "number", "choice", "select"] = "text"
    options: Sequence[str] = ()
    words: Callable[[str], str] = str
    saved: str | None = None


def keep_drafts(owner: str, item: str, fields: Sequence[Field]) -> None:
    """Keep the fields of an item for a person, and put back what a refresh took; to be called above the fields."""
    known = [
        {
            "name": one.name,
            "kind": one.kind,
            "saved": str(one.options.index(one.saved)) if one.saved in one.options else "",
        }
        for one in fields
    ]
    # A number that differs at every run lets the window look again: what an act has emptied is no draft any more.
    data = {"owner": owner, "item": item, "fields": known, "run": secrets.token_hex(4)}
    told = _keep(key=f"drafts_{item}", data=data, on_draft_change=lambda: None)
    draft = told.get("draft")
    if draft:
        put_back(str(draft), fields)


def put_back(draft: str, fields: Sequence[Field]) -> None:
    """Write a draft (JSON: field to text) into the fields that are still empty; what fits no field is left out."""
    try:
        kept = json.loads(draft)
    except ValueError:
        return
    for one in fields:
        value = _value(one, kept.get(one.name)) if isinstance(kept, dict) else None
        if value is not None and st.session_state.get(one.name) in (None, "", one.saved):
            st.session_state[one.name] = value


def _value(field: Field, text: object) -> str | int | None:
    """What a field holds for its text in the browser; None for what it cannot hold."""
    if not isinstance(text, str) or not text:
        return None
    if field.kind == "choice":
        at = int(text) if text.isdecimal() and len(text) < 4 else len(field.options)
        return field.options[at] if at < len(field.options) else None
    if field.kind == "select":
        return next((option for option in field.options if field.words(option) == text.strip()), None)
    if field.kind == "number":
        return int(text) if text.isdecimal() and len(text) < 9 else None
    return text[:20_000]
