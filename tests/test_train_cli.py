"""`mulu train` as it is typed: interrupted, killed, run twice at once, resumed, side by side with the champion."""

from __future__ import annotations

import json
import os
import pty
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from data.settings import Settings
from models import promotion
from models.registry import ATTEMPT, Registry
from tests.test_training import fill

MULU = Path(sys.executable).with_name("mulu")
TRAIN = ("train", "--target", "listing", "--bag", "2", "--monotone", "off")
WAIT = 240.0
"""Seconds after which a training that has not come to the awaited moment has failed."""


def environment(home: Path, **more: str) -> dict[str, str]:
    return os.environ | {"MULU_HOME": str(home), "MULU_LANGUAGE": "en", "MULU_TODAY": "2023-06-01", **more}


def begin(home: Path, *words: str, **more: str) -> subprocess.Popen[str]:
    command = [MULU, *TRAIN, *words, "--format", "json"]
    return subprocess.Popen(
        command, env=environment(home, **more), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=hear_ctrl_c,
    )  # fmt: skip


def hear_ctrl_c() -> None:
    """A test run begun in the background ignores Ctrl-C, and its children would, too."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def until(moment: Callable[[], object], running: subprocess.Popen[str]) -> None:
    began = time.monotonic()
    while not moment():
        assert running.poll() is None, running.communicate()
        assert time.monotonic() - began < WAIT
        time.sleep(0.01)


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with facts and decisions, and no model."""
    home = tmp_path_factory.mktemp("district")
    fill(home, enterprises=120)
    return home


@pytest.fixture
def home(district: Path, tmp_path: Path) -> Path:
    shutil.copytree(district, tmp_path / "home")
    return tmp_path / "home"


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


def nothing_is_half_there(home: Path) -> None:
    registry = Registry(Settings(home=home))
    known = len(registry.versions("listing"))
    assert entries(home) == known
    assert runs(home) == ["FINISHED"] * known
    assert len([path for path in (home / "mlruns" / "artifacts").glob("*") if path.is_dir()]) == known
    assert not list((home / "mlruns" / "staging").glob("*"))
    assert not list((home / "mlruns" / "attempts").glob("*"))
    assert registry.ledger.verify() == []


MOMENTS: dict[str, Callable[[Path], object]] = {
    "while-validating": lambda home: len(pieces(home)) >= 2,
    "when-chosen": lambda home: any(path.name.startswith("follow") for path in pieces(home)),
    "while-registering": lambda home: list((home / "mlruns" / "attempts").glob("*")),
    "while-files-are-sent": lambda home: list((home / "mlruns" / "artifacts").glob("*/artifacts/model/*.txt")),
}


@pytest.mark.parametrize("moment", list(MOMENTS))
def test_ctrl_c_leaves_a_whole_version_or_none_and_the_next_training_goes_on(home: Path, moment: str) -> None:
    running = begin(home)
    until(lambda: MOMENTS[moment](home), running)
    kept = {path: path.stat().st_mtime_ns for path in pieces(home)}
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=WAIT)
    known = Registry(Settings(home=home)).versions("listing")
    if known.empty:
        assert running.returncode == 130, err
        assert "Interrupted" in err
        assert "Traceback" not in err
        assert out == ""
        assert kept.keys() <= set(pieces(home))
    nothing_is_half_there(home)

    done = subprocess.run([MULU, *TRAIN, "--format", "json"], env=environment(home), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["version"] == 1
    assert not pieces(home)
    nothing_is_half_there(home)


@pytest.mark.parametrize("moment", ["when-chosen", "while-files-are-sent"])
def test_what_a_killed_training_left_the_next_one_clears_away(home: Path, moment: str) -> None:
    running = begin(home)
    until(lambda: MOMENTS[moment](home), running)
    running.kill()
    running.communicate()
    assert Registry(Settings(home=home)).versions("listing").empty
    assert pieces(home)
    done = subprocess.run([MULU, *TRAIN, "--format", "json"], env=environment(home), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["version"] == 1
    nothing_is_half_there(home)


def test_two_trainings_at_once_both_come_out_whole(home: Path) -> None:
    both = [begin(home, "--seed", seed) for seed in ("1", "2")]
    told = []
    for running in both:
        out, err = running.communicate(timeout=WAIT)
        assert running.returncode == 0, err
        told.append(json.loads(out))
    assert sorted(one["version"] for one in told) == [1, 2]
    registry = Registry(Settings(home=home))
    for version in (1, 2):
        model = registry.load("listing", version)
        assert model is not None
        assert model.bag.members == 2
    nothing_is_half_there(home)


def test_the_same_training_twice_at_once_is_one_version(home: Path) -> None:
    both = [begin(home), begin(home)]
    versions = []
    for running in both:
        out, err = running.communicate(timeout=WAIT)
        assert running.returncode == 0, err
        versions.append(json.loads(out)["version"])
    assert versions == [1, 1]
    nothing_is_half_there(home)


def test_the_champion_stands_beside_the_new_version_and_a_terminal_shows_what_remains(home: Path) -> None:
    first = subprocess.run([MULU, *TRAIN], env=environment(home), capture_output=True, text=True)
    assert first.returncode == 0, first.stderr
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
    assert running.wait(WAIT) == 0, shown[-2000:]
    os.close(parent)
    return shown.decode(errors="replace").replace("\r\n", "\n")
