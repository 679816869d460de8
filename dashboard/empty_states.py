"""What a page says while there is nothing to show yet, and where to go next."""

from __future__ import annotations

import streamlit as st

from dashboard.session import t


def nothing_ranked() -> None:
    """No ranking yet: say the steps that lead to one."""
    st.info(t("dash-nothing-ranked"), icon=":material/hourglass_empty:")


def no_round() -> None:
    """No review round yet: say who opens one."""
    st.info(t("dash-no-round"), icon=":material/hourglass_empty:")
