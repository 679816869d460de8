"""The ledger: append-only events, each sealed to the one before by its digest.

State is a fold of events; nothing is edited. The database refuses UPDATE and DELETE on the table; whoever goes
around it breaks the chain, and `verify` names the place.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from data.migrations import EVENTS
from data.refusal import Refusal

GENESIS = "0" * 64

# The name by which floors above speak of an open transaction without importing SQLAlchemy.
Connection = sa.Connection


@dataclass(frozen=True)
class Event:
    """One thing that somebody did. `subject` is what it was done to, e.g. `item:ROUND:ENTERPRISE`."""

    seq: int
    subject: str
    kind: str
    actor: str
    recorded_at: str
    payload: Mapping[str, object]
    previous: str
    digest: str


@dataclass(frozen=True)
class Fault:
    """Where the chain does not hold: `code` is `changed`, `removed`, `inserted` or `reordered`."""

    seq: int
    code: str


class Ledger:
    """The events of one database."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    def append(
        self,
        subject: str,
        kind: str,
        actor: str,
        payload: Mapping[str, object],
        *,
        last_seen: int | None = None,
        connection: sa.Connection | None = None,
    ) -> Event:
        """Write one event and give it, sealed.

        `last_seen` is the number of the subject's last event that the writer saw (0: none); if there is a newer
        one the write is refused (`ledger-stale`) so that nobody decides over another's decision unseen. None
        writes without that question. `connection` joins a transaction that is already open for writing.
        """
        with self._writing(connection) as writer:
            head = writer.execute(
                sa.select(EVENTS.c.seq, EVENTS.c.digest).order_by(EVENTS.c.seq.desc()).limit(1)
            ).first()
            if last_seen is not None:
                newest = writer.execute(
                    sa.select(sa.func.max(EVENTS.c.seq)).where(EVENTS.c.subject == subject)
                ).scalar()
                if (newest or 0) != last_seen:
                    raise Refusal("ledger-stale", subject=subject, seen=last_seen, newest=newest or 0)
            seq, previous = (head.seq + 1, head.digest) if head else (1, GENESIS)
            recorded_at = datetime.now(UTC).isoformat(timespec="microseconds")
            text = canonical(payload)
            event = Event(
                seq, subject, kind, actor, recorded_at, json.loads(text), previous,
                seal(seq, subject, kind, actor, recorded_at, text, previous),
            )  # fmt: skip
            writer.execute(sa.insert(EVENTS).values({**asdict(event), "payload": text}))
        return event

    def replay(
        self,
        subject: str | None = None,
        *,
        prefix: str | None = None,
        kind: str | None = None,
        after: int = 0,
        connection: sa.Connection | None = None,
    ) -> list[Event]:
        """Events in order: of one subject, of all subjects that start with `prefix`, of one kind, after a number.

        `connection` reads inside a transaction that is already open.
        """
        query = sa.select(EVENTS).where(EVENTS.c.seq > after).order_by(EVENTS.c.seq)
        if subject is not None:
            query = query.where(EVENTS.c.subject == subject)
        if prefix is not None:
            query = query.where(EVENTS.c.subject.startswith(prefix, autoescape=True))
        if kind is not None:
            query = query.where(EVENTS.c.kind == kind)
        if connection is not None:
            return [_event(row) for row in connection.execute(query)]
        with self.engine.connect() as opened:
            return [_event(row) for row in opened.execute(query)]

    def head(self) -> Event | None:
        """The newest event, or None in an empty ledger."""
        query = sa.select(EVENTS).order_by(EVENTS.c.seq.desc()).limit(1)
        with self.engine.connect() as connection:
            row = connection.execute(query).first()
        return _event(row) if row else None

    def verify(self) -> list[Fault]:
        """Every place where the chain does not hold; empty when all is well."""
        return check(self.replay())

    def export(self, path: Path) -> None:
        """Write all events as JSON lines, to be verified offline by `read_export` and `check`."""
        lines = [json.dumps(asdict(event), ensure_ascii=False, sort_keys=True) for event in self.replay()]
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")

    @contextmanager
    def turn(self) -> Iterator[sa.Connection]:
        """A write transaction that no other writer can overtake: what is read in it stays true until it ends."""
        with self._writing(None) as connection:
            yield connection

    @contextmanager
    def _writing(self, connection: sa.Connection | None) -> Iterator[sa.Connection]:
        """An open write transaction in which no other writer can take the same number."""
        if connection is not None:
            lock(connection)
            yield connection
            return
        with writing(self.engine) as opened:
            lock(opened)
            yield opened


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction opened for writing: on SQLite it waits for its turn instead of failing half-way."""
    with engine.execution_options(writes=True).begin() as connection:
        yield connection


def check(events: Iterable[Event]) -> list[Fault]:
    """The faults of a chain of events, in the order given."""
    faults: list[Fault] = []
    previous, expected = GENESIS, 1
    for event in events:
        text = canonical(event.payload)
        true = seal(event.seq, event.subject, event.kind, event.actor, event.recorded_at, text, event.previous)
        if event.seq != expected:
            faults.append(Fault(event.seq, "removed" if event.seq > expected else "reordered"))
        elif true != event.digest:
            faults.append(Fault(event.seq, "changed"))
        elif event.previous != previous:
            faults.append(Fault(event.seq, "inserted"))
        previous, expected = event.digest, event.seq + 1
    return faults


def read_export(path: Path) -> list[Event]:
    """The events of an exported ledger; refuses a file that is not one, naming the line."""
    events = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            events.append(Event(**json.loads(line)))
        except (ValueError, TypeError) as error:
            raise Refusal("ledger-export-unreadable", path=str(path), line=number) from error
    return events


def canonical(payload: Mapping[str, object]) -> str:
    """The one JSON text of a payload: sorted keys, no spaces, UTF-8; numbers must be finite."""
    return json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def seal(seq: int, subject: str, kind: str, actor: str, recorded_at: str, payload: str, previous: str) -> str:
    """SHA-256 over all of an event's content and the digest of the event before it."""
    content = json.dumps([seq, subject, kind, actor, recorded_at, payload, previous], ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()


def _event(row: sa.Row[tuple[object, ...]]) -> Event:
    values = dict(row._mapping)
    values["payload"] = json.loads(values["payload"])
    return Event(**values)


def lock(connection: sa.Connection) -> None:
    """Wait until no other writer is at work in this database; held until the transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(7068)"))
