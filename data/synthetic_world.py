"""A district that never was: enterprises with a hidden potential and quality, and the six years they live through.

All randomness comes from one seed. The hidden numbers drive what can be seen (growth, research, people, patents,
certificates), with noise, so that potential can be learned but not read off; past committees looked mostly at
size. Money is in yuan.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

REFERENCE = Path(__file__).parent / "reference" / "synthetic.yaml"

YEAR_SHOCKS = {2020: -0.07, 2021: 0.06, 2022: -0.05, 2023: 0.04, 2024: 0.01, 2025: 0.02}
"""What every enterprise felt in a year (log growth)."""

POTENTIAL_TO_GROWTH = 0.19
"""Yearly log growth per standard deviation of potential; with the noise below, growth of the next two years can be
told from five years of reports with an area under the ROC curve of about 0.8."""

YEARLY_NOISE = 0.16


@cache
def reference() -> dict[str, Any]:
    """The invented ingredients: industries, streets, syllables, shares."""
    content: dict[str, Any] = yaml.safe_load(REFERENCE.read_text(encoding="utf-8"))
    return content


@dataclass(frozen=True)
class World:
    """All that happened, as it truly was.

    `enterprises`: one row each (enterprise_id, name, established_on, industry, street, ownership, group_id,
    potential, quality, closed_in, ...). `panel`: one row per enterprise and year (figures of `reports`, in yuan and
    persons, plus `year`). `interim`: the same for the months so far (`period_end`, `period_months`).
    """

    enterprises: pd.DataFrame
    panel: pd.DataFrame
    interim: pd.DataFrame
    years: tuple[int, ...]
    rng: np.random.Generator = field(repr=False)


def simulate(seed: int, enterprises: int, years: int) -> World:
    """Live through the years; the same seed gives the same district.

    `enterprises` is how many ever existed (closed ones included), `years` how many closed years up to the last one
    of the reference file.
    """
    rng = np.random.default_rng(seed)
    last = int(reference()["last_year"])
    span = tuple(range(last - years + 1, last + 1))
    people = _enterprises(rng, enterprises, span)
    panel = _panel(rng, people, span)
    return World(people, panel, _interim(rng, people, panel, span), span, rng)


def credit_codes(rng: np.random.Generator, count: int, registrars: np.ndarray) -> np.ndarray:
    """Unified social credit codes (GB 32100) with both check digits, around organisation codes never issued.

    `registrars` (count,) holds positions 3-8. The organisation code's check digit is that of GB 11714.

    >>> credit_codes(np.random.default_rng(1), 1, np.array(["310105"]))[0][:10]
    '91310105YY'
    """
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    prefix = str(reference()["organisation_prefix"])
    bodies = [f"{prefix}{number:06d}" for number in rng.choice(1_000_000, count, replace=False)]
    codes = []
    for registrar, body in zip(registrars, bodies, strict=True):
        weighed = sum(int(letter, 36) * weight for letter, weight in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
        organisation = body + "0123456789X0"[11 - weighed % 11]
        seventeen = f"91{registrar}{organisation}"
        total = sum(alphabet.index(letter) * pow(3, place, 31) for place, letter in enumerate(seventeen))
        codes.append(seventeen + alphabet[-total % 31])
    return np.array(codes, dtype=object)


def _choice(rng: np.random.Generator, shares: dict[str, float], count: int) -> np.ndarray:
    weights = np.array(list(shares.values()))
    return rng.choice(np.array(list(shares), dtype=object), count, p=weights / weights.sum())


def _names(rng: np.random.Generator, words: np.ndarray, count: int) -> np.ndarray:
    """上海 + three or four syllables + trade + form + marker; all different."""
    firsts, seconds = reference()["first"], reference()["second"]
    pairs = rng.choice(len(firsts) * len(seconds) * len(seconds), count, replace=False)
    forms = _choice(rng, {"有限公司": 0.72, "科技有限公司": 0.22, "股份有限公司": 0.06}, count)
    forms = np.where([word.endswith(("科技", "技术")) for word in words], "有限公司", forms)
    one, rest = np.divmod(pairs, len(seconds) ** 2)
    two, three = np.divmod(rest, len(seconds))
    marker = reference()["marker"]
    return np.array(
        [
            f"上海{firsts[a]}{seconds[b]}{seconds[c]}{word}{form}{marker}"
            for a, b, c, word, form in zip(one, two, three, words, forms, strict=True)
        ],
        dtype=object,
    )


def _enterprises(rng: np.random.Generator, count: int, span: tuple[int, ...]) -> pd.DataFrame:
    trades = pd.DataFrame(reference()["industries"])
    trade = rng.choice(len(trades), count, p=trades.share / trades.share.sum())
    chosen = trades.iloc[trade].reset_index(drop=True)
    potential = rng.standard_normal(count)
    quality = 0.3 * potential + np.sqrt(1 - 0.3**2) * rng.standard_normal(count)
    age = np.minimum(rng.gamma(1.6, 6.0, count), 32)
    founded = pd.Timestamp(span[-1], 12, 31) - pd.to_timedelta((age * 365.25 + 40).astype(int), unit="D")
    frame = pd.DataFrame(
        {
            "enterprise_id": credit_codes(rng, count, _choice(rng, reference()["registrars"], count)),
            "name": _names(rng, chosen.word.to_numpy(), count),
            "industry_code": chosen.code,
            "key": chosen.key,
            "street": _choice(rng, reference()["streets"], count),
            "ownership": _choice(rng, reference()["ownership"], count),
            "established_on": founded.normalize(),
            "potential": potential,
            "quality": quality,
            "per_head": chosen.per_head * np.exp(0.25 * quality + 0.35 * rng.standard_normal(count)),
            "rd": chosen.rd,
            "trend": chosen.trend,
            "tech": chosen.tech,
        }
    )
    grown = 0.35 * np.log1p(np.minimum(age, 15) / 3)
    people = np.log(chosen.people * 0.55) + grown + 1.05 * rng.standard_normal(count) + 0.15 * quality
    giants = rng.random(count) < 0.012
    frame["people_at_start"] = np.exp(people + np.where(giants, rng.uniform(2.0, 3.5, count), 0.0))
    hazard = 0.022 * np.exp(-0.45 * potential - 0.35 * quality)
    closes = rng.geometric(np.clip(hazard, 0.001, 0.3))
    born = np.maximum(frame.established_on.dt.year, span[0])
    closed = born + closes
    frame["closed_in"] = np.where(closed <= span[-1], closed, 0)
    frame["group_id"] = _groups(rng, frame)
    return frame


def _groups(rng: np.random.Generator, frame: pd.DataFrame) -> np.ndarray:
    """Parents among the large, each with two to five members; the group carries the parent's code."""
    groups = np.full(len(frame), "", dtype=object)
    parents = frame.people_at_start.nlargest(max(1, len(frame) // 100)).index
    others = rng.permutation(np.setdiff1d(np.arange(len(frame)), parents))
    place = 0
    for parent in parents:
        members = others[place : place + int(rng.integers(2, 6))]
        place += len(members)
        groups[[parent, *members]] = frame.enterprise_id[parent]
    return groups


def _panel(rng: np.random.Generator, firms: pd.DataFrame, span: tuple[int, ...]) -> pd.DataFrame:
    count = len(firms)
    potential = firms.potential.to_numpy()
    level = np.log(firms.people_at_start.to_numpy() * firms.per_head.to_numpy())
    heads = np.log(firms.people_at_start.to_numpy())
    drift = potential.copy()
    patents = rng.poisson(1.2 * firms.tech * np.exp(0.5 * firms.quality) * np.sqrt(firms.people_at_start / 15))
    copyrights = rng.poisson(3.0 * firms.tech * np.exp(0.4 * firms.quality))
    parts: list[pd.DataFrame] = []
    for year in span:
        drift = 0.93 * drift + 0.37 * rng.standard_normal(count) * 0.6 + 0.02 * potential
        young = np.clip(6 - (year - firms.established_on.dt.year.to_numpy()), 0, 5) * 0.02
        grows = (
            firms.trend.to_numpy()
            + YEAR_SHOCKS.get(year, 0.0)
            + POTENTIAL_TO_GROWTH * drift
            + young
            - 0.02
            + YEARLY_NOISE * rng.standard_normal(count) * np.clip(1.35 - 0.1 * heads, 0.6, 1.4)
        )
        level = level + grows
        heads = heads + 0.62 * grows + 0.02 * drift + 0.07 * rng.standard_normal(count)
        exists = (firms.established_on.dt.year.to_numpy() <= year) & (
            (firms.closed_in.to_numpy() == 0) | (firms.closed_in.to_numpy() > year)
        )
        figures = _figures(rng, firms, np.exp(level), np.maximum(np.round(np.exp(heads)), 1), drift)
        patents = patents + figures["patent_grants"] // 2
        copyrights = copyrights + figures["software_copyrights"]
        figures |= {"invention_patents": patents, "software_copyrights": copyrights, "patents": patents * 2}
        part = pd.DataFrame({"enterprise_id": firms.enterprise_id, "firm": np.arange(count), "year": year, **figures})
        parts.append(part[exists])
    return pd.concat(parts, ignore_index=True)


def _figures(
    rng: np.random.Generator, firms: pd.DataFrame, revenue: np.ndarray, employees: np.ndarray, drift: np.ndarray
) -> dict[str, np.ndarray]:
    """One year's figures of every enterprise: yuan, persons, pieces."""
    count, quality, tech = len(firms), firms.quality.to_numpy(), firms.tech.to_numpy()

    def noisy(spread: float) -> np.ndarray:
        return np.exp(spread * rng.standard_normal(count))

    margin = 0.05 + 0.025 * quality - 0.02 * np.maximum(drift, 0) * tech + 0.06 * rng.standard_normal(count)
    assets = revenue * 0.9 * noisy(0.35)
    liabilities = assets * np.clip(0.52 - 0.05 * quality + 0.16 * rng.standard_normal(count), 0.05, 0.97)
    research = revenue * firms.rd.to_numpy() * np.exp(0.40 * drift + 0.25 * quality) * noisy(0.35)
    research = np.minimum(np.where(research < 20_000, 0.0, research), 0.8 * revenue)
    insured = np.round(employees * np.clip(0.93 + 0.03 * quality + 0.05 * rng.standard_normal(count), 0.4, 1.0))
    local = np.round(insured * np.clip(0.80 + 0.12 * rng.standard_normal(count), 0.1, 1.0))
    staff = np.minimum(np.round(employees * np.clip(tech * 0.45 * np.exp(0.2 * drift) * noisy(0.2), 0, 0.9)), employees)
    masters = rng.binomial(employees.astype(int), np.clip((0.05 + 0.14 * tech) * np.exp(0.25 * quality), 0, 0.8))
    ideas = rng.poisson(tech * 0.7 * np.exp(0.30 * drift + 0.45 * quality) * np.sqrt(employees / 20))
    wages = employees * 125_000 * (1 + 0.6 * tech) * np.exp(0.12 * quality) * noisy(0.12)
    tax = revenue * np.clip(0.035 + 0.25 * np.maximum(margin, 0) * noisy(0.2), 0.002, 0.2)
    return {
        "revenue_cny": revenue,
        "main_business_revenue_cny": revenue * np.clip(1 - 0.08 * rng.random(count), 0, 1),
        "total_profit_cny": revenue * margin * 1.15,
        "net_profit_cny": revenue * margin,
        "total_assets_cny": assets,
        "total_liabilities_cny": liabilities,
        "net_assets_cny": assets - liabilities,
        "wages_cny": wages,
        "tax_paid_cny": tax,
        "district_tax_cny": tax * np.clip(0.2 + 0.03 * rng.standard_normal(count), 0.05, 0.4),
        "employees": employees,
        "insured_employees": insured,
        "district_insured_employees": local,
        "rd_expense_cny": research,
        "hightech_revenue_cny": revenue * np.clip(tech * (0.55 + 0.25 * rng.random(count)), 0, 1),
        "rd_staff": staff,
        "graduates_hired": rng.binomial(employees.astype(int), np.clip(0.03 * np.exp(0.45 * drift), 0, 0.4)),
        "masters_and_doctors": masters,
        "patent_filings": ideas + rng.poisson(0.3 * tech),
        "patent_grants": rng.binomial(ideas, 0.6),
        "pct_filings": rng.binomial(ideas, 0.06),
        "software_copyrights": rng.poisson(0.8 * tech * np.exp(0.3 * quality)),
    }


def _interim(rng: np.random.Generator, firms: pd.DataFrame, panel: pd.DataFrame, span: tuple[int, ...]) -> pd.DataFrame:
    """First quarters and half-years of the larger and the listed-minded: a share of the year with its season.

    The quarter after the last closed year exists too: it carries this year's growth, which follows potential.
    """
    reporting = rng.random(len(firms)) < np.clip(0.16 + 0.10 * np.log10(firms.people_at_start.clip(lower=1)), 0.1, 0.7)
    columns = ["enterprise_id", "firm", "year", "revenue_cny", "net_profit_cny", "employees"]
    rows = panel.loc[reporting.to_numpy()[panel.firm], columns]
    ahead = rows[rows.year == span[-1]].assign(year=span[-1] + 1)
    grows = POTENTIAL_TO_GROWTH * firms.potential.to_numpy()[ahead.firm] + 0.12 * rng.standard_normal(len(ahead))
    ahead = ahead.assign(
        revenue_cny=ahead.revenue_cny * np.exp(grows), employees=(ahead.employees * np.exp(0.6 * grows)).round()
    )
    season = 0.03 * rng.standard_normal(len(firms))
    parts: list[pd.DataFrame] = []
    for months, month_end, base in ((3, "03-31", 0.22), (6, "06-30", 0.47)):
        months_rows = pd.concat([rows, ahead]) if months == 3 else rows
        share = base + season[months_rows.firm] + 0.015 * rng.standard_normal(len(months_rows))
        parts.append(
            months_rows.assign(
                period_end=pd.to_datetime(months_rows.year.astype(str) + "-" + month_end),
                period_months=months,
                revenue_cny=months_rows.revenue_cny * share,
                net_profit_cny=months_rows.net_profit_cny * share,
            )
        )
    return pd.concat(parts, ignore_index=True)
