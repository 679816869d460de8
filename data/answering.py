"""Answers to a file's questions: they become part of its mapping, and it goes in by the road of every other file."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from data.findings import Finding
from data.intake import Intake, take_in
from data.periods import LENGTH_UNKNOWN, QUARTERS_UNKNOWN
from data.refusal import Refusal
from data.staging import file_sha256
from data.store import Store
from data.waiting import WaitingFile, copied, still_waiting


def answer(
    store: Store, asked: WaitingFile, replies: Sequence[Mapping[str, Any]], *, actor: str, brought: Path | None = None
) -> Intake:
    """Take a waiting file in with answers to what was asked; it waits on where questions are left or follow.

    `replies` are parts of a mapping file, as `reply` gives them. `brought` is the file itself, for one whose bytes were
    not kept. Refuses what was withdrawn, taken in or answered since it was asked (`held-answered`), another file than
    the one that waits (`held-file-other`), and all that intake refuses; the file then waits on.
    """
    still_waiting(store, asked)
    if asked.path is None and brought is not None and file_sha256(brought) != asked.sha256:
        raise Refusal("held-file-other", file=asked.file)
    with tempfile.TemporaryDirectory() as folder:
        path = brought if asked.path is None and brought is not None else copied(asked, Path(folder) / "held")
        spec = Path(folder) / "answers.yaml"
        spec.write_text(merged(asked.mapping, replies), encoding="utf-8")
        return take_in(
            store, path, mapping=spec, table=asked.table or None, actor=actor,
            known_on=date.fromisoformat(asked.known_on) if asked.known_on else None,
            guard=partial(still_waiting, store, asked),
        )  # fmt: skip


def reply(question: Finding, chosen: str) -> dict[str, Any]:
    """The part of a mapping that answers a question with what was chosen; {} where the file itself must change.

    `chosen`: a unit; accept or leave_out; yes or no (is it this code); the months of a period (from_january, 3, 6, 9,
    12); alone or from_january (quarters); a year; the column that counts, of two for one field.
    """
    told = question.values
    if question.code == "unit-missing":
        return {"units": {question.column: chosen}}
    if question.code == "body-to-decide":
        return {"bodies": {str(told["body"]): chosen}}
    if question.code == "code-by-name-to-confirm":
        return {"matches": {str(told["name"]): str(told["code"]) if chosen == "yes" else ""}}
    if question.code == LENGTH_UNKNOWN:
        months = int(chosen) if chosen.isdecimal() else chosen
        return {"period": {"end": {"column": question.column}, "months": months}}
    if question.code == QUARTERS_UNKNOWN:
        return {"quarters": chosen}
    if question.code == "period-unknown":
        return {"period": {"year": int(chosen), "months": 12}}
    if question.code == "column-ambiguous" and told["same"] == "no":
        return {"ignore": [told["other"] if chosen == question.column else question.column]}
    return {}


def merged(mapping: str, replies: Sequence[Mapping[str, Any]]) -> str:
    """The text of a mapping that was read before ("" for none) with replies in its parts; its own period stands."""
    content = yaml.safe_load(mapping) if mapping.strip() else {}
    whole: dict[str, Any] = {"mulu_mapping": 1, **content}
    for part, told in [pair for one in replies for pair in one.items()]:
        earlier = whole.get(part)
        if isinstance(told, list):
            whole[part] = [*(earlier or []), *told]
        elif isinstance(told, Mapping):
            whole[part] = {**told, **(earlier or {})} if part == "period" else {**(earlier or {}), **told}
        else:
            whole[part] = told
    return yaml.safe_dump(whole, allow_unicode=True, sort_keys=False)
