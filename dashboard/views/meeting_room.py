"""The item before the meeting, to be read from across the room: who it is, why it stands there, the votes."""

from __future__ import annotations

import streamlit as st

from dashboard.display import as_text, facts_html, missing, number, share
from dashboard.list_line import line_of, strip
from dashboard.naming import section_name, size_name, track_title
from dashboard.navigation import open_enterprise
from dashboard.round_view import RoundView
from dashboard.session import language, t
from dashboard.standing import rivals, standing
from dashboard.votes import result_of
from scoring.committee.review import ItemView
from scoring.scores.reasons import Reason, reasons

NAMED = 3
"""So many reasons on each side are read in a room."""


def room(here: RoundView, views: dict[str, ItemView]) -> None:
    """Draw one item of the agenda at a time, with steps to the one before and after; the address holds which."""
    if not views:
        st.info(t("dash-meeting-no-agenda"))
        return
    keys = list(views)
    key = _chosen(keys, views)
    at = keys.index(key)
    with st.container(horizontal=True, vertical_alignment="center", key="steps"):
        for word, shortcut, step in (("before", "Alt+Left", -1), ("after", "Alt+Right", 1)):
            there = at + step
            st.button(
                t(f"dash-meeting-{word}"), shortcut=shortcut, disabled=not 0 <= there < len(keys), on_click=_go,
                args=(keys[min(max(there, 0), len(keys) - 1)],), key=f"meeting_{word}",
            )  # fmt: skip
        if st.button(t("dash-meeting-open-item"), icon=":material/open_in_full:", type="tertiary"):
            open_enterprise(key)
        st.caption(t("dash-meeting-item", at=at + 1, n=len(keys)))
    _card(here, key, views[key])


def _chosen(keys: list[str], views: dict[str, ItemView]) -> str:
    """The item in the address, else the first that lacks votes, else the first."""
    asked = str(st.query_params.get("item", ""))
    if asked in views:
        return asked
    return next((key for key in keys if views[key].votes_cast < views[key].votes_needed), keys[0])


def _go(key: str) -> None:
    st.query_params["item"] = key


def _card(here: RoundView, key: str, view: ItemView) -> None:
    row = here.row(key)
    about = [track_title(here.edition, str(row["track"])), size_name(str(row["size_class"]))]
    about += [section_name(str(row["industry_section"]))] if not missing(row["industry_section"]) else []
    about += [str(row["street"])] if not missing(row["street"]) else []
    hidden = view.points_hidden or missing(row["rank"])
    line = line_of(here, str(row["track"]))
    told: list[tuple[str, str] | tuple[str, str, str]] = []
    if not hidden:
        told = [
            (t("dash-col-rank"), f"{int(row['rank']):,}", t("dash-of", n=line.ranked)),
            (t("dash-col-score"), number(row["score"])),
            (t("dash-col-inclusion"), share(row["inclusion"])),
        ]
    told.append((t("dash-meeting-votes"), f"{view.votes_cast} / {view.votes_needed}", result_of(view)[0]))
    if view.override is not None:
        status = "" if view.override_status == "in_force" else t(f"dash-override-status-{view.override_status}")
        told.append((t("dash-meeting-decision"), t(f"dash-kind-{view.override.kind}"), status))
    st.html(
        f'<section class="mulu-room"><h2>{as_text(here.name(key))}</h2><p>{as_text(" · ".join(about))}</p>'
        f"{'' if hidden else _stands(here, key)}{facts_html(told)}</section>"
    )
    if hidden:
        st.info(t("dash-points-hidden") if view.points_hidden else t("dash-meeting-not-ranked"))
        return
    if not missing(row["rank_low"]):
        st.html(strip(int(row["rank"]), int(row["rank_low"]), int(row["rank_high"]), line))
    found = reasons(here.ranking, key, language(), n=NAMED)
    for place, word, sentences in zip(
        st.columns(2, gap="large"), ("for", "against"), (found.for_, found.against), strict=True
    ):
        items = "".join(f"<li>{as_text(one.text)}{_against(one)}</li>" for one in sentences)
        with place:
            st.subheader(t(f"dash-{word}"))
            st.html(f'<section class="mulu-room"><ul>{items}</ul></section>')
    if view.comments:
        st.caption(
            t(
                "dash-meeting-comments",
                n=len(view.comments),
                names=list(dict.fromkeys(one.name for one in view.comments)),
            )
        )


def _stands(here: RoundView, key: str) -> str:
    """Whether it is on the list, and what decided that."""
    row = here.row(key)
    note = rivals(here, key, row)
    return f"<h3>{as_text(standing(here, key, row))}</h3>" + (f"<p>{as_text(note)}</p>" if note else "")


def _against(one: Reason) -> str:
    return f"<small>{as_text(t('dash-runs-against'))}</small>" if one.runs_against else ""
