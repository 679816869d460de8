"""The list's own files: CSV and XLSX with the same rows, in Chinese or English, the same bytes each time."""

from __future__ import annotations

from typing import Any

import pandas as pd

from data.industries import name_of
from scoring.messages import say
from scoring.publishing.basis import Basis
from scoring.publishing.workbook import Column, Sheet, csv_bytes, workbook_bytes
from scoring.scores.notes import basis_text
from scoring.selection.directory import Selection

CSV_FILE, XLSX_FILE = "list.csv", "list.xlsx"

_COLUMNS = (
    ("position", "count"), ("name", "text"), ("enterprise_id", "text"), ("track", "text"), ("industry", "text"),
    ("size_class", "text"), ("street", "text"), ("score", "points"), ("rank", "count"), ("via", "text"),
)  # fmt: skip


FIELDS = tuple(name for name, _ in _COLUMNS)
"""What the values of a row are, in their order."""


def columns(language: str) -> tuple[Column, ...]:
    """The public columns of the list: no figure of an enterprise, no money, no tax, no person."""
    return tuple(Column(say(f"publication-column-{name.replace('_', '-')}", language), kind) for name, kind in _COLUMNS)  # type: ignore[arg-type]


def rows(basis: Basis, entries: pd.DataFrame, language: str) -> tuple[tuple[object, ...], ...]:
    """The rows of members or reserve (columns enterprise_id, position, ...), in their order."""
    facts: dict[str, dict[str, Any]] = basis.ranking.frame.astype(object).to_dict("index")  # type: ignore[assignment]
    titles = {track.id: getattr(track.title, language[:2]) for track in basis.ranking.edition.tracks}
    decided = {key for key, _, _ in basis.decisions}
    found = []
    for place, key in enumerate(map(str, entries["enterprise_id"]), start=1):
        row = facts[key]
        size = row.get("size_class")
        via = "committee" if key in decided else "points"
        found.append(
            (
                place,
                str(row["name"]),
                key,
                titles.get(str(row["track"]), "-"),
                _industry(_plain(row.get("industry")), language),
                "" if pd.isna(size) else say(f"publication-size-{size}", language),
                _plain(row.get("street")),
                float(row["score"]),
                None if pd.isna(row["rank"]) else int(row["rank"]),
                say(f"publication-via-{via}", language),
            )
        )
    return tuple(found)


def list_files(basis: Basis, selection: Selection, language: str, published_on: str) -> dict[str, bytes]:
    """The list as CSV and XLSX by file name. The XLSX has a second sheet that counts by track."""
    heads = columns(language)
    members = rows(basis, selection.members, language)
    title = getattr(basis.ranking.edition.title, language[:2])
    notes = (
        say("publication-note-edition", language, title=title, as_of=basis.ranking.as_of),
        say("publication-note-list", language, members=len(members), published_on=published_on),
        basis_text(basis.ranking, language),
        say("publication-note-advice", language),
    )
    sheets = (
        Sheet(say("publication-sheet-list", language), title, heads, members, notes),
        Sheet(
            say("publication-sheet-tracks", language),
            say("publication-sheet-tracks", language),
            (heads[3], Column(say("publication-column-members", language), "count")),
            _by_track(members),
        ),
    )
    return {
        CSV_FILE: csv_bytes(heads, members),
        XLSX_FILE: workbook_bytes(sheets, published_on, title),
    }


def _by_track(members: tuple[tuple[object, ...], ...]) -> tuple[tuple[object, ...], ...]:
    counted: dict[str, int] = {}
    for row in members:
        counted[str(row[3])] = counted.get(str(row[3]), 0) + 1
    return tuple(counted.items())


def _industry(told: str, language: str) -> str:
    """The name of an industry given by its code, or of the group that holds it; else as it was given."""
    if language != "zh-CN":
        return told
    # Codes of classes come and go with the standard's amendments; the group above stays.
    return next((name for end in (None, -1, -2) if len(told[:end]) > 1 and (name := name_of(told[:end]))), told)


def _plain(value: object) -> str:
    return "" if value is None or pd.isna(value) else str(value)  # type: ignore[call-overload]
