"""市场与社会评价 (market): financing and recognitions."""

from __future__ import annotations

from ibis.expr.types import Column

from features.arithmetic import log1p_of
from features.definition import feature


@feature(factor="market", unit="pieces", direction=1, missing="zero", zh="有效认定数", en="Valid recognitions")
def recognitions(valid_recognitions: Column) -> Column:
    """Certificates (高企, 专精特新 and others) valid on the as-of date."""
    return valid_recognitions


@feature(
    factor="market",
    unit="log CNY",
    direction=1,
    missing="zero",
    zh="近三年融资额(对数)",
    en="Raised in three years (log)",
)
def raised_3y_log(raised_cny_3y: Column) -> Column:
    """Natural logarithm of one plus the yuan raised in financing rounds closed within three years."""
    return log1p_of(raised_cny_3y)
