"""Real files of three publishers go in: every row is accounted for, none is silently misread."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from data.intake import take_in
from data.store import Store

MAPPINGS = Path(__file__).parent / "files" / "mappings"
pytestmark = pytest.mark.datasets

REGISTRY = {1993: (5069, 1, 0), 2002: (4356, 38, 0), 2003: (5388, 0, 0)}
"""Rows of each year, rows rejected, and rows said twice, counted with Python's csv module and by eye."""


@pytest.mark.parametrize("year", REGISTRY)
def test_the_shanghai_registry_goes_in(store: Store, datasets: Path, year: int) -> None:
    path = datasets / "shanghai_registry" / f"上海_{year}.csv"
    rows, rejected, repeated = REGISTRY[year]
    result = take_in(store, path, mapping=MAPPINGS / "shanghai_registry.yaml", actor="tests")
    assert (result.rows, result.rejected, result.repeated, result.set_aside) == (rows, rejected, repeated, 0)
    assert result.accepted == rows - rejected
    stored = store.read("enterprises").set_index("source_row")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        lines = list(csv.reader(stream))
    assert len(lines) - 1 == rows
    # a row of the file is shifted when its third cell is no date: all such, and no other, are rejected
    shifted = {number for number, cells in enumerate(lines, start=1) if number > 1 and not cells[2][:4].isdigit()}
    wrong = {number for number, cells in enumerate(lines, start=1) if number > 1} - set(stored.index)
    assert wrong >= shifted
    assert len(wrong) == rejected
    for number, row in stored.iterrows():
        cells = lines[number - 1]
        assert (row["name"], row["enterprise_id"]) == (cells[0].strip(), cells[1].strip().upper())
        assert row["established_on"].isoformat() == cells[2]


def capital(text: str) -> float | None:
    """Registered capital in yuan, read independently of the product: a number, then 万 and a kind of yuan."""
    bare = text.replace(",", "").replace("(", "").replace(")", "").replace(" ", "")
    for ending in ("万元人民币", "万人民币"):
        if bare.endswith(ending):
            return float(bare.removesuffix(ending)) * 1e4
    return None


@pytest.mark.parametrize("year", REGISTRY)
def test_capital_is_read_in_every_form_it_takes(store: Store, datasets: Path, year: int) -> None:
    path = datasets / "shanghai_registry" / f"上海_{year}.csv"
    result = take_in(store, path, mapping=MAPPINGS / "shanghai_registry.yaml", actor="tests")
    stored = store.read("enterprises").set_index("source_row").registered_capital_cny
    with path.open(encoding="utf-8-sig", newline="") as stream:
        lines = list(csv.reader(stream))
    foreign = 0
    for number, value in stored.items():
        text = lines[number - 1][4]
        expected = capital(text)
        foreign += expected is None and text != "N/A"
        assert value == pytest.approx(expected) if expected is not None else value != value, text
    # every amount in another currency is told, and counts as missing until a rate is given
    assert result.counts["warning"] == foreign + sum(f.code == "value-range" for f in result.findings)


def test_shifted_rows_say_why(store: Store, datasets: Path) -> None:
    path = datasets / "shanghai_registry" / "上海_2002.csv"
    result = take_in(store, path, mapping=MAPPINGS / "shanghai_registry.yaml", actor="tests")
    assert result.rejects_file is not None
    with result.rejects_file.open(encoding="utf-8-sig", newline="") as stream:
        reasons = [row["reasons"] for row in csv.DictReader(stream)]
    assert len(reasons) == 38
    assert {reason.split()[0] for reason in reasons} == {
        "code-length",
        "row-width",
    }  # an address where a code should be


def test_the_a_share_reports_go_in(store: Store, datasets: Path) -> None:
    folder = datasets / "ashare"
    result = take_in(store, folder / "report_profit2015_4.csv", mapping=MAPPINGS / "ashare-profit.yaml", actor="tests")
    # 2,916 rows; 10 codes stand twice, word for word
    assert (result.rows, result.accepted, result.repeated, result.rejected) == (2916, 2906, 10, 0)
    reports = store.read("reports").set_index("enterprise_id")
    # 000033: business_income 117.1705, net_profits 69.7126, net_profit_ratio 59.49: both are 百万元 (69.7 / 117.2)
    assert reports.loc["000033", "revenue_cny"] == pytest.approx(117_170_500)
    assert reports.loc["000033", "net_profit_cny"] == pytest.approx(69_712_600)
    assert reports.loc["000033", "known_on"] == date(2016, 4, 29)  # 120 days after 2015-12-31
    values = store.read("indicators").set_index(["enterprise_id", "code"]).value
    assert values[("000033", "roe")] == pytest.approx(7.2497)  # written 724.97, in percent


@pytest.mark.parametrize("kind", ["growth", "operation", "debtpaying", "cashflow"])
def test_the_other_a_share_reports_go_in(store: Store, datasets: Path, kind: str) -> None:
    path = datasets / "ashare" / f"report_{kind}2016_1.csv"
    result = take_in(store, path, mapping=MAPPINGS / f"ashare-{kind}.yaml", actor="tests")
    with path.open(encoding="utf-8", newline="") as stream:
        lines = list(csv.DictReader(stream))
    figures = [line["code"] for line in lines if any(list(line.values())[3:])]  # after number, code and name
    assert (result.rows, result.rejected) == (len(lines), 0)
    assert result.set_aside == len(lines) - len(figures)
    assert (result.repeated, result.accepted) == (len(figures) - len(set(figures)), len(set(figures)))


def test_the_committees_lists_go_in(store: Store, datasets: Path) -> None:
    path = datasets / "instinnovation" / "InstInnovation.csv"
    result = take_in(store, path, mapping=MAPPINGS / "instinnovation-yearly.yaml", actor="tests")
    assert result.tables == {"directory_decisions": 6208, "enterprises": 6208, "reports": 6208}
    reports = store.read("reports").set_index(["enterprise_id", "period_end"]).loc[("3COM CORP", date(1991, 12, 31))]
    # sales 408.387926 and capital 119.745017 million, employment 1.896 thousand
    assert reports[["revenue_cny", "capital_stock_cny", "employees"]].tolist() == pytest.approx(
        [408_387_925.98643727, 119_745_017.4914244, 1896]
    )
    decisions = store.read("directory_decisions")
    assert decisions.decision.value_counts().to_dict() == {"declined": 6208 - 1928, "listed": 1928} or set(
        decisions.decision
    ) == {"declined", "listed"}
    assert (decisions.as_of == decisions.known_on).all()
