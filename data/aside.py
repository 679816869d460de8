"""Rows that are no facts: blank ones, totals and notes below a table, the numbers of the columns below a header."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.admission import names_persons, refuse_statistical_return
from data.amounts import plain_text
from data.findings import Finding, Findings
from data.headers import Header, aliases, core
from data.periods import column_of
from data.plan import Plan

TOTALS = ("合计", "总计", "小计", "共计", "平均", "备注", "注:", "说明:", "填表说明", "数据来源", "total")
_NUMBERED = re.compile(r"[甲乙丙丁戊己庚辛壬癸]|[A-Z]{1,2}|\(?\d{1,3}\)?|[-—]|栏次|序号")
_NOTED = r"^\s*(?:" + "|".join(TOTALS).replace(":", "[:\uff1a]") + ")"
SHORTEST = 12


def set_aside(
    cells: pa.Table, numbers: np.ndarray, plan: Plan, header_row: int, findings: Findings, *, mapped: bool
) -> tuple[pa.Table, np.ndarray]:
    """The rows without those that are no facts, and their numbers; all but blank rows are told.

    Refuses the file where one of them is the foot of a statistical return (`mapped`: a mapping is given).
    """
    identifier = column_of(cells, plan.identifier)
    suspicious = identifier.is_null().to_numpy(zero_copy_only=False)
    if plan.scheme == "uscc":
        short = pc.less(pc.utf8_length(pc.utf8_trim_whitespace(identifier)), SHORTEST)
        noted = pc.match_substring_regex(identifier, _NOTED, ignore_case=True)
        suspicious = suspicious | pc.fill_null(pc.or_(short, noted), True).to_numpy(zero_copy_only=False)
    aside = []
    for position in np.flatnonzero(suspicious).tolist():
        row = [cell for column in cells.columns if (cell := column[position].as_py()) and cell.strip()]
        if not row:
            aside.append(position)
            continue
        refuse_statistical_return(row, aliases(), findings.file, plan.sheet, mapped=mapped)
        if plan.scheme != "uscc":
            continue
        number, first = int(numbers[position]), row[0].strip()
        if tell_foot(first, plan.sheet, number, findings):
            aside.append(position)
        elif _numbers_columns(row, number - header_row):
            aside.append(position)
            findings.tell(Finding("row-numbers-columns", "note", plan.sheet, number, "", first[:80]))
    if not aside:
        return cells, numbers
    keep = np.ones(len(numbers), bool)
    keep[aside] = False
    return cells.filter(pa.array(keep)).combine_chunks(), numbers[keep]


def _numbers_columns(row: Sequence[str], below: int) -> bool:
    """Whether a row numbers the columns: one of the first two below the header."""
    words = [plain_text(cell).replace(" ", "") for cell in row]
    return below <= 2 and len(words) > 1 and all(_NUMBERED.fullmatch(word) for word in words)


def tell_foot(text: str, sheet: str, number: int, findings: Findings) -> bool:
    """Whether a row that begins with a text is a total, a note or a place to sign; if so it is told, the person not."""
    signed = signature(text)
    found = bool(signed) or is_total_or_note(text)
    if found:
        told = Finding("row-total-or-note", "note", sheet, number, "", signed or text[:80])
        findings.tell(told, [] if signed else None)
    return found


def signature(text: str) -> str:
    """The first word of a foot where persons sign, without the person; "" for anything else.

    >>> signature("填表人:王某"), signature("上海某公司")
    ('填表人', '')
    """
    word, colon, _ = plain_text(text).partition(":")
    return word if colon and names_persons(Header(word, core(word)), aliases()) else ""


def is_total_or_note(text: str) -> bool:
    """Whether a row's first words say that it is a total of others or a note below them.

    >>> is_total_or_note("合 计"), is_total_or_note("注:以上为预计数"), is_total_or_note("某公司")
    (True, True, False)
    """
    return plain_text(text).replace(" ", "").lower().startswith(TOTALS)
