"""What was known at a date: corrections, late knowledge, closed years and interim months."""

from __future__ import annotations

import hashlib
import json
import math
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.settings import Settings
from data.store import Source, Store
from features.catalog import Catalogue, built_in
from features.matrix import Matrix, build_matrix
from features.point_in_time import figure_of, unknown_columns

CATALOGUE = Catalogue(built_in())


def batch(store: Store, tables: dict[str, list[dict]], known_on: date) -> str:
    """Store rows as one batch whose identifier follows from its content."""
    digest = hashlib.sha256(json.dumps([tables, known_on], default=str).encode()).hexdigest()
    frames = {name: pd.DataFrame(rows) for name, rows in tables.items()}
    return store.add(Source("test", digest, "tester"), frames, known_on)


def report(enterprise: str, year: int, months: int = 12, **figures: float | None) -> dict:
    end = {3: date(year, 3, 31), 6: date(year, 6, 30), 9: date(year, 9, 30), 12: date(year, 12, 31)}[months]
    return {"enterprise_id": enterprise, "period_end": end, "period_months": float(months), **figures}


def matrix_at(store: Store, as_of: date, **options: int) -> Matrix:
    return build_matrix(store, as_of, CATALOGUE, **options)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(Settings(home=tmp_path))


def test_a_correction_wins_from_the_day_it_was_known(store: Store) -> None:
    batch(store, {"reports": [report("a", 2019, revenue_cny=1e6)]}, date(2020, 3, 1))
    batch(store, {"reports": [report("a", 2019, revenue_cny=2e6)]}, date(2020, 6, 1))
    assert matrix_at(store, date(2020, 5, 31)).about.loc["a", "revenue_cny"] == 1e6
    assert matrix_at(store, date(2020, 6, 1)).about.loc["a", "revenue_cny"] == 2e6


def test_a_later_absence_does_not_unsay_a_figure(store: Store) -> None:
    batch(store, {"reports": [report("a", 2019, revenue_cny=1e6, employees=7.0)]}, date(2020, 3, 1))
    batch(store, {"reports": [report("a", 2019, revenue_cny=None, employees=8.0)]}, date(2020, 6, 1))
    about = matrix_at(store, date(2020, 7, 1)).about.loc["a"]
    assert (about.revenue_cny, about.employees) == (1e6, 8.0)


def test_nothing_is_known_before_it_is_known(store: Store) -> None:
    batch(store, {"reports": [report("a", 2019, revenue_cny=1e6)]}, date(2020, 3, 1))
    assert matrix_at(store, date(2020, 2, 29)).frame.empty


def test_between_batches_of_one_day_the_identifier_decides(store: Store) -> None:
    day = date(2020, 3, 1)
    first = batch(store, {"reports": [report("a", 2019, revenue_cny=1e6)]}, day)
    second = batch(store, {"reports": [report("a", 2019, revenue_cny=2e6)]}, day)
    winner = 1e6 if first > second else 2e6
    assert matrix_at(store, day).about.loc["a", "revenue_cny"] == winner


def test_a_withdrawn_batch_is_as_if_it_had_never_come(store: Store) -> None:
    batch(store, {"reports": [report("a", 2019, revenue_cny=1e6)]}, date(2020, 3, 1))
    wrong = batch(store, {"reports": [report("a", 2019, revenue_cny=9e6)]}, date(2020, 4, 1))
    store.withdraw(wrong, "tester", "typed into the wrong year")
    assert matrix_at(store, date(2020, 5, 1)).about.loc["a", "revenue_cny"] == 1e6


def test_growth_compares_like_with_like(store: Store) -> None:
    figures = [(2018, 6, 40.0), (2018, 9, 65.0), (2018, 12, 100.0), (2019, 6, 50.0), (2019, 9, 84.0), (2019, 12, 150.0)]
    rows = [report("a", year, months, revenue_cny=value) for year, months, value in figures]
    rows += [report("a", 2019, 3, revenue_cny=20.0), report("a", 2020, 3, revenue_cny=30.0)]
    batch(store, {"reports": rows}, date(2020, 4, 20))
    found = matrix_at(store, date(2020, 5, 1)).frame.loc["a"]
    # 150 / 100 - 1; second halves 100 and 60; fourth quarters 66 and 35; first quarters 30 and 20
    assert found.revenue_growth_1y == pytest.approx(0.5)
    assert found.revenue_h2_to_h1 == pytest.approx(math.log(100 / 50))
    assert found.revenue_h2_growth == pytest.approx(math.log(100 / 60))
    assert found.revenue_h1_growth == pytest.approx(math.log(50 / 40))
    assert found.revenue_q4_growth == pytest.approx(math.log(66 / 35))
    assert found.revenue_ytd_growth == pytest.approx(math.log(30 / 20))


def test_the_longest_interim_report_since_is_compared_with_the_same_months(store: Store) -> None:
    figures = [(2019, 3, 20.0), (2019, 6, 50.0), (2019, 12, 100.0), (2020, 3, 60.0), (2020, 6, 75.0)]
    rows = [report("a", year, months, revenue_cny=value) for year, months, value in figures]
    batch(store, {"reports": rows}, date(2020, 8, 20))
    # first halves: 75 against 50
    found = matrix_at(store, date(2020, 9, 1)).frame.loc["a"]
    assert found.revenue_ytd_growth == pytest.approx(math.log(75 / 50))


def test_the_last_closed_year_is_the_latest_with_revenue(store: Store) -> None:
    batch(store, {"reports": [report("a", 2018, revenue_cny=1e6, employees=5.0)]}, date(2019, 5, 1))
    batch(store, {"reports": [report("a", 2019, employees=9.0), report("b", 2019, employees=3.0)]}, date(2020, 1, 20))
    about = matrix_at(store, date(2020, 2, 1)).about
    assert about.loc["a", "last_period_end"] == date(2018, 12, 31)
    assert about.loc["a", "employees"] == 5.0
    assert about.loc["b", "last_period_end"] == date(2019, 12, 31)


def test_a_late_filer_keeps_its_last_year_until_it_is_too_old(store: Store) -> None:
    batch(store, {"reports": [report("a", 2016, revenue_cny=1e6)]}, date(2017, 5, 1))
    found = matrix_at(store, date(2018, 12, 31)).frame.loc["a"]
    assert found.report_age == 730  # 2016-12-31 to 2018-12-31: 365 + 365 days
    assert pd.isna(matrix_at(store, date(2018, 12, 31), max_report_age_months=23).frame.loc["a", "report_age"])
    assert pd.isna(matrix_at(store, date(2020, 1, 31)).about.loc["a", "revenue_cny"])


def test_a_young_enterprise_has_missing_growth_not_zero(store: Store) -> None:
    rows = [report("young", 2019, revenue_cny=1e6)]
    registered = [{"enterprise_id": "young", "established_on": date(2019, 2, 1)}]
    batch(store, {"reports": rows, "enterprises": registered}, date(2020, 3, 1))
    found = matrix_at(store, date(2020, 4, 1)).frame.loc["young"]
    assert found[["revenue_growth_1y", "revenue_cagr_2y", "revenue_cagr_3y"]].isna().all()
    assert found.age_years == pytest.approx(425 / 365.25)  # 333 days left of 2019 from 1 February, 92 by 1 April 2020


def test_a_renamed_and_closed_enterprise_is_one_enterprise(store: Store) -> None:
    batch(store, {"enterprises": [{"enterprise_id": "a", "name": "旧名", "street": "虹桥街道"}]}, date(2018, 1, 1))
    batch(store, {"enterprises": [{"enterprise_id": "a", "name": "新名", "status": "注销"}]}, date(2019, 1, 1))
    about = matrix_at(store, date(2019, 6, 1)).about
    assert about.index.tolist() == ["a"]
    assert about.loc["a", ["name", "street", "status"]].tolist() == ["新名", "虹桥街道", "注销"]
    assert matrix_at(store, date(2018, 6, 1)).about.loc["a", "name"] == "旧名"


def test_a_merged_enterprise_keeps_its_facts_and_gives_none_to_its_successor(store: Store) -> None:
    batch(
        store,
        {"enterprises": [{"enterprise_id": name, "status": "存续"} for name in ("东方", "光明")]},
        date(2018, 1, 1),
    )
    rows = [report("东方", 2017, revenue_cny=3e6), report("光明", 2017, revenue_cny=1e6)]
    batch(store, {"reports": rows}, date(2018, 4, 1))
    gone = {"enterprise_id": "光明", "status": "注销", "group_id": "东方"}
    batch(store, {"enterprises": [gone]}, date(2018, 12, 1))
    batch(store, {"reports": [report("东方", 2018, revenue_cny=5e6)]}, date(2019, 4, 1))
    matrix = matrix_at(store, date(2019, 6, 1))
    assert matrix.about.loc["光明", ["status", "group_id", "revenue_cny"]].tolist() == ["注销", "东方", 1e6]
    assert matrix.frame.loc["东方", "revenue_growth_1y"] == pytest.approx(5 / 3 - 1)
    before = matrix_at(store, date(2018, 6, 1)).about.loc["光明"]
    assert (before["status"], pd.isna(before["group_id"])) == ("存续", True)


def test_subsidies_of_three_years_are_added_up(store: Store) -> None:
    def grant(programme: str, year: int, amount: float | None) -> dict:
        end = date(year, 12, 31)
        return {
            "enterprise_id": "a",
            "programme": programme,
            "period_end": end,
            "amount_cny": amount,
            "purpose": "研发",
        }

    batch(store, {"enterprises": [{"enterprise_id": "a"}, {"enterprise_id": "b"}]}, date(2018, 1, 1))
    assert matrix_at(store, date(2018, 2, 1)).frame["granted_3y_log"].isna().all()
    rows = [grant("科技创新券", 2016, 9e5), grant("科技创新券", 2018, 1e5), grant("科技创新券", 2019, 2e5)]
    batch(store, {"grants": [*rows, grant("人才安居专项", 2019, None)]}, date(2020, 2, 20))
    batch(store, {"grants": [grant("科技创新券", 2019, 3e5)]}, date(2020, 5, 1))
    found = matrix_at(store, date(2020, 4, 1)).frame
    # 2018 and 2019 lie within three years, 2016 does not: 100,000 + 200,000
    assert found.loc["a", "granted_3y_log"] == pytest.approx(math.log1p(3e5))
    assert found.loc["b", "granted_3y_log"] == 0
    assert matrix_at(store, date(2020, 6, 1)).frame.loc["a", "granted_3y_log"] == pytest.approx(math.log1p(4e5))


def test_events_count_while_they_hold_and_nil_is_only_zero_where_the_table_is_fed(store: Store) -> None:
    batch(store, {"enterprises": [{"enterprise_id": "a"}, {"enterprise_id": "b"}]}, date(2018, 1, 1))
    assert matrix_at(store, date(2018, 2, 1)).frame["recognitions"].isna().all()
    certificate = {"enterprise_id": "a", "kind": "高新技术企业", "granted_on": date(2018, 3, 1)}
    batch(store, {"recognitions": [{**certificate, "expires_on": date(2021, 3, 1)}]}, date(2018, 4, 1))
    assert matrix_at(store, date(2018, 5, 1)).frame["recognitions"].tolist() == [1.0, 0.0]
    assert matrix_at(store, date(2021, 3, 1)).frame["recognitions"].tolist() == [0.0, 0.0]


def test_columns_of_the_view_are_parsed_by_their_longest_suffix() -> None:
    assert figure_of("revenue_cny_h1_1y_ago") == ("revenue_cny", "_h1_1y_ago")
    assert unknown_columns(["revenue_cny_3y_ago", "ind_roe.ytd", "as_of", "revenu_cny"], ["roe"]) == ["revenu_cny"]


AMOUNTS = st.one_of(st.none(), st.floats(-1e9, 1e9, allow_nan=False))
REPORTS = st.lists(
    st.tuples(
        st.sampled_from("abc"),
        st.integers(2015, 2020),
        st.sampled_from([3, 6, 9, 12]),
        AMOUNTS,
        st.one_of(st.none(), st.integers(0, 5000).map(float)),
        st.integers(0, 1500),
    ),
    max_size=12,
)


def filled(home: Path, reports: list[tuple], order: list[int] | None = None) -> Store:
    store = Store(Settings(home=home))
    for position in order or range(len(reports)):
        enterprise, year, months, revenue, employees, delay = reports[position]
        row = report(enterprise, year, months, revenue_cny=revenue, employees=employees, total_assets_cny=revenue)
        batch(store, {"reports": [row | {"source_row": position}]}, row["period_end"] + timedelta(days=delay))
    return store


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(reports=REPORTS, extra=REPORTS, data=st.data())
def test_facts_known_later_never_change_a_matrix(
    tmp_path_factory: pytest.TempPathFactory, reports: list[tuple], extra: list[tuple], data: st.DataObject
) -> None:
    as_of = date(2019, 6, 30)
    store = filled(tmp_path_factory.mktemp("later"), reports)
    before = matrix_at(store, as_of)
    late = {
        "reports": [
            report(name, year, months, revenue_cny=value, employees=count)
            for name, year, months, value, count, _ in extra
        ]
    }
    registered = [{"enterprise_id": "z", "name": "later"}, {"enterprise_id": "a", "industry_code": "6511"}]
    if extra:
        batch(store, late, as_of + timedelta(days=data.draw(st.integers(1, 400))))
    batch(store, {"enterprises": registered}, as_of + timedelta(days=1))
    after = matrix_at(store, as_of)
    pd.testing.assert_frame_equal(before.frame, after.frame, check_exact=True)
    pd.testing.assert_frame_equal(before.about, after.about, check_exact=True)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(reports=REPORTS, data=st.data())
def test_the_order_in_which_batches_came_never_matters(
    tmp_path_factory: pytest.TempPathFactory, reports: list[tuple], data: st.DataObject
) -> None:
    unique = list(dict.fromkeys(reports))
    order = data.draw(st.permutations(range(len(unique))))
    as_of = date(2020, 12, 31)
    one = matrix_at(filled(tmp_path_factory.mktemp("one"), unique), as_of)
    other = matrix_at(filled(tmp_path_factory.mktemp("other"), unique, list(order)), as_of)
    pd.testing.assert_frame_equal(one.frame, other.frame, check_exact=True)
    assert one.store_digest == other.store_digest
