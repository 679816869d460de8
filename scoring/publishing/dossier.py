"""The dossier of one enterprise: why it has its points and its place, for the enterprise itself to read.

It tells points and places, never an amount of money, a tax or a person: where a reason rests on such a figure, it
says the points and leaves the figure out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from scoring.committee.rounds import Override
from scoring.messages import say
from scoring.publishing.charts import points_waterfall
from scoring.publishing.pages import page
from scoring.scores.ranking import Ranking
from scoring.scores.reasons import Reason, reasons

ENOUGH = 5


@dataclass(frozen=True)
class Decided:
    """What the list says of an enterprise: `listed`, its `position` (None: not on it) and the committee's decision."""

    position: int | None
    decision: Override | None


def dossier(ranking: Ranking, enterprise_id: str, decided: Decided, head: Mapping[str, Any], language: str) -> bytes:
    """The one-file HTML dossier. `head` is the manifest without its files."""
    facts: dict[str, Any] = {str(name): value for name, value in ranking.frame.loc[enterprise_id].items()}
    track = ranking.edition.track(str(facts["track"])) if facts["track"] else None
    title = getattr(ranking.edition.title, language[:2])
    values = {
        "title": f"{facts['name']} - {title}",
        "edition_title": title,
        "name": facts["name"],
        "enterprise_id": enterprise_id,
        "track_title": getattr(track.title, language[:2]) if track else "-",
        "verdict": _verdict(decided, language),
        "decision": _decision(decided, language),
        "figures": _figures(ranking, facts, language),
        "notes": _notes(ranking, language),
        "factors": _factors(ranking, enterprise_id, language),
        "chart": _chart(ranking, enterprise_id, float(facts["score"]), language),
        "groups": _groups(ranking, enterprise_id, language),
        "notice_until": head["notice_until"],
        "as_of": head["as_of"],
        "synthetic": bool(head.get("synthetic")),
        "ranking_digest": head["ranking_digest"],
        "list_digest": head["list_digest"],
        "edition_name": head["edition"],
    }
    return page("dossier.html.j2", language, values)


def _verdict(decided: Decided, language: str) -> str:
    if decided.position is None:
        return say("dossier-not-listed", language)
    return say("dossier-listed", language, position=decided.position)


def _decision(decided: Decided, language: str) -> str:
    """The committee's decision by its kind and type of reason; its text may name people and stays inside."""
    one = decided.decision
    if one is None:
        return ""
    kind = say(f"override-{one.kind}", language)
    return say("dossier-decision", language, kind=kind, reason=say(f"reason-type-{one.reason_type}", language))


def _figures(ranking: Ranking, facts: Mapping[str, Any], language: str) -> list[dict[str, str]]:
    ranked = int(ranking.frame.loc[ranking.frame["track"] == facts["track"], "rank"].notna().sum())
    told = [("dossier-score", say("dossier-number", language, value=float(facts["score"])))]
    if not pd.isna(facts["rank"]):
        places = {"rank": int(facts["rank"]), "low": int(facts["rank_low"]), "high": int(facts["rank_high"])}
        told.append(("dossier-rank", say("dossier-rank-of", language, rank=places["rank"], ranked=ranked)))
        told.append(("dossier-interval", say("dossier-interval-of", language, **places)))
        told.append(("dossier-inclusion", say("dossier-share", language, value=float(facts["inclusion"]))))
    told.append(("dossier-coverage", say("dossier-share", language, value=float(facts["coverage"]))))
    return [{"label": say(key, language), "value": value} for key, value in told]


def _notes(ranking: Ranking, language: str) -> list[str]:
    notes = [say("dossier-note-inclusion", language)]
    return [*notes, say("dossier-note-card", language)] if ranking.mode == "card" else notes


def _factors(ranking: Ranking, enterprise_id: str, language: str) -> list[dict[str, object]]:
    """Points by factor with the track's median, as widths (percent) for bars drawn on the page itself."""
    factors = ranking.factors
    at = factors.index.get_loc(enterprise_id)
    mine: dict[str, float] = dict(zip(map(str, factors.columns), factors.to_numpy()[at].tolist(), strict=True))
    track = ranking.frame["track"] == ranking.frame.at[enterprise_id, "track"]
    middle = factors[track & ranking.frame["rank"].notna()].median()
    median: dict[str, float] = {str(name): float(value) for name, value in middle.items()}
    widest = max(1e-9, *map(abs, mine.values()), *map(abs, median.values()))
    return [
        {
            "label": say(f"factor-{name}", language),
            "points": f"{points:+.1f}",
            "median": f"{median[name]:+.1f}",
            "width": round(100 * abs(points) / widest, 1),
            "mark": round(100 * min(abs(median[name]) / widest, 0.99), 1),
            "negative": points < 0,
        }
        for name, points in mine.items()
        if points or median[name]
    ]


def _chart(ranking: Ranking, enterprise_id: str, score: float, language: str) -> str:
    parts = ranking.parts
    at = parts.index.get_loc(enterprise_id)
    labelled: dict[str, float] = {}
    for name, value in zip(parts.columns, parts.to_numpy()[at].tolist(), strict=True):
        label = ranking.described[str(name)].label(language)
        labelled[label] = labelled.get(label, 0.0) + value
    return points_waterfall(labelled, ranking.base, score, language)


def _groups(ranking: Ranking, enterprise_id: str, language: str) -> list[dict[str, object]]:
    found = reasons(ranking, enterprise_id, language, ENOUGH)
    return [
        {"title": say(f"dossier-{key}", language), "sentences": [_sentence(ranking, one, language) for one in group]}
        for key, group in (("for", found.for_), ("against", found.against), ("unknown", found.unknown))
    ]


def _sentence(ranking: Ranking, reason: Reason, language: str) -> str:
    """A reason's sentence; one that rests on money or a restricted figure without the figure."""
    what = ranking.described[reason.feature]
    if reason.value is None or not ("CNY" in what.unit or what.restricted):
        return reason.text
    return say("dossier-reason-plain", language, label=reason.label, points=reason.points)
