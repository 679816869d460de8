"""Layouts as offices make them: headers of three rows, groups, numbered columns, merged cells, long sheets."""

from __future__ import annotations

import contextlib
from pathlib import Path

import openpyxl
import pytest
import xlwt

from data.intake import Intake, take_in
from data.legacy_workbooks import hidden_rows
from data.refusal import Refusal
from data.store import Store

A, B, C = "91310000132260250X", "914403001922038216", "91440300708461136T"


def book(tmp_path: Path, rows: list[list[object]], merged: tuple[str, ...] = ()) -> Path:
    made = openpyxl.Workbook()
    made.active.title = "表"
    for row in rows:
        made.active.append(row)
    for cells in merged:
        made.active.merge_cells(cells)
    made.save(tmp_path / "表.xlsx")
    return tmp_path / "表.xlsx"


def text(tmp_path: Path, content: str) -> Path:
    (tmp_path / "表.csv").write_text(content, encoding="utf-8")
    return tmp_path / "表.csv"


def take(store: Store, path: Path, **more: object) -> Intake:
    return take_in(store, path, actor="tests", **more)  # type: ignore[arg-type]


def told(result: Intake) -> list[tuple[str, int, str]]:
    return [(finding.code, finding.row, finding.column) for finding in result.findings]


def figures(store: Store, field: str) -> dict[tuple[str, str], float]:
    reports = store.read("reports").dropna(subset=[field])
    return {(one.enterprise_id, str(one.period_end)): getattr(one, field) for one in reports.itertuples()}


def test_a_header_of_three_rows_under_a_title(store: Store, tmp_path: Path) -> None:
    rows = [
        ["2024年度情况表 单位:万元"],
        ["统一社会信用代码", "企业名称", "主要指标"],
        [None, None, "营业收入", None, "利润总额", None],
        [None, None, "本年", "上年同期", "本年", "上年同期"],
        [A, "甲", 1, 2, 3, 4],
    ]
    merged = ("A1:F1", "A2:A4", "B2:B4", "C2:F2", "C3:D3", "E3:F3")
    result = take(store, book(tmp_path, rows, merged))
    assert (result.rows, result.accepted, result.findings) == (1, 1, [])
    assert figures(store, "revenue_cny") == {(A, "2024-12-31"): 1e4, (A, "2023-12-31"): 2e4}
    assert figures(store, "total_profit_cny") == {(A, "2024-12-31"): 3e4, (A, "2023-12-31"): 4e4}


def test_a_title_over_merged_cells_is_no_header(store: Store, tmp_path: Path) -> None:
    """`单位:万元` over six columns was taken for six known headers, and the sheet was not read."""
    rows: list[list[object]] = [
        ["长宁区重点企业2024年度情况表"],
        ["单位:万元"],
        ["序号", "统一社会信用代码", "企业名称", "营业收入"],
        [None, None, None, "本年", "上年同期"],
        [1, A, "甲", 1, 2],
    ]
    result = take(store, book(tmp_path, rows, ("A1:E1", "A2:E2", "A3:A4", "B3:B4", "C3:C4", "D3:E3")))
    assert (result.rows, result.accepted, result.findings) == (1, 1, [])
    assert figures(store, "revenue_cny") == {(A, "2024-12-31"): 1e4, (A, "2023-12-31"): 2e4}


def test_a_sheet_s_name_tells_its_year_where_no_title_does(store: Store, tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    for year in (2023, 2024):
        sheet = made.create_sheet(f"{year}年")
        sheet.append(["统一社会信用代码", "营业收入(万元)"])
        sheet.append([A, year])
    made.active.append(["单位", "人数"])
    made.active.append(["某局", 5])
    made.save(tmp_path / "表.xlsx")
    result = take(store, tmp_path / "表.xlsx")
    assert [(one.code, one.sheet, one.severity) for one in result.findings] == [("sheet-not-read", "Sheet", "warning")]
    assert figures(store, "revenue_cny") == {(A, f"{year}-12-31"): year * 1e4 for year in (2023, 2024)}


@pytest.mark.parametrize("delimiter", [",", "\uff0c"])
def test_rows_of_another_width(store: Store, tmp_path: Path, delimiter: str) -> None:
    """Blank cells at the end are no cells, a total or a note is no fact; what else is of another width is put aside."""
    rows = [
        "统一社会信用代码,企业名称,年份,从业人数",
        f"{A},甲,2023,5,,",
        f"{A},甲,2024,6",
        f"{B},乙,2024",
        f"{B},乙,2024,5,,7",
        ",",
        "",
        "合计,,11",
        "注:以上由各企业自行填报并经街道核对",
    ]
    result = take(store, text(tmp_path, "\n".join(row.replace(",", delimiter) for row in rows) + "\n"))
    assert (result.rows, result.accepted, result.rejected, result.set_aside) == (8, 2, 2, 4)
    errors = [(one.code, one.row) for one in result.findings if one.severity == "error"]
    assert errors == [("row-width", 4), ("row-width", 5)]
    notes = [one.row for one in result.findings if one.code == "row-total-or-note"]
    assert notes == [8, 9]
    assert figures(store, "employees") == {(A, "2023-12-31"): 5, (A, "2024-12-31"): 6}
    assert store.read("reports").source_row.tolist() == [2, 3]


def test_a_note_may_be_longer_than_a_code(store: Store, tmp_path: Path) -> None:
    note = "注:本表由各企业自行填报,未经审计,仅供参考"
    result = take(store, text(tmp_path, f"统一社会信用代码,年份,从业人数\n{A},2024,6\n{note},,\n"))
    assert (result.accepted, result.rejected, result.set_aside) == (1, 0, 1)


def test_texts_that_a_program_guarded_from_a_spreadsheet(store: Store, tmp_path: Path) -> None:
    row = ",".join(f'="{cell}"' for cell in (A, "甲有限公司", "2020-01-02", "2024", "3400"))
    result = take(store, text(tmp_path, f"统一社会信用代码,企业名称,成立日期,年份,营业收入(万元)\n{row}\n"))
    assert {one.severity for one in result.findings} == {"note"}
    assert figures(store, "revenue_cny") == {(A, "2024-12-31"): 34_000_000}
    known = store.read("enterprises").iloc[0]
    assert (known["name"], str(known.established_on)) == ("甲有限公司", "2020-01-02")


def test_the_same_header_twice_cannot_be_answered_by_a_mapping(store: Store, tmp_path: Path) -> None:
    result = take(store, text(tmp_path, f"统一社会信用代码,年份,从业人数,从业人数\n{A},2024,6,6\n"))
    (question,) = result.findings
    assert (question.code, question.values["same"]) == ("column-ambiguous", "yes")


def test_a_group_of_columns_gives_its_unit_and_the_numbers_below_are_no_row(store: Store, tmp_path: Path) -> None:
    path = text(
        tmp_path,
        "2024年度,,,,\n基本情况,,财务指标(千元),,人员情况\n统一社会信用代码,企业名称,营业收入,利润总额,从业人数\n"
        f"甲,乙,1,2,3\n{A},甲,900,6,7\n",
    )
    result = take(store, path)
    assert (result.rows, result.accepted, result.set_aside) == (2, 1, 1)
    assert told(result) == [("row-numbers-columns", 4, "")]
    assert figures(store, "revenue_cny") == {(A, "2024-12-31"): 900e3}


def test_a_parent_that_says_something_is_not_dropped(store: Store, tmp_path: Path) -> None:
    """The parent company's revenue is not the enterprise's."""
    path = text(tmp_path, f"统一社会信用代码,年份,母公司,\n,,营业收入(万元),从业人数\n{A},2024,5,7\n")
    with pytest.raises(Refusal, match="intake-no-fields"):
        take(store, path)


def test_a_merged_cell_speaks_for_all_its_rows_unless_it_is_a_figure(store: Store, tmp_path: Path) -> None:
    rows = [
        ["统一社会信用代码", "企业名称", "年份", "营业收入(万元)", "注册资本(万元)", "从业人数"],
        [A, "甲", 2023, 100, 100, 5],
        [None, None, 2024, 200, None, None],
        [B, "乙", 2024, 600, 1, 7],
        [C, "丙", 2024, 600, 1, None],
    ]
    result = take(store, book(tmp_path, rows, ("A2:A3", "B2:B3", "E2:E3", "F2:F3", "F4:F5")))
    assert told(result) == [("figure-over-rows", 2, "从业人数"), ("figure-over-rows", 4, "从业人数")]
    assert figures(store, "revenue_cny")[(A, "2024-12-31")] == 2e6
    assert figures(store, "employees") == {}
    known = store.read("enterprises")
    assert known[known.enterprise_id == A].registered_capital_cny.max() == 1e6
    assert known[known.enterprise_id == A].name.tolist() == ["甲", "甲"]


@pytest.mark.parametrize("titles", [("2024年", "2023年"), ("本年数", "上年数"), ("2024年(金额)", "2023年(金额)")])
def test_a_row_for_each_item_and_a_column_for_each_year(store: Store, tmp_path: Path, titles: tuple[str, str]) -> None:
    path = text(
        tmp_path,
        f"2024年度情况,,,,\n统一社会信用代码,指标名称,计量单位,{','.join(titles)}\n"
        f"{A},营业收入,万元,500,600\n{A},从业人数,人,5,6\n{B},营业收入,万元,700,\n{B},,万元,1,\n",
    )
    result = take(store, path)
    assert figures(store, "revenue_cny") == {
        (A, "2024-12-31"): 5e6, (A, "2023-12-31"): 6e6, (B, "2024-12-31"): 7e6,
    }  # fmt: skip
    assert figures(store, "employees") == {(A, "2024-12-31"): 5, (A, "2023-12-31"): 6}
    (long,) = [finding for finding in result.findings if finding.code == "sheet-long"]
    assert long.values == {"rows": 4, "made": 2}
    (unread,) = [finding for finding in result.findings if finding.code == "columns-not-read"]
    assert all("?" in str(column) for column in unread.values["columns"])  # type: ignore[attr-defined]


def test_long_sheets_fill_merged_cells_and_keep_broken_rows(store: Store, tmp_path: Path) -> None:
    rows = [["统一社会信用代码", "年份", "指标", "单位", "数值"], [A, 2024, "营业收入", "万元", 500],
            [None, None, "从业人数", "人", 5]]  # fmt: skip
    take(store, book(tmp_path, rows, ("A2:A3", "B2:B3")))
    assert figures(store, "employees") == {(A, "2024-12-31"): 5}
    path = text(tmp_path, f"统一社会信用代码,年份,指标,数值\n{A},2024,从业人数,5\n{B},2024,从业人数,5,6\n")
    result = take(store, path)
    assert (result.accepted, result.rejected) == (1, 1)
    broken = next(finding for finding in result.findings if finding.severity == "error")
    assert (broken.code, broken.row, broken.values["width"]) == ("row-width", 3, 4)


def test_a_question_about_the_period_and_one_about_the_unit_come_together(store: Store, tmp_path: Path) -> None:
    result = take(store, text(tmp_path, f"统一社会信用代码,营业收入\n{A},3200\n{B},4100\n{A},5000\n"))
    assert told(result) == [("period-unknown", 0, ""), ("unit-missing", 0, "营业收入")]
    assert (result.held, result.rejected) == (True, 0)
    assert result.folder is not None
    draft = (result.folder / "mapping.yaml").read_text(encoding="utf-8")
    assert "year: '?'" in draft
    assert "营业收入: '?'" in draft


def test_hidden_rows_of_a_legacy_workbook_are_told_by_sheet(store: Store, tmp_path: Path) -> None:
    made = xlwt.Workbook()
    for name, hidden in (("一", 0), ("二", 40)):
        sheet = made.add_sheet(name)
        for column, cell in enumerate(["统一社会信用代码", "年份", "从业人数"]):
            sheet.write(0, column, cell)
        for row in range(1, 101):
            for column, cell in enumerate([A, 1900 + row, 5]):
                sheet.write(row, column, cell)
            sheet.row(row).hidden = row <= hidden
    made.get_sheet(1).visibility = 1
    made.save(str(tmp_path / "旧.xls"))
    result = take(store, tmp_path / "旧.xls", dry_run=True)
    found = [(f.code, f.sheet, f.values.get("count")) for f in result.findings if "hidden" in f.code]
    assert found == [("rows-hidden", "二", 40), ("sheet-hidden", "二", None)]


@pytest.mark.parametrize("at", [30, 48, 76, 512, 600])
def test_a_legacy_workbook_with_a_damaged_frame_never_hangs(tmp_path: Path, at: int) -> None:
    made = xlwt.Workbook()
    made.add_sheet("表").write(0, 0, "x")
    made.save(str(tmp_path / "x.xls"))
    content = bytearray((tmp_path / "x.xls").read_bytes())
    assert hidden_rows(bytes(content)) == [0]
    content[at : at + 4] = b"\x07\x00\x00\x00"
    with contextlib.suppress(ValueError):  # the reader then says that nobody can tell
        assert len(hidden_rows(bytes(content))) <= 1
    with pytest.raises(ValueError, match=r"end|unpack|sector|Workbook"):
        hidden_rows(bytes(content[:700]))


@pytest.mark.parametrize(
    ("title", "end"),
    [
        ("2024年度", "2024-12-31"), ("2024年1-6月", "2024-06-30"), ("2024年上半年", "2024-06-30"),
        ("2024年前三季度", "2024-09-30"), ("截至2024年6月30日", "2024-06-30"), ("2024-12-31", "2024-12-31"),
        ("2024年6月", ""), ("2024-06", ""), ("2024/6/29", ""), ("2024-2025年度", ""), ("2025年申报企业2024年情况", ""),
        ("填报日期:2024年6月30日", ""), ("根据某府发〔2020〕5号文件填报", ""),
    ],
)  # fmt: skip
def test_a_title_tells_the_period_or_it_is_asked(store: Store, tmp_path: Path, title: str, end: str) -> None:
    """A month, a day of filling in, the number of a document, or two years are no period: never guessed."""
    result = take(store, text(tmp_path, f"{title},,\n统一社会信用代码,营业收入(万元),从业人数\n{A},300,5\n"))
    assert result.held == (not end)
    assert [str(day) for day in store.read("reports").period_end] == ([end] if end else [])


@pytest.mark.parametrize(("kind", "recognised"), [("{column: 资质}", [A]), ("高新技术企业", [A, B])])
def test_blank_cells_state_nothing_unless_the_mapping_says_what_all_are(
    store: Store, tmp_path: Path, kind: str, recognised: list[str]
) -> None:
    """In a list of one certificate's holders a blank date undoes nothing; a blank certificate is none."""
    mapping = tmp_path / "m.yaml"
    unread = "" if "column" in kind else "ignore: [资质]\n"
    mapping.write_text(
        "mulu_mapping: 1\nidentifier: {column: 代码, scheme: uscc}\nknown_on: 2025-01-31\ntables:\n"
        "  enterprises: {name: {column: 名称}}\n"
        f"  recognitions: {{kind: {kind}, granted_on: {{column: 发证日}}}}\n{unread}",
        encoding="utf-8",
    )
    file = text(tmp_path, f"代码,名称,资质,发证日\n{A},甲,高新技术企业,2024-11-20\n{B},乙,,\n")
    result = take(store, file, mapping=mapping)
    assert (result.accepted, len(store.read("enterprises"))) == (2, 2)
    assert sorted(store.read("recognitions").enterprise_id) == recognised


@pytest.mark.parametrize(
    ("title", "revenue"),
    [("单位:万元、人", 3e6), ("单位:人、千元", 3e5), ("金额单位:人民币万元", 3e6), ("计量单位:人", None)],
)
def test_a_title_may_name_several_units(store: Store, tmp_path: Path, title: str, revenue: float | None) -> None:
    result = take(store, text(tmp_path, f"2024年度 {title},,\n统一社会信用代码,营业收入,从业人数\n{A},300,5\n"))
    assert result.held == (revenue is None)
    assert store.read("reports").revenue_cny.tolist() == ([revenue] if revenue else [])
