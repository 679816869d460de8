"""The workbook of findings as a person opens it: every row shown, its cells marked, its words readable."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from data.findings import Finding
from data.findings_workbook import COLOURS, WIDEST, write_workbook
from data.intake import take_in
from data.store import Store

A, B = "91310000132260250X", "914403001922038216"
SENTENCE = "营业收入约为上年的一万倍,很可能是单位写错了。请检查单位,必要时与企业联系核实,然后改正文件重新入库。"


@pytest.fixture
def written(store: Store, tmp_path: Path) -> Workbook:
    made = openpyxl.Workbook()
    made.active.title = "年报"
    made.active.append(["统一社会信用代码", "年份", "营业收入(万元)", "从业人数"])
    for row in ([A, 2023, 1200, 50], [A, 2024, 12000000, 80000], [A, 2023, 1200, 50], [B, 2024, 5, "约5"]):
        made.active.append(row)
    made.active.append(["合计"])
    made.save(tmp_path / "表.xlsx")
    result = take_in(store, tmp_path / "表.xlsx", actor="tests")
    words = ("file", "sheet", "list", "rows", "severity", "code", "text", "row", "column", "before", "after")
    titles = {name: name for name in words} | {f"severity-{name}": name for name in COLOURS}

    def sentence(one: Finding) -> str:
        return SENTENCE if one.code == "factor-against-last-year" else one.code

    assert result.report is not None
    write_workbook(tmp_path / "f.xlsx", result.findings, result.report, sentence, titles)
    return openpyxl.load_workbook(tmp_path / "f.xlsx")


def test_every_row_that_a_finding_names_is_shown_with_its_cell_marked(written: Workbook) -> None:
    """Rows told once the whole file was read (a step against last year, a repeated row) were not shown."""
    shown = {row[0].value: row for row in written["rows 年报"].iter_rows(min_row=2)}
    assert sorted(shown) == [3, 4, 5, 6]
    marked = {
        (number, cell.column): cell.fill.start_color.rgb[2:]
        for number, row in shown.items()
        for cell in row
        if cell.fill.fill_type
    }
    assert marked == {
        (3, 4): COLOURS["warning"],  # 12,000,000 万元 after 1,200 万元
        (4, 2): COLOURS["note"],  # repeats row 2
        (5, 5): COLOURS["warning"],
        (6, 1): COLOURS["note"],
    }


def test_a_doubt_shows_the_cell_as_received(written: Workbook) -> None:
    """It showed yuan as the text received, and what it was held against as the text read."""
    (line,) = [row for row in written["list"].iter_rows(values_only=True) if row[8] == "factor-against-last-year"]
    assert line[5:7] == ("12000000", None)


def test_columns_are_as_wide_as_their_words_and_long_sentences_are_folded(written: Workbook) -> None:
    sheet = written["list"]
    at = next(row[0].row for row in sheet.iter_rows() if row[7].value == SENTENCE)
    assert sheet.column_dimensions["H"].width == WIDEST
    assert sheet.cell(at, 8).alignment.wrap_text
    assert sheet.row_dimensions[at].height == 30  # 51 wide letters are 102 narrow ones, 58 go on a line
    assert written["rows 年报"].column_dimensions["B"].width == 20  # a code of 18 letters
    assert sheet.auto_filter.ref == f"A1:I{sheet.max_row}"
