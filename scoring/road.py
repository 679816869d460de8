"""The whole road on synthetic facts, on the clock: matrix, models, SHAP, points, intervals, ranking, list.

It takes the functions that `mulu rank` and `mulu select` call, as they are, and listens to what these tell of their
progress: each word begins a step. `mulu bench road` shows where time and memory go.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import shutil
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from data.refusal import Refusal
from data.settings import Settings
from data.store import Store
from data.synthetic_country import AS_OF, create_country
from features.catalog import catalogue
from models.registry import Registry
from models.training import train
from scoring.editions.policy import load_edition
from scoring.scores.ranking import rank
from scoring.scores.voices import refuse_other_features
from scoring.selection.directory import select

EDITION = "changning-2026"
TAUGHT_ON = 3_000
"""Enterprises of the country that the model is taught on; all sizes share that one model."""

BAG = 20
ACTOR = "bench"


@dataclass(frozen=True)
class Step:
    """One step: seconds by the wall clock, seconds of the processors, and the peak of resident memory in MiB.

    Processes that this one started (Spark's Java machine and its workers) count among the processors' seconds, not
    in the peak.
    """

    seconds: float
    processor: float
    peak_mib: float


@dataclass(frozen=True)
class Journey:
    """One road of so many enterprises: its steps by key, the digests of what came out, members of the list.

    `beside_mib` is the peak of processes that this one started (Spark's Java machine and its workers), 0 for none.
    """

    enterprises: int
    engine: str
    steps: Mapping[str, Step]
    ranking: str
    selection: str
    listed: int
    beside_mib: float

    @property
    def seconds(self) -> float:
        """The whole by the wall clock."""
        return sum(step.seconds for step in self.steps.values())

    @property
    def processor(self) -> float:
        """The whole in seconds of processors."""
        return sum(step.processor for step in self.steps.values())

    @property
    def peak_mib(self) -> float:
        """The highest peak of any step, MiB."""
        return max(step.peak_mib for step in self.steps.values())

    @property
    def longest(self) -> str:
        """The step that takes most of the processors: the next bottleneck."""
        return max(self.steps, key=lambda key: self.steps[key].processor)


class Clock:
    """Listens to a piece of work's progress: each word that it tells begins a step, and ends the one before."""

    def __init__(self) -> None:
        self.steps: dict[str, Step] = {}
        self.beside_mib = 0.0
        self._key = ""
        self._beside: dict[int, float] = {}
        self._since = self._now()

    def __call__(self, _share: float, key: str, /, **_values: object) -> None:
        """Begin a step; a key that was told before goes on with its step."""
        self.stop()
        self._key = key

    def stop(self) -> None:
        """End the step that is under way."""
        wall, processor = self._now()
        if self._key:
            before = self.steps.get(self._key, Step(0.0, 0.0, 0.0))
            self.steps[self._key] = Step(
                before.seconds + wall - self._since[0],
                before.processor + processor - self._since[1],
                max(before.peak_mib, peak_mib()),
            )
            self.beside_mib = max(self.beside_mib, sum(map(peak_mib, _children())))
        self._key = ""
        _forget_peak()
        self._since = self._now()

    def _now(self) -> tuple[float, float]:
        # A process that has ended keeps what it had used when last looked at: its parent may not inherit its seconds.
        for process in _children():
            self._beside[process] = max(self._beside.get(process, 0.0), _processor_of(process))
        return time.perf_counter(), time.process_time() + sum(self._beside.values())


def peak_mib(process: int | str = "self") -> float:
    """The peak of a process's resident memory in MiB since it was last forgotten (Linux) or since its start."""
    status = Path(f"/proc/{process}/status")
    try:
        return next(int(line.split()[1]) / 1024 for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        if process != "self":
            return 0.0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def _processor_of(process: int) -> float:
    """The seconds of the processors that a process has used itself (Linux; else 0)."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def _forget_peak() -> None:
    """Let the peak of this process begin anew, where the system can; elsewhere peaks only rise from step to step."""
    door = Path("/proc/self/clear_refs")
    if os.access(door, os.W_OK):
        door.write_text("5")


def _children() -> list[int]:
    """The processes that this one started, and those that they did (Linux; elsewhere none)."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError, IndexError):
            continue
    found, fresh = [], [os.getpid()]
    while fresh:
        fresh = [process for process, parent in parents.items() if parent in fresh]
        found += fresh
    return found


def home_of(folder: Path, enterprises: int) -> Settings:
    """One home for each size; one registry for all, so that the model is taught once."""
    return Settings(
        home=folder / f"home{enterprises}", mlruns=folder / "mlruns", database_url="", mlflow_tracking_uri=""
    )


def prepare(folder: Path, enterprises: int) -> Settings:
    """A home with facts of so many enterprises and a model taught on 3,000 others; what is there already is kept.

    Refuses fewer than 3,001 enterprises (`bench-too-few`).
    """
    if enterprises <= TAUGHT_ON:
        raise Refusal("bench-too-few", enterprises=enterprises, least=TAUGHT_ON + 1)
    school, home = home_of(folder, TAUGHT_ON), home_of(folder, enterprises)
    for settings, size in ((school, TAUGHT_ON), (home, enterprises)):
        store = Store(settings)
        if store.batches().empty:
            create_country(store, size)
    _teach(school)
    # a model is known by its event in a home's ledger; its files lie in the registry that all sizes share
    taught = Store(school).ledger.replay(kind="model_registered")[-1]
    ledger = Store(home).ledger
    if taught.payload not in [event.payload for event in ledger.replay(kind="model_registered")]:
        ledger.append(taught.subject, taught.kind, ACTOR, taught.payload)
    return home


def _teach(school: Settings) -> None:
    """Train, unless there is a model of the features as they are computed today."""
    store = Store(school)
    model = Registry(school).load("growth")
    try:
        if model is not None:
            refuse_other_features(model, catalogue(store))
            return
    except Refusal:
        pass
    train(store, school, "growth", bag=BAG, actor=ACTOR)


def travel(settings: Settings, enterprises: int, engine: str = "duckdb") -> Journey:
    """Rank everyone and draw the list, in this process, on the clock; a ranking saved before is made anew.

    Refuses a ranking in which no model speaks (`bench-no-model`): that would not be the whole road.
    """
    shutil.rmtree(settings.home / "rankings", ignore_errors=True)
    store, edition, clock = Store(settings), load_edition(EDITION), Clock()
    ranking = rank(store, settings, edition, AS_OF, engine=engine, actor=ACTOR, progress=clock)
    clock(1.0, "cli-progress-select")
    selection = select(ranking, edition)
    clock.stop()
    if ranking.mode != "blend":
        raise Refusal("bench-no-model", notes=[str(note["code"]) for note in ranking.notes])
    return Journey(
        enterprises, engine, clock.steps, ranking.digest, selection.digest, len(selection.members), clock.beside_mib
    )


def travel_alone(folder: Path, enterprises: int, engine: str = "duckdb") -> Journey:
    """Prepare, then travel in a process of its own, so that peak memory and start-up are the road's."""
    settings = prepare(folder, enterprises)
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(travel, settings, enterprises, engine).result()
