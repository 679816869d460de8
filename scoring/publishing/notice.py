"""The notice for public display, as a Word document: what is proposed, until when and how to object."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Cm, Pt
from docx.styles.style import ParagraphStyle
from docx.table import _Row
from docx.text.paragraph import Paragraph

from scoring.messages import say
from scoring.publishing.sealed_zip import sealed

BODY, HEADING = "仿宋", "黑体"
# GB/T 9704-2012, the form of official documents: title of size 2 (22 points), text of size 3 (16 points).
TITLE_SIZE, SIZE = 22, 16
# A table at size 5 (10.5 points): a credit code stays on one line even in a wider letter than that of the form.
TABLE_SIZE = 10.5


def notice(
    title: str,
    members: Sequence[tuple[str, str, str]],
    head: Mapping[str, Any],
    language: str,
    days: int,
    rests_on: str,
) -> bytes:
    """The notice as DOCX on A4, the same bytes for the same content.

    `members`: (name, identifier, track) in the list's order; points and ranks are not displayed in public. `head` is
    the manifest without its files; `days` the working days of notice; `rests_on` says what the points rest on.
    """
    document = Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.7)
    section.top_margin, section.bottom_margin = Cm(3.2), Cm(2.8)
    document.core_properties.author = "mulu"
    document.core_properties.title = title
    _font(document.styles["Normal"], BODY, SIZE)
    heading = _paragraph(
        document, say("notice-title", language, title=title), WD_ALIGN_PARAGRAPH.CENTER, TITLE_SIZE, HEADING
    )
    heading.paragraph_format.space_after = Pt(18)
    if head.get("synthetic"):
        _paragraph(document, say("publication-synthetic", language), WD_ALIGN_PARAGRAPH.CENTER, SIZE, HEADING)
    told = {
        "title": title,
        "members": len(members),
        "published_on": _day(str(head["published_on"]), language),
        "until": _day(str(head["notice_until"]), language),
        "days": days,
        "as_of": _day(str(head["as_of"]), language),
        "first": _day(str(head["valid_from"]), language),
        "last": _day(str(head["valid_to"]), language),
    }
    for key in ("notice-body", "notice-period", "notice-objection", "notice-anonymous", "notice-effect"):
        _paragraph(document, say(key, language, **told), WD_ALIGN_PARAGRAPH.JUSTIFY, SIZE, indent=True)
        if key == "notice-body":
            _paragraph(document, rests_on, WD_ALIGN_PARAGRAPH.JUSTIFY, SIZE, indent=True)
    if head.get("corrects"):
        told["round"] = head["corrects"]["round"]
        _paragraph(document, say("notice-corrects", language, **told), WD_ALIGN_PARAGRAPH.JUSTIFY, SIZE, indent=True)
    for key in ("notice-contact", "notice-address"):
        _paragraph(document, say(key, language), WD_ALIGN_PARAGRAPH.LEFT, SIZE, indent=True)
    _paragraph(document, say("notice-annex", language), WD_ALIGN_PARAGRAPH.LEFT, SIZE, indent=True)
    for key in ("notice-office", "notice-date"):
        closing = _paragraph(document, say(key, language, **told), WD_ALIGN_PARAGRAPH.RIGHT, SIZE)
        closing.paragraph_format.space_before = Pt(12)
    annex = _paragraph(document, say("notice-list", language), WD_ALIGN_PARAGRAPH.LEFT, SIZE, HEADING)
    annex.paragraph_format.page_break_before = True
    _table(document, members, language)
    _page_numbers(section)
    sink = io.BytesIO()
    document.save(sink)
    return sealed(sink.getvalue(), str(head["published_on"]))


def _day(text: str, language: str) -> str:
    """An ISO date as a notice writes it."""
    year, month, day = text.split("-")
    return say("notice-day", language, year=year, month=month.lstrip("0"), day=day.lstrip("0"))


def _table(document: DocumentObject, members: Sequence[tuple[str, str, str]], language: str) -> None:
    names = ("position", "name", "enterprise-id", "track")
    heads = [say(f"publication-column-{name}", language) for name in names]
    table = document.add_table(rows=1, cols=4)
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    widths = (Cm(1.2), Cm(6.3), Cm(4.9), Cm(3.2))
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    _row(table.rows[0], heads, widths, HEADING)
    properties = table.rows[0]._tr.get_or_add_trPr()
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    properties.append(repeated)
    for place, (name, enterprise_id, track) in enumerate(members, start=1):
        _row(table.add_row(), [str(place), name, enterprise_id, track], widths, BODY)


def _row(row: _Row, texts: Sequence[str], widths: Sequence[Cm], font: str) -> None:
    split = OxmlElement("w:cantSplit")
    row._tr.get_or_add_trPr().append(split)
    row.height = Cm(0.8)
    for at, (cell, text, width) in enumerate(zip(row.cells, texts, widths, strict=True)):
        cell.width = width
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        paragraph = cell.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if at != 1 else WD_ALIGN_PARAGRAPH.LEFT
        _run(paragraph, text, font, TABLE_SIZE)


def _paragraph(
    document: DocumentObject,
    text: str,
    alignment: WD_ALIGN_PARAGRAPH,
    size: int,
    font: str = BODY,
    indent: bool = False,
) -> Paragraph:
    paragraph = document.add_paragraph()
    paragraph.alignment = alignment
    paragraph.paragraph_format.line_spacing = 1.5
    paragraph.paragraph_format.space_after = Pt(0)
    if indent:
        paragraph.paragraph_format.first_line_indent = Pt(2 * size)
    _run(paragraph, text, font, size)
    return paragraph


def _run(paragraph: Paragraph, text: str, font: str, size: float) -> None:
    # A document cannot hold control characters; names from files may.
    run = paragraph.add_run("".join(sign for sign in text if sign >= " " or sign == "\t"))
    run.font.name, run.font.size = font, Pt(size)
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _font(style: ParagraphStyle, name: str, size: int) -> None:
    style.font.name, style.font.size = name, Pt(size)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def _page_numbers(section: Section) -> None:
    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        part = OxmlElement("w:instrText" if text else "w:fldChar")
        if text:
            part.text = text
        else:
            part.set(qn("w:fldCharType"), kind)
        run._element.append(part)
