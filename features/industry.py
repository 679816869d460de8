"""行业 (industry): the industry of an enterprise, how it does in the district, and where it stands among its peers."""

from __future__ import annotations

import ibis
from ibis.expr.types import Column

from features.arithmetic import growth, known_if, ratio
from features.definition import feature


@feature(
    factor="industry",
    unit="",
    direction=0,
    missing="unknown",
    zh="行业",
    en="Industry",
    kind="category",
)
def industry_name(industry_name: Column) -> Column:
    """The industry as the register names it, where it gives a name rather than a code."""
    return industry_name


@feature(
    factor="industry",
    unit="",
    direction=0,
    missing="unknown",
    zh="行业门类",
    en="Industry section",
    kind="category",
)
def industry_section(industry_section: Column) -> Column:
    """Section (门类, A-T) of GB/T 4754-2017, from the industry code."""
    return industry_section


@feature(
    factor="industry",
    unit="",
    direction=0,
    missing="unknown",
    zh="行业大类",
    en="Industry division",
    kind="category",
)
def industry_division(industry_division: Column) -> Column:
    """Division (大类, two digits) of GB/T 4754-2017, from the industry code."""
    return industry_division


@feature(
    factor="industry",
    unit="1",
    direction=1,
    missing="unknown",
    zh="重点产业",
    en="Key industry",
)
def key_industry(key_industry_strength: Column, key_industry_certificates: Column) -> Column:
    """Whether the industry is one of article 2: 1 by a code that is, or by a valid certificate that says so (人工智能,
    总部: no code alone shows these); 0.5 by a related code; 0 by another code. The table of codes is a proposal
    until a person signs it.
    """
    return known_if(
        key_industry_strength.notnull() | (key_industry_certificates > 0),
        ibis.ifelse(key_industry_certificates.fill_null(0) > 0, 1.0, key_industry_strength),
    )


@feature(
    factor="industry",
    unit="1",
    direction=1,
    missing="unknown",
    zh="行业营业收入增速中位数",
    en="Median growth of the industry",
    relative_to="industry_median",
)
def industry_growth(revenue_cny: Column, revenue_cny_1y_ago: Column) -> Column:
    """Median one-year revenue growth of the enterprises of the same industry in the district, where at least five are
    known.
    """
    return growth(revenue_cny, revenue_cny_1y_ago)


@feature(
    factor="industry",
    unit="1",
    direction=0,
    missing="unknown",
    zh="行业集中度",
    en="Concentration of the industry",
    relative_to="industry_concentration",
)
def industry_concentration(revenue_cny: Column) -> Column:
    """Herfindahl index of revenue among the enterprises of the same industry in the district: sum of squared shares,
    0..1, where at least five are known.
    """
    return revenue_cny


@feature(
    factor="industry",
    unit="1",
    direction=1,
    missing="unknown",
    zh="营业收入同行排名",
    en="Revenue, rank among peers",
    relative_to="industry",
)
def revenue_rank(revenue_cny: Column) -> Column:
    """Rank of revenue among enterprises of the same industry and size class."""
    return revenue_cny


@feature(
    factor="industry",
    unit="1",
    direction=1,
    missing="unknown",
    zh="人均营业收入同行排名",
    en="Productivity, rank among peers",
    relative_to="industry",
)
def productivity_rank(revenue_cny: Column, employees: Column) -> Column:
    """Rank of revenue per employee among enterprises of the same industry and size class."""
    return ratio(revenue_cny, employees)


@feature(
    factor="industry",
    unit="1",
    direction=1,
    missing="unknown",
    zh="净利润率同行排名",
    en="Margin, rank among peers",
    relative_to="industry",
)
def margin_rank(net_profit_cny: Column, revenue_cny: Column) -> Column:
    """Rank of the net profit margin among enterprises of the same industry and size class."""
    return ratio(net_profit_cny, revenue_cny)


@feature(
    factor="industry",
    unit="1",
    direction=1,
    missing="unknown",
    zh="研发强度同行排名",
    en="R&D intensity, rank among peers",
    relative_to="industry",
)
def rd_intensity_rank(rd_expense_cny: Column, revenue_cny: Column) -> Column:
    """Rank of R&D intensity among enterprises of the same industry and size class."""
    return ratio(rd_expense_cny, revenue_cny)
