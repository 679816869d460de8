"""The synthetic district's files, written as a district office would receive them, faults and all.

Encodings, delimiters, units and layouts differ from year to year as they do in life; the faults planted are listed
with their file, row and the finding that intake owes for each.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import numpy as np
import pandas as pd
from openpyxl import Workbook

from data.synthetic_world import World, reference

HEADERS = {
    "revenue_cny": "营业收入",
    "main_business_revenue_cny": "主营业务收入",
    "total_profit_cny": "利润总额",
    "net_profit_cny": "净利润",
    "total_assets_cny": "资产总计",
    "total_liabilities_cny": "负债合计",
    "net_assets_cny": "所有者权益合计",
    "wages_cny": "应付职工薪酬",
    "tax_paid_cny": "实缴税费",
    "district_tax_cny": "区级税收",
    "employees": "从业人员期末人数",
    "insured_employees": "参保人数",
    "district_insured_employees": "区内参保人数",
    "rd_expense_cny": "研发费用",
    "hightech_revenue_cny": "高新技术产品收入",
    "rd_staff": "研发人员数",
    "graduates_hired": "吸纳高校应届毕业生人数",
    "masters_and_doctors": "硕博人数",
    "invention_patents": "有效发明专利数",
    "patent_filings": "专利申请数",
    "patent_grants": "专利授权数",
    "pct_filings": "PCT国际专利申请数",
    "software_copyrights": "软件著作权数量",
}
OFTEN_BLANK = ("hightech_revenue_cny", "rd_staff", "masters_and_doctors", "patent_filings", "software_copyrights")
YUAN_PER = {"元": 1.0, "千元": 1e3, "万元": 1e4}
CODE, NAME = "统一社会信用代码", "企业名称"


@dataclass(frozen=True)
class Look:
    """How one year's annual reports look: encoding, delimiter ("" for XLSX), unit, and where the unit stands."""

    encoding: str
    delimiter: str
    unit: str
    unit_in: str


LOOKS = (
    Look("utf-8-sig", ",", "万元", "header"),
    Look("gbk", ",", "千元", "title"),
    Look("gb18030", "\t", "元", "header"),
    Look("xlsx", "", "万元", "title"),
    Look("utf-16", "\t", "万元", "header"),
    Look("utf-8", ",", "万元", "header"),
)


@dataclass
class Desk:
    """Where files are put down: the folder, and the faults planted so far (file, row, enterprise_id, fault)."""

    folder: Path
    world: World
    faults: list[tuple[str, int, str, str]] = field(default_factory=list)

    def pick(self, rows: int, count: int) -> np.ndarray:
        """Positions of some rows, all different, the same for the same seed."""
        return np.sort(self.world.rng.choice(rows, min(count, rows), replace=False))

    def fault(self, file: str, row: int, enterprise_id: str, fault: str) -> None:
        """Note a planted fault; `row` counts as a spreadsheet does."""
        self.faults.append((file, row, enterprise_id, fault))


def annual_reports(desk: Desk) -> list[tuple[Path, date]]:
    """One file a year, late reports of the third last year and corrections of the second last; each with its date.

    A report is known on 31 May of the year after, when first quarters are too; late ones in
    November, corrections in October.
    """
    years, rng = desk.world.years, desk.world.rng
    looks = dict(
        zip(reversed(years), reversed([LOOKS[place % len(LOOKS)] for place in range(len(years))]), strict=True)
    )
    files = []
    for year in years:
        rows = desk.world.panel[desk.world.panel.year == year].drop(columns=["year"])
        answered = rng.random(len(rows)) > 0.04
        late = answered & (rng.random(len(rows)) < 0.03) & (year == years[-3])
        wrong = rows[answered & ~late].iloc[:: max(len(rows) // 40, 1)] if year == years[-2] else rows.iloc[:0]
        told = rows[answered & ~late].copy()
        told.loc[wrong.index, "revenue_cny"] *= 0.7
        path = desk.folder / f"年报{year}.{'xlsx' if looks[year].encoding == 'xlsx' else 'csv'}"
        _write_reports(desk, path, year, told, looks[year], planted=True)
        files.append((path, date(year + 1, 5, 31)))
        for extra, what, known_on in (
            (rows[late], "补报", date(year + 1, 11, 15)), (wrong, "更正", date(year + 1, 10, 20)),
        ):  # fmt: skip
            if len(extra):
                path = desk.folder / f"年报{year}{what}.csv"
                _write_reports(desk, path, year, extra, LOOKS[0], planted=False)
                files.append((path, known_on))
    return files


def _write_reports(desk: Desk, path: Path, year: int, rows: pd.DataFrame, look: Look, *, planted: bool) -> None:
    names = desk.world.enterprises.name.to_numpy()[rows.firm]
    sheet = pd.DataFrame({CODE: rows.enterprise_id.to_numpy(), NAME: names})
    for column, header in HEADERS.items():
        values = rows[column].to_numpy(dtype=float)
        if column.endswith("_cny"):
            values = np.round(values / YUAN_PER[look.unit], 0 if look.unit == "千元" else 2)
            header = f"{header}({look.unit})" if look.unit_in == "header" else header
        if column in OFTEN_BLANK:
            values = np.where(desk.world.rng.random(len(values)) < 0.06, np.nan, values)
        sheet[header] = values if column.endswith("_cny") else pd.array(values, dtype="Int64")
    title = (
        [f"长宁区企业年报 {year}年度({reference()['notice']})", f"单位:{look.unit}"] if look.unit_in == "title" else []
    )
    if planted:
        sheet = _with_faults(desk, path.name, desk.world.years[-1] - year, sheet, first_row=2 + len(title))
    _write(path, sheet, look.encoding, look.delimiter, title)


def _with_faults(desk: Desk, file: str, age: int, sheet: pd.DataFrame, first_row: int) -> pd.DataFrame:
    """The sheet with the faults that reports of this age (years before the newest) carry, each noted."""
    columns = [str(column) for column in sheet]
    head = {name: next(i for i, text in enumerate(columns) if text.split("(")[0] == HEADERS[name]) for name in HEADERS}
    rows: list[list[Any]] = sheet.astype(object).where(sheet.notna(), None).to_numpy().tolist()
    if age == 0:
        for column in [place for name, place in head.items() if name.endswith("_cny")]:
            for row in rows:
                row[column] = None if row[column] is None else f"{row[column]:,.2f}"
    # where ten or more people work, so that no check has a reason to look away
    sizeable = [place for place, row in enumerate(rows) if (row[head["employees"]] or 0) >= 10]
    free = iter(desk.pick(len(sizeable), 20))
    for fault in (fault for fault in FAULTS if fault.age == age):
        for place in [sizeable[next(free)] for _ in range(fault.count)]:
            target = len(rows) if fault.code == "duplicated-row" else place
            desk.fault(file, first_row + target, str(rows[place][0]), fault.code)
            rows[target : target + 1] = [fault.make(list(rows[place]), head)]
    return pd.DataFrame(rows, columns=columns, dtype=object)


@dataclass(frozen=True)
class Fault:
    """A kind of fault: in reports of which age, how many rows, and what it makes of a row's cells.

    `make` takes the cells (the first is the code) and the position of each field's column.
    """

    code: str
    age: int
    count: int
    make: Callable[[list[Any], dict[str, int]], list[Any]]


def _wrong_check_character(cells: list[Any], _head: dict[str, int]) -> list[Any]:
    return [cells[0][:17] + ("0" if cells[0][17] != "0" else "1"), *cells[1:]]


def _money_in_10k(cells: list[Any], head: dict[str, int]) -> list[Any]:
    """Filled in as 万元 where the sheet says 元."""
    for name, place in head.items():
        if name.endswith("_cny") and cells[place] is not None:
            cells[place] = round(cells[place] / 1e4, 2)
    return cells


def _changed(field_name: str, change: Callable[[list[Any], dict[str, int]], Any]) -> Callable[..., list[Any]]:
    """A fault that changes one field."""

    def make(cells: list[Any], head: dict[str, int]) -> list[Any]:
        cells[head[field_name]] = change(cells, head)
        return cells

    return make


_FULL_WIDTH = {ord(mark): ord(mark) + 0xFEE0 for mark in "0123456789.,"}

FAULTS = (
    Fault("check-character", 4, 6, _wrong_check_character),
    Fault("unit-slip", 3, 5, _money_in_10k),
    Fault("shifted-row", 2, 5, lambda cells, _: [None, *cells[:-1]]),
    Fault(
        "insured-above-employees", 2, 5, _changed("insured_employees", lambda cells, at: 3 * cells[at["employees"]] + 5)
    ),
    Fault("research-above-revenue", 1, 4, _changed("rd_expense_cny", lambda cells, at: 2.5 * cells[at["revenue_cny"]])),
    Fault("balance", 1, 4, _changed("net_assets_cny", lambda cells, at: 3 * cells[at["total_assets_cny"]] + 100)),
    Fault("lower-case-code", 1, 5, lambda cells, _: [cells[0].lower(), *cells[1:]]),
    Fault(
        "full-width-digits",
        0,
        4,
        _changed("revenue_cny", lambda cells, at: cells[at["revenue_cny"]].translate(_FULL_WIDTH)),
    ),
    Fault("about", 0, 3, _changed("wages_cny", lambda cells, at: f"约{cells[at['wages_cny']]}")),
    Fault("duplicated-row", 0, 4, lambda cells, _: cells),
)
"""What the planted faults are."""


def interim_reports(desk: Desk) -> list[tuple[Path, date | None]]:
    """First quarters and half-years, one file each over all years; the mapping says when each was known."""
    files: list[tuple[Path, date | None]] = []
    for months, name in ((3, "一季报"), (6, "半年报")):
        rows = desk.world.interim[desk.world.interim.period_months == months]
        sheet = pd.DataFrame(
            {
                CODE: rows.enterprise_id,
                NAME: desk.world.enterprises.name.to_numpy()[rows.firm],
                "期末": rows.period_end.dt.strftime("%Y-%m-%d"),
                "营业收入(万元)": (rows.revenue_cny / 1e4).round(2),
                "净利润(万元)": (rows.net_profit_cny / 1e4).round(2),
                "从业人员期末人数": rows.employees.astype(int),
            }
        )
        path = desk.folder / f"{name}.csv"
        _write(path, sheet.sort_values(["期末", CODE]), "gbk", ",", [])
        files.append((path, None))
    return files


def sheet_file(desk: Desk, name: str, rows: pd.DataFrame, headers: dict[str, str], encoding: str = "utf-8") -> Path:
    """One table under Chinese headers (`headers`: column -> header; others are left out); dates as 2026-06-30."""
    sheet = pd.DataFrame(
        {
            header: rows[column].dt.strftime("%Y-%m-%d") if rows[column].dtype.kind == "M" else rows[column]
            for column, header in headers.items()
        }
    )
    path = desk.folder / name
    title = [f"{path.stem}({reference()['notice']})"] if path.suffix == ".xlsx" else []
    _write(path, sheet, "xlsx" if path.suffix == ".xlsx" else encoding, ",", title)
    return path


def without_unit(desk: Desk) -> Path:
    """A late supplement whose money names no unit anywhere: intake must ask, and hold it."""
    year = desk.world.years[-1]
    rows = desk.world.panel[desk.world.panel.year == year].tail(25)
    sheet = pd.DataFrame(
        {
            CODE: rows.enterprise_id,
            "营业收入": (rows.revenue_cny / 1e4).round(1),
            "从业人员期末人数": rows.employees.astype(int),
        }
    )
    path = desk.folder / f"年报{year}补充(未注明单位).csv"
    _write(path, sheet, "utf-8", ",", [])
    desk.fault(path.name, 0, "", "no-unit")
    return path


def statistical_return(desk: Desk) -> Path:
    """A statistical return somebody sent along; the statistics law forbids its use, so intake must refuse it."""
    rows = desk.world.panel[desk.world.panel.year == desk.world.years[-1]].head(10)
    sheet = pd.DataFrame(
        {
            CODE: rows.enterprise_id,
            "营业收入(千元)": (rows.revenue_cny / 1e3).round(),
            "统计负责人": "演示",
            "填表人": "演示",
        }
    )
    path = desk.folder / "财务状况(联网直报).csv"
    _write(path, sheet, "utf-8", ",", ["表号:F203-1 财务状况 制定机关:国家统计局"])
    desk.fault(path.name, 0, "", "statistical-return")
    return path


def _write(path: Path, sheet: pd.DataFrame, encoding: str, delimiter: str, title: Sequence[str]) -> None:
    if encoding == "xlsx":
        book = Workbook(write_only=True)
        page = book.create_sheet(path.stem)
        for line in title:
            page.append([line])
        page.append(list(sheet.columns))
        plain = sheet.astype(object).where(sheet.notna(), None)
        for row in plain.itertuples(index=False, name=None):
            page.append(row)
        book.save(path)
        _settle(path)
        return
    with path.open("w", encoding=encoding, newline="") as stream:
        for line in title:
            stream.write(f"{line}{delimiter * (len(sheet.columns) - 1)}\n")
        sheet.to_csv(stream, sep=delimiter, index=False, lineterminator="\n")


def _settle(path: Path) -> None:
    """Write a workbook again without the time it was made: the same district must give the same bytes."""
    with ZipFile(path) as book:
        parts = {name: book.read(name) for name in sorted(book.namelist())}
    stamp = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
    parts["docProps/core.xml"] = stamp.sub(rb"\g<1>2026-01-01T00:00:00Z", parts["docProps/core.xml"])
    with ZipFile(path, "w", ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, ZIP_DEFLATED)
