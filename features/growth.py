"""成长性 (growth): how fast an enterprise has grown, on closed years and on the months reported since.

Rates are missing where the earlier figure is missing, zero or negative: a young enterprise has no growth, not a
growth of zero. Interim figures are compared with the same months of the year before.
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
    log1p_of,
    log_growth,
    ratio,
    swing,
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
def revenue_growth_1y(revenue_cny: Column, revenue_cny_1y_ago: Column) -> Column:
    """Revenue of the last closed year over that of the year before, less one."""
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
def revenue_growth_rank(revenue_cny: Column, revenue_cny_1y_ago: Column) -> Column:
    """Rank of one-year revenue growth among enterprises of the same industry and size class."""
    return ratio(revenue_cny, revenue_cny_1y_ago)


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
    zh="今年以来从业人员同比",
    en="Headcount this year against last",
)
def employees_ytd_growth(employees_ytd: Column, employees_ytd_1y_ago: Column) -> Column:
    """Logarithm of employees in the last interim report over those of the same report a year before."""
    return log_growth(employees_ytd, employees_ytd_1y_ago)


@feature(
    factor="growth",
    unit="1",
    direction=1,
    missing="unknown",
    zh="今年以来利润改善",
    en="Profit swing this year",
)
def profit_ytd_swing(
    net_profit_cny_ytd: Column, net_profit_cny_ytd_1y_ago: Column, revenue_cny_ytd_1y_ago: Column
) -> Column:
    """Change of net profit between the last interim report and the same months a year before, as a share of the
    earlier revenue.
    """
    return swing(net_profit_cny_ytd, net_profit_cny_ytd_1y_ago, revenue_cny_ytd_1y_ago)


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
    zh="下半年营业收入同比全区排名",
    en="Second-half growth, rank among all",
    relative_to="all",
)
def revenue_h2_growth_place(
    revenue_cny: Column, revenue_cny_h1: Column, revenue_cny_1y_ago: Column, revenue_cny_h1_1y_ago: Column
) -> Column:
    """Rank of the last closed year's second-half revenue growth among all enterprises at the date."""
    return log_growth(revenue_cny - revenue_cny_h1, revenue_cny_1y_ago - revenue_cny_h1_1y_ago)


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
    unit="1",
    direction=1,
    missing="unknown",
    zh="第四季度营业收入比上半年",
    en="Fourth quarter against first half",
)
def revenue_q4_to_h1(revenue_cny: Column, revenue_cny_9m: Column, revenue_cny_h1: Column) -> Column:
    """Logarithm of twice the last closed year's fourth-quarter revenue over its first half."""
    return log_growth(2 * (revenue_cny - revenue_cny_9m), revenue_cny_h1)


@feature(
    factor="growth",
    unit="1",
    direction=1,
    missing="unknown",
    zh="第三季度营业收入同比",
    en="Third quarter against the year before",
)
def revenue_q3_growth(
    revenue_cny_9m: Column, revenue_cny_h1: Column, revenue_cny_9m_1y_ago: Column, revenue_cny_h1_1y_ago: Column
) -> Column:
    """Logarithm of the last closed year's third-quarter revenue over that of the year before."""
    return log_growth(revenue_cny_9m - revenue_cny_h1, revenue_cny_9m_1y_ago - revenue_cny_h1_1y_ago)


@feature(
    factor="growth",
    unit="1",
    direction=1,
    missing="unknown",
    zh="下半年利润改善",
    en="Second-half profit swing",
)
def profit_h2_swing(
    net_profit_cny: Column,
    net_profit_cny_h1: Column,
    net_profit_cny_1y_ago: Column,
    net_profit_cny_h1_1y_ago: Column,
    revenue_cny_1y_ago: Column,
) -> Column:
    """Change of second-half net profit between the last two closed years, as a share of the earlier year's revenue."""
    return swing(
        net_profit_cny - net_profit_cny_h1, net_profit_cny_1y_ago - net_profit_cny_h1_1y_ago, revenue_cny_1y_ago
    )


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
