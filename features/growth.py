"""成长性 (growth): how fast an enterprise has grown, on closed years and on the months reported since."""

from __future__ import annotations

from ibis.expr.types import Column

from features.arithmetic import compound_growth, growth, log1p_of, log_growth, ratio, swing
from features.definition import feature


@feature(
    factor="growth", unit="1", direction=1, missing="unknown", zh="营业收入年增长率", en="Revenue growth, one year"
)
def revenue_growth_1y(revenue_cny: Column, revenue_cny_1y_ago: Column) -> Column:
    """Revenue of the last closed year over that of the year before, less one; missing for a first year."""
    return growth(revenue_cny, revenue_cny_1y_ago)


@feature(
    factor="growth",
    unit="1",
    direction=1,
    missing="unknown",
    zh="营业收入两年复合增长率",
    en="Revenue growth, two-year compound",
)
def revenue_cagr_2y(revenue_cny: Column, revenue_cny_2y_ago: Column) -> Column:
    """Compound yearly growth of revenue over two closed years; missing where either end is not positive."""
    return compound_growth(revenue_cny, revenue_cny_2y_ago, 2)


@feature(
    factor="growth",
    unit="1",
    direction=1,
    missing="unknown",
    zh="营业收入三年复合增长率",
    en="Revenue growth, three-year compound",
)
def revenue_cagr_3y(revenue_cny: Column, revenue_cny_3y_ago: Column) -> Column:
    """Compound yearly growth of revenue over three closed years; missing where either end is not positive."""
    return compound_growth(revenue_cny, revenue_cny_3y_ago, 3)


@feature(
    factor="growth", unit="1", direction=1, missing="unknown", zh="从业人员年增长率", en="Headcount growth, one year"
)
def employees_growth_1y(employees: Column, employees_1y_ago: Column) -> Column:
    """Employees at the end of the last closed year over the year before, less one."""
    return growth(employees, employees_1y_ago)


@feature(factor="growth", unit="1", direction=1, missing="unknown", zh="资产年增长率", en="Asset growth, one year")
def assets_growth_1y(total_assets_cny: Column, total_assets_cny_1y_ago: Column) -> Column:
    """Total assets at the end of the last closed year over the year before, less one."""
    return growth(total_assets_cny, total_assets_cny_1y_ago)


@feature(factor="growth", unit="1", direction=1, missing="unknown", zh="利润改善", en="Profit swing")
def profit_swing_1y(net_profit_cny: Column, net_profit_cny_1y_ago: Column, revenue_cny_1y_ago: Column) -> Column:
    """Change of net profit over one year as a share of the earlier year's revenue."""
    return swing(net_profit_cny, net_profit_cny_1y_ago, revenue_cny_1y_ago)


@feature(
    factor="growth",
    unit="1",
    direction=1,
    missing="unknown",
    zh="今年以来营业收入同比",
    en="Revenue this year against last",
)
def revenue_ytd_growth(revenue_cny_ytd: Column, revenue_cny_ytd_1y_ago: Column) -> Column:
    """Logarithm of revenue in the last interim report over that of the same months a year before."""
    return log_growth(revenue_cny_ytd, revenue_cny_ytd_1y_ago)


@feature(
    factor="growth",
    unit="1",
    direction=1,
    missing="unknown",
    zh="下半年营业收入比上半年",
    en="Second half against first half",
)
def revenue_h2_to_h1(revenue_cny: Column, revenue_cny_h1: Column) -> Column:
    """Logarithm of the last closed year's second-half revenue over its first half."""
    return log_growth(revenue_cny - revenue_cny_h1, revenue_cny_h1)


@feature(
    factor="growth",
    unit="1",
    direction=1,
    missing="unknown",
    zh="下半年营业收入同比",
    en="Second half against the year before",
)
def revenue_h2_growth(
    revenue_cny: Column, revenue_cny_h1: Column, revenue_cny_1y_ago: Column, revenue_cny_h1_1y_ago: Column
) -> Column:
    """Logarithm of the last closed year's second-half revenue over that of the year before."""
    return log_growth(revenue_cny - revenue_cny_h1, revenue_cny_1y_ago - revenue_cny_h1_1y_ago)


@feature(
    factor="growth",
    unit="1",
    direction=1,
    missing="unknown",
    zh="上半年营业收入同比",
    en="First half against the year before",
)
def revenue_h1_growth(revenue_cny_h1: Column, revenue_cny_h1_1y_ago: Column) -> Column:
    """Logarithm of the last closed year's first-half revenue over that of the year before."""
    return log_growth(revenue_cny_h1, revenue_cny_h1_1y_ago)


@feature(
    factor="growth",
    unit="1",
    direction=1,
    missing="unknown",
    zh="第四季度营业收入同比",
    en="Fourth quarter against the year before",
)
def revenue_q4_growth(
    revenue_cny: Column, revenue_cny_9m: Column, revenue_cny_1y_ago: Column, revenue_cny_9m_1y_ago: Column
) -> Column:
    """Logarithm of the last closed year's fourth-quarter revenue over that of the year before."""
    return log_growth(revenue_cny - revenue_cny_9m, revenue_cny_1y_ago - revenue_cny_9m_1y_ago)


@feature(
    factor="growth",
    unit="log CNY",
    direction=0,
    missing="unknown",
    zh="上半年营业收入(对数)",
    en="First-half revenue (log)",
)
def revenue_h1_log(revenue_cny_h1: Column) -> Column:
    """Natural logarithm of one plus the first-half revenue of the last closed year, in yuan."""
    return log1p_of(revenue_cny_h1)


@feature(factor="growth", unit="1", direction=1, missing="unknown", zh="研发费用年增长率", en="R&D growth, one year")
def rd_growth_1y(rd_expense_cny: Column, rd_expense_cny_1y_ago: Column) -> Column:
    """R&D expense of the last closed year over the year before, less one."""
    return growth(rd_expense_cny, rd_expense_cny_1y_ago)


@feature(
    factor="growth",
    unit="1",
    direction=1,
    missing="unknown",
    zh="营业收入增速行业排名",
    en="Revenue growth, rank among peers",
    relative_to="industry",
)
def revenue_growth_rank(revenue_cny: Column, revenue_cny_1y_ago: Column) -> Column:
    """Rank of one-year revenue growth among enterprises of the same industry and size class."""
    return ratio(revenue_cny, revenue_cny_1y_ago)
