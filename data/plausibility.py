"""Figures that cannot well be true together: most are slips of a unit. They warn; they never change a figure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

REVENUE_PER_EMPLOYEE_CNY = (1e4, 1e8)
"""Below 1 万元 or above 10,000 万元 a head and year, revenue was most likely written in another unit."""
FEWEST_EMPLOYEES = 5
UNIT_STEPS = {10.0: 0.1, 1_000.0: 0.35, 10_000.0: 0.35}
"""Slips by a unit, and how far a year's growth may blur each; tenfold growth happens, so that step is held tighter."""
DOUBTS = frozenset(
    (
        *("revenue-per-employee", "insured-above-employees", "district-above-insured", "rd-above-revenue"),
        *("rd-staff-above-employees", "balance-does-not-add-up", "revenue-negative", "factor-against-last-year"),
    )
)
"""Findings whose texts are figures as understood, and what each was held against."""
BALANCE_TOLERANCE = 0.02
SMALLEST_FOR_STEP_CNY = 1e5


@dataclass(frozen=True)
class Doubt:
    """One kind of doubt: rows by position, the column to mark, the figure, and what it was held against."""

    code: str
    field: str
    rows: np.ndarray
    figures: np.ndarray
    against: np.ndarray


def doubts(rows: pa.Table) -> list[Doubt]:
    """The doubts about rows of `reports` (yuan and persons), each by itself; fields that are absent are not judged."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return [doubt for doubt in _judged(rows) if len(doubt.rows)]


def _judged(rows: pa.Table) -> list[Doubt]:
    revenue, employees = _figures(rows, "revenue_cny"), _figures(rows, "employees")
    months = _figures(rows, "period_months")
    found = []
    if revenue is not None and employees is not None:
        yearly = revenue * 12 / (months if months is not None else 12)
        each = yearly / employees
        low, high = REVENUE_PER_EMPLOYEE_CNY
        strange = (employees >= FEWEST_EMPLOYEES) & (revenue > 0) & ((each < low) | (each > high))
        found.append(_doubt("revenue-per-employee", "revenue_cny", strange, revenue, each))
    insured = _figures(rows, "insured_employees")
    if insured is not None and employees is not None:
        found.append(_doubt("insured-above-employees", "insured_employees", insured > employees, insured, employees))
    district = _figures(rows, "district_insured_employees")
    if district is not None and insured is not None:
        found.append(
            _doubt("district-above-insured", "district_insured_employees", district > insured, district, insured)
        )
    research = _figures(rows, "rd_expense_cny")
    if research is not None and revenue is not None:
        found.append(
            _doubt("rd-above-revenue", "rd_expense_cny", (research > revenue) & (revenue > 0), research, revenue)
        )
    staff = _figures(rows, "rd_staff")
    if staff is not None and employees is not None:
        found.append(_doubt("rd-staff-above-employees", "rd_staff", staff > employees, staff, employees))
    assets, debts, net = (
        _figures(rows, name) for name in ("total_assets_cny", "total_liabilities_cny", "net_assets_cny")
    )
    if assets is not None and debts is not None and net is not None:
        gap = np.abs(assets - debts - net)
        off = gap > BALANCE_TOLERANCE * np.maximum(np.abs(assets), np.abs(net))
        found.append(_doubt("balance-does-not-add-up", "net_assets_cny", off, net, assets - debts))
    if revenue is not None:
        found.append(_doubt("revenue-negative", "revenue_cny", revenue < 0, revenue, np.zeros_like(revenue)))
    return found


def steps(now: np.ndarray, before: np.ndarray) -> np.ndarray:
    """Where a figure (yuan) is about 10, 1,000 or 10,000 times last year's, or that part of it: a slip of a unit.

    >>> steps(np.array([1.0e9, 1.1e6, 3e6]), np.array([1.05e6, 1.0e6, 2.9e5])).tolist()
    [True, False, True]
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.abs(now) / np.abs(before)
        ratio = np.where(ratio < 1, 1 / ratio, ratio)
        near = np.zeros(len(now), bool)
        for step, tolerance in UNIT_STEPS.items():
            near |= np.abs(ratio / step - 1) <= tolerance
        return np.asarray(near & (np.maximum(np.abs(now), np.abs(before)) >= SMALLEST_FOR_STEP_CNY))


def nearest_step(ratio: float) -> float:
    """The slip of a unit that a ratio is nearest to.

    >>> nearest_step(9_615.4), nearest_step(10.4)
    (10000.0, 10.0)
    """
    return min(UNIT_STEPS, key=lambda step: abs(ratio / step - 1))


def plausible_units(figures: np.ndarray, field: str) -> list[str]:
    """The units in which a column's typical figure would be a plausible amount for an enterprise, most likely first.

    >>> plausible_units(np.array([3200.0, 4100.0, 2800.0]), "revenue_cny")
    ['万元', '千元']
    """
    sizes = np.abs(figures[np.isfinite(figures) & (figures != 0)])
    if not len(sizes):
        return ["元", "千元", "万元"]
    typical = float(np.median(sizes))
    low, high = (1e6, 1e9) if field in ("revenue_cny", "total_assets_cny", "main_business_revenue_cny") else (1e4, 1e9)
    units = {"元": 1.0, "千元": 1e3, "万元": 1e4, "百万元": 1e6, "亿元": 1e8}
    centre = (low * high) ** 0.5
    fitting = [unit for unit, factor in units.items() if low <= typical * factor <= high]
    return sorted(fitting, key=lambda unit: abs(np.log(typical * units[unit] / centre))) or list(units)


def _doubt(code: str, field: str, mask: np.ndarray, figures: np.ndarray, against: np.ndarray) -> Doubt:
    rows = np.flatnonzero(mask)
    return Doubt(code, field, rows, figures[rows], against[rows])


def _figures(rows: pa.Table, name: str) -> np.ndarray | None:
    if name not in rows.column_names:
        return None
    column = rows.column(name)
    return np.asarray(column.to_numpy() if isinstance(column, pa.ChunkedArray) else column.to_numpy(False))
