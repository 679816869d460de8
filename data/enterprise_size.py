"""Size classes of enterprises by the official thresholds: large, medium, small, micro, or undetermined.

Source: 工信部联企业〔2011〕300号 (same numbers in 国统字〔2017〕213号) and, for other finance, 银发〔2015〕309号,
carried in `reference/enterprise_size.yaml`. The row is chosen by the industry code, never from a pick list; an industry
that the tables do not cover is undetermined.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Literal

import numpy as np
import pandas as pd
import yaml

from data.headers import REFERENCE
from data.industries import section_of

SizeCode = Literal["large", "medium", "small", "micro", "undetermined"]
SIZES: tuple[SizeCode, ...] = ("large", "medium", "small", "micro")
INDICATORS = {
    "employees": "employees", "revenue": "revenue_cny", "assets": "assets_cny", "trust_assets": "trust_assets_cny",
}  # fmt: skip
UNITS = {"人": 1.0, "万元": 1e4, "亿元": 1e8}
_UNDETERMINED = len(SIZES)
_NO_BOUNDS = (-np.inf, -np.inf, -np.inf)


@dataclass(frozen=True)
class SizeClass:
    """A size class, the clause that gave it ("" if none covers the industry), and the figures that were missing."""

    code: SizeCode
    clause: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Row:
    clause: str
    bounds: dict[str, tuple[float, float, float]]
    """Indicator -> lower bounds of large, medium, small, in persons or yuan."""
    since: date


def classify(
    industry_code: str | None,
    employees: float | None,
    revenue_cny: float | None,
    assets_cny: float | None,
    on: date,
) -> SizeClass:
    """The size class on a date from employees (persons), revenue and assets (yuan).

    A missing figure is not zero: it leaves the class undetermined, unless the figures that are known already make it
    micro (one indicator under its small bound is enough).

    >>> classify("6513", 103, 157_352_800, None, date(2024, 1, 1)).code
    'medium'
    >>> classify("6513", None, 157_352_800, None, date(2024, 1, 1))
    SizeClass(code='undetermined', clause='工信部联企业〔2011〕300号(十二)软件和信息技术服务业', missing=('employees',))
    """
    frame = pd.DataFrame(
        {
            "industry_code": [industry_code],
            "employees": [employees],
            "revenue_cny": [revenue_cny],
            "assets_cny": [assets_cny],
        }
    )
    found = classify_many(frame, on).iloc[0]
    row = _row_of(industry_code, on)
    given = {"employees": employees, "revenue": revenue_cny, "assets": assets_cny, "trust_assets": None}
    missing = tuple(
        column
        for name, column in INDICATORS.items()
        if row and name in row.bounds and ((value := given[name]) is None or value != value)
    )
    return SizeClass(found["size_class"], found["clause"], missing if found["size_class"] == "undetermined" else ())


def classify_many(frame: pd.DataFrame, on: date) -> pd.DataFrame:
    """Size classes of many enterprises at once.

    `frame` has industry_code (text or missing), employees (persons), revenue_cny, assets_cny (yuan; absent columns
    count as missing). Gives size_class and clause (categories of str) with the same index. A million rows take a
    fraction of a second.
    """
    codes, distinct = pd.factorize(frame["industry_code"], use_na_sentinel=True)
    rows = [*(_row_of(code, on) for code in distinct), None]  # the last, -1, for those without a code
    rank = np.where([row is None for row in rows], _UNDETERMINED, 0).astype(np.int8)[codes]
    missing = np.zeros(len(frame), dtype=bool)
    for name, column in INDICATORS.items():
        bounds = np.array([row.bounds.get(name, _NO_BOUNDS) if row else _NO_BOUNDS for row in rows])
        if column not in frame:
            missing |= (bounds[:, 0] > -np.inf)[codes]
            continue
        values = pd.to_numeric(frame[column], errors="coerce").to_numpy(dtype=np.float64)
        missing |= np.isnan(values) & (bounds[:, 0] > -np.inf)[codes]
        own = np.zeros(len(frame), dtype=np.int8)
        for bound in bounds.T:
            own += values < bound[codes]  # nothing is less than a figure that is missing
        np.maximum(rank, own, out=rank)
    rank[missing & (rank < len(SIZES) - 1)] = _UNDETERMINED
    sizes = pd.Categorical.from_codes(rank, categories=pd.Index([*SIZES, "undetermined"], dtype="str"))
    told, kinds = pd.factorize(np.array([row.clause if row else "" for row in rows], dtype=object), sort=True)
    clauses = pd.Categorical.from_codes(told.astype(np.int8)[codes], categories=pd.Index(kinds, dtype="str"))
    return pd.DataFrame({"size_class": sizes, "clause": clauses}, index=frame.index)


def thresholds() -> pd.DataFrame:
    """The table of thresholds for use elsewhere.

    Columns: clause, code (prefix of GB/T 4754-2017, or a section letter), indicator (employees, revenue_cny,
    assets_cny), large, medium, small (inclusive lower bounds, persons or yuan).
    """
    found = []
    for row, codes in _rows():
        for name, (large, medium, small) in row.bounds.items():
            found += [(row.clause, code, INDICATORS[name], large, medium, small) for code in codes]
    return pd.DataFrame(found, columns=["clause", "code", "indicator", "large", "medium", "small"])


def _row_of(code: str | None, on: date) -> _Row | None:
    """The row of an industry code: the longest prefix that is listed, else its section; None: not covered."""
    if not isinstance(code, str):
        return None
    digits = code.strip()[1:] if code.strip()[:1].isalpha() else code.strip()
    listed = _by_code()
    for length in range(len(digits), 1, -1):
        if digits[:length] in listed:
            found = listed[digits[:length]]
            return found if on >= found.since else None
    section = section_of(digits[:2]) if len(digits) >= 2 else None
    row = listed.get(section) if section else None
    return row if row is not None and on >= row.since else None


@lru_cache(maxsize=1)
def _rows() -> list[tuple[_Row, list[str]]]:
    rules: list[dict[str, Any]] = yaml.safe_load((REFERENCE / "enterprise_size.yaml").read_text(encoding="utf-8"))
    found = []
    for rule in rules:
        for one in rule["rows"]:
            bounds = {
                name: tuple(tiers[size] * UNITS[rule["units"][name]] for size in ("large", "medium", "small"))
                for name, tiers in one["bounds"].items()
            }
            clause = f"{rule['source']}({one['item']}){one['name_zh']}"
            found.append((_Row(clause, bounds, rule["since"]), list(one["codes"])))
    return found


@lru_cache(maxsize=1)
def _by_code() -> dict[str, _Row]:
    return {code: row for row, codes in _rows() for code in codes}
