"""The dossier of the whole list: who is on it, out of how many, how it was decided, and how to check it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from scoring.editions.checks import SECTIONS
from scoring.messages import say
from scoring.publishing.basis import Basis
from scoring.publishing.charts import member_bars
from scoring.publishing.list_files import FIELDS, rows
from scoring.publishing.pages import page
from scoring.scores.notes import basis_text
from scoring.selection.directory import Selection

_GROUPS = ("track", "street", "size_class", "industry_section")
_COLUMN = {"size_class": "size-class", "industry_section": "industry"}
# What the page tells of a member: a track's title stands above its members, and a mark tells who decided.
_HEADS = {
    "position": "publication-column-position", "name": "publication-column-name",
    "enterprise_id": "publication-column-enterprise-id", "industry": "publication-column-industry",
    "size_class": "list-page-size", "street": "publication-column-street", "score": "publication-column-score",
    "rank": "list-page-rank",
}  # fmt: skip


def list_page(
    basis: Basis, selection: Selection, head: Mapping[str, Any], reviewed: Mapping[str, int], language: str
) -> bytes:
    """The one-file HTML page of the list. `reviewed` counts votes, decisions and signatures, without names."""
    edition = basis.ranking.edition
    title = getattr(edition.title, language[:2])
    frame = basis.ranking.frame
    ranked = frame[frame["rank"].notna()]
    members = frame.loc[[str(key) for key in selection.members["enterprise_id"]]]
    small = members["size_class"].isin(["small", "micro"]).sum()
    figures = [
        ("list-page-members", len(members)),
        ("list-page-all-ranked", len(ranked)),
        ("list-page-small", int(small)),
        ("list-page-decisions", reviewed["decisions"]),
    ]
    groups = [
        {
            "title": say(f"list-page-by-{name.replace('_', '-')}", language),
            "column": say(f"publication-column-{_COLUMN.get(name, name)}", language),
            "rows": _rates(basis, members, ranked, name, language),
        }
        for name in _GROUPS
    ]
    tracks = _rates(basis, members, ranked, "track", language)
    values = {
        "title": title,
        "edition_title": title,
        "published_on": head["published_on"],
        "notice_until": head["notice_until"],
        "valid_from": head["valid_from"],
        "valid_to": head["valid_to"],
        "figures": [{"label": say(key, language), "value": f"{value:,}"} for key, value in figures],
        "how": say("list-page-how-text", language, **reviewed),
        "basis": basis_text(basis.ranking, language),
        "corrects": head["corrects"],
        "groups": groups,
        "chart": member_bars([(str(row["label"]), int(str(row["members"]))) for row in tracks], language),
        "heads": [(name, say(key, language)) for name, key in _HEADS.items()],
        "tracks": _by_track(basis, selection, language),
        "as_of": head["as_of"],
        "synthetic": bool(head.get("synthetic")),
        "ranking_digest": head["ranking_digest"],
        "list_digest": head["list_digest"],
        "edition_name": head["edition"],
    }
    return page("list.html.j2", language, values)


def _rates(
    basis: Basis, members: pd.DataFrame, ranked: pd.DataFrame, column: str, language: str
) -> list[dict[str, object]]:
    """Members against ranked enterprises by group, largest first."""
    on, all_ = members[column].astype(object).value_counts(), ranked[column].astype(object).value_counts()
    titles = {track.id: getattr(track.title, language[:2]) for track in basis.ranking.edition.tracks}
    order = sorted(all_.index, key=lambda name: (-int(on.get(name, 0)), -int(all_[name]), str(name)))
    return [
        {
            "label": _label(str(name), column, titles, language),
            "members": int(on.get(name, 0)),
            "ranked": int(all_[name]),
            "rate": say("dossier-share", language, value=float(on.get(name, 0)) / float(all_[name])),
        }
        for name in order
    ]


def _label(name: str, column: str, titles: Mapping[str, str], language: str) -> str:
    if column == "track":
        return titles.get(name, name)
    if column == "size_class":
        return say(f"publication-size-{name}", language)
    known = column == "industry_section" and name in SECTIONS
    return f"{name} {say(f'dash-industry-{name}', language)}" if known else name


def _by_track(basis: Basis, selection: Selection, language: str) -> list[dict[str, object]]:
    """The members under their tracks' titles, in their order; `decided` marks those that the committee decided on."""
    decided = {key for key, _, _ in basis.decisions}
    tracks: dict[str, list[dict[str, object]]] = {}
    for row in rows(basis, selection.members, language):
        told = {name: _shown(cell) for name, cell in zip(FIELDS, row, strict=True)}
        tracks.setdefault(told["track"], []).append({**told, "decided": told["enterprise_id"] in decided})
    return [{"title": title, "members": members} for title, members in tracks.items()]


def _shown(cell: object) -> str:
    return f"{cell:.1f}" if isinstance(cell, float) else "" if cell is None else str(cell)
