"""An enterprise's own facts, as known on the ranking's date: figures by year beside its peers', and its papers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
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


@dataclass(frozen=True)
class ClosedYears:
    """The figures of everybody's closed years as known on a date: `table` has columns at (the place of the enterprise
    in `ids`), year and `FIGURES` (yuan, persons), ordered by at and year; the rows of place p are those from `first[p]`
    to `first[p + 1]`."""

    ids: pd.Index
    table: pd.DataFrame
    first: np.ndarray[Any, np.dtype[np.int64]]

    def of(self, key: str) -> pd.DataFrame:
        """The closed years of one enterprise, oldest first; no rows for one that has none."""
        if key not in self.ids:
            return self.table.iloc[:0].drop(columns="at")
        at = int(self.ids.get_loc(key))  # type: ignore[arg-type]
        return self.table.iloc[self.first[at] : self.first[at + 1]].drop(columns="at").reset_index(drop=True)


@st.cache_resource(show_spinner=False, max_entries=2)
def _closed_years(home: str, digest: str, as_of: date) -> ClosedYears:
    """Read once for all visitors: a file of reports holds everybody, so that one enterprise costs as much as all."""
    columns = ["enterprise_id", "period_end", "known_on", "batch_id", *FIGURES]
    known = (pc.field("period_months") == 12) & (pc.field("known_on") <= as_of)
    parts = [pq.read_table(path, columns=columns, filters=known) for path in store().files("reports")]
    rows = pa.concat_tables(parts, promote_options="default") if parts else pa.table({name: [] for name in columns})
    at, ids = pd.factorize(rows["enterprise_id"].to_pandas(), sort=True)
    year = pc.year(rows["period_end"].cast(pa.date32())).to_numpy()
    learned = rows["known_on"].cast(pa.date32()).cast(pa.int32()).to_numpy()
    batch = np.unique(np.asarray(rows["batch_id"].to_pylist(), dtype=str), return_inverse=True)[1]
    order = np.lexsort((batch, learned, year, at))
    newest = np.append((np.diff(at[order]) != 0) | (np.diff(year[order]) != 0), True) if len(order) else order == 0
    kept = order[newest]
    figures = {name: rows[name].to_numpy()[kept].astype(float) for name in FIGURES}
    table = pd.DataFrame({"at": at[kept], "year": year[kept], **figures})
    return ClosedYears(pd.Index(ids), table, np.searchsorted(at[kept], np.arange(len(ids) + 1)))


def closed_years(here: RoundView) -> ClosedYears:
    """Everybody's closed years as known on the ranking's date, also of those whom the person may not see."""
    digest = here.ranking.sources.get("store", "")
    told: ClosedYears = _closed_years(str(settings().home), digest, here.ranking.as_of)
    return told


def by_year(here: RoundView, key: str) -> pd.DataFrame:
    """Closed years of an enterprise: columns year and `FIGURES` (yuan, persons)."""
    return closed_years(here).of(key)


@st.cache_data(show_spinner=False, max_entries=256)
def _peer_band(world: str, section: str, size: str, _here: RoundView) -> pd.DataFrame:
    peers = (_here.rows["industry_section"] == section) & (_here.rows["size_class"] == size)
    everyone = closed_years(_here)
    places = everyone.ids.isin(_here.rows.index[peers.to_numpy(dtype=bool)])
    rows = everyone.table[places[everyone.table["at"].to_numpy()]]
    long = rows.melt(id_vars="year", value_vars=list(FIGURES), var_name="figure").dropna()
    groups = long.groupby(["year", "figure"])["value"]
    band = groups.quantile([0.25, 0.5, 0.75]).unstack()
    if band.empty:
        return pd.DataFrame(columns=["year", "figure", "low", "middle", "high"])
    band.columns = pd.Index(["low", "middle", "high"])
    found: pd.DataFrame = band[groups.size() >= FEWEST_PEERS].reset_index()
    return found


def peer_band(here: RoundView, key: str) -> pd.DataFrame:
    """The middle half of the peers (same industry section and size class) by year.

    Columns: year, figure (one of `FIGURES`), low, middle, high (quartiles; yuan, persons).
    """
    row = here.row(key)
    found: pd.DataFrame = _peer_band(here.world, str(row["industry_section"]), str(row["size_class"]), here)
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
