"""人才 (talent): who works there."""

from __future__ import annotations

from ibis.expr.types import Column

from features.arithmetic import growth, ratio
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


@feature(
    factor="talent",
    unit="1",
    direction=1,
    missing="unknown",
    zh="应届毕业生占比",
    en="Graduates hired per employee",
    changeable=True,
)
def graduates_share(graduates_hired: Column, employees: Column) -> Column:
    """Graduates hired in the last closed year over employees at its end."""
    return ratio(graduates_hired, employees)


@feature(
    factor="talent",
    unit="1",
    direction=1,
    missing="unknown",
    zh="研发人员年增长率",
    en="Growth of R&D staff, one year",
)
def rd_staff_growth_1y(rd_staff: Column, rd_staff_1y_ago: Column) -> Column:
    """R&D staff at the end of the last closed year over the year before, less one."""
    return growth(rd_staff, rd_staff_1y_ago)
