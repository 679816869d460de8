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


@feature(
    factor="talent",
    unit="1",
    direction=1,
    missing="unknown",
    zh="硕博人员占比",
    en="Share with higher degrees",
    changeable=True,
)
def masters_share(masters_and_doctors: Column, employees: Column) -> Column:
    """Employees with a master's degree or doctorate over all at the end of the last closed year."""
    return ratio(masters_and_doctors, employees)


@feature(
    factor="talent",
    unit="1",
    direction=1,
    missing="unknown",
    zh="海归与外籍人员占比",
    en="Share of returnees and foreigners",
    changeable=True,
)
def international_share(returnees_and_foreign: Column, employees: Column) -> Column:
    """Returnees from abroad and foreign employees over all at the end of the last closed year."""
    return ratio(returnees_and_foreign, employees)
