"""Objections to a published list: received with evidence in the period of notice, answered with reasons.

Who objects is in the office's own register; here stands only its reference, since persons are not stored. Where an
enterprise's data were wrong, they are corrected and the enterprise is scored again under the same edition and the
same models; what follows for the list is a correction, which is a new round.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pandas as pd

from data.accounts import Accounts, User
from data.ledger import Event
from data.refusal import Refusal
from data.settings import Settings
from data.store import Store
from scoring.committee.denials import gate
from scoring.committee.evidence import check_evidence
from scoring.committee.proposal import proposal
from scoring.committee.rounds import RoundState, fold, known_round
from scoring.committee.rules import one_of, sentence
from scoring.scores.ranking import Ranking

GROUNDS = ("data_wrong", "rule_misapplied", "integrity", "eligibility", "other")
OUTCOMES = ("upheld", "partly", "dismissed")
REPLY_LENGTH = 15


@dataclasses.dataclass(frozen=True)
class Objection:
    """One objection with what became of it; `outcome` is "" until it is answered, `rescored` None without a re-score.

    `rescored` holds ranking_digest, old_score, new_score, old_rank, new_rank, listed_before, listed_after.
    """

    number: int
    enterprise_id: str
    ground: str
    text: str
    reference: str
    received_on: str
    answer_by: str
    evidence: tuple[Mapping[str, object], ...]
    outcome: str = ""
    reply: str = ""
    answered_on: str = ""
    rescored: Mapping[str, Any] | None = None


class Objections:
    """The objections to one published round."""

    def __init__(self, store: Store, settings: Settings, round_id: str) -> None:
        self.store = store
        self.settings = settings
        self.round_id = known_round(store.ledger, round_id)
        self.accounts = Accounts(store.engine)

    def receive(
        self, user: User, enterprise_id: str, *, ground: str, text: str, reference: str,
        evidence: Sequence[Mapping[str, object]], answer_by: date | None = None,
    ) -> int:  # fmt: skip
        """Register an objection and give its number.

        Refuses one before publication (`objection-not-published`), after the last day of notice
        (`objection-late`), without evidence (`objection-needs-evidence`), without the register's reference
        (`objection-needs-reference`), or about an enterprise that was not ranked (`objection-enterprise-unknown`).
        """
        with self._gate(user, "receive_objection", enterprise_id) as person:
            one_of(ground, GROUNDS, "objection-ground-unknown")
            kept = [dict(check_evidence(self.settings, one)) for one in evidence]
            published = self._published()
            today = self.settings.today
            if today.isoformat() > str(published["notice_until"]):
                raise Refusal("objection-late", until=str(published["notice_until"]), today=today)
            if not kept:
                raise Refusal("objection-needs-evidence")
            if not reference.strip():
                raise Refusal("objection-needs-reference")
            if enterprise_id not in self._ranking().frame.index:
                raise Refusal("objection-enterprise-unknown", enterprise=enterprise_id)
            with self.store.ledger.turn() as connection:
                number = len(self._events("objection_received", connection)) + 1
                told = {
                    "number": number,
                    "enterprise_id": enterprise_id,
                    "ground": ground,
                    "text": sentence(text, 8),
                    "reference": reference.strip(),
                    "received_on": today.isoformat(),
                    "answer_by": answer_by.isoformat() if answer_by else "",
                    "evidence": kept,
                }
                subject = f"objection:{self.round_id}:{number}"
                self.store.ledger.append(subject, "objection_received", person.name, told, connection=connection)
        return number

    def rescore(self, user: User, number: int, ranking: Ranking) -> Mapping[str, Any]:
        """Record what an enterprise's corrected data give under the same rules and models; give old and new.

        Refuses a ranking under another edition, date or model version (`objection-model-differs`).
        """
        with self._gate(user, "receive_objection") as person:
            objection = self._open(number)
            before = self._ranking()
            differing = [
                name
                for name, old, new in (
                    ("edition", before.edition.digest, ranking.edition.digest),
                    ("as_of", before.as_of, ranking.as_of),
                    ("models", dict(before.model_versions), dict(ranking.model_versions)),
                )
                if old != new
            ]
            if differing:
                raise Refusal("objection-model-differs", differing=differing)
            key = objection.enterprise_id
            decisions = self._state().in_force(self.settings.today)
            first, second = proposal(self.settings, before.digest), dataclasses.replace(
                proposal(self.settings, before.digest), ranking=ranking
            )  # fmt: skip
            told = {
                "number": number,
                "ranking_digest": ranking.digest,
                **_score("old", before, key),
                **_score("new", ranking, key),
                "listed_before": key in set(first.list(decisions).members["enterprise_id"]),
                "listed_after": key in set(second.list(decisions).members["enterprise_id"]),
            }
            self.store.ledger.append(f"objection:{self.round_id}:{number}", "objection_rescored", person.name, told)
            return told

    def answer(self, user: User, number: int, outcome: str, reply: str) -> None:
        """The chair's answer with its reasons: upheld, partly, dismissed. An objection is answered once."""
        with self._gate(user, "answer_objection") as person:
            one_of(outcome, OUTCOMES, "objection-outcome-unknown")
            self._open(number)
            with self.store.ledger.turn() as connection:
                if number in {event.payload["number"] for event in self._events("objection_answered", connection)}:
                    raise Refusal("objection-answered", number=number)
                told = {
                    "number": number,
                    "outcome": outcome,
                    "reply": sentence(reply, REPLY_LENGTH),
                    "answered_on": self.settings.today.isoformat(),
                }
                subject = f"objection:{self.round_id}:{number}"
                self.store.ledger.append(subject, "objection_answered", person.name, told, connection=connection)

    def all(self, user: User) -> list[Objection]:
        """Every objection to the round, oldest first."""
        with self._gate(user, "read"):
            return self._all()

    def days_left(self, today: date) -> int:
        """Calendar days until the period of notice ends; negative when it has ended."""
        return (date.fromisoformat(str(self._published()["notice_until"])) - today).days

    def _all(self) -> list[Objection]:
        found: dict[int, Objection] = {}
        for event in self.store.ledger.replay(prefix=f"objection:{self.round_id}:"):
            if event.kind == "denied":
                continue
            payload: dict[str, Any] = dict(event.payload)
            number = int(payload.pop("number"))
            if event.kind == "objection_received":
                found[number] = Objection(number=number, **{**payload, "evidence": tuple(payload["evidence"])})
            elif event.kind == "objection_answered":
                found[number] = dataclasses.replace(found[number], **payload)
            elif event.kind == "objection_rescored":
                found[number] = dataclasses.replace(found[number], rescored=payload)
        return [found[number] for number in sorted(found)]

    def _open(self, number: int) -> Objection:
        found = {one.number: one for one in self._all()}
        if number not in found:
            raise Refusal("objection-unknown", number=number, known=sorted(found) or ["-"])
        if found[number].outcome:
            raise Refusal("objection-answered", number=number)
        return found[number]

    def _events(self, kind: str, connection: object) -> list[Event]:
        events = self.store.ledger.replay(prefix=f"objection:{self.round_id}:", connection=connection)  # type: ignore[arg-type]
        return [event for event in events if event.kind == kind]

    def _state(self) -> RoundState:
        return fold(self.round_id, self.store.ledger.replay(prefix=f"review:{self.round_id}:"))

    def _published(self) -> Mapping[str, Any]:
        published = self._state().published
        if published is None:
            raise Refusal("objection-not-published", round=self.round_id)
        return published

    def _ranking(self) -> Ranking:
        return proposal(self.settings, self._state().ranking_digest).ranking

    def _gate(self, user: User, verb: str, enterprise_id: str = "") -> AbstractContextManager[User]:
        return gate(self.accounts, user, verb, f"objection:{self.round_id}", enterprise_id)


def _score(when: str, ranking: Ranking, enterprise_id: str) -> dict[str, object]:
    """Score and rank of an enterprise in a ranking, None where it has none."""
    if enterprise_id not in ranking.frame.index:
        return {f"{when}_score": None, f"{when}_rank": None}
    facts: dict[str, Any] = {str(name): value for name, value in ranking.frame.loc[enterprise_id].items()}
    rank = None if pd.isna(facts["rank"]) else int(facts["rank"])
    return {f"{when}_score": float(facts["score"]), f"{when}_rank": rank}
