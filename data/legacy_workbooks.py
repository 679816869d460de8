"""What a legacy workbook (XLS) hides: read from its records, which the reader of its cells passes over.

An XLS file is a compound file (MS-CFB) whose stream `Workbook` is a chain of records (MS-XLS): the sheets' positions
and states in BOUNDSHEET8, the state of each row in ROW.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

_END = 0xFFFFFFFA
"""Sector numbers from here on are no sectors but marks."""
_BOUNDSHEET, _ROW, _EOF = 0x0085, 0x0208, 0x000A
_HIDDEN_ROW = 0x20
_STREAMS = ("Workbook", "Book")
_SMALL = 4096


def hidden_rows(content: bytes) -> list[int]:
    """How many rows each sheet hides, in the order of the sheets; raises ValueError where it cannot be followed."""
    try:
        book = _workbook_stream(content)
        starts = [struct.unpack_from("<I", data)[0] for kind, data in _records(book, 0) if kind == _BOUNDSHEET]
        return [_hidden_in(book, start) for start in starts]
    except (struct.error, IndexError) as error:
        raise ValueError(str(error)) from error


def _hidden_in(book: bytes, start: int) -> int:
    """ROW: number, first and last column, height, two unused words, then the flags."""
    return sum(kind == _ROW and bool(data[12] & _HIDDEN_ROW) for kind, data in _records(book, start))


def _records(book: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records of one substream, to its end."""
    while True:
        kind, size = struct.unpack_from("<HH", book, at)
        yield kind, book[at + 4 : at + 4 + size]
        if kind == _EOF:
            return
        at += 4 + size


def _workbook_stream(content: bytes) -> bytes:
    sector = 1 << struct.unpack_from("<H", content, 30)[0]
    if sector not in (512, 4096):
        raise ValueError("sector size")
    first_directory, _, _, first_small, _, first_difat = struct.unpack_from("<6I", content, 48)
    tables = list(struct.unpack_from("<109I", content, 76))
    while first_difat < _END:
        more = struct.unpack_from(f"<{sector // 4}I", content, (first_difat + 1) * sector)
        tables += more[:-1]
        first_difat = more[-1]
        if len(tables) > len(content) // sector:
            raise ValueError("DIFAT without end")
    chain: list[int] = []
    for table in tables:
        if table < _END:
            chain += struct.unpack_from(f"<{sector // 4}I", content, (table + 1) * sector)

    def stream(first: int, size: int) -> bytes:
        return _chained(content, chain, first, sector, sector, size)

    directory = stream(first_directory, len(content))
    small_chain: list[int] = []
    small = b""
    for at in range(0, len(directory) - 127, 128):
        length, kind, start, size = _entry(directory, at)
        if kind == 5:  # the root's stream holds the small ones
            small = stream(start, size)
            table = stream(first_small, len(content)) if first_small < _END else b""
            small_chain = list(struct.unpack(f"<{len(table) // 4}I", table[: len(table) // 4 * 4]))
        elif kind == 2 and directory[at : at + max(0, length - 2)].decode("utf-16-le", "replace") in _STREAMS:
            return stream(start, size) if size >= _SMALL else _chained(small, small_chain, start, 64, 0, size)
    raise ValueError("no stream Workbook")


def _entry(directory: bytes, at: int) -> tuple[int, int, int, int]:
    """Length of the name in bytes, kind, first sector and size of a directory entry."""
    (length,) = struct.unpack_from("<H", directory, at + 64)
    start, size = struct.unpack_from("<II", directory, at + 116)
    return length, directory[at + 66], start, size


def _chained(content: bytes, chain: list[int], first: int, sector: int, skipped: int, size: int) -> bytes:
    parts: list[bytes] = []
    while first < _END and len(parts) * sector < size:
        parts.append(content[skipped + first * sector : skipped + (first + 1) * sector])
        if len(parts) > len(chain):
            raise ValueError("a chain of sectors without end")
        first = chain[first]
    return b"".join(parts)[:size]
