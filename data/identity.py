"""Who a row is about: the unified social credit code with both its check digits, by vector.

GB 32100-2015: 18 characters of an alphabet without I O S V Z; the last is a check over the first 17 (weights
3^i mod 31). Characters 9 to 17 are the organisation code with a check of its own (GB 11714-1997). Never infer a
district from the digits: positions 3-8 are the registrar of the first registration, kept for life.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.amounts import plain_text
from data.columns import Told

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ORGANISATION = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_VALUES = np.full(256, -1, np.int64)
_VALUES[np.frombuffer(ALPHABET.encode(), np.uint8)] = np.arange(31)
_ORGANISATION_VALUES = np.full(256, -1, np.int64)
_ORGANISATION_VALUES[np.frombuffer(_ORGANISATION.encode(), np.uint8)] = np.arange(36)
_WEIGHTS = np.array([pow(3, power, 31) for power in range(17)], np.int64)
_ORGANISATION_WEIGHTS = np.array([3, 7, 9, 10, 5, 8, 4, 2], np.int64)
LONGEST_OPAQUE = 200


@dataclass(frozen=True)
class Identities:
    """Identifiers (missing where a row has none that holds) and what is to be told."""

    values: pa.Array
    told: list[Told]


def check_digits(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Whether the 18th character and the organisation code's check hold, for an (n, 18) array of ASCII bytes."""
    values = _VALUES[codes]
    right = (values >= 0).all(axis=1) & ((31 - values[:, :17] @ _WEIGHTS % 31) % 31 == values[:, 17])
    organisation = _ORGANISATION_VALUES[codes[:, 8:17]]
    check = 11 - organisation[:, :8] @ _ORGANISATION_WEIGHTS % 11
    check = np.where(check == 11, 0, check)
    given = np.where(codes[:, 16] == ord("X"), 10, organisation[:, 8])
    return right, check == given


def code_problem(text: str) -> str:
    """Why a text is no credit code ("" if it is one): which rule of the code it breaks, the plainest first.

    >>> code_problem("91310000132260250X"), code_problem("91310000132260250Y"), code_problem("310105000123456")
    ('', 'code-check-character', 'code-old-registration')
    """
    code = plain_text(text)
    if re.fullmatch(r"\d(?:\.\d+)?[eE]\+?\d+", code):
        return "code-scientific"
    if re.fullmatch(r"\d{15}", code):
        return "code-old-registration"
    if re.fullmatch(r"[0-9A-Z]{8}-?[0-9X]", code):
        return "code-organisation-only"
    if len(code) != 18:
        return "code-length"
    if not code.isascii() or any(letter not in ALPHABET for letter in code):
        return "code-alphabet"
    right, organisation = check_digits(np.frombuffer(code.encode(), np.uint8).reshape(1, 18))
    if not right[0]:
        return "code-check-character"
    return "" if organisation[0] else "code-organisation-check"


def normalise_code(text: str) -> str:
    """Full-width forms, blanks, hyphens, an Excel apostrophe and lower case put right; nothing else is touched."""
    return re.sub(r"[\s\-]", "", plain_text(text)).upper()


def normalise_name(text: str) -> str:
    """A company name for exact comparison: NFKC (brackets become ASCII) and no blanks at all."""
    return re.sub(r"\s", "", plain_text(text))


def body_of(code: str) -> str:
    """What kind of body a code belongs to, by its first two characters (registrar and class of body)."""
    if code[:1] == "5":
        return "social_body"
    known = {"12": "public_institution", "91": "enterprise", "92": "individual_business", "93": "cooperative"}
    return known.get(code[:2], "other")


def read_codes(cells: pa.Array) -> Identities:
    """Credit codes of a column: those that hold, repairs as notes, and for each that does not hold its reason."""
    filled = pc.utf8_trim_whitespace(cells)
    sound = _sound(filled)
    values: Any = pc.if_else(pa.array(sound), filled, pa.scalar(None, pa.string()))
    told: list[Told] = []
    rest = np.flatnonzero(~sound)
    if not len(rest):
        return Identities(values, told)
    texts = cells.take(pa.array(rest)).to_pylist()
    by_code: dict[tuple[str, str], list[int]] = {}
    repaired: dict[int, str] = {}
    for position, text in zip(rest.tolist(), texts, strict=True):
        code = normalise_code(text or "")
        problem = "code-missing" if not code or code in ("-", "N/A", "—", "无") else code_problem(code)
        if problem:
            by_code.setdefault((problem, "error"), []).append(position)
        else:
            repaired[position] = code
            by_code.setdefault(("code-repaired", "note"), []).append(position)
    if repaired:
        whole = values.to_pylist()
        for position, code in repaired.items():
            whole[position] = code
        values = pa.array(whole, pa.string())
    for (problem, severity), positions in by_code.items():
        taken = pa.array(positions)
        after = values.take(taken) if problem == "code-repaired" else None
        told.append(Told(problem, severity, np.array(positions), cells.take(taken), after))  # type: ignore[arg-type]
    return Identities(values, told)


def read_opaque(cells: pa.Array) -> Identities:
    """Identifiers of a register that has no check digits: the text as it stands, trimmed, at most 200 characters."""
    trimmed = pc.utf8_trim_whitespace(cells)
    length = pc.fill_null(pc.utf8_length(trimmed), 0).to_numpy(zero_copy_only=False)
    told: list[Told] = []
    for code, wrong in (("code-missing", length == 0), ("code-too-long", length > LONGEST_OPAQUE)):
        positions = np.flatnonzero(wrong)
        if len(positions):
            before = pc.utf8_slice_codeunits(cells.take(pa.array(positions)), 0, 80)
            told.append(Told(code, "error", positions, before))
    fine = pa.array((length > 0) & (length <= LONGEST_OPAQUE))
    return Identities(pc.if_else(fine, trimmed, pa.scalar(None, pa.string())), told)


def first_two(values: pa.Array) -> np.ndarray:
    """The first two characters of each code as text ("" where missing)."""
    return np.asarray(pc.fill_null(pc.utf8_slice_codeunits(values, 0, 2), "").to_numpy(zero_copy_only=False))


def _sound(cells: pa.Array) -> np.ndarray:
    """Which cells are a whole credit code as they stand."""
    sound = np.zeros(len(cells), bool)
    right_length = np.flatnonzero(pc.fill_null(pc.equal(pc.binary_length(cells), 18), False).to_numpy(False))
    if not len(right_length):
        return sound
    chosen = pc.cast(cells.take(pa.array(right_length)), pa.binary(18))
    data = np.frombuffer(chosen.buffers()[1], np.uint8)[chosen.offset * 18 : (chosen.offset + len(chosen)) * 18]
    first, second = check_digits(data.reshape(-1, 18))
    sound[right_length] = first & second
    return sound
