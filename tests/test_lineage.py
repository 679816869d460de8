"""Lineage: the figures behind a value, with their files, rows and dates."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from data.indicators import DECLARED, SUBJECT
from data.refusal import Refusal
from data.settings import Settings
from data.store import Source, Store
from features.catalog import catalogue
from features.lineage import Lineage, lineage
from scoring.cli.origins import fact_lines

AS_OF = date(2020, 6, 30)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(Settings(home=tmp_path))


def batch(store: Store, name: str, tables: dict[str, list[dict]], known_on: date) -> str:
    digest = hashlib.sha256(json.dumps([name, tables, known_on], default=str).encode()).hexdigest()
    frames = {table: pd.DataFrame(rows) for table, rows in tables.items()}
    return store.add(Source(name, digest, "tester"), frames, known_on)


def report(year: int, months: int, row: int, **figures: float) -> dict:
    end = {3: date(year, 3, 31), 6: date(year, 6, 30), 12: date(year, 12, 31)}[months]
    return {"enterprise_id": "a", "period_end": end, "period_months": float(months), "source_row": row, **figures}


def of(store: Store, name: str) -> Lineage:
    return lineage(store, AS_OF, catalogue(store), "a", name)


def test_both_ends_of_a_rate_with_their_files_rows_and_dates(store: Store) -> None:
    batch(store, "2016.xlsx", {"reports": [report(2016, 12, 7, revenue_cny=1e6)]}, date(2017, 5, 2))
    batch(store, "2019.xlsx", {"reports": [report(2019, 12, 9, revenue_cny=7e6)]}, date(2020, 5, 2))
    corrected = batch(
        store, "2019-corrected.xlsx", {"reports": [report(2019, 12, 3, revenue_cny=8e6)]}, date(2020, 6, 2)
    )
    batch(store, "2019-again.xlsx", {"reports": [report(2019, 12, 3, revenue_cny=9e6)]}, date(2020, 7, 2))
    found = of(store, "revenue_cagr_3y")
    assert found.value == pytest.approx(1.0)  # 1 to 8 million in three years: doubled each year
    later, earlier = found.origins
    assert (later.source, later.source_row, later.known_on, later.value) == (
        "2019-corrected.xlsx",
        3,
        date(2020, 6, 2),
        8e6,
    )
    assert (later.batch_id, later.versions, later.period_end) == (corrected, 2, date(2019, 12, 31))
    assert (earlier.source, earlier.source_row, earlier.value, earlier.versions) == ("2016.xlsx", 7, 1e6, 1)
    assert found.unknown == ()


def test_what_is_unknown_is_named(store: Store) -> None:
    batch(store, "2019.xlsx", {"reports": [report(2019, 12, 2, revenue_cny=7e6)]}, date(2020, 5, 2))
    found = of(store, "revenue_cagr_2y")
    assert (found.value, found.unknown) == (None, ("revenue_cny_2y_ago",))


def test_this_year_is_traced_to_the_months_that_were_compared(store: Store) -> None:
    rows = [
        report(2019, 12, 2, revenue_cny=9e6),
        report(2019, 3, 3, revenue_cny=2e6),
        report(2020, 3, 4, revenue_cny=3e6),
    ]
    batch(store, "reports.xlsx", {"reports": rows}, date(2020, 5, 2))
    origins = of(store, "revenue_ytd_growth").origins
    assert [(one.value, one.period_end, one.period_months) for one in origins] == [
        (3e6, date(2020, 3, 31), 3),
        (2e6, date(2019, 3, 31), 3),
    ]


def test_the_age_of_the_figures_is_traced_to_the_report_that_closes_the_year(store: Store) -> None:
    rows = [report(2018, 12, 2, revenue_cny=9e6), report(2019, 3, 3, revenue_cny=2e6), report(2019, 12, 4, employees=7)]
    batch(store, "reports.xlsx", {"reports": rows}, date(2020, 5, 2))
    # 2019 tells no revenue, so the last closed year is 2018
    (closing,) = of(store, "report_age").origins
    assert (closing.input, closing.value, closing.source_row) == ("last_period_end", date(2018, 12, 31), 2)


def test_certificates_registrations_and_indicators_have_origins_too(store: Store) -> None:
    declared = {"code": "roe", "unit": "1", "factor": "status", "direction": 1, "zh": "收益率", "en": "Return"}
    store.ledger.append(f"{SUBJECT}roe", DECLARED, "tester", declared)
    end = date(2019, 12, 31)
    tables = {
        "enterprises": [
            {"enterprise_id": "a", "established_on": date(2010, 1, 1), "industry_code": "6513", "source_row": 5}
        ],
        "recognitions": [
            {"enterprise_id": "a", "kind": "高新技术企业", "granted_on": date(2019, 1, 1), "source_row": 6}
        ],
        "indicators": [{"enterprise_id": "a", "period_end": end, "period_months": 12.0, "code": "roe", "value": 0.2}],
    }
    batch(store, "all.xlsx", tables, date(2020, 2, 1))
    assert [one.value for one in of(store, "ind_roe").origins] == [0.2]
    assert [(one.value, one.source_row) for one in of(store, "high_tech").origins] == [("高新技术企业", 6)]
    assert [(one.field, one.source_row) for one in of(store, "age_years").origins] == [("established_on", 5)]
    section = of(store, "industry_section")
    assert (section.value, section.origins[0].value) == ("I", "6513")


def test_an_enterprise_unknown_at_the_date_is_refused(store: Store) -> None:
    with pytest.raises(Refusal, match="enterprise-unknown-at-date"):
        of(store, "revenue_log")


def test_the_facts_are_told_in_both_languages(store: Store) -> None:
    batch(store, "2019.xlsx", {"reports": [report(2019, 12, 9, revenue_cny=8e6)]}, date(2020, 5, 2))
    found = of(store, "revenue_cagr_2y")
    assert fact_lines(found, "zh-CN") == [
        "revenue_cny = 800万元：截至 2019-12-31 的 12 个月；2019.xlsx 第 9 行，2020-05-02 得知",
        "当时尚无所知：revenue_cny_2y_ago",
    ]
    assert fact_lines(found, "en")[0] == (
        "revenue_cny = CNY 8 million: 12 months to 2019-12-31; 2019.xlsx, row 9, known on 2020-05-02"
    )
