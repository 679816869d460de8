"""The verdict: lots give little every time, a planted signal strong, size found again is named."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from models.candidates import learners
from models.checkpoint import Checkpoint
from models.classifier import Recipe
from models.evaluation import Figure
from models.findings import Findings, examine
from models.selection import choose
from models.splits import Panel, plan
from models.stopping import School
from models.validation import judge
from models.verdict import give

DAYS = [np.datetime64(f"{year}-05-01") for year in (2021, 2022, 2023)]


def panel(signal: str, seed: int, enterprises: int = 150) -> Panel:
    """Enterprises of two size classes at three dates with ten features; who is listed depends on `signal`.

    "lots": nothing; "planted": the first feature; "size": revenue, which the second feature shows.
    """
    generator = np.random.default_rng(seed)
    rows = enterprises * len(DAYS)
    size = np.tile(generator.normal(16, 1.5, enterprises), len(DAYS))
    frame = pd.DataFrame(generator.normal(size=(rows, 10)), columns=[f"f{i}" for i in range(10)])
    frame["f1"] = size + generator.normal(0, 0.1, rows)
    drive = {"lots": np.full(rows, -0.7), "planted": 2.5 * (frame.f0 + frame.f2) - 1, "size": 2 * (size - 16.5)}[signal]
    label = (generator.random(rows) < 1 / (1 + np.exp(-np.asarray(drive)))).astype(float)
    about = pd.DataFrame({"revenue_cny": np.exp(size), "employees": np.nan, "total_assets_cny": np.nan})
    about["size_class"] = np.where(size < 16, "micro", "small")
    as_of = np.repeat(np.array(DAYS), enterprises)
    names = np.tile(np.array([f"E{i:03d}" for i in range(enterprises)], dtype=object), len(DAYS))
    return Panel(frame, about, names, as_of, as_of + np.timedelta64(120, "D"), label)


def examined(signal: str, seed: int, folder: Path) -> Findings:
    found = panel(signal, seed)
    made = plan(found, group_by=None, seed=seed)
    candidates = learners(School(found, Recipe(trees=30, rate=0.1), seed, made.group))
    judged = judge(found, made.quoted, candidates, Checkpoint(folder, {"seed": seed}), name="quoted")
    periods = found.as_of[judged.rows].astype(str)
    choice = choose(found.label[judged.rows], judged.scores, found.enterprise[judged.rows], periods, seed=seed)
    return examine(found, made, judged, None, choice, seed)


@pytest.mark.parametrize("seed", range(20))
def test_lots_give_little_every_time(seed: int, tmp_path: Path) -> None:
    findings = examined("lots", seed, tmp_path)
    assert findings.judgement.verdict == "little"
    assert "model-note-little" in [note["code"] for note in findings.notes]


@pytest.mark.parametrize("seed", range(4))
def test_a_planted_signal_is_strong(seed: int, tmp_path: Path) -> None:
    judgement = examined("planted", seed, tmp_path).judgement
    assert judgement.verdict == "strong"
    assert judgement.reasons == ()


@pytest.mark.parametrize("seed", range(4))
def test_size_found_again_is_named(seed: int, tmp_path: Path) -> None:
    findings = examined("size", seed, tmp_path)
    assert findings.judgement.verdict == "some"
    assert findings.judgement.only_size
    assert "size" in findings.judgement.reasons


def figure(value: float, half: float) -> Figure:
    return Figure(value, value - half, value + half)


@pytest.mark.parametrize(
    ("auc", "gain", "within", "expected"),
    [
        (figure(0.80, 0.02), figure(0.05, 0.02), figure(0.70, 0.05), "strong"),
        (figure(0.80, 0.02), figure(0.01, 0.02), figure(0.70, 0.05), "some"),  # not clearly above the baseline
        (figure(0.80, 0.02), figure(0.05, 0.02), figure(0.53, 0.05), "some"),  # blind within a size class
        (figure(0.66, 0.02), figure(0.05, 0.02), None, "some"),  # lower bound .64, below .65
        (figure(0.60, 0.06), figure(0.05, 0.02), None, "little"),  # lower bound .54, below .55
        (Figure(float("nan"), float("nan"), float("nan")), figure(0.05, 0.02), None, "little"),
    ],
)
def test_the_verdict_rests_on_lower_bounds(auc: Figure, gain: Figure, within: Figure | None, expected: str) -> None:
    assert give(auc, {"single": gain}, {"single": 0.7}, within).verdict == expected
