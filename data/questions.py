"""What only a person can answer about a file, asked once it is read, with a draft of the mapping that answers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import yaml

from data.findings import Finding, Findings
from data.identity import normalise_name, read_codes
from data.mapping import Mapping
from data.periods import LENGTH_UNKNOWN, QUARTERS_UNKNOWN
from data.plan import Plan
from data.plausibility import plausible_units
from data.reading import RawSheet
from data.reception import Tally

UNANSWERED = "?"
PERIODS_ASKED = ("period-unknown", LENGTH_UNKNOWN, QUARTERS_UNKNOWN)


def ask(plans: Sequence[tuple[Plan, RawSheet, int]], tally: Tally, mapping: Mapping | None, findings: Findings) -> None:
    """Put the questions that only the whole file can ask: units, bodies, names without a code."""
    for plan, _, _ in plans:
        for source in plan.unitless:
            figures = tally.magnitudes.get((source.header, source.field.name), [])
            if not figures:
                continue
            together = np.concatenate(figures)
            values: dict[str, Any] = {
                "units": plausible_units(together, source.field.name),
                "typical": float(np.median(np.abs(together))),
                "field": source.field.name,
            }
            findings.tell(Finding("unit-missing", "question", plan.sheet, 0, source.header, values=values))
    for (code, sheet, column), (row, text) in tally.lengths.items():
        findings.tell(Finding(code, "question", sheet, row, column, text))
    for body, rows in tally.bodies.items():
        values = {"body": body, "count": len(rows), "rows": [str(row) for row in rows[:20]]}
        findings.tell(Finding("body-to-decide", "question", "", rows[0], values=values))
    if tally.nameless:
        _propose_matches(plans, tally, mapping, findings)


def _propose_matches(
    plans: Sequence[tuple[Plan, RawSheet, int]], tally: Tally, mapping: Mapping | None, findings: Findings
) -> None:
    """For names without a code, look for a row of the same name that has one; a person must confirm each."""
    answered = {normalise_name(name) for name in mapping.matches} if mapping else set()
    for plan, raw, header_row in plans:
        if plan.name is None or plan.scheme != "uscc":
            continue
        for chunk in raw.chunks(plan.width):
            names = [normalise_name(name or "") for name in chunk.cells.column(plan.name).to_pylist()]
            hits = [at for at, name in enumerate(names) if name in tally.nameless and chunk.numbers[at] > header_row]
            if not hits:
                continue
            cells = chunk.cells.column(plan.identifier).take(pa.array(hits))
            codes = read_codes(cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells).values
            for at, code in zip(hits, codes.to_pylist(), strict=True):
                if code is None or names[at] not in tally.nameless:
                    continue
                rows = tally.nameless.pop(names[at])
                if names[at] in answered:
                    continue
                values = {"name": names[at], "code": code, "found_in_row": int(chunk.numbers[at])}
                findings.tell(Finding("code-by-name-to-confirm", "question", plan.sheet, rows[0], values=values))


def draft_mapping(path: Path, given: Path | None, questions: Sequence[Finding]) -> None:
    """Write a mapping file with a place for every answer; `?` is refused until a person has put the answer there.

    A code found by name stands behind its `?`: who takes the mark away confirms it.
    """
    content: dict[str, Any] = {"mulu_mapping": 1}
    if given is not None:
        content = yaml.safe_load(given.read_text(encoding="utf-8-sig"))
    for one in questions:
        if one.code == "unit-missing":
            content.setdefault("units", {})[one.column] = UNANSWERED
        elif one.code == "period-unknown":
            content.setdefault("period", {"year": UNANSWERED, "months": 12})
        elif one.code == LENGTH_UNKNOWN:
            content.setdefault("period", {"end": {"column": one.column}})["months"] = UNANSWERED
        elif one.code == QUARTERS_UNKNOWN:
            content["quarters"] = UNANSWERED
        elif one.code == "body-to-decide":
            content.setdefault("bodies", {})[str(one.values["body"])] = UNANSWERED
        elif one.code == "code-by-name-to-confirm":
            content.setdefault("matches", {})[str(one.values["name"])] = f"{UNANSWERED} {one.values['code']}"
        elif one.code == "column-ambiguous" and one.values["same"] == "no":
            content.setdefault("ignore", []).append(UNANSWERED)
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
