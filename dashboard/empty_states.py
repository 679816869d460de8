"""What a page says while there is nothing to show yet, and where to go next."""

from __future__ import annotations

import streamlit as st

from dashboard.display import refused, steps
from dashboard.navigation import go
from dashboard.round_view import RoundView, round_view
from dashboard.session import me, store, t
from data.refusal import Refusal

WAY = ("data", "ranking", "review", "vote")
"""The steps from an empty home to a committee at work."""


def round_view_if_whole() -> RoundView | None:
    """Where the round stands, for pages that have something to say without it; a refusal is told, and None given."""
    try:
        return round_view()
    except Refusal as refusal:
        refused(refusal)
        return None


def anything_held() -> bool:
    """Whether any data are held: a batch that was withdrawn is none."""
    return bool((store().batches().withdrawn_at == "").any())


def nothing_ranked(page: str) -> None:
    """No ranking yet: what the page will show, how far the way to it is, and who takes the next step."""
    st.info(t("dash-nothing-ranked", shows=t(f"dash-empty-{page}")), icon=":material/hourglass_empty:")
    _way_to_a_ranking()


def _way_to_a_ranking() -> None:
    has_data = anything_held()
    now = 1 if has_data else 0
    states = ["done" if at < now else "now" if at == now else "later" for at in range(len(WAY))]
    steps([(t(f"dash-way-{name}"), t(f"dash-way-{name}-by"), state) for name, state in zip(WAY, states, strict=True)])
    if me().role != "analyst":
        st.caption(t("dash-way-others"))
    elif has_data:
        st.caption(t("dash-way-rank"))
    elif st.button(t("dash-way-to-data"), type="primary", icon=":material/upload:"):
        go("data")


def no_round() -> None:
    """No review round yet: say who opens one."""
    st.info(t("dash-no-round"), icon=":material/hourglass_empty:")
