"""行业 (industry): the industry of an enterprise, and where it stands among its peers."""

from __future__ import annotations

from ibis.expr.types import Column

from features.definition import feature


@feature(factor="industry", unit="", direction=0, missing="unknown", zh="行业", en="Industry", kind="category")
def industry_name(industry_name: Column) -> Column:
    """The industry as the register names it, where it gives a name rather than a code."""
    return industry_name


@feature(
    factor="industry", unit="", direction=0, missing="unknown", zh="行业门类", en="Industry section", kind="category"
)
def industry_section(industry_section: Column) -> Column:
    """Section (门类, A-T) of GB/T 4754-2017, from the industry code."""
    return industry_section


@feature(
    factor="industry",
    unit="1",
    direction=1,
    missing="unknown",
    zh="营业收入行业排名",
    en="Revenue, rank among peers",
    relative_to="industry",
)
def revenue_rank(revenue_cny: Column) -> Column:
    """Rank of revenue among enterprises of the same industry and size class."""
    return revenue_cny
