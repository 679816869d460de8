"""Whether an enterprise is on the list and what decided that, in one sentence: the line, a quota, or the committee."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.list_line import full_quotas, line_of, worth
from dashboard.naming import section_name, track_title
from dashboard.round_view import RoundView
from dashboard.session import language, t


def gap_to_line(here: RoundView, key: str, row: pd.Series[Any]) -> float:
    """Points above (or below, negative) the last listed of its track; 0 where the track has nobody on the list."""
    line = line_of(here, str(row["track"]))
    return float(worth(here, here.rows.loc[[key]]).iloc[0]) - line.score if line.listed else 0.0


def standing(here: RoundView, key: str, row: pd.Series[Any]) -> str:
    """The sentence for a ranked enterprise."""
    track, line = track_title(here.edition, str(row["track"])), line_of(here, str(row["track"]))
    rank, gap = int(row["rank"]), gap_to_line(here, key, row)
    if row["decision"]:
        place, kind = t(f"dash-status-{row['place']}"), t(f"dash-kind-{row['decision']}")
        return t("dash-verdict-decided", place=place, kind=kind, track=track)
    if row["place"] == "listed" and line.listed < rank:
        margin = here.edition.list.incumbents.margin if row["incumbent"] and here.edition.list.incumbents else 0.0
        return t("dash-verdict-past", track=track, rank=rank, listed=line.listed, margin=margin)
    if row["place"] == "listed":
        return t("dash-verdict-on", track=track, rank=rank, listed=line.listed)
    if not line.listed:
        return t("dash-verdict-no-list", track=track, rank=rank)
    if gap <= 0:
        return t("dash-verdict-off", track=track, rank=rank, listed=line.listed, gap=abs(gap))
    return t("dash-verdict-quota", track=track, rank=rank, quotas=_full(here, key) or [t("dash-quota-other")])


def rivals(here: RoundView, key: str, row: pd.Series[Any]) -> str:
    """Why a listed enterprise well above its track's line may yet be far from sure: a full quota of its industry."""
    if row["place"] != "listed" or row["decision"] or row["zone"] != "grey":
        return ""
    full = _full(here, key)
    return t("dash-rivals", quotas=full) if full else ""


def _full(here: RoundView, key: str) -> list[str]:
    return [t("dash-quota-full", name=_quota(here, *one[:2]), n=int(one[2])) for one in full_quotas(here, key)]


def _quota(here: RoundView, kind: str, name: str) -> str:
    if kind == "industry":
        return section_name(name)
    known = here.edition.key_industries
    return known[name].title.of(language()) if name in known else name
