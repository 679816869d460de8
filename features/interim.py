"""成长性 (growth) on the months reported within a year: like is compared with like, never nine months with twelve.

The last interim report against the same months a year before, and the second half and fourth quarter of the last
closed year against the year before, say more about what comes next than any full year does.

Where the year before is not known, what the report itself tells of its growth leads back to it: a register often
begins with its first year's reports, which say 同比 all the same.
"""

from __future__ import annotations

from ibis.expr.types import Column

from features.arithmetic import log1p_of, log_growth, swing, year_before
from features.definition import feature


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
    en="Revenue, first half against the year before",
)
def revenue_h1_growth(revenue_cny_h1: Column, revenue_cny_h1_1y_ago: Column, revenue_yoy_h1: Column) -> Column:
    """Logarithm of the last closed year's first-half revenue over that of the year before."""
    return log_growth(revenue_cny_h1, year_before(revenue_cny_h1_1y_ago, revenue_cny_h1, revenue_yoy_h1))


@feature(
    factor="growth",
    unit="1",
    direction=1,
    missing="unknown",
    zh="下半年营业收入同比",
    en="Revenue, second half against the year before",
)
def revenue_h2_growth(
    revenue_cny: Column,
    revenue_cny_h1: Column,
    revenue_cny_1y_ago: Column,
    revenue_cny_h1_1y_ago: Column,
    revenue_yoy: Column,
    revenue_yoy_h1: Column,
) -> Column:
    """Logarithm of the last closed year's second-half revenue over that of the year before."""
    year = year_before(revenue_cny_1y_ago, revenue_cny, revenue_yoy)
    half = year_before(revenue_cny_h1_1y_ago, revenue_cny_h1, revenue_yoy_h1)
    return log_growth(revenue_cny - revenue_cny_h1, year - half)


@feature(
    factor="growth",
    unit="1",
    direction=1,
    missing="unknown",
    zh="下半年营业收入比上半年增长",
    en="Revenue, second half against first half",
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
    revenue_cny: Column,
    revenue_cny_h1: Column,
    revenue_cny_1y_ago: Column,
    revenue_cny_h1_1y_ago: Column,
    revenue_yoy: Column,
    revenue_yoy_h1: Column,
) -> Column:
    """Rank of the last closed year's second-half revenue growth among all enterprises at the date."""
    year = year_before(revenue_cny_1y_ago, revenue_cny, revenue_yoy)
    half = year_before(revenue_cny_h1_1y_ago, revenue_cny_h1, revenue_yoy_h1)
    return log_growth(revenue_cny - revenue_cny_h1, year - half)


@feature(
    factor="growth",
    unit="1",
    direction=1,
    missing="unknown",
    zh="下半年营业收入比上半年全区排名",
    en="Second half against first half, rank among all",
    relative_to="all",
)
def revenue_h2_to_h1_place(revenue_cny: Column, revenue_cny_h1: Column) -> Column:
    """Rank of the last closed year's second-half revenue over its first half among all enterprises at the date: years
    in which everybody's second half was weak are compared with others.
    """
    return log_growth(revenue_cny - revenue_cny_h1, revenue_cny_h1)


@feature(
    factor="growth",
    unit="1",
    direction=1,
    missing="unknown",
    zh="第四季度营业收入同比",
    en="Revenue, fourth quarter against the year before",
)
def revenue_q4_growth(
    revenue_cny: Column,
    revenue_cny_9m: Column,
    revenue_cny_1y_ago: Column,
    revenue_cny_9m_1y_ago: Column,
    revenue_yoy: Column,
    revenue_yoy_9m: Column,
) -> Column:
    """Logarithm of the last closed year's fourth-quarter revenue over that of the year before."""
    year = year_before(revenue_cny_1y_ago, revenue_cny, revenue_yoy)
    months = year_before(revenue_cny_9m_1y_ago, revenue_cny_9m, revenue_yoy_9m)
    return log_growth(revenue_cny - revenue_cny_9m, year - months)


@feature(
    factor="growth",
    unit="1",
    direction=1,
    missing="unknown",
    zh="第四季度营业收入比上半年增长",
    en="Revenue, fourth quarter against first half",
)
def revenue_q4_to_h1(revenue_cny: Column, revenue_cny_9m: Column, revenue_cny_h1: Column) -> Column:
    """Logarithm of twice the last closed year's fourth-quarter revenue over its first half."""
    return log_growth(2 * (revenue_cny - revenue_cny_9m), revenue_cny_h1)


@feature(
    factor="growth",
    unit="1",
    direction=1,
    missing="unknown",
    zh="第二季度营业收入比第一季度增长",
    en="Revenue, second quarter against first",
)
def revenue_q2_to_q1(revenue_cny_h1: Column, revenue_cny_3m: Column) -> Column:
    """Logarithm of the last closed year's second-quarter revenue over its first quarter."""
    return log_growth(revenue_cny_h1 - revenue_cny_3m, revenue_cny_3m)


@feature(
    factor="growth",
    unit="1",
    direction=1,
    missing="unknown",
    zh="第三季度营业收入比上半年增长",
    en="Revenue, third quarter against first half",
)
def revenue_q3_to_h1(revenue_cny_9m: Column, revenue_cny_h1: Column) -> Column:
    """Logarithm of twice the last closed year's third-quarter revenue over its first half."""
    return log_growth(2 * (revenue_cny_9m - revenue_cny_h1), revenue_cny_h1)


@feature(
    factor="growth",
    unit="1",
    direction=1,
    missing="unknown",
    zh="第四季度营业收入比第三季度增长",
    en="Revenue, fourth quarter against third",
)
def revenue_q4_to_q3(revenue_cny: Column, revenue_cny_9m: Column, revenue_cny_h1: Column) -> Column:
    """Logarithm of the last closed year's fourth-quarter revenue over its third quarter."""
    return log_growth(revenue_cny - revenue_cny_9m, revenue_cny_9m - revenue_cny_h1)


@feature(
    factor="growth",
    unit="1",
    direction=1,
    missing="unknown",
    zh="第三季度营业收入同比",
    en="Revenue, third quarter against the year before",
)
def revenue_q3_growth(
    revenue_cny_9m: Column,
    revenue_cny_h1: Column,
    revenue_cny_9m_1y_ago: Column,
    revenue_cny_h1_1y_ago: Column,
    revenue_yoy_9m: Column,
    revenue_yoy_h1: Column,
) -> Column:
    """Logarithm of the last closed year's third-quarter revenue over that of the year before."""
    months = year_before(revenue_cny_9m_1y_ago, revenue_cny_9m, revenue_yoy_9m)
    half = year_before(revenue_cny_h1_1y_ago, revenue_cny_h1, revenue_yoy_h1)
    return log_growth(revenue_cny_9m - revenue_cny_h1, months - half)


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
