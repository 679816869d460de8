"""How every act on a round is carried out: one turn at the ledger, all checks inside it, denials recorded.

The checks are the same for a page, the command line and a program: the person must have an open account with the role
that the act needs, must be seated where a seat is needed, must not be recused, must act on the round's ranking and on
the newest state of the item, and the round must be in a phase that admits the act.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from data.accounts import Accounts, User
from data.ledger import Connection, Event, Ledger
from data.refusal import Refusal
from data.settings import Settings
from data.store import Store
from scoring.committee.denials import gate
from scoring.committee.proposal import Proposal, proposal
from scoring.committee.rounds import RoundState, fold, known_round


@dataclass(frozen=True)
class Turn:
    """An act under way: the transaction that holds the ledger's turn, the state found in it, and who acts."""

    ledger: Ledger
    connection: Connection
    state: RoundState
    user: User

    def append(self, subject: str, kind: str, payload: Mapping[str, object]) -> Event:
        """Write one event of the round; `subject` is what follows `review:ROUND:`."""
        full = f"review:{self.state.round_id}:{subject}"
        return self.ledger.append(full, kind, self.user.name, payload, connection=self.connection)


class Acting:
    """The ground under a round's verbs: its store, its settings and its turn-taking."""

    def __init__(self, store: Store, settings: Settings, round_id: str) -> None:
        self.store = store
        self.settings = settings
        self.ledger = store.ledger
        self.accounts = Accounts(store.engine)
        self.round_id = known_round(self.ledger, round_id)
        self._read: tuple[int, RoundState] | None = None

    def _state(self, connection: Connection | None = None) -> RoundState:
        events = self.ledger.replay(prefix=f"review:{self.round_id}:", connection=connection)
        return fold(self.round_id, events)

    def _proposal(self, state: RoundState) -> Proposal:
        return proposal(self.settings, state.ranking_digest)

    def _gate(self, user: User, verb: str, enterprise_id: str | None = None) -> AbstractContextManager[User]:
        """The gate before what only reads; acts go through `_turn`, which stands in it."""
        return gate(self.accounts, user, verb, f"review:{self.round_id}", enterprise_id or "")

    def _reader(self, user: User, enterprise_id: str | None = None) -> tuple[User, RoundState]:
        """A person who may read, and the state for reading, which nobody changes: kept until the ledger grows.

        Refuses one who asks for an enterprise that the person is recused from (`review-recused`).
        """
        with self._gate(user, "read", enterprise_id) as person:
            head = self.ledger.head()
            grown = head.seq if head else 0
            if self._read is None or self._read[0] != grown:
                self._read = (grown, self._state())
            state = self._read[1]
            if enterprise_id in self._hidden(state, person):
                raise Refusal("review-recused", enterprise=enterprise_id)
        return person, state

    def _hidden(self, state: RoundState, person: User) -> frozenset[str]:
        """What is hidden from a person for conflict of interest, until the list is public."""
        return frozenset() if state.phase == "published" else state.hidden_from(person.name)

    @contextmanager
    def _turn(
        self,
        verb: str,
        user: User,
        *,
        enterprise_id: str | None = None,
        ranking_digest: str | None = None,
        last_seen: int | None = None,
        phases: tuple[str, ...] = ("open",),
        seated: bool = True,
    ) -> Iterator[Turn]:
        """Carry out an act behind the gate: everything inside is written together or not at all."""
        with self._gate(user, verb, enterprise_id) as person:
            if enterprise_id is not None:
                self._proposal(self._state())  # read from disk before the turn, so that nobody waits for it
            with self.ledger.turn() as connection:
                state = self._state(connection)
                if seated and person.name not in state.seats:
                    raise Refusal("review-not-seated", name=person.name, seated=list(state.seats))
                if state.phase not in phases:
                    raise Refusal(_phase_code(state.phase, phases), round=self.round_id)
                if enterprise_id is not None:
                    self._check_item(connection, state, person, enterprise_id, ranking_digest, last_seen)
                yield Turn(self.ledger, connection, state, person)

    def _check_item(
        self,
        connection: Connection,
        state: RoundState,
        person: User,
        enterprise_id: str,
        ranking_digest: str | None,
        last_seen: int | None,
    ) -> None:
        if person.name in state.item(enterprise_id).conflicts:
            raise Refusal("review-recused", enterprise=enterprise_id)
        if ranking_digest is not None and ranking_digest != state.ranking_digest:
            raise Refusal("review-ranking-superseded", seen=ranking_digest[:12], now=state.ranking_digest[:12])
        self._known_enterprise(state, enterprise_id, state.hidden_from(person.name))
        if last_seen is not None and last_seen != state.item(enterprise_id).last_seen(person.name):
            raise self._changed(connection, state, enterprise_id, person.name, last_seen)

    def _known_enterprise(self, state: RoundState, enterprise_id: str, hidden: frozenset[str]) -> None:
        frame = self._proposal(state).ranking.frame
        if enterprise_id in frame.index:
            return
        names = {str(key): str(name) for key, name in frame["name"].items() if key not in hidden}
        close = difflib.get_close_matches(enterprise_id, [*names, *names.values()], n=3, cutoff=0.5)
        of_name = {name: key for key, name in names.items()}
        nearest = [f"{names.get(one, one)} ({of_name.get(one, one)})" for one in close]
        raise Refusal("review-enterprise-unknown", enterprise=enterprise_id, nearest=nearest)

    def _changed(
        self, connection: Connection, state: RoundState, enterprise_id: str, name: str, last_seen: int
    ) -> Refusal:
        """What the second of two writers is told: who did what since, so that the person can decide again."""
        subjects = (f"item:{enterprise_id}", f"vote:{enterprise_id}:{name}")
        news = [
            event
            for subject in subjects
            for event in self.ledger.replay(f"review:{self.round_id}:{subject}", after=last_seen, connection=connection)
        ]
        newest = max(news, key=lambda event: event.seq, default=None)
        told: dict[str, Any] = {"kind": "none", "actor": "", "at": ""}
        if newest is not None:
            told = {"kind": newest.kind, "actor": newest.actor, "at": datetime.fromisoformat(newest.recorded_at)}
        return Refusal(
            "review-item-changed",
            enterprise=enterprise_id,
            seen=last_seen,
            now=state.item(enterprise_id).last_seen(name),
            **told,
        )


def _phase_code(phase: str, wanted: tuple[str, ...]) -> str:
    if phase == "published":
        return "review-published"
    if wanted == ("signed",):
        return "review-not-signed"
    return "review-not-frozen" if phase == "open" else "review-frozen"
