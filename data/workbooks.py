"""Workbooks (XLSX and legacy XLS) as sheets of text, after a look inside that bounds what opening them can cost."""

from __future__ import annotations

import hashlib
import html
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

import python_calamine

from data.findings_workbook import MARK
from data.legacy_workbooks import hidden_rows
from data.mapping import Mapping
from data.reading import MAX_COLUMNS, TOP_ROWS, Chunk, Received, chunks_of
from data.refusal import Refusal
from data.staging import file_state

MAX_UNPACKED = 768 << 20
MAX_XLS = 256 << 20
MAX_CELLS = 60_000_000
_BROKEN_ZIP = (
    *(zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, RuntimeError),
    *(EOFError, OSError, ValueError, KeyError),
)
"""All that Python's own reader raises on damaged archives."""
_CELL = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"')
_ROW_HIDDEN = re.compile(rb'<row [^>]*hidden="(?:1|true)"')
_UNVALUED = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>]*><f[^>]*>([^<]*)</f>(?:<v\s*/>|<v></v>)?</c>')


class WorkbookSheet:
    """One sheet of an opened workbook."""

    def __init__(
        self, sheet: python_calamine.CalamineSheet, name: str, inside: _Inside, epoch_1904: bool, hidden: bool
    ) -> None:
        self._sheet, self.name, self.epoch_1904, self.share, self.hidden = sheet, name, epoch_1904, 0.0, hidden
        self.hidden_rows, self.unvalued = inside.hidden_rows, inside.unvalued
        first_row, first_column = sheet.start or (0, 0)
        self._above, self._left = first_row, first_column
        self.width = sheet.total_width
        self.merged = [(start[0], start[1], end[0], end[1]) for start, end in (sheet.merged_cell_ranges or [])]
        self.top = [row for _, row in zip(range(TOP_ROWS), self._rows(), strict=False)]

    def chunks(self, width: int) -> Iterator[Chunk]:
        """All rows as text."""
        height = max(1, self._sheet.total_height)
        for chunk in chunks_of(self._rows(), width):
            self.share = min(1.0, float(chunk.numbers[-1]) / height) if len(chunk.numbers) else self.share
            yield chunk

    def _rows(self) -> Iterator[list[str]]:
        for _ in range(self._above):
            yield []
        margin = [""] * self._left
        for row in self._sheet.iter_rows():
            yield margin + [cell_text(cell) for cell in row]


class _Inside:
    """What a look inside a sheet found; -1 hidden rows: nobody can tell."""

    def __init__(self, hidden: int = 0) -> None:
        self.hidden_rows = hidden
        self.unvalued: dict[tuple[int, int], str] = {}


def open_workbook(path: Path, mapping: Mapping | None) -> Received:
    """Open a workbook. Refuses one that would unpack beyond memory, is encrypted, damaged or no workbook."""
    state = file_state(path)
    with path.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    inside: dict[int, _Inside] = {}
    epoch_1904, form = False, "xls"
    if zipfile.is_zipfile(path):
        form = "xlsx"
        inside, epoch_1904 = _look_inside(path)
    elif path.stat().st_size > MAX_XLS or _starts_with_pk(path):
        raise Refusal("intake-workbook-broken", file=path.name, cause="zip")
    else:
        inside = _hidden_in_legacy(path)
    nothing = _Inside(0 if form == "xlsx" else -1)
    try:
        book = python_calamine.load_workbook(str(path))
        sheets = [
            WorkbookSheet(
                book.get_sheet_by_name(meta.name),
                meta.name,
                inside.get(position, nothing),
                epoch_1904,
                meta.visible != python_calamine.SheetVisibleEnum.Visible,
            )
            for position, meta in enumerate(book.sheets_metadata)
            if meta.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]
    except python_calamine.PasswordError as error:
        raise Refusal("intake-workbook-encrypted", file=path.name) from error
    except python_calamine.CalamineError as error:
        raise Refusal("intake-workbook-broken", file=path.name, cause=str(error)[:200]) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # what the reader raises where its own code gave up
            raise
        raise Refusal("intake-workbook-broken", file=path.name, cause=str(error)[:200]) from error
    sheets = _chosen(path, sheets, mapping)
    for sheet in sheets:
        if sheet.width > MAX_COLUMNS:
            raise Refusal("intake-too-many-columns", file=path.name, columns=sheet.width, limit=MAX_COLUMNS)
    return Received(path, sha256, form, "", "", list(sheets), state)


def _hidden_in_legacy(path: Path) -> dict[int, _Inside]:
    """The hidden rows of a legacy workbook; none known where its records cannot be followed."""
    try:
        return {position: _Inside(count) for position, count in enumerate(hidden_rows(path.read_bytes()))}
    except ValueError:
        return {}


def _starts_with_pk(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(2) == b"PK"


def _chosen(path: Path, sheets: list[WorkbookSheet], mapping: Mapping | None) -> list[WorkbookSheet]:
    if mapping and mapping.sheets:
        missing = sorted(set(mapping.sheets) - {sheet.name for sheet in sheets})
        if missing:
            raise Refusal("intake-sheet-missing", file=path.name, sheets=missing, known=[one.name for one in sheets])
        sheets = [sheet for sheet in sheets if sheet.name in mapping.sheets]
    filled = [sheet for sheet in sheets if any(cell.strip() for row in sheet.top for cell in row)]
    if not filled:
        raise Refusal("intake-file-empty", file=path.name)
    return filled


def cell_text(cell: object) -> str:
    """A cell as the text a person would have typed: whole numbers without a point, days as ISO dates.

    >>> cell_text(6513.0), cell_text(0.1), cell_text(date(2020, 2, 24)), cell_text(True)
    ('6513', '0.1', '2020-02-24', '是')
    """
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return "" if cell is None else str(cell)


def _look_inside(path: Path) -> tuple[dict[int, _Inside], bool]:
    """Unpack every part in passing, counting: what it holds decides whether a reader may open the file at all."""
    inside: dict[int, _Inside] = {}
    epoch_1904, unpacked = False, 0
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if not any(name.lower() == "xl/workbook.xml" for name in names):
                raise Refusal("intake-binary", file=path.name, kind="zip")
            if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
                raise _bomb(path)
            worksheets = _sheet_parts(archive)
            for part in archive.infolist():
                sheet = inside.setdefault(worksheets[part.filename], _Inside()) if part.filename in worksheets else None
                with archive.open(part) as stream:
                    scan = _Scan(path, sheet)
                    while block := stream.read(1 << 20):
                        unpacked += len(block)
                        if unpacked > MAX_UNPACKED:
                            raise _bomb(path)
                        scan.feed(block)
                if part.filename.lower() == "docprops/core.xml" and MARK.encode() in archive.read(part):
                    raise Refusal("intake-findings-workbook", file=path.name)
                if part.filename.lower() == "xl/workbook.xml":
                    epoch_1904 = re.search(rb'date1904="(?:1|true)"', archive.read(part)) is not None
    except _BROKEN_ZIP as error:
        raise Refusal("intake-workbook-broken", file=path.name, cause=str(error)[:200]) from error
    return inside, epoch_1904


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, int]:
    """Which part of the archive holds which sheet, by the sheet's position in the workbook."""
    try:
        book = archive.read("xl/workbook.xml").decode("utf-8", "replace")
        links = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    except KeyError:
        return {}
    targets = {}
    for tag in re.findall(r"<Relationship [^>]*>", links):
        name, target = re.search(r'Id="([^"]*)"', tag), re.search(r'Target="([^"]*)"', tag)
        if name and target:
            targets[name[1]] = target[1].lstrip("/") if target[1].startswith("/") else f"xl/{target[1]}"
    parts = {}
    for position, tag in enumerate(re.findall(r"<sheet [^>]*>", book)):
        link = re.search(r'r:id="([^"]*)"', tag)
        if link and link[1] in targets:
            parts[targets[link[1]]] = position
    return parts


class _Scan:
    """Looks at one part as it streams by: how large the sheet's rectangle is, hidden rows, formulas without value."""

    def __init__(self, path: Path, sheet: _Inside | None) -> None:
        self._path, self._sheet, self._rest = path, sheet, b""
        self._right = self._bottom = 0

    def feed(self, block: bytes) -> None:
        if self._sheet is None:
            return
        text = self._rest + block
        cut = text.rfind(b"</row>") + 6
        if cut < 6:
            cut = max(0, len(text) - 4096)
        text, self._rest = text[:cut], text[cut:][-(1 << 20) :]
        for letters, number in _CELL.findall(text):
            self._bottom = max(self._bottom, int(number))
            if len(letters) > 1 or letters > b"Z":
                self._right = max(self._right, _column(letters))
        if max(self._right, 26) * self._bottom > MAX_CELLS:
            raise Refusal(
                "intake-sheet-too-large", file=self._path.name, cells=max(self._right, 26) * self._bottom,
                limit=MAX_CELLS,
            )  # fmt: skip
        self._sheet.hidden_rows += len(_ROW_HIDDEN.findall(text))
        if b"<f" in text and len(self._sheet.unvalued) < 10_000:
            for letters, number, formula in _UNVALUED.findall(text):
                self._sheet.unvalued[(int(number), _column(letters) - 1)] = html.unescape(
                    formula.decode("utf-8", "replace")
                )


def _column(letters: bytes) -> int:
    """The number of a column from its letters: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _bomb(path: Path) -> Refusal:
    return Refusal("intake-unpacks-too-large", file=path.name, limit_bytes=MAX_UNPACKED)
