"""A file that somebody uploads: handed to the same intake as on the command line, with the answers of the page."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st
import yaml

from dashboard.acting import day_in, files_in, typed
from dashboard.session import language, still_here, store
from data.findings import Finding
from data.intake import Intake, take_in
from data.refusal import Refusal
from scoring.finding_words import finding_sentence


@dataclass(frozen=True)
class Received:
    """A file, the mapping it was read with (YAML text, "" for none), and what became of it."""

    name: str
    content: bytes
    mapping: str
    table: str
    known_on: str
    intake: Intake


def receive(actor: str, dry_run: bool) -> None:
    """Take the uploaded file in, or only try; called by the form's buttons."""
    files, mappings = files_in("upload_file"), files_in("upload_mapping")
    if not files:
        st.session_state["data_received"] = Refusal("dash-data-file-missing")
        return
    known = day_in("upload_known")
    mapping = mappings[0][1].decode("utf-8-sig", errors="replace") if mappings else ""
    take(actor, files[0][0], files[0][1], mapping, typed("upload_table"), known.isoformat() if known else "", dry_run)


def take(actor: str, name: str, content: bytes, mapping: str, table: str, known_on: str, dry_run: bool) -> None:
    """Hand a file to the intake and leave what became of it for the page."""
    from datetime import date

    plain = Path(name.replace("\\", "/")).name or "upload"
    try:
        still_here()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / plain
            path.write_bytes(content)
            spec: Path | None = None
            if mapping.strip():
                spec = Path(folder) / "answers.yaml"
                spec.write_text(mapping, encoding="utf-8")
            done = take_in(
                store(), path, mapping=spec, table=table or None, actor=actor, dry_run=dry_run,
                known_on=date.fromisoformat(known_on) if known_on else None,
            )  # fmt: skip
    except Refusal as refusal:
        st.session_state["data_received"] = refusal
        return
    st.session_state["data_received"] = Received(plain, content, mapping, table, known_on, done)


def answered(received: Received, answers: dict[str, Any], actor: str, dry_run: bool) -> None:
    """Take the same file in again with answers merged into its mapping."""
    content = yaml.safe_load(received.mapping) if received.mapping.strip() else {}
    merged: dict[str, Any] = {"mulu_mapping": 1, **(content if isinstance(content, dict) else {})}
    for part, told in answers.items():
        merged[part] = {**merged.get(part, {}), **told} if isinstance(told, dict) else told
    text = yaml.safe_dump(merged, allow_unicode=True, sort_keys=False)
    take(actor, received.name, received.content, text, received.table, received.known_on, dry_run)


def sentence(finding: Finding) -> str:
    """What a finding means, in the reader's language."""
    return finding_sentence(finding, language())
