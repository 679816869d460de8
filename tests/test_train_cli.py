"""`mulu train` as it is typed: interrupted, killed, run twice at once, resumed, side by side with the champion."""

from __future__ import annotations

import json
import os
import pty
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from data.settings import Settings
from models import promotion
from models.registry import ATTEMPT, Registry
from tests.test_training import fill

MULU = Path(sys.executable).with_name("mulu")
TRAIN = (
    "train", "--target", "listing", "--bag", "2", "--monotone", "off", "--as-of", "2021-05-01", "--as-of", "2022-05-01",
)  # fmt: skip

WARM = """
import json, os, signal, sys
import mlflow.tracking, mlflow.store.tracking.sqlalchemy_store, mlflow.store.model_registry.sqlalchemy_store
import models.training, scoring.scores.sidelights, scoring.editions.policy
from scoring.cli.app import main

def stop_at(event, part, number):
    left = [number]
    def hear(name, told):
        if name == event and part in str(told[0]):
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.Signals[order["signal"]])
    sys.addaudithook(hear)

signal.signal(signal.SIGINT, signal.default_int_handler)  # a test run in the background ignores it
for line in sys.stdin:
    children = []
    for order in json.loads(line):
        child = os.fork()
        if not child:
            os.environ.update(order["environment"])
            for descriptor, path in ((1, order["out"]), (2, order["err"])):
                os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), descriptor)
            if order["signal"]:
                stop_at(*order["moment"])
            sys.argv = ["mulu", *order["words"]]
            main()
        children.append(child)
    ends = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    print(json.dumps(ends), flush=True)
"""
"""Loads the program once and forks a process for each command. A command that is to be stopped sends the signal to
itself when it does a thing for the n-th time (an audit event of Python), so that no clock decides where it stops."""

MOMENTS: tuple[tuple[str, tuple[str, str, int], str], ...] = (
    ("while-validating", ("os.rename", "/training/", 2), "SIGINT"),
    ("when-chosen", ("os.rename", "-follow-", 1), "SIGKILL"),
    ("while-refitting", ("open", "-0-member-", 2), "SIGINT"),
    ("when-registering-begins", ("open", "/attempts/", 1), "SIGINT"),
    ("while-files-are-sent", ("shutil.copyfile", "/staging/", 3), "SIGINT"),
    ("while-files-are-sent-killed", ("shutil.copyfile", "/staging/", 5), "SIGKILL"),
    ("while-clearing-up-after-itself", ("shutil.rmtree", "/staging/", 1), "SIGINT"),
)
"""Where a training is stopped: the event, a part of the path that it concerns, the how many-th of them; by what."""


@dataclass
class Ended:
    """A command that ended: its exit status (minus the signal that ended it), its output, its errors."""

    status: int
    out: str
    err: str


class Shell:
    """Runs commands, several at once or one that is stopped at a moment."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.warm = subprocess.Popen(
            [sys.executable, "-c", WARM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=environment(folder),
        )  # fmt: skip

    def __call__(
        self, home: Path, *lines: Sequence[str], moment: tuple[str, str, int] = ("", "", 0), by: str = ""
    ) -> list[Ended]:
        orders = [
            {
                "environment": environment(home),
                "words": [*words, "--format", "json"],
                "out": str(self.folder / f"{number}.out"),
                "err": str(self.folder / f"{number}.err"),
                "moment": moment,
                "signal": by,
            }
            for number, words in enumerate(lines)
        ]
        assert self.warm.stdin is not None
        assert self.warm.stdout is not None
        self.warm.stdin.write(json.dumps(orders) + "\n")
        self.warm.stdin.flush()
        ends = json.loads(self.warm.stdout.readline())
        told = [(Path(str(order["out"])).read_text(), Path(str(order["err"])).read_text()) for order in orders]
        return [Ended(end, *words) for end, words in zip(ends, told, strict=True)]


def environment(home: Path, **more: str) -> dict[str, str]:
    return os.environ | {"MULU_HOME": str(home), "MULU_LANGUAGE": "en", "MULU_TODAY": "2023-06-01", **more}


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    running = Shell(tmp_path_factory.mktemp("shell"))
    yield running
    running.warm.communicate()
    assert running.warm.returncode == 0


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with facts and decisions, and nothing of MLflow. Not to be written to."""
    home = tmp_path_factory.mktemp("facts")
    fill(home, enterprises=160, signal="crossed")
    return home


@pytest.fixture
def district(facts: Path, tmp_path: Path) -> Path:
    shutil.copytree(facts, tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture(scope="module")
def prepared(facts: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, with MLflow's empty database. Not to be written to."""
    home = tmp_path_factory.mktemp("prepared") / "home"
    shutil.copytree(facts, home)
    runs(home)
    return home


@pytest.fixture
def home(prepared: Path, tmp_path: Path) -> Path:
    shutil.copytree(prepared, tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture(scope="module")
def trained(shell: Shell, prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A district with one version, from a training that nobody disturbed. Not to be written to."""
    home = tmp_path_factory.mktemp("trained") / "home"
    shutil.copytree(prepared, home)
    (ended,) = shell(home, TRAIN)
    assert ended.status == 0, ended.err
    nothing_is_half_there(home, versions=1)
    return home


def pieces(home: Path) -> list[Path]:
    return [path for path in (home / "training").glob("*/*") if not path.name[0].isdigit()]


def runs(home: Path) -> list[str]:
    """The MLflow runs that are not deleted, each as "status attempt known", by the registry's own eyes."""
    from models.registry import _quiet, _tracking

    with _quiet():
        client = _tracking(Settings(home=home)).client
        found = client.search_runs([one.experiment_id for one in client.search_experiments()])
    assert all(ATTEMPT in run.data.tags for run in found)
    return sorted(run.info.status for run in found)


def entries(home: Path) -> int:
    from models.registry import _quiet, _tracking

    with _quiet():
        return len(_tracking(Settings(home=home)).client.search_model_versions())


def digests(home: Path) -> list[str]:
    return [str(one) for one in Registry(Settings(home=home)).versions("listing")["digest"]]


def nothing_is_half_there(home: Path, *, versions: int) -> None:
    registry = Registry(Settings(home=home))
    known = len(registry.versions("listing"))
    assert known == versions
    assert entries(home) == known
    assert runs(home) == ["FINISHED"] * known
    assert len([path for path in (home / "mlruns" / "artifacts").glob("*") if path.is_dir()]) == known
    assert not list((home / "mlruns" / "staging").glob("*"))
    assert not list((home / "mlruns" / "attempts").glob("*"))
    assert registry.ledger.verify() == []


def test_interrupted_and_killed_everywhere_it_leaves_nothing_behind_and_comes_to_the_same_version(
    shell: Shell, home: Path, trained: Path
) -> None:
    """One training, stopped at one moment after the other, each time taken up again, and let through at last."""
    kept: dict[Path, int] = {}
    for name, moment, by in MOMENTS:
        (ended,) = shell(home, TRAIN, moment=moment, by=by)
        now = {path: path.stat().st_mtime_ns for path in pieces(home)}
        if by == "SIGKILL":
            assert ended.status == -signal.SIGKILL, (name, ended)
            assert Registry(Settings(home=home)).versions("listing").empty
        elif name == "while-clearing-up-after-itself":  # what there is to clear away is left to the next
            assert ended.status == 130, (name, ended)
        else:
            assert ended.status == 130, (name, ended)
            assert "Interrupted" in ended.err
            assert "Traceback" not in ended.err
            assert ended.out == ""
            nothing_is_half_there(home, versions=0)
        assert kept.items() <= now.items(), name  # what was finished before is not made again
        kept = now
    (ended,) = shell(home, TRAIN)
    assert ended.status == 0, ended.err
    assert json.loads(ended.out)["version"] == 1
    assert not pieces(home)
    nothing_is_half_there(home, versions=1)
    assert digests(home) == digests(trained)  # to the byte what a training gives that nobody disturbed


def test_trainings_at_once_come_out_whole_and_equal_ones_are_one_version(shell: Shell, district: Path) -> None:
    """Three, in a home where MLflow was never used: one of another seed, and twice the same."""
    lines = [(*TRAIN, "--seed", seed) for seed in ("1", "2", "2")]
    versions = []
    for ended in shell(district, *lines):
        assert ended.status == 0, ended.err
        versions.append(json.loads(ended.out)["version"])
    assert versions[1] == versions[2]
    assert sorted(versions[:2]) == [1, 2]
    registry = Registry(Settings(home=district))
    for version in (1, 2):
        model = registry.load("listing", version)
        assert model is not None
        assert model.bag.members == 2
    nothing_is_half_there(district, versions=2)


def test_the_champion_stands_beside_the_new_version_and_a_terminal_shows_what_remains(
    trained: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(trained, home)
    registry = Registry(Settings(home=home))
    promotion.propose(registry, "listing", 1, "ana", "the first")
    event = promotion.confirm(registry, "listing", 1, "ben")
    compared: Any = event.payload["compared"]
    assert {row["figure"] for row in compared} >= {"roc_auc", "average_precision", "verdict"}

    shown = on_a_terminal(home, *TRAIN, "--seed", "5", "--compare")
    assert "Champion" in shown
    assert "Challenger" in shown
    assert "0:0" in shown  # the bar's clocks: time gone and time that remains
    assert "Validating" in shown
    assert "Refitting" in shown
    beside = [line for line in shown.splitlines() if line.startswith("ROC-AUC") and line.count("(") == 2]
    assert beside  # both figures with their intervals in one line
    assert "enterprise_id" not in shown  # no codes for people
    assert "mulu models propose listing 2" in shown  # what comes next


def on_a_terminal(home: Path, *words: str) -> str:
    """What a person sees at a terminal: standard output and error of the command, both on a pseudo-terminal."""
    parent, child = pty.openpty()
    running = subprocess.Popen([MULU, *words], env=environment(home, COLUMNS="140"), stdout=child, stderr=child)
    os.close(child)
    shown = b""
    while True:
        try:
            part = os.read(parent, 65536)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        shown += part
    assert running.wait() == 0, shown[-2000:]
    os.close(parent)
    return shown.decode(errors="replace").replace("\r\n", "\n")
