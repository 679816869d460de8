"""The proposed list under the committee's decisions, and what one decision changes in it.

`Proposal.without` gives the same world as if some enterprises did not exist: that is what a recused person is shown,
so that neither a gap in the ranks nor a total says where the hidden enterprise stands.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence, Set
from functools import lru_cache
from typing import Any, Literal

import pandas as pd

from data.refusal import Refusal
from data.settings import Settings
from scoring.committee.rounds import Override
from scoring.scores.ranking import Ranking, load_ranking
from scoring.selection.directory import Selection, select

Choice = Literal["include", "exclude", "defer"]


@dataclasses.dataclass(frozen=True)
class Effect:
    """What a decision does: ranks in the track, places on the list (None: not on it), and who moves because of it."""

    old_rank: int | None
    new_rank: int | None
    old_position: int | None
    new_position: int | None
    displaced: tuple[str, ...]
    entered: tuple[str, ...]

    @property
    def crosses(self) -> bool:
        """Whether the enterprise itself gets on or off the list."""
        return (self.old_position is None) != (self.new_position is None)


@dataclasses.dataclass(frozen=True)
class Proposal:
    """A ranking, and the lists that decisions draw from it under its edition.

    Worlds and lists that were made are kept for the next who asks: a page asks again at every click.
    """

    ranking: Ranking
    _worlds: dict[frozenset[str], Proposal] = dataclasses.field(init=False, default_factory=dict, repr=False)
    _lists: dict[tuple[object, ...], Selection] = dataclasses.field(init=False, default_factory=dict, repr=False)

    def without(self, hidden: Set[str]) -> Proposal:
        """The proposal as if the hidden enterprises did not exist: ranks are counted anew within each track."""
        gone = frozenset(key for key in hidden if key in self.ranking.frame.index)
        if not gone:
            return self
        if gone not in self._worlds:
            _make_room(self._worlds)
            self._worlds[gone] = self._without(sorted(gone))
        return self._worlds[gone]

    def _without(self, gone: Sequence[str]) -> Proposal:
        ranking = self.ranking
        frame = ranking.frame.drop(index=gone)
        places = _places(frame)
        for column in ("rank_low", "rank_high"):
            if column in frame:
                frame[column] = (frame[column] - (frame["rank"] - places)).clip(lower=1)
        frame["rank"] = places
        kept = {name: getattr(ranking, name).drop(index=gone) for name in ("detail", "values")}
        return dataclasses.replace(self, ranking=dataclasses.replace(ranking, frame=frame, **kept))

    def list(self, decisions: Mapping[str, Override]) -> Selection:
        """The list under decisions: included, excluded and deferred enterprises, and moved ones at their new places."""
        here = {key: one for key, one in sorted(decisions.items()) if key in self.ranking.frame.index}
        asked = tuple((key, one.kind, one.to_rank) for key, one in here.items())
        if asked not in self._lists:
            _make_room(self._lists)
            choices: dict[str, Any] = {key: one.kind for key, one in here.items() if one.kind != "move"}
            self._lists[asked] = select(self.moved(here).ranking, self.ranking.edition, choices)
        return self._lists[asked]

    def moved(self, decisions: Mapping[str, Override]) -> Proposal:
        """The proposal with moves carried out, in order of identifier.

        A moved enterprise takes a score half-way between its new neighbours' in its track, so that the list's
        objective sees it there; the scores of all others stay.
        """
        moves = {key: one.to_rank for key, one in sorted(decisions.items()) if one.kind == "move"}
        if not moves:
            return self
        frame = self.ranking.frame.copy()
        for key, to_rank in moves.items():
            _move(frame, key, int(to_rank or 1))
        return dataclasses.replace(self, ranking=dataclasses.replace(self.ranking, frame=frame))

    def effect(self, before: Mapping[str, Override], enterprise_id: str, candidate: Override | None) -> Effect:
        """What a candidate decision on an enterprise changes against the decisions before (None: taking it back)."""
        after = {key: one for key, one in before.items() if key != enterprise_id}
        if candidate is not None:
            after[enterprise_id] = candidate
        old, new = _positions(self.list(before)), _positions(self.list(after))
        others_out = tuple(key for key in old if key not in new and key != enterprise_id)
        others_in = tuple(key for key in new if key not in old and key != enterprise_id)
        return Effect(
            old_rank=_rank(self.moved(before), enterprise_id),
            new_rank=_rank(self.moved(after), enterprise_id),
            old_position=old.get(enterprise_id),
            new_position=new.get(enterprise_id),
            displaced=others_out,
            entered=others_in,
        )


@lru_cache(maxsize=4)
def proposal(settings: Settings, ranking_digest: str) -> Proposal:
    """The proposal of a saved ranking; loaded once a process."""
    return Proposal(load_ranking(settings, ranking_digest))


def _make_room(kept: dict[Any, Any], most: int = 32) -> None:
    """Drop what was kept first when there is too much."""
    while len(kept) >= most:
        kept.pop(next(iter(kept)), None)


def _rank(proposed: Proposal, enterprise_id: str) -> int | None:
    frame = proposed.ranking.frame
    rank: Any = frame.at[enterprise_id, "rank"] if enterprise_id in frame.index else None
    return None if rank is None or pd.isna(rank) else int(rank)


def _positions(selection: Selection) -> dict[str, int]:
    members = selection.members
    return {str(key): int(place) for key, place in zip(members["enterprise_id"], members["position"], strict=True)}


def _places(frame: pd.DataFrame) -> pd.Series[int]:
    """Ranks counted anew within each track in their present order; NA where there was none."""
    return frame.groupby("track", observed=True)["rank"].rank(method="first").astype("Int64")


def _move(frame: pd.DataFrame, key: str, to_rank: int) -> None:
    """Give an enterprise a place of its track and a score between its neighbours' there; refuses a place beyond it."""
    track = frame[(frame["track"] == frame.at[key, "track"]) & frame["rank"].notna()]
    others = [str(one) for one in track.sort_values("rank").index if one != key]
    if key not in track.index or not 1 <= to_rank <= len(others) + 1:
        raise Refusal("review-rank-outside-track", rank=to_rank, last=len(others) + 1)
    order = [*others[: to_rank - 1], key, *others[to_rank - 1 :]]
    scores = frame["score"]
    near = [float(scores[one]) for one in order[max(to_rank - 2, 0) : to_rank + 1] if one != key]
    # Between two neighbours their mean; at an end one point beyond the only neighbour.
    beyond = 1.0 if to_rank == 1 else -1.0
    if near:
        frame.loc[key, "score"] = sum(near) / 2 if len(near) == 2 else near[0] + beyond
    frame.loc[order, "rank"] = range(1, len(order) + 1)
