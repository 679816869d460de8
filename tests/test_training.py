"""Training end to end on small stores: verdicts, determinism, refusals, interruption, two at once."""

from __future__ import annotations

import json
import shutil
import threading
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.indicators import DECLARED
from data.refusal import Refusal
from data.settings import Settings
from data.store import Source, Store
from features.catalog import catalogue
from features.matrix import build_matrix
from models import training
from models.classifier import Recipe
from models.explanation import contributions
from models.registry import Registry
from models.training import train
from scoring.messages import Names, explain
from scoring.scores.voices import refuse_other_features

QUICK = Recipe(trees=40)
DATES = (date(2021, 5, 1), date(2022, 5, 1), date(2023, 5, 1))


def fill(home: Path, *, enterprises: int = 240, signal: str = "growth", seed: int = 0) -> tuple[Store, Settings]:
    """A store of yearly reports and the decisions of three editions.

    `signal`: "growth": enterprises that grew and earn are listed; "size": the big ones; "crossed": those that
    grew or earn, but not both (no sum of the two tells them); "none": lots are drawn; "one": all are listed.
    """
    generator = np.random.default_rng(seed)
    names = [f"E{i:04d}" for i in range(enterprises)]
    revenue = np.exp(generator.normal(16, 1.2, enterprises))
    reports, decisions = [], []
    growth = np.zeros(enterprises)
    for year in range(2018, 2023):
        growth = generator.normal(0.1, 0.3, enterprises)
        margin = generator.normal(0.05, 0.05, enterprises)
        revenue = revenue * np.exp(growth)
        staff = np.maximum(2, np.round(revenue / 4e5 * np.exp(generator.normal(0, 0.3, enterprises))))
        reports.append(
            pd.DataFrame(
                {
                    "enterprise_id": names,
                    "period_end": date(year, 12, 31),
                    "period_months": 12.0,
                    "revenue_cny": revenue,
                    "net_profit_cny": revenue * margin,
                    "total_assets_cny": revenue * np.exp(generator.normal(0.2, 0.4, enterprises)),
                    "employees": staff,
                    "known_on": date(year + 1, 4, 20),
                }
            )
        )
        if year + 1 in {day.year for day in DATES}:
            drive = -1 + 0 * growth
            if signal == "growth":
                drive = 6 * (growth - 0.2) + 40 * (margin - 0.05)
            elif signal == "crossed":
                drive = np.where((growth > 0.1) != (margin > 0.05), 3.0, -3.0)
            elif signal == "size":
                drive = 2 * (np.log(revenue) - 16.8)
            listed = generator.random(enterprises) < 1 / (1 + np.exp(-drive))
            decisions.append(
                pd.DataFrame(
                    {
                        "enterprise_id": names,
                        "edition": f"ed-{year + 1}",
                        "as_of": date(year + 1, 5, 1),
                        "decision": np.where(listed | (signal == "one"), "listed", "declined"),
                        "decided_on": date(year + 1, 9, 1),
                        "known_on": date(year + 1, 9, 1),
                    }
                )
            )
    settings = Settings(home=home)
    store = Store(settings)
    tables = {"reports": pd.concat(reports), "directory_decisions": pd.concat(decisions)}
    store.add(Source("made", f"{seed:02d}{signal}".ljust(64, "0"), "test"), tables)
    return store, settings


def quick(store: Store, settings: Settings, **options: object) -> training.TrainingReport:
    return train(store, settings, "listing", actor="ana", bag=3, recipe=QUICK, **options)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, Settings, training.TrainingReport]:
    store, settings = fill(tmp_path_factory.mktemp("home"))
    return store, settings, quick(store, settings)


def test_the_report_says_how_it_was_tested(
    trained: tuple[Store, Settings, training.TrainingReport],
) -> None:
    _, _, report = trained
    # Three editions, each known four months after its date: the second and third can be tested on earlier ones.
    assert report.report["validation"] == "temporal"
    assert set(report.plan.test_from) == {"2022-05-01", "2023-05-01"}
    assert (report.plan.train_to < report.plan.test_from).all()
    assert set(report.baselines) == {"single", "size", "logistic"}
    auc = report.metrics["roc_auc"]
    assert auc["low"] <= auc["value"] <= auc["high"]
    assert report.verdict == "strong"
    assert report.report["follow"]["roc_auc"]["value"] > 0.7
    assert json.dumps(report.report, allow_nan=False)


def test_the_registered_model_explains_itself(trained: tuple[Store, Settings, training.TrainingReport]) -> None:
    store, settings, report = trained
    model = Registry(settings).load("listing")
    assert model is not None
    assert (model.version, model.verdict) == (report.version, "strong")
    matrix = build_matrix(store, DATES[-1], catalogue(store))
    now = catalogue(store).meanings
    assert model.meanings == {name: now[name] for name in model.feature_names}
    values, base = contributions(model, matrix.frame)
    np.testing.assert_allclose(values.sum(axis=1) + base, model.log_odds(matrix.frame), atol=1e-9, rtol=0)
    assert base == pytest.approx(model.base_log_odds)
    chance = model.probability(matrix.frame)
    assert ((chance > 0) & (chance < 1)).all()
    assert model.member_log_odds(matrix.frame).shape == (240, 3)


def test_an_indicator_declared_later_leaves_the_model_as_good_as_it_was(
    tmp_path: Path, trained: tuple[Store, Settings, training.TrainingReport]
) -> None:
    shutil.copytree(trained[1].home, tmp_path / "home")
    settings = Settings(home=tmp_path / "home")
    store, model = Store(settings), Registry(settings).load("listing")
    assert model is not None
    whole = catalogue(store)
    event = {"code": "floor", "unit": "平方米", "factor": "status", "direction": 1, "zh": "面积", "en": "Floor"}
    store.ledger.append("indicator:floor", DECLARED, "ana", event)
    wider = catalogue(store)
    assert "ind_floor" in wider
    assert wider.fingerprint != whole.fingerprint
    refuse_other_features(model, wider)  # nothing to refuse
    matrix = build_matrix(store, DATES[-1], wider)
    np.testing.assert_array_equal(
        model.log_odds(matrix.frame), model.log_odds(build_matrix(store, DATES[-1], whole).frame)
    )
    used = model.feature_names[0]
    with pytest.raises(Refusal) as refusal:
        refuse_other_features(model, whole.select(names=[name for name in whole.names if name != used]))
    assert refusal.value.values["features"] == [Names(whole[used].zh, whole[used].en)]


def test_the_same_training_twice_is_one_version(trained: tuple[Store, Settings, training.TrainingReport]) -> None:
    store, settings, report = trained
    again = quick(store, settings)
    assert again.version == report.version
    assert again.report == report.report
    other = quick(store, settings, seed=7)
    assert other.version == report.version + 1


@pytest.mark.parametrize("threads", ["1", "8"])
def test_the_digest_does_not_depend_on_threads_or_place(
    threads: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    trained: tuple[Store, Settings, training.TrainingReport],
) -> None:
    monkeypatch.setenv("MULU_THREADS", threads)
    store, settings = fill(tmp_path)
    quick(store, settings)
    expected = Registry(trained[1]).versions("listing").digest.iloc[0]
    assert Registry(settings).versions("listing").digest.tolist() == [expected]


def test_what_cannot_teach_is_refused(tmp_path: Path) -> None:
    store, settings = fill(tmp_path, signal="one", enterprises=40)
    with pytest.raises(Refusal) as refusal:
        quick(store, settings)
    assert refusal.value.code == "training-one-class"
    with pytest.raises(Refusal) as refusal:
        train(store, settings, "growth", actor="ana", dates=[date(2031, 1, 1)])
    assert refusal.value.code == "training-no-labels"
    assert Registry(settings).load("listing") is None


def test_few_positives_are_refused_with_the_numbers(tmp_path: Path) -> None:
    store, settings = fill(tmp_path, enterprises=30, signal="none")
    with pytest.raises(Refusal) as refusal:
        quick(store, settings, dates=[DATES[0]])
    assert refusal.value.code == "training-few-positives"
    assert refusal.value.values["positives"] < 30
    for language, threshold in (("zh-CN", "成长门槛"), ("en", "threshold for growth")):  # growth alone has one
        assert threshold not in explain(refusal.value, language)
        for target, has in (("growth", True), ("closure", False), ("outcome:exports", False)):
            told = explain(Refusal(refusal.value.code, **{**refusal.value.values, "target": target}), language)
            assert (threshold in told) is has, told


def test_an_interruption_leaves_nothing_and_is_taken_up_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, settings = fill(tmp_path)
    monkeypatch.setenv("MULU_THREADS", "1")

    def interrupted(share: float, _key: str, /, **_values: object) -> None:
        if share > 0.7:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        quick(store, settings, progress=interrupted)
    registry = Registry(settings)
    assert registry.load("listing") is None
    assert not list(settings.mlruns.glob("artifacts/*"))
    kept = list((settings.home / "training").glob("*/*"))
    assert kept
    stamps = {path: path.stat().st_mtime_ns for path in kept}
    seen: list[dict[Path, int]] = []

    def watch(_share: float, _key: str, /, **_values: object) -> None:
        seen.append({path: path.stat().st_mtime_ns for path in kept if path.exists()})

    assert quick(store, settings, progress=watch).version == 1
    assert seen[-2] == stamps  # the finished pieces were read, not made again
    assert not list((settings.home / "training").glob("*/*"))


def test_an_interruption_while_registering_leaves_no_half_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, settings = fill(tmp_path)

    def interrupted(*_: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(Registry, "_announce", interrupted)
        with pytest.raises(KeyboardInterrupt):
            quick(store, settings)
    assert Registry(settings).versions("listing").empty
    assert not list(settings.mlruns.glob("artifacts/*"))
    assert not list(settings.mlruns.glob("staging/*"))
    assert quick(store, settings).version == 1


def test_two_trainings_at_once_take_two_numbers(tmp_path: Path) -> None:
    store, settings = fill(tmp_path)
    versions: list[int] = []

    def work(seed: int) -> None:
        versions.append(quick(Store(settings), settings, seed=seed).version)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(versions) == [1, 2]
    assert store.ledger.verify() == []


def test_a_group_that_is_kept_apart_does_not_teach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Registry, "save", lambda *_: 1)
    store, settings = fill(tmp_path)
    registered = pd.DataFrame(
        {
            "enterprise_id": [f"E{i:04d}" for i in range(240)],
            "region": [f"R{i % 6}" for i in range(240)],
            "known_on": date(2019, 1, 1),
        }
    )
    store.add(Source("who", "9" * 64, "test"), {"enterprises": registered})
    report = quick(store, settings, group_by="region")
    assert report.report["dropped"]["region"] == "group"
    assert report.report["group_by"] == "region"
