"""An enterprise's own facts, as known on the ranking's date: figures by year beside its peers', and its papers."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pyarrow.compute as pc
import pyarrow.parquet as pq
import streamlit as st

from dashboard.round_view import RoundView
from dashboard.session import settings, store
from data.tables import TABLES

FIGURES = ("revenue_cny", "employees", "net_profit_cny", "rd_expense_cny")
"""What is drawn by year; taxes are never shown."""
FEWEST_PEERS = 5
"""Below so many peers a band would show single enterprises' figures."""


@st.cache_data(show_spinner=False, max_entries=512)
def _rows(home: str, digest: str, table: str, key: str) -> pd.DataFrame:
    """All rows of one enterprise in a table, oldest knowledge first; a file is read by the rows that it needs."""
    parts = [pq.read_table(path, filters=[("enterprise_id", "=", key)]).to_pandas() for path in store().files(table)]
    names = ["enterprise_id", *TABLES[table].names, "known_on", "batch_id"]
    known = [part for part in parts if len(part)]
    rows = pd.concat(known, ignore_index=True) if known else pd.DataFrame(columns=names)
    return rows.sort_values(["known_on", "batch_id"], kind="stable", ignore_index=True)


def rows_of(here: RoundView, table: str, key: str) -> pd.DataFrame:
    """The rows of one enterprise known on the ranking's date; for each fact the newest knowledge of it."""
    rows = _rows(str(settings().home), here.ranking.sources.get("store", ""), table, key)
    rows = rows[pd.to_datetime(rows["known_on"]) <= pd.Timestamp(here.ranking.as_of)]
    fact = list(TABLES[table].key)
    return rows.drop_duplicates(fact, keep="last") if fact else rows.tail(1)


def by_year(here: RoundView, key: str) -> pd.DataFrame:
    """Closed years of an enterprise: columns year and `FIGURES` (yuan, persons)."""
    rows = rows_of(here, "reports", key)
    closed = rows[rows["period_months"] == 12].copy()
    closed["year"] = pd.to_datetime(closed["period_end"]).dt.year
    return closed.sort_values("year")[["year", *FIGURES]].reset_index(drop=True)


@st.cache_data(show_spinner=False, max_entries=64)
def _peer_band(home: str, world: str, as_of: date, section: str, size: str, _keys: tuple[str, ...]) -> pd.DataFrame:
    wanted = pc.field("enterprise_id").isin(list(_keys)) & (pc.field("period_months") == 12)
    columns = ["enterprise_id", "period_end", "known_on", "batch_id", *FIGURES]
    parts = [pq.read_table(path, columns=columns, filters=wanted).to_pandas() for path in store().files("reports")]
    parts = [part for part in parts if len(part)]
    if not parts:
        return pd.DataFrame(columns=["year", "figure", "low", "middle", "high"])
    rows = pd.concat(parts, ignore_index=True)
    rows = rows[pd.to_datetime(rows["known_on"]) <= pd.Timestamp(as_of)]
    rows = rows.sort_values(["known_on", "batch_id"], kind="stable")
    rows = rows.drop_duplicates(["enterprise_id", "period_end"], keep="last")
    rows["year"] = pd.to_datetime(rows["period_end"]).dt.year
    long = rows.melt(id_vars="year", value_vars=list(FIGURES), var_name="figure").dropna()
    groups = long.groupby(["year", "figure"])["value"]
    band = groups.quantile([0.25, 0.5, 0.75]).unstack()
    band.columns = pd.Index(["low", "middle", "high"])
    found: pd.DataFrame = band[groups.size() >= FEWEST_PEERS].reset_index()
    return found


def peer_band(here: RoundView, key: str) -> pd.DataFrame:
    """The middle half of the peers (same industry section and size class) by year.

    Columns: year, figure (one of `FIGURES`), low, middle, high (quartiles; yuan, persons).
    """
    row = here.row(key)
    section, size = str(row["industry_section"]), str(row["size_class"])
    peers = here.rows.index[(here.rows["industry_section"] == section) & (here.rows["size_class"] == size)]
    found: pd.DataFrame = _peer_band(
        str(settings().home), here.world, here.ranking.as_of, section, size, tuple(map(str, peers))
    )
    return found


def similar(here: RoundView, key: str, count: int = 3) -> dict[str, list[str]]:
    """The most similar enterprises of the same track, by points: some on the list, some off it, nearest first.

    Similar is a small sum of absolute differences of points by feature; ties go by identifier.
    """
    mine = here.row(key)
    peers = here.rows[(here.rows["track"] == mine["track"]) & here.rows["rank"].notna() & (here.rows.index != key)]
    close = peers.assign(_gap=(peers["score"] - float(mine["score"])).abs()).nsmallest(400, "_gap", keep="all")
    detail = here.ranking.detail
    distance = (detail.loc[close.index] - detail.loc[key]).abs().sum(axis=1).rename("distance")
    order = pd.DataFrame({"distance": distance, "place": close["place"]}).reset_index(names="id")
    order = order.sort_values(["distance", "id"])
    return {
        "on": [str(one) for one in order.loc[order["place"] == "listed", "id"].head(count)],
        "off": [str(one) for one in order.loc[order["place"] != "listed", "id"].head(count)],
    }
