"""A synthetic country, for measuring: as many enterprises as asked, straight into a store, no files, one seed.

Every enterprise has a registration and up to five closed years of reports (2021 to 2025, each known on the 30th of
April after), some have certificates, financing rounds, listings; about 1 % were on an earlier list. A hidden potential
drives growth and research. Amounts are yuan.
"""

from __future__ import annotations

import hashlib
from datetime import date

import numpy as np
import pyarrow as pa

from data.store import Source, Store

AS_OF = date(2026, 6, 30)
YEARS = (2021, 2022, 2023, 2024, 2025)
INDUSTRIES = (
    "6513", "6511", "6450", "6432", "7320", "5292", "7491", "7251", "5821", "5610", "6790", "6611",
    "5164", "5132", "7212", "6220", "4710", "7040", "3913", "2770", "8391", "7510", "5436", "6190",
)  # fmt: skip
STREETS = ("华阳", "江苏", "新华", "周家桥", "天山", "仙霞", "虹桥", "程家桥", "北新泾", "新泾")


def create_country(store: Store, enterprises: int, seed: int = 20200424) -> None:
    """Add facts of so many enterprises to a store; the same arguments give the same facts."""
    rng = np.random.default_rng(seed)
    ids = pa.array([f"9131{number:014d}" for number in range(enterprises)])
    potential = rng.standard_normal(enterprises)
    founded = rng.integers(1995, 2026, enterprises)
    _add(store, "registrations", date(2021, 1, 31), {"enterprises": _registrations(rng, ids, founded)})
    people = np.exp(2.3 + 1.1 * rng.standard_normal(enterprises) + 0.2 * potential)
    revenue = people * np.exp(13.0 + 0.6 * rng.standard_normal(enterprises))
    for year in YEARS:
        growth = 0.03 + 0.15 * potential + 0.15 * rng.standard_normal(enterprises)
        revenue, people = revenue * np.exp(growth), people * np.exp(0.6 * growth)
        there = np.flatnonzero((founded <= year) & (rng.random(enterprises) > 0.04))
        reports = _reports(rng, ids, there, year, revenue, people, potential)
        events = _events(rng, ids, year, potential)
        _add(store, f"reports of {year}", date(year + 1, 4, 30), {"reports": reports, **events})


def _add(store: Store, name: str, known_on: date, tables: dict[str, pa.Table]) -> None:
    told = hashlib.sha256(f"{name}:{[table.num_rows for table in tables.values()]}".encode()).hexdigest()
    store.add(Source(name, told, "bench"), tables, known_on)


def _registrations(rng: np.random.Generator, ids: pa.Array, founded: np.ndarray) -> pa.Table:
    count = len(ids)
    days = (founded - 1970) * 365.25 + rng.integers(0, 365, count)
    capital = np.exp(15 + 1.5 * rng.standard_normal(count)).round(-4)
    return pa.table(
        {
            "enterprise_id": ids,
            "name": pa.array([f"企业{number}" for number in range(count)]),
            "established_on": pa.array(days.astype(np.int32), pa.int32()).cast(pa.date32()),
            "industry_code": _words(rng, INDUSTRIES, count),
            "street": _words(rng, STREETS, count),
            "ownership": _words(rng, ("民营", "国有", "外资", "港澳台"), count),
            "registered_capital_cny": capital,
            "paid_in_capital_cny": capital * rng.random(count).round(2),
            "status": _words(rng, ("存续",) * 39 + ("注销",), count),
        }
    )


def _words(rng: np.random.Generator, words: tuple[str, ...], count: int) -> pa.Array:
    return pa.array(words).take(pa.array(rng.integers(0, len(words), count)))


def _reports(
    rng: np.random.Generator,
    ids: pa.Array,
    there: np.ndarray,
    year: int,
    revenue: np.ndarray,
    people: np.ndarray,
    potential: np.ndarray,
) -> pa.Table:
    count = len(there)
    sales, staff, hidden = revenue[there].round(), np.maximum(people[there].round(), 1), potential[there]
    research = np.clip(0.03 + 0.03 * hidden + 0.03 * rng.standard_normal(count), 0, 0.6)
    margin = 0.04 + 0.03 * hidden + 0.08 * rng.standard_normal(count)
    columns = {
        "revenue_cny": sales,
        "net_profit_cny": sales * margin,
        "total_assets_cny": sales * rng.uniform(0.5, 2.0, count),
        "net_assets_cny": sales * rng.uniform(0.1, 0.8, count),
        "tax_paid_cny": sales * np.clip(0.03 + 0.3 * np.maximum(margin, 0), 0, 1),
        "district_tax_cny": sales * 0.012,
        "employees": staff,
        "insured_employees": np.floor(staff * rng.uniform(0.7, 1.0, count)),
        "district_insured_employees": np.floor(staff * rng.uniform(0.3, 0.8, count)),
        "rd_expense_cny": sales * research,
        "rd_staff": np.floor(staff * np.clip(2 * research, 0, 0.9)),
        "graduates_hired": np.floor(staff * rng.uniform(0, 0.1, count)),
        "masters_and_doctors": np.floor(staff * rng.uniform(0, 0.2, count)),
        "invention_patents": rng.poisson(np.exp(hidden - 1)).astype(float),
        "software_copyrights": rng.poisson(np.exp(hidden - 0.5)).astype(float),
    }
    for name, values in columns.items():
        values[rng.random(count) < 0.06] = np.nan
        columns[name] = pa.array(values, from_pandas=True)
    end = pa.array(np.full(count, (date(year, 12, 31) - date(1970, 1, 1)).days, dtype=np.int32), pa.int32())
    months = pa.array(np.full(count, 12.0))
    return pa.table(
        {"enterprise_id": ids.take(pa.array(there)), "period_end": end.cast(pa.date32()), "period_months": months}
        | columns
    )


def _events(rng: np.random.Generator, ids: pa.Array, year: int, potential: np.ndarray) -> dict[str, pa.Table]:
    """A year's certificates, rounds, listings and decisions, each of a few enterprises."""

    def some(share: float, pull: float) -> tuple[np.ndarray, pa.Array, pa.Array]:
        chosen = np.flatnonzero(rng.random(len(ids)) < share * np.exp(pull * potential))
        days = (date(year, 1, 1) - date(1970, 1, 1)).days + rng.integers(0, 365, len(chosen))
        return chosen, ids.take(pa.array(chosen)), pa.array(days.astype(np.int32), pa.int32()).cast(pa.date32())

    certified, certified_ids, granted = some(0.03, 0.7)
    funded, funded_ids, closed = some(0.01, 1.0)
    _, listed_ids, listed = some(0.005, -0.3)
    _, decided_ids, decided = some(0.004, 0.8)
    kinds = ("高新技术企业", "专精特新中小企业", "科技型中小企业", "地区总部")
    return {
        "recognitions": pa.table(
            {
                "enterprise_id": certified_ids,
                "kind": _words(rng, kinds, len(certified)),
                "granted_on": granted,
            }
        ),
        "investments": pa.table(
            {
                "enterprise_id": funded_ids,
                "round": _words(rng, ("天使轮", "A轮", "B轮"), len(funded)),
                "closed_on": closed,
                "amount_cny": np.exp(15 + rng.standard_normal(len(funded))),
            }
        ),
        "integrity_events": pa.table(
            {"enterprise_id": listed_ids, "kind": _words(rng, ("行政处罚",), len(listed_ids)), "listed_on": listed}
        ),
        "directory_decisions": pa.table(
            {
                "enterprise_id": decided_ids,
                "edition": _words(rng, (f"bench-{year}",), len(decided_ids)),
                "as_of": decided,
                "decision": _words(rng, ("listed",), len(decided_ids)),
                "decided_on": decided,
            }
        ),
    }
