"""Files as they arrive made into rows of text: encodings, delimiters, one way for CSV and workbooks."""

from __future__ import annotations

import csv
import io
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from data.encodings import hashed_encoding
from data.file_names import readable
from data.mapping import Mapping
from data.refusal import Refusal
from data.staging import file_state

BLOCK = 2 << 20
"""Bytes read at a time. A CSV row (so also a cell) must fit into one block: memory does not follow the file.

Arrow reads 32 blocks ahead: with four times as much, a file of 300 MB took 170 MiB more memory than one of 100 MB.
"""
TOP_ROWS = 60
TOP_BYTES = 1 << 20
MAX_COLUMNS = 4_096
_NO_ROWS = np.array([], np.int64)
DELIMITERS = {",": "comma", "\t": "tab", ";": "semicolon", "|": "bar", "\uff0c": "full-comma"}
"""With the code of each: it stands for a word in a catalogue."""


@dataclass(frozen=True)
class Chunk:
    """Some rows: string columns "0", "1" ... and the row number of each as a spreadsheet counts.

    `broken` are rows whose number of cells differs from the header's: row number and text.
    """

    cells: pa.Table
    numbers: np.ndarray
    broken: list[tuple[int, str]] = field(default_factory=list)


class RawSheet(Protocol):
    """One sheet before its header is known: the first rows, and all rows in chunks of text.

    `hidden_rows` counts the rows that a spreadsheet would not show (-1: nobody can tell), `hidden` is about the sheet.
    """

    name: str
    top: list[list[str]]
    merged: list[tuple[int, int, int, int]]
    epoch_1904: bool
    hidden_rows: int
    hidden: bool
    unvalued: dict[tuple[int, int], str]
    share: float

    def chunks(self, width: int) -> Iterator[Chunk]:
        """All rows from the first on, each padded or checked to `width` cells."""


@dataclass(frozen=True)
class Received:
    """A file as received: its name, the SHA-256 of its bytes, how it was read and its sheets."""

    path: Path
    sha256: str
    form: str
    encoding: str
    delimiter: str
    sheets: list[RawSheet]
    state: tuple[int, int]

    @property
    def name(self) -> str:
        """The file's name, readable in any encoding."""
        return readable(self.path.name)

    def refuse_changed(self) -> None:
        """Refuse a file that somebody wrote to while it was read: its hash and its rows would not belong together."""
        if not self.path.exists() or file_state(self.path) != self.state:
            raise Refusal("intake-file-changed", file=self.name)


class CsvSheet:
    """A delimited text file as a sheet; reads the file anew each time it is asked for its rows."""

    merged: list[tuple[int, int, int, int]]
    epoch_1904 = False
    hidden_rows = 0
    hidden = False
    unvalued: dict[tuple[int, int], str]

    def __init__(self, path: Path, encoding: str, delimiter: str, top: list[list[str]]) -> None:
        self.name, self.merged, self.unvalued, self.share = "", [], {}, 0.0
        self.path, self.encoding, self.delimiter, self.top = path, encoding, delimiter, top

    def chunks(self, width: int) -> Iterator[Chunk]:
        """All rows as chunks of text, a block each."""
        if len(self.delimiter.encode()) > 1:
            with self.path.open(encoding=self.encoding, newline="") as text:
                yield from chunks_of(csv.reader(text, delimiter=self.delimiter), width)
            return
        broken: list[tuple[int, str]] = []

        def put_aside(row: pyarrow.csv.InvalidRow) -> str:
            broken.append((row.number, row.text))
            return "skip"

        names = [str(position) for position in range(width)]
        reading = pyarrow.csv.ReadOptions(use_threads=False, block_size=BLOCK, column_names=names)
        parsing = pyarrow.csv.ParseOptions(
            delimiter=self.delimiter,
            newlines_in_values=True,
            ignore_empty_lines=False,
            invalid_row_handler=put_aside,
        )
        converting = pyarrow.csv.ConvertOptions(
            column_types={name: pa.string() for name in names},
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
            null_values=[""],
        )
        following, size = 1, self.path.stat().st_size
        try:
            with (
                pa.OSFile(os.fsencode(self.path)) as file,
                self._utf8(file) as text,
                pyarrow.csv.open_csv(text, reading, parsing, converting) as reader,
            ):
                for batch in reader:
                    numbers = _numbers(following, batch.num_rows, [number for number, _ in broken])
                    following = int(numbers[-1]) + 1 if batch.num_rows else following
                    self._refuse_swallowed(batch, numbers)
                    self.share = min(1.0, file.tell() / size)
                    yield self._chunk(pa.Table.from_batches([batch]), numbers, broken)
                    broken.clear()
        except pa.ArrowInvalid as error:
            raise _csv_refusal(self.path, error, following) from error
        if broken:
            yield self._chunk(pa.table({name: pa.array([], pa.string()) for name in names}), _NO_ROWS, broken)

    def _chunk(self, cells: pa.Table, numbers: np.ndarray, broken: list[tuple[int, str]]) -> Chunk:
        """A chunk; rows that are only longer than the header by blank cells at their end are whole."""
        width, whole, left = cells.num_columns, list[list[str]](), list[tuple[int, str]]()
        mended: list[int] = []
        for number, text in broken:
            row = next(csv.reader(io.StringIO(text, newline=""), delimiter=self.delimiter), [])
            if len(row) > width and not any(cell.strip() for cell in row[width:]):
                whole.append(row)
                mended.append(number)
            else:
                left.append((number, text))
        if not whole:
            return Chunk(cells, numbers, left)
        added = _chunk(whole, mended, [], width)
        numbers = np.concatenate([numbers, added.numbers])
        order = np.argsort(numbers)
        return Chunk(pa.concat_tables([cells, added.cells]).take(pa.array(order)), numbers[order], left)

    def _refuse_swallowed(self, batch: pa.RecordBatch, numbers: np.ndarray) -> None:
        """Refuse a quotation mark left open that took whole rows into one cell."""
        for column in batch.columns:
            for at in np.flatnonzero(
                pc.fill_null(pc.match_substring(column, "\n"), False).to_numpy(zero_copy_only=False)
            ):
                lines = column[at].as_py().split("\n")
                if len(batch.columns) > 2 and any(
                    line.count(self.delimiter) >= len(batch.columns) - 1 for line in lines
                ):
                    raise Refusal("intake-csv-broken", file=self.path.name, row=int(numbers[at]), cause='"')

    def _utf8(self, file: pa.NativeFile) -> pa.NativeFile:
        """The file's text as UTF-8. Arrow reads and recodes: Python's own streams leave memory in pieces behind."""
        recode = self.encoding not in ("utf-8", "utf-8-sig")
        return pa.transcoding_input_stream(file, self.encoding, "utf-8") if recode else file


def chunks_of(rows: Iterator[list[str]], width: int, size: int = 20_000) -> Iterator[Chunk]:
    """Chunks of rows that Python already holds as lists of text, counted from row 1."""
    held: list[Sequence[str | None]] = []
    numbers: list[int] = []
    broken: list[tuple[int, str]] = []
    for number, row in enumerate(rows, start=1):
        if 0 < len(row) < width or any(cell.strip() for cell in row[width:]):
            broken.append((number, "\t".join(row)))
        else:
            held.append(row[:width] or [None] * width)
            numbers.append(number)
        if len(held) + len(broken) >= size:
            yield _chunk(held, numbers, broken, width)
            held, numbers, broken = [], [], []
    if held or broken:
        yield _chunk(held, numbers, broken, width)


def _chunk(
    held: Sequence[Sequence[str | None]], numbers: list[int], broken: list[tuple[int, str]], width: int
) -> Chunk:
    columns = {str(at): pa.array([row[at] or None for row in held], pa.string()) for at in range(width)}
    return Chunk(pa.table(columns), np.array(numbers, np.int64), broken)


def _numbers(first: int, rows: int, broken: list[int]) -> np.ndarray:
    """The row numbers of the next rows, leaving out those put aside."""
    span = np.arange(first, first + rows + len(broken), dtype=np.int64)
    return span[~np.isin(span, np.array(broken, np.int64))][:rows] if broken else span


def open_csv(path: Path, start: bytes, mapping: Mapping | None) -> Received:
    """Open delimited text; `start` holds its first bytes. Refuses unreadable bytes, NULs, endless rows and columns."""
    state = file_state(path)
    sha256, encoding = hashed_encoding(path, start, mapping.encoding if mapping else None)
    text = start.decode(encoding, errors="ignore")
    if "\n" not in text and "\r" not in text and len(start) == TOP_BYTES:
        raise Refusal("intake-row-too-long", file=path.name, row=1, limit_bytes=BLOCK)
    text = text if len(start) < TOP_BYTES else text[: text.rfind("\n") + 1] or text
    delimiter = (mapping.delimiter if mapping else None) or _delimiter(text)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        top = [row for _, row in zip(range(TOP_ROWS), reader, strict=False)]
    except csv.Error as error:
        raise Refusal("intake-csv-broken", file=path.name, row=1, cause=str(error)) from error
    widest = max(map(len, top), default=0)
    if widest > MAX_COLUMNS:
        raise Refusal("intake-too-many-columns", file=path.name, columns=widest, limit=MAX_COLUMNS)
    if not any(cell.strip() for row in top for cell in row):
        raise Refusal("intake-file-empty", file=path.name)
    return Received(path, sha256, "csv", encoding, delimiter, [CsvSheet(path, encoding, delimiter, top)], state)


def _delimiter(text: str) -> str:
    """The delimiter that splits the first lines most evenly; a comma where nothing does."""
    lines = [line for line in text.splitlines()[:TOP_ROWS] if line.strip()][:40]

    def evenness(delimiter: str) -> tuple[int, int]:
        counts = Counter(line.count(delimiter) for line in lines if delimiter in line)
        return max(((times, cells) for cells, times in counts.items()), default=(0, 0))

    best = max(DELIMITERS, key=lambda one: (evenness(one)[0], evenness(one)[1]))
    return best if evenness(best)[0] else ","


def _csv_refusal(path: Path, error: pa.ArrowInvalid, row: int) -> Refusal:
    told = str(error)
    if "straddling" in told:
        return Refusal("intake-row-too-long", file=path.name, row=row, limit_bytes=BLOCK)
    return Refusal("intake-csv-broken", file=path.name, row=row, cause=told.splitlines()[0][:200])
