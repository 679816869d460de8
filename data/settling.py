"""The end of a file: rows said twice are kept once, rows that contradict each other are put aside whole and told."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np

from data.contradictions import (
    SHEET_SHIFT,
    Disagreement,
    Disagreements,
    Keep,
    Origin,
    disagreements,
    number_of,
    sheet_of,
)
from data.duplicates import Duplicates
from data.findings import EXAMPLES, Finding, Findings, Severity
from data.plan import Plan
from data.reading import RawSheet
from data.rejects import Rejects
from data.staging import Staging

Sheets = Sequence[tuple[Plan, RawSheet, int]]
CONTRADICTS, DIFFERS = "row-contradicts", "registration-differs"


def settle(
    duplicates: Duplicates,
    staging: Staging,
    origins: dict[str, list[Origin]],
    sheets: Sheets,
    findings: Findings,
    rejects: Rejects,
    keep: Keep | None,
) -> tuple[int, int]:
    """Take repeated and contradicting rows out of the staged files, tell them, put the latter among the rejects.

    `keep` is the mapping's answer: of rows that contradict each other the first or the last is kept; without it none
    is. What stands beside figures (a name, a street) may differ from row to row: that is told, and all rows are kept.
    Gives how many rows were repeated and how many rejected.
    """
    registrations = all({one.table for one in plan.emissions} == {"enterprises"} for plan, _, _ in sheets)
    strict = [table for table in staging.tables() if table != "enterprises" or registrations]
    found = disagreements(staging, origins, duplicates.suspects, strict, keep)
    differing = Disagreements()
    if not registrations and "enterprises" in staging.tables():
        differing = disagreements(staging, origins, duplicates.suspects, ["enterprises"], "last")
        differing.others = {row: other for row, other in differing.others.items() if row not in found.others}
    rejected = np.array(sorted(found.others), np.int64)
    once = ~(np.isin(duplicates.repeated, rejected) | np.isin(duplicates.first, rejected))
    repeated = duplicates.repeated[once]
    _tell_repeated(repeated, duplicates.first[once], sheets, findings)
    if found.others or differing.others:
        _tell_differing(found, differing, sheets, findings, rejects)
    gone = np.union1d(repeated, rejected)
    for table in staging.tables() if len(gone) else ():
        numbers = origins[table]
        left = staging.filter(
            table,
            lambda group, rows, numbers=numbers: (
                ~np.isin(  # type: ignore[misc]
                    rows.column("source_row").to_numpy() + (numbers[group].sheet << SHEET_SHIFT), gone
                )
            ),
        )
        origins[table] = [numbers[group] for group in left]
    return len(repeated), len(rejected)


def _tell_repeated(rows: np.ndarray, first: np.ndarray, sheets: Sheets, findings: Findings) -> None:
    """Tell the first repeated rows of each sheet; the others are counted."""
    bounds = np.searchsorted(rows, np.arange(len(sheets) + 1) << SHEET_SHIFT)
    for (plan, _, _), start, end in zip(sheets, bounds, bounds[1:], strict=False):
        column = plan.headers[plan.identifier]
        told = slice(start, min(end, start + EXAMPLES))
        for row, other in zip(rows[told].tolist(), first[told].tolist(), strict=True):
            values = {"other_row": number_of(other), "other_sheet": _other_sheet(row, other, sheets)}
            findings.tell(Finding("row-repeated", "note", plan.sheet, number_of(row), column, values=values))
        findings.count("row-repeated", "note", plan.sheet, column, int(max(0, end - start - EXAMPLES)))


def _other_sheet(row: int, other: int, sheets: Sheets) -> str:
    """The other row's sheet, `none` where it is the same."""
    return sheets[sheet_of(other)][0].sheet if sheet_of(other) != sheet_of(row) else "none"


def _tell_differing(
    found: Disagreements, differing: Disagreements, sheets: Sheets, findings: Findings, rejects: Rejects
) -> None:
    """Read the sheets again for what these rows say word for word."""
    told = {**differing.details, **found.details}
    detailed = {row for row in sorted(told) if row in found.others or row in differing.others}
    shown = detailed | {told[row].other for row in detailed}
    texts: dict[int, list[str | None]] = {}
    for row, cells in _read_again(sheets, {*found.others, *shown}):
        plan = sheets[sheet_of(row)][0]
        if row in shown:
            texts[row] = cells
        if row in found.others:
            kept = [cells[position] for position in plan.shown]
            rejects.add(plan.sheet, number_of(row), [CONTRADICTS], findings.headers[plan.sheet], kept)
    for others, code in ((found.others, CONTRADICTS), (differing.others, DIFFERS)):
        _tell_each(others, told, code, texts, sheets, findings)


def show_rows(sheets: Sheets, findings: Findings) -> None:
    """Read the rows again of which findings tell without having them at hand, to show them with their cells marked."""
    numbers = {plan.sheet: number for number, (plan, _, _) in enumerate(sheets)}
    places = {(one.sheet, one.row) for one in findings.kept if one.row and one.sheet in numbers} - set(findings.rows)
    for row, cells in _read_again(sheets, {(numbers[sheet] << SHEET_SHIFT) | row for sheet, row in places}):
        plan = sheets[sheet_of(row)][0]
        findings.rows[(plan.sheet, number_of(row))] = [cells[position] for position in plan.shown]


def _read_again(sheets: Sheets, rows: Collection[int]) -> Iterator[tuple[int, list[str | None]]]:
    """The cells of rows (numbers with their sheets), in order, no further than the last of them."""
    for number, (plan, raw, _) in enumerate(sheets):
        wanted = np.array(sorted(number_of(row) for row in rows if sheet_of(row) == number), np.int64)
        for chunk in raw.chunks(plan.width) if len(wanted) else ():
            for at in np.flatnonzero(np.isin(chunk.numbers, wanted)).tolist():
                cells = [column[at].as_py() for column in chunk.cells.columns]
                yield (number << SHEET_SHIFT) | int(chunk.numbers[at]), cells
            if len(chunk.numbers) and chunk.numbers[-1] >= wanted[-1]:
                break


def _tell_each(
    others: Mapping[int, int],
    told: Mapping[int, Disagreement],
    code: str,
    texts: Mapping[int, Sequence[str | None]],
    sheets: Sheets,
    findings: Findings,
) -> None:
    """A finding for each row, with what both rows say of the field as far as that is kept."""
    severity: Severity = "error" if code == CONTRADICTS else "warning"
    for count, row in enumerate(sorted(others)):
        plan = sheets[sheet_of(row)][0]
        if count >= EXAMPLES or row not in told:
            findings.count(code, severity, plan.sheet, plan.headers[plan.identifier], 1)
            continue
        one = told[row]
        header = plan.headers[one.position] if one.position >= 0 else ""
        before, other = _text(texts, row, one.position), _text(texts, one.other, one.other_position)
        values = {
            "other_row": number_of(one.other),
            "other_sheet": _other_sheet(row, one.other, sheets),
            "other": other,
        }
        finding = Finding(code, severity, plan.sheet, number_of(row), header, before, values=values)
        findings.tell(finding, [texts[row][position] for position in plan.shown] if row in texts else None)


def _text(texts: Mapping[int, Sequence[str | None]], row: int, position: int) -> str:
    return str(texts[row][position] or "")[:200] if row in texts and position >= 0 else ""
