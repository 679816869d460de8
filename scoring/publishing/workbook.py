"""Tables as spreadsheets: CSV that no spreadsheet program executes, and formatted XLSX workbooks.

A table is a list of columns and rows of plain values. Money comes in yuan and leaves in 万元, as a number.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from wcwidth import wcswidth

from scoring.publishing.sealed_zip import sealed

Kind = Literal["text", "count", "number", "points", "percent", "money_cny", "date"]

_FORMATS = {
    "count": "#,##0",
    "number": "#,##0.##",
    "points": "#,##0.0",
    "percent": "0.0%",
    "money_cny": "#,##0.00",
    "date": "yyyy-mm-dd",
}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_LINE = Side(style="thin", color="BFBFBF")
_FONT = "宋体"
_TITLE = Font(name=_FONT, size=16, bold=True)
_HEAD = Font(name=_FONT, size=11, bold=True, color="FFFFFF")
_HEAD_FILL = PatternFill("solid", fgColor="1F4E79")
_BODY = Font(name=_FONT, size=11)
_NOTE = Font(name=_FONT, size=10, color="595959")
_FRAME = Border(_LINE, _LINE, _LINE, _LINE)


@dataclass(frozen=True)
class Column:
    """One column: its heading, and what its values are. `money_cny` values are yuan, shown in 万元."""

    heading: str
    kind: Kind = "text"


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, a title line, the columns, the rows, and notes under the table."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[object, ...], ...]
    notes: tuple[str, ...] = ()


def csv_bytes(columns: Sequence[Column], rows: Sequence[Sequence[object]]) -> bytes:
    """The table as CSV: UTF-8 with byte-order mark, CRLF, text that a spreadsheet would execute made inert."""
    sink = io.StringIO(newline="")
    writer = csv.writer(sink, lineterminator="\r\n")
    writer.writerow([inert(column.heading) for column in columns])
    for row in rows:
        writer.writerow([_csv_cell(value, column) for value, column in zip(row, columns, strict=True)])
    return b"\xef\xbb\xbf" + sink.getvalue().encode()


def inert(text: str) -> str:
    """Text that no spreadsheet program takes for a formula: one that would begin so gets an apostrophe before it.

    >>> inert("=1+1"), inert("＠SUM(A1)"), inert("上海示例")
    ("'=1+1", "'＠SUM(A1)", '上海示例')
    """
    begins = text.lstrip(" \u3000")[:1]
    return f"'{text}" if begins and begins in "=+-@\t\r\n＝＋－＠|" else text


def workbook_bytes(sheets: Sequence[Sheet], written_on: str, subject: str) -> bytes:
    """The sheets as one XLSX file with frozen, repeated headings, for A4 or, where wide, A3; always the same bytes."""
    book = Workbook()
    book.remove(book.active)
    for sheet in sheets:
        _fill(book.create_sheet(sheet.name), sheet)
    book.properties.title = subject
    book.properties.creator = "mulu"
    sink = io.BytesIO()
    book.save(sink)
    return sealed(sink.getvalue(), written_on)


def _fill(page: Worksheet, sheet: Sheet) -> None:
    width = len(sheet.columns)
    _put(page.cell(1, 1), sheet.title)
    page.merge_cells(start_row=1, start_column=1, end_row=1, end_column=width)
    _style(page.cell(1, 1), _TITLE, Alignment(horizontal="center", vertical="center", wrap_text=True))
    page.row_dimensions[1].height = 36
    for at, column in enumerate(sheet.columns, start=1):
        cell = page.cell(2, at)
        _put(cell, column.heading)
        _style(cell, _HEAD, Alignment(horizontal="center", vertical="center", wrap_text=True), _FRAME)
        cell.fill = _HEAD_FILL
    page.row_dimensions[2].height = 30
    _rows(page, sheet)
    for offset, note in enumerate(sheet.notes):
        cell = page.cell(len(sheet.rows) + 4 + offset, 1)
        _put(cell, note)
        _style(cell, _NOTE, Alignment(wrap_text=True, vertical="top"))
        page.merge_cells(start_row=cell.row, start_column=1, end_row=cell.row, end_column=width)
        page.row_dimensions[cell.row].height = 15 * (1 + wcswidth(note) // 110)
    _size(page, sheet)
    # A wide table keeps its first two columns in sight, and takes a wider sheet of paper.
    wide = width > 12
    page.freeze_panes = "C3" if wide else "A3"
    if sheet.rows:
        page.auto_filter.ref = f"A2:{get_column_letter(width)}{len(sheet.rows) + 2}"
    page.print_title_rows = "2:2"
    page.page_setup.orientation = "landscape" if width > 6 else "portrait"
    page.page_setup.paperSize = page.PAPERSIZE_A3 if wide else page.PAPERSIZE_A4
    page.print_title_cols = "A:B" if wide else None
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 2 if wide else 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.oddFooter.center.text = "&P / &N"


def _rows(page: Worksheet, sheet: Sheet) -> None:
    """The rows, each cell with the format of its column; a cell's style is copied from the first row's."""
    for number, row in enumerate(sheet.rows, start=3):
        for at, (value, column) in enumerate(zip(row, sheet.columns, strict=True), start=1):
            cell = page.cell(number, at)
            _put(cell, _money(value, column))
            if number > 3:
                cell._style = page.cell(3, at)._style
                continue
            _style(cell, _BODY, _across(column), _FRAME)
            cell.number_format = _FORMATS.get(column.kind, "@")


def _across(column: Column) -> Alignment:
    """Words from the left, numbers to the right, each off the frame."""
    words = column.kind == "text"
    return Alignment(horizontal="left" if words else "right", vertical="center", wrap_text=words, indent=1)


def _style(cell: Cell, font: Font, alignment: Alignment, border: Border | None = None) -> None:
    cell.font, cell.alignment = font, alignment
    if border is not None:
        cell.border = border


def _size(page: Worksheet, sheet: Sheet) -> None:
    """Columns wide enough for their content, within reason: a Chinese character takes two cells."""
    for at, column in enumerate(sheet.columns):
        shown = [column.heading, *(_shown(row[at], column) for row in sheet.rows[:500])]
        widest = max((wcswidth(text) for text in shown), default=8)
        page.column_dimensions[get_column_letter(at + 1)].width = min(max(widest + 4, 8), 42)


def _put(cell: Cell, value: object) -> None:
    """Write a value; text stays text even when it begins like a formula, and loses what a sheet cannot hold."""
    if isinstance(value, str):
        cell.value = _CONTROL.sub("", value)
        cell.data_type = "s"
    elif value is not None and not (isinstance(value, float) and math.isnan(value)):
        cell.value = value


def _money(value: object, column: Column) -> object:
    if column.kind == "money_cny" and isinstance(value, (int, float)):
        return round(value / 10_000, 2)
    return value


def _shown(value: object, column: Column) -> str:
    value = _money(value, column)
    return f"{value:,.2f}" if isinstance(value, float) else str("" if value is None else value)


def _csv_cell(value: object, column: Column) -> object:
    value = _money(value, column)
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").rstrip(".")
    return inert(value) if isinstance(value, str) else value
