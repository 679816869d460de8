"""Training a target from facts to a registered version: gather, validate, choose, refit, judge, register."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal, Protocol

import numpy as np
import pandas as pd

from data.settings import Settings
from data.store import Store
from features.catalog import Catalogue, catalogue
from models import artifacts, calibration, drift, pictures, provenance
from models.candidates import learners
from models.checkpoint import Checkpoint
from models.classifier import Array, Recipe, derived_seed
from models.explanation import bag_contributions, importance
from models.findings import Findings, examine
from models.fitted import Bag, Verdict
from models.monotone import costs
from models.panel import Sidelights, gather, refuse_too_few, usable_columns
from models.refit import SHARES, Refitted, refit, total_members
from models.registry import Record, Registry
from models.selection import Choice, choose
from models.splits import Panel, Plan, plan
from models.stability import list_stability
from models.stopping import School
from models.validation import Judged, judge

SEED = 20200424
GROWTHS = 3
FEW_TESTED = 5_000
"""With fewer tested rows than this the luck of one growth shows; the quoted figures are then the mean of three."""


class Progress(Protocol):
    """What training tells while it works: the share done (0..1) and a key of the message catalogues."""

    def __call__(self, share: float, key: str, /, **values: object) -> None:
        """Report."""


@dataclass(frozen=True)
class TrainingReport:
    """What came of a training. `report` is all of it in types that JSON has; the rest is its most used parts.

    `metrics` maps names to {value, low, high}; `by_group` is a table of figures by size class and others;
    `plan` a table of folds; `notes` are codes with values.
    """

    version: int
    target: str
    verdict: Verdict
    metrics: Mapping[str, Mapping[str, float | None]]
    baselines: Mapping[str, Mapping[str, Any]]
    by_group: pd.DataFrame
    plan: pd.DataFrame
    notes: Sequence[Mapping[str, Any]]
    report: Mapping[str, Any]


@dataclass(frozen=True)
class _Options:
    group_by: str | None
    seed: int
    bag: int
    trials: int
    monotone: Literal["auto", "off"] | Sequence[str]
    with_restricted: bool
    recipe: Recipe


@dataclass(frozen=True)
class _Work:
    """All that a training needs to know, fixed before it starts: `taught` are the features that may be learned."""

    store_digest: str
    settings: Settings
    target: str
    panel: Panel
    fingerprint: str
    taught: Catalogue
    dropped: Mapping[str, str]
    restricted: tuple[str, ...]
    directions: Mapping[str, int]
    options: _Options
    plan: Plan
    checkpoint: Checkpoint
    beside: Mapping[str, object] | None


def train(
    store: Store,
    settings: Settings,
    target: str,
    *,
    dates: Sequence[date] | None = None,
    group_by: str | None = None,
    seed: int = SEED,
    bag: int = 20,
    trials: int = 0,
    actor: str,
    progress: Progress | None = None,
    with_restricted: bool = False,
    monotone: Literal["auto", "off"] | Sequence[str] = "auto",
    recipe: Recipe | None = None,
    sidelights: Sidelights | None = None,
) -> TrainingReport:
    """Train a target ("growth", "listing", "closure", "outcome:NAME") and register the version.

    `dates`: as-of dates to learn from (default: all that have labels). `group_by`: the column of the matrix's
    `about` whose values are kept apart in validation (default: each enterprise); a feature of that name is left
    out, since it says nothing about a group never taught. `bag`: bootstrap refits. `trials`: size of the search
    for a better recipe inside the training folds (0: none). `monotone`: features whose declared direction may be
    held ("auto": all that have one, "off": none); it is held where the paired cost is within noise. Features with
    a legal restriction are left out unless `with_restricted`. `sidelights` adds `card` (points) and `track` per
    enterprise of a matrix, for baselines and slices.

    Refuses a target without labels, with one class, or with under 30 positives; nothing is registered unless all
    of it succeeds, and what was finished before an interruption is used by the next attempt.
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    tell = progress or _silent
    tell(0.0, "cli-train-gathering", target=target)
    full = catalogue(store)
    panel = gather(store, target, full, dates, sidelights)
    refuse_too_few(panel, target)
    options = _Options(group_by, seed, bag, trials, monotone, with_restricted, recipe or Recipe())
    work = _prepare(store, settings, target, panel, full, options)
    work = replace(work, beside=sidelights.told if sidelights else None)
    total = total_members(bag)
    with threadpool_limits(1):
        school = School(work.panel, options.recipe, seed, work.plan.group)
        choice, judged, follow, promises = _validate(work, school, tell)
        fitted = refit(
            school, choice.name, _held(promises), bag, trials, work.checkpoint,
            lambda done: tell(0.55 + 0.35 * done / total, "cli-train-refitting", done=done, total=total),
        )  # fmt: skip
        tell(0.9, "cli-train-judging")
        findings = examine(work.panel, work.plan, judged, follow, choice, seed)
        found = _report(work, choice, judged, fitted, findings, promises)
    tell(0.95, "cli-train-registering")
    return _register(work, choice, judged, fitted.bag, findings, found, actor, tell)


def _prepare(store: Store, settings: Settings, target: str, panel: Panel, full: Catalogue, options: _Options) -> _Work:
    allowed = full if options.with_restricted else full.select(without_restricted=True)
    usable, dropped = usable_columns(panel.take(panel.labelled).frame[allowed.names])
    if options.group_by in usable:
        usable.remove(options.group_by)
        dropped[options.group_by] = "group"
    taught = full.select(names=usable)
    directions = {one.name: one.direction for one in taught if one.direction and one.kind == "number"}
    if options.monotone != "auto":
        wanted = () if options.monotone == "off" else [full[name].name for name in options.monotone]
        directions = {name: way for name, way in directions.items() if name in wanted}
    panel = replace(panel, frame=panel.frame[usable])
    key = {
        "data": store.digest(),
        "target": target,
        "dates": [str(day) for day in panel.dates],
        "columns": usable,
        "meanings": taught.meanings,
        "recipe": options.recipe.as_dict(),
        "options": [options.group_by, options.seed, options.trials, directions],
        "versions": provenance.versions(),
    }
    return _Work(
        store_digest=store.digest(),
        settings=settings,
        target=target,
        panel=panel,
        fingerprint=full.fingerprint,
        taught=taught,
        dropped=dropped,
        restricted=tuple(name for name in full.names if name not in allowed.names),
        directions=directions,
        options=options,
        plan=plan(panel, group_by=options.group_by, seed=options.seed),
        checkpoint=Checkpoint(settings.home / "training", key),
        beside=None,
    )


def _validate(work: _Work, school: School, tell: Progress) -> tuple[Choice, Judged, Judged | None, pd.DataFrame]:
    """The candidates on the quoted folds, the choice, the chosen one on the folds that follow time, and the promises.

    Which directions are held is settled by what each would cost the trees, so they are judged first.
    """
    seed, panel, options = work.options.seed, work.panel, work.options
    candidates = learners(school, trials=options.trials)
    total = len(work.plan.quoted) * (len(candidates) + 1)
    judged = judge(
        panel,
        work.plan.quoted,
        candidates,
        work.checkpoint,
        name="quoted",
        card=panel.about["card"].to_numpy(np.float64) if "card" in panel.about.columns else None,
        step=lambda done: tell(0.05 + 0.5 * done / total, "cli-train-validating", done=done, total=total),
    )
    promises = costs(
        panel, work.plan.quoted, lambda number: school.trees(work.plan.quoted[number].train),
        judged.scores["trees"], work.directions, seed,
    )  # fmt: skip
    if held := _held(promises):
        keeping = {"monotone": learners(school, directions=held)["monotone"]}
        candidates |= keeping
        kept = judge(panel, work.plan.quoted, keeping, work.checkpoint, name="quoted", with_baselines=False)
        judged = replace(judged, scores={**judged.scores, **kept.scores})
    periods = panel.as_of[judged.rows].astype(str) if work.plan.kind == "temporal" else judged.fold.astype(str)
    choice = choose(panel.label[judged.rows], judged.scores, panel.enterprise[judged.rows], periods, seed=seed)
    judged = _grown_again(work, judged, choice.name, school, _held(promises))
    if not work.plan.follow or work.plan.kind != "temporal":
        return choice, judged, None, promises
    needed = ("trees", "regression") if choice.name == "blend" else (choice.name,)
    chosen = {name: candidates[name] for name in needed}
    follow = judge(panel, work.plan.follow, chosen, work.checkpoint, name="follow", with_baselines=False)
    return choice, judged, follow, promises


def _held(promises: pd.DataFrame) -> dict[str, int]:
    """The directions that are held, by feature."""
    kept = promises[promises.held.astype(bool)]
    return dict(sorted(zip(kept.feature, kept.direction, strict=True)))


def _grown_again(work: _Work, judged: Judged, name: str, school: School, held: Mapping[str, int]) -> Judged:
    """The chosen candidate's scores as the mean of three growths: what goes into service is a mean, too."""
    if name in SHARES or name == "searched" or len(judged.rows) >= FEW_TESTED:
        return judged
    scores = [judged.scores[name]]
    for turn in range(1, GROWTHS):
        other = school.by(seed=derived_seed(work.options.seed, "again", turn))
        again = {name: learners(other, directions=held)[name]}
        found = judge(work.panel, work.plan.quoted, again, work.checkpoint, name=f"again-{turn}", with_baselines=False)
        scores.append(found.scores[name])
    return replace(judged, scores={**judged.scores, name: np.mean(scores, axis=0)})


def _report(
    work: _Work, choice: Choice, judged: Judged, fitted: Refitted, findings: Findings, promises: pd.DataFrame
) -> dict[str, Any]:
    rows = work.panel.labelled
    return provenance.report_of(
        {
            "target": work.target,
            "beside": work.beside,
            "verdict": findings.judgement.verdict,
            "data_digest": work.store_digest,
            "catalogue_fingerprint": work.fingerprint,
            "dates": [str(day) for day in work.panel.dates],
            "rows": len(rows),
            "positives": int(work.panel.label[rows].sum()),
            "enterprises": len(np.unique(work.panel.enterprise[rows])),
            "features": list(work.panel.frame.columns),
            "described": {
                one.name: {"zh": one.zh, "en": one.en, "factor": one.factor, "direction": one.direction}
                for one in work.taught
            },
            "dropped": dict(work.dropped),
            "restricted_left_out": list(work.restricted),
            "seed": work.options.seed,
            "bag": work.options.bag,
            "trials": work.options.trials,
            "group_by": work.plan.group_by,
            "validation": work.plan.kind,
            "recipe": fitted.recipe.as_dict(),
            "candidate": choice.name,
            "calibration": calibration.fit(judged.scores[choice.name], work.panel.label[judged.rows]).kind,
            "versions": provenance.versions(),
            "promises": promises,
            "stability": list_stability(fitted.bag, fitted.again, work.panel),
            "importance": importance(fitted.bag, _latest(work.panel), work.options.seed),
            **findings.as_dict(),
        }
    )


def _register(
    work: _Work,
    choice: Choice,
    judged: Judged,
    bag: Bag,
    findings: Findings,
    report: Mapping[str, Any],
    actor: str,
    tell: Progress,
) -> TrainingReport:
    rows = work.panel.labelled
    files = artifacts.pack(
        target=work.target,
        meanings=work.taught.meanings,
        verdict=findings.judgement.verdict,
        base_log_odds=bag_contributions(bag, work.panel.frame.iloc[rows[:1]])[1],
        bag=bag,
        calibration=calibration.fit(judged.scores[choice.name], work.panel.label[judged.rows]),
        report=report,
        attachments={
            artifacts.PROFILE: json.dumps(provenance.rounded(_profile(work.panel)), sort_keys=True),
            "plan.svg": pictures.plan(work.plan, work.panel),
            "reliability.svg": pictures.reliability(findings.reliability),
        },
    )
    record = Record(provenance.parameters(report), provenance.numbers(report), provenance.tags(actor, report))
    version = Registry(work.settings).save(work.target, files, record, actor)
    work.checkpoint.forget()
    tell(1.0, "cli-train-done", version=version)
    return TrainingReport(
        version=version,
        target=work.target,
        verdict=findings.judgement.verdict,
        metrics=report["metrics"],
        baselines=report["baselines"],
        by_group=findings.by_group,
        plan=findings.plan,
        notes=report["notes"],
        report=report,
    )


def _latest(panel: Panel) -> pd.DataFrame:
    """The features at the last date, ordered by enterprise."""
    rows = np.flatnonzero(panel.as_of == panel.as_of.max())
    order: Array = np.argsort(panel.enterprise[rows].astype(str), kind="stable")
    found: pd.DataFrame = panel.frame.iloc[rows[order]]
    return found


def _profile(panel: Panel) -> dict[str, Any]:
    """What the enterprises that taught looked like."""
    rows = panel.labelled
    return drift.profile(panel.frame.iloc[rows], panel.enterprise[rows])


def _silent(_share: float, _key: str, /, **_values: object) -> None:
    """Nobody is watching."""
