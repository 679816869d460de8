"""诚信 (integrity): listings and penalties, open or repaired."""

from __future__ import annotations

from ibis.expr.types import Column

from features.definition import feature


@feature(factor="integrity", unit="pieces", direction=-1, missing="zero", zh="未移出的失信记录", en="Open listings")
def integrity_open(open_listings: Column) -> Column:
    """Listings and penalties in force on the as-of date, neither removed nor repaired."""
    return open_listings
