"""Spreadsheets of what a page shows, made when they are asked for."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from dashboard.display import missing
from dashboard.naming import place_text, section_name, size_name, track_title
from dashboard.round_view import RoundView
from dashboard.saved_view import Places
from dashboard.session import language, later, t
from scoring.scores.notes import basis_text

_COLUMNS = (
    "place", "track", "rank", "name", "score", "rank_low", "rank_high", "inclusion", "coverage", "size_class",
    "industry_section", "street",
)  # fmt: skip
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def offer_rows(here: RoundView, found: Places, about: str = "", name: str = "") -> None:
    """A button that makes a workbook of all rows found, in their order; `about` says in it what they are, `name` (of
    letters) tells its file from others of the same ranking."""
    st.download_button(
        t("dash-export", rows=len(found)),
        data=later(lambda: workbook(here, here.rows.iloc[found], about)),
        file_name="-".join(filter(None, (here.ranking.edition.name, here.ranking.as_of.isoformat(), name))) + ".xlsx",
        mime=SHEET_TYPE,
        icon=":material/download:",
        disabled=not len(found),
        on_click="ignore",
        key=f"export_{name}",
    )


def workbook(here: RoundView, found: pd.DataFrame, about: str = "") -> bytes:
    """The rows as XLSX: numbers as numbers, words never read as formulas; a second sheet says what they rest on."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(t("dash-page-ranking"))
    sheet.freeze_panes = "B2"
    head = [t("dash-col-id"), *(t(f"dash-sheet-{name}") for name in _COLUMNS)]
    sheet.append([_bold(sheet, word) for word in head])
    standing = zip(found["place"], found["eligible"], found["decision"], strict=True)
    places = [place_text(str(place), bool(eligible), str(decision or "")) for place, eligible, decision in standing]
    columns = [
        places if name == "place" else found[name] if name in found else pd.Series([None] * len(found))
        for name in _COLUMNS
    ]
    for key, *values in zip(found.index, *columns, strict=True):
        cells = [_cell(sheet, here, *one) for one in zip(_COLUMNS, values, strict=True)]
        sheet.append([_text(sheet, str(key)), *cells])
    rests_on = book.create_sheet(t("dash-sheet-basis"))
    edition, day = here.edition.title.of(language()), here.ranking.as_of.isoformat()
    told_of = (about, t("dash-over-which", edition=edition, day=day), basis_text(here.ranking, language()))
    for told in filter(None, told_of):
        rests_on.append([_text(rests_on, told)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def event_workbook(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Rows of the ledger as they are shown, as XLSX; words never read as formulas."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(t("dash-page-ledger"))
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABCDEFG", (8, 18, 16, 36, 22, 16, 100), strict=True):
        sheet.column_dimensions[letter].width = width
    columns = (t(f"dash-col-{name}") for name in ("when", "who", "name", "id", "what"))
    head = ("#", *columns, t("dash-ledger-details"))
    sheet.append([_bold(sheet, word) for word in head])
    for row in rows:
        named = row["name"] or {"text": "", "note": row["id"]}
        texts = (row["when"], row["who"], named["text"], named["note"], row["kind"], row["what"])
        sheet.append([int(row["seq"]), *(_text(sheet, str(text)) for text in texts)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: object, here: RoundView, name: str, value: object) -> object:
    if missing(value):
        return None
    words = {
        "track": lambda: track_title(here.edition, str(value)),
        "size_class": lambda: size_name(str(value)),
        "industry_section": lambda: section_name(str(value)),
    }
    if name in words:
        return _text(sheet, words[name]())
    if isinstance(value, str):
        return _text(sheet, value)
    cell = WriteOnlyCell(sheet, value=value)
    cell.number_format = {"score": "0.0", "inclusion": "0%", "coverage": "0%"}.get(name, "General")
    return cell


def _text(sheet: object, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=None)
    cell.value = text
    cell.data_type = "s"  # a name that begins with = stays a name
    return cell


def _bold(sheet: object, text: str) -> WriteOnlyCell:
    cell = _text(sheet, text)
    cell.font = Font(bold=True)
    return cell
