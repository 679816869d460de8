"""诚信 (integrity): listings and penalties, open or repaired, and what was granted already.

Article 20 asks that nobody is funded twice (避免重复资助和交叉资助). Subsidies received are neither good nor bad: who
reviews sees them beside the points.
"""

from __future__ import annotations

from ibis.expr.types import Column

from features.arithmetic import log1p_of
from features.definition import feature


@feature(
    factor="integrity",
    unit="pieces",
    direction=-1,
    missing="zero",
    zh="未移出的失信记录",
    en="Open listings",
    changeable=True,
)
def integrity_open(open_listings: Column) -> Column:
    """Listings and penalties in force on the as-of date, neither removed nor repaired."""
    return open_listings


@feature(
    factor="integrity",
    unit="pieces",
    direction=-1,
    missing="unknown",
    zh="近三年失信与处罚",
    en="Listings and penalties in three years",
)
def integrity_3y(integrity_events_3y: Column) -> Column:
    """Listings and penalties of the three years before the as-of date, repaired or not."""
    return integrity_events_3y


@feature(
    factor="integrity",
    unit="pieces",
    direction=0,
    missing="unknown",
    zh="已修复的失信记录",
    en="Repaired listings",
)
def integrity_repaired(repaired_listings: Column) -> Column:
    """Listings and penalties removed or repaired by the as-of date."""
    return repaired_listings


@feature(
    factor="integrity",
    unit="log CNY",
    direction=0,
    missing="unknown",
    zh="近三年已获资助额(对数)",
    en="Subsidies in three years (log)",
)
def granted_3y_log(granted_cny_3y: Column) -> Column:
    """Natural logarithm of one plus the yuan of subsidies for periods that ended in the three years before the date."""
    return log1p_of(granted_cny_3y)
