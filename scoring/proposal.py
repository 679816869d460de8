"""The proposed list under the committee's decisions, and what one decision changes in it.

`Proposal.without` gives the same world as if some enterprises did not exist: that is what a recused person is shown,
so that neither a gap in the ranks nor a total says where the hidden enterprise stands.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Set
from functools import lru_cache
from typing import Any, Literal

import pandas as pd

from data.refusal import Refusal
from data.settings import Settings
from scoring.directory import Selection, select
from scoring.policy import Edition, load_edition
from scoring.ranking import Ranking, load_ranking
from scoring.rounds import Override

Choice = Literal["include", "exclude", "defer"]


@dataclasses.dataclass(frozen=True)
class Effect:
    """What a decision does: ranks in the track, places on the list (None: not on it), and who moves because of it."""

    old_rank: int
    new_rank: int
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
    """A ranking and the edition under which a list is drawn from it."""

    ranking: Ranking
    edition: Edition

    def without(self, hidden: Set[str]) -> Proposal:
        """The proposal as if the hidden enterprises did not exist: ranks are counted anew within each track."""
        gone = [key for key in self.ranking.frame.index if key in hidden]
        if not gone:
            return self
        frame = self.ranking.frame.drop(index=gone)
        frame["rank"] = _ranks(frame)
        parts = self.ranking.parts
        parts = parts[~parts.index.isin(gone)] if parts.index.name == frame.index.name else parts
        if "enterprise_id" in parts.columns:
            parts = parts[~parts["enterprise_id"].isin(gone)]
        return dataclasses.replace(self, ranking=dataclasses.replace(self.ranking, frame=frame, parts=parts))

    def list(self, decisions: Mapping[str, Override]) -> Selection:
        """The list under decisions: included, excluded and deferred enterprises, and moved ones at their new places."""
        here = {key: one for key, one in decisions.items() if key in self.ranking.frame.index}
        choices: dict[str, Any] = {key: one.kind for key, one in here.items() if one.kind != "move"}
        return select(self.moved(here).ranking, self.edition, choices)

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
            frame.loc[key, "score"] = _score_at(frame, key, int(to_rank or 1))
            frame["rank"] = _ranks(frame)
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
            old_rank=int(self.moved(before).ranking.frame.loc[enterprise_id, "rank"]),
            new_rank=int(self.moved(after).ranking.frame.loc[enterprise_id, "rank"]),
            old_position=old.get(enterprise_id),
            new_position=new.get(enterprise_id),
            displaced=others_out,
            entered=others_in,
        )


@lru_cache(maxsize=4)
def proposal(settings: Settings, edition: str, ranking_digest: str) -> Proposal:
    """The proposal of a saved ranking; loaded once a process."""
    return Proposal(load_ranking(settings, ranking_digest), load_edition(edition))


def _positions(selection: Selection) -> dict[str, int]:
    members = selection.members
    return {str(key): int(place) for key, place in zip(members["enterprise_id"], members["position"], strict=True)}


def _ranks(frame: pd.DataFrame) -> pd.Series[int]:
    """Places within each track, best score first, equal scores by identifier; unranked rows keep no place (0)."""
    ordered = frame.assign(_key=frame.index).sort_values(["score", "_key"], ascending=[False, True], kind="stable")
    ranked = ordered[ordered["rank"] > 0] if "rank" in ordered else ordered
    places = ranked.groupby("track", observed=True).cumcount() + 1
    return places.reindex(frame.index).fillna(0).astype(int)


def _score_at(frame: pd.DataFrame, key: str, to_rank: int) -> float:
    """The score that puts an enterprise at a place of its track; refuses a place beyond it."""
    track = frame[(frame["track"] == frame.loc[key, "track"]) & (frame["rank"] > 0)]
    others = track.drop(index=key).sort_values("rank")["score"].tolist()
    if not 1 <= to_rank <= len(others) + 1:
        raise Refusal("review-rank-outside-track", rank=to_rank, last=len(others) + 1)
    above = others[to_rank - 2] if to_rank > 1 else None
    below = others[to_rank - 1] if to_rank <= len(others) else None
    if above is None:
        return float(below) + 1.0 if below is not None else float(frame.loc[key, "score"])
    return float(above) - 1.0 if below is None else (float(above) + float(below)) / 2
