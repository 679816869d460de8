"""Enterprise: one page that answers "why this rank", and where the committee acts on it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.acting import outcome
from dashboard.display import NOTHING, as_text, bullets, facts, heading, line, missing, number, refused, share, signed
from dashboard.empty_states import nothing_ranked
from dashboard.list_line import line_of, strip
from dashboard.naming import section_name, size_name, track_title
from dashboard.navigation import go, open_enterprise, step_to
from dashboard.round_view import RoundView, found_by, round_view
from dashboard.saved_view import View, beside
from dashboard.session import language, settings, store, t
from dashboard.standing import gap_to_line, rivals, standing
from dashboard.table import Column, table
from dashboard.views.enterprise_acts import acts
from dashboard.views.enterprise_points import points
from dashboard.views.enterprise_record import record
from data.refusal import Refusal
from scoring.committee.membership import members_on
from scoring.committee.review import ItemView
from scoring.publishing.dossier import asked_for
from scoring.scores.least_change import change_text, least_change, speaking_models
from scoring.scores.notes import basis_text
from scoring.scores.ranking import Ranking
from scoring.scores.reasons import Reason, Reasons, reasons


def page() -> None:
    """Draw the page."""
    here = round_view()
    if here is None:
        st.header(t("dash-page-enterprise"))
        nothing_ranked("enterprise")
        return
    key = str(st.query_params.get("id", ""))[:40].strip()
    key = key if here.known(key) else key.upper() if here.known(key.upper()) else key
    if not key or not here.known(key):
        _find(here, key)
        return
    # Asked for by address, a recused person's item is refused by the service, and the denial is an event.
    view = here.review.item(key, here.user) if here.review else None
    row = here.row(key)
    hidden = bool(view and view.points_hidden)
    _steps(here, key, dossier=not hidden and not missing(row["rank"]))
    _title(here, key, row)
    _membership(here, key)
    why, do = st.columns([3, 2], gap="large")
    with why:
        if hidden:
            st.info(t("dash-points-hidden"), icon=":material/visibility_off:")
        else:
            _verdict(here, key, row)
            _reasons(here, key)
            _least_change(here, key, row)
    with do, st.container(key="acts"):
        _acts(here, view)
    if not hidden:
        points(here, key, row)
    record(here, key, view)


def _find(here: RoundView, asked: str) -> None:
    """No enterprise is named, or none that this person may see: search."""
    st.header(t("dash-page-enterprise"))
    outcome("enterprise")
    if asked:
        refused(_why_not(here, asked))
    words = st.text_input(t("dash-find"), placeholder=t("dash-find-hint"), key="find_words", icon=":material/search:")
    if not words:
        st.caption(t("dash-find-empty"))
        return
    found = here.rows.iloc[found_by(here, View(q=words))[:20]]
    if found.empty:
        st.info(t("dash-ranking-none"))
        return
    opened = table(
        "found",
        [Column("name", t("dash-col-name"), "link", width="50%"), Column("track", t("dash-col-track"), "mark")],
        [
            {
                "id": str(key),
                "name": {"text": str(row["name"] or key), "note": str(key)},
                "track": {
                    "text": track_title(here.edition, str(row["track"])),
                    "note": size_name(str(row["size_class"])),
                },
            }
            for key, row in found.iterrows()
        ],
        caption=t("dash-find"),
        address="enterprise",
    ).opened
    if opened and here.known(opened):
        open_enterprise(opened)


def _why_not(here: RoundView, asked: str) -> Refusal:
    """Why the enterprise that the address names is not shown: the service refuses it, or nobody has that code."""
    try:
        if here.review is not None:
            here.review.item(asked, here.user)
    except Refusal as refusal:
        return refusal
    return Refusal("dash-enterprise-unknown", enterprise=asked[:40])


def _steps(here: RoundView, key: str, dossier: bool) -> None:
    """Back to the list, the enterprises before and after in the view that the reader came from, and papers."""
    view = st.session_state.get("ranking_view", View())
    found = found_by(here, view)
    before, after, at = beside(here.rows, found, key)
    with st.container(horizontal=True, vertical_alignment="center", key="steps"):
        if st.button(t("dash-back"), icon=":material/arrow_back:", type="tertiary"):
            go("ranking", **st.session_state.get("ranking_address", {}))
        st.button(
            t("dash-before"), icon=":material/keyboard_arrow_up:", disabled=not before, shortcut="Alt+Up",
            on_click=step_to, args=(before,),
        )  # fmt: skip
        st.button(
            t("dash-after"), icon=":material/keyboard_arrow_down:", disabled=not after, shortcut="Alt+Down",
            on_click=step_to, args=(after,),
        )  # fmt: skip
        if st.button(t("dash-print"), icon=":material/print:", type="tertiary"):
            st.html(f"<script>/* {secrets.token_hex(4)} */ window.print()</script>", unsafe_allow_javascript=True)
        if dossier and here.review is not None:
            review, tongue = here.review, language()
            st.download_button(
                t("dash-dossier"), data=lambda: asked_for(review, here.user, key, tongue), mime="text/html",
                file_name=f"{key}.html", icon=":material/article:", type="tertiary", on_click="ignore",
            )  # fmt: skip
        if at:
            st.caption(t("dash-at-of", at=at, n=len(found)), width="content")


def _title(here: RoundView, key: str, row: pd.Series[Any]) -> None:
    track = track_title(here.edition, str(row["track"]))
    about = [key, track, size_name(str(row["size_class"]))]
    if not missing(row["industry_section"]):
        about.append(section_name(str(row["industry_section"])))
    about += [str(row[name]) for name in ("street",) if not missing(row[name])]
    heading(str(row["name"]), 1, " · ".join(about))


def _membership(here: RoundView, key: str) -> None:
    """A member that was suspended or has left since the list was published: the list itself stays as it was signed."""
    if here.state is None or here.state.phase != "published":
        return
    day = settings().today
    found = next((one for one in members_on(store(), day, everyone=True) if one.enterprise_id == key), None)
    if found is not None and found.status != "active":
        st.warning(t(f"dash-member-{found.status}", day=day.isoformat()), icon=":material/pause_circle:")


def _verdict(here: RoundView, key: str, row: pd.Series[Any]) -> None:
    """The answer to "why this rank" in one sentence, its figures, and a strip that shows the place against the line."""
    if not bool(row["eligible"]):
        st.warning(t("dash-ineligible", rule=_rule(here, str(row["ineligible_reason"]))), icon=":material/block:")
        return
    if missing(row["rank"]):
        return
    end = line_of(here, str(row["track"]))
    rank = int(row["rank"])
    gap = gap_to_line(here, key, row)
    st.html(f'<div class="mulu-verdict"><h2>{as_text(standing(here, key, row))}</h2></div>')
    st.caption(basis_text(here.ranking, language()))
    facts(
        [
            (t("dash-col-rank"), t("dash-rank-of", rank=rank, n=end.ranked)),
            (t("dash-col-score"), number(row["score"]), _gap(here, gap, bool(row["incumbent"])) if end.listed else ""),
            (t("dash-col-inclusion"), share(row["inclusion"])),
            (t("dash-col-coverage"), share(row["coverage"])),
        ],
        large=True,
    )
    if not missing(row["rank_low"]):
        st.html(strip(rank, int(row["rank_low"]), int(row["rank_high"]), end))
    if told := rivals(here, key, row):
        st.caption(told)


def _gap(here: RoundView, gap: float, incumbent: bool) -> str:
    """How far from the line, and the margin that an incumbent has in it."""
    told = t("dash-gap-over" if gap >= 0 else "dash-gap-under", gap=abs(gap))
    rule = here.edition.list.incumbents
    return told + t("dash-gap-incumbent", margin=rule.margin) if incumbent and rule and rule.margin else told


def _rule(here: RoundView, rule: str) -> str:
    titles = {one.id: one.title.of(language()) for one in here.edition.eligibility}
    return titles.get(rule) or t(f"reason-{rule or 'no-track'}")


@st.cache_resource(show_spinner=False, max_entries=4096)
def _kept_reasons(world: str, key: str, tongue: str, _ranking: Ranking) -> Reasons:
    return reasons(_ranking, key, tongue)


def _reasons(here: RoundView, key: str) -> None:
    found = _kept_reasons(here.world, key, language(), here.ranking)
    st.subheader(t("dash-why"), help=t("dash-why-help"))
    widest = max((abs(one.difference) for one in (*found.for_, *found.against)), default=1.0)
    for title, told in ((t("dash-for"), found.for_), (t("dash-against"), found.against)):
        st.markdown(f"**{title}**")
        st.html(_reason_list(told, widest) or f"<p>{NOTHING}</p>")
    if found.unknown:
        with st.expander(t("dash-unknown", n=len(found.unknown)), icon=":material/help:"):
            bullets([one.text for one in found.unknown])


def _reason_list(told: Sequence[Reason], widest: float) -> str:
    """Reasons as a list: the difference to its like as a bar with its number, then the sentence."""
    items = []
    for one in told:
        note = f"<small>{as_text(t('dash-runs-against'))}</small>" if one.runs_against else ""
        width = max(round(100 * abs(one.difference) / widest), 2)
        items.append(
            f'<li class="{"up" if one.difference >= 0 else "down"}"><b>{signed(one.difference)}</b>'
            f'<i style="width:{width}%"></i><span>{as_text(one.text)}{note}</span></li>'
        )
    return f'<ul class="mulu-reasons">{"".join(items)}</ul>' if items else ""


def _least_change(here: RoundView, key: str, row: pd.Series[Any]) -> None:
    """What the enterprise itself would have to change to cross the line, worked out when it is asked for, and kept
    while other things are done on the page."""
    selection = here.selection
    if selection is None or missing(row["rank"]) or row["place"] == "listed":
        return
    name = f"least_change_{here.world}_{selection.digest}_{key}_{language()}"
    with st.expander(t("dash-least-change"), icon=":material/moving:"):
        st.caption(t("dash-least-change-means"))
        if name not in st.session_state:
            st.button(
                t("dash-least-change-find"), key=f"least_{key}", on_click=st.session_state.setdefault, args=(name,)
            )
            return
        if st.session_state[name] is None:
            lacks = selection.lacks(key)
            models = speaking_models(settings(), here.ranking) if lacks else {}
            found = least_change(here.ranking, key, lacks, models) if lacks else None
            st.session_state[name] = list(change_text(here.ranking, found, language())) if found else []
        needed, *ways = st.session_state[name] or [t("dash-least-change-none")]
        line(needed)
        if ways:
            bullets(ways)


def _acts(here: RoundView, view: ItemView | None) -> None:
    st.subheader(t("dash-decide"))
    if here.review is None or view is None:
        st.caption(t("dash-no-round"))
        return
    acts(here, here.review, view)
