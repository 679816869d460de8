"""Meeting: for the screen in the room. What to discuss next, how far the votes are, what came out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.acting import attempt, outcome
from dashboard.display import as_option, facts, number, refused, share
from dashboard.empty_states import no_round, nothing_ranked
from dashboard.minutes import minutes
from dashboard.naming import track_title
from dashboard.navigation import open_enterprise
from dashboard.round_view import RoundView, queue_of, round_view
from dashboard.session import language, later, settings, t
from dashboard.table import Column, asked_of, badge, table
from dashboard.views.meeting_room import room
from dashboard.votes import decision_of, result_of
from data.refusal import Refusal
from scoring.committee.review import ItemView, Review, ReviewState
from scoring.committee.rules import may
from scoring.scores.notes import basis_text

WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def page() -> None:
    """Draw the page."""
    st.header(t("dash-page-meeting"))
    here = round_view()
    if here is None:
        nothing_ranked("meeting")
        return
    if here.review is None or here.state is None:
        no_round()
        return
    for key in ("meeting_agenda", "meeting_queue"):
        if (opened := asked_of(key).opened) and here.known(opened):
            open_enterprise(opened)
    outcome("meeting")
    st.caption(basis_text(here.ranking, language()))
    review, state = here.review, here.state
    views = {key: review.item(key, here.user) for key in state.agenda if here.known(key)}
    _progress(state, views)
    names = ("now", "agenda", "queue")
    tabs = st.tabs([t(f"dash-meeting-{name}") for name in names], on_change="rerun", key=f"meeting_tabs_{language()}")
    shown: tuple[Callable[[], None], ...] = (
        lambda: room(here, views),
        lambda: _agenda(here, views),
        lambda: _queue(here, review),
    )
    for tab, show in zip(tabs, shown, strict=True):
        with tab:
            if tab.open:
                show()
    st.download_button(
        t("dash-meeting-minutes"), data=later(lambda: minutes(here, views)), mime=WORD_TYPE,
        file_name=f"{state.round_id}-{settings().today.isoformat()}.docx", on_click="ignore",
        icon=":material/description:",
    )  # fmt: skip


def _progress(state: ReviewState, views: dict[str, ItemView]) -> None:
    done = sum(view.votes_cast >= view.votes_needed for view in views.values())
    cast = sum(view.votes_cast for view in views.values())
    facts(
        [
            (t("dash-over-phase"), t(f"dash-phase-{state.phase}")),
            (t("dash-meeting-cast"), str(cast)),
            (t("dash-meeting-waiting"), str(len(state.waiting_for_approval))),
            (t("dash-meeting-seats"), str(len(state.seats)), "、".join(one.name for one in state.seats)),
        ]
    )
    if views:
        st.progress(done / len(views), t("dash-meeting-quorum", done=done, all=len(views)))


def _agenda(here: RoundView, views: dict[str, ItemView]) -> None:
    if not views:
        st.info(t("dash-meeting-no-agenda"))
        return
    rows = [_item(here, at, key, view) for at, (key, view) in enumerate(views.items(), start=1)]
    table(
        "meeting_agenda",
        [
            Column("at", "#", "number"),
            Column("name", t("dash-col-name"), "link", width="30%"),
            Column("track", t("dash-filter-track")),
            Column("place", t("dash-col-place"), "badge"),
            Column("votes", t("dash-meeting-votes"), "number", help=t("dash-meeting-votes-help")),
            Column("result", t("dash-meeting-result"), "badge"),
            Column("decision", t("dash-meeting-decision")),
        ],
        rows,
        caption=t("dash-meeting-agenda"),
        address="enterprise",
    )


def _item(here: RoundView, at: int, key: str, view: ItemView) -> dict[str, Any]:
    row = here.row(key)
    place = str(row["place"])
    return {
        "id": key,
        "at": str(at),
        "name": {"text": str(row["name"]), "note": key},
        "track": track_title(here.edition, str(row["track"])),
        "place": badge(t(f"dash-status-{place}"), "good" if place == "listed" else "plain"),
        "votes": f"{view.votes_cast} / {view.votes_needed}",
        "result": badge(*result_of(view)),
        "decision": decision_of(view, place),
    }


def _queue(here: RoundView, review: Review) -> None:
    st.caption(t("dash-meeting-queue-means"))
    try:
        order = queue_of(here).head(40)
    except Refusal as refusal:
        refused(refusal)
        return
    rows = []
    for key, worth in order.iterrows():
        row = here.row(str(key))
        rows.append(
            {
                "id": str(key),
                "name": {"text": str(row["name"]), "note": str(key)},
                "track": track_title(here.edition, str(row["track"])),
                "score": number(row["score"]),
                "inclusion": share(row["inclusion"]),
                "near": share(worth["near"]),
                "disagree": share(worth["disagree"]),
                "agenda": t("dash-yes") if here.state and str(key) in here.state.agenda else "",
            }
        )
    table(
        "meeting_queue",
        [
            Column("name", t("dash-col-name"), "link", width="30%"),
            Column("track", t("dash-filter-track")),
            Column("score", t("dash-col-score"), "number"),
            Column("inclusion", t("dash-col-inclusion"), "number", help=t("dash-col-inclusion-help")),
            Column("near", t("dash-meeting-near"), "number", help=t("dash-meeting-near-help")),
            Column("disagree", t("dash-meeting-disagree"), "number", help=t("dash-meeting-disagree-help")),
            Column("agenda", t("dash-meeting-on-agenda")),
        ],
        rows,
        caption=t("dash-meeting-queue"),
        address="enterprise",
        empty=t("dash-meeting-no-queue"),
    )
    _set_agenda(here, review, order)


def _set_agenda(here: RoundView, review: Review, order: pd.DataFrame) -> None:
    if here.state is None or here.state.phase != "open" or not may(here.user, "set_agenda"):
        return
    known = list(dict.fromkeys([*here.state.agenda, *map(str, order.index)]))
    with st.form("agenda"):
        st.multiselect(
            t("dash-meeting-agenda-choose"),
            known,
            default=list(here.state.agenda),
            format_func=lambda key: as_option(here.name(key)),
            key="agenda_keys",
        )
        st.form_submit_button(t("dash-meeting-agenda-save"), on_click=_do_agenda, args=(here, review))


def _do_agenda(here: RoundView, review: Review) -> None:
    keys = st.session_state.get("agenda_keys") or []
    attempt("meeting", lambda: review.set_agenda(here.user, keys), "dash-meeting-agenda-done")
