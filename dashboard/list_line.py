"""Where the list ends in each track, and a place in the track drawn beside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.display import as_text, share
from dashboard.naming import section_name, track_title
from dashboard.round_view import RoundView
from dashboard.session import language, t
from scoring.editions.policy import Edition
from scoring.messages import say


@dataclass(frozen=True)
class Line:
    """The end of the list in one track: enterprises ranked and listed, and the fewest points of a listed one, with the
    margin of an incumbent."""

    ranked: int
    listed: int
    score: float

    @property
    def shown(self) -> int:
        """The last rank that a drawing of places shows: twice the list, so that the line stands in the middle."""
        return max(min(2 * self.listed, self.ranked), 2)


@st.cache_resource(show_spinner=False, max_entries=64)
def _lines(world: str, selection: str, _here: RoundView) -> dict[str, Line]:
    rows = _here.rows[_here.rows["rank"].notna()]
    tracks = rows["track"].astype("str")
    ranked = tracks.value_counts()
    listed = worth(_here, rows)[rows["place"] == "listed"].groupby(tracks).agg(["size", "min"])
    told = {str(name): (int(row["size"]), float(row["min"])) for name, row in listed.iterrows()}
    return {str(track): Line(int(count), *told.get(str(track), (0, 0.0))) for track, count in ranked.items()}


def line_of(here: RoundView, track: str) -> Line:
    """The line of a track; of nobody where the track has no ranked enterprise or the list is withheld."""
    return lines(here).get(track, Line(0, 0, 0.0))


def lines(here: RoundView) -> dict[str, Line]:
    """The line of every track that has a ranked enterprise."""
    told: dict[str, Line] = _lines(here.world, here.selection.digest if here.selection else "", here)
    return told


def worth(here: RoundView, rows: pd.DataFrame) -> pd.Series[float]:
    """The points (rows,) by which the list is drawn: the score, and for incumbents the edition's margin."""
    rule = here.edition.list.incumbents
    return rows["score"].astype(float) + (rule.margin if rule else 0.0) * rows["incumbent"].astype(float)


def full_quotas(here: RoundView, key: str) -> list[tuple[str, str, float]]:
    """The quotas (kind, name, number) of industries that are used up and that an enterprise would fall under."""
    if here.selection is None:
        return []
    programme, chosen = here.selection.programme, here.selection.chosen
    at = np.flatnonzero(programme.ids == key)
    return [
        (row.kind, row.name, row.number)
        for row in programme.rows
        if row.kind in ("industry", "key_industry") and row.side == "max" and len(at) and at[0] in row.at
        and row.binds(chosen)
    ]  # fmt: skip


def tell_recusals(here: RoundView) -> None:
    """Who is recused is shown the ranking and the list as they would be without those enterprises: say so."""
    if here.state and here.state.recused:
        st.info(t("dash-recused-view", n=here.state.recused), icon=":material/visibility_off:")


def tell_impossible(here: RoundView) -> None:
    """Where the quotas cannot hold together there is no list: name the fewest that cannot."""
    if here.selection is not None and here.selection.infeasible:
        clash = [quota_name(here.edition, *row.key, number=row.number) for row in here.selection.infeasible]
        st.error(t("dash-list-impossible", quotas=clash), icon=":material/block:")


def quota_name(edition: Edition, kind: str, name: str, side: str, number: float) -> str:
    """A quota in words, with its number: a share in percent, else enterprises."""
    titles = {
        "track": lambda: track_title(edition, name),
        "industry": lambda: section_name(name),
        "key_industry": lambda: (
            edition.key_industries[name].title.of(language()) if name in edition.key_industries else name
        ),
    }
    word = say(f"quota-{kind}", language(), name=titles[kind]() if kind in titles else name, side=side)
    return f"{word} {share(number) if kind == 'small_and_micro' else f'{number:g}'}"


def strip(rank: int, low: int, high: int, line: Line) -> str:
    """A strip as HTML: the place, the interval around it and the line; beyond the strip's end it is cut."""
    last = max(line.shown, min(high, line.ranked), rank, 2)

    def at(place: float) -> float:
        return round(100 * (min(place, last) - 1) / (last - 1), 1)

    left, right = at(low), at(high)
    told = t("dash-strip-told", rank=rank, low=low, high=high, line=line.listed)
    parts = [
        '<div class="axis"></div>',
        f'<div class="span" style="left:{left}%;width:{max(right - left, 0.6):.1f}%"></div>',
        f'<div class="dot" style="left:{at(rank)}%"></div>',
        _word(at(rank), t("dash-strip-place", rank=rank, low=low, high=high), over=True),
    ]
    if line.listed:
        end = at(line.listed + 0.5)
        parts.append(f'<div class="line" style="left:{end}%"></div>')
        parts.append(_word(end, t("dash-strip-line", rank=line.listed)))
    return f'<div class="mulu-strip" role="img" aria-label="{told}">{"".join(parts)}</div>'


def _word(at: float, text: str, over: bool = False) -> str:
    side = "left" if at < 15 else "right" if at > 85 else ""
    return f'<div class="word {"over" if over else ""} {side}" style="left:{at}%">{as_text(text)}</div>'
