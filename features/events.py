"""Columns of the point-in-time view that count or date events: certificates, financing, opinions, penalties, grants.

Kinds of certificates are matched by words inside their names, since offices write them in many ways
("国家高新技术企业", "高新技术企业(复审)").
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ibis.expr.types import Column, Table


@dataclass(frozen=True)
class EventColumn:
    """A column made of one enterprise's events: the table, the aggregate over rows and date, its definition.

    `nil_is_zero`: an enterprise without an event has 0, provided that the table holds events at all.
    """

    table: str
    aggregate: Callable[[Table, Column], Column]
    definition: str
    nil_is_zero: bool = True


HIGH_TECH = ("高新技术企业", "高企")
LITTLE_GIANT = ("小巨人",)
SPECIALISED = ("专精特新",)
HEADQUARTERS = ("总部",)
RESEARCH_PLATFORM = ("博士后", "工程技术研究中心", "重点实验室", "企业技术中心", "院士", "研发中心", "研发机构")


def _named(kind: Column, words: tuple[str, ...]) -> Column:
    found = kind.contains(words[0])
    for word in words[1:]:
        found = found | kind.contains(word)
    return found


def _valid(events: Table, as_of: Column) -> Column:
    """Granted by the date (or with an unknown grant date) and not expired on it."""
    granted = events.granted_on.isnull() | (events.granted_on <= as_of)
    return granted & (events.expires_on.isnull() | (events.expires_on > as_of))


def _holds(*words: str) -> Callable[[Table, Column], Column]:
    return lambda events, as_of: events.count(where=_valid(events, as_of) & _named(events.kind, words))


def _within(day: Column, as_of: Column, years: int) -> Column:
    return (day <= as_of) & (as_of.delta(day, unit="day") < 365.25 * years)


def _open(events: Table, as_of: Column) -> Column:
    listed = events.listed_on.isnull() | (events.listed_on <= as_of)
    return listed & (events.removed_on.isnull() | (events.removed_on > as_of))


EVENT_COLUMNS: dict[str, EventColumn] = {
    "valid_recognitions": EventColumn(
        "recognitions", lambda events, as_of: events.count(where=_valid(events, as_of)), "certificates valid"
    ),
    "high_tech_certificates": EventColumn("recognitions", _holds(*HIGH_TECH), "高新技术企业 certificates valid"),
    "little_giant_certificates": EventColumn("recognitions", _holds(*LITTLE_GIANT), "小巨人 certificates valid"),
    "specialised_certificates": EventColumn("recognitions", _holds(*SPECIALISED), "专精特新 certificates valid"),
    "headquarters_certificates": EventColumn("recognitions", _holds(*HEADQUARTERS), "总部 certificates valid"),
    "key_industry_certificates": EventColumn(
        "recognitions", _holds("人工智能", *HEADQUARTERS), "certificates that show a key industry no code shows"
    ),
    "research_platforms": EventColumn("recognitions", _holds(*RESEARCH_PLATFORM), "research platforms valid"),
    "rounds_3y": EventColumn(
        "investments",
        lambda events, as_of: events.count(where=_within(events.closed_on, as_of, 3)),
        "financing rounds closed within three years",
    ),
    "raised_cny_3y": EventColumn(
        "investments",
        lambda events, as_of: events.amount_cny.sum(where=_within(events.closed_on, as_of, 3)),
        "yuan raised within three years",
    ),
    "assessment_value": EventColumn(
        "assessments",
        lambda events, as_of: events["value"].argmax(events.given_on, where=events.given_on <= as_of),
        "the latest outside assessment, on its own scale",
        nil_is_zero=False,
    ),
    "open_listings": EventColumn(
        "integrity_events",
        lambda events, as_of: events.count(where=_open(events, as_of)),
        "listings and penalties neither removed nor repaired",
    ),
    "integrity_events_3y": EventColumn(
        "integrity_events",
        lambda events, as_of: events.count(where=_within(events.listed_on, as_of, 3)),
        "listings and penalties of the last three years",
    ),
    "repaired_listings": EventColumn(
        "integrity_events",
        lambda events, as_of: events.count(where=events.removed_on <= as_of),
        "listings removed or repaired",
    ),
    "granted_cny_3y": EventColumn(
        "grants",
        lambda events, as_of: events.amount_cny.sum(where=_within(events.period_end, as_of, 3)),
        "yuan of subsidies for periods that ended within three years",
    ),
}
