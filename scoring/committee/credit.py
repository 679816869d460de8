"""What listings and repairs of credit suggest for members (article 20): proposals that a person decides.

Nothing happens to a membership by itself. A listing or penalty of a member that became known after the facts of its
list were drawn suggests a suspension; when every such listing has been removed, a member that is suspended, or that
left for its integrity, is suggested for restoration. The chair accepts or dismisses each with a reason; either is an
event, and the same listing is not suggested again unless the decision is reversed.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Literal

import pandas as pd

from data.accounts import User
from data.ledger import Event
from data.refusal import Refusal
from data.settings import Settings
from data.store import Store
from scoring.committee.denials import gate
from scoring.committee.membership import Member, Membership, members_on
from scoring.committee.rounds import fold
from scoring.committee.rules import sentence

Action = Literal["suspend", "resume", "restore"]


@dataclasses.dataclass(frozen=True)
class Listing:
    """A listing or penalty as last known: ISO dates, `removed_on` "" while it is in force."""

    kind: str
    authority: str
    listed_on: str
    removed_on: str
    known_on: str


@dataclasses.dataclass(frozen=True)
class CreditProposal:
    """What is suggested for a member, and the listings that it rests on, newest first.

    `suspend` for an active member with a listing in force; `resume` for a suspended one, `restore` for one that left
    for its integrity, when no listing is in force any more.
    """

    enterprise_id: str
    name: str
    track: str
    action: Action
    listings: tuple[Listing, ...]


class Credit:
    """The proposals that credit suggests, and the chair's decisions on them."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self.store = store
        self.settings = settings
        self.membership = Membership(store, settings)

    def proposals(self, user: User, on: date | None = None) -> list[CreditProposal]:
        """What waits for a decision on a day (today by default), in order of identifier."""
        with gate(self.membership.accounts, user, "read", "membership:-"):
            return self._waiting(on or self.settings.today)

    def _waiting(self, day: date) -> list[CreditProposal]:
        members = members_on(self.store, day, everyone=True)
        if not members:
            return []
        round_id = members[0].round_id
        drawn = fold(round_id, self.store.ledger.replay(prefix=f"review:{round_id}:")).as_of
        listings = _listings(self.store, {one.enterprise_id for one in members}, drawn, day)
        made = [
            self._proposal(one, listings[one.enterprise_id], day) for one in members if one.enterprise_id in listings
        ]
        return sorted((one for one in made if one is not None), key=lambda one: one.enterprise_id)

    def accept(
        self, user: User, enterprise_id: str, *, text: str, from_day: date | None = None,
        evidence: Sequence[Mapping[str, object]] = (),
    ) -> Event:  # fmt: skip
        """Do what is suggested for a member, from a day (today by default); a restoration needs its evidence.

        Refuses where nothing is suggested (`credit-nothing-proposed`) and what `Membership` refuses.
        """
        found = self._proposed(user, enterprise_id)
        day, cause = from_day or self.settings.today, _told(found.listings)
        if found.action == "suspend":
            return self.membership.suspend(user, enterprise_id, from_day=day, text=text, evidence=evidence, cause=cause)
        if found.action == "resume":
            return self.membership.resume(user, enterprise_id, from_day=day, text=text, cause=cause)
        return self.membership.restore(user, enterprise_id, from_day=day, text=text, evidence=evidence, cause=cause)

    def dismiss(self, user: User, enterprise_id: str, *, text: str) -> Event:
        """Decide against what is suggested for a member, saying why; it is not suggested again for these listings."""
        found = self._proposed(user, enterprise_id)
        told = {"enterprise_id": enterprise_id, "action": found.action, "text": sentence(text, 4)}
        return self.store.ledger.append(
            f"membership:{enterprise_id}", "credit_dismissed", user.name, {**told, "cause": _told(found.listings)}
        )

    def _proposed(self, user: User, enterprise_id: str) -> CreditProposal:
        """What is suggested for a member, for a person who may decide on it."""
        with self.membership.gate(user, enterprise_id):
            waiting = {one.enterprise_id: one for one in self._waiting(self.settings.today)}
        if enterprise_id not in waiting:
            raise Refusal("credit-nothing-proposed", enterprise=enterprise_id)
        return waiting[enterprise_id]

    def _proposal(self, member: Member, listings: Sequence[Listing], day: date) -> CreditProposal | None:
        changes = self.membership.changes(member.enterprise_id)
        in_force = [one for one in listings if not one.removed_on or one.removed_on > day.isoformat()]
        if member.status == "active":
            decided = _decided(changes, "suspend")
            news = tuple(one for one in in_force if (one.kind, one.listed_on) not in decided)
            action: Action = "suspend"
        else:
            last = next((one for one in reversed(changes) if one.seq in member.because), None)
            if in_force or last is None or last.payload.get("reason", "integrity") != "integrity":
                return None
            action = "resume" if member.status == "suspended" else "restore"
            decided = _decided(changes, action)
            since = str(last.payload["from_day"])
            news = tuple(
                one for one in listings if one.removed_on >= since and (one.kind, one.listed_on) not in decided
            )
        return CreditProposal(member.enterprise_id, member.name, member.track, action, news) if news else None


def _listings(store: Store, members: set[str], drawn: str, day: date) -> dict[str, list[Listing]]:
    """The members' listings known by a day but not yet when the list's facts were drawn, newest first."""
    rows = store.read("integrity_events")
    rows = rows[rows["enterprise_id"].isin(members)].copy()
    if rows.empty:
        return {}
    rows["known_on"] = pd.to_datetime(rows["known_on"])
    rows = rows[rows["known_on"] <= pd.Timestamp(day)]
    rows["listed_on"] = pd.to_datetime(rows["listed_on"]).fillna(rows["known_on"])
    rows["first_known"] = rows.groupby(["enterprise_id", "kind", "listed_on"], dropna=False)["known_on"].transform(
        "min"
    )
    rows = rows[(rows["first_known"] > pd.Timestamp(drawn)) & (rows["listed_on"] <= pd.Timestamp(day))]
    # A later row about the same listing adds what it knows, as a rule its removal.
    newest = rows.sort_values("known_on", kind="stable").groupby(["enterprise_id", "kind", "listed_on"], dropna=False)
    found: dict[str, list[Listing]] = {}
    for row in newest.last().reset_index().sort_values("listed_on", ascending=False, kind="stable").to_dict("records"):
        found.setdefault(str(row["enterprise_id"]), []).append(_listing(row))
    return found


def _listing(row: Mapping[Any, Any]) -> Listing:
    words = {name: "" if pd.isna(row[name]) else str(row[name]) for name in ("kind", "authority")}
    days = {
        name: "" if pd.isna(row[name]) else pd.Timestamp(row[name]).date().isoformat()
        for name in ("listed_on", "removed_on", "known_on")
    }
    return Listing(**words, **days)


def _told(listings: Iterable[Listing]) -> list[dict[str, str]]:
    return [dataclasses.asdict(one) for one in listings]


def _decided(changes: Iterable[Event], action: Action) -> set[tuple[str, str]]:
    """The listings (kind, day) on which a decision of that sort stands."""
    kinds = {
        "suspend": ("member_suspended", "member_exited"), "resume": ("member_resumed",), "restore": ("member_restored",)
    }[action]  # fmt: skip
    found: set[tuple[str, str]] = set()
    for event in changes:
        dismissed = event.kind == "credit_dismissed" and event.payload["action"] == action
        if event.kind in kinds or dismissed:
            causes: Any = event.payload.get("cause") or []
            found |= {(str(one["kind"]), str(one["listed_on"])) for one in causes}
    return found
