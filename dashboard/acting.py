"""Doing something: the act is bound to what was on the page when the button was drawn.

A Streamlit script runs anew after a click and would read the newest state; an act carried out there would be made on
a ranking, or over a decision, that the person has not seen. So every act runs in the button's callback, whose
arguments are those of the page as it was shown: identifier, the ranking's digest, the last decision seen. What was
typed stays in its fields until the act has succeeded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import streamlit as st

from dashboard.display import refused
from dashboard.session import me, still_here, t
from data.refusal import Refusal

Act = Callable[[], Any]


def attempt(place: str, act: Act, done: str, clear: Mapping[str, Any] | None = None, **values: object) -> None:
    """Carry out an act in a callback; leave its sentence (or its refusal) for `outcome` at the same place.

    `done` is the key of the sentence of success, `clear` the fields to empty then, with what an
    empty one holds.
    """
    st.session_state.pop(f"{place}_refused", None)
    st.session_state.pop(f"{place}_done", None)
    try:
        still_here()
        act()
    except Refusal as refusal:
        st.session_state[f"{place}_refused"] = refusal
        return
    st.session_state[f"{place}_done"] = t(done, **values)
    for name, empty in (clear or {}).items():
        st.session_state[name] = empty


def outcome(place: str) -> None:
    """Say how the last act at this place went, once.

    The place is there even when there is nothing to say: what stands below would be built anew, and folds close.
    """
    with st.container():
        if isinstance(refusal := st.session_state.pop(f"{place}_refused", None), Refusal):
            if refusal.code == "review-item-changed" and refusal.values.get("actor") == me().name:
                st.info(t("dash-own-act"), icon=":material/done_all:")  # a double click, or another window
            else:
                refused(refusal)
        if told := st.session_state.pop(f"{place}_done", None):
            st.success(told, icon=":material/check_circle:")


def typed(name: str) -> str:
    """The text, or the chosen word, that stands in a field now; "" for none."""
    value = st.session_state.get(name)
    return "" if value is None else str(value)


def given(name: str) -> object | None:
    """What stands in a field now: a number, a day, an uploaded file; None for none."""
    value: object | None = st.session_state.get(name)
    return value


def whole(name: str) -> int | None:
    """The whole number in a field."""
    value = given(name)
    return int(value) if isinstance(value, (int, float)) else None


def day_in(name: str) -> date | None:
    """The day in a field."""
    value = given(name)
    return value if isinstance(value, date) else None


def files_in(name: str) -> list[tuple[str, bytes]]:
    """Name and content of each file that was given to an upload field."""
    value: Any = st.session_state.get(name)
    several = value if isinstance(value, list) else [value] if value is not None else []
    return [(str(one.name), bytes(one.getvalue())) for one in several]
