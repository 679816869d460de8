"""Publication: a signed list becomes a folder that anyone can check, and is never edited afterwards.

`verify_publication` checks the folder against its manifest, draws the list anew from the basis inside and compares
byte for byte, and, where the ledger is at hand, checks that this manifest is the one that was published and that the
decisions are the ledger's. A folder of another form than this program writes is checked in all but the bytes: its
files' hashes, its members and their order, the ledger. A correction is a new round that names the one it corrects.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import shutil
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from data.accounts import User
from data.ledger import Ledger
from data.refusal import Refusal
from data.store import Store
from data.synthetic import tells_demo
from scoring.committee.review import Review, SignedList
from scoring.committee.rounds import decisions_digest, fold, rounds
from scoring.editions.policy import Edition
from scoring.publishing.basis import Basis, basis_of, read_basis
from scoring.publishing.folder_files import Contents, folder_files
from scoring.publishing.list_files import CSV_FILE, XLSX_FILE, list_files
from scoring.publishing.workbook import inert
from scoring.publishing.working_days import notice_end
from scoring.selection.directory import Selection

MANIFEST = "manifest.json"
FORM = 2
"""The form of what `list_files` writes, named by the manifest: one more whenever its bytes change for the same list.

Form 1 did not yet say in the workbook what the points rest on.
"""
NOTICE_WORKING_DAYS = 10


@dataclass(frozen=True)
class Fault:
    """What is wrong with a published folder: a code of the catalogue `publication-fault-CODE`, and the file."""

    code: str
    file: str = ""


def publish(
    review: Review,
    user: User,
    *,
    folder: Path | None = None,
    language: str = "zh-CN",
    notice_days: int = NOTICE_WORKING_DAYS,
    notice_until: date | None = None,
) -> Path:
    """Write the signed list's folder, record it in the ledger, and give the folder.

    `folder` must not exist; default is `home/publications/ROUND`. `notice_days` are working days of public notice;
    `notice_until` names its last day instead. The list takes effect on the day after the notice, for a year or until
    the edition's last day; until then the list before it holds.
    Refuses a list that is not signed by two (`review-not-signed`), one without the fair competition review's record
    (`publication-needs-record`), one that cannot be drawn as it was signed (`publication-list-differs`), one whose
    edition ends before its notice does (`publication-no-term`), and a folder that is there
    (`publication-folder-exists`).
    """
    signed = review.signed_list(user)
    target = (folder or review.settings.home / "publications" / review.round_id).resolve()
    if target.exists():
        raise Refusal("publication-folder-exists", path=str(target))
    basis = _signed_basis(signed)
    selection = basis.selection()
    today = review.settings.today
    until = notice_until or notice_end(today, notice_days, review.settings.home)
    staging = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}")
    staging.mkdir(parents=True)
    try:
        told = _head(review.ledger, signed, selection, (today, until), language)
        files = list_files(basis, selection, language, today.isoformat())
        contents = Contents(
            signed, basis, selection, told, language, 0 if notice_until else notice_days, review.settings
        )
        manifest = _write(staging, basis, files | folder_files(contents), told)
        review.record_publication(
            user,
            {
                "list_digest": told["list_digest"],
                "manifest_sha256": manifest,
                "published_on": today.isoformat(),
                "notice_until": told["notice_until"],
                "valid_from": told["valid_from"],
                "valid_to": told["valid_to"],
                "members": told["members"],
                "entries": _entries(basis, selection),
            },
            lambda: staging.replace(target),
        )
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return target


def form_of(folder: Path) -> int:
    """The form that a published folder says it has; the list is compared byte for byte where it is `FORM`."""
    return int(_manifest(folder)["mulu_publication"])


def verify_publication(folder: Path, store: Store | None = None) -> list[Fault]:
    """Every fault of a published folder; empty when all is well.

    Without a store the folder is checked by itself; with one, also against the ledger. Refuses a folder that is not
    a publication (`publication-unreadable`).
    """
    manifest = _manifest(folder)
    listed: Mapping[str, Mapping[str, Any]] = manifest["files"]
    faults = [Fault("file-missing", name) for name in listed if not (folder / name).is_file()]
    faults += [
        Fault("file-changed", name)
        for name, told in listed.items()
        if (folder / name).is_file() and _sha256((folder / name).read_bytes()) != told["sha256"]
    ]
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    faults += [Fault("file-unknown", name) for name in sorted(present - set(listed) - {MANIFEST})]
    faults += _rebuilt(folder, manifest)
    if store is not None:
        faults += _against_ledger(folder, manifest, store.ledger)
    return faults


def _rebuilt(folder: Path, manifest: Mapping[str, Any]) -> list[Fault]:
    """Draw the list anew from the basis and compare with what stands in the folder: byte for byte in this form."""
    try:
        basis = read_basis(folder / "internal")
    except (OSError, ValueError, KeyError, Refusal):
        return [Fault("basis-unreadable", "internal")]
    selection = basis.selection()
    members = [str(key) for key in selection.members["enterprise_id"]]
    if manifest["mulu_publication"] == FORM:
        made = list_files(basis, selection, manifest["language"], manifest["published_on"])
        there = [name for name in (CSV_FILE, XLSX_FILE) if (folder / name).is_file()]
        faults = [Fault("list-differs", name) for name in there if made[name] != (folder / name).read_bytes()]
    else:
        names = basis.ranking.frame["name"].astype(str).reindex(members).tolist()
        same = _tells(folder / CSV_FILE, list(zip(members, names, strict=True)))
        faults = [] if same else [Fault("list-differs", CSV_FILE)]
    if members != manifest["member_ids"]:
        faults.append(Fault("list-differs", MANIFEST))
    return faults


def _tells(path: Path, members: list[tuple[str, str]]) -> bool:
    """Whether a list's CSV of any form has a row with identifier and name for each member, in their order."""
    if not path.is_file():
        return True  # said already
    rows = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig", "replace"), newline="")))[1:]
    return len(rows) == len(members) and all(
        key in row and {name, inert(name)} & set(row) for row, (key, name) in zip(rows, members, strict=True)
    )


def _against_ledger(folder: Path, manifest: Mapping[str, Any], ledger: Ledger) -> list[Fault]:
    if ledger.verify():
        return [Fault("ledger-broken")]
    if manifest["round"] not in rounds(ledger):
        return [Fault("round-unknown", manifest["round"])]
    if _behind(manifest, ledger):
        return [Fault("ledger-behind", str(manifest["ledger_head"]["event"]))]
    state = fold(manifest["round"], ledger.replay(prefix=f"review:{manifest['round']}:"))
    recorded = state.published or {}
    if recorded.get("manifest_sha256") != _sha256((folder / MANIFEST).read_bytes()):
        return [Fault("manifest-unrecorded", MANIFEST)]
    frozen = [(one["enterprise_id"], one["kind"], one["to_rank"]) for one in (state.frozen or {})["decisions"]]
    try:
        basis = read_basis(folder / "internal")
    except (OSError, ValueError, KeyError, Refusal):
        return []
    return [] if frozen == list(basis.decisions) else [Fault("decisions-differ", "internal/basis.json")]


def cut_off(home: Path, ledger: Ledger) -> list[str]:
    """The published folders under a home whose ledger's head the ledger no longer has: it was cut off at its end.

    A chain that lost its last events still holds; what was published before says that it was longer.
    """
    lost = []
    for path in sorted((home / "publications").glob(f"*/{MANIFEST}")):
        try:
            manifest = _manifest(path.parent)
        except Refusal:
            continue  # `verify_publication` says what is wrong with it
        if _behind(manifest, ledger):
            lost.append(path.parent.name)
    return lost


def _behind(manifest: Mapping[str, Any], ledger: Ledger) -> bool:
    head = manifest["ledger_head"]
    found = ledger.replay(after=int(head["event"]) - 1)[:1]
    return not found or found[0].seq != head["event"] or found[0].digest != head["digest"]


def _signed_basis(signed: SignedList) -> Basis:
    """The basis of the list that was signed; refuses if drawing it today gives another list."""
    basis = basis_of(signed.ranking, signed.decisions)
    members = [str(key) for key in basis.selection().members["enterprise_id"]]
    drawn = decisions_digest(signed.state.ranking_digest, signed.decisions, members)
    wanted = str((signed.state.frozen or {})["list_digest"])
    if drawn != wanted:
        raise Refusal("publication-list-differs", signed=wanted[:12], drawn=drawn[:12])
    return basis


def _head(
    ledger: Ledger, signed: SignedList, selection: Selection, days: tuple[date, date], language: str
) -> dict[str, Any]:
    """What the manifest says beside its files. Signatures stand there by role and event, not by person."""
    state, edition = signed.state, signed.ranking.edition
    members = [str(key) for key in selection.members["enterprise_id"]]
    signatures = sorted(state.signatures.values(), key=lambda event: event.seq)
    record = state.records[-1]
    today, notice_until = days
    first, last = term(edition, notice_until)
    return {
        "mulu_publication": FORM,
        "round": state.round_id,
        "language": language,
        "edition": edition.name,
        "edition_digest": edition.digest,
        "as_of": state.as_of,
        "ranking_digest": state.ranking_digest,
        "points_by": {"mode": signed.ranking.mode, "verdicts": dict(signed.ranking.verdicts)},
        "list_digest": (state.frozen or {})["list_digest"],
        "members": len(members),
        "member_ids": members,
        "published_on": today.isoformat(),
        "notice_until": notice_until.isoformat(),
        "valid_from": first.isoformat(),
        "valid_to": last.isoformat(),
        "corrects": _corrected(ledger, state.corrects),
        "signatures": [
            {"role": state.seats[event.actor].role, "event": event.seq, "digest": event.digest} for event in signatures
        ],
        "fair_competition_review": {name: record[name] for name in ("reference", "concluded_on", "sha256")},
        "ledger_head": {"event": signatures[-1].seq, "digest": signatures[-1].digest},
        **({"synthetic": True} if tells_demo(ledger) else {}),
    }


def _entries(basis: Basis, selection: Selection) -> list[dict[str, str]]:
    """The members as the ledger remembers them: identifier, name and track."""
    frame = basis.ranking.frame
    return [
        {"enterprise_id": key, "name": str(frame.at[key, "name"]), "track": str(frame.at[key, "track"])}
        for key in map(str, selection.members["enterprise_id"])
    ]


def term(edition: Edition, notice_until: date) -> tuple[date, date]:
    """The first and last day of a list: from the day after its notice, for a year or until the edition's last day.

    Refuses a term of no day (`publication-no-term`).
    """
    first = notice_until + timedelta(days=1)
    last = edition.until_date or _a_year_after(first)
    if last < first:
        raise Refusal("publication-no-term", first=first, last=last, edition=edition.name)
    return first, last


def _a_year_after(day: date) -> date:
    """The last day of a membership of one year that starts on a day."""
    leap = (day.month, day.day) == (2, 29)
    return date(day.year + 1, 3, 1) - timedelta(days=1) if leap else day.replace(year=day.year + 1) - timedelta(days=1)


def _corrected(ledger: Ledger, round_id: str) -> dict[str, str] | None:
    """The link to the publication that this one corrects."""
    if not round_id:
        return None
    earlier = fold(round_id, ledger.replay(prefix=f"review:{round_id}:")).published or {}
    return {"round": round_id, "manifest_sha256": str(earlier.get("manifest_sha256", ""))}


def _write(staging: Path, basis: Basis, files: Mapping[str, bytes], told: Mapping[str, Any]) -> str:
    """Write all files and the manifest, synced; give the manifest's hash."""
    (staging / "internal").mkdir()
    basis.files(staging / "internal")
    for name, content in files.items():
        path = staging / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    listed = {
        path.relative_to(staging).as_posix(): {
            "sha256": _sha256(path.read_bytes()),
            "bytes": path.stat().st_size,
            "audience": _audience(path.relative_to(staging).as_posix()),
        }
        for path in sorted(staging.rglob("*"))
        if path.is_file()
    }
    text = json.dumps({**told, "files": listed}, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    with (staging / MANIFEST).open("wb") as sink:
        sink.write(text.encode())
        sink.flush()
        os.fsync(sink.fileno())
    return _sha256(text.encode())


def _audience(name: str) -> str:
    """Whom a file is for: `public`, the `enterprise` it is about, or `internal` use only."""
    return {"internal": "internal", "dossiers": "enterprise"}.get(name.split("/")[0], "public")


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        known = {"mulu_publication", "round", "files", "language", "published_on", "member_ids", "ledger_head"}
        if not isinstance(manifest["mulu_publication"], int) or known - set(manifest):
            raise ValueError(MANIFEST)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Refusal("publication-unreadable", path=str(folder)) from error
    return manifest


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
