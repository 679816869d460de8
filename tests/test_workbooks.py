"""Workbooks: sheets, titles, two header rows, hidden rows, formulas, serial days, legacy files, and bombs."""

from __future__ import annotations

import datetime as dt
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlwt

from data.intake import Intake, take_in
from data.refusal import Refusal
from data.store import Store

A, B, C = "91310000132260250X", "914403001922038216", "91440300708461136T"


def book(tmp_path: Path, fill: Callable[[openpyxl.Workbook], None], name: str = "年报.xlsx") -> Path:
    made = openpyxl.Workbook()
    fill(made)
    made.save(tmp_path / name)
    return tmp_path / name


def take(store: Store, path: Path, **more: object) -> Intake:
    return take_in(store, path, actor="tests", **more)  # type: ignore[arg-type]


def told(result: Intake) -> list[tuple[str, str, int, str]]:
    return [(f.code, f.sheet, f.row, f.column) for f in result.findings]


def test_merged_titles_a_two_row_header_and_cells_of_every_kind(store: Store, tmp_path: Path) -> None:
    def fill(made: openpyxl.Workbook) -> None:
        sheet = made.active
        sheet.title = "汇总"
        sheet.append(["2024年度长宁区重点企业情况表(单位:万元)"])
        sheet.merge_cells("A1:F1")
        sheet.append(["统一社会信用代码", "企业名称", "成立日期", "营业收入", None, "从业人数"])
        sheet.merge_cells("D2:E2")
        sheet.append([None, None, None, "2023年", "2024年", None])
        sheet.append([A, "甲有限公司", dt.date(2010, 5, 1), 1234.5, "2,000", 12])
        sheet.append([B, "乙有限公司", 40299, 70, 80.0, "9人"])  # 40299 days after 1899-12-30 is 2010-05-01

    result = take(store, book(tmp_path, fill))
    assert sorted(told(result)) == [("date-serial", "汇总", 5, "成立日期"), ("value-repaired", "汇总", 5, "从业人数")]
    reports = store.read("reports")
    figures = {(r.enterprise_id, str(r.period_end)): (r.revenue_cny, r.employees) for r in reports.itertuples()}
    assert figures[(A, "2023-12-31")][0] == 12_345_000
    assert figures[(A, "2024-12-31")][0] == 20_000_000
    assert figures[(B, "2024-12-31")][0] == 800_000
    assert store.read("enterprises").established_on.tolist() == [dt.date(2010, 5, 1)] * 2
    assert store.read("enterprises").source_row.tolist() == [4, 5]


def test_several_sheets_and_one_that_is_none(store: Store, tmp_path: Path) -> None:
    def fill(made: openpyxl.Workbook) -> None:
        made.active.title = "说明"
        made.active.append(["本表由各街道填报"])
        for year, code in ((2023, A), (2024, B)):
            sheet = made.create_sheet(str(year))
            sheet.append([f"{year}年度"])
            sheet.append(["统一社会信用代码", "营业收入(万元)"])
            sheet.append([code, 5])

    result = take(store, book(tmp_path, fill))
    assert told(result) == [("sheet-not-read", "说明", 0, "")]
    assert [str(day) for day in store.read("reports").period_end] == ["2023-12-31", "2024-12-31"]


def test_a_mapping_chooses_sheets(store: Store, tmp_path: Path) -> None:
    def fill(made: openpyxl.Workbook) -> None:
        for name in ("一", "二"):
            sheet = made.create_sheet(name)
            sheet.append(["统一社会信用代码", "年份", "营业收入(万元)"])
            sheet.append([A, 2024, 5])

    path = book(tmp_path, fill)
    chosen = tmp_path / "m.yaml"
    chosen.write_text("mulu_mapping: 1\nsheets: [二]\n", encoding="utf-8")
    assert take(store, path, mapping=chosen).rows == 1
    chosen.write_text("mulu_mapping: 1\nsheets: [三]\n", encoding="utf-8")
    with pytest.raises(Refusal, match="intake-sheet-missing"):
        take(store, path, mapping=chosen)


def test_hidden_rows_are_read_and_told(store: Store, tmp_path: Path) -> None:
    def fill(made: openpyxl.Workbook) -> None:
        sheet = made.active
        for row in (["统一社会信用代码", "年份", "营业收入(万元)"], [A, 2024, 5], [B, 2024, 6]):
            sheet.append(row)
        sheet.row_dimensions[3].hidden = True

    result = take(store, book(tmp_path, fill))
    assert told(result) == [("rows-hidden", "Sheet", 0, "")]
    assert result.accepted == 2


def test_a_formula_gives_its_cached_value_or_a_finding(store: Store, tmp_path: Path) -> None:
    def fill(made: openpyxl.Workbook) -> None:
        sheet = made.active
        sheet.append(["统一社会信用代码", "年份", "营业收入(万元)", "利润总额(万元)"])
        sheet.append([A, 2024, "=2*3", 1])

    path = book(tmp_path, fill)  # openpyxl computes nothing: there is no cached value
    result = take(store, path)
    assert told(result) == [("formula-without-value", "Sheet", 2, "营业收入(万元)")]
    assert result.findings[0].before == "=2*3"
    cached = tmp_path / "cached.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(cached, "w") as new:
        for part in old.namelist():
            new.writestr(part, old.read(part).replace(b"<f>2*3</f><v></v>", b"<f>2*3</f><v>6</v>").replace(b"<f>2*3</f><v/>", b"<f>2*3</f><v>6</v>").replace(b"<f>2*3</f><v />", b"<f>2*3</f><v>6</v>"))  # noqa: E501  # fmt: skip
    result = take(store, cached)
    assert told(result) == []
    assert 60_000.0 in store.read("reports").revenue_cny.tolist()


def test_the_1904_system_is_heeded(store: Store, tmp_path: Path) -> None:
    def fill(made: openpyxl.Workbook) -> None:
        made.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
        made.active.append(["统一社会信用代码", "企业名称", "成立日期"])
        made.active.append([A, "甲", 42423])

    take(store, book(tmp_path, fill))
    assert store.read("enterprises").established_on.tolist() == [dt.date(2020, 2, 24)]


def test_legacy_workbooks(store: Store, tmp_path: Path) -> None:
    made = xlwt.Workbook()
    sheet = made.add_sheet("表")
    for row, cells in enumerate(
        [["统一社会信用代码", "年份", "营业收入(千元)", "成立日期"], [A, 2024, 5.5, "2003年1月3日"]]
    ):
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
    made.save(str(tmp_path / "旧.xls"))
    result = take(store, tmp_path / "旧.xls")
    assert (result.form, result.accepted) == ("xls", 1)
    assert store.read("reports").revenue_cny.tolist() == [5500.0]


def test_a_code_that_a_spreadsheet_made_a_number_is_refused(store: Store, tmp_path: Path) -> None:
    def fill(made: openpyxl.Workbook) -> None:
        made.active.append(["统一社会信用代码", "年份", "营业收入(万元)"])
        made.active.append([914403001922038216, 2024, 5])
        made.active.append([A, 2024, 5])

    result = take(store, book(tmp_path, fill))
    assert (result.accepted, result.rejected) == (1, 1)
    assert result.findings[0].code in ("code-scientific", "code-check-character", "code-length")


def test_an_ordinary_zip_is_no_workbook(store: Store, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.xlsx", "w") as archive:
        archive.writestr("a.txt", "hello")
    with pytest.raises(Refusal, match="intake-binary"):
        take(store, tmp_path / "x.xlsx")


def test_a_cut_workbook_is_refused(store: Store, tmp_path: Path) -> None:
    path = book(tmp_path, lambda made: made.active.append(["统一社会信用代码"]))
    content = path.read_bytes()
    for end in (100, len(content) // 2, len(content) - 10):
        path.write_bytes(content[:end])
        with pytest.raises(Refusal, match="intake-workbook-broken"):
            take(store, path)


def bomb(path: Path, part: str, megabytes: int) -> None:
    """A workbook whose one part unpacks to so many megabytes of zeros, a few kilobytes on disk."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open(part, "w", force_zip64=True) as stream:
            for _ in range(megabytes):
                stream.write(b"0" * (1 << 20))


OPEN_IN_LITTLE_MEMORY = """
import resource, sys
from pathlib import Path
from data.opening import receive
from data.refusal import Refusal
import data.workbooks, pandas
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    receive(Path(sys.argv[1]), None)
except Refusal as refusal:
    print(refusal.code, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def opened_apart(path: Path) -> tuple[str, int]:
    """The refusal and how many megabytes opening the file took, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", OPEN_IN_LITTLE_MEMORY, str(path)], capture_output=True, text=True, check=False
    )
    code, megabytes = done.stdout.split()
    return code, int(megabytes)


def test_a_workbook_that_unpacks_to_gigabytes_is_refused_in_little_memory(tmp_path: Path) -> None:
    bomb(tmp_path / "bomb.xlsx", "xl/sharedStrings.xml", 900)
    assert (tmp_path / "bomb.xlsx").stat().st_size < 10_000_000
    code, megabytes = opened_apart(tmp_path / "bomb.xlsx")
    assert code == "intake-unpacks-too-large"
    assert megabytes < 100


def test_one_cell_at_the_far_corner_is_refused(tmp_path: Path) -> None:
    """XFD1048576 spans 17,000 million cells, which a reader would lay out in memory."""
    made = openpyxl.Workbook()
    made.active["A1"] = "统一社会信用代码"
    made.active["XFD1048576"] = "x"
    made.save(tmp_path / "corner.xlsx")
    code, megabytes = opened_apart(tmp_path / "corner.xlsx")
    assert code == "intake-sheet-too-large"
    assert megabytes < 100


def test_damaged_files_are_refused_or_read_and_never_crash(store: Store, tmp_path: Path) -> None:
    """Bytes changed, taken out and put in at random: a refusal or an intake whose rows add up, nothing else."""
    draw = random.Random(7)  # noqa: S311 (no secret)
    rows = [["统一社会信用代码", "企业名称", "年份", "营业收入(万元)"], [A, "甲", 2024, 5.5], [B, "乙", 2023, "2,000"]]

    def fill(made: openpyxl.Workbook) -> None:
        for row in rows:
            made.active.append(row)

    packed = book(tmp_path, fill).read_bytes()
    legacy = xlwt.Workbook()
    sheet = legacy.add_sheet("s")
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            sheet.write(at, column, cell)
    legacy.save(str(tmp_path / "l.xls"))
    text = "\n".join(",".join(map(str, row)) for row in rows).replace("2,000", "2000")
    seen = set()
    for content in (
        packed,
        (tmp_path / "l.xls").read_bytes(),
        text.encode(),
        text.encode("gbk"),
        text.encode("utf-16"),
    ):
        for _ in range(25):
            damaged = bytearray(content)
            for _ in range(draw.choice([1, 2, 5])):
                at = draw.randrange(len(damaged))
                damaged[at : at + draw.choice([0, 1, 9])] = bytes(
                    draw.randrange(256) for _ in range(draw.choice([0, 1, 3]))
                )
            (tmp_path / "damaged").write_bytes(bytes(damaged))
            try:
                result = take(store, tmp_path / "damaged", dry_run=True)
            except Refusal as refusal:
                seen.add(refusal.code)
            else:
                seen.add("read")
                assert result.rows == result.accepted + result.rejected + result.repeated + result.set_aside
    assert seen >= {"read", "intake-workbook-broken", "intake-encoding"}
