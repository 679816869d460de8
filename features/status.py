"""现状 (status): how large, how sound and how productive an enterprise is now."""

from __future__ import annotations

import ibis
from ibis.expr.types import Column

from features.arithmetic import known_if, log1p_of, log_of, ratio
from features.definition import feature


@feature(
    factor="status",
    unit="log CNY",
    direction=1,
    missing="unknown",
    zh="营业收入(对数)",
    en="Revenue (log)",
)
def revenue_log(revenue_cny: Column) -> Column:
    """Natural logarithm of one plus the last closed year's revenue in yuan; missing where revenue is negative."""
    return log1p_of(revenue_cny)


@feature(
    factor="status",
    unit="log CNY",
    direction=1,
    missing="unknown",
    zh="资产总额(对数)",
    en="Total assets (log)",
)
def assets_log(total_assets_cny: Column) -> Column:
    """Natural logarithm of total assets in yuan at the end of the last closed year."""
    return log_of(total_assets_cny)


@feature(
    factor="status",
    unit="log persons",
    direction=1,
    missing="unknown",
    zh="从业人员(对数)",
    en="Employees (log)",
)
def employees_log(employees: Column, average_employees: Column) -> Column:
    """Natural logarithm of one plus the employees at the end of the last closed year; where not given, the year's
    average.
    """
    return log1p_of(ibis.coalesce(employees, average_employees))


@feature(
    factor="status",
    unit="log CNY",
    direction=1,
    missing="unknown",
    zh="市值(对数)",
    en="Market value (log)",
)
def market_value_log(market_value_cny: Column) -> Column:
    """Natural logarithm of the market value in yuan at the end of the last closed year, for listed companies."""
    return log_of(market_value_cny)


@feature(
    factor="status",
    unit="log CNY",
    direction=1,
    missing="unknown",
    zh="资本存量(对数)",
    en="Capital stock (log)",
)
def capital_stock_log(capital_stock_cny: Column) -> Column:
    """Natural logarithm of the capital stock in yuan at the end of the last closed year."""
    return log_of(capital_stock_cny)


@feature(
    factor="status",
    unit="1",
    direction=1,
    missing="unknown",
    zh="实缴资本占注册资本比例",
    en="Paid-in share of capital",
    changeable=True,
)
def paid_in_share(paid_in_capital_cny: Column, registered_capital_cny: Column) -> Column:
    """Paid-in capital over registered capital, as registered."""
    return ratio(paid_in_capital_cny, registered_capital_cny)


@feature(
    factor="status",
    unit="1",
    direction=1,
    missing="unknown",
    zh="净利润率",
    en="Net profit margin",
    changeable=True,
)
def net_margin(net_profit_cny: Column, revenue_cny: Column) -> Column:
    """Net profit over revenue in the last closed year; missing where revenue is not positive."""
    return ratio(net_profit_cny, revenue_cny)


@feature(
    factor="status",
    unit="1",
    direction=1,
    missing="unknown",
    zh="总资产收益率",
    en="Return on assets",
)
def return_on_assets(net_profit_cny: Column, total_assets_cny: Column) -> Column:
    """Net profit of the last closed year over total assets at its end."""
    return ratio(net_profit_cny, total_assets_cny)


@feature(
    factor="status",
    unit="1",
    direction=-1,
    missing="unknown",
    zh="资产负债率",
    en="Leverage",
    changeable=True,
)
def leverage(total_liabilities_cny: Column, net_assets_cny: Column, total_assets_cny: Column) -> Column:
    """Liabilities over total assets; where liabilities are not reported, total assets less net assets."""
    return ratio(ibis.coalesce(total_liabilities_cny, total_assets_cny - net_assets_cny), total_assets_cny)


@feature(
    factor="status",
    unit="log CNY/person",
    direction=1,
    missing="unknown",
    zh="人均营业收入(对数)",
    en="Revenue per employee (log)",
)
def productivity_log(revenue_cny: Column, employees: Column) -> Column:
    """Natural logarithm of revenue in yuan per employee in the last closed year."""
    return log_of(ratio(revenue_cny, employees))


@feature(
    factor="status",
    unit="1",
    direction=1,
    missing="unknown",
    zh="市值与资产之比",
    en="Market value to capital",
)
def value_to_assets(market_value_cny: Column, capital_stock_cny: Column) -> Column:
    """Market value over capital stock at the end of the last closed year."""
    return ratio(market_value_cny, capital_stock_cny)


@feature(
    factor="status",
    unit="1",
    direction=1,
    missing="unknown",
    zh="营业收入全区排名",
    en="Revenue, rank among all",
    relative_to="all",
)
def revenue_place(revenue_cny: Column) -> Column:
    """Rank of revenue among all enterprises at the date."""
    return revenue_cny


@feature(
    factor="status",
    unit="1",
    direction=1,
    missing="unknown",
    zh="从业人员全区排名",
    en="Employees, rank among all",
    relative_to="all",
)
def employees_place(employees: Column) -> Column:
    """Rank of the number of employees among all enterprises at the date."""
    return employees


@feature(
    factor="status",
    unit="1",
    direction=1,
    missing="unknown",
    zh="市值全区排名",
    en="Market value, rank among all",
    relative_to="all",
)
def market_value_place(market_value_cny: Column) -> Column:
    """Rank of market value among all enterprises at the date."""
    return market_value_cny


@feature(
    factor="status",
    unit="years",
    direction=0,
    missing="unknown",
    zh="成立年限",
    en="Age",
)
def age_years(as_of: Column, established_on: Column) -> Column:
    """Years from the date of establishment to the as-of date, by days over 365.25; missing if it lies ahead."""
    days = as_of.delta(established_on, unit="day").cast("float64")
    return known_if(days >= 0, days / 365.25)


@feature(
    factor="status",
    unit="days",
    direction=-1,
    missing="unknown",
    zh="数据陈旧程度",
    en="Age of the figures",
)
def report_age(as_of: Column, last_period_end: Column) -> Column:
    """Days from the end of the last closed year known to the as-of date."""
    return as_of.delta(last_period_end, unit="day").cast("float64")


@feature(
    factor="status",
    unit="",
    direction=0,
    missing="unknown",
    zh="地区",
    en="Region",
    kind="category",
)
def region(region: Column) -> Column:
    """The region of the registration, as last known."""
    return region
