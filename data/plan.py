"""A plan: which column becomes which field of which table, in which unit and for which period."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from data.findings import Finding
from data.tables import Field

PERIODIC = ("reports", "indicators")
FIGURES = ("money", "count", "number")


@dataclass(frozen=True)
class Source:
    """One column that feeds one field. `factor` is inner units per written unit; None: each cell names its own."""

    position: int
    header: str
    field: Field
    factor: float | None
    scale: float = 1.0
    values: dict[str, str] | None = None
    code: str = ""
    table: str = ""


@dataclass(frozen=True)
class PeriodRule:
    """How a row's period is found: fixed parts, or columns by position.

    `cumulative`: figures up to a day count from January. `quarters`: what figures of a quarter that is named by itself
    count: that quarter `alone`, or `from_january`; "": nobody said.
    """

    end: date | None = None
    end_column: int | None = None
    year: int | None = None
    year_column: int | None = None
    quarter: int | None = None
    quarter_column: int | None = None
    months: int | None = None
    months_column: int | None = None
    back: int = 0
    cumulative: bool = False
    quarters: str = "from_january"


@dataclass(frozen=True)
class DayRule:
    """How a day is found: fixed, from a column, or days after the end of the row's period."""

    fixed: date | None = None
    column: int | None = None
    after_period_end: int | None = None


@dataclass(frozen=True)
class Emission:
    """One row of a table for each row of the sheet."""

    table: str
    sources: list[Source]
    period: PeriodRule | None
    known_on: DayRule
    constants: dict[str, str | float | date] = field(default_factory=dict)
    days: dict[str, DayRule] = field(default_factory=dict)


@dataclass
class Plan:
    """What a sheet's columns become. `questions` hold the batch; `told` are findings about the sheet as a whole."""

    sheet: str
    headers: list[str]
    identifier: int
    scheme: str
    name: int | None
    emissions: list[Emission]
    shown: list[int]
    questions: list[Finding] = field(default_factory=list)
    told: list[Finding] = field(default_factory=list)
    unitless: list[Source] = field(default_factory=list)

    def repeated(self) -> list[int]:
        """Columns whose text, in a cell merged over several rows, is said of each of the rows: all but figures."""
        found = {self.identifier, *([self.name] if self.name is not None else [])}
        for emission in self.emissions:
            found |= {one.position for one in emission.sources if one.field.kind not in FIGURES}
            found |= {rule.column for rule in (emission.known_on, *emission.days.values()) if rule.column is not None}
            if (period := emission.period) is not None:
                columns = (period.end_column, period.year_column, period.quarter_column, period.months_column)
                found |= {column for column in columns if column is not None}
        return sorted(found)

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.headers)
