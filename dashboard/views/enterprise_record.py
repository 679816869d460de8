"""The enterprise's record: figures by year, papers, similar enterprises, the review's timeline."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboard.charts import year_chart, year_tables
from dashboard.display import cny, day, missing, moment, number
from dashboard.drawing import draw, make_ready
from dashboard.events import event_text
from dashboard.figures import FIGURES, by_year, peer_band, rows_of, similar
from dashboard.naming import track_title
from dashboard.navigation import open_enterprise
from dashboard.round_view import RoundView
from dashboard.session import language, t
from dashboard.table import Column, Tone, badge, table
from scoring.committee.review import ItemView


def record(here: RoundView, key: str, view: ItemView | None) -> None:
    """Draw the record below the points."""
    hidden = bool(view and view.points_hidden)
    names = ["years", "papers", *([] if hidden else ["similar"]), "history"]
    tabs = st.tabs([t(f"dash-record-{name}") for name in names], on_change="rerun", key=f"record_{key}_{language()}")
    for tab, name in zip(tabs, names, strict=True):
        with tab:
            if not tab.open:
                continue
            if name == "history":
                _timeline(here, key, view)
            else:
                {"years": _years, "papers": _papers, "similar": _similar}[name](here, key)


def _years(here: RoundView, key: str) -> None:
    mine = by_year(here, key)
    if mine.empty:
        st.info(t("dash-record-no-years"))
        return
    band = peer_band(here, key)
    st.caption(t("dash-record-band") if len(band) else t("dash-record-no-band"))
    columns = st.columns(2, gap="large")
    shown = [name for name in FIGURES if mine[name].notna().any()]
    for at, name in enumerate(shown):
        with columns[at % 2]:
            _year(here, key, name, mine, band)
    with st.expander(t("dash-record-table")):
        years = [str(int(year)) for year in mine["year"]]
        table(
            "record_years",
            [Column("figure", t("dash-col-feature")), *(Column(year, year, "number") for year in years)],
            [
                {
                    "id": name,
                    "figure": t(f"dash-figure-{name}"),
                    **{year: _value(name, value) for year, value in zip(years, mine[name], strict=True)},
                }
                for name in shown
            ],
            caption=t("dash-record-table"),
        )


def _year(here: RoundView, key: str, name: str, mine: pd.DataFrame, band: pd.DataFrame) -> None:
    tongue = language()
    told = mine[["year", name]].rename(columns={name: "value"})
    peers = band[band["figure"] == name]
    title, tables = year_tables(told, peers, name, tongue)
    draw(("year", title, tongue), lambda: year_chart(title, tongue), title, tables)


def ready_year_chart(figure: str, largest: float, tongue: str) -> None:
    """Make the chart of a figure (its largest value in yuan or persons, which settles the unit) before it is asked."""
    peers = pd.DataFrame(columns=["year", "low", "middle", "high"], dtype=float)
    title, _ = year_tables(pd.DataFrame({"year": [2000], "value": [largest]}), peers, figure, tongue)
    make_ready(("year", title, tongue), lambda: year_chart(title, tongue), title)


def _value(name: str, value: float | None) -> str:
    return cny(value) if name.endswith("_cny") else number(value, 0)


def _papers(here: RoundView, key: str) -> None:
    """Each kind of paper, newest first; certificates and listings with whether they held on the ranking's date."""
    sections: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("recognitions", ("kind", "issuer", "granted_on", "expires_on")),
        ("integrity_events", ("kind", "authority", "listed_on", "removed_on")),
        ("grants", ("programme", "purpose", "amount_cny", "period_end")),
        ("directory_decisions", ("edition", "decision", "decided_on")),
    )
    for name, columns in sections:
        rows = rows_of(here, name, key)
        st.markdown(f"**{t(f'dash-table-{name}')}**")
        if rows.empty:
            st.caption(t("dash-record-none"))
            continue
        begins = next(one for one in DATES if one in columns)
        rows = rows.sort_values(begins, ascending=False, kind="stable", key=pd.to_datetime)
        shown = [Column(one, t(f"dash-paper-{one}"), "number" if one.endswith("_cny") else "text") for one in columns]
        ends = next((one for one in columns if one in ENDS), "")
        if ends:
            shown.append(Column("state", t("dash-paper-state"), "badge", help=t("dash-paper-state-help")))
        table(
            f"papers_{name}",
            shown,
            [
                {"id": str(at), **{one: _paper(one, row[one]) for one in columns}, "state": _state(here, ends, row)}
                for at, row in _records(rows)
            ],
            caption=t(f"dash-table-{name}"),
        )


DATES = ("granted_on", "listed_on", "period_end", "decided_on")
"""By which each kind of paper is put in order."""
ENDS: dict[str, tuple[Tone, Tone]] = {"expires_on": ("good", "plain"), "removed_on": ("bad", "plain")}
"""What ends a paper, and how it is marked while it holds and afterwards."""


def _state(here: RoundView, ends: str, row: dict[str, Any]) -> dict[str, str] | None:
    """Whether a paper held on the ranking's date, as the features count it: up to the day before it ends."""
    if not ends:
        return None
    over = not missing(row[ends]) and pd.Timestamp(row[ends]) <= pd.Timestamp(here.ranking.as_of)
    return badge(t(f"dash-paper-{ends}-{'over' if over else 'holds'}"), ENDS[ends][over])


def _records(rows: pd.DataFrame) -> list[tuple[int, dict[str, Any]]]:
    return [(at, {str(name): value for name, value in row.items()}) for at, row in enumerate(rows.to_dict("records"))]


def _paper(name: str, value: Any) -> str:  # noqa: ANN401 (a cell of any of the tables)
    if missing(value):
        return ""
    if name.endswith("_cny"):
        return cny(float(value))
    if name.endswith(("_on", "_end")):
        return day(value)
    return t(f"dash-decision-{value}") if name == "decision" else str(value)


def _similar(here: RoundView, key: str) -> None:
    if missing(here.row(key)["rank"]):
        st.caption(t("dash-record-none"))
        return
    st.caption(t("dash-similar-means"))
    found = similar(here, key)
    rows = []
    for one in (*found["on"], *found["off"]):
        row = here.row(one)
        place = str(row["place"])
        rows.append(
            {
                "id": one,
                "name": {"text": str(row["name"]), "note": one},
                "track": track_title(here.edition, str(row["track"])),
                "rank": str(int(row["rank"])),
                "score": number(row["score"]),
                "place": badge(t(f"dash-status-{place}"), "good" if place == "listed" else "plain"),
            }
        )
    asked = table(
        "similar",
        [
            Column("name", t("dash-col-name"), "link", width="40%"),
            Column("track", t("dash-filter-track")),
            Column("rank", t("dash-col-rank"), "number"),
            Column("score", t("dash-col-score"), "number"),
            Column("place", t("dash-col-place"), "badge"),
        ],
        rows,
        caption=t("dash-record-similar"),
        address="enterprise",
        empty=t("dash-record-none"),
    )
    if asked.opened and here.known(asked.opened):
        open_enterprise(asked.opened)


def _timeline(here: RoundView, key: str, view: ItemView | None) -> None:
    if here.review is None or view is None:
        st.caption(t("dash-no-round"))
        return
    rows = [
        {
            "id": str(event.seq),
            "when": moment(event.recorded_at),
            "who": event.actor,
            "what": event_text(event, here.name),
            "seq": str(event.seq),
        }
        for event in reversed(here.review.history(key, here.user))
    ]
    table(
        "timeline",
        [
            Column("when", t("dash-col-when"), "short"),
            Column("who", t("dash-col-who"), "short"),
            Column("what", t("dash-col-what"), width="60%"),
            Column("seq", "#", "number"),
        ],
        rows,
        caption=t("dash-history"),
        empty=t("dash-history-none"),
    )
