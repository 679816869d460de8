"""A file that somebody uploads: handed to the same intake as on the command line, with the answers of the page."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard.acting import day_in, files_in, typed
from dashboard.session import language, still_here, store
from data.answering import answer, merged
from data.findings import Finding
from data.intake import Intake, take_in
from data.refusal import Refusal
from data.waiting import WaitingFile
from scoring.finding_words import finding_sentence

Replies = Sequence[Mapping[str, Any]]

RECEIVED = "data_received"
"""Where the session keeps what became of the last file: an `Intake`, `Tried` or a `Refusal`."""


@dataclass(frozen=True)
class Tried:
    """A file that was only tried: its bytes, how it was read (`mapping`: YAML text, "" for none), what was found."""

    name: str
    content: bytes
    mapping: str
    table: str
    known_on: str
    intake: Intake | None = None


def receive(actor: str, dry_run: bool) -> None:
    """Take the uploaded file in, or only try; called by the form's buttons."""
    files, mappings = files_in("upload_file"), files_in("upload_mapping")
    if not files:
        st.session_state[RECEIVED] = Refusal("dash-data-file-missing")
        return
    name, content = files[0]
    known = day_in("upload_known")
    mapping = mappings[0][1].decode("utf-8-sig", errors="replace") if mappings else ""
    file = Tried(plain(name), content, mapping, typed("upload_table"), known.isoformat() if known else "")
    _leave(lambda: _take(actor, file, dry_run))


def try_again(actor: str, file: Tried, replies: Replies) -> None:
    """Try the same file with replies merged into its mapping."""
    _leave(lambda: _take(actor, replace(file, mapping=merged(file.mapping, _some(replies))), dry_run=True))


def answer_waiting(actor: str, asked: WaitingFile, replies: Replies, brought: tuple[str, bytes] | None) -> None:
    """Answer a waiting file; `brought` is the file itself (name, bytes), for one whose bytes were not kept."""

    def act() -> Intake:
        with tempfile.TemporaryDirectory() as folder:
            path = None
            if brought is not None:
                path = Path(folder) / plain(brought[0])
                path.write_bytes(brought[1])
            return answer(store(), asked, _some(replies), actor=actor, brought=path)

    _leave(act)


def sentence(finding: Finding) -> str:
    """What a finding means, in the reader's language."""
    return finding_sentence(finding, language())


def plain(name: str) -> str:
    """The name of an uploaded file without folders."""
    return Path(name.replace("\\", "/")).name or "upload"


def _some(replies: Replies) -> Replies:
    if not replies:
        raise Refusal("dash-data-answer-missing")
    return replies


def _take(actor: str, file: Tried, dry_run: bool) -> Intake | Tried:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / file.name
        path.write_bytes(file.content)
        spec: Path | None = None
        if file.mapping.strip():
            spec = Path(folder) / "answers.yaml"
            spec.write_text(file.mapping, encoding="utf-8")
        done = take_in(
            store(), path, mapping=spec, table=file.table or None, actor=actor, dry_run=dry_run,
            known_on=date.fromisoformat(file.known_on) if file.known_on else None,
        )  # fmt: skip
    return replace(file, intake=done) if dry_run else done


def _leave(act: Callable[[], Intake | Tried]) -> None:
    """Carry out what a button asks and leave what became of it for the page."""
    try:
        still_here()
        st.session_state[RECEIVED] = act()
    except Refusal as refusal:
        told = dict(refusal.values)
        if refusal.code.startswith("mapping-") and "path" in told:  # the folder is this page's own
            told["path"] = Path(str(told["path"])).name
        st.session_state[RECEIVED] = Refusal(refusal.code, **told)
