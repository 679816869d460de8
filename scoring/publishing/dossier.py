"""The dossier of one enterprise: why it has its points and its place, for the enterprise itself to read.

It tells points and places, never an amount of money, a tax or a person: where a reason rests on such a figure, it
says the points and leaves the figure out. A publication holds one for every enterprise that is listed, in reserve or
was decided on; `asked_for` makes one for any ranked enterprise whenever a person asks.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from data.accounts import User
from data.refusal import Refusal
from data.synthetic import tells_demo
from features.definition import FACTORS
from scoring.committee.review import Review
from scoring.committee.rounds import Override
from scoring.messages import say
from scoring.publishing.charts import factor_bars, points_waterfall
from scoring.publishing.pages import page
from scoring.scores.notes import basis_text
from scoring.scores.ranking import Ranking
from scoring.scores.reasons import Reason, reasons

ENOUGH = 5


@dataclasses.dataclass(frozen=True)
class Decided:
    """What the list says of an enterprise: its `position` on the list or its place in `reserve` (both None: on
    neither), and the committee's decision."""

    position: int | None
    decision: Override | None
    reserve: int | None = None


@dataclasses.dataclass(frozen=True)
class Dossiers:
    """The dossiers of the enterprises named by `keys`, in one language. `head` is the manifest without its files.

    A head without `notice_until` is that of a list not yet published: the page then says that it is no decision.
    """

    ranking: Ranking
    head: Mapping[str, Any]
    language: str
    keys: Sequence[str]
    _chosen: Ranking = dataclasses.field(init=False, repr=False)
    _medians: dict[str, Mapping[str, float]] = dataclasses.field(init=False, default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        # Points are added up for these enterprises together: neither for everybody, nor for each by itself.
        chosen = dataclasses.replace(self.ranking, detail=self.ranking.detail.loc[list(self.keys)])
        object.__setattr__(self, "_chosen", chosen)

    def page(self, enterprise_id: str, decided: Decided) -> bytes:
        """The one-file HTML dossier of an enterprise, one of `keys`."""
        ranking, language, head = self.ranking, self.language, self.head
        facts: dict[str, Any] = {str(name): value for name, value in ranking.frame.loc[enterprise_id].items()}
        track = ranking.edition.track(str(facts["track"])) if facts["track"] else None
        title = getattr(ranking.edition.title, language[:2])
        chosen = self._chosen
        values = {
            "title": f"{facts['name']} - {title}",
            "edition_title": title,
            "name": facts["name"],
            "enterprise_id": enterprise_id,
            "track_title": getattr(track.title, language[:2]) if track else "-",
            "verdict": _verdict(decided, head, language),
            "decision": _decision(decided, language),
            "figures": _figures(ranking, facts, language),
            "notes": _notes(ranking, language),
            "factors": factor_bars(
                _ordered(_row(chosen.factors, enterprise_id)), self._median(str(facts["track"])), language
            ),
            "chart": _waterfall(chosen, enterprise_id, float(facts["score"]), language),
            "groups": _groups(ranking, enterprise_id, language),
            "notice_until": head.get("notice_until", ""),
            "as_of": head["as_of"],
            "synthetic": bool(head.get("synthetic")),
            "ranking_digest": head["ranking_digest"],
            "list_digest": head["list_digest"] or "-",
            "edition_name": head["edition"],
        }
        return page("dossier.html.j2", language, values)

    def _median(self, track: str) -> Mapping[str, float]:
        """The median points by factor over a track's ranked enterprises."""
        if track not in self._medians:
            frame = self.ranking.frame
            peers = (frame["track"] == track) & frame["rank"].notna()
            middle = self.ranking.factors[peers.to_numpy(dtype=bool)].median()
            self._medians[track] = {str(name): float(value) for name, value in middle.items()}
        return self._medians[track]


def asked_for(review: Review, user: User, enterprise_id: str, language: str) -> bytes:
    """The dossier of any ranked enterprise as a person may see it in a round, made when it is asked for.

    Before publication it says that nothing is decided yet. Refuses what the review refuses: an enterprise that the
    person is recused from, points that the round hides before the vote (`dossier-points-hidden`), and an enterprise
    without a rank (`dossier-not-ranked`).
    """
    view = review.item(enterprise_id, user)
    if view.points_hidden:
        raise Refusal("dossier-points-hidden", enterprise=enterprise_id)
    ranking = review.ranking(user)
    if enterprise_id not in ranking.frame["rank"].dropna().index:
        raise Refusal("dossier-not-ranked", enterprise=enterprise_id)
    state, selection = review.state(user), review.directory(user)
    published = state.published or {}
    head = {
        "as_of": state.as_of,
        "ranking_digest": state.ranking_digest,
        "list_digest": state.list_digest,
        "edition": state.edition,
        "synthetic": tells_demo(review.ledger),
        **({"notice_until": published["notice_until"]} if published else {}),
    }
    members, reserve = (
        {str(key): place for place, key in enumerate(table["enterprise_id"], start=1)}
        for table in (selection.members, selection.reserve)
    )
    decision = review.decision(enterprise_id, user)
    decided = Decided(members.get(enterprise_id), decision, reserve.get(enterprise_id))
    return Dossiers(ranking, head, language, (enterprise_id,)).page(enterprise_id, decided)


def _verdict(decided: Decided, head: Mapping[str, Any], language: str) -> str:
    when = "dossier" if head.get("notice_until") else "dossier-draft"
    if decided.position is not None:
        return say(f"{when}-listed", language, position=decided.position)
    if decided.reserve is not None:
        return say(f"{when}-reserve", language, position=decided.reserve)
    return say(f"{when}-not-listed", language)


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
    return [say("dossier-note-inclusion", language), basis_text(ranking, language)]


def _row(points: pd.DataFrame, enterprise_id: str) -> dict[str, float]:
    """The points of one enterprise, name -> points."""
    at = points.index.get_loc(enterprise_id)
    return dict(zip(map(str, points.columns), points.to_numpy()[at].tolist(), strict=True))


def _ordered(factors: Mapping[str, float]) -> dict[str, float]:
    """Points by factor in the order of article 10."""
    return {name: factors[name] for name in FACTORS if name in factors}


def _waterfall(ranking: Ranking, enterprise_id: str, score: float, language: str) -> str:
    labelled: dict[str, float] = {}
    for name, value in _row(ranking.parts, enterprise_id).items():
        label = ranking.described[name].label(language)
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
