"""The year walked through once, on a synthetic district: files in, trained, ranked, a list, people, a round.

Everything goes through the functions that the commands call; nothing here is a short cut. Each file is taken in
as one that arrived, the forbidden and the doubtful ones too.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

from data.accounts import Accounts, create_demo_people
from data.intake import Intake, take_in
from data.refusal import Refusal
from data.settings import Settings
from data.store import Store
from data.synthetic import DEMO, District, create_district, mark_demo
from models.classifier import Recipe
from models.training import train
from scoring.committee.round_acts import open_round
from scoring.editions.policy import load_edition
from scoring.scores.ranking import rank
from scoring.scores.sidelights import sidelights
from scoring.selection.directory import select

EDITION = "changning-2026"
TARGETS = ("growth", "listing")
BAG = 10
"""Bootstrap refits of each model: enough for intervals to show, few enough for two minutes on two cores."""

RECIPE = Recipe(trees=150, rate=0.06)
"""Fewer and longer steps than in earnest: no figure of the demonstration says anything about real enterprises."""

STEPS = {
    "demo-create": 0.05, "demo-intake": 0.05, "demo-train-growth": 0.49, "demo-train-listing": 0.29,
    "demo-rank": 0.08, "demo-select": 0.01, "demo-people": 0.02, "demo-round": 0.01,
}  # fmt: skip
"""The steps in order, each with its share of the time (sum 1); the key says in the catalogues what is being done."""

Report = Callable[..., None]


@dataclass
class Walk:
    """What was done: seconds by step, rows by file, models with their verdicts, and what to sign in with.

    `people`: (name, role, password), the only time that the passwords are told.
    """

    as_of: date
    seconds: dict[str, float] = field(default_factory=dict)
    accepted: int = 0
    rejected: int = 0
    findings: int = 0
    held: str = ""
    refused: str = ""
    refusal: str = ""
    models: dict[str, dict[str, object]] = field(default_factory=dict)
    ranking: str = ""
    mode: str = ""
    ranked: int = 0
    selection: str = ""
    listed: int = 0
    round_id: str = ""
    people: list[tuple[str, str, str]] = field(default_factory=list)


def walk(settings: Settings, *, enterprises: int, seed: int, progress: Report) -> Walk:
    """Do the whole year in an empty home; the same arguments give the same ranking.

    `progress` is called with the share done (0..1) and the key of what is being done.
    """
    steps = _Steps(progress)
    with steps.step("demo-create"):
        district = create_district(settings.home / DEMO, seed=seed, enterprises=enterprises)
        store = Store(settings)
        mark_demo(store, seed=seed, enterprises=enterprises)
    done = Walk(as_of=district.as_of, seconds=steps.seconds)
    with steps.step("demo-intake"):
        _take_in(store, district, done, steps.within)
    edition = load_edition(EDITION)
    beside = sidelights(edition, store)
    for target in TARGETS:
        with steps.step(f"demo-train-{target}"):
            report = train(
                store,
                settings,
                target,
                bag=BAG,
                seed=seed,
                actor=DEMO,
                progress=steps.within,
                recipe=RECIPE,
                sidelights=beside,
            )
            done.models[target] = {"version": report.version, "verdict": report.verdict}
    with steps.step("demo-rank"):
        ranking = rank(store, settings, edition, district.as_of, actor=DEMO, progress=steps.within)
        done.ranking, done.mode, done.ranked = ranking.digest, ranking.mode, len(ranking.frame)
    with steps.step("demo-select"):
        selection = select(ranking, edition)
        done.selection, done.listed = selection.digest, len(selection.members)
    with steps.step("demo-people"):
        accounts = Accounts(store.engine)
        done.people = create_demo_people(accounts)
        analyst = accounts.find(next(name for name, role, _ in done.people if role == "analyst"))
    with steps.step("demo-round"):
        done.round_id = open_round(store, settings, ranking, selection, analyst)
    store.ledger.append(DEMO, "demo_ready", DEMO, {"ranking": done.ranking, "selection": done.selection})
    return done


def _take_in(store: Store, district: District, done: Walk, within: Report) -> None:
    files = [*district.deliveries, district.waiting]
    for number, delivery in enumerate(files):
        within(number / len(files), "demo-intake-file", file=delivery.path.name)
        told: Intake = take_in(
            store, delivery.path, mapping=delivery.mapping, table=None, known_on=delivery.known_on, actor=DEMO
        )
        done.accepted += told.accepted
        done.rejected += told.rejected
        done.findings += len(told.findings)
        if told.held:
            done.held = delivery.path.name
    try:
        take_in(store, district.forbidden.path, mapping=None, table=None, known_on=district.as_of, actor=DEMO)
    except Refusal as refusal:
        done.refused, done.refusal = district.forbidden.path.name, refusal.code


class _Steps:
    """Times the steps and tells how far the whole is."""

    def __init__(self, progress: Report) -> None:
        self.progress = progress
        self.seconds: dict[str, float] = {}
        self._base, self._share = 0.0, 0.0

    @contextmanager
    def step(self, key: str) -> Iterator[None]:
        self._share = STEPS[key]
        self.progress(self._base, key)
        began = time.perf_counter()
        yield
        self.seconds[key] = round(time.perf_counter() - began, 2)
        self._base += self._share

    def within(self, share: float, key: str = "", /, **values: object) -> None:
        """A step's own progress (0..1) as a share of the whole."""
        self.progress(self._base + self._share * share, key, **values)
