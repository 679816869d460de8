"""What listings and repairs of credit suggest for members of the published list, and the chair's decision on each."""

from __future__ import annotations

import streamlit as st

from dashboard.acting import attempt, day_in, files_in, outcome, typed
from dashboard.display import bullets, heading
from dashboard.naming import track_title
from dashboard.round_view import RoundView
from dashboard.session import settings, store, t
from scoring.committee.credit import Credit, CreditProposal
from scoring.committee.evidence import ACCEPTED, keep_evidence
from scoring.committee.rules import may


def waiting(here: RoundView) -> list[CreditProposal]:
    """The proposals about enterprises that the person may see."""
    found: list[CreditProposal] = _all(here)
    return [one for one in found if here.known(one.enterprise_id)]


def _all(here: RoundView) -> list[CreditProposal]:
    head = store().ledger.head()
    return _kept(str(settings().home), head.seq if head else 0, settings().today.isoformat(), here)


@st.cache_data(show_spinner=False, max_entries=16)
def _kept(home: str, seq: int, day: str, _here: RoundView) -> list[CreditProposal]:
    return Credit(store(), settings()).proposals(_here.user)


def credit_proposals(here: RoundView) -> None:
    """Draw the proposals that wait; nothing where there are none and nothing was just decided."""
    outcome("credit")
    found = waiting(here)
    if not found:
        return
    st.subheader(t("dash-credit", n=len(found)))
    st.caption(t("dash-credit-means"))
    for one in found:
        _one(here, one)


def _one(here: RoundView, one: CreditProposal) -> None:
    key = one.enterprise_id
    with st.container(border=True):
        heading(one.name, 3, " · ".join([t(f"dash-credit-{one.action}"), track_title(here.edition, one.track)]))
        bullets(
            [
                t("dash-credit-listing", kind=what.kind, authority=what.authority or "-", on=what.listed_on)
                + (t("dash-credit-removed", on=what.removed_on) if what.removed_on else "")
                for what in one.listings
            ]
        )
        if not may(here.user, "change_membership"):
            return
        with st.form(f"credit_{key}", border=False):
            st.text_area(t("dash-credit-why"), key=f"credit_why_{key}", height=68)
            columns = st.columns(2)
            columns[0].date_input(
                t("dash-credit-from"), value=settings().today, key=f"credit_from_{key}", format="YYYY-MM-DD"
            )
            columns[1].file_uploader(
                t("dash-objection-evidence"), type=[name[1:] for name in ACCEPTED], accept_multiple_files=True,
                key=f"credit_evidence_{key}", max_upload_size=10,
            )  # fmt: skip
            with st.container(horizontal=True):
                st.form_submit_button(
                    t(f"dash-credit-do-{one.action}"), type="primary", on_click=_do_accept, args=(here, key)
                )
                st.form_submit_button(t("dash-credit-dismiss"), on_click=_do_dismiss, args=(here, key))


def _do_accept(here: RoundView, key: str) -> None:
    def act() -> None:
        kept = [keep_evidence(settings(), name, content) for name, content in files_in(f"credit_evidence_{key}")]
        Credit(store(), settings()).accept(
            here.user, key, text=typed(f"credit_why_{key}"), from_day=day_in(f"credit_from_{key}"), evidence=kept
        )

    attempt("credit", act, "dash-credit-done", {f"credit_why_{key}": ""})


def _do_dismiss(here: RoundView, key: str) -> None:
    why = typed(f"credit_why_{key}")
    attempt(
        "credit", lambda: Credit(store(), settings()).dismiss(here.user, key, text=why), "dash-credit-dismissed",
        {f"credit_why_{key}": ""},
    )  # fmt: skip
