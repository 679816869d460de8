"""What intake has to tell about a file: findings by code, gathered in bounded memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

Severity = Literal["error", "warning", "question", "note"]

SEVERITIES: tuple[Severity, ...] = ("question", "error", "warning", "note")

EXAMPLES = 200
"""Findings of one code and column that are kept each with its place; the rest is counted."""


@dataclass(frozen=True)
class Finding:
    """One thing to tell, as a code with its place.

    `severity`: an error rejects the row, a warning keeps it, a question holds the whole batch until the mapping
    file answers it, a note tells what was read otherwise than written. `row` counts as a spreadsheet does (the
    first row is 1; 0: the sheet as a whole), `column` is the header, `before` the text received, `after` what
    was made of it. `file` is the name of the file, put on by `Findings`.
    """

    code: str
    severity: Severity
    sheet: str = ""
    row: int = 0
    column: str = ""
    before: str = ""
    after: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    file: str = ""


class Findings:
    """Gathers the findings of one file: the first of each code and column with their rows as received, the rest as a
    number.
    """

    def __init__(self, file: str = "") -> None:
        self.file = file
        self.kept: list[Finding] = []
        self.totals: Counter[tuple[str, Severity, str, str]] = Counter()
        self.rows: dict[tuple[str, int], Sequence[str | None]] = {}
        self.headers: dict[str, Sequence[str]] = {}

    def tell(self, finding: Finding, cells: Sequence[str | None] | None = None) -> None:
        """Take one finding; `cells` is its row as received, without the columns that hold persons."""
        key = (finding.code, finding.severity, finding.sheet, finding.column)
        self.totals[key] += 1
        if self.totals[key] <= EXAMPLES or finding.severity == "question":
            self.kept.append(replace(finding, file=self.file))
            if cells is not None:
                self.rows.setdefault((finding.sheet, finding.row), cells)

    def received(self, finding: Finding) -> str:
        """The text of the cell that a finding is about, "" where it is about none or its row was not kept."""
        headers, cells = self.headers.get(finding.sheet, ()), self.rows.get((finding.sheet, finding.row), ())
        found = [cell or "" for header, cell in zip(headers, cells, strict=False) if header == finding.column]
        return found[0] if found else ""

    def wants(self, code: str, severity: Severity, sheet: str, column: str) -> int:
        """How many more findings of this kind are kept with their place; the caller counts the rest with `count`."""
        return max(0, EXAMPLES - self.totals[(code, severity, sheet, column)])

    def count(self, code: str, severity: Severity, sheet: str, column: str, number: int) -> None:
        """Count findings that are not kept one by one."""
        self.totals[(code, severity, sheet, column)] += number

    def listed(self) -> list[Finding]:
        """All findings kept, questions first, then by place; where more were counted, one that says how many."""
        kept: Counter[tuple[str, Severity, str, str]] = Counter(
            (one.code, one.severity, one.sheet, one.column) for one in self.kept
        )
        more = [
            Finding(
                "more-of-the-same",
                key[1],
                key[2],
                0,
                key[3],
                file=self.file,
                values={"code": key[0], "count": total - kept[key]},
            )
            for key, total in self.totals.items()
            if total > kept[key]
        ]
        return sorted(
            self.kept + more, key=lambda one: (SEVERITIES.index(one.severity), one.sheet, one.row, one.column, one.code)
        )

    def number(self, severity: Severity) -> int:
        """How many findings of a severity there are, those counted only included."""
        return sum(total for key, total in self.totals.items() if key[1] == severity)
