"""Spark gives the same numbers as DuckDB, and where it is missing says so with the cure."""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
import sys
import warnings
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.indicators import DECLARED, SUBJECT
from data.refusal import Refusal
from data.settings import Settings
from data.store import Source, Store
from features import spark_engine, spread
from features.catalog import Catalogue, catalogue
from features.matrix import Matrix, build_matrix
from features.spread import part_size
from models.calibration import Calibration
from models.classifier import Encoding, Recipe, Trees, grow
from models.drift import profile
from models.fitted import Bag, FittedModel
from scoring.editions.policy import load_edition
from scoring.messages import explain
from scoring.scores import voices
from scoring.scores.ranking import load_ranking, rank

needs_spark = pytest.mark.skipif(
    importlib.util.find_spec("pyspark") is None or shutil.which("java") is None,
    reason="Spark is an extra: pip install 'mulu[spark]' and a Java machine",
)


def batch(store: Store, name: str, tables: dict[str, pd.DataFrame], known_on: date | None) -> None:
    store.add(Source(name, hashlib.sha256(name.encode()).hexdigest(), "tester"), tables, known_on)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Forty enterprises with interim reports, corrections, absences, certificates and one declared indicator."""
    store = Store(Settings(home=tmp_path))
    rng = np.random.default_rng(20200424)
    ids = [f"e{number:02d}" for number in range(40)]
    codes = rng.choice(["6513", "C1311", "56", "I", "7211"], 40)
    register = {"enterprise_id": ids, "name": ids, "industry_code": codes, "region": rng.choice(["东", "西"], 40)}
    register["established_on"] = [date(2010, 1, 1) + timedelta(days=int(days)) for days in rng.integers(0, 3600, 40)]
    batch(store, "register", {"enterprises": pd.DataFrame(register)}, date(2014, 1, 1))
    fields = ("revenue_cny", "net_profit_cny", "total_assets_cny", "net_assets_cny", "employees", "rd_expense_cny")
    for year in range(2015, 2020):
        for months, end in ((6, date(year, 6, 30)), (9, date(year, 9, 30)), (12, date(year, 12, 31))):
            rows = pd.DataFrame({"enterprise_id": ids, "period_end": end, "period_months": float(months)})
            for field in fields:
                rows[field] = np.where(rng.random(40) < 0.1, np.nan, rng.lognormal(12, 1, 40) * months)
            value = pd.DataFrame(
                {
                    "enterprise_id": ids,
                    "period_end": end,
                    "period_months": float(months),
                    "code": "roe",
                    "value": rng.normal(size=40),
                }
            )
            batch(store, f"{year}-{months}", {"reports": rows, "indicators": value}, end + timedelta(days=100))
    again = rows.head(7).assign(revenue_cny=1e7)
    batch(store, "corrected", {"reports": again}, date(2020, 5, 20))
    batch(store, "corrected-the-same-day", {"reports": again.assign(revenue_cny=2e7)}, date(2020, 5, 20))
    certificates = pd.DataFrame({"enterprise_id": ids[:9], "kind": "高新技术企业", "granted_on": date(2019, 1, 1)})
    raised = pd.DataFrame({"enterprise_id": ids[3:6], "round": "A", "closed_on": date(2018, 1, 1), "amount_cny": 5e6})
    opinions = pd.DataFrame(
        {"enterprise_id": ids[:5], "source": "s", "value": np.arange(5.0), "given_on": date(2019, 1, 1)}
    )
    batch(
        store,
        "events",
        {"recognitions": certificates, "investments": raised, "assessments": opinions},
        date(2019, 2, 1),
    )
    declared = {"code": "roe", "unit": "1", "factor": "status", "direction": 1, "zh": "收益率", "en": "Return"}
    store.ledger.append(f"{SUBJECT}roe", DECLARED, "tester", declared)
    return store


@needs_spark
@pytest.mark.parametrize("as_of", [date(2020, 6, 30), date(2014, 6, 30)])
def test_both_engines_give_the_same_matrix(store: Store, as_of: date) -> None:
    chosen = catalogue(store)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pyspark's own deprecations are not ours to mend
        spark = build_matrix(store, as_of, chosen, engine="spark")
    duckdb = build_matrix(store, as_of, chosen)
    assert not duckdb.frame.empty
    pd.testing.assert_frame_equal(spark.frame, duckdb.frame, check_exact=False, rtol=1e-9, atol=1e-12)
    pd.testing.assert_frame_equal(spark.about, duckdb.about, check_exact=False, rtol=1e-9, atol=1e-12)


def model_of(matrix: Matrix, chosen: Catalogue) -> FittedModel:
    """Trees over numbers, ranks among peers, a category and the declared indicator."""
    names = ["revenue_log", "productivity_rank", "industry_section", "ind_roe", "ind_roe.rank"]
    frame = matrix.frame[names]
    encoding = Encoding.of(frame)
    labels = (np.arange(len(frame)) % 3 == 0).astype(float)
    recipe = Recipe(trees=8, min_child=3)
    boosters = [grow(encoding.matrix(frame), labels, encoding, recipe, seed) for seed in (1, 2)]
    bag, calibration = Bag(Trees(encoding, boosters)), Calibration("platt", (1.0,), (0.0,))
    return FittedModel("growth", 1, "digest", chosen.meanings, "some", 0.0, bag, calibration, {}, profile(frame))


@needs_spark
def test_both_engines_give_the_same_ranking_to_the_last_byte(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """In several parts: what Spark's workers explain, and the values that are saved without being brought together."""
    as_of, chosen, edition = date(2020, 6, 30), catalogue(store), load_edition("changning-2026")
    fitted = model_of(build_matrix(store, as_of, chosen), chosen)
    monkeypatch.setattr(voices, "models_of", lambda *_: {"growth": fitted})
    monkeypatch.setattr(voices, "standing_of", lambda *_: "champion")
    monkeypatch.setattr(spread, "LEAST_ROWS", 10)
    found = {}
    for engine in ("duckdb", "spark"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # pyspark's own deprecations are not ours to mend
            found[engine] = rank(store, store.settings, edition, as_of, engine=engine, actor="tester")
        values = load_ranking(store.settings, found[engine].digest).values
        pd.testing.assert_frame_equal(values, found[engine].values, check_dtype=False, rtol=1e-9)
    duckdb, spark = found["duckdb"], found["spark"]
    assert duckdb.mode == "blend"
    assert duckdb.detail.filter(like="growth.").abs().to_numpy().max() > 0
    assert spark.digest == duckdb.digest
    pd.testing.assert_frame_equal(spark.frame, duckdb.frame, rtol=1e-9)
    pd.testing.assert_frame_equal(spark.values, duckdb.values, check_dtype=False, rtol=1e-9)
    assert not list((store.settings.home / "spark").iterdir())


def test_parts_are_enough_for_all_workers_and_none_is_small() -> None:
    assert part_size(40, 2) == 40
    assert part_size(10_000, 2) == 5_000
    assert part_size(1_000_000, 2) == 62_500
    assert part_size(1_000_000, 50) == 20_000
    assert part_size(0, 2) == 1


def test_where_spark_is_missing_the_refusal_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ibis.backends.pyspark", None)
    with pytest.raises(Refusal, match="engine-spark-missing") as refusal:
        spark_engine.Spark()
    assert "mulu[spark]" in explain(refusal.value, "en")
