"""Answers to a file's questions: they become part of its mapping, and it goes in by the road of every other file."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from data.intake import Intake, take_in
from data.refusal import Refusal
from data.staging import file_sha256
from data.store import Store
from data.waiting import WaitingFile, copied, still_waiting


def answer(
    store: Store, asked: WaitingFile, answers: Mapping[str, Any], *, actor: str, brought: Path | None = None
) -> Intake:
    """Take a waiting file in with answers to what was asked; it waits on where questions are left or follow.

    `answers` are parts of a mapping file, e.g. `{"units": {"营业收入": "万元"}}`. `brought` is the file itself, for one
    whose bytes were not kept. Refuses what was withdrawn, taken in or answered since it was asked (`held-answered`),
    another file than the one that waits (`held-file-other`), and all that intake refuses; the file then waits on.
    """
    still_waiting(store, asked)
    if asked.path is None and brought is not None and file_sha256(brought) != asked.sha256:
        raise Refusal("held-file-other", file=asked.file)
    with tempfile.TemporaryDirectory() as folder:
        path = brought if asked.path is None and brought is not None else copied(asked, Path(folder) / "held")
        spec = Path(folder) / "answers.yaml"
        spec.write_text(merged(asked.mapping, answers), encoding="utf-8")
        return take_in(
            store, path, mapping=spec, table=asked.table or None, actor=actor, guard=partial(still_waiting, store, asked),
            known_on=date.fromisoformat(asked.known_on) if asked.known_on else None,
        )  # fmt: skip


def merged(mapping: str, answers: Mapping[str, Any]) -> str:
    """The text of a mapping file ("" for none) with answers put into its parts."""
    content = yaml.safe_load(mapping) if mapping.strip() else {}
    whole: dict[str, Any] = {"mulu_mapping": 1, **(content if isinstance(content, dict) else {})}
    for part, told in answers.items():
        whole[part] = {**(whole.get(part) or {}), **told} if isinstance(told, Mapping) else told
    return yaml.safe_dump(whole, allow_unicode=True, sort_keys=False)
