"""Publish: what is still missing before the list may be shown, in order; then the list itself, to take along."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import streamlit as st

from dashboard.acting import attempt, day_in, files_in, outcome, typed
from dashboard.attachments import offer_attachment
from dashboard.display import as_label, line, steps
from dashboard.empty_states import no_round, nothing_ranked
from dashboard.navigation import open_enterprise
from dashboard.round_view import RoundView, round_view
from dashboard.session import language, settings, store, t
from dashboard.views.credit_proposals import credit_proposals
from dashboard.views.objections import objections
from dashboard.votes import decision_of
from data.refusal import Refusal
from scoring.committee.evidence import ACCEPTED, keep_evidence
from scoring.committee.review import Review, ReviewState
from scoring.committee.rules import may
from scoring.messages import say
from scoring.publishing.publication import FORM, MANIFEST, form_of, publish, verify_publication
from scoring.scores.notes import basis_text

SHOWN = 10
"""So many items that lack votes are named."""


def page() -> None:
    """Draw the page."""
    st.header(t("dash-page-publish"))
    here = round_view()
    if here is None:
        nothing_ranked("publish")
        return
    if here.review is None or here.state is None:
        no_round()
        return
    outcome("publish")
    st.caption(basis_text(here.ranking, language()))
    review, state = here.review, here.state
    way = _steps(state)
    first = next((name for name, ok in way if not ok), "")
    notes = _notes(state)
    steps(
        [
            (t(f"dash-publish-{name}"), notes.get(name, ""), "done" if ok else "now" if name == first else "later")
            for name, ok in way
        ]
    )
    if state.phase == "published":
        _published(here, review, state)
        objections(here)
    with st.expander(t("dash-publish-past")) if state.phase == "published" else st.container():
        _settled(here, state, way[0][1])
        _frozen(here, review, state, way[0][1])
        _signed(here, review, state)
        _record(here, review, state)
    if state.phase != "published":
        _published(here, review, state)
    credit_proposals(here)


def _steps(state: ReviewState) -> list[tuple[str, bool]]:
    settled = state.phase != "open" or not _open_ends(state)
    return [
        ("settled", settled),
        ("frozen", state.phase != "open"),
        ("signed", state.phase in ("signed", "published")),
        ("record", bool(state.records)),
        ("published", state.phase == "published"),
    ]


def _open_ends(state: ReviewState) -> int:
    """How much is to be settled before a freeze."""
    return sum(map(len, (state.waiting_for_approval, state.stale, state.against_votes, _short(state))))


def _short(state: ReviewState) -> list[str]:
    """The items that were voted on or decided with fewer votes than they need: no list is frozen over them."""
    begun = (key for key, one in state.items.items() if one.votes_cast or one.override_status == "in_force")
    return [key for key in begun if state.items[key].votes_cast < state.items[key].votes_needed]


def _notes(state: ReviewState) -> dict[str, str]:
    """What has happened at each step, in a word."""
    open_ends = _open_ends(state)
    told = state.published or {}
    return {
        "settled": t("dash-publish-open-ends", n=open_ends) if open_ends and state.phase == "open" else "",
        "signed": "、".join(state.signatures),
        "record": "、".join(str(one.get("reference", "")) for one in state.records),
        "published": str(told.get("published_on", "")),
    }


def _step(name: str, ok: bool) -> None:
    sign = ":material/check_circle:" if ok else ":material/radio_button_unchecked:"
    st.markdown(f"#### {sign} {t(f'dash-publish-{name}')}")


def _settled(here: RoundView, state: ReviewState, ok: bool) -> None:
    _step("settled", ok)
    waits = (("approve", state.waiting_for_approval), ("stale", state.stale), ("against", state.against_votes))
    for word, keys in waits:
        for key in keys if not ok else ():
            if st.button(t(f"dash-wait-{word}", name=as_label(here.name(key))), key=f"settle_{word}_{key}"):
                open_enterprise(key)
    for key in [] if ok else _short(state)[:SHOWN]:
        one, name = state.items[key], as_label(here.name(key))
        told = t("dash-wait-votes", cast=one.votes_cast, needed=one.votes_needed, name=name)
        if st.button(told, key=f"settle_votes_{key}"):
            open_enterprise(key)


def _frozen(here: RoundView, review: Review, state: ReviewState, settled: bool) -> None:
    _step("frozen", state.phase != "open")
    if state.phase == "open":
        st.caption(t("dash-publish-freeze-means"))
        _otherwise(here, state)
        if unvoted := [key for key in state.agenda if key not in state.items or not state.items[key].votes_cast]:
            st.warning(t("dash-publish-unvoted", n=len(unvoted), all=len(state.agenda)), icon=":material/how_to_vote:")
        if may(here.user, "freeze"):
            st.button(
                t("dash-publish-freeze"), type="primary", disabled=not settled, on_click=_do_freeze, args=(here, review)
            )
        else:
            st.caption(t("dash-publish-by-chair"))
        return
    st.caption(t("dash-publish-digest", digest=state.list_digest[:16]))
    if state.phase in ("frozen", "signed") and may(here.user, "thaw"):
        with st.popover(t("dash-publish-thaw")), st.form("thaw", border=False):
            st.text_input(t("dash-publish-thaw-why"), key="thaw_why")
            st.form_submit_button(t("dash-publish-thaw"), on_click=_do_thaw, args=(here, review))


def _otherwise(here: RoundView, state: ReviewState) -> None:
    """Items on which most voted otherwise than the list says, without a decision: named before the list is frozen."""
    for key in state.agenda:
        view = state.items.get(key)
        if view is None or view.override is not None or not here.known(key):
            continue
        if what := decision_of(view, str(here.row(key)["place"])):
            told = t("dash-publish-otherwise", name=as_label(here.name(key)), what=what)
            st.warning(told, icon=":material/how_to_vote:")


def _do_freeze(here: RoundView, review: Review) -> None:
    attempt("publish", lambda: review.freeze(here.user), "dash-publish-freeze-done")


def _do_thaw(here: RoundView, review: Review) -> None:
    why = typed("thaw_why")
    attempt("publish", lambda: review.thaw(here.user, why), "dash-publish-thaw-done", {"thaw_why": ""})


def _signed(here: RoundView, review: Review, state: ReviewState) -> None:
    _step("signed", state.phase in ("signed", "published"))
    st.caption(t("dash-publish-sign-rule"))
    for name in state.signatures:
        line(f"✓ {name}")
    if state.phase in ("frozen", "signed") and may(here.user, "sign") and here.user.name not in state.signatures:
        st.button(
            t("dash-publish-sign", n=_listed(here), digest=state.list_digest[:8]),
            type="primary",
            on_click=_do_sign,
            args=(here, review, state.list_digest),
        )


def _listed(here: RoundView) -> int:
    return int((here.rows["place"] == "listed").sum())


def _do_sign(here: RoundView, review: Review, digest: str) -> None:
    attempt("publish", lambda: review.sign(here.user, digest), "dash-publish-sign-done")


def _record(here: RoundView, review: Review, state: ReviewState) -> None:
    _step("record", bool(state.records))
    for at, one in enumerate(state.records):
        line(f"{one.get('reference', '')} · {one.get('concluded_on', '')}")
        offer_attachment(one, f"record_{at}")
    if state.phase == "published":
        return
    if not may(here.user, "attach_record"):
        if not state.records:
            st.caption(t("dash-publish-by-office"))
        return
    with st.expander(t("dash-publish-record-add"), expanded=not state.records), st.form("record", border=False):
        columns = st.columns(2)
        columns[0].text_input(t("dash-publish-record-reference"), key="record_reference")
        columns[1].date_input(
            t("dash-publish-record-day"), value=None, max_value=settings().today, key="record_day", format="YYYY-MM-DD"
        )
        st.file_uploader(
            t("dash-publish-record-file"), type=[one[1:] for one in ACCEPTED], key="record_file", max_upload_size=10
        )
        st.form_submit_button(t("dash-publish-record-add"), on_click=_do_record, args=(here, review))


def _do_record(here: RoundView, review: Review) -> None:
    files, day = files_in("record_file"), day_in("record_day")

    def act() -> None:
        if not files:
            raise Refusal("dash-publish-record-missing")
        if day is None:
            raise Refusal("dash-publish-record-no-day")
        kept = keep_evidence(settings(), *files[0])
        review.attach_record(here.user, kept, reference=typed("record_reference"), concluded_on=day)

    attempt("publish", act, "dash-publish-record-done", {"record_reference": "", "record_day": None})


def _published(here: RoundView, review: Review, state: ReviewState) -> None:
    _step("published", state.phase == "published")
    if state.phase != "published":
        st.caption(t("dash-publish-means"))
        if may(here.user, "publish"):
            ready = state.phase == "signed" and bool(state.records)
            with st.popover(t("dash-publish-do"), type="primary", disabled=not ready):
                st.markdown(t("dash-publish-sure", n=_listed(here), digest=state.list_digest[:8]))
                st.button(
                    t("dash-publish-now"), type="primary", disabled=not ready, on_click=_do_publish, args=(here, review)
                )
        else:
            st.caption(t("dash-publish-by-office"))
        return
    folder = settings().home / "publications" / state.round_id
    told = state.published or {}
    names = {"on": "published_on", "until": "notice_until", "first": "valid_from"}
    st.caption(t("dash-publish-on", **{name: str(told.get(key, "")) for name, key in names.items()}))
    if not (folder / MANIFEST).is_file():
        st.warning(t("dash-publish-elsewhere"))
        return
    with st.container(horizontal=True):
        _downloads(here, folder)
        check = st.button(t("dash-publish-verify"), icon=":material/verified:")
    if check:
        _verify(folder)


def _do_publish(here: RoundView, review: Review) -> None:
    tongue = language()
    attempt("publish", lambda: publish(review, here.user, language=tongue), "dash-publish-done")


def _downloads(here: RoundView, folder: Path) -> None:
    """The whole folder for those who publish, what is public for everybody."""
    if may(here.user, "publish") or here.user.role == "auditor":
        st.download_button(
            t("dash-publish-take-all"), data=lambda: _zipped(folder, None), file_name=f"{folder.name}.zip",
            mime="application/zip", icon=":material/folder_zip:", on_click="ignore",
        )  # fmt: skip
    st.download_button(
        t("dash-publish-take-public"), data=lambda: _zipped(folder, "public"), file_name=f"{folder.name}-public.zip",
        mime="application/zip", icon=":material/download:", on_click="ignore",
    )  # fmt: skip


def _zipped(folder: Path, audience: str | None) -> bytes:
    listed = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"]
    names = [name for name, told in listed.items() if audience is None or told["audience"] == audience]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name in sorted([*names, *([MANIFEST] if audience is None else [])]):
            bundle.write(folder / name, name)
    return out.getvalue()


def _verify(folder: Path) -> None:
    faults, form = verify_publication(folder, store()), form_of(folder)
    if not faults:
        st.success(t("dash-publish-sound" if form == FORM else "dash-publish-sound-form"))
    if form != FORM:
        st.info(t("publication-other-form", form=form, writes=FORM))
    for fault in faults:
        st.error(f"{say(f'publication-fault-{fault.code}', language())} {as_label(fault.file)}")
