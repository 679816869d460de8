"""Overview: where the year stands and what waits for me."""

from __future__ import annotations

import streamlit as st

from dashboard.acting import attempt, outcome
from dashboard.moving import go, open_enterprise
from dashboard.saying import as_label, facts
from dashboard.session import language, settings, store, t
from dashboard.standing import Standing, latest_digest, standing
from dashboard.waiting import nothing_ranked
from scoring.review import open_round
from scoring.rules import may


def page() -> None:
    """Draw the page."""
    st.header(t("dash-page-overview"))
    here = standing()
    if here is None:
        nothing_ranked()
        return
    outcome("overview")
    _stands(here)
    st.subheader(t("dash-waiting-for-me"))
    _waiting(here)


def _stands(here: Standing) -> None:
    listed = int((here.rows["place"] == "listed").sum())
    phase = t(f"dash-phase-{here.state.phase}") if here.state else t("dash-phase-none")
    facts(
        [
            (t("dash-over-edition"), here.edition.title.of(language())),
            (t("dash-over-as-of"), here.ranking.as_of.isoformat()),
            (t("dash-over-phase"), phase),
            (t("dash-over-enterprises"), f"{len(here.rows):,}"),
            (t("dash-over-listed"), f"{listed:,}"),
            (t("dash-over-verdict"), t(f"dash-verdict-{here.ranking.verdict}")),
        ]
    )


def _waiting(here: Standing) -> None:
    state = here.state
    if state is None:
        st.info(t("dash-no-round"))
        if may(here.user, "open_round"):
            st.button(t("dash-open-round"), type="primary", on_click=_do_open, args=(here,))
        return
    waiting = False
    if state.ranking_digest != latest_digest():
        waiting = True
        st.warning(t("dash-newer-ranking"))
    if state.to_vote:
        waiting = True
        st.markdown(t("dash-to-vote", n=len(state.to_vote)))
        if st.button(t("dash-to-vote-first"), type="primary", icon=":material/how_to_vote:"):
            open_enterprise(state.to_vote[0])
    for word, keys in (("approve", state.waiting_for_approval), ("stale", state.stale)):
        for key in keys:
            waiting = True
            if st.button(f"{t(f'dash-wait-{word}')} {as_label(here.name(key))}", key=f"wait_{word}_{key}"):
                open_enterprise(key)
    if not waiting:
        st.caption(t("dash-nothing-waits"))
    if st.button(t("dash-page-ranking"), icon=":material/format_list_numbered:"):
        go("ranking")


def _do_open(here: Standing) -> None:
    if here.selection is not None:
        selection = here.selection
        attempt(
            "overview",
            lambda: open_round(store(), settings(), here.ranking, selection, here.user),
            "dash-open-round-done",
        )
