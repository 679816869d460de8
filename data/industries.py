"""Industries by GB/T 4754-2017: names, sections and divisions of codes, and codes as they stand in files."""

from __future__ import annotations

import csv
import re
from functools import lru_cache

import pyarrow as pa

from data.amounts import plain_text
from data.columns import Column, Single, by_distinct
from data.headers import REFERENCE


@lru_cache(maxsize=1)
def _table() -> dict[str, tuple[str, str]]:
    """Code -> (section letter, Chinese name), sections, divisions, groups and classes alike."""
    with (REFERENCE / "gbt4754_2017.csv").open(encoding="utf-8", newline="") as stream:
        lines = (line for line in stream if not line.startswith("#"))
        return {row["code"]: (row["section"], row["name_zh"]) for row in csv.DictReader(lines)}


@lru_cache(maxsize=1)
def _by_name() -> dict[str, str]:
    """Name -> code for names that only one code of the coarsest level bears."""
    found: dict[str, str] = {}
    for code, (_, name) in _table().items():
        found.setdefault(_bare(name), code)
    return found


def section_of(code: str | None) -> str | None:
    """The section letter (门类) of a code of any level; None for an unknown or absent one.

    >>> section_of("6513"), section_of("I6513"), section_of("9999")
    ('I', 'I', None)
    """
    found = _known(code)
    return _table()[found][0] if found else None


def division_of(code: str | None) -> str | None:
    """The two-digit division (大类) of a code; None for a section or an unknown code."""
    found = _known(code)
    return found[:2] if found and found[0].isdigit() else None


def name_of(code: str | None) -> str | None:
    """The Chinese name of a code; None for an unknown one.

    >>> name_of("651"), name_of("I")
    ('软件开发', '信息传输、软件和信息技术服务业')
    """
    found = _known(code)
    return _table()[found][1] if found else None


def read_industry_codes(text: Column) -> Column:
    """Codes as they stand in files made whole: `I6513`, `I 6513` and a name become the code, each told.

    Three digits that would be a class with its leading zero lost, or a group, are asked (`industry-zero-lost`, a
    warning and no value). An unknown code of the right form is kept (`industry-unknown`): the table has 1381 classes
    and the standard was amended since.
    """
    read = by_distinct(text.values, _read, pa.string())
    return Column(read.values, text.told + read.told)


def _read(text: str) -> Single:
    plain = re.sub(r"\s", "", plain_text(text)).upper()
    match = re.fullmatch(r"([A-T])?(\d{2,4})(?:\.0)?", plain)
    if match:
        letter, digits = match[1], match[2]
        if digits in _table() and (letter is None or _table()[digits][0] == letter):
            if letter is None and len(digits) == 3 and f"0{digits}" in _table():
                return Single(None, "industry-zero-lost", "warning")
            return Single(digits) if digits == text else Single(digits, "value-repaired", "note")
        if letter is None and f"0{digits}" in _table() and len(digits) == 3:
            return Single(f"0{digits}", "value-repaired", "note")
        return Single(digits, "industry-unknown", "warning")
    if re.fullmatch(r"[A-T]", plain):
        return Single(plain)
    code = _by_name().get(_bare(plain_text(text)))
    return Single(code, "industry-by-name", "note") if code else Single(None, "industry-unreadable", "warning")


def _known(code: str | None) -> str | None:
    if not isinstance(code, str):
        return None
    plain = code.strip().upper()
    if plain in _table():
        return plain
    bare = plain[1:] if plain[:1].isalpha() else plain
    return bare if bare in _table() else None


def _bare(name: str) -> str:
    return re.sub(r"[、,,\s()()]", "", name)
