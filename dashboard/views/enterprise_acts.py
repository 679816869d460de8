"""What a person does about an enterprise: vote, decide otherwise, approve, undo, confirm, recuse, comment."""

from __future__ import annotations

from dataclasses import asdict

import streamlit as st

from dashboard.acting import attempt, day_in, files_in, outcome, typed, whole
from dashboard.display import as_label, moment, quoted, refused
from dashboard.drafts import Field, keep_drafts
from dashboard.navigation import step_to
from dashboard.round_view import RoundView
from dashboard.session import settings, t
from dashboard.views.enterprise_decision import told_decision, told_effect, told_recusals
from dashboard.votes import tally, told_votes
from data.refusal import Refusal
from scoring.committee.evidence import ACCEPTED, keep_evidence
from scoring.committee.review import ItemView, Review
from scoring.committee.rounds import Override
from scoring.committee.rules import CHOICES, CONFLICTS, OVERRIDES, REASON_TYPES, may


def acts(here: RoundView, review: Review, view: ItemView) -> None:
    """Draw what the person may do about the enterprise, each in its own form with its own button."""
    key = view.enterprise_id
    outcome(f"act_{key}")
    if here.state is None:
        return
    _keep_drafts(here, view)
    if view.may_act:
        _vote(here, review, view)
        with st.container():
            _next_vote(here, view)
    else:
        st.caption(t(f"dash-acts-closed-{here.state.phase}") if here.state.seated else t("dash-acts-not-seated"))
        st.markdown(f"**{t('dash-vote')}** · {told_votes(view)}")
    with st.container():  # there even when it is empty: the folds below keep their places, and stay as they were left
        if view.override is not None:
            _decided(here, review, view, view.override)
    if view.may_act:
        _override(here, review, view)
        _recuse(here, review, view)
    told_recusals(view)
    _comments(here, review, view)


def _keep_drafts(here: RoundView, view: ItemView) -> None:
    """Everything that may be typed about the enterprise survives a refresh, but for files, which a browser forgets."""
    key = view.enterprise_id
    own = view.own_vote.choice if view.own_vote else None
    round_id = here.state.round_id if here.state else ""
    keep_drafts(
        here.user.name,
        f"{round_id}:{key}",
        [
            Field(f"choice_{key}", "choice", CHOICES, saved=own),
            Field(f"kind_{key}", "choice", OVERRIDES),
            Field(f"to_{key}", "number"),
            Field(f"reason_{key}", "select", REASON_TYPES, lambda one: t(f"dash-reason-{one}")),
            Field(f"why_{key}"),
            Field(f"conflict_{key}", "select", CONFLICTS, lambda one: t(f"dash-conflict-{one}")),
            Field(f"conflict_text_{key}"),
            Field(f"comment_text_{key}"),
        ],
    )


def _vote(here: RoundView, review: Review, view: ItemView) -> None:
    key = view.enterprise_id
    own = view.own_vote.choice if view.own_vote else None
    st.session_state.setdefault(f"choice_{key}", own)
    with st.form(f"vote_{key}"):
        st.markdown(f"**{t('dash-vote')}** · {t('dash-votes-cast', cast=view.votes_cast, needed=view.votes_needed)}")
        st.segmented_control(
            t("dash-vote"),
            CHOICES,
            format_func=lambda one: t(f"dash-choice-{one}"),
            key=f"choice_{key}",
            label_visibility="collapsed",
        )
        st.form_submit_button(
            t("dash-vote-save") if own is None else t("dash-vote-change"),
            on_click=_do_vote,
            args=(here, review, key, view.ranking_digest, view.last_seen),
            type="primary",
        )
        if view.votes is None:
            st.caption(t("dash-votes-hidden"))
        else:
            st.caption(tally(view))
        st.caption(t("dash-vote-means"))


def _next_vote(here: RoundView, view: ItemView) -> None:
    """After voting: straight to the next item of the agenda that waits, wherever the reader came from."""
    if view.own_vote is None or here.state is None or not here.state.to_vote:
        return
    agenda, left = list(here.state.agenda), [key for key in here.state.to_vote if here.known(key)]
    mine = agenda.index(view.enterprise_id) if view.enterprise_id in agenda else -1
    after = next((key for key in left if agenda.index(key) > mine), left[0] if left else "")
    if after:
        st.button(
            t("dash-next-vote", name=as_label(here.name(after), 24), n=len(left)), icon=":material/how_to_vote:",
            key="next_vote", type="primary", on_click=step_to, args=(after,),
        )  # fmt: skip


def _do_vote(here: RoundView, review: Review, key: str, digest: str, last_seen: int) -> None:
    choice = typed(f"choice_{key}")
    if not choice:
        st.session_state[f"act_{key}_refused"] = Refusal("dash-vote-choice-missing")
        return
    attempt(
        f"act_{key}", lambda: review.vote(here.user, key, choice, digest, last_seen), "dash-vote-done",
        choice=t(f"dash-choice-{choice}"),
    )  # fmt: skip


def _override(here: RoundView, review: Review, view: ItemView) -> None:
    key = view.enterprise_id
    title = t("dash-override") if view.override is None else t("dash-override-again")
    begun = bool(st.session_state.get(f"why_{key}"))
    with st.expander(title, expanded=begun, icon=":material/gavel:", key=f"fold_override_{key}_{begun}"):
        with st.form(f"override_{key}"):
            st.segmented_control(
                t("dash-override-kind"),
                OVERRIDES,
                format_func=lambda one: t(f"dash-kind-{one}"),
                key=f"kind_{key}",
            )
            st.number_input(t("dash-override-rank"), min_value=1, value=None, step=1, key=f"to_{key}")
            st.selectbox(
                t("dash-override-reason"),
                REASON_TYPES,
                index=None,
                format_func=lambda one: t(f"dash-reason-{one}"),
                placeholder=t("dash-choose"),
                key=f"reason_{key}",
            )
            least = here.state.rules.reason_length if here.state else 1
            st.text_area(t("dash-override-text"), key=f"why_{key}", help=t("dash-override-text-help", least=least))
            needed = "-needed" if here.state and here.state.rules.evidence else ""
            st.file_uploader(
                t(f"dash-override-evidence{needed}"), type=[one[1:] for one in ACCEPTED], accept_multiple_files=True,
                key=f"evidence_{key}", max_upload_size=10,
            )  # fmt: skip
            st.date_input(
                t("dash-override-expires"),
                value=None,
                min_value=settings().today,
                key=f"expires_{key}",
                format="YYYY-MM-DD",
            )
            with st.container(horizontal=True):
                st.form_submit_button(t("dash-override-preview"), on_click=_do_preview, args=(here, review, key))
                st.form_submit_button(
                    t("dash-override-save"),
                    on_click=_do_override,
                    args=(here, review, key, view.ranking_digest, view.last_seen),
                    type="primary",
                )
        _shown_preview(here, key)


def _do_preview(here: RoundView, review: Review, key: str) -> None:
    place, kind = whole(f"to_{key}"), typed(f"kind_{key}")
    if not kind:
        st.session_state[f"preview_{key}"] = Refusal("dash-override-kind-missing")
        return
    try:
        effect = review.preview(here.user, key, kind, place if kind == "move" else None)
    except Refusal as refusal:
        st.session_state[f"preview_{key}"] = refusal
        return
    st.session_state[f"preview_{key}"] = effect


def _shown_preview(here: RoundView, key: str) -> None:
    found = st.session_state.pop(f"preview_{key}", None)
    if isinstance(found, Refusal):
        refused(found)
    elif found is not None:
        told_effect(here, asdict(found))


def _do_override(here: RoundView, review: Review, key: str, digest: str, last_seen: int) -> None:
    kind, reason, place = typed(f"kind_{key}"), typed(f"reason_{key}"), whole(f"to_{key}")

    def act() -> None:
        if not kind:
            raise Refusal("dash-override-kind-missing")
        if not reason:
            raise Refusal("dash-override-reason-missing")
        kept = [keep_evidence(settings(), name, content) for name, content in files_in(f"evidence_{key}")]
        review.override(
            here.user, key, kind, reason, typed(f"why_{key}"), digest, last_seen,
            to_rank=place if kind == "move" else None,
            evidence=kept,
            expires_on=day_in(f"expires_{key}"),
        )  # fmt: skip

    attempt(
        f"act_{key}", act, "dash-override-done",
        {f"kind_{key}": None, f"to_{key}": None, f"reason_{key}": None, f"why_{key}": "", f"expires_{key}": None},
        kind=t(f"dash-kind-{kind}") if kind else "",
    )  # fmt: skip


def _decided(here: RoundView, review: Review, view: ItemView, live: Override) -> None:
    """The decision, and what one may do about it."""
    key = view.enterprise_id
    with st.container(border=True, key=f"override_now_{key}"):
        told_decision(here, view, live)
        if not view.may_act:
            return
        with st.container(horizontal=True):
            if view.override_status == "waiting" and live.author != here.user.name:
                st.button(
                    t("dash-approve"), key=f"approve_{key}", type="primary", on_click=_do_simple,
                    args=(here, "approve", review, key, view.ranking_digest, view.last_seen),
                )  # fmt: skip
            if view.override_status == "stale":
                st.button(
                    t("dash-confirm"), key=f"confirm_{key}", type="primary", on_click=_do_simple,
                    args=(here, "confirm", review, key, view.ranking_digest, view.last_seen),
                )  # fmt: skip
        if live.author == here.user.name or here.user.role == "chair":
            with st.popover(t("dash-undo"), icon=":material/undo:"), st.form(f"undo_{key}", border=False):
                st.text_input(t("dash-undo-why"), key=f"undo_why_{key}")
                st.form_submit_button(
                    t("dash-undo-save"), on_click=_do_undo,
                    args=(here, review, key, view.ranking_digest, view.last_seen),
                )  # fmt: skip


def _do_simple(here: RoundView, verb: str, review: Review, key: str, digest: str, last_seen: int) -> None:
    attempt(f"act_{key}", lambda: getattr(review, verb)(here.user, key, digest, last_seen), f"dash-{verb}-done")


def _do_undo(here: RoundView, review: Review, key: str, digest: str, last_seen: int) -> None:
    why = typed(f"undo_why_{key}")
    attempt(
        f"act_{key}",
        lambda: review.undo(here.user, key, why, digest, last_seen),
        "dash-undo-done",
        {f"undo_why_{key}": ""},
    )


def _recuse(here: RoundView, review: Review, view: ItemView) -> None:
    key = view.enterprise_id
    with st.expander(t("dash-recuse"), icon=":material/do_not_disturb_on:"):
        st.caption(t("dash-recuse-means"))
        with st.form(f"recuse_{key}", border=False):
            st.selectbox(
                t("dash-recuse-type"),
                CONFLICTS,
                index=None,
                format_func=lambda one: t(f"dash-conflict-{one}"),
                placeholder=t("dash-choose"),
                key=f"conflict_{key}",
            )
            st.text_input(t("dash-recuse-text"), key=f"conflict_text_{key}")
            st.form_submit_button(
                t("dash-recuse-save"), on_click=_do_recuse, args=(here, review, key, view.ranking_digest)
            )


def _do_recuse(here: RoundView, review: Review, key: str, digest: str) -> None:
    kind, text = typed(f"conflict_{key}"), typed(f"conflict_text_{key}")

    def act() -> None:
        if not kind:
            raise Refusal("dash-recuse-type-missing")
        review.declare_conflict(here.user, key, conflict_type=kind, text=text, ranking_digest=digest)

    attempt(f"act_{key}", act, "dash-recuse-done")
    if done := st.session_state.pop(
        f"act_{key}_done", None
    ):  # the page is closed to the person: asking again is denied
        st.session_state["enterprise_done"] = done
        step_to("")


def _comments(here: RoundView, review: Review, view: ItemView) -> None:
    """What was said, for all who may see it, and a field for those who may speak."""
    key = view.enterprise_id
    for one in view.comments:
        quoted(one.text, f"{one.name} · {moment(one.recorded_at)}")
    if not may(here.user, "comment"):
        return
    with st.form(f"comment_{key}", border=False):
        st.text_area(t("dash-comment"), key=f"comment_text_{key}", height=68)
        st.form_submit_button(
            t("dash-comment-save"), on_click=_do_comment, args=(here, review, key, view.ranking_digest)
        )


def _do_comment(here: RoundView, review: Review, key: str, digest: str) -> None:
    text = typed(f"comment_text_{key}")
    attempt(
        f"act_{key}",
        lambda: review.comment(here.user, key, text, digest),
        "dash-comment-done",
        {f"comment_text_{key}": ""},
    )
