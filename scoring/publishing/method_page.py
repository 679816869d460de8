"""The method page: what the tool is for, whose it is, how it works, who watches it, and how to object.

Its sections follow the United Kingdom's Algorithmic Transparency Recording Standard: owner and responsibility;
description and rationale; decision-making process and human oversight; technical specification and data; evaluation;
risks and mitigations; appeal. The thresholds of criteria stand there in 万元 where they are money: they are rules,
which must be public (fair competition review), and no figure of an enterprise and no amount that anybody is paid.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from scoring.editions.policy import Criterion, Track
from scoring.messages import money, percent, say
from scoring.publishing.basis import Basis
from scoring.publishing.pages import page
from scoring.scores.model_evidence import SizeEvidence
from scoring.scores.notes import basis_text
from scoring.scores.ranking import Ranking
from scoring.selection.directory import Selection


def method_page(
    ranking: Ranking,
    basis: Basis,
    selection: Selection,
    head: Mapping[str, Any],
    reviewed: Mapping[str, int],
    evidence: Sequence[SizeEvidence],
    language: str,
) -> bytes:
    """The one-file HTML page. `reviewed` as in `list_page`; `evidence` are the models' figures by size."""
    edition = ranking.edition
    sections = [
        _section("owner", language, {}),
        _section("purpose", language, {"title": getattr(edition.title, language[:2])}),
        _section("process", language, reviewed),
        _section("logic", language, {"basis": basis_text(ranking, language)}, _criteria(ranking, language)),
        _section("data", language, {"as_of": ranking.as_of}, [_data(ranking, language)]),
        _section(
            "evaluation",
            language,
            {},
            [_by_size(basis, selection, language), *_models(ranking, language), *_evidence(evidence, language)],
        ),
        _section("limits", language, {"statement": getattr(edition.legal.statement, language[:2])}),
        _section("appeal", language, {"until": head["notice_until"]}),
    ]
    values = {
        "title": say("method-title", language),
        "edition_title": getattr(edition.title, language[:2]),
        "published_on": head["published_on"],
        "sections": sections,
        "as_of": head["as_of"],
        "synthetic": bool(head.get("synthetic")),
        "ranking_digest": head["ranking_digest"],
        "list_digest": head["list_digest"],
        "edition_name": head["edition"],
    }
    return page("method.html.j2", language, values)


def _section(
    name: str, language: str, given: Mapping[str, object], tables: Sequence[Mapping[str, object]] = ()
) -> dict[str, object]:
    return {
        "title": say(f"method-{name}", language),
        "paragraphs": say(f"method-{name}-text", language, **given).split("\n"),
        "tables": list(tables),
    }


def _table(title: str, heads: Sequence[tuple[str, bool]], rows: Sequence[Sequence[str]]) -> dict[str, object]:
    return {"title": title, "heads": [{"text": text, "number": number} for text, number in heads], "rows": rows}


def _criteria(ranking: Ranking, language: str) -> list[dict[str, object]]:
    """A table for each track: criterion, its thresholds with points, and the article that it rests on."""
    return [_track(ranking, track, language) for track in ranking.edition.tracks]


def _track(ranking: Ranking, track: Track, language: str) -> dict[str, object]:
    heads = [(say(f"method-head-{name}", language), name == "most") for name in ("criterion", "bands", "most", "ref")]
    rows = []
    for one in track.criteria:
        what = ranking.described.get(one.feature)
        label = what.label(language) if what else one.feature
        reference = ranking.edition.references[one.ref]
        key = "method-reference-article" if reference.article.isdigit() else "method-reference"
        cited = say(key, language, document=reference.document, article=reference.article)
        rows.append((label, _bands(one, language), f"{one.highest:g}", cited))
    return _table(getattr(track.title, language[:2]), heads, rows)


def _bands(criterion: Criterion, language: str) -> str:
    """The thresholds as people read them: 万元, percent or plain numbers by the criterion's unit."""
    if criterion.categories:
        told = list(criterion.categories.items())
    else:
        told = [(f"≥ {_threshold(one.at_least, criterion.unit, language)}", one.points) for one in criterion.bands]
    if criterion.below:
        told.insert(0, (say("method-below", language), criterion.below))
    # No-break spaces: a threshold stays on one line with its points.
    return (
        "; ".join(say("method-band", language, reached=name, points=points) for name, points in told)
        .replace(" ", "\u00a0")
        .replace(";\u00a0", "; ")
    )


def _threshold(value: float, unit: str, language: str) -> str:
    if unit.startswith("CNY"):
        return money(value, language)
    if unit in ("1", "percentile"):
        return percent(value, 0 if float(round(value * 100)) == round(value * 100, 6) else 1)
    return f"{value:,g}"


def _data(ranking: Ranking, language: str) -> dict[str, object]:
    """How much of each criterion's data is there among the ranked."""
    heads = [(say(f"method-head-{name}", language), name == "known") for name in ("criterion", "factor", "known")]
    ranked = ranking.values[ranking.frame["rank"].notna()]
    rows = [
        (
            ranking.described[name].label(language),
            say(f"factor-{ranking.described[name].factor}", language),
            percent(float(ranked[name].notna().mean()), 0) if len(ranked) else "-",
        )
        for name in ranking.edition.features
        if name in ranking.described
    ]
    return _table(say("method-table-data", language), heads, rows)


def _by_size(basis: Basis, selection: Selection, language: str) -> dict[str, object]:
    heads = [(say(f"method-head-{name}", language), name != "size") for name in ("size", "listed", "ranked", "rate")]
    frame = basis.ranking.frame
    ranked = frame[frame["rank"].notna()]
    on = ranked.index.isin(selection.members["enterprise_id"])
    rows = []
    for size in ("large", "medium", "small", "micro", "undetermined"):
        mine = (ranked["size_class"] == size).to_numpy(dtype=bool)
        if mine.any():
            listed = int((mine & on).sum())
            rate = percent(listed / int(mine.sum()), 1)
            rows.append((say(f"publication-size-{size}", language), str(listed), str(int(mine.sum())), rate))
    return _table(say("method-table-size", language), heads, rows)


def _models(ranking: Ranking, language: str) -> list[dict[str, object]]:
    """The learned models that spoke, with their verdicts; no table where none did."""
    if not ranking.model_versions:
        return []
    names = ("model", "version", "digest", "verdict", "weight")
    heads = [(say(f"method-head-{name}", language), name == "weight") for name in names]
    rows = [
        (
            say(f"method-model-{name}", language),
            str(version),
            str(ranking.sources.get(name, "-"))[:16],
            say(f"method-verdict-{ranking.verdicts.get(name, 'little')}", language),
            percent(float(ranking.weights.get(name, 0.0)), 0),
        )
        for name, version in sorted(ranking.model_versions.items())
    ]
    return [_table(say("method-table-models", language), heads, rows)]


def _evidence(evidence: Sequence[SizeEvidence], language: str) -> list[dict[str, object]]:
    """How well the models tell apart within each size class; no table where none spoke."""
    if not evidence:
        return []
    names = ("model", "size", "validated", "auc", "interval")
    heads = [(say(f"method-head-{name}", language), name in ("validated", "auc", "interval")) for name in names]
    rows = [
        (
            say(f"method-model-{one.source}", language),
            say(f"publication-size-{one.size_class}", language),
            f"{one.rows:,}",
            f"{one.roc_auc:.2f}",
            f"{one.low:.2f}-{one.high:.2f}",
        )
        for one in evidence
    ]
    return [_table(say("method-table-evidence", language), heads, rows)]
