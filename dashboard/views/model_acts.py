"""What people do about models: teach a new version and watch, propose it for office, confirm another's proposal."""

from __future__ import annotations

import streamlit as st

from dashboard import jobs
from dashboard.acting import attempt, outcome, typed
from dashboard.display import as_label, refused
from dashboard.empty_states import anything_held
from dashboard.session import language, me, settings, store, t
from data.accounts import User
from data.refusal import Refusal
from models.promotion import confirm, pending, propose, roll_back
from models.registry import Registry
from models.training import train
from scoring.editions.policy import load_edition
from scoring.messages import say
from scoring.scores.sidelights import sidelights

TARGETS = ("growth", "listing")
EDITION = "changning-2026"
"""Whose card competes in the report, and whose tracks its figures are broken down by."""
JOB = "train"


def retrain(user: User) -> None:
    """A form that starts a training, for analysts."""
    if user.role != "analyst":
        st.caption(t("dash-train-analysts"))
        return
    if not anything_held():
        st.caption(t("dash-train-nothing"))
        return
    with st.form("train"):
        columns = st.columns(2)
        columns[0].selectbox(
            t("dash-model-target"), TARGETS, format_func=lambda one: t(f"dash-source-{one}"), key="train_target"
        )
        columns[1].number_input(t("dash-train-bag"), 2, 100, 10, key="train_bag", help=t("dash-train-bag-help"))
        st.form_submit_button(t("dash-train-start"), type="primary", on_click=_do_train, args=(user.name,))


def _do_train(actor: str) -> None:
    target, bag = typed("train_target"), int(st.session_state["train_bag"])
    facts, here = store(), settings()

    def work(job: jobs.Job) -> object:
        beside = sidelights(load_edition(EDITION), facts)
        return train(facts, here, target, bag=bag, actor=actor, progress=job.tell, sidelights=beside).version

    def begin() -> None:
        if (now := jobs.found(JOB)) is not None and not now.ended:
            raise Refusal("dash-train-busy")
        jobs.forget(JOB)
        jobs.start(JOB, work)

    attempt("train", begin, "dash-train-begins")


def watch() -> None:
    """The progress of a training under way, for everybody, and how the last one ended."""
    job = jobs.found(JOB)
    if job is None:
        return
    if not job.ended:
        _progress()
    elif job.refusal is not None:
        refused(job.refusal)
    elif job.failure:
        st.error(t("dash-train-failed", cause=as_label(job.failure, 300)))
    else:
        st.success(t("dash-train-done", version=str(job.result)))


@st.fragment(run_every=1.0)
def _progress() -> None:
    job = jobs.found(JOB)
    if job is None or job.ended:
        st.rerun()
    told = say(job.key, language(), **job.values) if job.key else t("dash-train-begins")
    st.progress(job.share, as_label(told, 200))


def office(registry: Registry, target: str, version: int) -> None:
    """Proposing and confirming a champion: two different people, analysts and the chair."""
    user = me()
    outcome("office")
    if user.role not in ("analyst", "chair"):
        return
    if registry.champion(target) != version:
        _candidate(registry, target, version, user)
    if registry.champion(target) is not None:
        with st.popover(t("dash-model-back"), key="office_back"), st.form("roll_back", border=False):
            st.text_input(t("dash-model-propose-why"), key="back_why")
            st.form_submit_button(t("dash-model-back"), on_click=_do_back, args=(registry, target, user.name))


def _candidate(registry: Registry, target: str, version: int, user: User) -> None:
    """A version that is not in office: to be proposed by one, confirmed by another."""
    proposal = pending(registry, target, version)
    if proposal is None:
        with (
            st.popover(t("dash-model-propose"), icon=":material/upgrade:", key="office_propose"),
            st.form("propose", border=False),
        ):
            st.text_input(t("dash-model-propose-why"), key="propose_why")
            st.form_submit_button(
                t("dash-model-propose"), on_click=_do_propose, args=(registry, target, version, user.name)
            )
    else:
        st.caption(
            t("dash-model-proposed", who=as_label(proposal.actor), why=as_label(proposal.payload["reason"], 300))
        )
        st.button(
            t("dash-model-confirm"), on_click=_do_confirm, args=(registry, target, version, user.name),
            disabled=proposal.actor == user.name,
        )  # fmt: skip


def _do_propose(registry: Registry, target: str, version: int, actor: str) -> None:
    why = typed("propose_why")
    attempt("office", lambda: propose(registry, target, version, actor, why), "dash-model-propose-done")


def _do_confirm(registry: Registry, target: str, version: int, actor: str) -> None:
    attempt("office", lambda: confirm(registry, target, version, actor), "dash-model-confirm-done")


def _do_back(registry: Registry, target: str, actor: str) -> None:
    why = typed("back_why").strip()

    def act() -> None:
        if not why:
            raise Refusal("dash-model-back-why-missing")
        roll_back(registry, target, actor, why)

    attempt("office", act, "dash-model-back-done", {"back_why": ""})
