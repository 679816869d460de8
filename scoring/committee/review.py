"""The committee's review of a round: the one service that the dashboard and `mulu review` both call.

    review = Review(store, settings, current_round(store))
    view = review.item(enterprise_id, user)          # what this person may see
    review.vote(user, enterprise_id, "for", view.ranking_digest, view.last_seen)

Every verb takes the person who acts, and every reading the person who reads: what is hidden from a person (items the
person is recused from; others' votes before the own one; points, if the round says so) never leaves this service.
Refusals carry a code with both sentences; those that deny a right are recorded as events.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from data.accounts import User
from data.ledger import Event, Fault
from data.refusal import Refusal
from scoring.committee.item_acts import ItemActs
from scoring.committee.proposal import Proposal
from scoring.committee.queue import queue
from scoring.committee.round_acts import RoundActs, most_are_against
from scoring.committee.rounds import Comment, Conflict, Override, OverrideStatus, Phase, RoundState, Seat, Vote
from scoring.committee.rules import RoundRules, may
from scoring.scores.ranking import Ranking
from scoring.selection.directory import Selection

# Columns of a ranking that tell the model's opinion; blank where the round hides points until one has voted.
POINT_COLUMNS = (
    "score", "card_points", "model_points", "rank", "rank_low", "rank_high", "inclusion", "growth_probability",
    "listing_probability",
)  # fmt: skip


@dataclasses.dataclass(frozen=True)
class ItemView:
    """One enterprise's item as one person may see it.

    `votes` is None while others' votes are hidden from the person, `votes_cast` and `votes_needed` count toward the
    quorum. `last_seen` and `ranking_digest` are to be handed back with the next act. `points_hidden` says that the
    model's points must not be shown yet.
    """

    enterprise_id: str
    ranking_digest: str
    last_seen: int
    own_vote: Vote | None
    votes: tuple[Vote, ...] | None
    votes_cast: int
    votes_needed: int
    override: Override | None
    override_status: OverrideStatus | None
    overrides: tuple[Override, ...]
    comments: tuple[Comment, ...]
    conflicts: tuple[Conflict, ...]
    points_hidden: bool
    on_agenda: bool
    may_act: bool


@dataclasses.dataclass(frozen=True)
class ReviewState:
    """A round as one person may see it; `items` holds every visible enterprise to which anything has happened.

    `world` names what the person is shown of the ranking: it is the same for all from whom the same is hidden, and the
    ranking's digest where nothing is. `against_votes` are the items whose decision most votes speak against: no list is
    frozen over them; told to those who may freeze, since it tells of votes.
    """

    round_id: str
    edition: str
    as_of: str
    opened_at: str
    phase: Phase
    ranking_digest: str
    world: str
    list_digest: str
    corrects: str
    rules: RoundRules
    seats: tuple[Seat, ...]
    seated: bool
    agenda: tuple[str, ...]
    items: Mapping[str, ItemView]
    stale: tuple[str, ...]
    waiting_for_approval: tuple[str, ...]
    against_votes: tuple[str, ...]
    to_vote: tuple[str, ...]
    recused: int
    signatures: tuple[str, ...]
    records: tuple[Mapping[str, Any], ...]
    published: Mapping[str, Any] | None


@dataclasses.dataclass(frozen=True)
class SignedList:
    """What publication needs of a signed round: the whole state, the ranking and the decisions that were frozen."""

    state: RoundState
    ranking: Ranking
    decisions: Mapping[str, Override]


class Review(ItemActs, RoundActs):
    """A round of review; see the module. Verbs on one enterprise are `ItemActs`', on the round `RoundActs`'."""

    def state(self, user: User) -> ReviewState:
        """The round as a person may see it."""
        person, state = self._reader(user)
        hidden = self._hidden(state, person)
        agenda = state.agenda_for(hidden)
        items = {
            key: self._view(state, item.enterprise_id, person, hidden, agenda)
            for key, item in sorted(state.items.items())
            if key not in hidden
        }
        seated = person.name in state.seats
        published = dict(state.published) if state.published else None
        return ReviewState(
            round_id=state.round_id,
            edition=state.edition,
            as_of=state.as_of,
            opened_at=state.opened_at,
            phase=state.phase,
            ranking_digest=state.ranking_digest,
            world=self._world(state, person, hidden),
            list_digest=str(state.frozen["list_digest"]) if state.frozen else "",
            corrects=state.corrects,
            rules=state.rules,
            seats=tuple(sorted(state.seats.values(), key=lambda seat: (seat.role != "chair", seat.name))),
            seated=seated,
            agenda=agenda,
            items=items,
            stale=tuple(sorted({one.enterprise_id for one in state.stale()} - hidden)),
            waiting_for_approval=tuple(key for key, view in items.items() if view.override_status == "waiting"),
            against_votes=self._against_votes(state, person, hidden),
            to_vote=tuple(key for key in agenda if person.name not in state.counted(key)) if seated else (),
            recused=len(state.hidden_from(person.name)),
            signatures=tuple(state.signatures),
            records=tuple(state.records),
            published=published,
        )

    def item(self, enterprise_id: str, user: User) -> ItemView:
        """One enterprise's item as a person may see it; refuses a recused person and an unknown identifier."""
        person, state = self._reader(user, enterprise_id)
        hidden = self._hidden(state, person)
        self._known_enterprise(state, enterprise_id, hidden)
        return self._view(state, enterprise_id, person, hidden, state.agenda_for(hidden))

    def ranking(self, user: User) -> Ranking:
        """The ranking as a person may see it: without the items the person is recused from, ranks counted anew.

        Where the round hides points before the vote, `POINT_COLUMNS` are missing for items not yet voted on, and they
        have no row in `detail`; the averages of the tracks are everyone's. The order of rows is the identifiers', as
        always, and tells nothing.
        """
        person, state = self._reader(user)
        ranking = self._visible(state, person).ranking
        blind = self._unvoted(state, person, ranking.frame)
        if not blind.any():
            return ranking
        frame = ranking.frame.copy()
        for column in POINT_COLUMNS:
            frame[column] = frame[column].where(~blind)
        frame.loc[blind, "zone"] = None
        seen = dataclasses.replace(ranking, frame=frame, detail=ranking.detail[~blind])
        vars(seen)["track_means"] = ranking.track_means  # of everyone, as what a reason compares with always is
        return seen

    def directory(self, user: User) -> Selection:
        """The list with the decisions in force, in the world that the person may see.

        Where the round hides points, a voter is shown it after voting on the whole agenda (`review-vote-first`).
        """
        person, state = self._reader(user)
        hidden = self._hidden(state, person)
        if left := self._left_to_vote(state, person, hidden):
            raise Refusal("review-vote-first", left=len(left))
        decisions = {key: one for key, one in state.in_force(self.settings.today).items() if key not in hidden}
        return self._visible(state, person).list(decisions)

    def decision(self, enterprise_id: str, user: User) -> Override | None:
        """The decision on an enterprise that counts, None where none does; refuses whom `item` refuses."""
        self.item(enterprise_id, user)
        return self._reader(user)[1].in_force(self.settings.today).get(enterprise_id)

    def queue(self, user: User) -> pd.DataFrame:
        """What is worth discussing, best first, among what the person may see; columns as of `queue.queue`."""
        person, state = self._reader(user)
        visible = self._visible(state, person)
        members = frozenset(map(str, visible.list({}).members["enterprise_id"]))
        return queue(visible.ranking, members)

    def history(self, enterprise_id: str, user: User) -> list[Event]:
        """The events about one enterprise that the person may see, in order; refuses a recused person."""
        self.item(enterprise_id, user)
        return [event for event in self.events(user) if event.payload.get("enterprise_id") == enterprise_id]

    def events(self, user: User) -> list[Event]:
        """The events of the round that the person may see; auditors see all."""
        person, state = self._reader(user)
        every = self.ledger.replay(prefix=f"review:{self.round_id}:")
        if may(person, "audit"):
            return every
        hidden = self._hidden(state, person)
        effects = self._sees_effects(state, person, hidden)
        return [_redacted(event, hidden, effects) for event in every if self._shown(state, person, event, hidden)]

    def signed_list(self, user: User) -> SignedList:
        """The signed list, for a person who may publish it.

        Refuses one that is not signed by two (`review-not-signed`), and one without the fair competition review's
        record (`publication-needs-record`).
        """
        with self._turn("publish", user, phases=("signed",), seated=False) as turn:
            state = turn.state
            if not state.records:
                raise Refusal("publication-needs-record", round=self.round_id)
        return SignedList(state, self._proposal(state).ranking, state.in_force(self.settings.today))

    def record_publication(self, user: User, told: Mapping[str, object], place: Callable[[], object]) -> None:
        """Write that the list was published and put its folder in place, both or neither."""
        with self._turn("publish", user, phases=("signed",), seated=False) as turn:
            turn.append("round", "published", told)
            place()

    def verify_ledger(self, user: User) -> list[Fault]:
        """Where the ledger's chain does not hold; empty when all is well. Anybody who may read may ask."""
        with self._gate(user, "read"):
            return self.ledger.verify()

    def export_ledger(self, user: User, path: Path) -> None:
        """Write all events for verification elsewhere; auditors only, since votes are in it."""
        with self._gate(user, "audit"):
            self.ledger.export(path)

    def _visible(self, state: RoundState, person: User) -> Proposal:
        return self._proposal(state).without(self._hidden(state, person))

    def _sees_votes(self, state: RoundState, person: User, enterprise_id: str) -> bool:
        if not state.rules.blind or state.phase != "open" or may(person, "audit"):
            return True
        return person.name in state.seats and person.name in state.counted(enterprise_id)

    def _left_to_vote(self, state: RoundState, person: User, hidden: frozenset[str]) -> list[str]:
        """What a voter has still to vote on before the directory is shown, where the round hides points."""
        if not (state.rules.hide_points and state.phase == "open" and person.name in state.seats):
            return []
        return [key for key in state.agenda_for(hidden) if person.name not in state.counted(key)]

    def _sees_effects(self, state: RoundState, person: User, hidden: frozenset[str]) -> bool:
        """Effects tell ranks, places and who made room: all of them are hidden from one from whom an enterprise is, and
        while the directory waits for the person's votes."""
        return not hidden and not self._left_to_vote(state, person, hidden)

    def _against_votes(self, state: RoundState, person: User, hidden: frozenset[str]) -> tuple[str, ...]:
        if state.phase != "open" or not may(person, "freeze"):
            return ()
        decided = state.decisions(self.settings.today)
        return tuple(key for key in sorted(set(decided) - hidden) if most_are_against(state, key, decided[key].kind))

    def _world(self, state: RoundState, person: User, hidden: frozenset[str]) -> str:
        voted = self._voted(state, person)
        if not hidden and voted is None:
            return state.ranking_digest
        told = [state.ranking_digest, *sorted(hidden), *(() if voted is None else ("shown:", *voted))]
        return hashlib.sha256("\n".join(told).encode()).hexdigest()

    def _voted(self, state: RoundState, person: User) -> list[str] | None:
        """What a person has voted on, where the round shows points for nothing else; None where it shows all."""
        if not (state.rules.hide_points and state.phase == "open" and person.name in state.seats):
            return None
        return sorted(key for key in state.items if person.name in state.counted(key))

    def _unvoted(self, state: RoundState, person: User, frame: pd.DataFrame) -> pd.Series[bool]:
        voted = self._voted(state, person)
        return pd.Series(False if voted is None else ~frame.index.isin(voted), index=frame.index, dtype=bool)

    def _shown(self, state: RoundState, person: User, event: Event, hidden: frozenset[str]) -> bool:
        key = str(event.payload.get("enterprise_id", ""))
        if event.kind == "denied":
            return event.actor == person.name
        if key in hidden:
            return event.kind == "conflict_declared" and event.payload.get("name") == person.name
        if event.kind in ("voted", "commented") and event.actor != person.name:
            return self._sees_votes(state, person, key)
        return True

    def _view(
        self,
        state: RoundState,
        enterprise_id: str,
        person: User,
        hidden: frozenset[str],
        agenda: tuple[str, ...],
    ) -> ItemView:
        item, today = state.item(enterprise_id), self.settings.today
        sees = self._sees_votes(state, person, enterprise_id)
        counted = state.counted(enterprise_id)
        effects = self._sees_effects(state, person, hidden)
        overrides = tuple(dataclasses.replace(one, effect=one.effect if effects else {}) for one in item.overrides)
        live = next((one for one in overrides if item.override is not None and one.seq == item.override.seq), None)
        seated = person.name in state.seats
        return ItemView(
            enterprise_id=enterprise_id,
            ranking_digest=state.ranking_digest,
            last_seen=item.last_seen(person.name),
            own_vote=item.votes.get(person.name),
            votes=tuple(counted.values()) if sees else None,
            votes_cast=len(counted),
            votes_needed=state.needed(enterprise_id),
            override=live,
            override_status=live.status(state.ranking_digest, today) if live else None,
            overrides=overrides,
            comments=tuple(one for one in item.comments if sees or one.name == person.name),
            conflicts=tuple(item.conflicts.values()),
            points_hidden=state.rules.hide_points and state.phase == "open" and seated and person.name not in counted,
            on_agenda=enterprise_id in agenda,
            may_act=seated and state.phase == "open",
        )


def _redacted(event: Event, hidden: frozenset[str], effects: bool) -> Event:
    """An event without what would give a hidden enterprise away: agendas, effects and frozen decisions that name it;
    without effects where the person sees none."""
    if not hidden:
        kept = {name: value for name, value in event.payload.items() if effects or name != "effect"}
        return event if len(kept) == len(event.payload) else dataclasses.replace(event, payload=kept)
    payload: dict[str, Any] = {name: value for name, value in event.payload.items() if name not in _TELLING}
    if "agenda" in payload:
        payload["agenda"] = [key for key in payload["agenda"] if key not in hidden][: payload["agenda_shown"]]
    if "decisions" in payload:
        payload["decisions"] = [one for one in payload["decisions"] if one["enterprise_id"] not in hidden]
    return dataclasses.replace(event, payload=payload)


# Counts and consequences that include every enterprise.
_TELLING = ("effect", "members", "entries")
