"""Files that wait for an answer: the event that holds one says how it was read, its bytes are kept while it waits."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.admission import names_persons
from data.aside import signature
from data.findings import Finding
from data.headers import Header, aliases, core
from data.ledger import Connection, Event
from data.plan import Plan
from data.reading import RawSheet, Received
from data.refusal import Refusal
from data.staging import file_sha256
from data.store import Guard, Store

HELD, WITHDRAWN = "intake_held", "intake_withdrawn"
KEPT = "intake/held"
"""The folder of the home with the bytes of waiting files: `DIGEST16/NAME`, once for each content."""
LONGEST_NAME = 255
"""Bytes of a name on the file systems in use."""


@dataclass(frozen=True)
class WaitingFile:
    """A file that was held and neither taken in nor withdrawn since.

    `held_id` is how commands name it; `seq` and `held_at` (ISO UTC) are of the event that holds it, `held_by` brought
    it. It was read with the text of `mapping` ("" for none), as `table` and known on `known_on` (ISO date), "" where
    nobody said. `draft` is where its answers can be written; `path` its kept bytes, None where they were not kept.
    """

    held_id: str
    seq: int
    file: str
    sha256: str
    held_by: str
    held_at: str
    questions: list[Finding]
    mapping: str
    table: str
    known_on: str
    draft: Path
    path: Path | None


def waiting_files(store: Store) -> list[WaitingFile]:
    """The files that wait, oldest first."""
    return [_waiting(store, event) for event in _open(store)]


def open_questions(store: Store) -> list[dict[str, Any]]:
    """The same as the ledger tells it: seq, held_id, held_by, file, file_sha256, questions (fields of findings), draft,
    mapping, table, known_on, and whether its bytes are `kept`.
    """
    told = []
    for event in _open(store):
        one = _waiting(store, event)
        kept = one.path is not None
        told.append({"seq": one.seq, "held_id": one.held_id, "held_by": one.held_by, **event.payload, "kept": kept})
    return told


def hold(
    store: Store, received: Received, copy: Path | None, actor: str, payload: dict[str, object], guard: Guard | None
) -> Event:
    """Hold a file that was read: its bytes (`copy`, which is moved) take their place, then the event makes it wait.

    `copy` is None where the bytes may not be kept; such a file must be brought again with its answers. Both happen in
    one turn of the ledger, so that who tidies up never meets bytes that are about to wait; `guard` may refuse it there.
    """
    held_id = received.sha256[:16]
    with store.ledger.turn() as connection:
        if guard is not None:
            guard(connection)
        if copy is not None:
            name = received.name if len(received.name.encode()) <= LONGEST_NAME else received.path.name
            place = store.settings.home / KEPT / held_id / name
            place.parent.mkdir(parents=True, exist_ok=True)
            with copy.open("rb+") as written:
                os.fsync(written.fileno())
            copy.replace(place)
            for other in set(place.parent.iterdir()) - {place}:  # the same content under another name
                other.unlink()
        told = {"file": received.name, "file_sha256": received.sha256, **payload}
        return store.ledger.append(f"intake:{held_id}", HELD, actor, told, connection=connection)


def withdraw_waiting(store: Store, held_id: str, actor: str, *, seen: int | None = None) -> None:
    """Withdraw a file that waits: an event; its bytes go, what was found in it stays.

    Refuses a file that does not wait (`held-unknown`), and one held anew since event `seen` (`ledger-stale`).
    """
    with store.ledger.turn() as connection:
        waiting = {event.subject.removeprefix("intake:"): event for event in _open(store, connection)}
        if held_id not in waiting:
            raise Refusal("held-unknown", held=held_id, known=sorted(waiting))
        told = {name: waiting[held_id].payload[name] for name in ("file", "file_sha256")}
        store.ledger.append(f"intake:{held_id}", WITHDRAWN, actor, told, last_seen=seen, connection=connection)
    tidy(store)


def tidy(store: Store) -> int:
    """Remove the bytes of files that wait no longer; give how many."""
    if not stray(store):
        return 0
    with store.ledger.turn() as connection:
        gone = stray(store, connection)
        for folder in gone:
            shutil.rmtree(folder)
    return len(gone)


def stray(store: Store, connection: Connection | None = None) -> list[Path]:
    """Folders with bytes of files that wait no longer, left by who was killed before they were removed."""
    kept = sorted((store.settings.home / KEPT).glob("*"))
    waiting = {event.subject.removeprefix("intake:") for event in _open(store, connection)} if kept else set()
    return [folder for folder in kept if folder.name not in waiting]


def may_be_kept(findings: list[Finding], sheets: list[tuple[Plan, RawSheet, int]]) -> bool:
    """Whether a file's bytes may be kept as they are: not where it holds persons, or a table that nobody looked at."""
    for one in findings:
        signed = one.code == "row-total-or-note" and names_persons(Header(one.before, core(one.before)), aliases())
        unread = one.code == "sheet-not-read" and one.severity == "warning"
        if one.code == "column-of-persons" or signed or unread:
            return False
    above = (cell for _, raw, header_row in sheets for row in raw.top[: max(0, header_row - 1)] for cell in row)
    return not any(map(signature, above))


def still_waiting(store: Store, asked: WaitingFile, connection: Connection | None = None) -> None:
    """Refuse a file that was taken in, held anew or withdrawn since it was `asked` about (`held-answered`)."""
    if asked.seq not in [event.seq for event in _open(store, connection)]:
        raise Refusal("held-answered", file=asked.file)


def copied(one: WaitingFile, folder: Path) -> Path:
    """A copy in a new `folder` of the kept bytes of a waiting file, which a withdrawal does not take away.

    Refuses where there are none (`held-file-needed`), others (`held-file-changed`), or none any more (`held-answered`).
    """
    if one.path is None:
        raise Refusal("held-file-needed", file=one.file)
    folder.mkdir()
    try:
        copy = Path(shutil.copyfile(one.path, folder / one.path.name))
    except FileNotFoundError:
        raise Refusal("held-answered", file=one.file) from None
    if file_sha256(copy) != one.sha256:
        raise Refusal("held-file-changed", file=one.file, path=str(one.path))
    return copy


def _open(store: Store, connection: Connection | None = None) -> list[Event]:
    """The last event that holds each waiting file, in order."""
    held = {str(one.payload["file_sha256"]): one for one in store.ledger.replay(kind=HELD, connection=connection)}
    if not held:
        return []
    ended: dict[str, int] = {}
    for kind in ("batch_added", WITHDRAWN):
        for event in store.ledger.replay(kind=kind, after=min(one.seq for one in held.values()), connection=connection):
            digest = str(event.payload.get("file_sha256", ""))
            ended[digest] = max(event.seq, ended.get(digest, 0))
    waiting = [event for digest, event in held.items() if event.seq > ended.get(digest, 0)]
    return sorted(waiting, key=lambda event: event.seq)


def _waiting(store: Store, event: Event) -> WaitingFile:
    payload: dict[str, Any] = dict(event.payload)
    held_id = event.subject.removeprefix("intake:")
    kept = sorted((store.settings.home / KEPT / held_id).glob("*"))
    return WaitingFile(
        held_id,
        event.seq,
        str(payload["file"]),
        str(payload["file_sha256"]),
        event.actor,
        event.recorded_at,
        [Finding(**one) for one in payload["questions"]],
        str(payload.get("mapping", "")),
        str(payload.get("table", "")),
        str(payload.get("known_on", "")),
        store.settings.home / str(payload["draft"]),
        kept[0] if kept else None,
    )
