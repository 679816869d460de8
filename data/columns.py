"""Whole columns of text made into typed values: plain cells by vector, the rest once per distinct text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.amounts import MISSING_MARKS, Reading, plain_text, read_count, read_flag, read_money, read_number, scaled
from data.dates import EARLIEST, LATEST, read_date
from data.findings import Severity
from data.tables import Field

_PLAIN = r"^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$"
_QUOTED = r'^="([^"]*)"$'
"""What programs write so that a spreadsheet keeps a text as it is."""
LONGEST_TEXT = 4_000


@dataclass(frozen=True)
class Told:
    """One kind of finding in one column: the positions of the rows, the text before, and what was made of it."""

    code: str
    severity: Severity
    positions: np.ndarray
    before: pa.Array
    after: pa.Array | None = None
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Column:
    """Typed values, as long as the cells given, and what is to be told about them."""

    values: pa.Array
    told: list[Told] = field(default_factory=list)


def read_column(
    cells: pa.Array,
    kind: Field,
    factor: float | None,
    rates: Mapping[str, float],
    *,
    scale: float = 1.0,
    epoch_1904: bool = False,
) -> Column:
    """The values of one field.

    `factor` is inner units per unit of the column (yuan, persons, 1); None for money whose column names no unit, where
    each cell must name its own. `scale` is a further factor that the mapping gives.
    """
    if kind.kind == "money":
        return _numbers(cells, None if factor is None else factor * scale, partial(_money, rates=rates), whole=False)
    if kind.kind == "count":
        return _numbers(cells, (1.0 if factor is None else factor) * scale, read_count, whole=True)
    if kind.kind == "number":
        return _numbers(cells, (1.0 if factor is None else factor) * scale, read_number, whole=False)
    if kind.kind == "date":
        return _dates(cells, epoch_1904)
    if kind.kind == "flag":
        return by_distinct(cells, lambda text: _flag(text), pa.bool_())
    return read_text(cells)


def read_text(cells: pa.Array) -> Column:
    """Text without surrounding blanks; marks that say "not filled" become missing; nothing in it is ever executed."""
    trimmed = pc.utf8_trim_whitespace(cells)
    told = []
    quoted = _where(pc.match_substring_regex(trimmed, _QUOTED))
    if len(quoted):
        positions, before = pa.array(quoted), trimmed
        trimmed = pc.utf8_trim_whitespace(pc.replace_substring_regex(trimmed, _QUOTED, r"\1"))
        told.append(Told("value-repaired", "note", quoted, before.take(positions), trimmed.take(positions)))
    marks = pa.array([mark for mark in MISSING_MARKS if len(mark) != 1 or mark in "-—–/\\*…"], pa.string())
    missing = pc.or_kleene(pc.is_in(pc.utf8_upper(trimmed), marks), pc.equal(trimmed, ""))
    values = pc.if_else(pc.fill_null(missing, True), pa.scalar(None, pa.string()), trimmed)
    long = _where(pc.greater(pc.utf8_length(values), LONGEST_TEXT))
    if len(long):
        told.append(Told("text-too-long", "error", long, pc.utf8_slice_codeunits(values.take(pa.array(long)), 0, 80)))
    control = _where(pc.match_substring_regex(values, r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"))
    if len(control):
        clean = pc.replace_substring_regex(values, r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", "")
        positions = pa.array(control)
        told.append(Told("text-control-character", "note", control, values.take(positions), clean.take(positions)))
        values = clean
    return Column(values, told)


def read_coded(cells: pa.Array, codes: Mapping[str, str]) -> Column:
    """Text through a code table; a text that the table lacks is an error that names the known ones."""
    text = read_text(cells)
    table = {plain_text(key): value for key, value in codes.items()}

    def look_up(cell: str) -> Single:
        found = table.get(plain_text(cell))
        return Single(found) if found is not None else Single(None, "choice-unknown", "error")

    column = by_distinct(text.values, look_up, pa.string())
    told = [
        Told(one.code, one.severity, one.positions, one.before, None, {"known": list(codes)}) for one in column.told
    ]
    return Column(column.values, text.told + told)


@dataclass(frozen=True, slots=True)
class Single:
    """What one distinct text says: a value or None, and a code with its severity where something is to be told."""

    value: Any
    code: str = ""
    severity: Severity = "note"


def _money(text: str, factor: float | None, *, rates: Mapping[str, float]) -> Reading:
    return read_money(text, factor, rates)


def _flag(text: str) -> Single:
    if text.strip().upper() in MISSING_MARKS:
        return Single(None)
    value = read_flag(text)
    return Single(value) if value is not None else Single(None, "flag-unreadable", "error")


def _numbers(cells: pa.Array, asked: float | None, read: Callable[[str, Any], Reading], *, whole: bool) -> Column:
    usable = asked is not None and np.isfinite(asked)
    factor = asked if asked is not None else np.nan
    if usable:
        try:
            numbers = pc.cast(cells, pa.float64())
        except pa.ArrowInvalid:
            numbers = None
        if numbers is not None and _fine(numbers, whole and factor == 1.0):
            values = scaled(numbers.to_numpy(zero_copy_only=False), factor)
            return Column(_array(np.rint(values) if whole else values, numbers))
    plain = pc.fill_null(pc.match_substring_regex(cells, _PLAIN), False) if usable else pa.array([False] * len(cells))
    numbers = pc.cast(pc.if_else(plain, cells, pa.scalar(None, pa.string())), pa.float64())
    raw = numbers.to_numpy(zero_copy_only=False)
    with np.errstate(invalid="ignore"):
        unfit = ~np.isfinite(raw) | ((np.rint(raw) != raw) if whole and factor == 1.0 else False)
    values = scaled(raw, factor) if usable else np.full(len(cells), np.nan)
    values = np.rint(values) if whole else values
    rest = unfit & cells.is_valid().to_numpy(zero_copy_only=False)
    told: list[Told] = []
    if rest.any():
        positions = np.flatnonzero(rest)
        slow = by_distinct(cells.take(pa.array(positions)), lambda text: _as_single(read(text, asked)), pa.float64())
        values = np.where(unfit, np.nan, values)
        values[positions] = slow.values.to_numpy(zero_copy_only=False)
        told = [Told(one.code, one.severity, positions[one.positions], one.before, one.after) for one in slow.told]
    return Column(pa.array(values, pa.float64(), from_pandas=True), told)


def _fine(numbers: pa.Array, whole: bool) -> bool:
    """Whether every number is finite (the cast takes "nan" and "inf"), and whole where it must be."""
    if not pc.all(pc.is_finite(numbers)).as_py() and pc.any(pc.invert(pc.is_finite(numbers))).as_py():
        return False
    return not whole or pc.all(pc.equal(pc.round(numbers), numbers)).as_py() is not False


def _array(values: np.ndarray, like: pa.Array) -> pa.Array:
    if like.null_count == 0:
        return pa.array(values, pa.float64())
    return pa.array(values, pa.float64(), mask=like.is_null().to_numpy(zero_copy_only=False))


def _as_single(reading: Reading) -> Single:
    return Single(reading.value, reading.code, reading.severity or "note")  # type: ignore[arg-type]


def _dates(cells: pa.Array, epoch_1904: bool) -> Column:
    try:
        days = pc.cast(cells, pa.date32())
        extremes = pc.min_max(days).as_py()
        if extremes["min"] is None or (extremes["min"] >= EARLIEST and extremes["max"] <= LATEST):
            return Column(days)
    except pa.ArrowInvalid:
        pass

    def read(text: str) -> Single:
        reading = read_date(text, epoch_1904=epoch_1904)
        return Single(reading.value, reading.code, reading.severity or "note")  # type: ignore[arg-type]

    return by_distinct(cells, read, pa.date32())


def by_distinct(cells: pa.Array, read: Callable[[str], Single], kind: pa.DataType) -> Column:
    """Read each distinct text once and spread the result."""
    coded = cells.dictionary_encode()
    readings = [read(text) for text in coded.dictionary.to_pylist()]
    values = pa.array([one.value for one in readings], kind).take(coded.indices)
    told: list[Told] = []
    kinds = sorted({(one.code, one.severity) for one in readings if one.code})
    if kinds:
        indices = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        for code, severity in kinds:
            chosen = np.flatnonzero([one.code == code and one.severity == severity for one in readings])
            positions = np.flatnonzero(np.isin(indices, chosen))
            taken = pa.array(positions)
            after = pc.cast(values.take(taken), pa.string()) if kind != pa.bool_() else None
            told.append(Told(code, severity, positions, cells.take(taken), after))
    return Column(values, told)


def _where(mask: pa.Array) -> np.ndarray:
    """Positions where a mask is true; missing counts as false."""
    return np.flatnonzero(pc.fill_null(mask, False).to_numpy(zero_copy_only=False))
