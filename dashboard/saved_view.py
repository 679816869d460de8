"""What a reader has asked the ranking for: search, filters, order, page; written in the address, applied here.

A view is values only. The rows it picks are computed on the server from the whole ranking, so that a page of fifty
rows is all that travels, and a link with the same words shows the same view to whoever may see it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import pandas as pd

ROWS = 50
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


def pick(rows: pd.DataFrame, view: View) -> pd.DataFrame:
    """The rows that a view asks for, in its order (all pages).

    `rows` has index enterprise_id and columns name, track, size_class, industry_section, street, score, rank,
    rank_low, rank_high, inclusion, coverage, eligible, place (listed, reserve or off), decision. Equal values are
    ordered by identifier.
    """
    keep = pd.Series(True, index=rows.index)
    if words := view.q.strip():
        names = rows["name"].astype("str").str.contains(words, case=False, regex=False, na=False)
        keep &= names | rows.index.astype("str").str.contains(words, case=False, regex=False)
    for column, wanted in (
        ("track", view.track),
        ("size_class", view.size),
        ("industry_section", view.section),
        ("street", view.street),
    ):
        if wanted and column in rows:
            keep &= rows[column].astype("str") == wanted
    keep &= _status(rows, view.status)
    found = rows[keep]
    column, _ = SORTS[view.sort]
    order = found.assign(rank_width=found["rank_high"] - found["rank_low"]) if column == "rank_width" else found
    by, ways = [column], [not view.descending]
    if column == "rank":
        by, ways = ["track_order", "rank"], [True, not view.descending]
    places = order.reset_index(names="_id").sort_values([*by, "_id"], ascending=[*ways, True], na_position="last").index
    return found.iloc[places]


def _status(rows: pd.DataFrame, status: str) -> pd.Series:
    if status in ("listed", "reserve", "off"):
        return rows["place"] == status
    if status == "near":
        return rows["near"]
    if status == "decided":
        return rows["decision"] != ""
    if status == "ineligible":
        return ~rows["eligible"].astype(bool)
    return pd.Series(True, index=rows.index)


def page_of(found: pd.DataFrame, view: View) -> tuple[pd.DataFrame, int]:
    """The rows of the view's page and how many pages there are (at least 1); a page beyond the end is the last."""
    pages = max(1, -(-len(found) // ROWS))
    page = min(view.page, pages)
    return found.iloc[(page - 1) * ROWS : page * ROWS], pages


def beside(found: pd.DataFrame, enterprise_id: str) -> tuple[str, str, int]:
    """The enterprise before and the one after in a view ("" at the ends), and the place counted from 1 (0: not in)."""
    places = found.index.get_indexer(pd.Index([enterprise_id]))
    at = int(places[0])
    if at < 0:
        return "", "", 0
    before = str(found.index[at - 1]) if at else ""
    after = str(found.index[at + 1]) if at + 1 < len(found) else ""
    return before, after, at + 1
