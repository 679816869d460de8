"""Rows of one file about the same fact: what contradicts, what completes, what a person may decide."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import openpyxl
import pytest

from data.duplicates import Suspects
from data.intake import Intake, take_in
from data.store import Store

A, B, C = "91310000132260250X", "914403001922038216", "91440300708461136T"
HEAD = "统一社会信用代码,企业名称,年份,营业收入(万元),从业人数"


def take(store: Store, tmp_path: Path, lines: list[str], mapping: str = "") -> Intake:
    path = tmp_path / "年报.csv"
    path.write_text("\n".join([HEAD, *lines]), encoding="utf-8")
    spec = None
    if mapping:
        spec = tmp_path / "m.yaml"
        spec.write_text(f"mulu_mapping: 1\n{mapping}\n", encoding="utf-8")
    return take_in(store, path, mapping=spec, actor="tests")


def test_a_contradiction_names_the_column_and_both_texts(store: Store, tmp_path: Path) -> None:
    result = take(store, tmp_path, [f"{A},甲,2024,10,5", f"{A},甲,2024,11,5", f"{B},乙,2024,1,1"])
    told = [(f.file, f.row, f.column, f.before, f.values["other_row"], f.values["other"]) for f in result.findings]
    assert told == [
        ("年报.csv", 2, "营业收入(万元)", "10", 3, "11"),
        ("年报.csv", 3, "营业收入(万元)", "11", 2, "10"),
    ]
    assert (result.accepted, result.rejected) == (1, 2)
    assert store.read("reports").enterprise_id.tolist() == [B]
    assert store.read("enterprises").enterprise_id.tolist() == [B]


@pytest.mark.parametrize(("answer", "kept"), [("first", [10e4]), ("last", [12e4])])
def test_a_person_may_decide_which_row_counts(store: Store, tmp_path: Path, answer: str, kept: list[float]) -> None:
    lines = [f"{A},甲,2024,10,5", f"{A},甲,2024,11,5", f"{A},甲,2024,12,5"]
    result = take(store, tmp_path, lines, f"contradictions: {answer}")
    assert (result.accepted, result.rejected) == (1, 2)
    assert store.read("reports").revenue_cny.tolist() == kept
    assert result.rejects_file is not None
    assert result.rejects_file.read_text(encoding="utf-8-sig").count("row-contradicts") == 2


def test_rows_that_complete_each_other_both_count(store: Store, tmp_path: Path) -> None:
    lines = [f"{A},甲,2024,10,", f"{A},甲,2024,,5", f"{B},乙,2024,10,", f"{B},乙,2024,11,", f"{B},乙,2024,,7"]
    result = take(store, tmp_path, lines)
    assert (result.accepted, result.rejected) == (3, 2)  # the third row about B says nothing of revenue
    assert store.read("reports").sort_values("source_row").source_row.tolist() == [2, 3, 6]


def test_sheets_that_complete_each_other_both_count_and_those_that_do_not_name_the_sheet(
    store: Store, tmp_path: Path
) -> None:
    made = openpyxl.Workbook()
    money, people = made.active, made.create_sheet("人员")
    money.title = "财务"
    money.append(["统一社会信用代码", "年份", "营业收入(万元)", "从业人数"])
    money.append([A, 2024, 10, None])
    money.append([B, 2024, 20, 7])
    people.append(["统一社会信用代码", "年份", "从业人数"])
    people.append([A, 2024, 5])
    people.append([B, 2024, 8])
    made.save(tmp_path / "两表.xlsx")
    result = take_in(store, tmp_path / "两表.xlsx", actor="tests")
    assert [(f.sheet, f.row, f.values["other_sheet"], f.values["other"]) for f in result.findings] == [
        ("人员", 3, "财务", "7"), ("财务", 3, "人员", "8"),
    ]  # fmt: skip
    reports = store.read("reports")
    assert reports.enterprise_id.tolist() == [A, A]
    assert reports.revenue_cny.max() == 100_000
    assert reports.employees.max() == 5


def test_a_name_that_changes_within_the_file_is_told_and_kept(store: Store, tmp_path: Path) -> None:
    result = take(store, tmp_path, [f"{A},甲,2023,10,5", f"{A},新甲,2024,11,5"])
    (finding,) = result.findings
    assert (finding.code, finding.severity, finding.row, finding.before, finding.values["other"]) == (
        "registration-differs", "warning", 2, "甲", "新甲",
    )  # fmt: skip
    assert result.accepted == 2


def test_row_groups_keep_their_sheets_when_some_are_emptied(store: Store, tmp_path: Path) -> None:
    """The first sheet loses all its rows; what is told of the second still names the second and its column."""
    made = openpyxl.Workbook()
    one, two = made.active, made.create_sheet("二")
    for sheet, rows in (
        (one, [[A, 2024, 1], [A, 2024, 2]]), (two, [[B, 2023, 5000], [B, 2024, 0.5]]),
    ):  # fmt: skip
        sheet.append(["统一社会信用代码", "年份", "营业收入(万元)" if sheet is one else "销售收入(万元)"])
        for row in rows:
            sheet.append(row)
    made.save(tmp_path / "b.xlsx")
    result = take_in(store, tmp_path / "b.xlsx", actor="tests")
    (step,) = [f for f in result.findings if f.code == "factor-against-last-year"]
    assert (step.sheet, step.row, step.column, step.values["factor"], step.values["more"]) == (
        "二", 3, "销售收入(万元)", 10_000.0, False,
    )  # fmt: skip


def test_many_suspects_are_compared_in_portions_that_keep_facts_together() -> None:
    rows, facts = np.arange(10), np.repeat([3, 5, 9], [4, 5, 1])
    assert [portion.tolist() for portion in Suspects(rows, facts).portions(3)] == [[0, 1, 2, 3], [4, 5, 6, 7, 8], [9]]


def test_ten_thousand_contradictions_are_counted(store: Store, tmp_path: Path) -> None:
    path, spec = tmp_path / "f.csv", tmp_path / "m.yaml"
    lines = [f"E{n % 5000},{n}" for n in range(10_000)]
    path.write_text("\n".join(["码,人", *lines, "E9999,1"]), encoding="utf-8")
    spec.write_text(
        "mulu_mapping: 1\nidentifier: {column: 码, scheme: opaque}\nperiod: {year: 2024}\n"
        "tables: {reports: {employees: {column: 人}}}\n",
        encoding="utf-8",
    )
    result = take_in(store, path, mapping=spec, actor="tests")
    assert (result.rows, result.accepted, result.rejected, result.counts["error"]) == (10_001, 1, 10_000, 10_000)
    assert store.read("reports").enterprise_id.tolist() == ["E9999"]
