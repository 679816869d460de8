"""Going from one page to another: by name, with the address that reopens the same place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

import streamlit as st

ADDRESSES = (
    "overview", "ranking", "enterprise", "meeting", "whatif", "coverage", "publish", "data", "model", "ledger",
)  # fmt: skip
"""The names of the pages in an address; the first has the bare address too."""


def go(page: str, **address: str) -> NoReturn:
    """Open a page with words in its address."""
    st.switch_page(st.session_state["mulu_pages"][page], query_params=address)


def asked_of_address(page: str, fields: Sequence[str]) -> dict[str, str]:
    """What the address asks of a page whose fields are held in it; on the way back from another page without words in
    the address, what was asked last. Fields (`PAGE_FIELD`) that an address contradicts begin anew."""
    words = {name: value for name, value in st.query_params.items() if name not in ("language", "id")}
    told = st.session_state.get(f"{page}_address")
    if not words and st.session_state.get("mulu_at") != page and told:
        words = dict(told)
    elif words != told:
        for name in fields:
            st.session_state.pop(f"{page}_{name}", None)
    st.session_state["mulu_at"] = page
    return words


def remember_address(page: str, words: dict[str, str]) -> None:
    """Write what is asked of a page into the address, so that the link and a refresh find it again."""
    if {name: value for name, value in st.query_params.items() if name != "language"} != words:
        st.query_params.from_dict(words)
    st.session_state[f"{page}_address"] = words


def open_enterprise(enterprise_id: str) -> NoReturn:
    """Open an enterprise's page, by its identifier."""
    go("enterprise", id=enterprise_id)


def step_to(enterprise_id: str) -> None:
    """From one enterprise's page to another's ("" for the search), in a button's callback: it is drawn once."""
    st.query_params.from_dict({"id": enterprise_id} if enterprise_id else {})
