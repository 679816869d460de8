"""Going from one page to another: by name, with the address that reopens the same place."""

from __future__ import annotations

from typing import NoReturn

import streamlit as st

ADDRESSES = (
    "overview", "ranking", "enterprise", "meeting", "whatif", "coverage", "publish", "data", "model", "ledger",
)  # fmt: skip
"""The names of the pages in an address; the first has the bare address too."""


def go(page: str, **address: str) -> NoReturn:
    """Open a page with words in its address."""
    st.switch_page(st.session_state["mulu_pages"][page], query_params=address)


def open_enterprise(enterprise_id: str) -> NoReturn:
    """Open an enterprise's page, by its identifier."""
    go("enterprise", id=enterprise_id)


def step_to(enterprise_id: str) -> None:
    """From one enterprise's page to another's ("" for the search), in a button's callback: it is drawn once."""
    st.query_params.from_dict({"id": enterprise_id} if enterprise_id else {})
