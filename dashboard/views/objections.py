"""Objections to the published list: their clock, what they say, the answer with its reasons."""

from __future__ import annotations

import streamlit as st

from dashboard.acting import attempt, day_in, files_in, outcome, typed
from dashboard.attachments import offer_attachment
from dashboard.display import heading, quoted
from dashboard.round_view import RoundView
from dashboard.session import settings, store, t
from data.refusal import Refusal
from scoring.committee.evidence import ACCEPTED, keep_evidence
from scoring.committee.objections import GROUNDS, OUTCOMES, Objection, Objections
from scoring.committee.rules import may


def objections(here: RoundView) -> None:
    """Draw the objections to the round of this page; nothing before it is published."""
    if here.state is None or here.state.phase != "published":
        return
    service = Objections(store(), settings(), here.state.round_id)
    st.subheader(t("dash-objections"))
    outcome("objections")
    left = service.days_left(settings().today)
    st.caption(t("dash-objections-days", n=left) if left >= 0 else t("dash-objections-over"))
    found = service.all(here.user)
    if not found:
        st.caption(t("dash-objections-none"))
    for one in found:
        _one(here, service, one)
    if left >= 0 and may(here.user, "receive_objection"):
        _receive(here, service)


def _one(here: RoundView, service: Objections, one: Objection) -> None:
    with st.container(border=True):
        name = here.name(one.enterprise_id) or one.enterprise_id
        state = t(f"dash-objection-{one.outcome}") if one.outcome else t("dash-objection-open")
        heading(f"{one.number}. {name}", 4, " · ".join([t(f"dash-ground-{one.ground}"), one.reference, state]))
        quoted(one.text, one.received_on)
        due = [t("dash-objection-due", day=one.answer_by)] if one.answer_by and not one.outcome else []
        if one.rescored:
            old, new = (str(one.rescored.get(f"{side}_rank", "")) for side in ("old", "new"))
            due.append(t("dash-objection-rescored", old=old, new=new))
        for told in due:
            st.caption(told)
        for at, file in enumerate(one.evidence):
            offer_attachment(file, f"objection_{one.number}_{at}")
        if one.outcome:
            quoted(one.reply, one.answered_on)
        elif may(here.user, "answer_objection"):
            with st.form(f"answer_{one.number}", border=False):
                st.segmented_control(
                    t("dash-objection-outcome"), OUTCOMES, key=f"objection_outcome_{one.number}",
                    format_func=lambda word: t(f"dash-objection-{word}"),
                )  # fmt: skip
                st.text_area(t("dash-objection-reply"), key=f"objection_reply_{one.number}")
                st.form_submit_button(t("dash-objection-answer"), on_click=_do_answer, args=(here, service, one.number))


def _do_answer(here: RoundView, service: Objections, number: int) -> None:
    chosen, reply = typed(f"objection_outcome_{number}"), typed(f"objection_reply_{number}")

    def act() -> None:
        if not chosen:
            raise Refusal("dash-objection-outcome-missing")
        service.answer(here.user, number, chosen, reply)

    attempt("objections", act, "dash-objection-answered")


def _receive(here: RoundView, service: Objections) -> None:
    begun = bool(st.session_state.get("objection_text"))
    fold = st.expander(t("dash-objection-new"), expanded=begun, key=f"fold_objection_{begun}")
    with fold, st.form("objection", border=False):
        st.text_input(t("dash-col-id"), key="objection_id")
        st.selectbox(
            t("dash-objection-ground"), GROUNDS, index=None, key="objection_ground", placeholder=t("dash-choose"),
            format_func=lambda word: t(f"dash-ground-{word}"),
        )  # fmt: skip
        st.text_input(t("dash-objection-reference"), key="objection_reference", help=t("dash-objection-reference-help"))
        st.date_input(
            t("dash-objection-answer-by"), value=None, min_value=settings().today, key="objection_answer_by",
            format="YYYY-MM-DD",
        )  # fmt: skip
        st.text_area(t("dash-objection-text"), key="objection_text")
        st.file_uploader(
            t("dash-override-evidence-needed"), type=[one[1:] for one in ACCEPTED], accept_multiple_files=True,
            key="objection_evidence", max_upload_size=10,
        )  # fmt: skip
        st.form_submit_button(t("dash-objection-new"), on_click=_do_receive, args=(here, service))


def _do_receive(here: RoundView, service: Objections) -> None:
    ground = typed("objection_ground")

    def act() -> None:
        if not ground:
            raise Refusal("dash-objection-ground-missing")
        if not typed("objection_id").strip():
            raise Refusal("dash-objection-id-missing")
        kept = [keep_evidence(settings(), name, content) for name, content in files_in("objection_evidence")]
        service.receive(
            here.user, typed("objection_id").strip(), ground=ground, text=typed("objection_text"),
            reference=typed("objection_reference"), evidence=kept, answer_by=day_in("objection_answer_by"),
        )  # fmt: skip

    empty = {
        "objection_id": "",
        "objection_ground": None,
        "objection_reference": "",
        "objection_text": "",
        "objection_answer_by": None,
    }
    attempt("objections", act, "dash-objection-received", empty)
