"""The whole road on synthetic facts: its steps are told, its figures add up, the same facts give the same list."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from data.refusal import Refusal
from data.settings import Settings
from data.store import Store
from data.synthetic_country import AS_OF, create_country
from scoring import road
from scoring.cli.app import run
from scoring.road import Clock, Journey, Step, travel_alone


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where facts and the model are kept; few enterprises and a small bag, so that this takes seconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(road, "TAUGHT_ON", 600)
        patch.setattr(road, "BAG", 3)
        folder = tmp_path_factory.mktemp("road")
        road.prepare(folder, 601)
        return folder


def test_a_clock_counts_each_step_to_the_word_that_began_it() -> None:
    clock = Clock()
    clock(0.0, "first")
    sum(range(200_000))
    clock(0.5, "second")
    clock(0.6, "first")
    clock.stop()
    assert list(clock.steps) == ["first", "second"]
    assert clock.steps["first"].processor > clock.steps["second"].processor
    assert clock.steps["first"].seconds > 0
    assert clock.steps["first"].peak_mib > 10


def test_the_next_bottleneck_is_the_step_that_takes_the_processors() -> None:
    steps = {"waits": Step(9.0, 0.5, 100.0), "works": Step(2.0, 3.0, 50.0)}
    journey = Journey(4000, "duckdb", steps, "r", "s", 200, 0.0)
    assert (journey.longest, journey.seconds, journey.processor, journey.peak_mib) == ("works", 11.0, 3.5, 100.0)


def test_the_road_is_the_same_each_time_and_no_step_is_missing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(road, "TAUGHT_ON", 600)
    first, again = (travel_alone(folder, 601) for _ in range(2))
    assert list(first.steps) == [
        f"cli-progress-{step}"
        for step in ("matrix", "models", "tables", "shap", "points", "intervals", "digest", "save", "select")
    ]
    assert replace(first, steps={}) == replace(again, steps={}, beside_mib=first.beside_mib)
    assert first.listed > 0


def test_the_verb_tells_the_same_in_json(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(road, "TAUGHT_ON", 600)
    assert run(["bench", "road", "-n", "601", "--folder", str(folder), "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)[0]
    assert told["synthetic"] is True
    assert told["longest"] in told["steps"]
    assert told["ranking"] == travel_alone(folder, 601).ranking
    assert run(["bench", "road", "-n", "601", "--folder", str(folder)]) == 0
    assert "下一个瓶颈" in capsys.readouterr().out


def test_too_few_enterprises_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="bench-too-few"):
        road.prepare(tmp_path, 3000)


def test_a_country_is_the_same_from_the_same_seed(tmp_path: Path) -> None:
    stores = [Store(Settings(home=tmp_path / name)) for name in ("one", "two", "other")]
    for store, seed in zip(stores, (1, 1, 2), strict=True):
        create_country(store, 50, seed)
    revenue = [store.read("reports")["revenue_cny"].sum() for store in stores]
    assert revenue[0] == revenue[1] != revenue[2]
    assert all((store.read("reports")["known_on"] <= AS_OF).all() for store in stores)
