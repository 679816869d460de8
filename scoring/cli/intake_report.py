"""What `mulu intake` says about a file: the lines, the same for programs, and the findings as a workbook."""

from __future__ import annotations

from pathlib import Path

from data.findings import SEVERITIES
from data.findings_workbook import reserve, write_workbook
from data.intake import Intake
from data.reading import DELIMITERS
from data.refusal import Refusal
from scoring.cli.answers import language, text
from scoring.finding_words import finding_sentence, table_name
from scoring.messages import say

SHOWN_FINDINGS = 12


def export(result: Intake, source: Path, asked: Path | None) -> Path | None:
    """Write the findings as a workbook in the reader's language; give its path, None where there is nothing to tell.

    It lies in the folder asked for, else next to the file, else (where that folder takes no file) with the batch's
    rejects. No file is overwritten. A dry run writes nothing.
    """
    if result.folder is None or not result.findings or result.report is None:
        return None
    words = ("file", "sheet", "list", "rows", "severity", "code", "text", "row", "column", "before", "after")
    titles = {name: say(f"findings-{name}", language()) for name in words}
    titles |= {f"severity-{name}": say(f"severity-{name}", language()) for name in SEVERITIES}
    folders = [asked] if asked is not None else [source.parent, result.folder]
    for folder in folders:
        path = reserve(folder, result.file)
        if path is None:
            continue
        try:
            write_workbook(path, result.findings, result.report, lambda one: finding_sentence(one, language()), titles)
        except OSError:
            path.unlink(missing_ok=True)
            continue
        return path
    raise Refusal("findings-not-written", file=result.file, folders=[str(one) for one in folders])


def as_told(result: Intake, workbook: Path | None) -> dict[str, object]:
    """The same for programs."""
    fields = ("file", "sha256", "form", "encoding", "delimiter", "batch_id", "rows", "accepted", "rejected", "repeated")
    more = ("set_aside", "held", "dry_run", "tables", "counts", "rejects_file", "folder")
    told = {name: getattr(result, name) for name in (*fields, *more)}
    return told | {"findings_file": workbook, "findings": result.findings}


def lines_of(result: Intake, source: Path, workbook: Path | None) -> list[str]:
    """The lines for a person: what became of the file, its rows, the first findings, and where the rest is."""
    outcome = "held" if result.held else "dry" if result.dry_run else "done" if result.batch_id else "nothing"
    delimiter = DELIMITERS.get(result.delimiter, "")
    lines = [
        text(f"cli-intake-{outcome}", file=result.file, batch=result.batch_id or ""),
        text(f"cli-intake-read-{result.form}", encoding=result.encoding, delimiter=delimiter),
        text(
            "cli-intake-rows",
            rows=result.rows,
            accepted=result.accepted,
            rejected=result.rejected,
            repeated=result.repeated,
            aside=result.set_aside,
        ),
    ]
    if result.tables:
        tables = [f"{table_name(name, language())} {rows}" for name, rows in result.tables.items()]
        lines.append(text("cli-intake-tables", tables=tables))
    for finding in result.findings[:SHOWN_FINDINGS]:
        place = " ".join(
            [part for part in (finding.sheet, f"#{finding.row}" if finding.row else "", finding.column) if part]
        )
        sentence = finding_sentence(finding, language())
        lines.append(f"  {say(f'severity-{finding.severity}', language())}  {place}  {sentence}".rstrip())
    if len(result.findings) > SHOWN_FINDINGS:
        lines.append(text("cli-intake-more", count=len(result.findings) - SHOWN_FINDINGS))
    if result.held and result.folder is not None:
        lines.append(text("cli-intake-draft", file=str(source), path=str(result.folder / "mapping.yaml")))
    if workbook is not None:
        lines.append(text("cli-intake-workbook", path=str(workbook)))
    if result.rejects_file is not None:
        lines.append(text("cli-intake-rejects", path=str(result.rejects_file)))
    return lines
