"""区域贡献度 (contribution): jobs, graduates, wages, research and taxes in the district.

Taxes are `restricted`: since 2024-08-01 the Fair Competition Review Regulation bars local tax as a condition of
support, so an edition in force from that day needs a legal ground of its own to use them.
"""

from __future__ import annotations

from ibis.expr.types import Column

from features.arithmetic import compound_growth, growth, log1p_of, log_of, ratio
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
    unit="log persons",
    direction=1,
    missing="unknown",
    zh="参保人数(对数)",
    en="Insured jobs (log)",
)
def insured_log(insured_employees: Column) -> Column:
    """Natural logarithm of one plus the insured employees at the end of the last closed year."""
    return log1p_of(insured_employees)


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
    unit="1",
    direction=1,
    missing="unknown",
    zh="参保人数年增长率",
    en="Growth of insured jobs, one year",
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
    zh="参保人数三年复合增长率",
    en="Growth of insured jobs, three-year compound",
)
def insured_cagr_3y(insured_employees: Column, insured_employees_3y_ago: Column) -> Column:
    """Compound yearly growth of insured employees over three closed years."""
    return compound_growth(insured_employees, insured_employees_3y_ago, 3)


@feature(
    factor="contribution",
    unit="1",
    direction=1,
    missing="unknown",
    zh="参保人数同行排名",
    en="Insured jobs, rank among peers",
    relative_to="industry",
)
def insured_rank(insured_employees: Column) -> Column:
    """Rank of insured employees among enterprises of the same industry and size class."""
    return insured_employees


@feature(
    factor="contribution",
    unit="log persons",
    direction=1,
    missing="unknown",
    zh="吸纳应届毕业生(对数)",
    en="Graduates hired (log)",
    changeable=True,
)
def graduates_hired_log(graduates_hired: Column) -> Column:
    """Natural logarithm of one plus the graduates hired in the last closed year."""
    return log1p_of(graduates_hired)


@feature(
    factor="contribution",
    unit="log CNY/person",
    direction=1,
    missing="unknown",
    zh="人均工资(对数)",
    en="Wages per employee (log)",
    changeable=True,
)
def wages_per_employee_log(wages_cny: Column, employees: Column) -> Column:
    """Natural logarithm of wages in yuan per employee in the last closed year."""
    return log_of(ratio(wages_cny, employees))


@feature(
    factor="contribution",
    unit="log CNY",
    direction=1,
    missing="unknown",
    zh="区内研发费用(对数)",
    en="R&D done in the district (log)",
)
def district_rd_log(rd_expense_cny: Column, district_insured_employees: Column, insured_employees: Column) -> Column:
    """Natural logarithm of one plus the R&D expense in yuan times the share of insured jobs in the district."""
    return log1p_of(rd_expense_cny * ratio(district_insured_employees, insured_employees))


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


@feature(
    factor="contribution",
    unit="log CNY",
    direction=1,
    missing="unknown",
    zh="区级税收(对数)",
    en="District tax (log)",
    restricted="fair_competition",
)
def district_tax_log(district_tax_cny: Column) -> Column:
    """Natural logarithm of one plus the district's part of the tax of the last closed year, in yuan."""
    return log1p_of(district_tax_cny)
