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
from features import spark_engine
from features.catalog import catalogue
from features.matrix import build_matrix
from scoring.messages import explain

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


def test_where_spark_is_missing_the_refusal_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ibis.backends.pyspark", None)
    with pytest.raises(Refusal, match="engine-spark-missing") as refusal:
        spark_engine.Spark()
    assert "mulu[spark]" in explain(refusal.value, "en")
