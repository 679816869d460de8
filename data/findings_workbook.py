"""Findings as a workbook: a list of them, and the rows they are about with the cells marked; and where it may lie."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import IllegalCharacterError
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet.properties import PageSetupProperties

from data.findings import Finding, Findings
from data.plausibility import DOUBTS

COLOURS: dict[str, str] = {"question": "FFE0B2", "error": "F8BBB0", "warning": "FFF3B0", "note": "D6E8FA"}
"""Fills of the cells by severity; readable in grey as well, since the list names each."""
MOST_ROWS = 10_000
WIDEST = 60
"""Letters; a longer text is folded."""
LINE, MOST_LINES = 15, 8
"""Height of a line in points, and how many a folded text may take."""
MEASURED = 500
"""Rows by which a column's width is found."""
_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\]")
MARK = "mulu-findings"
"""Stands among the workbook's keywords, so that intake knows it again: it repeats rows of the file it is about."""


def write_workbook(
    path: Path,
    findings: Sequence[Finding],
    report: Findings,
    sentence: Callable[[Finding], str],
    titles: Mapping[str, str],
) -> None:
    """Write the list of findings and, for each sheet, the rows concerned with the offending cells coloured.

    `sentence` makes the words of a finding, `titles` the words of the workbook: this floor has none. Every cell is
    inert text: nothing received is taken for a formula.
    """
    book = Workbook(write_only=True)
    book.properties.keywords = MARK
    columns = ("severity", "file", "sheet", "row", "column", "before", "after", "text", "code")
    listed = [_line(one, report, titles, sentence) for one in findings]
    sheet = _new_sheet(book, titles["list"], "A2", [[titles[name] for name in columns], *listed])
    for at_row, (line, one) in enumerate(zip(listed, findings, strict=True), start=2):
        fill = COLOURS[one.severity]
        _append(sheet, at_row, [_cell(sheet, word, fill if at == 0 else "") for at, word in enumerate(line)])
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(listed) + 1}"
    marks: dict[tuple[str, int], dict[str, str]] = {}
    for one in reversed(findings):
        if one.row:
            marks.setdefault((one.sheet, one.row), {})[one.column] = one.severity
    for number, (name, headers) in enumerate(report.headers.items(), start=1):
        rows = sorted(row for sheet, row in report.rows if sheet == name)[:MOST_ROWS]
        if rows:
            received: list[list[str | int]] = [
                [row, *(cell or "" for cell in report.rows[(name, row)])] for row in rows
            ]
            title = _NOT_IN_TITLES.sub(" ", f"{titles['rows']} {name or number}")[:31]
            sheet = _new_sheet(book, title, "B2", [[titles["row"], *headers], *received])
            for at_row, line in enumerate(received, start=2):
                marked = marks.get((name, int(line[0])), {})
                fills = [marked.get("", ""), *(marked.get(header, "") for header in headers)]
                cells = zip(line, fills, strict=False)
                _append(sheet, at_row, [_cell(sheet, word, COLOURS.get(severity, "")) for word, severity in cells])
    book.save(path)


def _line(
    one: Finding, report: Findings, titles: Mapping[str, str], sentence: Callable[[Finding], str]
) -> list[str | int]:
    """A finding's line in the list. A doubt is about figures in yuan: its cell is shown as received."""
    before, after = (report.received(one), "") if one.code in DOUBTS else (one.before, one.after)
    severity = titles[f"severity-{one.severity}"]
    return [severity, one.file, one.sheet, one.row or "", one.column, before, after, sentence(one), one.code]


def _new_sheet(book: Workbook, title: str, frozen: str, lines: Sequence[Sequence[str | int]]) -> WriteOnlyWorksheet:
    """A sheet with its header, columns as wide as what they hold (to a limit), made to be printed across a page."""
    sheet = book.create_sheet(title)
    sheet.freeze_panes = frozen
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    for at in range(len(lines[0])):
        widest = max(_width(str(line[at])) for line in lines[:MEASURED] if at < len(line))
        sheet.column_dimensions[get_column_letter(at + 1)].width = min(WIDEST, widest + 2)
    sheet.append([_cell(sheet, word, bold=True) for word in lines[0]])
    return sheet


def _append(sheet: WriteOnlyWorksheet, row: int, cells: Sequence[WriteOnlyCell]) -> None:
    """Add a row, as high as its longest text needs when folded."""
    longest = max((_width(cell.value) for cell in cells if isinstance(cell.value, str)), default=0)
    if longest > WIDEST - 2:
        sheet.row_dimensions[row].height = LINE * min(MOST_LINES, -(-longest // (WIDEST - 2)))
    sheet.append(cells)


def _width(text: str) -> int:
    """How many Latin letters a text is wide."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text[: WIDEST * MOST_LINES])


def reserve(folder: Path, file: str) -> Path | None:
    """A new, empty file for the findings about a file: `NAME.findings.xlsx`, or the first `NAME.findings-2.xlsx` ...
    that does not exist: nothing is ever overwritten. None where the folder takes no file.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as name:
    ...     [reserve(Path(name), "年报.csv").name for _ in range(2)]
    ['年报.findings.xlsx', '年报.findings-2.xlsx']
    """
    for number in count(1):
        path = folder / f"{Path(file).stem}.findings{'' if number == 1 else f'-{number}'}.xlsx"
        try:
            path.open("xb").close()
        except FileExistsError:
            continue
        except OSError:
            return None
        return path
    return None


def _cell(sheet: WriteOnlyWorksheet, value: object, colour: str = "", *, bold: bool = False) -> WriteOnlyCell:
    try:
        cell = WriteOnlyCell(sheet, value)
    except IllegalCharacterError:
        cell = WriteOnlyCell(sheet, "".join(letter for letter in str(value) if letter.isprintable()))
    cell.alignment = Alignment(vertical="top", wrap_text=_width(str(value)) > WIDEST - 2)
    if isinstance(value, str):
        cell.data_type = "s"
    if colour:
        cell.fill = PatternFill("solid", start_color=colour)
    if bold:
        cell.font = Font(name="Calibri", size=11, bold=True)
    return cell
