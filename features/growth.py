"""成长性 (growth) over closed years: how fast, how steadily, and by the rules of others.

Rates are missing where the earlier figure is missing, zero or negative: a young enterprise has no growth, not a
growth of zero.
"""

from __future__ import annotations

import ibis
from ibis.expr.types import Column

from features.arithmetic import (
    above,
    compound_growth,
    deviation,
    either,
    growth,
    growth_points,
    known_if,
    log_growth,
    ratio,
    swing,
    year_before,
    years_up,
)
from features.definition import feature


@feature(
    factor="growth",
    unit="1",
    direction=1,
    missing="unknown",
    zh="营业收入年增长率",
    en="Revenue growth, one year",
)
def revenue_growth_1y(revenue_cny: Column, revenue_cny_1y_ago: Column, revenue_yoy: Column) -> Column:
    """Revenue of the last closed year over that of the year before, less one; where the year before is not known, the
    growth that the report itself tells.
    """
    return growth(revenue_cny, year_before(revenue_cny_1y_ago, revenue_cny, revenue_yoy))


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
    factor="growth",
    unit="1",
    direction=1,
    missing="unknown",
    zh="营业收入增速变化",
    en="Revenue acceleration",
)
def revenue_acceleration(revenue_cny: Column, revenue_cny_1y_ago: Column, revenue_cny_2y_ago: Column) -> Column:
    """Logarithmic revenue growth of the last closed year less that of the year before."""
    return log_growth(revenue_cny, revenue_cny_1y_ago) - log_growth(revenue_cny_1y_ago, revenue_cny_2y_ago)


@feature(
    factor="growth",
    unit="1",
    direction=-1,
    missing="unknown",
    zh="营业收入波动",
    en="Revenue volatility",
)
def revenue_volatility(
    revenue_cny: Column, revenue_cny_1y_ago: Column, revenue_cny_2y_ago: Column, revenue_cny_3y_ago: Column
) -> Column:
    """Population standard deviation of the three yearly logarithmic growth rates of revenue."""
    return deviation(
        log_growth(revenue_cny, revenue_cny_1y_ago),
        log_growth(revenue_cny_1y_ago, revenue_cny_2y_ago),
        log_growth(revenue_cny_2y_ago, revenue_cny_3y_ago),
    )


@feature(
    factor="growth",
    unit="years",
    direction=1,
    missing="unknown",
    zh="营业收入连续增长年数",
    en="Years of revenue growth in a row",
)
def revenue_years_up(
    revenue_cny: Column, revenue_cny_1y_ago: Column, revenue_cny_2y_ago: Column, revenue_cny_3y_ago: Column
) -> Column:
    """Closed years in a row, up to three, in which revenue rose; counting ends where a figure is missing, and is
    missing where the last year cannot be compared.
    """
    return years_up(revenue_cny, revenue_cny_1y_ago, revenue_cny_2y_ago, revenue_cny_3y_ago)


@feature(
    factor="growth",
    unit="1",
    direction=1,
    missing="unknown",
    zh="从业人员年增长率",
    en="Headcount growth, one year",
)
def employees_growth_1y(employees: Column, employees_1y_ago: Column) -> Column:
    """Employees at the end of the last closed year over the year before, less one."""
    return growth(employees, employees_1y_ago)


@feature(
    factor="growth",
    unit="1",
    direction=1,
    missing="unknown",
    zh="从业人员两年复合增长率",
    en="Headcount growth, two-year compound",
)
def employees_cagr_2y(employees: Column, employees_2y_ago: Column) -> Column:
    """Compound yearly growth of employees over two closed years."""
    return compound_growth(employees, employees_2y_ago, 2)


@feature(
    factor="growth",
    unit="1",
    direction=1,
    missing="unknown",
    zh="从业人员三年复合增长率",
    en="Headcount growth, three-year compound",
)
def employees_cagr_3y(employees: Column, employees_3y_ago: Column) -> Column:
    """Compound yearly growth of employees over three closed years."""
    return compound_growth(employees, employees_3y_ago, 3)


@feature(
    factor="growth",
    unit="1",
    direction=1,
    missing="unknown",
    zh="资产年增长率",
    en="Asset growth, one year",
)
def assets_growth_1y(total_assets_cny: Column, total_assets_cny_1y_ago: Column) -> Column:
    """Total assets at the end of the last closed year over the year before, less one."""
    return growth(total_assets_cny, total_assets_cny_1y_ago)


@feature(
    factor="growth",
    unit="1",
    direction=1,
    missing="unknown",
    zh="资产两年复合增长率",
    en="Asset growth, two-year compound",
)
def assets_cagr_2y(total_assets_cny: Column, total_assets_cny_2y_ago: Column) -> Column:
    """Compound yearly growth of total assets over two closed years."""
    return compound_growth(total_assets_cny, total_assets_cny_2y_ago, 2)


@feature(
    factor="growth",
    unit="1",
    direction=1,
    missing="unknown",
    zh="资产三年复合增长率",
    en="Asset growth, three-year compound",
)
def assets_cagr_3y(total_assets_cny: Column, total_assets_cny_3y_ago: Column) -> Column:
    """Compound yearly growth of total assets over three closed years."""
    return compound_growth(total_assets_cny, total_assets_cny_3y_ago, 3)


@feature(
    factor="growth",
    unit="1",
    direction=1,
    missing="unknown",
    zh="研发费用年增长率",
    en="R&D growth, one year",
    changeable=True,
)
def rd_growth_1y(rd_expense_cny: Column, rd_expense_cny_1y_ago: Column) -> Column:
    """R&D expense of the last closed year over the year before, less one."""
    return growth(rd_expense_cny, rd_expense_cny_1y_ago)


@feature(
    factor="growth",
    unit="1",
    direction=1,
    missing="unknown",
    zh="研发费用两年复合增长率",
    en="R&D growth, two-year compound",
)
def rd_cagr_2y(rd_expense_cny: Column, rd_expense_cny_2y_ago: Column) -> Column:
    """Compound yearly growth of R&D expense over two closed years."""
    return compound_growth(rd_expense_cny, rd_expense_cny_2y_ago, 2)


@feature(
    factor="growth",
    unit="1",
    direction=1,
    missing="unknown",
    zh="研发费用三年复合增长率",
    en="R&D growth, three-year compound",
)
def rd_cagr_3y(rd_expense_cny: Column, rd_expense_cny_3y_ago: Column) -> Column:
    """Compound yearly growth of R&D expense over three closed years."""
    return compound_growth(rd_expense_cny, rd_expense_cny_3y_ago, 3)


@feature(
    factor="growth",
    unit="1",
    direction=1,
    missing="unknown",
    zh="市值年增长率",
    en="Market value growth, one year",
)
def market_value_growth_1y(market_value_cny: Column, market_value_cny_1y_ago: Column) -> Column:
    """Market value at the end of the last closed year over the year before, less one."""
    return growth(market_value_cny, market_value_cny_1y_ago)


@feature(
    factor="growth",
    unit="1",
    direction=1,
    missing="unknown",
    zh="利润改善",
    en="Profit swing",
)
def profit_swing_1y(net_profit_cny: Column, net_profit_cny_1y_ago: Column, revenue_cny_1y_ago: Column) -> Column:
    """Change of net profit over one year as a share of the earlier year's revenue."""
    return swing(net_profit_cny, net_profit_cny_1y_ago, revenue_cny_1y_ago)


@feature(
    factor="growth",
    unit="1",
    direction=1,
    missing="unknown",
    zh="营业收入增速同行排名",
    en="Revenue growth, rank among peers",
    relative_to="industry",
)
def revenue_growth_rank(revenue_cny: Column, revenue_cny_1y_ago: Column, revenue_yoy: Column) -> Column:
    """Rank of one-year revenue growth, told by the report where the year before is not known, among enterprises of the
    same industry and size class.
    """
    return ratio(revenue_cny, year_before(revenue_cny_1y_ago, revenue_cny, revenue_yoy))


@feature(
    factor="growth",
    unit="points",
    direction=1,
    missing="unknown",
    zh="销售收入成长得分(高企)",
    en="Revenue growth points (high-tech rule)",
)
def hnte_revenue_points(revenue_cny: Column, revenue_cny_1y_ago: Column, revenue_cny_2y_ago: Column) -> Column:
    """Points 0..10 for revenue growth by the high-tech guide of 2016 (国科发火〔2016〕195号).

    The rate is half of y2/y1 + y3/y2, less one; without y1, y3/y2 less one; y2 of zero gives no points. Rates of 35,
    25, 15, 5 % and above zero give 9-10, 7-8, 5-6, 3-4 and 1-2 points; here the middle of the band.
    """
    return growth_points(revenue_cny, revenue_cny_1y_ago, revenue_cny_2y_ago)


@feature(
    factor="growth",
    unit="points",
    direction=1,
    missing="unknown",
    zh="净资产成长得分(高企)",
    en="Net asset growth points (high-tech rule)",
)
def hnte_net_assets_points(
    net_assets_cny: Column, net_assets_cny_1y_ago: Column, net_assets_cny_2y_ago: Column
) -> Column:
    """Points 0..10 for the growth of net assets, by the same rule and bands as for revenue."""
    return growth_points(net_assets_cny, net_assets_cny_1y_ago, net_assets_cny_2y_ago)


@feature(
    factor="growth",
    unit="1",
    direction=1,
    missing="unknown",
    zh="高成长企业(不设人数门槛)",
    en="High growth, without size gate",
)
def oecd_high_growth(
    revenue_cny: Column, revenue_cny_3y_ago: Column, employees: Column, employees_3y_ago: Column
) -> Column:
    """1 where revenue or employees grew by more than 20 % a year over three closed years (OECD and Eurostat), without
    their gate of ten employees, which would exclude most small firms; 0 where what is known did not.
    """
    return either(
        above(compound_growth(revenue_cny, revenue_cny_3y_ago, 3), 0.2),
        above(compound_growth(employees, employees_3y_ago, 3), 0.2),
    )


@feature(
    factor="growth",
    unit="1",
    direction=1,
    missing="unknown",
    zh="高成长企业(起点十人以上)",
    en="High growth, from ten employees",
)
def oecd_high_growth_ten(
    revenue_cny: Column, revenue_cny_3y_ago: Column, employees: Column, employees_3y_ago: Column
) -> Column:
    """The same with the official gate: 0 where fewer than ten were employed three years before; missing where that is
    unknown.
    """
    return known_if(
        employees_3y_ago >= 0,
        ibis.ifelse(
            employees_3y_ago >= 10,
            either(
                above(compound_growth(revenue_cny, revenue_cny_3y_ago, 3), 0.2),
                above(compound_growth(employees, employees_3y_ago, 3), 0.2),
            ),
            0.0,
        ),
    )
