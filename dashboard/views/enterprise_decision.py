"""What the committee has decided of an enterprise, and how it voted: for everybody who may read it, in every phase."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard.attachments import offer_attachment
from dashboard.display import as_label, bullets, line, moment, quoted
from dashboard.events import effect_told
from dashboard.round_view import RoundView
from dashboard.session import t
from scoring.committee.review import ItemView
from scoring.committee.rounds import Override


def told_decision(here: RoundView, view: ItemView, live: Override) -> None:
    """A decision with its reason, what it changes, its evidence, who made it and who agreed."""
    kind = t(f"dash-kind-{live.kind}") + (f" → {live.to_rank}" if live.to_rank else "")
    st.markdown(f"**{kind}** · {t(f'dash-override-status-{view.override_status}')}")
    st.caption(t(f"dash-reason-{live.reason_type}"))
    quoted(live.text, f"{live.author} · {moment(live.recorded_at)}")
    if live.approved_by:
        st.caption(t("dash-override-approved", name=as_label(live.approved_by)))
    if live.expires_on:
        st.caption(t("dash-override-until", day=live.expires_on))
    told_effect(here, live.effect)
    for at, one in enumerate(live.evidence):
        offer_attachment(one, f"{view.enterprise_id}_{live.seq}_{at}")


def told_effect(here: RoundView, effect: Mapping[str, Any]) -> None:
    """What a decision changes: rank and place before and after, and who moves because of it; nothing where that is
    hidden from the person."""
    if not effect:
        return
    first, *others = effect_told(effect, here.name)
    st.info(first)
    for one in others:
        line(one)


def told_recusals(view: ItemView) -> None:
    """Who does not take part, and why."""
    if view.conflicts:
        st.caption(t("dash-recused"))
        bullets([f"{one.name} · {t(f'dash-conflict-{one.conflict_type}')}" for one in view.conflicts])
