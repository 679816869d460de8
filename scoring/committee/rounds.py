"""A review round as its events tell it: state is a fold, nothing is stored beside the ledger.

Subjects are `review:ROUND:round` (what concerns the whole round), `review:ROUND:item:ENTERPRISE` (decisions about
one enterprise), `...:vote:ENTERPRISE:PERSON` (one person's vote), `...:conflict:ENTERPRISE`, `...:talk:ENTERPRISE`
and `...:denied`. Votes have subjects of their own so that fifty people may vote on one item without standing in
each other's way; only decisions make another's view of the item out of date.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from data.ledger import Event, Ledger, canonical
from data.refusal import Refusal
from scoring.committee.rules import RoundRules

Phase = Literal["open", "frozen", "signed", "published"]
OverrideStatus = Literal["in_force", "waiting", "stale", "undone", "expired", "replaced"]


@dataclass(frozen=True)
class Seat:
    """A person who takes part in the round, with the role held when seated."""

    name: str
    role: str


@dataclass(frozen=True)
class Vote:
    """One person's vote on one enterprise, cast on a ranking."""

    name: str
    enterprise_id: str
    choice: str
    ranking_digest: str
    seq: int
    recorded_at: str


@dataclass(frozen=True)
class Conflict:
    """Why a person takes no part in an item; `set_by` differs from `name` where the chair set it."""

    name: str
    conflict_type: str
    text: str
    set_by: str
    seq: int


@dataclass(frozen=True)
class Comment:
    """Something said about an enterprise."""

    name: str
    text: str
    seq: int
    recorded_at: str


@dataclass
class Override:
    """A decision of the committee against, or beside, the proposed list.

    `kind` is include, exclude, defer or move (then `to_rank` is the place in the track). `effect` is what it changed
    when it was made: old_rank, new_rank (None where not on the list), displaced (identifiers), crosses (the line).
    `expires_on` is the last day it is in force ("" for the whole round).
    """

    seq: int
    enterprise_id: str
    kind: str
    to_rank: int | None
    reason_type: str
    text: str
    evidence: tuple[Mapping[str, object], ...]
    expires_on: str
    author: str
    recorded_at: str
    ranking_digest: str
    needs_approval: bool
    effect: Mapping[str, Any]
    approved_by: str = ""
    undone_by: str = ""
    replaced: bool = False

    def status(self, ranking_digest: str, today: date) -> OverrideStatus:
        """Whether it counts, and if not, why: only `in_force` counts."""
        if self.undone_by:
            return "undone"
        if self.replaced:
            return "replaced"
        if self.expires_on and today.isoformat() > self.expires_on:
            return "expired"
        if self.ranking_digest != ranking_digest:
            return "stale"
        return "waiting" if self.needs_approval and not self.approved_by else "in_force"


@dataclass
class Item:
    """Everything the round holds about one enterprise. `seq` is the number of the newest decision about it."""

    enterprise_id: str
    seq: int = 0
    votes: dict[str, Vote] = field(default_factory=dict)
    overrides: list[Override] = field(default_factory=list)
    conflicts: dict[str, Conflict] = field(default_factory=dict)
    comments: list[Comment] = field(default_factory=list)

    @property
    def override(self) -> Override | None:
        """The newest override that is neither undone nor replaced."""
        live = [one for one in self.overrides if not one.undone_by and not one.replaced]
        return live[-1] if live else None

    def last_seen(self, name: str) -> int:
        """What a writer must name as the last thing seen: the newest decision, or the person's own newest vote."""
        own = self.votes.get(name)
        return max(self.seq, own.seq if own else 0)


@dataclass
class RoundState:
    """A round after all its events, for the service alone: what a person may see of it is `review`'s matter."""

    round_id: str
    edition: str = ""
    edition_digest: str = ""
    as_of: str = ""
    opened_at: str = ""
    ranking_digest: str = ""
    selection_digest: str = ""
    corrects: str = ""
    rules: RoundRules = field(default_factory=RoundRules)
    seats: dict[str, Seat] = field(default_factory=dict)
    agenda: tuple[str, ...] = ()
    agenda_shown: int = 0
    items: dict[str, Item] = field(default_factory=dict)
    records: list[Mapping[str, Any]] = field(default_factory=list)
    frozen: Mapping[str, Any] | None = None
    signatures: dict[str, Event] = field(default_factory=dict)
    published: Mapping[str, Any] | None = None
    released: Mapping[str, Any] | None = None
    seq: int = 0

    @property
    def phase(self) -> Phase:
        """Open, frozen, signed (by two people, the chair among them), or published."""
        if self.published is not None:
            return "published"
        if self.frozen is None:
            return "open"
        return "signed" if self.signed else "frozen"

    @property
    def signed(self) -> bool:
        """Whether two different people have signed, one of them in the chair."""
        roles = [self.seats[name].role for name in self.signatures]
        return len(roles) >= 2 and "chair" in roles

    def item(self, enterprise_id: str) -> Item:
        """The item of an enterprise, empty if nothing has happened to it; not added to the state."""
        return self.items.get(enterprise_id) or Item(enterprise_id)

    def hidden_from(self, name: str) -> frozenset[str]:
        """The enterprises that a person is recused from."""
        return frozenset(key for key, item in self.items.items() if name in item.conflicts)

    def agenda_for(self, hidden: frozenset[str]) -> tuple[str, ...]:
        """The agenda without the hidden items. It is kept longer than shown, so that its length tells nothing."""
        return tuple(key for key in self.agenda if key not in hidden)[: self.agenda_shown]

    def voters(self, enterprise_id: str) -> list[str]:
        """Seated people who may vote on an enterprise: everybody who is not recused."""
        conflicts = self.item(enterprise_id).conflicts
        return [name for name in self.seats if name not in conflicts]

    def needed(self, enterprise_id: str) -> int:
        """How many votes make a quorum on an enterprise, counted over those who are not recused."""
        return int(self.rules.quorum * len(self.voters(enterprise_id)) + 1e-9) + 1 if self.rules.quorum > 0 else 0

    def counted(self, enterprise_id: str) -> dict[str, Vote]:
        """The votes that count: cast on today's ranking by people who are not recused."""
        voters = set(self.voters(enterprise_id))
        votes = self.item(enterprise_id).votes
        return {
            name: vote for name, vote in votes.items() if name in voters and vote.ranking_digest == self.ranking_digest
        }

    def decisions(self, today: date) -> dict[str, Override]:
        """The overrides that would be frozen on a day, by enterprise, in order of identifier.

        One whose author or approver has been recused since does not count.
        """
        return {
            key: item.override
            for key, item in sorted(self.items.items())
            if item.override is not None
            and item.override.status(self.ranking_digest, today) == "in_force"
            and not {item.override.author, item.override.approved_by} & set(item.conflicts)
        }

    def in_force(self, today: date) -> dict[str, Override]:
        """The decisions that count: those of today while the round is open, those that were frozen from then on."""
        if self.frozen is None:
            return self.decisions(today)
        kept = {one["enterprise_id"]: one["seq"] for one in self.frozen["decisions"]}
        return {key: one for key, seq in kept.items() for one in self.item(key).overrides if one.seq == seq}

    def stale(self) -> list[Override | Vote]:
        """Overrides and votes made on an earlier ranking, which count only when they are confirmed."""
        overrides = [item.override for item in self.items.values()]
        votes = [vote for item in self.items.values() for vote in item.votes.values()]
        waiting: list[Override | Vote] = [one for one in overrides if one is not None] + list(votes)
        return [one for one in waiting if one.ranking_digest != self.ranking_digest]


def fold(round_id: str, events: Iterable[Event]) -> RoundState:
    """The state of a round after its events, given in order."""
    state = RoundState(round_id)
    for event in events:
        if kind := _FOLDS.get(event.kind):
            kind(state, event, event.payload)
        state.seq = event.seq
    return state


def rounds(ledger: Ledger) -> list[str]:
    """The identifiers of all rounds, oldest first."""
    return [str(event.payload["round_id"]) for event in ledger.replay(kind="round_opened")]


def known_round(ledger: Ledger, round_id: str) -> str:
    """The identifier if there is such a round; else refuses, naming those there are."""
    known = rounds(ledger)
    if round_id not in known:
        raise Refusal("review-round-unknown", round=round_id, known=known)
    return round_id


def decisions_digest(ranking_digest: str, decisions: Mapping[str, Override], members: Iterable[str]) -> str:
    """What a signature binds: the ranking, every decision in force with its kind and place, and the members."""
    content = {
        "ranking": ranking_digest,
        "decisions": [[key, one.kind, one.to_rank, one.seq] for key, one in sorted(decisions.items())],
        "members": list(members),
    }
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def _item(state: RoundState, payload: Mapping[str, Any]) -> Item:
    key = str(payload["enterprise_id"])
    return state.items.setdefault(key, Item(key))


def _opened(state: RoundState, event: Event, payload: Mapping[str, Any]) -> None:
    state.edition, state.edition_digest = payload["edition"], payload["edition_digest"]
    state.as_of, state.opened_at = payload["as_of"], event.recorded_at
    state.ranking_digest, state.selection_digest = payload["ranking_digest"], payload["selection_digest"]
    state.corrects = payload.get("corrects", "")
    state.rules = RoundRules.of(payload["rules"])
    state.seats = {seat["name"]: Seat(seat["name"], seat["role"]) for seat in payload["seats"]}
    state.agenda, state.agenda_shown = tuple(payload["agenda"]), payload["agenda_shown"]


def _adopted(state: RoundState, _event: Event, payload: Mapping[str, Any]) -> None:
    state.edition_digest = payload.get("edition_digest", state.edition_digest)
    state.as_of = payload.get("as_of", state.as_of)
    state.ranking_digest, state.selection_digest = payload["ranking_digest"], payload["selection_digest"]
    state.agenda, state.agenda_shown = tuple(payload["agenda"]), payload["agenda_shown"]


def _seated(state: RoundState, _event: Event, payload: Mapping[str, Any]) -> None:
    state.seats[payload["name"]] = Seat(payload["name"], payload["role"])


def _agenda(state: RoundState, _event: Event, payload: Mapping[str, Any]) -> None:
    state.agenda, state.agenda_shown = tuple(payload["agenda"]), payload["agenda_shown"]


def _record(state: RoundState, event: Event, payload: Mapping[str, Any]) -> None:
    state.records.append({**payload, "attached_by": event.actor, "attached_at": event.recorded_at})


def _frozen(state: RoundState, event: Event, payload: Mapping[str, Any]) -> None:
    state.frozen = {**payload, "frozen_by": event.actor, "frozen_at": event.recorded_at}
    state.signatures = {}


def _thawed(state: RoundState, _event: Event, _payload: Mapping[str, Any]) -> None:
    state.frozen, state.signatures = None, {}


def _signed(state: RoundState, event: Event, payload: Mapping[str, Any]) -> None:
    if state.frozen is not None and payload["list_digest"] == state.frozen["list_digest"]:
        state.signatures[event.actor] = event


def _published(state: RoundState, event: Event, payload: Mapping[str, Any]) -> None:
    state.published = {**payload, "published_by": event.actor, "published_at": event.recorded_at, "seq": event.seq}


def _released(state: RoundState, event: Event, payload: Mapping[str, Any]) -> None:
    state.released = {**payload, "released_by": event.actor}


def _voted(state: RoundState, event: Event, payload: Mapping[str, Any]) -> None:
    item = _item(state, payload)
    vote = Vote(
        event.actor, item.enterprise_id, payload["choice"], payload["ranking_digest"], event.seq, event.recorded_at
    )
    item.votes[event.actor] = vote


def _conflict(state: RoundState, event: Event, payload: Mapping[str, Any]) -> None:
    conflict = Conflict(payload["name"], payload["conflict_type"], payload["text"], event.actor, event.seq)
    _item(state, payload).conflicts[conflict.name] = conflict


def _cleared(state: RoundState, _event: Event, payload: Mapping[str, Any]) -> None:
    _item(state, payload).conflicts.pop(payload["name"], None)


def _commented(state: RoundState, event: Event, payload: Mapping[str, Any]) -> None:
    _item(state, payload).comments.append(Comment(event.actor, payload["text"], event.seq, event.recorded_at))


def _overridden(state: RoundState, event: Event, payload: Mapping[str, Any]) -> None:
    item = _item(state, payload)
    if item.override is not None:
        item.override.replaced = True
    names = ("kind", "to_rank", "reason_type", "text", "expires_on", "ranking_digest", "needs_approval", "effect")
    item.overrides.append(
        Override(
            seq=event.seq,
            enterprise_id=item.enterprise_id,
            author=event.actor,
            recorded_at=event.recorded_at,
            evidence=tuple(payload["evidence"]),
            **{name: payload[name] for name in names},
        )
    )
    item.seq = event.seq


def _on_override(state: RoundState, event: Event, payload: Mapping[str, Any]) -> None:
    item = _item(state, payload)
    item.seq = event.seq
    for one in item.overrides:
        if one.seq == payload["of"]:
            if event.kind == "override_approved":
                one.approved_by = event.actor
            elif event.kind == "override_undone":
                one.undone_by = event.actor
            else:
                one.ranking_digest, one.effect = payload["ranking_digest"], payload["effect"]
                one.needs_approval, one.approved_by = payload["needs_approval"], ""


_FOLDS = {
    "round_opened": _opened,
    "ranking_adopted": _adopted,
    "seated": _seated,
    "agenda_set": _agenda,
    "record_attached": _record,
    "frozen": _frozen,
    "thawed": _thawed,
    "signed": _signed,
    "published": _published,
    "labels_released": _released,
    "voted": _voted,
    "conflict_declared": _conflict,
    "conflict_cleared": _cleared,
    "commented": _commented,
    "overridden": _overridden,
    "override_approved": _on_override,
    "override_undone": _on_override,
    "override_confirmed": _on_override,
}
