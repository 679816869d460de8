"""Training a target from facts to a registered version: gather, validate, choose, refit, judge, register."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol

import numpy as np
import pandas as pd

from data.settings import Settings
from data.store import Store
from features.catalog import Catalogue, catalogue
from models import artifacts, calibration, provenance
from models.additive import Additive, fit_additive
from models.checkpoint import Checkpoint
from models.classifier import (
    Array,
    Encoding,
    Recipe,
    Trees,
    bootstrap_weights,
    derived_seed,
    grow,
    share_out,
)
from models.explanation import bag_contributions
from models.findings import Findings, examine
from models.fitted import Bag, Verdict
from models.panel import Sidelights, gather, refuse_too_few, usable_columns
from models.registry import Record, Registry
from models.selection import Choice, choose
from models.splits import Panel, Plan, plan
from models.validation import Judged, judge, learners

SEED = 20200424


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
    recipe: Recipe | None = None,
    sidelights: Sidelights | None = None,
) -> TrainingReport:
    """Train a target ("growth", "listing", "outcome:NAME") and register the version.

    `dates`: as-of dates to learn from (default: all that have labels). `group_by`: the column of the matrix's
    `about` whose values are kept apart in validation (default: each enterprise). `bag`: bootstrap refits.
    `trials`: size of the search for a better recipe inside the training folds (0: none). Features with a legal
    restriction are left out unless `with_restricted`. Refuses a target without labels, with one class, or with
    under 30 positives; nothing is registered unless all of it succeeds, and what was finished before an
    interruption is used by the next attempt.
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    tell = progress or _silent
    tell(0.0, "cli-train-gathering", target=target)
    full = catalogue(store)
    panel = gather(store, target, full, dates, sidelights)
    refuse_too_few(panel, target)
    allowed = full if with_restricted else full.select(without_restricted=True)
    work = _prepare(store, settings, target, panel, full, allowed, recipe or Recipe(), (group_by, seed, bag, trials))
    with threadpool_limits(1):
        choice, judged, follow = _validate(work, tell)
        fitted = _refit(work, choice.name, tell)
        tell(0.9, "cli-train-judging")
        findings = examine(work.panel, work.plan, judged, follow, choice, seed)
    return _register(work, choice, judged, fitted, findings, actor, tell)


@dataclass(frozen=True)
class _Work:
    """All that a training needs to know, fixed before it starts."""

    store_digest: str
    settings: Settings
    target: str
    panel: Panel
    fingerprint: str
    dropped: Mapping[str, str]
    restricted: tuple[str, ...]
    recipe: Recipe
    monotone: Recipe
    group_by: str | None
    seed: int
    bag: int
    trials: int
    plan: Plan
    checkpoint: Checkpoint


def _prepare(
    store: Store,
    settings: Settings,
    target: str,
    panel: Panel,
    full: Catalogue,
    allowed: Catalogue,
    recipe: Recipe,
    options: tuple[str | None, int, int, int],
) -> _Work:
    group_by, seed, bag, trials = options
    labelled = panel.take(panel.labelled)
    usable, dropped = usable_columns(labelled.frame[allowed.names])
    panel = replace(panel, frame=panel.frame[usable])
    known = [full[name] for name in usable]
    directions = tuple((one.name, one.direction) for one in known if one.direction and one.kind == "number")
    key = {
        "data": store.digest(),
        "target": target,
        "dates": [str(day) for day in panel.dates],
        "columns": usable,
        "fingerprint": full.fingerprint,
        "recipe": recipe.as_dict(),
        "options": [group_by, seed, trials],
        "versions": provenance.versions(),
    }
    return _Work(
        store_digest=store.digest(),
        settings=settings,
        target=target,
        panel=panel,
        fingerprint=full.fingerprint,
        dropped=dropped,
        restricted=tuple(name for name in full.names if name not in allowed.names),
        recipe=recipe,
        monotone=replace(recipe, monotone=directions),
        group_by=group_by,
        seed=seed,
        bag=bag,
        trials=trials,
        plan=plan(panel, group_by=group_by, seed=seed),
        checkpoint=Checkpoint(settings.home / "training", key),
    )


def _validate(work: _Work, tell: Progress) -> tuple[Choice, Judged, Judged | None]:
    """The candidates on the quoted folds, the choice, and the chosen one on the folds that follow time."""
    candidates = learners(work.recipe, work.seed, work.monotone if work.monotone.monotone else None)
    total = len(work.plan.quoted) * (len(candidates) + 1)
    judged = judge(
        work.panel,
        work.plan.quoted,
        candidates,
        work.checkpoint,
        name="quoted",
        card=_card(work.panel),
        step=lambda done: tell(0.05 + 0.5 * done / total, "cli-train-validating", done=done, total=total),
    )
    periods = work.panel.as_of[judged.rows].astype(str) if work.plan.kind == "temporal" else judged.fold.astype(str)
    owners = work.panel.enterprise[judged.rows]
    choice = choose(work.panel.label[judged.rows], judged.scores, owners, periods, seed=work.seed)
    if not work.plan.follow:
        return choice, judged, None
    needed = ("trees", "regression") if choice.name == "blend" else (choice.name,)
    chosen = {name: candidates[name] for name in needed}
    follow = judge(work.panel, work.plan.follow, chosen, work.checkpoint, name="follow", with_baselines=False)
    return choice, judged, follow


def _refit(work: _Work, candidate: str, tell: Progress) -> Bag:
    """The bag on all labelled rows: every member a bootstrap by enterprise."""
    rows = work.panel.labelled
    frame, labels, owners = work.panel.frame.iloc[rows], work.panel.label[rows], work.panel.enterprise[rows]
    recipe = work.monotone if candidate == "monotone" else work.recipe
    encoding = Encoding.of(frame)
    matrix = encoding.matrix(frame)
    weights = [bootstrap_weights(owners, work.seed, member) for member in range(work.bag)]

    def tree(member: int) -> str:
        seed = derived_seed(work.seed, "member", member)
        return work.checkpoint.text(
            f"{candidate}-member-{member}",
            lambda: grow(matrix, labels, encoding, recipe, seed, weights[member]).model_to_string(),
        )

    def step(done: int) -> None:
        tell(0.55 + 0.35 * done / work.bag, "cli-train-refitting", done=done, total=work.bag)

    trees: Trees | None = None
    additive: tuple[Additive, ...] = ()
    share = {"regression": 1.0, "blend": 0.5}.get(candidate, 0.0)
    if share < 1:
        texts = share_out([lambda m=member: tree(m) for member in range(work.bag)], step)  # type: ignore[misc]
        trees = Trees.from_texts(encoding, [str(text) for text in texts])
    if share:
        fitted = share_out(
            [lambda m=member: fit_additive(frame, labels, weights=weights[m]) for member in range(work.bag)],  # type: ignore[misc]
            step,
        )
        additive = tuple(member for member in fitted if isinstance(member, Additive))
    return Bag(trees, additive, share)


def _register(
    work: _Work, choice: Choice, judged: Judged, bag: Bag, findings: Findings, actor: str, tell: Progress
) -> TrainingReport:
    tell(0.95, "cli-train-registering")
    rows = work.panel.labelled
    curve = calibration.fit(judged.scores[choice.name], work.panel.label[judged.rows])
    base = bag_contributions(bag, work.panel.frame.iloc[rows[:1]])[1]
    report = provenance.report_of(
        {
            "target": work.target,
            "verdict": findings.judgement.verdict,
            "data_digest": work.store_digest,
            "catalogue_fingerprint": work.fingerprint,
            "dates": [str(day) for day in work.panel.dates],
            "rows": len(rows),
            "positives": int(work.panel.label[rows].sum()),
            "enterprises": len(np.unique(work.panel.enterprise[rows])),
            "features": list(work.panel.frame.columns),
            "dropped": dict(work.dropped),
            "restricted_left_out": list(work.restricted),
            "seed": work.seed,
            "bag": work.bag,
            "trials": work.trials,
            "group_by": work.plan.group_by,
            "validation": work.plan.kind,
            "recipe": (work.monotone if choice.name == "monotone" else work.recipe).as_dict(),
            "candidate": choice.name,
            "versions": provenance.versions(),
            **findings.as_dict(),
        }
    )
    files = artifacts.pack(
        target=work.target,
        catalogue_fingerprint=work.fingerprint,
        verdict=findings.judgement.verdict,
        base_log_odds=base,
        bag=bag,
        calibration=curve,
        report=report,
        attachments={},
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


def _card(panel: Panel) -> Array | None:
    return panel.about["card"].to_numpy(np.float64) if "card" in panel.about.columns else None


def _silent(_share: float, _key: str, /, **_values: object) -> None:
    """Nobody is watching."""
