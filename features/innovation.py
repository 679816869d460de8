"""创新 (innovation): what an enterprise spends on research and what comes of it."""

from __future__ import annotations

from ibis.expr.types import Column

from features.arithmetic import log1p_of, ratio
from features.definition import feature


@feature(
    factor="innovation",
    unit="1",
    direction=1,
    missing="unknown",
    zh="研发强度",
    en="R&D intensity",
    changeable=True,
)
def rd_intensity(rd_expense_cny: Column, revenue_cny: Column) -> Column:
    """R&D expense over revenue in the last closed year; missing where revenue is not positive."""
    return ratio(rd_expense_cny, revenue_cny)


@feature(
    factor="innovation",
    unit="log CNY",
    direction=1,
    missing="unknown",
    zh="研发存量(对数)",
    en="R&D stock (log)",
)
def rd_stock_log(rd_stock_cny: Column) -> Column:
    """Natural logarithm of one plus the stock of R&D in yuan."""
    return log1p_of(rd_stock_cny)


@feature(
    factor="innovation",
    unit="1",
    direction=1,
    missing="unknown",
    zh="高新技术产品收入占比",
    en="High-tech share of revenue",
    changeable=True,
)
def hightech_share(hightech_revenue_cny: Column, revenue_cny: Column) -> Column:
    """Revenue from high-tech products over revenue in the last closed year."""
    return ratio(hightech_revenue_cny, revenue_cny)


@feature(
    factor="innovation",
    unit="log pieces",
    direction=1,
    missing="unknown",
    zh="发明专利(对数)",
    en="Invention patents (log)",
)
def invention_patents_log(invention_patents: Column) -> Column:
    """Natural logarithm of one plus the invention patents held at the end of the last closed year."""
    return log1p_of(invention_patents)


@feature(
    factor="innovation",
    unit="log pieces",
    direction=1,
    missing="unknown",
    zh="专利授权(对数)",
    en="Patents granted (log)",
)
def patent_grants_log(patent_grants: Column) -> Column:
    """Natural logarithm of one plus the patents granted in the last closed year."""
    return log1p_of(patent_grants)


@feature(
    factor="innovation",
    unit="log pieces",
    direction=1,
    missing="unknown",
    zh="软件著作权(对数)",
    en="Software copyrights (log)",
    changeable=True,
)
def software_copyrights_log(software_copyrights: Column) -> Column:
    """Natural logarithm of one plus the software copyrights held at the end of the last closed year."""
    return log1p_of(software_copyrights)


@feature(
    factor="innovation",
    unit="pieces",
    direction=1,
    missing="zero",
    zh="高新技术企业",
    en="High-tech certificate",
    changeable=True,
)
def high_tech(high_tech_certificates: Column) -> Column:
    """Certificates as 高新技术企业 valid on the as-of date."""
    return high_tech_certificates


@feature(
    factor="innovation",
    unit="pieces",
    direction=1,
    missing="zero",
    zh="研发平台",
    en="Research platforms",
)
def research_platforms(research_platforms: Column) -> Column:
    """Certified research platforms (博士后工作站, 技术中心, 重点实验室 and the like) valid on the as-of date."""
    return research_platforms
