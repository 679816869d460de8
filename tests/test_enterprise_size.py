"""Size classes against every threshold of the official table, and what the table does not cover."""

from __future__ import annotations

import csv
import math
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from data.enterprise_size import SIZES, classify, classify_many, thresholds

ON = date(2024, 6, 30)
CASES = Path(__file__).parent / "files" / "enterprise_size.csv"


def cases() -> list[dict[str, str]]:
    with CASES.open(encoding="utf-8") as stream:
        return list(csv.DictReader(line for line in stream if not line.startswith("#")))


def figure(text: str, factor: float = 1.0) -> float | None:
    return float(text) * factor if text else None


@pytest.mark.parametrize("case", cases(), ids=lambda case: "-".join(case.values()))
def test_every_threshold(case: dict[str, str]) -> None:
    found = classify(
        case["industry_code"],
        figure(case["employees"]),
        figure(case["revenue_wan"], 1e4),
        figure(case["assets_wan"], 1e4),
        ON,
    )
    assert (found.code, found.missing) == (case["size"], ())
    assert found.clause.startswith("工信部联企业〔2011〕300号(")


def test_there_are_as_many_cases_as_were_derived() -> None:
    assert len(cases()) == 173


NOT_COVERED = (
    "5310", "53", "7040", "66", "6620", "6635", "6711", "6812", "69", "6950", "8310", "8411", "9111", "S", "59", "70",
    "9999", "", None,
)  # fmt: skip


@pytest.mark.parametrize("code", NOT_COVERED)
def test_what_is_not_covered_is_not_guessed(code: str | None) -> None:
    """Rail, real estate leasing, banks, lenders, securities, insurance, education, health, public bodies; 59, 69 and 70
    fall under several rows.
    """
    assert classify(code, 100, 1e8, 1e8, ON).code == "undetermined"
    assert classify(code, 100, 1e8, 1e8, ON).clause == ""


def test_a_missing_figure_is_not_zero() -> None:
    # software: employees 300/100/10, revenue 10000/1000/50 万元
    assert classify("6513", None, 5e7, None, ON).missing == ("employees",)
    assert classify("6513", math.nan, 5e7, None, ON).code == "undetermined"
    assert classify("6513", 9, None, None, ON).code == "micro"  # under the small bound whatever revenue is
    assert classify("6513", 10, None, None, ON).code == "undetermined"


def test_before_the_rule_there_is_no_class() -> None:
    assert classify("6513", 100, 1e7, None, date(2010, 12, 31)).code == "undetermined"
    assert classify("6940", None, None, 1e12, date(2015, 9, 27)).code == "undetermined"


@pytest.mark.parametrize(
    ("code", "assets_yi", "size"),
    [
        ("6940", 1000, "large"), ("6930", 999.9, "medium"), ("6999", 200, "medium"), ("6991", 199.9, "small"),
        ("6940", 50, "small"), ("694", 49.9, "micro"),
        ("6920", 40000, "large"), ("6920", 39999, "medium"), ("6920", 5000, "medium"), ("6920", 4999, "small"),
        ("6920", 50, "small"), ("6920", 49, "micro"),
    ],
)  # fmt: skip
def test_other_finance_by_its_assets_in_a_hundred_million_yuan(code: str, assets_yi: float, size: str) -> None:
    """银发〔2015〕309号, articles 5 (7) and (8): 亿元; employees and revenue play no part."""
    found = classify(code, None, None, assets_yi * 1e8, ON)
    assert (found.code, found.missing) == (size, ())
    assert found.clause.startswith("银发〔2015〕309号(")


def test_a_trust_company_is_measured_by_what_reports_do_not_hold() -> None:
    assert classify("6911", 500, 1e9, 1e12, ON).missing == ("trust_assets_cny",)
    assert classify("6911", 500, 1e9, 1e12, ON).code == "undetermined"


@pytest.mark.parametrize(("code", "same"), [("I6513", "6513"), (" 6513", "6513"), ("6599", "6513"), ("651", "6513")])
def test_a_code_is_found_by_its_longest_listed_prefix(code: str, same: str) -> None:
    assert classify(code, 120, 2e7, None, ON) == classify(same, 120, 2e7, None, ON)


def test_many_at_once_agree_with_one_at_a_time() -> None:
    draw = np.random.default_rng(5)
    count = 400
    frame = pd.DataFrame(
        {
            "industry_code": draw.choice(["6513", "7211", "5111", "3911", "7010", "0111", "5310", None], count),
            "employees": np.where(draw.random(count) < 0.2, np.nan, draw.integers(0, 1500, count)),
            "revenue_cny": np.where(draw.random(count) < 0.2, np.nan, draw.lognormal(17, 2, count)),
            "assets_cny": np.where(draw.random(count) < 0.2, np.nan, draw.lognormal(17, 2, count)),
        },
        index=[f"E{number}" for number in range(count)],
    )
    many = classify_many(frame, ON)
    assert list(many.index) == list(frame.index)
    one = [classify(*row, ON) for row in frame.itertuples(index=False)]
    assert many.size_class.tolist() == [found.code for found in one]
    assert many.clause.tolist() == [found.clause for found in one]


@hypothesis_settings(max_examples=60, deadline=None)
@given(
    code=st.sampled_from(["6513", "7211", "5111", "3911", "7010", "0111", "4710", "5920"]),
    employees=st.integers(0, 3000),
    revenue=st.floats(0, 3e9),
    assets=st.floats(0, 3e9),
    factor=st.floats(1, 10),
)
def test_more_of_everything_never_makes_smaller(
    code: str, employees: int, revenue: float, assets: float, factor: float
) -> None:
    rank = [*SIZES].index
    before = classify(code, employees, revenue, assets, ON).code
    after = classify(code, employees * factor, revenue * factor, assets * factor, ON).code
    assert rank(after) <= rank(before)


def test_the_table_is_given_in_persons_and_yuan() -> None:
    table = thresholds()
    software = table[(table.code == "65")].set_index("indicator")
    assert software.loc["employees", ["large", "medium", "small"]].tolist() == [300, 100, 10]
    assert software.loc["revenue_cny", ["large", "medium", "small"]].tolist() == [1e8, 1e7, 5e5]
