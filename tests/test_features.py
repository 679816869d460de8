"""The features themselves: growth rules, key industries, units, ranks, what a young or shrinking enterprise gets."""

from __future__ import annotations

import hashlib
import json
import math
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.settings import Settings
from data.store import Source, Store
from features.catalog import Catalogue, built_in, catalogue
from features.matrix import build_matrix
from features.peers import against_others

AS_OF = date(2020, 6, 30)


def batch(store: Store, tables: dict[str, list[dict]], known_on: date = date(2020, 5, 1)) -> None:
    digest = hashlib.sha256(json.dumps([tables, known_on], default=str).encode()).hexdigest()
    store.add(Source("test", digest, "tester"), {name: pd.DataFrame(rows) for name, rows in tables.items()}, known_on)


def years(enterprise: str, **figures: list[float | None]) -> list[dict]:
    """Annual reports up to 2019; each figure's list is oldest first."""
    count = max(map(len, figures.values()))
    return [
        {
            "enterprise_id": enterprise,
            "period_end": date(2020 - count + place, 12, 31),
            "period_months": 12.0,
            **{name: values[place] for name, values in figures.items()},
        }
        for place in range(count)
    ]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(Settings(home=tmp_path))


def frame(store: Store, *names: str) -> pd.DataFrame:
    return build_matrix(store, AS_OF, catalogue(store).select(names=names)).frame


def test_high_tech_growth_points_follow_the_guide(store: Store) -> None:
    rows = [
        # half of 1.35 + 1.35, less one: 35 %, the first band
        *years("first", revenue_cny=[1000.0, 1350.0, 1822.5]),
        # half of 1.2 + 1.3, less one: 25 %
        *years("second", revenue_cny=[1000.0, 1200.0, 1560.0]),
        # half of 1.0 + 1.1, less one: 5 %
        *years("fourth", revenue_cny=[1000.0, 1000.0, 1100.0]),
        # half of 1.0 + 1.02, less one: 1 %
        *years("little", revenue_cny=[1000.0, 1000.0, 1020.0]),
        *years("shrunk", revenue_cny=[1000.0, 900.0, 800.0]),
        # the first year is zero: 1.2 alone counts, 20 %
        *years("started", revenue_cny=[0.0, 1000.0, 1200.0]),
        *years("paused", revenue_cny=[1000.0, 0.0, 1200.0]),
        *years("young", revenue_cny=[None, None, 1200.0]),
    ]
    batch(store, {"reports": rows})
    points = frame(store, "hnte_revenue_points")["hnte_revenue_points"]
    expected = {
        "first": 9.5, "second": 7.5, "fourth": 3.5, "little": 1.5, "shrunk": 0.0, "started": 5.5, "paused": 0.0,
        "young": math.nan,
    }  # fmt: skip
    assert points.to_dict() == pytest.approx(expected, nan_ok=True)


def test_high_growth_with_and_without_the_gate_of_ten(store: Store) -> None:
    # over three years: 20 % a year is a factor of 1.728; 5 to 10 people is a factor of 2
    rows = [
        *years("small", revenue_cny=[1e6, 1e6, 1e6, 1e6], employees=[5.0, 6.0, 8.0, 10.0]),
        *years("large", revenue_cny=[1e6, 1e6, 1e6, 1.8e6], employees=[50.0, 50.0, 50.0, 50.0]),
        *years("steady", revenue_cny=[1e6, 1e6, 1e6, 1.7e6], employees=[50.0, 50.0, 50.0, 50.0]),
        *years("silent", revenue_cny=[1e6, 1e6, 1e6, 1.8e6], employees=[None, None, None, 9.0]),
        *years("young", revenue_cny=[1e6], employees=[9.0]),
    ]
    batch(store, {"reports": rows})
    found = frame(store, "oecd_high_growth", "oecd_high_growth_ten")
    without = {"small": 1.0, "large": 1.0, "steady": 0.0, "silent": 1.0, "young": math.nan}
    gated = {"small": 0.0, "large": 1.0, "steady": 0.0, "silent": math.nan, "young": math.nan}
    assert found["oecd_high_growth"].to_dict() == pytest.approx(without, nan_ok=True)
    assert found["oecd_high_growth_ten"].to_dict() == pytest.approx(gated, nan_ok=True)


@pytest.mark.parametrize(
    ("measure", "features"),
    [("revenue_cny", "revenue"), ("rd_expense_cny", "rd"), ("total_assets_cny", "assets"), ("employees", "employees")],
)
def test_growth_is_told_over_one_two_and_three_years(store: Store, measure: str, features: str) -> None:
    rows = [
        *years("steady", **{measure: [100.0, 110.0, 121.0, 133.1]}),
        *years("young", **{measure: [121.0, 133.1]}),
        *years("from_nothing", **{measure: [0.0, 0.0, 121.0, 133.1]}),
    ]
    batch(store, {"reports": rows})
    found = frame(store, f"{features}_growth_1y", f"{features}_cagr_2y", f"{features}_cagr_3y")
    # 10 % a year throughout; who was founded last year, or began at nil, has no rate from before, and not a rate of 0
    assert found.loc["steady"].tolist() == pytest.approx([0.1, 0.1, 0.1])
    for name in ("young", "from_nothing"):
        assert found.loc[name].tolist() == pytest.approx([0.1, math.nan, math.nan], nan_ok=True)


def test_years_of_growth_in_a_row_and_volatility(store: Store) -> None:
    rows = [
        *years("three", revenue_cny=[1e6, 2e6, 4e6, 8e6]),
        *years("broken", revenue_cny=[1e6, 2e6, 1e6, 2e6]),
        *years("fell", revenue_cny=[1e6, 2e6, 3e6, 2e6]),
        *years("two_known", revenue_cny=[None, None, 1e6, 2e6]),
        *years("one_known", revenue_cny=[None, None, None, 2e6]),
    ]
    batch(store, {"reports": rows})
    found = frame(store, "revenue_years_up", "revenue_volatility", "revenue_acceleration", "revenue_growth_1y")
    up = {"three": 3.0, "broken": 1.0, "fell": 0.0, "two_known": 1.0, "one_known": math.nan}
    assert found["revenue_years_up"].to_dict() == pytest.approx(up, nan_ok=True)
    assert found.loc["three", "revenue_volatility"] == pytest.approx(0.0, abs=1e-12)
    # yearly growth of ln 2, -ln 2, ln 2: mean ln 2 / 3, squared distances (2/3)^2, (4/3)^2, (2/3)^2 times ln 2 squared
    assert found.loc["broken", "revenue_volatility"] == pytest.approx(math.log(2) * math.sqrt(24 / 27))
    assert found.loc["broken", "revenue_acceleration"] == pytest.approx(2 * math.log(2))
    assert math.isnan(found.loc["one_known", "revenue_growth_1y"])


def test_a_key_industry_is_shown_by_code_or_by_certificate(store: Store) -> None:
    codes = {
        "airline": "5611",
        "ticketing": "5821",
        "software": "6513",
        "letter": "J6620",
        "farm": "0111",
        "none": None,
    }
    batch(store, {"enterprises": [{"enterprise_id": name, "industry_code": code} for name, code in codes.items()]})
    certificate = {"enterprise_id": "farm", "kind": "人工智能示范企业", "granted_on": date(2020, 1, 1)}
    found = frame(store, "key_industry", "industry_section", "industry_division")
    expected = {"airline": 1.0, "ticketing": 0.5, "software": 0.5, "letter": 1.0, "farm": 0.0, "none": math.nan}
    assert found["key_industry"].to_dict() == pytest.approx(expected, nan_ok=True)
    assert found["industry_section"].astype(object).where(found["industry_section"].notna(), "").to_dict() == {
        "airline": "G", "ticketing": "G", "software": "I", "letter": "J", "farm": "A", "none": "",
    }  # fmt: skip
    batch(store, {"recognitions": [certificate]})
    assert frame(store, "key_industry").loc["farm", "key_industry"] == 1.0


def test_an_industry_is_described_only_by_five_or_more(store: Store) -> None:
    register = [{"enterprise_id": f"e{number}", "industry_code": "65" if number < 5 else "56"} for number in range(9)]
    rows = [row for number in range(9) for row in years(f"e{number}", revenue_cny=[1e6, 1e6 * (number + 1)])]
    batch(store, {"enterprises": register, "reports": rows})
    found = frame(store, "industry_growth", "industry_concentration")
    # growth of the first five: 0, 1, 2, 3, 4; revenue shares 1/15 ... 5/15, squares (1 + 4 + 9 + 16 + 25) / 225
    assert found.loc["e0"].tolist() == pytest.approx([2.0, 55 / 225])
    assert found.loc["e8"].isna().all()


def test_without_industries_nothing_is_ranked_within_them() -> None:
    nobody = np.full(3, -1, dtype=np.intp)
    everyone = np.zeros(3, dtype=np.intp)
    values = np.array([1.0, 2.0, 3.0])
    assert np.isnan(against_others(values, "industry_median", [nobody, nobody, everyone])).all()
    assert against_others(values, "industry", [nobody, nobody, everyone]).tolist() == [0.0, 0.5, 1.0]


RATIOS = [
    one.name for one in built_in()
    if one.kind == "number" and not one.unit.startswith("log") and one.unit in ("1", "points", "years")
]  # fmt: skip


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    figures=st.lists(
        st.lists(st.one_of(st.none(), st.integers(-500, 10**6)), min_size=4, max_size=4), min_size=2, max_size=5
    ),
    scale=st.sampled_from([1e3, 1e4, 1e8]),
)
def test_the_unit_of_money_never_changes_a_share_a_rate_or_a_rank(
    tmp_path_factory: pytest.TempPathFactory, figures: list[list[int | None]], scale: float
) -> None:
    def matrix(factor: float) -> pd.DataFrame:
        store = Store(Settings(home=tmp_path_factory.mktemp("unit")))
        money = ("revenue_cny", "net_profit_cny", "total_assets_cny", "rd_expense_cny")
        for number, values in enumerate(figures):
            told: list[float | None] = [None if value is None else value * factor for value in values]
            columns: dict[str, list[float | None]] = dict.fromkeys(money, told)
            batch(store, {"reports": years(f"e{number}", **columns, employees=[10.0, 20.0, 30.0, 40.0])})
        return build_matrix(store, AS_OF, Catalogue(built_in()).select(names=RATIOS)).frame

    in_yuan, in_another = matrix(1.0), matrix(scale)
    pd.testing.assert_frame_equal(in_yuan, in_another, check_exact=False, rtol=1e-9, atol=1e-9)
