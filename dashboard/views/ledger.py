"""Ledger: who did what, when; find it, check the chain, take it along."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard.display import as_option, moment, refused
from dashboard.empty_states import round_view_if_whole
from dashboard.events import event_text, kind_name
from dashboard.navigation import open_enterprise
from dashboard.round_view import RoundView
from dashboard.session import later, me, settings, store, t
from dashboard.table import Column, table
from data.ledger import Event
from data.refusal import Refusal
from scoring.committee.rules import may

ROWS = 50


def page() -> None:
    """Draw the page."""
    st.header(t("dash-page-ledger"))
    here = round_view_if_whole()
    _verify()
    events = _events(here)
    if not events:
        st.info(t("dash-ledger-empty"))
        return
    found = _narrow(here, events)
    st.caption(t(f"dash-ledger-{'all' if len(found) == len(events) else 'found'}", found=len(found), all=len(events)))
    pages = max(1, -(-len(found) // ROWS))
    at = st.pagination(pages, key="ledger_page") if pages > 1 else 1
    shown = list(reversed(found))[(at - 1) * ROWS : at * ROWS]
    asked = table(
        "ledger_table",
        [
            Column("seq", "#", "number"),
            Column("when", t("dash-col-when"), "short"),
            Column("who", t("dash-col-who"), "short"),
            Column("name", t("dash-col-name"), "link"),
            Column("what", t("dash-col-what"), width="45%"),
        ],
        [_row(here, event) for event in shown],
        caption=t("dash-page-ledger"),
        address="enterprise",
        empty=t("dash-ledger-none"),
    )
    if asked.opened and here and here.known(asked.opened):
        open_enterprise(asked.opened)
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


def _narrow(here: RoundView | None, events: list[Event]) -> list[Event]:
    with st.container(key="steps"):
        first = st.columns([3, 2, 2])
        words = first[0].text_input(t("dash-ledger-find"), key="ledger_words", placeholder=t("dash-ledger-find-hint"))
        who = first[1].selectbox(
            t("dash-col-who"), ["", *sorted({event.actor for event in events})], key="ledger_who",
            format_func=lambda one: as_option(one) if one else t("dash-all"),
        )  # fmt: skip
        kind = first[2].selectbox(
            t("dash-col-what"), ["", *sorted({event.kind for event in events})], key="ledger_kind",
            format_func=lambda one: kind_name(one) if one else t("dash-all"),
        )  # fmt: skip
    return [
        event
        for event in events
        if (not who or event.actor == who) and (not kind or event.kind == kind) and _speaks_of(here, event, words)
    ]


def _speaks_of(here: RoundView | None, event: Event, words: str) -> bool:
    if not words.strip():
        return True
    key = str(event.payload.get("enterprise_id", ""))
    text = " ".join([event.subject, event.actor, json.dumps(dict(event.payload), ensure_ascii=False)])
    name = here.name(key) if here and key else ""
    return words.strip().casefold() in f"{text} {name}".casefold()


def _row(here: RoundView | None, event: Event) -> dict[str, Any]:
    key = str(event.payload.get("enterprise_id", ""))
    name = here.name(key) if here and key else ""
    return {
        "id": key if name else "",
        "seq": str(event.seq),
        "when": moment(event.recorded_at),
        "who": event.actor,
        "name": {"text": name, "note": key} if name else None,
        "what": event_text(event),
    }


def _verify() -> None:
    if not st.button(t("dash-ledger-verify"), icon=":material/verified:"):
        return
    faults = store().ledger.verify()
    if not faults:
        head = store().ledger.head()
        st.success(t("dash-ledger-sound", n=head.seq if head else 0, digest=head.digest[:16] if head else ""))
        return
    st.error(t("dash-ledger-broken", n=len(faults)))
    for fault in faults[:20]:
        st.markdown(f"- #{fault.seq}: {t(f'dash-fault-{fault.code}')}")


def _export(here: RoundView | None) -> None:
    if not (here and here.review and may(me(), "audit")):
        return
    review, user = here.review, me()

    def content() -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "ledger.jsonl"
            review.export_ledger(user, path)
            return path.read_bytes()

    try:
        st.download_button(
            t("dash-ledger-export"), data=later(content), file_name=f"ledger-{settings().today.isoformat()}.jsonl",
            icon=":material/download:", on_click="ignore",
        )  # fmt: skip
    except Refusal as refusal:
        refused(refusal)
