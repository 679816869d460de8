"""人才 (talent): who works there."""

from __future__ import annotations

from ibis.expr.types import Column

from features.arithmetic import ratio
from features.definition import feature


@feature(
    factor="talent",
    unit="1",
    direction=1,
    missing="unknown",
    zh="研发人员占比",
    en="Share of R&D staff",
    changeable=True,
)
def rd_staff_share(rd_staff: Column, employees: Column) -> Column:
    """R&D staff over employees at the end of the last closed year."""
    return ratio(rd_staff, employees)
