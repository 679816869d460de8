"""Finding events of the ledger by what is shown of them."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property

import streamlit as st

from dashboard.display import moment
from dashboard.events import event_text, group_of, kind_name, person_name
from dashboard.round_view import RoundView
from dashboard.session import language, me, minutes_west
from data.ledger import Event


@dataclass(frozen=True)
class Asked:
    """What is looked for, and which page of it: words that must all be shown of an event, a person, a kind and a group
    ("" for any), and the first and last day (by the reader's clock)."""

    q: str = ""
    who: str = ""
    kind: str = ""
    about: str = ""
    since: date | None = None
    until: date | None = None
    page: int = 1

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Asked:
        """What an address asks for; what it cannot mean falls to the default.

        >>> Asked.of({"q": "航空", "since": "2026-02-30", "page": "2"})
        Asked(q='航空', who='', kind='', about='', since=None, until=None, page=2)
        """
        words = {name: str(query.get(name, ""))[:80] for name in ("q", "who", "kind", "about")}
        page = str(query.get("page", ""))
        return cls(
            **words, since=_day(query.get("since", "")), until=_day(query.get("until", "")),
            page=max(1, int(page)) if page.isdecimal() and len(page) < 8 else 1,
        )  # fmt: skip

    def query(self) -> dict[str, str]:
        """The words of the address: only what differs from the default."""
        told = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            name: str(value) for name, value in told.items() if value not in ("", None) and (name, value) != ("page", 1)
        }


def _day(told: str) -> date | None:
    try:
        return date.fromisoformat(told)
    except ValueError:
        return None


@dataclass(frozen=True)
class Ledger:
    """The events that a person may read, in their order, and the round in which they are told."""

    events: Sequence[Event]
    here: RoundView | None

    @cached_property
    def _known(self) -> dict[int, Event]:
        return {event.seq: event for event in self.events}

    def name(self, event: Event) -> str:
        """The name of the enterprise that an event is about; "" where it is about none that the person sees."""
        key = str(event.payload.get("enterprise_id", ""))
        return self.here.name(key) if self.here and key else ""

    def text(self, event: Event) -> str:
        """What happened, in words."""
        return event_text(event, self.here.name if self.here else str, self._known)


def matching(ledger: Ledger, asked: Asked) -> list[Event]:
    """The events that are asked for, in their order; only what the person is shown of them is searched."""
    words = folded(asked.q).split()
    found = [
        event
        for event in ledger.events
        if (not asked.who or event.actor == asked.who)
        and (not asked.kind or event.kind == asked.kind)
        and (not asked.about or group_of(event) == asked.about)
        and _within(event, asked)
    ]
    if not words:
        return found
    kept = _kept(ledger.here)
    return [event for event in found if all(word in _shown(event, ledger, kept) for word in words)]


def folded(text: str) -> str:
    """A text as it is compared: full-width signs as plain ones, capitals as small letters.

    >>> folded("（演示）ＡBC")
    '(演示)abc'
    """
    return unicodedata.normalize("NFKC", text).casefold()


def _within(event: Event, asked: Asked) -> bool:
    if not (asked.since or asked.until):
        return True
    day = moment(event.recorded_at)[:10]
    since, until = (one.isoformat() if one else "" for one in (asked.since, asked.until))
    return since <= day and (not until or day <= until)


def _kept(here: RoundView | None) -> dict[int, str]:
    """What the rows show by number, as far as it was searched before: by this person, in this language, time zone and
    state of what the person may see."""
    view = (me().name, language(), minutes_west(), here.world if here else "")
    if st.session_state.get("ledger_searched", (None,))[0] != view:
        st.session_state["ledger_searched"] = view, {}
    kept: dict[int, str] = st.session_state["ledger_searched"][1]
    return kept


def _shown(event: Event, ledger: Ledger, kept: dict[int, str]) -> str:
    """All that a row shows of an event, folded; made once."""
    if event.seq not in kept:
        parts = (
            str(event.seq), moment(event.recorded_at), person_name(event.actor), ledger.name(event),
            str(event.payload.get("enterprise_id", "")), kind_name(event.kind), ledger.text(event),
        )  # fmt: skip
        kept[event.seq] = folded(" ".join(parts))
    return kept[event.seq]
