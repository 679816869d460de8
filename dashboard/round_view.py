"""Where the round stands, for the person who asks: ranking, list and decisions, as this person may see them.

Pages read the round through here and act through `scoring.committee.review`. What is costly (drawing the
list, joining it to the ranking) is kept in the server's memory under everything it depends on: the round, the
ranking's digest, the decisions in force, the person and what is hidden from the person.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.saved_view import Places, View, pick, searchable
from dashboard.session import me, settings, store
from data.accounts import User
from data.refusal import Refusal
from scoring.committee.review import Review, ReviewState
from scoring.committee.round_acts import current_round
from scoring.editions.policy import Edition
from scoring.scores.ranking import Ranking, load_ranking
from scoring.selection.directory import Selection, select


@dataclass(frozen=True)
class RoundView:
    """One person's view of the round. `review` and `state` are None before a round is opened; `selection` is None
    where the round hides it until the person has voted (`withheld` then holds the refusal).

    `rows` is the ranking joined with the list: the ranking's columns and place (listed or off), near (in
    the grey zone at the line), decision (one in force), track_order; index enterprise_id. `key` names all that this
    depends on.
    """

    user: User
    ranking: Ranking
    rows: pd.DataFrame
    selection: Selection | None
    review: Review | None
    state: ReviewState | None
    withheld: Refusal | None = None
    key: tuple[Any, ...] = ()

    @property
    def world(self) -> str:
        """What names the enterprises that this person may see: figures over all of them are kept under it."""
        return self.ranking.digest if self.state is None else self.state.world

    @property
    def edition(self) -> Edition:
        """The rules under which the list is drawn."""
        return self.ranking.edition

    @property
    def digest(self) -> str:
        """The digest of the ranking that the person looks at; goes with every act."""
        return self.ranking.digest

    @property
    def points_wait(self) -> bool:
        """Whether the round hides points of enterprises from this person until the vote: what is reckoned from
        everyone's points cannot be shown."""
        state = self.state
        return state is not None and state.rules.hide_points and state.phase == "open" and state.seated

    def known(self, enterprise_id: str) -> bool:
        """Whether the person may see an enterprise of that identifier."""
        return enterprise_id in self.rows.index

    def row(self, enterprise_id: str) -> pd.Series[Any]:
        """The row of a visible enterprise."""
        row: pd.Series[Any] = self.rows.loc[enterprise_id]  # type: ignore[assignment]
        return row

    def name(self, enterprise_id: str) -> str:
        """The name of a visible enterprise; its identifier if it has none."""
        if not self.known(enterprise_id):
            return ""
        return str(self.rows.at[enterprise_id, "name"] or enterprise_id)


def round_view() -> RoundView | None:
    """Where the round stands for the person who has signed in; None while nothing has been ranked."""
    return view_of(me())


def view_of(user: User) -> RoundView | None:
    """Where the round stands for a person; None while nothing has been ranked."""
    round_id = current_round(store())
    if round_id is None:
        ranking = _latest()
        if ranking is None:
            return None
        proposed = _proposed(ranking.digest, ranking)
        return RoundView(
            user, ranking, _rows((ranking.digest,), ranking, proposed, {}, ranking.digest), proposed, None, None
        )
    review = Review(store(), settings(), round_id)
    state = review.state(user)
    key = _key(state)
    ranking = _ranking(str(settings().home), state.world, review, user)
    selection: Selection | None
    withheld: Refusal | None
    try:
        selection, withheld = _directory(key, review, user), None
    except Refusal as refusal:
        selection, withheld = None, refusal
    decisions = {
        item: view.override.kind
        for item, view in state.items.items()
        if view.override is not None and view.override_status == "in_force"
    }
    rows = _rows((*key, selection.digest if selection else ""), ranking, selection, decisions, state.world)
    return RoundView(user, ranking, rows, selection, review, state, withheld, key)


def with_reserve(here: RoundView) -> RoundView:
    """The same with the reserve list marked in `rows` (place "reserve").

    It takes a list drawn anew for each near miss, so only who asks for it waits for it.
    """
    if here.selection is None:
        return here
    reserve = _reserve(here.world, here.selection.digest, here.selection)
    return replace(here, rows=_placed(here.rows, reserve, "reserve"))


def found_by(here: RoundView, view: View) -> Places:
    """The places in `rows` of what a view asks for; kept, so that turning a page or stepping on costs nothing."""
    if view.status == "reserve":
        return pick(here.rows, view)
    return _found((here.world, here.selection.digest if here.selection else "", *here.key), replace(view, page=1), here)


@st.cache_resource(show_spinner=False, max_entries=256)
def _found(key: tuple[Any, ...], view: View, _here: RoundView) -> Places:
    return pick(_here.rows, view)


def undecided(here: RoundView) -> Selection:
    """The list in the person's world with every decision left aside."""
    told: Selection = _proposed(here.world, here.ranking)
    return told


def queue_of(here: RoundView) -> pd.DataFrame:
    """What is worth discussing, best first; see `scoring.committee.queue.queue`. Refuses where there is no round."""
    if here.review is None:
        raise Refusal("dash-whatif-no-list")
    return _queue(here.world, here.review, here.user)


def latest_digest() -> str:
    """The digest of the ranking that was made last; "" if there is none."""
    made = store().ledger.replay(kind="ranking_made")
    return made[-1].subject.removeprefix("ranking:") if made else ""


def _latest() -> Ranking | None:
    digest = latest_digest()
    return _loaded(str(settings().home), digest) if digest else None


@st.cache_resource(show_spinner=False, max_entries=4)
def _loaded(home: str, digest: str) -> Ranking:
    return load_ranking(settings(), digest)


def _key(state: ReviewState) -> tuple[Any, ...]:
    """Everything that a view of the list depends on; people who see the same share it."""
    decided = tuple(
        (item, view.override.seq, view.override_status) for item, view in state.items.items() if view.override
    )
    hides = state.rules.hide_points and state.phase == "open"  # then the list waits for one's own votes
    told = (state.seated, bool(state.to_vote)) if hides else ()
    return (str(settings().home), state.round_id, state.world, state.phase, settings().today.isoformat(), decided, told)


@st.cache_resource(show_spinner=False, max_entries=16)
def _ranking(home: str, world: str, _review: Review, _user: User) -> Ranking:
    return _review.ranking(_user)


@st.cache_resource(show_spinner=False, max_entries=64)
def _directory(key: tuple[Any, ...], _review: Review, _user: User) -> Selection:
    return _review.directory(_user)


@st.cache_resource(show_spinner=False, max_entries=8)
def _proposed(digest: str, _ranking: Ranking) -> Selection:
    return select(_ranking, _ranking.edition)


@st.cache_resource(show_spinner=False, max_entries=16)
def _rows(
    key: tuple[Any, ...], _ranking: Ranking, _selection: Selection | None, decisions: dict[str, str], world: str
) -> pd.DataFrame:
    """The ranking joined with the list; what a decision does not change is made once for each world."""
    rows = _ranked(str(settings().home), world, _ranking)
    given = pd.Series(decisions, dtype="str").reindex(rows.index, fill_value="")
    return _placed(rows.assign(place="off", decision=given), _selection.members if _selection else None, "listed")


def _placed(rows: pd.DataFrame, listed: pd.DataFrame | None, place: str) -> pd.DataFrame:
    """The rows with those of a list at a place."""
    places = rows["place"].to_numpy(dtype=object, copy=True)
    if listed is not None:
        at = rows.index.get_indexer(pd.Index(listed["enterprise_id"].astype("str")))
        places[at[at >= 0]] = place
    return rows.assign(place=pd.Categorical(places, ["listed", "off", "reserve"]))


@st.cache_resource(show_spinner=False, max_entries=8)
def _ranked(home: str, world: str, _ranking: Ranking) -> pd.DataFrame:
    order = {track.id: at for at, track in enumerate(_ranking.edition.tracks)}
    tracks = _ranking.frame["track"].astype("str").map(order).fillna(len(order)).astype(int)
    return searchable(_ranking.frame.assign(track_order=tracks, near=_ranking.frame["zone"] == "grey"))


@st.cache_resource(show_spinner=False, max_entries=16)
def _reserve(world: str, digest: str, _selection: Selection) -> pd.DataFrame:
    return _selection.reserve


@st.cache_resource(show_spinner=False, max_entries=32)
def _queue(world: str, _review: Review, _user: User) -> pd.DataFrame:
    return _review.queue(_user)
