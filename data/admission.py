"""What may not enter at all: statistical returns are refused, columns that hold persons are dropped at the door."""

from __future__ import annotations

import re
from collections.abc import Sequence

from data.amounts import plain_text
from data.headers import Aliases, Header
from data.refusal import Refusal

PERSONS_SHARE = 0.6
_RESIDENT_ID = re.compile(r"\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]")
_RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_MOBILE = re.compile(r"(?:\+?86[ -]?)?1[3-9]\d{9}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}")


def refuse_statistical_return(words: Sequence[str], aliases: Aliases, file: str, sheet: str, *, mapped: bool) -> None:
    """Refuse a sheet that bears the marks of a statistical return (统计法: single returns serve statistics only).

    `words` are its titles and headers, or a row of its foot; names of file and sheet may bear a strong mark too. A
    mapping file does not help: one strong mark refuses always, and weak ones in number (one more where a mapping shows
    that a person looked at the columns).
    """
    strong = [mark for mark in aliases.statistical_strong if any(mark in word for word in (*words, file, sheet))]
    weak = [mark for mark in aliases.statistical_weak if any(mark in word for word in words)]
    if strong or len(weak) >= aliases.weak_needed + mapped:
        raise Refusal("intake-statistical-return", file=file, sheet=sheet, marks=strong or weak)


def persons_columns(headers: Sequence[Header], aliases: Aliases, sample: Sequence[Sequence[str]]) -> set[int]:
    """Positions of columns that hold persons, by header or by what stands in the first rows.

    Content counts where no header tells: resident identity numbers (with their check digit), mobile numbers, mail.
    """
    found = set()
    for position, header in enumerate(headers):
        role = aliases.roles.get(header.core)
        if names_persons(header, aliases):
            found.add(position)
            continue
        if role is not None or header.core in aliases.fields:
            continue
        cells = [plain_text(row[position]) for row in sample if position < len(row) and row[position].strip()]
        if cells and sum(map(_is_personal, cells)) >= PERSONS_SHARE * len(cells):
            found.add(position)
    return found


def names_persons(header: Header, aliases: Aliases) -> bool:
    """Whether a header says that its column holds persons: by the alias table, or by a word in an unknown header."""
    role = aliases.roles.get(header.core)
    if role is not None or header.core in aliases.fields:
        return role == "persons"
    return any(word in header.core for word in aliases.persons_words)


def _is_personal(cell: str) -> bool:
    return is_resident_id(cell) or _MOBILE.fullmatch(cell) is not None or _EMAIL.fullmatch(cell) is not None


def is_resident_id(text: str) -> bool:
    """Whether a text is an 18-digit resident identity number whose check digit holds (GB 11643-1999).

    >>> is_resident_id("11010519491231002X"), is_resident_id("110105194912310021")
    (True, False)
    """
    if not _RESIDENT_ID.fullmatch(text):
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_RESIDENT_WEIGHTS, text, strict=False))
    return "10X98765432"[total % 11] == text[17].upper()
