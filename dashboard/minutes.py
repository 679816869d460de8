"""The minutes of a meeting as a Word file: who sat, what was voted on, what was decided and why."""

from __future__ import annotations

import io
from collections.abc import Mapping

from docx import Document
from docx.document import Document as DocumentFile
from docx.oxml.ns import qn
from docx.shared import Cm

from dashboard.display import moment
from dashboard.naming import track_title
from dashboard.round_view import RoundView
from dashboard.session import language, settings, t
from dashboard.votes import decision_of, result_of, told_votes
from scoring.committee.review import ItemView
from scoring.scores.notes import basis_text


def minutes(here: RoundView, views: Mapping[str, ItemView]) -> bytes:
    """The minutes of the round as the person may see it, as DOCX."""
    document = Document()
    _fonts(document)
    document.add_heading(t("dash-minutes-title", edition=here.edition.title.of(language())), 0)
    if here.state is None:
        return _bytes(document)
    state = here.state
    document.add_paragraph(
        t("dash-minutes-head", round=state.round_id, day=settings().today.isoformat(), as_of=state.as_of)
    )
    document.add_paragraph(t("dash-minutes-ranking", digest=state.ranking_digest[:16]))
    document.add_paragraph(basis_text(here.ranking, language()))
    document.add_heading(t("dash-meeting-seats"), 1)
    for seat in state.seats:
        told = t("dash-minutes-seat", name=seat.name, role=t(f"dash-role-{seat.role}"))
        document.add_paragraph(told, style="List Bullet")
    document.add_heading(t("dash-meeting-agenda"), 1)
    _agenda(document, here, views)
    document.add_heading(t("dash-minutes-decisions"), 1)
    _decisions(document, here)
    document.add_heading(t("dash-minutes-recusals"), 1)
    _recusals(document, here)
    document.add_paragraph()
    document.add_paragraph(t("dash-minutes-sign"))
    return _bytes(document)


def _agenda(document: DocumentFile, here: RoundView, views: Mapping[str, ItemView]) -> None:
    """A row for each item: whether it is on the list, what was voted, what was decided."""
    words = ("dash-col-name", "dash-filter-track", "dash-col-place", "dash-vote", "dash-meeting-decision")
    grid = document.add_table(rows=1, cols=len(words), style="Table Grid")
    for cell, word in zip(grid.rows[0].cells, words, strict=True):
        cell.text = t(word)
    for key, view in views.items():
        row, voted = here.row(key), view.votes_cast >= view.votes_needed
        as_proposed = t("dash-minutes-as-proposed" if voted else "dash-minutes-not-voted")
        told = (
            f"{here.name(key)}\n{key}",
            track_title(here.edition, str(row["track"])),
            t(f"dash-status-{row['place']}"),
            f"{result_of(view)[0]}\n{told_votes(view)}",
            decision_of(view, str(row["place"])) or as_proposed,
        )
        for cell, text in zip(grid.add_row().cells, told, strict=True):
            cell.text = text


def _decisions(document: DocumentFile, here: RoundView) -> None:
    items = here.state.items if here.state else {}
    decided = [(key, view, view.override) for key, view in items.items() if view.override is not None]
    if not decided:
        document.add_paragraph(t("dash-minutes-none"))
    for key, view, one in decided:
        what = decision_of(view, str(here.row(key)["place"]))
        document.add_paragraph(
            t("dash-minutes-decision", name=here.name(key), enterprise=key, what=what), style="List Number"
        )
        document.add_paragraph(t("dash-minutes-why", kind=t(f"dash-reason-{one.reason_type}"), text=one.text))
        who = t("dash-minutes-by", name=one.author, at=moment(one.recorded_at))
        document.add_paragraph(who + (t("dash-minutes-second", name=one.approved_by) if one.approved_by else ""))
        if one.evidence:
            document.add_paragraph(
                t("dash-minutes-evidence", names=[str(file.get("name", "")) for file in one.evidence])
            )


def _recusals(document: DocumentFile, here: RoundView) -> None:
    """Who took no part in what, as far as the reader may know it."""
    items = here.state.items if here.state else {}
    told = [
        t("dash-minutes-recusal", name=here.name(key), person=one.name, kind=t(f"dash-conflict-{one.conflict_type}"))
        for key, view in items.items()
        for one in view.conflicts
    ]
    for text in told or [t("dash-minutes-none")]:
        document.add_paragraph(text, style="List Bullet" if told else None)


def _fonts(document: DocumentFile) -> None:
    """A4, in a face that has Chinese letters; the document's properties name nobody else's program."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    document.core_properties.author, document.core_properties.title = t("dash-product"), t("dash-meeting-minutes")
    style = document.styles["Normal"]
    style.font.name = "Microsoft YaHei"
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "Microsoft YaHei")


def _bytes(document: DocumentFile) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
