"""The first look at a file: what kind it is by its own bytes, whatever its name says."""

from __future__ import annotations

from pathlib import Path

from data.mapping import Mapping
from data.reading import TOP_BYTES, Received, open_csv
from data.refusal import Refusal
from data.workbooks import open_workbook

_MAGIC = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf", "7z"),
    (b"Rar!", "RAR"),
    (b"PAR1", "Parquet"),
)


def receive(path: Path, mapping: Mapping | None) -> Received:
    """Open a file for reading. Refuses what is missing, empty, binary, no table, or would not fit into memory."""
    if not path.exists():
        raise Refusal("intake-file-missing", path=str(path))
    if not path.is_file():
        raise Refusal("intake-not-a-file", path=str(path))
    try:
        with path.open("rb") as stream:
            start = stream.read(TOP_BYTES)
    except OSError as error:
        raise Refusal("intake-file-unreadable", path=str(path), cause=error.strerror or str(error)) from error
    if not start.strip():
        raise Refusal("intake-file-empty", file=path.name)
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return open_workbook(path, mapping)
    for magic, name in _MAGIC:
        if start.startswith(magic):
            raise Refusal("intake-binary", file=path.name, kind=name)
    if start[:4096].lstrip().lower().startswith((b"<html", b"<!doctype html", b"<?xml", b"<table", b"<meta")):
        raise Refusal("intake-html", file=path.name)
    return open_csv(path, start, mapping)
