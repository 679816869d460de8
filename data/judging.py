"""The rows of one chunk while they are judged: what is told about them, and which are rejected."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa

from data.columns import Told
from data.findings import Finding, Findings
from data.plan import Plan
from data.rejects import Rejects


class Judged:
    """The rows of one chunk while they are judged."""

    def __init__(self, plan: Plan, findings: Findings, rejects: Rejects, cells: pa.Table, numbers: np.ndarray) -> None:
        self.plan, self.findings, self.rejects, self.cells, self.numbers = plan, findings, rejects, cells, numbers
        self.rejected = np.zeros(cells.num_rows, bool)
        self._reasons: dict[int, list[str]] = {}
        self._told: dict[tuple[int, str], np.ndarray] = {}

    def tell(self, position: int, told: Told) -> None:
        """Take findings of one column; errors reject their rows."""
        plan, findings = self.plan, self.findings
        told = self._first_time(position, told)
        if not len(told.positions):
            return
        header = plan.headers[position] if position >= 0 else ""
        hidden = position >= 0 and position not in plan.shown
        if told.severity == "error":
            self.rejected[told.positions] = True
            for row in told.positions.tolist():
                reasons = self._reasons.setdefault(row, [])
                if told.code not in reasons:
                    reasons.append(told.code)
        room = findings.wants(told.code, told.severity, plan.sheet, header)
        before = told.before.slice(0, room).to_pylist()
        after = told.after.slice(0, room).to_pylist() if told.after is not None else [None] * len(before)
        for row, old, new in zip(told.positions[:room].tolist(), before, after, strict=True):
            finding = Finding(
                told.code,
                told.severity,
                plan.sheet,
                int(self.numbers[row]),
                header,
                "" if hidden else (old or "")[:200],
                (new or "")[:200],
                told.values,
            )
            findings.tell(finding, self._shown(row))
        if len(told.positions) > room:
            findings.count(told.code, told.severity, plan.sheet, header, len(told.positions) - room)

    def _first_time(self, position: int, told: Told) -> Told:
        """Without the rows of which the same was told before: a column read for two tables tells once."""
        before = self._told.get((position, told.code))
        if before is None or position < 0:
            self._told[(position, told.code)] = told.positions
            return told
        new = ~np.isin(told.positions, before)
        self._told[(position, told.code)] = np.concatenate([before, told.positions[new]])
        mask = pa.array(new)
        after = told.after.filter(mask) if told.after is not None else None
        return replace(told, positions=told.positions[new], before=told.before.filter(mask), after=after)

    def finish(self) -> None:
        """Write the rejected rows to the rejects file."""
        headers = self.findings.headers[self.plan.sheet]
        for row in sorted(self._reasons):
            self.rejects.add(self.plan.sheet, int(self.numbers[row]), self._reasons[row], headers, self._shown(row))

    def _shown(self, row: int) -> list[str | None]:
        return [self.cells.column(position)[row].as_py() for position in self.plan.shown]
