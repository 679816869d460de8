"""Numbers as people write them in spreadsheets, read one at a time: amounts with units, counts, shares, plain numbers.

A reading never guesses. What says less than a number (a band, "about", a range, a foreign currency without a rate)
gives no value and a code; what is not of the kind at all gives a code that rejects the row.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

# yuan per unit, for units of money without a currency of their own
MONEY_UNITS: dict[str, float] = {
    "元": 1.0,
    "百元": 1e2,
    "千元": 1e3,
    "万元": 1e4,
    "十万元": 1e5,
    "百万元": 1e6,
    "千万元": 1e7,
    "亿元": 1e8,
    "十亿元": 1e9,
}
COUNT_UNITS: dict[str, float] = {
    "人": 1.0,
    "千人": 1e3,
    "万人": 1e4,
    "件": 1.0,
    "项": 1.0,
    "个": 1.0,
    "名": 1.0,
    "家": 1.0,
    "次": 1.0,
    "月": 1.0,
    "个月": 1.0,
}
NUMBER_UNITS: dict[str, float] = {
    "1": 1.0, "%": 0.01, "％": 0.01, "‰": 0.001, "倍": 1.0, "天": 1.0, "分": 1.0, "元/股": 1.0, "平方米": 1.0,
    "㎡": 1.0,
}  # fmt: skip
CURRENCIES: dict[str, str] = {
    "人民币": "CNY", "CNY": "CNY", "RMB": "CNY", "¥": "CNY",
    "美元": "USD", "美金": "USD", "USD": "USD", "$": "USD", "港币": "HKD", "港元": "HKD", "HKD": "HKD",
    "日元": "JPY", "日圆": "JPY", "JPY": "JPY", "欧元": "EUR", "EUR": "EUR", "英镑": "GBP", "GBP": "GBP",
    "韩元": "KRW", "韩币": "KRW", "新加坡元": "SGD", "新加坡币": "SGD", "新币": "SGD", "澳元": "AUD",
    "澳大利亚元": "AUD", "加元": "CAD", "加拿大元": "CAD", "瑞士法郎": "CHF", "台币": "TWD", "新台币": "TWD",
}  # fmt: skip
_MULTIPLES = {"": 1.0, "百": 1e2, "千": 1e3, "万": 1e4, "十万": 1e5, "百万": 1e6, "千万": 1e7, "亿": 1e8, "十亿": 1e9}

MISSING_MARKS = frozenset(
    (
        "",
        "-",
        "--",
        "---",
        "—",
        "——",
        "–",
        "/",
        "\\",
        "N/A",
        "NA",
        "NULL",
        "NONE",
        "NAN",
        "NAT",
        "...",
        "…",
        "*",
        "#N/A",
    )
)
AMBIGUOUS_MARKS = frozenset(("无", "未知", "不详", "保密", "待定", "暂无", "未填", "未填报", "空"))
CELL_ERRORS = frozenset(("#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!", "#GETTING_DATA", "#SPILL!"))
_ABOUT = re.compile(r"约|大约|左右|近似|不足|超过|以上|以下|以内|余|多$|^[<>≤≥~≈]|[<>≤≥]=?\d")
_RANGE = re.compile(r"\d\s*(?:-|—|–|~|至|到)\s*\d")
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?")
_SPACED = re.compile(r"[+-]?\d{1,3}(?: \d{3})+(?:\.\d*)?")


Number = TypeVar("Number", float, np.ndarray)


@dataclass(frozen=True, slots=True)
class Reading:
    """What one cell says: a value in the inner unit or None, a code where something is to be told, and its severity.

    `repaired` is True where the text was not a plain number and was put right (full-width digits, a negative in
    brackets, a unit after a count): the reading is certain, yet it is told.
    """

    value: float | None
    code: str = ""
    severity: str = ""
    repaired: bool = False


NOTHING = Reading(None)


def plain_text(text: str) -> str:
    """NFKC (full-width forms become ASCII), without surrounding blanks, tabs and an apostrophe that Excel left.

    Programs write `="0123"` to have a spreadsheet keep a text as it is: what stands in the quotes is meant.

    >>> plain_text("'１２"), plain_text('="0123"')
    ('12', '0123')
    """
    plain = unicodedata.normalize("NFKC", text).strip().lstrip("'").strip()
    return plain[2:-1].strip() if len(plain) > 2 and plain.startswith('="') and plain.endswith('"') else plain


def unit_factor(unit: str, rates: Mapping[str, float]) -> tuple[float, str] | None:
    """Yuan (or persons, items, 1) per unit and the currency ("" where none); None for a word that is no unit.

    A foreign currency without a rate gives NaN and its ISO code.

    >>> unit_factor("万元", {}), unit_factor("百万美元", {"USD": 7.0}), unit_factor("千人", {}), unit_factor("斤", {})
    ((10000.0, ''), (7000000.0, 'USD'), (1000.0, ''), None)
    """
    word = plain_text(unit).replace(" ", "")
    for table in (MONEY_UNITS, COUNT_UNITS, NUMBER_UNITS):
        if word in table:
            return table[word], ""
    for name, iso in CURRENCIES.items():
        rest = word.replace(name, "", 1)
        if rest == word:
            continue
        bare = rest.removesuffix("元")
        if bare in _MULTIPLES:
            rate = 1.0 if iso == "CNY" else rates.get(iso, math.nan)
            return _MULTIPLES[bare] * rate, "" if iso == "CNY" else iso
    return (_MULTIPLES[word], "") if word and word in _MULTIPLES else None


def read_money(text: str, factor: float | None, rates: Mapping[str, float]) -> Reading:
    """An amount in yuan. `factor` is yuan per unit of the column; a unit in the cell goes before it.

    >>> read_money("3,000(万元人民币)", None, {}).value, read_money("(1,200)", 1e4, {}).value
    (30000000.0, -12000000.0)
    >>> read_money("4520万美元", 1.0, {}).code, read_money("500-1000万", 1.0, {}).code
    ('currency-rate-missing', 'value-range')
    """
    cell = plain_text(text)
    if (early := _not_a_number(cell)) is not None:
        return early
    number, rest = _leading(cell)
    if number is None:
        return Reading(None, "value-not-a-number", "error")
    unit = rest.strip().replace(" ", "").strip("()[]")
    repaired = cell != text.strip() or cell.startswith("(") or _SPACED.fullmatch(cell) is not None
    if not unit:
        if factor is None:
            return Reading(None, "value-without-unit", "error")
        if math.isnan(factor):
            return Reading(None, "currency-rate-missing", "warning")
        return Reading(number * factor, "value-repaired" if repaired else "", "note" if repaired else "", repaired)
    found = unit_factor(unit.replace("(", "").replace(")", ""), rates)
    if found is None or unit in COUNT_UNITS or unit in NUMBER_UNITS:
        return Reading(None, "value-unit-unknown", "error")
    if math.isnan(found[0]):
        return Reading(None, "currency-rate-missing", "warning")
    return Reading(number * found[0])


def read_count(text: str, factor: float) -> Reading:
    """A count of persons or things; whole where the column's unit is one.

    >>> read_count("103人", 1.0).value, read_count("50.0", 1.0).value, read_count("1.896", 1e3).value
    (103.0, 50.0, 1896.0)
    >>> read_count("50.5", 1.0).code, read_count("<50人", 1.0).code, read_count("共计86", 1.0).code
    ('value-not-whole', 'value-band', 'value-not-a-number')
    """
    cell = plain_text(text)
    if (early := _not_a_number(cell)) is not None:
        return early
    number, rest = _leading(cell)
    if number is None:
        return Reading(None, "value-not-a-number", "error")
    unit = rest.strip().strip("()")
    if unit:
        if unit not in COUNT_UNITS and unit not in _MULTIPLES:
            return Reading(None, "value-unit-unknown", "error")
        factor = COUNT_UNITS.get(unit, _MULTIPLES.get(unit, 1.0))
    repaired = bool(unit) or cell != text.strip() or cell.startswith("(")
    value = number * factor
    if factor == 1.0 and value != round(value):
        return Reading(None, "value-not-whole", "error")
    return Reading(float(round(value)), "value-repaired" if repaired else "", "note" if repaired else "", repaired)


def read_number(text: str, factor: float) -> Reading:
    """A plain number; a percent sign in the cell divides by 100 whatever the column's unit.

    >>> read_number("12.5％", 1.0).value, read_number("1.2E+05", 1.0).value, read_number("1.234,56", 1.0).code
    (0.125, 120000.0, 'value-not-a-number')
    """
    cell = plain_text(text)
    if (early := _not_a_number(cell)) is not None:
        return early
    number, rest = _leading(cell)
    if number is None or (rest and rest not in NUMBER_UNITS):
        return Reading(None, "value-not-a-number", "error")
    repaired = cell not in (text.strip(), text.strip().replace("％", "%")) or cell.startswith("(")
    scale = NUMBER_UNITS[rest] if rest in ("%", "‰") else factor
    return Reading(scaled(number, scale), "value-repaired" if repaired else "", "note" if repaired else "", repaired)


def scaled(number: Number, factor: float) -> Number:
    """A number (or an array of them) times its unit; a unit below one divides, which loses less (57 % is 0.57).

    >>> scaled(57.0, 0.01), 57.0 * 0.01, scaled(3.5, 1e6)
    (0.57, 0.5700000000000001, 3500000.0)
    """
    if 0 < factor < 1 and (1 / factor).is_integer():
        return number / (1 / factor)
    return number * factor


def read_flag(text: str) -> bool | None:
    """是/否, yes/no, true/false, 1/0, √; None for anything else.

    >>> read_flag("是"), read_flag("No"), read_flag("maybe")
    (True, False, None)
    """
    word = plain_text(text).lower()
    if word in ("是", "有", "yes", "y", "true", "1", "√", "✓"):
        return True
    return False if word in ("否", "无", "no", "n", "false", "0", "×") else None


def _not_a_number(cell: str) -> Reading | None:
    upper = cell.upper()
    if upper in MISSING_MARKS:
        return NOTHING
    if upper in CELL_ERRORS:
        return Reading(None, "cell-error", "warning")
    if cell in AMBIGUOUS_MARKS:
        return Reading(None, "value-ambiguous", "warning")
    if _RANGE.search(cell) and not _NUMBER.fullmatch(cell):
        return Reading(None, "value-range", "warning")
    if any(letter.isdigit() for letter in cell) and _ABOUT.search(cell):
        return Reading(None, "value-band", "warning")
    return None


def _leading(cell: str) -> tuple[float | None, str]:
    """The number a cell starts with and what follows it; brackets around a number make it negative."""
    bracketed = re.fullmatch(r"\(([^()]+)\)(.*)", cell)
    body, tail = (bracketed[1], bracketed[2]) if bracketed else (cell, "")
    body = body.removeprefix("¥").lstrip()
    for pattern in (_GROUPED, _SPACED, _NUMBER):
        match = pattern.match(body)
        if match and not re.match(r"[\d,.]", body[match.end() :]):
            try:
                number = float(match[0].replace(",", "").replace(" ", ""))
            except ValueError:
                continue
            if not math.isfinite(number):
                return None, ""
            rest = body[match.end() :] + tail
            return (-number if bracketed else number), rest
    return None, ""
