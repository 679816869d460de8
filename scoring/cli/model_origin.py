"""`mulu models show`: from a version back to its files, facts, code and people, every step with the next command."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from scoring.cli.answers import language, table, text

if TYPE_CHECKING:
    from data.ledger import Event
    from models.origin import Origin
    from scoring.scores.ranking import Ranking


def origin_value(found: Origin, today: str) -> dict[str, Any]:
    """The answer for programs; `today` is the digest of the facts that are known now."""
    report = found.report
    return {
        "target": found.target,
        "version": found.version,
        "champion": found.champion,
        "digest": found.digest,
        "files_unchanged": True,  # a version with a changed file is refused before
        "registered": _event(found.registered),
        "code_revision": found.revision or None,
        "versions": report["versions"],
        "data_digest": report["data_digest"],
        "data_is_todays": report["data_digest"] == today,
        "batches": None if found.batches is None else [_event(one) for one in found.batches],
        "catalogue_fingerprint": report["catalogue_fingerprint"],
        "terms": [_event(one) for one in found.terms],
        "rankings": [_event(one) for one in found.rankings],
        "report": report,
    }


def origin_lines(found: Origin, today: str) -> list[str]:
    """The answer for people."""
    from scoring.messages import say

    report, target, version = found.report, found.target, found.version
    area = report["metrics"]["roc_auc"]
    office = text("cli-models-champion") if found.champion else text("cli-origin-no-office")
    parts = [
        ("version", text("cli-origin-version-text", target=target, version=version, office=office)),
        ("registered", _told(found.registered)),
        ("digest", text("cli-origin-digest-text", digest=found.digest)),
        ("verdict", say(f"model-verdict-{report['verdict']}", language())),
        ("figure", f"ROC-AUC {area['value']:.3f} ({area['low']:.3f}–{area['high']:.3f})"),
        ("learned", _learned(report)),
        ("data", _facts(found, today)),
        ("catalogue", report["catalogue_fingerprint"]),
        ("code", found.revision or text("cli-origin-no-code")),
        ("software", ", ".join(f"{name} {one}" for name, one in sorted(report["versions"].items()))),
        ("settings", text("cli-origin-settings-text", seed=str(report["seed"]), bag=report["bag"])),
        ("run", str(found.registered.payload["run_id"])),
    ]
    lines = table(["", ""], [(text(f"cli-origin-{name}"), told) for name, told in parts])[1:]
    lines += _batches(found)
    terms = [
        f"  {text(f'cli-origin-{one.kind}')}  {_told(one)}  {one.payload.get('reason', '')}" for one in found.terms
    ]
    lines += ["", text("cli-origin-terms"), *([term.rstrip() for term in terms] or [text("cli-origin-none")])]
    lines += ["", text("cli-origin-rankings"), *(_rankings(found) or [text("cli-origin-none")])]
    return [*lines, "", text("cli-origin-next", target=target, version=version)]


def model_lines(ranking: Ranking, named: dict[str, tuple[str, int] | None]) -> list[str]:
    """What a score rests on: the ranking, its facts, and each model that spoke with the command that shows it."""
    digests = {name: str(ranking.sources.get(name, ""))[:12] for name in ("store", *ranking.model_versions)}
    lines = [
        text(
            "cli-explain-ranking",
            digest=ranking.digest[:12], edition=ranking.edition.name, as_of=ranking.as_of, store=digests["store"],
        )
    ]  # fmt: skip
    for source, version in sorted(ranking.model_versions.items()):
        target = (named[source] or (source, version))[0]
        told = {"source": source, "target": target, "version": version, "digest": digests[source]}
        lines.append(text("cli-explain-model", **told))
    return lines


def _told(event: Event) -> str:
    return text(
        "cli-origin-event", when=event.recorded_at[:16].replace("T", " "), actor=event.actor, seq=str(event.seq)
    )


def _learned(report: Mapping[str, Any]) -> str:
    return text(
        "cli-train-learned-from",
        **{name: report[name] for name in ("rows", "enterprises", "positives")},
        dates=len(report["dates"]),
    )


def _facts(found: Origin, today: str) -> str:
    digest = str(found.report["data_digest"])
    if found.batches is None:
        return text("cli-origin-data-unknown", digest=digest)
    same = "yes" if digest == today else "no"
    return text("cli-origin-data-text", digest=digest, batches=len(found.batches), same=same)


def _batches(found: Origin) -> list[str]:
    if not found.batches:
        return []
    rows = [
        (
            one.subject.removeprefix("batch:"),
            one.recorded_at[:16].replace("T", " "),
            one.actor,
            sum(dict(one.payload["rows"]).values()),  # type: ignore[call-overload]
            str(one.payload["source"]),
        )
        for one in found.batches
    ]
    names = ("batch", "when", "actor", "rows", "file")
    return ["", *table([text(f"cli-origin-column-{name}") for name in names], rows, right=(3,))]


def _rankings(found: Origin) -> list[str]:
    return [
        f"  {one.subject.removeprefix('ranking:')[:12]}  {one.payload['edition']}  {one.payload['as_of']}  {_told(one)}"
        for one in found.rankings
    ]


def _event(event: Event) -> dict[str, Any]:
    told = {name: value for name, value in event.payload.items() if name != "compared"}
    return {
        "seq": event.seq, "subject": event.subject, "kind": event.kind, "actor": event.actor,
        "recorded_at": event.recorded_at, "ledger_digest": event.digest, **told,
    }  # fmt: skip
