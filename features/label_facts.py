"""The closed years behind the growth and closure targets: what was the base at a date, and what came after."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from data.store import Store
from data.tables import TABLES

MERGED_WORDS = ("合并", "merged", "absorbed")
"""Words in a registration's status that say the enterprise went on in another."""
CLOSED_WORDS = ("注销", "吊销", "撤销", "清算", "deregistered", "revoked", "dissolved", "closed", "cancelled")
"""Words in a registration's status that say the enterprise exists no longer; those of `MERGED_WORDS` say so too."""

PROVENANCE = ("known_on", "batch_id", "source_row")


def read_columns(store: Store, table: str, columns: Sequence[str]) -> pd.DataFrame:
    """Some columns of all live rows of a table; a column that an earlier schema lacked is missing in its rows."""
    schema = TABLES[table].arrow_schema
    wanted = pa.schema([schema.field(name) for name in columns])
    parts = [wanted.empty_table()]
    for path in store.files(table):
        stored = pq.ParquetFile(path)
        there = [name for name in columns if name in stored.schema_arrow.names]
        parts.append(stored.read(columns=there))
    joined = pa.concat_tables(parts, promote_options="default").select(list(columns))
    frame: pd.DataFrame = joined.to_pandas(date_as_object=False)
    return frame


def last_known(rows: pd.DataFrame, key: Sequence[str]) -> pd.DataFrame:
    """The row known last for each key; ties by batch, then by row in the file."""
    ordered = rows.sort_values(list(PROVENANCE), kind="stable", na_position="first")
    return ordered.drop_duplicates(list(key), keep="last")


def is_closed(status: pd.Series) -> npt.NDArray[np.bool_]:
    """Whether a registration's status says that the enterprise exists no longer; False where it says nothing."""
    return _says(status, (*CLOSED_WORDS, *MERGED_WORDS))


def _says(status: pd.Series, words: Sequence[str]) -> npt.NDArray[np.bool_]:
    told = status.astype("object").where(status.notna(), "").astype(str).str.lower()
    found = np.zeros(len(status), dtype=bool)
    for word in words:
        found |= told.str.contains(word, regex=False).to_numpy(dtype=bool)
    return found


def merged(registered: pd.DataFrame) -> pd.Index[str]:
    """Enterprises that went on in another: index of identifiers.

    `registered` has rows as known with enterprise_id, status, group_id and their provenance. An enterprise was merged
    if the row that closes it says so in its status, or names another enterprise as its group that it did not belong
    to before: the registrar strikes an absorbed enterprise off (公司法 on 合并), and the register of an office notes
    who took it over. Its facts stay its own: the successor's reports hold the joint figures from then on.
    """
    rows = registered.sort_values(list(PROVENANCE), kind="stable", na_position="first")
    own = rows["group_id"].groupby(rows["enterprise_id"])
    before = own.ffill().groupby(rows["enterprise_id"]).shift()
    group = rows["group_id"]
    other = group.notna() & (group != rows["enterprise_id"]) & group.isin(rows["enterprise_id"])
    taken = is_closed(rows["status"]) & (other & (group != before)).to_numpy(dtype=bool)
    found = rows["enterprise_id"][taken | _says(rows["status"], MERGED_WORDS)]
    names: pd.Index[str] = pd.Index(sorted(set(found)), dtype="str")
    return names


class ClosedYears:
    """All annual figures of a store for some measures, and all that is known of closures.

    `month` counts year * 12 + month of a period's end.
    """

    def __init__(self, store: Store, measures: Sequence[str]) -> None:
        fields = dict.fromkeys(("revenue_cny", *measures))
        columns = ["enterprise_id", "period_end", "period_months", *fields, *PROVENANCE]
        rows = read_columns(store, "reports", columns)
        self.first_known = rows.groupby("enterprise_id")["known_on"].min()
        rows = rows[rows["period_months"] == 12].copy()
        rows["month"] = rows["period_end"].dt.year * 12 + rows["period_end"].dt.month
        self.rows = rows
        self.measures = tuple(measures)
        self.truth = {measure: self._truth(measure) for measure in measures}
        registered = read_columns(store, "enterprises", ["enterprise_id", "status", "group_id", *PROVENANCE])
        self.registered = registered
        first = registered.groupby("enterprise_id")["known_on"].min()
        self.first_known = pd.concat([self.first_known, first]).groupby(level=0).min().sort_index()
        closed = registered[is_closed(registered["status"])]
        self.closed_on = closed.groupby("enterprise_id")["known_on"].min()
        self.merged = merged(registered)
        self.newest_month = int(rows["month"].max()) if len(rows) else 0
        known = [frame["known_on"].max() for frame in (rows, registered) if len(frame)]
        self.newest_knowledge = max(known) if known else pd.Timestamp.min

    def _truth(self, measure: str) -> pd.DataFrame:
        """The figure as last known, and since when: index (enterprise_id, month), columns value, known_on."""
        told = self.rows[self.rows[measure].notna()]
        latest = last_known(told, ["enterprise_id", "month"])
        return (
            latest.set_index(["enterprise_id", "month"])[[measure, "known_on"]]
            .rename(columns={measure: "value"})
            .sort_index()
        )

    def anchors(self, as_of: date, max_age_months: int) -> pd.Series:
        """The last closed year known at the date, as the matrix takes it: index enterprise_id, value `month`."""
        day = pd.Timestamp(as_of)
        oldest = as_of.year * 12 + as_of.month - max_age_months
        known = self.rows[
            (self.rows["known_on"] <= day) & (self.rows["period_end"] <= day) & (self.rows["month"] >= oldest)
        ]
        with_revenue = known[known["revenue_cny"].notna()].groupby("enterprise_id")["month"].max()
        return with_revenue.combine_first(known.groupby("enterprise_id")["month"].max()).astype("int64")

    def at(self, measure: str, ids: pd.Index[str], months: pd.Series) -> pd.DataFrame:
        """The true figures of enterprises for months aligned with them: columns value, known_on."""
        wanted = pd.MultiIndex.from_arrays([ids, months.reindex(ids).fillna(-1).astype("int64")])
        return self.truth[measure].reindex(wanted).set_axis(ids, axis=0)

    def known_by(self, as_of: date) -> pd.Index[str]:
        """Enterprises of which a registration or report was known by the date, ascending."""
        known: pd.Index[str] = self.first_known.index[self.first_known <= pd.Timestamp(as_of)]
        return known
