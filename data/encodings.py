"""Which encoding a text file is in, found by reading all of it; in none: refused, with the byte that broke it."""

from __future__ import annotations

import codecs
import hashlib
from pathlib import Path

import numpy as np

from data.refusal import Refusal

SCANNED = 1 << 20
"""Bytes read at a time."""
ENOUGH_UTF8 = 8
"""So many characters beyond ASCII in a row are no accident: a file that breaks after them is UTF-8 with a fault, though
GB18030 could read it as nonsense.
"""
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_LEGACY = ("gbk", "gb18030")


def hashed_encoding(path: Path, start: bytes, asked: str | None) -> tuple[str, str]:
    """SHA-256 of the file's bytes and the encoding that reads all of them: by its mark, else UTF-8, GBK, GB18030.

    `start` are the file's first bytes, `asked` the mapping's word. Refuses NUL bytes (`intake-nul`) and a file that
    none reads (`intake-encoding`), naming the byte.
    """
    if asked is not None:
        try:
            codecs.lookup(asked)
        except LookupError as error:
            raise Refusal("intake-encoding-unknown", encoding=asked) from error
    marked = next((name for bom, name in _BOMS if start.startswith(bom)), None)
    first = asked or marked or "utf-8"
    digest, failed_at = _read_as(path, first)
    if failed_at is None:
        return digest, first
    failed = {first: failed_at}
    if asked or marked or _utf8_before(path, failed_at):
        raise _unreadable(path, failed)
    for name in _LEGACY:
        _, failed_at = _read_as(path, name)
        if failed_at is None:
            return digest, name
        failed[name] = failed_at
    raise _unreadable(path, failed)


def _read_as(path: Path, encoding: str) -> tuple[str, int | None]:
    """SHA-256 of the file and the place of the first byte that the encoding cannot read (None: it reads all)."""
    decoder = codecs.getincrementaldecoder(encoding)()
    nul_allowed = encoding.lower().replace("_", "-").startswith(("utf-16", "utf-32"))
    digest, offset, failed_at = hashlib.sha256(), 0, None
    with path.open("rb") as stream:
        while True:
            block = stream.read(SCANNED)
            digest.update(block)
            if not nul_allowed and (place := block.find(b"\0")) >= 0:
                raise Refusal("intake-nul", file=path.name, offset=offset + place)
            if failed_at is None:
                held = len(decoder.getstate()[0])
                try:
                    decoder.decode(block, final=not block)
                except UnicodeDecodeError as error:
                    failed_at = offset - held + error.start
            if not block:
                return digest.hexdigest(), failed_at
            offset += len(block)


def _utf8_before(path: Path, offset: int) -> bool:
    """Whether the bytes before a place hold so much UTF-8 that the file must be meant as such."""
    with path.open("rb") as stream:
        stream.seek(max(0, offset - SCANNED))
        before = np.frombuffer(stream.read(min(offset, SCANNED)), np.uint8)
    return int((before >= 0xC0).sum()) >= ENOUGH_UTF8


def _unreadable(path: Path, failed: dict[str, int]) -> Refusal:
    """The refusal: of the encodings tried the one that came furthest, its byte and the line it stands in."""
    encoding = max(failed, key=lambda name: failed[name])
    offset = failed[encoding]
    lines = 1
    with path.open("rb") as stream:
        left = offset
        while left > 0 and (block := stream.read(min(left, SCANNED))):
            lines, left = lines + block.count(b"\n"), left - len(block)
        byte = stream.read(1)
    told = f"0x{byte.hex().upper()}" if byte else "-"
    return Refusal(
        "intake-encoding", file=path.name, tried=list(failed), encoding=encoding, offset=offset, byte=told, line=lines
    )
