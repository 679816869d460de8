"""Ledger: who did what, when; find it, check the chain, take it along."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.display import as_option, moment, refused
from dashboard.empty_states import round_view_if_whole
from dashboard.event_search import Asked, Ledger, matching
from dashboard.events import group_of, kind_name, person_name
from dashboard.navigation import asked_of_address, open_enterprise, remember_address
from dashboard.round_view import RoundView
from dashboard.session import later, me, settings, store, t
from dashboard.sheets import SHEET_TYPE, event_workbook
from dashboard.table import Column, asked_of, table
from data.ledger import Event, Fault
from data.refusal import Refusal
from scoring.committee.rules import may

ROWS = 50
TABLE = "ledger_table"


def page() -> None:
    """Draw the page."""
    st.header(t("dash-page-ledger"))
    here = round_view_if_whole()
    if (opened := asked_of(TABLE).opened) and here and here.known(opened):
        open_enterprise(opened)
    _verify()
    events = _events(here)
    if not events:
        st.info(t("dash-ledger-empty"))
        _export(here)
        return
    asked = _asked(events)
    ledger = Ledger(events, here)
    found = matching(ledger, asked)
    if not may(me(), "audit"):
        st.caption(t("dash-ledger-part"))
    st.caption(t(f"dash-ledger-{'all' if len(found) == len(events) else 'found'}", found=len(found), all=len(events)))
    pages = max(1, -(-len(found) // ROWS))
    at = st.pagination(pages, default=min(asked.page, pages), key="ledger_page") if pages > 1 else 1
    remember_address("ledger", replace(asked, page=at).query())
    shown = list(reversed(found))[(at - 1) * ROWS : at * ROWS]
    table(
        TABLE,
        [
            Column("seq", "#", "number"),
            Column("when", t("dash-col-when"), "short"),
            Column("who", t("dash-col-who"), "short"),
            Column("name", t("dash-col-name"), "link", width="22%"),
            Column("what", t("dash-col-what"), width="45%"),
        ],
        [_row(ledger, event) for event in shown],
        caption=t("dash-page-ledger"),
        address="enterprise",
        empty=t("dash-ledger-none"),
    )
    with st.container(horizontal=True):
        _take_rows(ledger, found)
        _export(here)


def _events(here: RoundView | None) -> list[Event]:
    """What the person may read: auditors the whole ledger, others what of the round is theirs to see."""
    if not may(me(), "audit"):
        return here.review.events(me()) if here and here.review else []
    events = store().ledger.replay()
    if here and here.state and here.state.recused and me().role != "auditor":
        return [event for event in events if _seen(here, str(event.payload.get("enterprise_id", "")))]
    return events


def _seen(here: RoundView, enterprise_id: str) -> bool:
    """Whether an event's enterprise is none, or one that the person is not recused from."""
    return not enterprise_id or here.known(enterprise_id)


def _asked(events: list[Event]) -> Asked:
    """What the address asks for; what the fields around the table say replaces it."""
    view = Asked.of(asked_of_address("ledger", ("q", "who", "kind", "about", "since", "until", "page")))
    people, kinds = (sorted({getattr(event, name) for event in events}) for name in ("actor", "kind"))
    groups = sorted({group_of(event) for event in events})
    with st.container(key="steps"):
        first, second = st.columns([3, 2, 2]), st.columns([3, 2, 2])
        q = first[0].text_input(
            t("dash-ledger-find"), view.q, key="ledger_q", placeholder=t("dash-ledger-find-hint"),
            icon=":material/search:",
        )  # fmt: skip
        who = _choice(first[1], "who", t("dash-col-who"), people, view.who, person_name)
        kind = _choice(first[2], "kind", t("dash-col-what"), kinds, view.kind, kind_name)
        about = view.about
        if len(groups) > 1:
            about = _choice(
                second[0], "about", t("dash-ledger-about"), groups, view.about, lambda one: t(f"dash-ledger-{one}")
            )
        since = _day(second[1], "since", view.since)
        until = _day(second[2], "until", view.until)
    asked = Asked(q, who, kind, about, since, until)
    return replace(asked, page=view.page) if asked == replace(view, page=1) else asked


def _choice(
    place: DeltaGenerator, name: str, label: str, known: list[str], value: str, word: Callable[[str], str]
) -> str:
    """One of some, or all."""
    options = ["", *known]
    chosen = place.selectbox(
        label, options, options.index(value) if value in options else 0, key=f"ledger_{name}",
        format_func=lambda one: as_option(word(one)) if one else t("dash-all"),
    )  # fmt: skip
    return str(chosen or "")


def _day(place: DeltaGenerator, name: str, value: date | None) -> date | None:
    """A day, or none."""
    chosen = place.date_input(t(f"dash-ledger-{name}"), value, format="YYYY-MM-DD", key=f"ledger_{name}")
    return chosen if isinstance(chosen, date) else None


def _row(ledger: Ledger, event: Event) -> dict[str, Any]:
    key, name = str(event.payload.get("enterprise_id", "")), ledger.name(event)
    return {
        "id": key if name else "",
        "seq": str(event.seq),
        "when": moment(event.recorded_at),
        "who": person_name(event.actor),
        "name": {"text": name, "note": key} if name else None,
        "what": ledger.text(event),
    }


def _sheet_row(ledger: Ledger, event: Event) -> dict[str, Any]:
    return {**_row(ledger, event), "kind": kind_name(event.kind)}


def _verify() -> None:
    """A button that checks the chain, and what the person's last check found until the next one."""
    st.button(t("dash-ledger-verify"), icon=":material/verified:", on_click=_do_verify)
    if not (told := _checks(store().address).get(me().name)):
        return
    faults, seq, digest, at = told
    if not faults:
        st.success(t("dash-ledger-sound", n=seq, digest=digest[:16], at=moment(at)))
        return
    st.error(t("dash-ledger-broken", n=len(faults), at=moment(at)))
    for fault in faults[:20]:
        st.markdown(f"- #{fault.seq}: {t(f'dash-fault-{fault.code}')}")


@st.cache_resource(show_spinner=False, max_entries=4)
def _checks(address: str) -> dict[str, tuple[list[Fault], int, str, str]]:
    """What the last check of each person found: a refresh does not lose it, as it would the window's memory."""
    return {}


def _do_verify() -> None:
    ledger = store().ledger
    faults, head = ledger.verify(), ledger.head()
    found = faults, head.seq if head else 0, head.digest if head else "", datetime.now(UTC).isoformat()
    _checks(store().address)[me().name] = found


def _take_rows(ledger: Ledger, found: list[Event]) -> None:
    """The rows found as a workbook, newest first, as they are shown."""
    if not found:
        return
    rows = list(reversed(found))
    made = later(lambda: event_workbook([_sheet_row(ledger, one) for one in rows]))
    st.download_button(
        t("dash-ledger-take", n=len(rows)), data=made,
        file_name=f"ledger-{settings().today.isoformat()}.xlsx", mime=SHEET_TYPE, icon=":material/download:",
        on_click="ignore", key="ledger_rows",
    )  # fmt: skip


def _export(here: RoundView | None) -> None:
    """The whole ledger for checking on another machine: for auditors, since votes are in it."""
    if not may(me(), "audit"):
        return
    review, user = here.review if here else None, me()

    def content() -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "ledger.jsonl"
            if review is None:
                store().ledger.export(path)
            else:
                review.export_ledger(user, path)
            return path.read_bytes()

    try:
        st.download_button(
            t("dash-ledger-export"), data=later(content), file_name=f"ledger-{settings().today.isoformat()}.jsonl",
            icon=":material/download:", on_click="ignore", key="ledger_whole",
        )  # fmt: skip
    except Refusal as refusal:
        refused(refusal)
