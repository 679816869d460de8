"""创新 (innovation): what an enterprise spends on research and what comes of it."""

from __future__ import annotations

from ibis.expr.types import Column

from features.arithmetic import log1p_of, ratio
from features.definition import feature


@feature(
    factor="innovation", unit="1", direction=1, missing="unknown", zh="研发强度", en="R&D intensity", changeable=True
)
def rd_intensity(rd_expense_cny: Column, revenue_cny: Column) -> Column:
    """R&D expense over revenue in the last closed year; missing where revenue is not positive."""
    return ratio(rd_expense_cny, revenue_cny)


@feature(factor="innovation", unit="log CNY", direction=1, missing="unknown", zh="研发存量(对数)", en="R&D stock (log)")
def rd_stock_log(rd_stock_cny: Column) -> Column:
    """Natural logarithm of one plus the stock of R&D in yuan."""
    return log1p_of(rd_stock_cny)


@feature(
    factor="innovation", unit="log CNY", direction=1, missing="unknown", zh="研发费用(对数)", en="R&D expense (log)"
)
def rd_expense_log(rd_expense_cny: Column) -> Column:
    """Natural logarithm of one plus the R&D expense of the last closed year, in yuan."""
    return log1p_of(rd_expense_cny)


@feature(factor="innovation", unit="pieces", direction=1, missing="unknown", zh="发明专利", en="Invention patents")
def invention_patents(invention_patents: Column) -> Column:
    """Invention patents held at the end of the last closed year."""
    return invention_patents


@feature(factor="innovation", unit="pieces", direction=1, missing="unknown", zh="专利授权", en="Patents granted")
def patent_grants(patent_grants: Column) -> Column:
    """Patents granted in the last closed year."""
    return patent_grants
