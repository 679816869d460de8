"""What other offices' programs read: who may claim as a member and until when, and whom to recommend (article 17)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from scoring.committee.membership import Member
from scoring.messages import say
from scoring.publishing.basis import Basis
from scoring.publishing.workbook import Column, csv_bytes
from scoring.selection.directory import Selection

ENTITLEMENTS, SCHEMA, RECOMMENDATIONS = "entitlements.csv", "entitlements.schema.json", "recommendations.csv"

_FIELDS = (
    ("enterprise_id", "string", "entitlement-field-id"),
    ("track", "string", "entitlement-field-track"),
    ("valid_from", "string", "entitlement-field-from"),
    ("valid_to", "string", "entitlement-field-to"),
)


def entitlement_files(basis: Basis, selection: Selection, head: Mapping[str, Any], language: str) -> dict[str, bytes]:
    """The entitlement export with its schema, and the recommendation list of article 17, by file name.

    The columns of the entitlement export are the same in every language, since programs read them.
    """
    first, last = str(head["valid_from"]), str(head["valid_to"])
    facts: dict[str, dict[str, Any]] = basis.ranking.frame.astype(object).to_dict("index")  # type: ignore[assignment]
    keys = [str(key) for key in selection.members["enterprise_id"]]
    rows = [(key, str(facts[key]["track"]), first, last) for key in keys]
    titles = {track.id: getattr(track.title, language[:2]) for track in basis.ranking.edition.tracks}
    names = ("name", "enterprise-id", "ground", "from", "to")
    heads = tuple(Column(say(f"recommendation-{name}", language)) for name in names)
    recommended = [
        (str(facts[key]["name"]), key, say("recommendation-because", language, track=titles[track]), first, last)
        for key, track, *_ in rows
    ]
    return {
        ENTITLEMENTS: csv_bytes(tuple(Column(name) for name, _, _ in _FIELDS), rows),
        SCHEMA: _schema(head, language),
        RECOMMENDATIONS: csv_bytes(heads, recommended),
    }


def entitlement_rows(members: Sequence[Member]) -> bytes:
    """The entitlement export of the members on a day, as `members_on` gives them: without the suspended."""
    rows = [(one.enterprise_id, one.track, one.valid_from, one.valid_to) for one in members]
    return csv_bytes(tuple(Column(name) for name, _, _ in _FIELDS), rows)


def _schema(head: Mapping[str, Any], language: str) -> bytes:
    """JSON Schema of one row of the entitlement export."""
    properties: dict[str, dict[str, str]] = {
        name: {"type": kind, "description": say(key, language)} for name, kind, key in _FIELDS
    }
    properties["enterprise_id"]["pattern"] = "^.{1,40}$"
    properties["valid_from"]["format"] = properties["valid_to"]["format"] = "date"
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": ENTITLEMENTS,
        "description": say("entitlement-description", language, round=str(head["round"])),
        "type": "object",
        "properties": properties,
        "required": [name for name, _, _ in _FIELDS],
        "additionalProperties": False,
    }
    return (json.dumps(schema, ensure_ascii=False, indent=1) + "\n").encode()
