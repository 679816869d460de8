"""Words on a page: text as text, amounts and shares in the reader's form, refusals as sentences.

Whatever came from a file (names above all) goes through here: Streamlit reads its labels as Markdown, and a name is
not Markdown.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone

import pandas as pd
import streamlit as st

from dashboard.session import language, minutes_west
from data.refusal import Refusal
from scoring.messages import explain, money, percent, points

NOTHING = "—"


def heading(text: str, level: int = 2, note: str = "") -> None:
    """A heading whose text is shown as it is, with an optional smaller line below it."""
    below = f'<p style="margin:.1rem 0 0;opacity:.85">{as_text(note)}</p>' if note else ""
    style = "margin:0;padding:0;overflow-wrap:anywhere"
    st.html(f'<h{level} style="{style}">{as_text(text)}</h{level}>{below}')


def line(text: str) -> None:
    """A line of text shown as it is."""
    st.html(f'<p style="margin:0;overflow-wrap:anywhere">{as_text(text)}</p>')


def bullets(texts: Sequence[str]) -> None:
    """Texts shown as they are, as one list."""
    items = "".join(f'<li style="margin:.15rem 0;overflow-wrap:anywhere">{as_text(text)}</li>' for text in texts)
    st.html(f'<ul style="margin:0;padding-left:1.2rem">{items}</ul>' if items else f"<p>{NOTHING}</p>")


def quoted(text: str, by: str = "") -> None:
    """What a person wrote, as it was written, line by line."""
    body = "<br>".join(as_text(part) for part in text.splitlines()) or NOTHING
    author = f'<footer style="opacity:.85;font-size:.9em">{as_text(by)}</footer>' if by else ""
    style = "margin:.2rem 0;padding:.1rem .8rem;border-left:3px solid currentColor;overflow-wrap:anywhere"
    st.html(f'<blockquote style="{style}">{body}{author}</blockquote>')


def facts(pairs: Sequence[tuple[str, str] | tuple[str, str, str]], large: bool = False) -> None:
    """Words, their values and perhaps a smaller note after the value, as a description list."""
    st.html(facts_html(pairs, large))


def facts_html(pairs: Sequence[tuple[str, str] | tuple[str, str, str]], large: bool = False) -> str:
    """The same as HTML, for a part of a larger piece."""
    cells = []
    for word, value, *notes in pairs:
        note = f" <small>{as_text(notes[0])}</small>" if notes and notes[0] else ""
        cells.append(f"<div><dt>{as_text(word)}</dt><dd>{as_text(value or NOTHING)}{note}</dd></div>")
    return f'<dl class="mulu-facts{" large" if large else ""}">{"".join(cells)}</dl>'


def steps(told: Sequence[tuple[str, str, str]]) -> None:
    """Steps in a row: their word, a note, and how far each is (done, now or later)."""
    items = []
    for word, note, state in told:
        sign = {"done": "✓ ", "now": "▶ "}.get(state, "")
        current = ' aria-current="step"' if state == "now" else ""
        items.append(f'<li class="{state}"{current}>{sign}{as_text(word)}<small>{as_text(note)}</small></li>')
    st.html(f'<ol class="mulu-steps">{"".join(items)}</ol>')


def as_text(text: object) -> str:
    """HTML that shows a text exactly, its direction kept apart from the words around it.

    >>> as_text("<b>*甲*</b>")
    '<bdi>&lt;b&gt;*甲*&lt;/b&gt;</bdi>'
    """
    return f"<bdi>{html.escape(str(text))}</bdi>"


_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!|~<>&:$^=@/\"'])")


def as_label(text: object, longest: int = 60) -> str:
    """Markdown that shows a text exactly, for labels of buttons and choices; a very long one is cut.

    A zero-width space after each colon keeps `:red:` from becoming a picture.

    >>> as_label("*甲* <b>")
    '\\\\*甲\\\\* \\\\<b\\\\>'
    """
    shown = as_option(text, longest)
    return _MARKS.sub(r"\\\1", shown).replace("\\:", "\\:\u200b")


def as_option(text: object, longest: int = 60) -> str:
    """A text as an option of a select box, which is shown letter by letter; a very long one is cut."""
    shown = " ".join(str(text).split())
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"


def cny(amount_cny: float | None) -> str:
    """Yuan as the reader writes them: 万元 and 亿元, or millions."""
    return NOTHING if missing(amount_cny) else money(float(amount_cny or 0.0), language())


def share(value: float | None, digits: int = 0) -> str:
    """A share (0..1) in percent."""
    return NOTHING if missing(value) else percent(float(value or 0.0), digits)


def signed(value: float | None) -> str:
    """Points with their sign."""
    return NOTHING if missing(value) else points(float(value or 0.0))


def number(value: float | None, digits: int = 1) -> str:
    """A plain number."""
    return NOTHING if missing(value) else f"{float(value or 0.0):,.{digits}f}"


def missing(value: object) -> bool:
    """Whether there is no value: None, NA, NaN, NaT, or empty text."""
    return value is None or value is pd.NA or value is pd.NaT or value == "" or value != value


def day(value: object) -> str:
    """A date as ISO text, or a dash."""
    if missing(value):
        return NOTHING
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)[:10]


def moment(recorded_at: str) -> str:
    """The time of an event (ISO, UTC) in the reader's time zone, else by this machine's clock, to the minute."""
    try:
        at = datetime.fromisoformat(recorded_at)
    except ValueError:
        return recorded_at
    shift = minutes_west()
    if at.tzinfo is not None:
        at = at.astimezone() if shift is None else at.astimezone(timezone(timedelta(minutes=-shift)))
    return at.strftime("%Y-%m-%d %H:%M")


def refused(refusal: Refusal) -> None:
    """Say what mulu refused: what must hold, what was got, how to mend it."""
    st.error(as_label(explain(refusal, language()), longest=1200), icon=":material/block:")
