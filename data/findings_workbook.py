"""Findings as a workbook: a list of them, and the rows they are about with the cells marked; and where it may lie."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import count
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font, PatternFill
from openpyxl.utils.exceptions import IllegalCharacterError
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from data.findings import Finding, Findings

COLOURS: dict[str, str] = {"question": "FFE0B2", "error": "F8BBB0", "warning": "FFF3B0", "note": "D6E8FA"}
"""Fills of the cells by severity; readable in grey as well, since the list names each."""
MOST_ROWS = 10_000
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
    listed = book.create_sheet(titles["list"])
    listed.freeze_panes = "A2"
    columns = ("severity", "file", "sheet", "row", "column", "before", "after", "text", "code")
    listed.append([_cell(listed, titles[name], bold=True) for name in columns])
    for one in findings:
        place = (one.file, one.sheet, one.row or "", one.column, one.before, one.after)
        words = (titles[f"severity-{one.severity}"], *place, sentence(one), one.code)
        fill = COLOURS[one.severity]
        listed.append([_cell(listed, word, fill if at == 0 else "") for at, word in enumerate(words)])
    marks: dict[tuple[str, int], dict[str, str]] = {}
    for one in reversed(findings):
        if one.row:
            marks.setdefault((one.sheet, one.row), {})[one.column] = one.severity
    for number, (name, headers) in enumerate(report.headers.items(), start=1):
        rows = sorted(row for sheet, row in report.rows if sheet == name)[:MOST_ROWS]
        if not rows:
            continue
        sheet = book.create_sheet(f"{titles['rows']} {number}")
        sheet.freeze_panes = "B2"
        sheet.append([_cell(sheet, word, bold=True) for word in (titles["row"], *headers)])
        for row in rows:
            marked = marks.get((name, row), {})
            whole = marked.get("", "")
            cells = [_cell(sheet, row, COLOURS.get(whole, ""))]
            for header, cell in zip(headers, report.rows[(name, row)], strict=False):
                cells.append(_cell(sheet, cell or "", COLOURS.get(marked.get(header, ""), "")))
            sheet.append(cells)
    book.save(path)


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
    if isinstance(value, str):
        cell.data_type = "s"
    if colour:
        cell.fill = PatternFill("solid", start_color=colour)
    if bold:
        cell.font = Font(bold=True)
    return cell
