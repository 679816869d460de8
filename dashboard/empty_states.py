"""What a page says while there is nothing to show yet, and where to go next."""

from __future__ import annotations

import streamlit as st

from dashboard.display import refused
from dashboard.round_view import RoundView, round_view
from dashboard.session import t
from data.refusal import Refusal


def round_view_if_whole() -> RoundView | None:
    """Where the round stands, for pages that have something to say without it; a refusal is told, and None given."""
    try:
        return round_view()
    except Refusal as refusal:
        refused(refusal)
        return None


def nothing_ranked() -> None:
    """No ranking yet: say the steps that lead to one."""
    st.info(t("dash-nothing-ranked"), icon=":material/hourglass_empty:")


def no_round() -> None:
    """No review round yet: say who opens one."""
    st.info(t("dash-no-round"), icon=":material/hourglass_empty:")
