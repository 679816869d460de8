"""The files of a publication beside the list itself: notice, pages, exports, and the committee's working table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from data.settings import Settings
from scoring.committee.review import SignedList
from scoring.messages import say
from scoring.publishing.basis import Basis
from scoring.publishing.dossier import Decided, Dossiers
from scoring.publishing.entitlements import entitlement_files
from scoring.publishing.list_page import list_page
from scoring.publishing.method_page import method_page
from scoring.publishing.notice import notice
from scoring.publishing.workbook import Column, Kind, Sheet, workbook_bytes
from scoring.scores.model_evidence import evidence_by_size
from scoring.scores.notes import basis_text
from scoring.scores.ranking import Ranking
from scoring.selection.directory import Selection

NOTICE_FILE, LIST_PAGE, METHOD_PAGE = "notice.docx", "list.html", "method.html"
WORKING_FILE = "internal/working.xlsx"


@dataclass(frozen=True)
class Contents:
    """What a folder is made of: the signed round, the basis, the list drawn from it, and the manifest's head.

    `settings` is where the reports of models are found.
    """

    signed: SignedList
    basis: Basis
    selection: Selection
    head: Mapping[str, Any]
    language: str
    notice_days: int
    settings: Settings


def folder_files(contents: Contents) -> dict[str, bytes]:
    """Every file but the list and the basis, by its name in the folder."""
    ranking, head, language = contents.signed.ranking, contents.head, contents.language
    reviewed = _reviewed(contents)
    title = getattr(ranking.edition.title, language[:2])
    titles = {track.id: getattr(track.title, language[:2]) for track in ranking.edition.tracks}
    named = [
        (str(name), str(key), titles[str(track)])
        for name, key, track in contents.selection.members[["name", "enterprise_id", "track"]].itertuples(index=False)
    ]
    return {
        NOTICE_FILE: notice(title, named, head, language, contents.notice_days, basis_text(ranking, language)),
        LIST_PAGE: list_page(contents.basis, contents.selection, head, reviewed, language),
        METHOD_PAGE: method_page(
            ranking,
            contents.basis,
            contents.selection,
            head,
            reviewed,
            evidence_by_size(contents.settings, ranking) if ranking.model_versions else [],
            language,
        ),
        WORKING_FILE: working_table(ranking, contents.selection, contents.signed, head, language),
        **entitlement_files(contents.basis, contents.selection, head, language),
        **_dossiers(contents),
    }


def _dossiers(contents: Contents) -> dict[str, bytes]:
    """A dossier for each enterprise that is listed, in reserve, or was decided on."""
    places, reserve = (
        {str(key): place for place, key in enumerate(table["enterprise_id"], start=1)}
        for table in (contents.selection.members, contents.selection.reserve)
    )
    decisions = contents.signed.decisions
    keys = list(dict.fromkeys([*places, *reserve, *decisions]))
    dossiers = Dossiers(contents.signed.ranking, contents.head, contents.language, keys)
    return {
        f"dossiers/{file_name(key)}.html": dossiers.page(
            key, Decided(places.get(key), decisions.get(key), reserve.get(key))
        )
        for key in keys
    }


def file_name(enterprise_id: str) -> str:
    """An identifier as a file's name: letters, digits, - and _ stay, all else is written as its code point.

    >>> file_name("91310105MA1FW0000X"), file_name("A/B c")
    ('91310105MA1FW0000X', 'A~2fB~20c')
    """
    return "".join(sign if sign.isalnum() or sign in "-_" else f"~{ord(sign):02x}" for sign in enterprise_id)


def _reviewed(contents: Contents) -> dict[str, int]:
    """How much the committee did, in numbers: votes, decisions in force, recusals, signatures, seats."""
    state = contents.signed.state
    return {
        "votes": sum(len(state.counted(key)) for key in state.items),
        "decisions": len(contents.signed.decisions),
        "recusals": sum(len(item.conflicts) for item in state.items.values()),
        "signatures": len(state.signatures),
        "seats": len(state.seats),
    }


def working_table(
    ranking: Ranking, selection: Selection, signed: SignedList, head: Mapping[str, Any], language: str
) -> bytes:
    """The committee's working table, for internal use: every ranked enterprise with the figures of its card.

    Money is in 万元, as numbers; figures under a legal restriction (taxes) are left out.
    """
    shown = [name for name in ranking.edition.features if name in ranking.described]
    shown = [name for name in shown if not ranking.described[name].restricted]
    first: tuple[tuple[str, Kind], ...] = (
        ("name", "text"), ("enterprise-id", "text"), ("track", "text"), ("rank", "count"), ("score", "points"),
        ("listed", "text"), ("decision", "text"),
    )  # fmt: skip
    columns = [Column(say(f"publication-column-{name}", language), kind) for name, kind in first]
    for name in shown:
        what = ranking.described[name]
        unit = what.unit.removeprefix("log ")  # the values are natural, whatever the feature computes with
        kind: Kind = "money_cny" if unit.startswith("CNY") else "percent" if unit == "1" else "number"
        label = what.label(language)
        heading = say("publication-column-in-wan", language, label=label) if kind == "money_cny" else label
        columns.append(Column(heading, kind))
    facts: dict[str, dict[str, Any]] = ranking.frame.astype(object).to_dict("index")  # type: ignore[assignment]
    values: dict[str, dict[str, Any]] = ranking.values[shown].astype(object).to_dict("index")  # type: ignore[assignment]
    titles = {track.id: getattr(track.title, language[:2]) for track in ranking.edition.tracks}
    members = set(selection.members["enterprise_id"])
    ranked = ranking.frame[ranking.frame["rank"].notna()].sort_values(["track", "rank"])
    rows = []
    for key in map(str, ranked.index):
        row, decision = facts[key], signed.decisions.get(key)
        rows.append(
            (
                str(row["name"]), key, titles[str(row["track"])], int(row["rank"]), float(row["score"]),
                say("publication-yes", language) if key in members else "",
                say(f"override-{decision.kind}", language) if decision else "",
                *(_number(values[key][name]) for name in shown),
            )
        )  # fmt: skip
    title = say("publication-sheet-working", language)
    notes = (
        say("publication-note-internal", language),
        say("publication-note-unit", language),
        basis_text(ranking, language),
    )
    return workbook_bytes([Sheet(title, title, tuple(columns), tuple(rows), notes)], str(head["published_on"]), title)


def _number(value: object) -> object:
    if isinstance(value, str) or value is None:
        return value
    number = float(value)  # type: ignore[arg-type]
    return None if number != number else number
