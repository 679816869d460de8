"""Which period figures describe: as columns, headers and titles tell it, or as a person answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.intake import Intake, take_in
from data.refusal import Refusal
from data.store import Store

A = "91310000132260250X"


def take(store: Store, tmp_path: Path, content: str, mapping: str = "") -> Intake:
    (tmp_path / "表.csv").write_text(content, encoding="utf-8")
    answer = tmp_path / "mapping.yaml"
    answer.write_text(f"mulu_mapping: 1\n{mapping}\n", encoding="utf-8")
    return take_in(store, tmp_path / "表.csv", mapping=answer if mapping else None, actor="tests")


def questions(result: Intake) -> list[tuple[str, str, str]]:
    return [(one.code, one.column, one.before) for one in result.findings if one.severity == "question"]


def periods(store: Store) -> list[tuple[str, int]]:
    reports = store.read("reports").sort_values("source_row")
    return [(str(one.period_end), int(one.period_months)) for one in reports.itertuples()]


@pytest.mark.parametrize(
    ("told", "period"),
    [
        ("2024年1-6月", ("2024-06-30", 6)),
        ("2024年上半年", ("2024-06-30", 6)),
        ("2024年半年报", ("2024-06-30", 6)),
        ("2024年前三季度", ("2024-09-30", 9)),
        ("2024年三季报", ("2024-09-30", 9)),
        ("2024年第一季度", ("2024-03-31", 3)),
        ("2024Q1", ("2024-03-31", 3)),
        ("2024年度", ("2024-12-31", 12)),
        ("2024年报", ("2024-12-31", 12)),
        ("2024年12月31日", ("2024-12-31", 12)),
        ("2024-12", ("2024-12-31", 12)),
    ],
)
def test_a_column_tells_periods_in_words(store: Store, tmp_path: Path, told: str, period: tuple[str, int]) -> None:
    result = take(store, tmp_path, f"统一社会信用代码,报告期,从业人数\n{A},{told},5\n")
    assert (result.accepted, result.findings) == (1, [])
    assert periods(store) == [period]


@pytest.mark.parametrize("told", ["某时", "2024年第二季度", "2024年13月", "2023年和2024年"])
def test_a_column_that_tells_no_period_rejects_the_row(store: Store, tmp_path: Path, told: str) -> None:
    result = take(store, tmp_path, f"统一社会信用代码,报告期,从业人数\n{A},{told},5\n")
    assert result.rejected == 1
    assert "period-unreadable" in {one.code for one in result.findings}


@pytest.mark.parametrize("told", ["2024-06-30", "202406", "2024年6月"])
def test_a_day_within_the_year_does_not_say_since_when(store: Store, tmp_path: Path, told: str) -> None:
    """It was read as the end of twelve months."""
    content = f"统一社会信用代码,报告期,从业人数\n{A},2023-12-31,4\n{A},{told},5\n"
    held = take(store, tmp_path, content)
    assert (held.held, questions(held)) == (True, [("period-length-unknown", "报告期", "2024-06-30")])
    assert held.folder is not None
    draft = (held.folder / "mapping.yaml").read_text(encoding="utf-8")
    assert "column: 报告期" in draft
    assert "months: '?'" in draft
    with pytest.raises(Refusal, match="mapping-invalid"):
        take(store, tmp_path, content, draft.removeprefix("mulu_mapping: 1\n"))
    take(store, tmp_path, content, "period: {end: {column: 报告期}, months: from_january}")
    assert periods(store) == [("2023-12-31", 12), ("2024-06-30", 6)]


def test_a_fixed_number_of_months_is_an_answer_too(store: Store, tmp_path: Path) -> None:
    content = f"统一社会信用代码,报告期,从业人数\n{A},2024-06-30,5\n"
    take(store, tmp_path, content, "period: {end: {column: 报告期}, months: 12}")
    assert periods(store) == [("2024-06-30", 12)]


QUARTERLY = {
    "column": f"统一社会信用代码,年份,季度,从业人数\n{A},2024,{{quarter}},5\n",
    "header": f"统一社会信用代码,2024年第二季度从业人数\n{A},5\n",
    "title": f"2024年第二季度,\n统一社会信用代码,从业人数\n{A},5\n",
}


@pytest.mark.parametrize("quarter", ["2", "第二季度", "二季度", "Q2", "2季度"])
@pytest.mark.parametrize("place", list(QUARTERLY))
def test_a_quarter_by_itself_is_a_question(store: Store, tmp_path: Path, place: str, quarter: str) -> None:
    """It was read as the months since January."""
    content = QUARTERLY[place].format(quarter=quarter)
    held = take(store, tmp_path, content)
    assert held.held
    assert questions(held) == [("quarters-unknown", "季度" if place == "column" else "", "2024-06-30")]
    assert held.folder is not None
    assert "quarters: '?'" in (held.folder / "mapping.yaml").read_text(encoding="utf-8")
    take(store, tmp_path, content, "quarters: alone")
    assert periods(store) == [("2024-06-30", 3)]


@pytest.mark.parametrize("place", list(QUARTERLY))
def test_quarters_may_count_from_january(store: Store, tmp_path: Path, place: str) -> None:
    take(store, tmp_path, QUARTERLY[place].format(quarter="2"), "quarters: from_january")
    assert periods(store) == [("2024-06-30", 6)]


def test_a_first_quarter_and_a_column_of_months_leave_nothing_to_ask(store: Store, tmp_path: Path) -> None:
    first = take(store, tmp_path, f"统一社会信用代码,年份,季度,从业人数\n{A},2024,第一季度,5\n")
    assert (first.held, first.findings) == (False, [])
    second = take(store, tmp_path, f"统一社会信用代码,报告期,月数,从业人数\n{A},2024-06-30,6,5\n")
    assert (second.held, second.findings) == (False, [])
    assert periods(store) == [("2024-03-31", 3), ("2024-06-30", 6)]


def test_from_january_needs_an_end(store: Store, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="mapping-invalid") as refused:
        take(store, tmp_path, f"统一社会信用代码,从业人数\n{A},5\n", "period: {year: 2024, months: from_january}")
    assert "from_january" in str(refused.value.values["problems"])
