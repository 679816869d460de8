"""Ranking: who stands where, and why; find, narrow, order, open. One page of rows at a time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.display import as_option, missing, number, refused, share, signed
from dashboard.empty_states import nothing_ranked
from dashboard.list_line import Line, lines, tell_impossible, tell_recusals
from dashboard.naming import factor_label, place_text, section_name, size_name, track_title
from dashboard.navigation import asked_of_address, open_enterprise, remember_address
from dashboard.point_breakdown import factor_points
from dashboard.round_view import RoundView, found_by, round_view, with_reserve
from dashboard.saved_view import LISTS, ROWS, Places, View, end_of_list, page_of
from dashboard.session import language, t
from dashboard.sheets import offer_rows
from dashboard.table import Column, asked_of, badge, table
from scoring.scores.notes import basis_text

TABLE = "ranking_table"
PLACES = {"listed": "good", "reserve": "warn", "off": "plain"}


def page() -> None:
    """Draw the page."""
    st.header(t("dash-page-ranking"))
    here = round_view()
    if here is None:
        nothing_ranked("ranking")
        return
    asked = asked_of(TABLE)
    if asked.opened and here.known(asked.opened):
        open_enterprise(asked.opened)
    view = _view(here, asked.sort)
    if view.status == "reserve":
        with st.spinner(t("dash-reserve-working")):
            here = with_reserve(here)
    found = found_by(here, view)
    rows, pages = page_of(here.rows, found, view)
    view = replace(view, page=min(view.page, pages))
    _remember(view)
    tell_impossible(here)
    tell_recusals(here)
    if here.withheld is not None:
        refused(here.withheld)
    ends = not view.reverse and (view.sort == "score" or (view.sort == "rank" and bool(view.track)))
    end = end_of_list(here.rows, found) if ends else 0
    _summary(here, found, view, end)
    _table(here, rows, view, end)
    _foot(here, found, view, pages)


def _view(here: RoundView, sort: str) -> View:
    """The view in the address; what the fields around the table say replaces it, and the order that was asked for."""
    view = View.of(asked_of_address("ranking", ("q", "track", "size", "section", "street", "status", "page")))
    turned = int(st.session_state.get("ranking_page", view.page))
    with st.container(key="steps"):
        first = st.columns([3, 2, 1.5], vertical_alignment="bottom")
        q = first[0].text_input(
            t("dash-find"), value=view.q, key="ranking_q", placeholder=t("dash-find-hint"), icon=":material/search:"
        )
        status = first[1].selectbox(
            t("dash-filter-status"),
            LISTS,
            index=LISTS.index(view.status),
            format_func=lambda one: t(f"dash-status-{one}"),
            key="ranking_status",
        )
        held = (st.session_state.get(f"ranking_{name}", getattr(view, name)) for name in ("size", "section", "street"))
        narrowed = sum(map(bool, held))
        with first[2].popover(
            t("dash-more-filters-on", n=narrowed) if narrowed else t("dash-more-filters"),
            icon=":material/tune:",
            width="stretch",
        ):
            size = _choice("size", view.size, _values(here, "size_class"))
            section = _choice("section", view.section, _values(here, "industry_section"))
            street = _choice("street", view.street, _values(here, "street"))
        track = _track(here, view)
    asked = replace(view, q=q, track=track, status=status, size=size, section=section, street=street)
    if sort:
        return asked.sorted_by(sort)
    return replace(asked, page=turned if asked == view else 1)


def _track(here: RoundView, view: View) -> str:
    """The tracks side by side."""
    options = ["", *(one.id for one in here.edition.tracks)]

    def word(one: str) -> str:
        return track_title(here.edition, one) if one else t("dash-all-tracks")

    chosen = st.segmented_control(
        t("dash-filter-track"), options, default=view.track if view.track in options else "", format_func=word,
        key="ranking_track", label_visibility="collapsed", required=True,
    )  # fmt: skip
    return str(chosen or "")


def _choice(name: str, value: str, known: list[str]) -> str:
    words = {"size": size_name, "section": section_name, "street": as_option}
    options = ["", *known]
    chosen = st.selectbox(
        t(f"dash-filter-{name}"),
        options,
        index=options.index(value) if value in options else 0,
        format_func=lambda one: words[name](one) if one else t("dash-all"),
        key=f"ranking_{name}",
    )
    return str(chosen or "")


@st.cache_data(show_spinner=False, max_entries=32)
def _known(world: str, column: str, _rows: pd.DataFrame) -> list[str]:
    return sorted(str(one) for one in _rows[column].dropna().unique() if str(one))


def _values(here: RoundView, column: str) -> list[str]:
    return _known(here.world, column, here.rows) if column in here.rows else []


def _remember(view: View) -> None:
    """Write the view into the address, so that the link reopens it."""
    remember_address("ranking", view.query())
    st.session_state["ranking_view"] = view


def _turn(page: int) -> None:
    st.session_state["ranking_page"] = page


def _turned(key: str) -> None:
    _turn(int(st.session_state[key]))


def _summary(here: RoundView, found: Places, view: View, end: int) -> None:
    """How many there are, and a way to the page on which the list ends."""
    listed = int((here.rows["place"] == "listed").sum())
    everybody = len(found) == len(here.rows)
    told = t(f"dash-ranking-{'all' if everybody else 'found'}", found=len(found), all=len(here.rows), listed=listed)
    told += " " + basis_text(here.ranking, language())
    page = (end - 1) // ROWS + 1
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(told, width="content")
        if 0 < end < len(found) and page != view.page:
            st.button(
                t("dash-to-the-line", page=page), type="tertiary", icon=":material/vertical_align_center:",
                on_click=_turn, args=(page,),
            )  # fmt: skip


def _table(here: RoundView, rows: pd.DataFrame, view: View, end: int) -> None:
    columns = [
        Column("rank", t("dash-col-rank"), "mark", sort="rank", help=t("dash-col-rank-help")),
        Column("name", t("dash-col-name"), "link", sort="name", width="25.5%"),
        Column("track", t("dash-col-track"), "mark"),
        Column("score", t("dash-col-score"), "number", sort="score", help=t("dash-col-score-help")),
        Column("factors", t("dash-col-factors"), "stack", help=t("dash-col-factors-help")),
        Column("range", t("dash-col-range"), "range", sort="width", help=t("dash-col-range-help")),
        Column("inclusion", t("dash-col-inclusion"), "number", sort="inclusion", help=t("dash-col-inclusion-help")),
        Column("coverage", t("dash-col-coverage"), "number", sort="coverage", help=t("dash-col-coverage-help")),
        Column("place", t("dash-col-place"), "badge"),
    ]
    table(
        TABLE,
        columns,
        _cells(here, rows, end - (view.page - 1) * ROWS if end else -1),
        caption=t("dash-ranking-caption", page=view.page),
        sorted_by=view.sort,
        descending=view.descending,
        address="enterprise",
        legend=[factor_label(str(name)) for name in factor_points(here.ranking, _with_points(here, rows)[:1]).columns],
        empty=t("dash-ranking-none"),
    )


def _cells(here: RoundView, rows: pd.DataFrame, end: int) -> list[dict[str, Any]]:
    """The cells of a page's rows; the line is drawn above the row at place `end` (from 0), if it is on the page."""
    factors = factor_points(here.ranking, _with_points(here, rows))
    most = float(factors.clip(lower=0).sum(axis=1).max()) if len(factors) else 1.0
    known = lines(here)
    shown: list[dict[str, Any]] = []
    for at, (key, row) in enumerate(rows.iterrows()):
        cell = _row(here, str(key), row, known.get(str(row["track"]), Line(1, 0, 0.0)))
        cell["factors"] = _stack(factors, str(key), most) if key in factors.index else None
        if at == end:
            cell["break"] = t("dash-the-line")
        shown.append(cell)
    return shown


def _with_points(here: RoundView, rows: pd.DataFrame) -> list[str]:
    """The rows whose points the person may see: a round may hide them until the vote."""
    told = here.ranking.detail.index
    return [str(key) for key in rows.index if key in told]


def _row(here: RoundView, key: str, row: pd.Series[Any], line: Line) -> dict[str, Any]:
    ranked = not missing(row["rank"])
    place = {"text": f"{int(row['rank']):,}", "note": t("dash-of", n=line.ranked)} if ranked else None
    cell: dict[str, Any] = {
        "id": key,
        "name": {"text": str(row["name"] or key), "note": key},
        "rank": place,
        "track": {
            "text": track_title(here.edition, str(row["track"])),
            "note": size_name(str(row["size_class"])),
        },
        "score": number(row["score"]),
        "inclusion": share(row["inclusion"]),
        "coverage": share(row["coverage"]),
        "place": badge(place_text(str(row["place"]), bool(row["eligible"]), str(row["decision"] or "")), _tone(row)),  # type: ignore[arg-type]
        "range": None,
    }
    if ranked and not missing(row["rank_low"]):
        low, high = int(row["rank_low"]), int(row["rank_high"])
        told = t("dash-range-text", low=low, high=high)
        cell["range"] = {
            "low": low, "high": high, "at": int(row["rank"]), "max": line.shown, "line": line.listed,
            "text": told, "short": f"{low:,}–{high:,}",
        }  # fmt: skip
    return cell


def _tone(row: pd.Series[Any]) -> str:
    return "bad" if not bool(row["eligible"]) else PLACES[str(row["place"])]


def _stack(points: pd.DataFrame, key: str, most: float) -> dict[str, Any]:
    named = [(factor_label(str(name)), float(str(points.at[key, name])), at) for at, name in enumerate(points.columns)]
    words = ", ".join(f"{label} {signed(value)}" for label, value, _ in named if abs(value) >= 0.05)
    parts = [{"label": f"{label} {signed(value)}", "value": value, "tone": at} for label, value, at in named]
    return {"parts": parts, "max": most, "text": words}


def _foot(here: RoundView, found: Places, view: View, pages: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="ranking_foot"):
        if pages > 1:
            _pagination(view.page, pages)
        st.caption(t("dash-rows-a-page", rows=ROWS))
        offer_rows(here, found)


def _pagination(page: int, pages: int) -> None:
    """The pages to turn. Where something else has turned the page, a new widget starts at it: one that has a value
    already takes another only with a warning; who turns here keeps the widget, and the focus on it."""
    _turn(page)
    number = int(st.session_state.get("ranking_pages", 0))
    if st.session_state.get(f"ranking_pages_{number}", page) != page:
        number += 1
        st.session_state["ranking_pages"] = number
    key = f"ranking_pages_{number}"
    st.pagination(pages, default=page, key=key, on_change=_turned, args=(key,))
