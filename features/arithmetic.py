"""Arithmetic that both engines do alike: where a result has no meaning the answer is missing, never an error.

Columns are Ibis number columns. Division by zero and logarithms outside their domain differ between engines
(infinity, null, or a failed query); here they are null on all of them.
"""

from __future__ import annotations

import itertools

import ibis
from ibis.expr.types import Column


def known_if(condition: Column, value: Column) -> Column:
    """The value where the condition holds, else missing."""
    return ibis.ifelse(condition, value, ibis.null("float64"))


def ratio(part: Column, whole: Column) -> Column:
    """part / whole where whole is positive, else missing."""
    return known_if(whole > 0, part / whole)


def growth(now: Column, before: Column) -> Column:
    """now / before - 1 where before is positive and now is not negative, else missing."""
    return known_if(now >= 0, ratio(now, before) - 1)


def compound_growth(now: Column, before: Column, years: int) -> Column:
    """Yearly rate that leads from before to now in the given years; missing where either is not positive."""
    return log_of(now / positive(before), 1.0 / years).exp() - 1


def year_before(known: Column, now: Column, growth_told: Column) -> Column:
    """The figure of the same months a year before: as known, else what now and the growth told of it lead back to."""
    return ibis.coalesce(known, ratio(now, 1.0 + growth_told))


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


def deviation(*values: Column) -> Column:
    """Population standard deviation of the values of one row; missing where any is."""
    mean = sum(values[1:], values[0]) / len(values)
    squares = [(value - mean) * (value - mean) for value in values]
    return (sum(squares[1:], squares[0]) / len(values)).sqrt()


def years_up(*newest_first: Column) -> Column:
    """How many steps in a row, from the newest back, rose; a missing figure ends the count, the newest makes it
    missing.
    """
    rises = [(now > before).fill_null(False) for now, before in itertools.pairwise(newest_first)]
    count: Column = ibis.literal(0.0)
    for rise in reversed(rises):
        count = ibis.ifelse(rise, count + 1.0, 0.0)
    return known_if(newest_first[0].notnull() & newest_first[1].notnull(), count)


def above(value: Column, threshold: float) -> Column:
    """1 where the value is above the threshold, 0 where it is not, missing where it is unknown."""
    return known_if(value.notnull(), ibis.ifelse(value > threshold, 1.0, 0.0))


def either(one: Column, other: Column) -> Column:
    """1 where either flag is 1, 0 where what is known is 0, missing where both are."""
    known = one.notnull() | other.notnull()
    return known_if(known, ibis.ifelse((one.fill_null(0) + other.fill_null(0)) > 0, 1.0, 0.0))


GROWTH_BANDS = ((0.35, 9.5), (0.25, 7.5), (0.15, 5.5), (0.05, 3.5))
"""Bands of 国科发火〔2016〕195号 (企业成长性): lower bound of the rate, middle of the band's points; 1.5 above zero."""


def growth_points(year_3: Column, year_2: Column, year_1: Column) -> Column:
    """Points 0..10 for growth over three years by the high-tech guide of 2016.

    Rate: half of y2/y1 + y3/y2, less one; where y1 is zero or not there, y3/y2 less one. A second year of zero, or a
    rate of zero or less, gives no points. Missing where y3 or y2 is unknown.
    """
    second = year_3 / positive(year_2)
    first = year_2 / positive(year_1)
    rate = ibis.coalesce((first + second) / 2, second) - 1
    # 35 % computed as 0.34999999999999998 is 35 %
    reached = rate + 1e-12
    points = ibis.cases(*((reached >= bound, middle) for bound, middle in GROWTH_BANDS), (rate > 1e-12, 1.5), else_=0.0)
    return known_if(year_3.notnull() & year_2.notnull(), points)
