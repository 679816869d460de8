"""Arithmetic that both engines do alike: where a result has no meaning the answer is missing, never an error.

Columns are Ibis number columns. Division by zero and logarithms outside their domain differ between engines
(infinity, null, or a failed query); here they are null on all of them.
"""

from __future__ import annotations

import ibis
from ibis.expr.types import Column


def known_if(condition: Column, value: Column) -> Column:
    """The value where the condition holds, else missing."""
    return ibis.ifelse(condition, value, ibis.null("float64"))


def ratio(part: Column, whole: Column) -> Column:
    """part / whole where whole is positive, else missing."""
    return known_if(whole > 0, part / whole.nullif(0))


def growth(now: Column, before: Column) -> Column:
    """now / before - 1 where before is positive and now is not negative, else missing."""
    return known_if(now >= 0, ratio(now, before) - 1)


def compound_growth(now: Column, before: Column, years: int) -> Column:
    """Yearly rate that leads from before to now in the given years; missing where either is not positive."""
    return log_of(now / positive(before), 1.0 / years).exp() - 1


def swing(now: Column, before: Column, scale: Column) -> Column:
    """(now - before) / scale: a change of something that may be negative, measured against a positive scale."""
    return ratio(now - before, scale)


def positive(value: Column) -> Column:
    """The value where it is above zero, else missing."""
    return known_if(value > 0, value)


def log_of(value: Column, factor: float = 1.0) -> Column:
    """factor times the natural logarithm of a positive value, else missing."""
    return positive(value).ln() * factor


def log1p_of(value: Column) -> Column:
    """Logarithm of 1 + value for values from zero up, else missing: counts and sums that may be nil."""
    return known_if(value >= 0, value + 1).ln()


def log_growth(now: Column, before: Column) -> Column:
    """log(now / before), the same distance for doubling and halving; missing where either is not positive."""
    return log_of(now) - log_of(before)


def flag(condition: Column) -> Column:
    """1 where a condition holds, 0 where it does not, missing where it is unknown."""
    return condition.cast("float64")
