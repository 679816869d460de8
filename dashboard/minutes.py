"""The minutes of a meeting as a Word file: who sat, what was voted on, what was decided and why."""

from __future__ import annotations

import io
from collections.abc import Mapping

from docx import Document
from docx.document import Document as DocumentFile
from docx.oxml.ns import qn

from dashboard.display import moment
from dashboard.naming import track_title
from dashboard.round_view import RoundView
from dashboard.session import language, settings, t
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
        document.add_paragraph(f"{seat.name}({t(f'dash-role-{seat.role}')})", style="List Bullet")
    document.add_heading(t("dash-meeting-agenda"), 1)
    grid = document.add_table(rows=1, cols=4, style="Table Grid")
    for cell, word in zip(
        grid.rows[0].cells, ("dash-col-name", "dash-filter-track", "dash-meeting-votes", "dash-meeting-decision"),
        strict=True,
    ):  # fmt: skip
        cell.text = t(word)
    for key, view in views.items():
        cells = grid.add_row().cells
        cells[0].text = f"{here.name(key)}\n{key}"
        cells[1].text = track_title(here.edition, str(here.row(key)["track"]))
        cells[2].text = _votes(view)
        cells[3].text = t(f"dash-kind-{view.override.kind}") if view.override else t("dash-minutes-as-proposed")
    document.add_heading(t("dash-minutes-decisions"), 1)
    _decisions(document, here)
    document.add_paragraph()
    document.add_paragraph(t("dash-minutes-sign"))
    return _bytes(document)


def _votes(view: ItemView) -> str:
    told = t("dash-votes-cast", cast=view.votes_cast, needed=view.votes_needed)
    if view.votes is None:
        return told
    counted = [vote.choice for vote in view.votes]
    return told + "\n" + " · ".join(f"{t(f'dash-choice-{one}')} {counted.count(one)}" for one in sorted(set(counted)))


def _decisions(document: DocumentFile, here: RoundView) -> None:
    items = here.state.items if here.state else {}
    decided = [(key, view) for key, view in items.items() if view.override is not None]
    if not decided:
        document.add_paragraph(t("dash-minutes-none"))
    for key, view in decided:
        one = view.override
        if one is None:
            continue
        kind = t(f"dash-kind-{one.kind}")
        document.add_paragraph(
            f"{here.name(key)}({key}):{kind} · {t(f'dash-override-status-{view.override_status}')}", style="List Number"
        )
        document.add_paragraph(f"{t(f'dash-reason-{one.reason_type}')}:{one.text}")
        document.add_paragraph(f"{one.author} · {moment(one.recorded_at)} · {one.approved_by}".rstrip(" ·"))


def _fonts(document: DocumentFile) -> None:
    style = document.styles["Normal"]
    style.font.name = "Microsoft YaHei"
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "Microsoft YaHei")


def _bytes(document: DocumentFile) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
