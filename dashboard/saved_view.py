"""What a reader has asked the ranking for: search, filters, order, page; written in the address, applied here.

A view is values only. The rows it picks are computed on the server from the whole ranking, so that a page of fifty
rows is all that travels, and a link with the same words shows the same view to whoever may see it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import pandas as pd

ROWS = 50
Places = np.ndarray[Any, np.dtype[np.int64]]
LISTS = ("all", "listed", "reserve", "off", "near", "decided", "ineligible")
SORTS: dict[str, tuple[str, bool]] = {
    "rank": ("rank", False),
    "score": ("score", True),
    "name": ("name", False),
    "inclusion": ("inclusion", True),
    "coverage": ("coverage", False),
    "width": ("rank_width", True),
}


@dataclass(frozen=True)
class View:
    """A view of the ranking. Empty text means "all"; `page` counts from 1; `sort` is a key of `SORTS`."""

    q: str = ""
    track: str = ""
    size: str = ""
    section: str = ""
    street: str = ""
    status: str = "all"
    sort: str = "score"
    reverse: bool = False
    page: int = 1

    @classmethod
    def of(cls, query: Mapping[str, Any]) -> View:
        """The view that an address names; what it cannot mean falls to the default.

        >>> View.of({"q": "航空", "page": "x", "sort": "name"})
        View(q='航空', track='', size='', section='', street='', status='all', sort='name', reverse=False, page=1)
        """
        given = {name: str(query[name]) for name in (field.name for field in fields(cls)) if name in query}
        page = given.get("page", "1")
        return cls(
            q=given.get("q", "")[:80],
            track=given.get("track", ""),
            size=given.get("size", ""),
            section=given.get("section", ""),
            street=given.get("street", ""),
            status=given["status"] if given.get("status") in LISTS else "all",
            sort=given["sort"] if given.get("sort") in SORTS else "score",
            reverse=given.get("reverse") == "1",
            page=max(1, int(page)) if page.isdecimal() and len(page) < 8 else 1,
        )

    def query(self) -> dict[str, str]:
        """The words of the address: only what differs from the default.

        >>> View(q="航空", page=3).query()
        {'q': '航空', 'page': '3'}
        """
        plain = View()
        told = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            name: "1" if value is True else str(value) for name, value in told.items() if value != getattr(plain, name)
        }

    def sorted_by(self, sort: str) -> View:
        """The view in another order; the same order again turns it round."""
        return replace(self, sort=sort, reverse=not self.reverse if sort == self.sort else False, page=1)

    @property
    def descending(self) -> bool:
        """Whether the greatest comes first."""
        return SORTS[self.sort][1] != self.reverse


def pick(rows: pd.DataFrame, view: View) -> Places:
    """The places (from 0) in `rows` of what a view asks for, in its order (all pages).

    `rows` stands in ascending order of enterprise_id (its index) and has columns name, track, size_class,
    industry_section, street, score, rank, rank_low, rank_high, inclusion, coverage, eligible, place (listed, reserve
    or off), near, decision, track_order, and what `searchable` added. Equal values keep the order of identifiers;
    missing ones come last.
    """
    keep = np.ones(len(rows), dtype=bool)
    for word in unicodedata.normalize("NFKC", view.q).lower().split():  # all of them, in either width
        place = "words" if word.isascii() else "wide_words"
        keep &= rows[place].str.contains(word, regex=False).to_numpy(dtype=bool)
    for column, wanted in (
        ("track", view.track),
        ("size_class", view.size),
        ("industry_section", view.section),
        ("street", view.street),
    ):
        if wanted and column in rows:
            keep &= (rows[column] == wanted).to_numpy(dtype=bool)
    keep &= _status(rows, view.status)
    if view.reverse:
        found = np.flatnonzero(keep)
        return found[_order(rows.iloc[found], view.sort, view.descending)]
    order = rows[f"order_{view.sort}"].to_numpy()
    places: Places = order if keep.all() else order[keep[order]]
    return places


def _order(rows: pd.DataFrame, sort: str, descending: bool) -> Places:
    """The places of the rows in an order."""
    keys = [_sortable(rows, SORTS[sort][0], descending)]
    if sort == "rank":
        keys.append(rows["track_order"].to_numpy(dtype=np.float64))
    if sort == "score":  # who takes no part stands below everybody who does
        keys.append(np.where(rows["rank"].isna(), 1.0, 0.0))
    places: Places = np.lexsort(keys)
    return places


def _sortable(rows: pd.DataFrame, column: str, descending: bool) -> np.ndarray[Any, np.dtype[np.float64]]:
    """A column as numbers that rise in the wanted order, missing values last; words by their order."""
    if column == "name":
        values = rows["name_order"].to_numpy(dtype=np.float64)
    elif column == "rank_width":
        width = rows["rank_high"].astype("Float64") - rows["rank_low"].astype("Float64")
        values = width.to_numpy(dtype=np.float64, na_value=np.nan)
    else:
        values = rows[column].astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(np.isnan(values), np.inf, -values if descending else values)


def searchable(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with what searching and ordering need: words, wide_words, name_order, filters as categories, orders.

    Sorting a million rows takes longer than a click may; sorted once, a page is looked up.
    """
    names = rows["name"].astype("str")
    lower = names.str.normalize("NFKC").str.lower()
    words = lower + " " + rows.index.astype("str").str.lower()
    order = np.argsort(np.argsort(names.to_numpy(dtype=object), kind="stable"), kind="stable")
    filters = [name for name in ("track", "size_class", "industry_section", "street") if name in rows]
    told = {name: rows[name].astype("str").astype("category") for name in filters}
    wide = lower if all(map(str.isascii, rows.index)) else words  # what letters beyond ASCII can stand in
    searched = {"words": words.astype("string[pyarrow]"), "wide_words": wide.astype("string[pyarrow]")}
    ready = rows.assign(**searched, name_order=order, **told)
    return ready.assign(**{f"order_{sort}": _order(ready, sort, down) for sort, (_, down) in SORTS.items()})


def _status(rows: pd.DataFrame, status: str) -> np.ndarray[Any, np.dtype[np.bool_]]:
    if status in ("listed", "reserve", "off"):
        return (rows["place"] == status).to_numpy(dtype=bool)
    if status == "near":
        return rows["near"].to_numpy(dtype=bool)
    if status == "decided":
        return (rows["decision"] != "").to_numpy(dtype=bool)
    if status == "ineligible":
        return ~rows["eligible"].to_numpy(dtype=bool)
    return np.ones(len(rows), dtype=bool)


def end_of_list(rows: pd.DataFrame, places: Places) -> int:
    """How many of a view's places come before the point after which nobody is on the list; 0 where nobody is."""
    listed = np.flatnonzero((rows["place"] == "listed").to_numpy(dtype=bool)[places])
    return int(listed[-1]) + 1 if len(listed) else 0


def page_of(rows: pd.DataFrame, places: Places, view: View) -> tuple[pd.DataFrame, int]:
    """The rows of the view's page and how many pages there are (at least 1); a page beyond the end is the last."""
    pages = max(1, -(-len(places) // ROWS))
    page = min(view.page, pages)
    return rows.iloc[places[(page - 1) * ROWS : page * ROWS]], pages


def beside(rows: pd.DataFrame, places: Places, enterprise_id: str) -> tuple[str, str, int]:
    """The enterprise before and the one after in a view ("" at the ends), and the place counted from 1 (0: not in)."""
    if enterprise_id not in rows.index:
        return "", "", 0
    mine = np.flatnonzero(places == rows.index.get_loc(enterprise_id))
    if not len(mine):
        return "", "", 0
    at = int(mine[0])
    before = str(rows.index[places[at - 1]]) if at else ""
    after = str(rows.index[places[at + 1]]) if at + 1 < len(places) else ""
    return before, after, at + 1
