"""Numbers and dates as they stand in Chinese spreadsheets; what is not certain is never a number."""

from __future__ import annotations

import math

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from data.amounts import read_count, read_money, read_number, unit_factor
from data.columns import read_column, read_text
from data.dates import read_date
from data.tables import Field

MONEY = Field("revenue_cny", "money", "CNY")
COUNT = Field("employees", "count", "persons")
NUMBER = Field("value", "number", "1")
DATE = Field("period_end", "date")
WAN, QIAN = 1e4, 1e3


@pytest.mark.parametrize(
    ("text", "factor", "yuan"),
    [
        ("6000万人民币", None, 60_000_000),
        ("456360.8365万人民币", None, 4_563_608_365),
        ("40,040万元人民币", None, 400_400_000),
        ("3,000(万元人民币)", None, 30_000_000),
        ("34.6000(万元人民币 )", None, 346_000),
        ("12.56亿", None, 1_256_000_000),
        ("65亿元", None, 6_500_000_000),
        ("1,234.50", WAN, 12_345_000),
        ("１２３４．５", QIAN, 1_234_500),
        ("(1,200)", WAN, -12_000_000),
        ("(1200)", WAN, -12_000_000),
        ("-1,200", QIAN, -1_200_000),
        ("1.2E+05", 1.0, 120_000),
        ("3 256", WAN, 32_560_000),
        ("0", WAN, 0),
    ],
)
def test_money_in_yuan(text: str, factor: float | None, yuan: float) -> None:
    assert read_money(text, factor, {}).value == yuan


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("4520万美元", "currency-rate-missing"),
        ("100(万日元)", "currency-rate-missing"),
        ("—", ""), ("/", ""), ("N/A", ""), ("#N/A", ""), ("", ""),
        ("无", "value-ambiguous"),
        ("#DIV/0!", "cell-error"),
        ("约500万", "value-band"),
        ("500万以上", "value-band"),
        ("500-1000万", "value-range"),
        ("1.234,56", "value-not-a-number"),
        ("12人", "value-unit-unknown"),
        ("某公司", "value-not-a-number"),
        ("1,23", "value-not-a-number"),
        ("1e999", "value-not-a-number"),
    ],
)  # fmt: skip
def test_what_is_not_certain_is_no_money(text: str, code: str) -> None:
    reading = read_money(text, WAN, {})
    assert (reading.value, reading.code) == (None, code)


def test_a_foreign_currency_needs_its_rate() -> None:
    assert read_money("4520万美元", None, {"USD": 7.0}).value == 45_200_000 * 7.0
    assert unit_factor("万美元", {"USD": 7.1}) == (71_000.0, "USD")
    assert math.isnan(unit_factor("万欧元", {})[0])  # type: ignore[index]
    assert unit_factor("斤", {}) is None


def test_without_any_unit_money_is_asked_for() -> None:
    assert read_money("3000", None, {}).code == "value-without-unit"


@pytest.mark.parametrize(
    ("text", "count"),
    [("103人", 103), ("50.0", 50), ("50.5", None), ("10000人以上", None), ("<50人", None), ("共计86", None)],
)
def test_counts(text: str, count: float | None) -> None:
    assert read_count(text, 1.0).value == count


def test_a_percent_sign_decides_and_a_bare_number_is_the_columns() -> None:
    assert (read_number("12.5%", 1.0).value, read_number("12.5％", 0.01).value) == (0.125, 0.125)
    assert (read_number("0.125", 1.0).value, read_number("12.5", 0.01).value) == (0.125, 0.125)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2007-10-22", "2007-10-22"), ("2018年10月08日", "2018-10-08"), ("2020年2月24日", "2020-02-24"),
        ("2020/2/24", "2020-02-24"), ("2020.2.24", "2020-02-24"), ("20200224", "2020-02-24"),
        ("2020-02-24 00:00:00", "2020-02-24"), ("43885", "2020-02-24"), ("二〇二〇年二月二十四日", "2020-02-24"),
        ("二○一九年十二月三十一日", "2019-12-31"), ("2026-02-30", None), ("2020年", None), ("2020年2月", None),
        ("长期", None), ("民国109年", None), ("1900-01-00", None), ("20161345", None), ("0", None), ("99999999", None),
    ],
)  # fmt: skip
def test_dates(text: str, iso: str | None) -> None:
    found = read_date(text).value
    assert (found.isoformat() if found else None) == iso


def test_a_serial_day_counts_from_the_workbooks_epoch() -> None:
    # 2020-02-24 is day 43885 of the 1900 system and day 43885 - 1462 = 42423 of the 1904 system
    assert str(read_date("42423", epoch_1904=True).value) == "2020-02-24"
    assert str(read_date("42423").value) == "2016-02-23"


CELLS = st.lists(
    st.none()
    | st.floats(-1e12, 1e12).map(repr)
    | st.integers(-(10**9), 10**9).map(lambda n: f"{n:,}")
    | st.sampled_from(
        ["—", "无", "(12)", "１２", "3万", "4520万美元", "#REF!", "约5", "x", "nan", "inf", " 7 ", "12人", "5%"]
    ),
    max_size=25,
)


@hypothesis_settings(max_examples=80, deadline=None)
@given(cells=CELLS, factor=st.sampled_from([1.0, 1e4, 0.01]))
@pytest.mark.parametrize(
    ("field", "read"), [(MONEY, lambda t, f: read_money(t, f, {})), (NUMBER, read_number), (COUNT, read_count)]
)
def test_a_column_agrees_with_one_cell_at_a_time(
    field: Field, read: object, cells: list[str | None], factor: float
) -> None:
    column = read_column(pa.array(cells, pa.string()), field, factor, {})
    one = [read(cell, factor) if cell is not None else None for cell in cells]  # type: ignore[operator]
    expected = [single.value if single else None for single in one]
    assert column.values.to_pylist() == [
        None if value is None else pytest.approx(value, rel=1e-12) for value in expected
    ]
    told = {(told.code, position) for told in column.told for position in told.positions.tolist()}
    assert told == {(single.code, at) for at, single in enumerate(one) if single and single.code}


def test_dates_by_column_agree_with_one_at_a_time() -> None:
    plain = read_column(pa.array(["2020-02-24", None, "1999-12-31"]), DATE, 1.0, {})
    assert [str(day) for day in plain.values.to_pylist()] == ["2020-02-24", "None", "1999-12-31"]
    mixed = read_column(pa.array(["2020-02-24", "20200225", "2020-02-30", "9999-01-01"]), DATE, 1.0, {})
    assert [str(day) for day in mixed.values.to_pylist()] == ["2020-02-24", "2020-02-25", "None", "None"]
    assert [(told.code, told.positions.tolist()) for told in mixed.told] == [("date-impossible", [2, 3])]


def test_text_is_kept_as_it_stands_but_for_marks_and_control_characters() -> None:
    read = read_text(pa.array([" 甲 ", "N/A", "—", "<b>x</b>", "=1+1", "a\x07b", "", "长" * 5000]))
    assert read.values.to_pylist()[:7] == ["甲", None, None, "<b>x</b>", "=1+1", "ab", None]
    assert {told.code: told.severity for told in read.told} == {
        "text-too-long": "error",
        "text-control-character": "note",
    }
