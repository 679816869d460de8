"""区域贡献度 (contribution): jobs, research and taxes in the district.

Taxes are `restricted`: since 2024-08-01 the Fair Competition Review Regulation bars local tax as a condition of
support, so an edition in force from that day needs a legal ground of its own to use them.
"""

from __future__ import annotations

from ibis.expr.types import Column

from features.arithmetic import growth, log1p_of, ratio
from features.definition import feature


@feature(
    factor="contribution",
    unit="log persons",
    direction=1,
    missing="unknown",
    zh="区内参保人数(对数)",
    en="Insured jobs in the district (log)",
)
def district_insured_log(district_insured_employees: Column) -> Column:
    """Natural logarithm of one plus the employees insured in the district at the end of the last closed year."""
    return log1p_of(district_insured_employees)


@feature(
    factor="contribution",
    unit="1",
    direction=1,
    missing="unknown",
    zh="参保人数年增长率",
    en="Growth of insured jobs",
    changeable=True,
)
def insured_growth_1y(insured_employees: Column, insured_employees_1y_ago: Column) -> Column:
    """Insured employees at the end of the last closed year over the year before, less one."""
    return growth(insured_employees, insured_employees_1y_ago)


@feature(
    factor="contribution",
    unit="1",
    direction=1,
    missing="unknown",
    zh="区内参保占比",
    en="Share of insured jobs in the district",
    changeable=True,
)
def district_insured_share(district_insured_employees: Column, insured_employees: Column) -> Column:
    """Employees insured in the district over all insured employees."""
    return ratio(district_insured_employees, insured_employees)


@feature(
    factor="contribution",
    unit="log CNY",
    direction=1,
    missing="unknown",
    zh="纳税总额(对数)",
    en="Tax paid (log)",
    restricted="fair_competition",
)
def tax_paid_log(tax_paid_cny: Column) -> Column:
    """Natural logarithm of one plus the tax paid in the last closed year, in yuan."""
    return log1p_of(tax_paid_cny)
