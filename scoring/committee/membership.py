"""Who is a member on any day, and why: published lists, and what happened to members afterwards.

A member is suspended, leaves, cools down and is restored after its credit is repaired (article 20: integrity and
exit). Each of these is an event with the day from which it holds, and can be reversed by a further event; nothing is
edited. The state on a day is a fold of the lists published and the events that hold on that day.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

from data.accounts import Accounts, User
from data.ledger import Event
from data.refusal import Refusal
from data.settings import Settings
from data.store import Store
from scoring.committee.denials import gate
from scoring.committee.evidence import check_evidence
from scoring.committee.rules import one_of, sentence

EXIT_REASONS = ("integrity", "moved_away", "closed", "no_longer_eligible", "own_request", "false_material", "other")
CHANGES = ("member_suspended", "member_resumed", "member_exited", "member_restored")


@dataclasses.dataclass(frozen=True)
class Member:
    """An enterprise that a published list names, on one day.

    `status` is active, suspended or exited; `because` holds the numbers of the ledger's events that say so: the
    publication's first, then those that changed it. `cool_down_until` is "" or the last day on which an enterprise
    that left may not be listed again.
    """

    enterprise_id: str
    name: str
    track: str
    round_id: str
    valid_from: str
    valid_to: str
    status: str
    because: tuple[int, ...]
    cool_down_until: str = ""


class Membership:
    """What happens to members after publication. Every verb is the chair's and leaves an event, denials too."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self.store = store
        self.settings = settings
        self.accounts = Accounts(store.engine)

    def suspend(
        self, user: User, enterprise_id: str, *, from_day: date, text: str, until: date | None = None,
        evidence: Sequence[Mapping[str, object]] = (), cause: Sequence[Mapping[str, str]] = (),
    ) -> Event:  # fmt: skip
        """Suspend an active member from a day, until a last day or until it is resumed.

        `cause` names the listings that it rests on, where `scoring.committee.credit` proposed it.
        """
        told = {"from_day": from_day.isoformat(), "until": until.isoformat() if until else "", "cause": list(cause)}
        return self._change(user, enterprise_id, "member_suspended", ("active",), from_day, text, evidence, told)

    def resume(
        self, user: User, enterprise_id: str, *, from_day: date, text: str, cause: Sequence[Mapping[str, str]] = ()
    ) -> Event:
        """End a suspension from a day."""
        told = {"from_day": from_day.isoformat(), "cause": list(cause)}
        return self._change(user, enterprise_id, "member_resumed", ("suspended",), from_day, text, (), told)

    def exit(
        self, user: User, enterprise_id: str, *, from_day: date, reason: str, text: str,
        cool_down_until: date | None = None, evidence: Sequence[Mapping[str, object]] = (),
    ) -> Event:  # fmt: skip
        """End a membership from a day; until `cool_down_until` the enterprise cannot be listed again."""
        one_of(reason, EXIT_REASONS, "membership-reason-unknown")
        told = {
            "from_day": from_day.isoformat(),
            "reason": reason,
            "cool_down_until": cool_down_until.isoformat() if cool_down_until else "",
        }
        allowed = ("active", "suspended")
        return self._change(user, enterprise_id, "member_exited", allowed, from_day, text, evidence, told)

    def restore(
        self, user: User, enterprise_id: str, *, from_day: date, text: str,
        evidence: Sequence[Mapping[str, object]], cause: Sequence[Mapping[str, str]] = (),
    ) -> Event:  # fmt: skip
        """Restore an enterprise that left, after its credit was repaired; the repair's evidence is required."""
        if not evidence:
            raise Refusal("membership-needs-evidence", enterprise=enterprise_id)
        told = {"from_day": from_day.isoformat(), "cause": list(cause)}
        return self._change(user, enterprise_id, "member_restored", ("exited",), from_day, text, evidence, told)

    def reverse(self, user: User, enterprise_id: str, seq: int, text: str) -> Event:
        """Take back an earlier change of a membership, or a dismissed proposal, named by its number in the ledger."""
        with self.gate(user, enterprise_id), self.store.ledger.turn() as connection:
            events = self.store.ledger.replay(f"membership:{enterprise_id}", connection=connection)
            live = [event.seq for event in _not_reversed(events) if event.kind in (*CHANGES, "credit_dismissed")]
            if seq not in live:
                raise Refusal("membership-change-unknown", number=str(seq), known=live or ["-"])
            told = {"enterprise_id": enterprise_id, "of": seq, "text": sentence(text, 4)}
            return self.store.ledger.append(
                f"membership:{enterprise_id}", "membership_reversed", user.name, told, connection=connection
            )

    def _change(
        self, user: User, enterprise_id: str, kind: str, allowed: tuple[str, ...], from_day: date, text: str,
        evidence: Sequence[Mapping[str, object]], told: Mapping[str, object],
    ) -> Event:  # fmt: skip
        with self.gate(user, enterprise_id), self.store.ledger.turn() as connection:
            kept = [dict(check_evidence(self.settings, one)) for one in evidence]
            found = {one.enterprise_id: one for one in members_on(self.store, from_day, everyone=True)}
            member = found.get(enterprise_id)
            if member is None:
                raise Refusal("membership-none", enterprise=enterprise_id, on=from_day)
            if member.status not in allowed:
                raise Refusal("membership-status", enterprise=enterprise_id, status=member.status, on=from_day)
            content = {"enterprise_id": enterprise_id, "text": sentence(text, 4), "evidence": kept, **told}
            return self.store.ledger.append(
                f"membership:{enterprise_id}", kind, user.name, content, connection=connection
            )

    def changes(self, enterprise_id: str) -> list[Event]:
        """What was decided about a membership, oldest first, without what was reversed."""
        return _not_reversed(self.store.ledger.replay(f"membership:{enterprise_id}"))

    def gate(self, user: User, enterprise_id: str) -> AbstractContextManager[User]:
        """The gate before every change of a membership."""
        return gate(self.accounts, user, "change_membership", "membership:-", enterprise_id)


def members_on(store: Store, day: date, *, everyone: bool = False) -> list[Member]:
    """The members on a day in order of the list; `everyone` adds those suspended or gone since the list of that day.

    The list of a day is the one published last with a first day no later than it, while its term lasts.
    """
    text = day.isoformat()
    published = [
        event
        for event in store.ledger.replay(kind="published")
        if str(event.payload["valid_from"]) <= text <= str(event.payload["valid_to"])
    ]
    if not published:
        return []
    newest = max(published, key=lambda event: (str(event.payload["valid_from"]), event.seq))
    changes = _changes(store)
    found = [_member(newest, entry, changes.get(entry["enterprise_id"], []), text) for entry in _entries(newest)]
    return [one for one in found if everyone or one.status == "active"]


def cooling_down(store: Store, day: date) -> dict[str, str]:
    """The enterprises that may not be listed on a day because they left, with the last day of it."""
    text = day.isoformat()
    found = {}
    for enterprise_id, events in _changes(store).items():
        until = ""
        for event in _holding(events, text):
            if event.kind == "member_exited":
                until = str(event.payload["cool_down_until"])
            elif event.kind == "member_restored":
                until = ""
        if until >= text:
            found[enterprise_id] = until
    return found


def _entries(event: Event) -> list[dict[str, str]]:
    entries: Any = event.payload["entries"]
    return list(entries)


def _changes(store: Store) -> dict[str, list[Event]]:
    """The changes of each enterprise that were not reversed."""
    by_enterprise: dict[str, list[Event]] = {}
    for event in store.ledger.replay(prefix="membership:"):
        if event.kind in (*CHANGES, "membership_reversed"):
            by_enterprise.setdefault(str(event.payload["enterprise_id"]), []).append(event)
    return {key: _live(events) for key, events in by_enterprise.items()}


def _not_reversed(events: Sequence[Event]) -> list[Event]:
    reversed_ = {event.payload["of"] for event in events if event.kind == "membership_reversed"}
    return [event for event in events if event.kind != "membership_reversed" and event.seq not in reversed_]


def _live(events: Sequence[Event]) -> list[Event]:
    return [event for event in _not_reversed(events) if event.kind in CHANGES]


def _holding(events: Sequence[Event], day: str) -> list[Event]:
    """The changes that hold on a day, in the order of their days."""
    begun = [event for event in events if str(event.payload["from_day"]) <= day]
    return sorted(begun, key=lambda event: (str(event.payload["from_day"]), event.seq))


def _member(published: Event, entry: Mapping[str, str], changes: Sequence[Event], day: str) -> Member:
    payload = published.payload
    status, because, cool_down = "active", [published.seq], ""
    for event in _holding(changes, day):
        if str(event.payload["from_day"]) < str(payload["published_on"]):
            continue  # what happened before this list was published was known to it
        if event.kind == "member_suspended":
            until = str(event.payload["until"])
            status = "suspended" if not until or until >= day else "active"
        else:
            status = "exited" if event.kind == "member_exited" else "active"
        cool_down = str(event.payload.get("cool_down_until", "")) if status == "exited" else ""
        because.append(event.seq)
    return Member(
        enterprise_id=entry["enterprise_id"],
        name=entry["name"],
        track=entry["track"],
        round_id=published.subject.split(":")[1],
        valid_from=str(payload["valid_from"]),
        valid_to=str(payload["valid_to"]),
        status=status,
        because=tuple(because),
        cool_down_until=cool_down,
    )
