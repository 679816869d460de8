"""市场与社会评价 (market): financing, recognitions, outside assessments, sales abroad."""

from __future__ import annotations

from ibis.expr.types import Column

from features.arithmetic import log1p_of
from features.definition import feature


@feature(
    factor="market",
    unit="pieces",
    direction=1,
    missing="unknown",
    zh="有效认定数",
    en="Valid recognitions",
)
def recognitions(valid_recognitions: Column) -> Column:
    """Certificates of any kind valid on the as-of date."""
    return valid_recognitions


@feature(
    factor="market",
    unit="pieces",
    direction=1,
    missing="unknown",
    zh="专精特新认定",
    en="Specialised enterprise certificate",
)
def specialised(specialised_certificates: Column) -> Column:
    """Certificates as 专精特新 enterprise valid on the as-of date."""
    return specialised_certificates


@feature(
    factor="market",
    unit="pieces",
    direction=1,
    missing="unknown",
    zh="小巨人认定",
    en="Little giant certificate",
)
def little_giant(little_giant_certificates: Column) -> Column:
    """Certificates as 小巨人 enterprise valid on the as-of date."""
    return little_giant_certificates


@feature(
    factor="market",
    unit="pieces",
    direction=1,
    missing="unknown",
    zh="总部认定",
    en="Headquarters certificate",
)
def headquarters(headquarters_certificates: Column) -> Column:
    """Certificates as 总部 (regional or other headquarters) valid on the as-of date."""
    return headquarters_certificates


@feature(
    factor="market",
    unit="log CNY",
    direction=1,
    missing="unknown",
    zh="近三年融资额(对数)",
    en="Raised in three years (log)",
)
def raised_3y_log(raised_cny_3y: Column) -> Column:
    """Natural logarithm of one plus the yuan raised in financing rounds closed within three years."""
    return log1p_of(raised_cny_3y)


@feature(
    factor="market",
    unit="pieces",
    direction=1,
    missing="unknown",
    zh="近三年融资轮次",
    en="Financing rounds in three years",
)
def rounds_3y(rounds_3y: Column) -> Column:
    """Financing rounds closed within three years before the as-of date."""
    return rounds_3y


@feature(
    factor="market",
    unit="1",
    direction=1,
    missing="unknown",
    zh="社会评价排名",
    en="Outside assessment, rank",
    relative_to="all",
)
def assessment_place(assessment_value: Column) -> Column:
    """Rank of the latest outside assessment among all enterprises assessed; scales differ between sources, ranks do
    less.
    """
    return assessment_value
