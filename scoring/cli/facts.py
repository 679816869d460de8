"""The verbs about facts: `intake` (and `intake undo`), `status`, `doctor`."""

from __future__ import annotations

import getpass
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scoring.cli.answers import Format, FormatOption, answer, language, progress, settings, table, text

if TYPE_CHECKING:
    from data.refusal import Refusal
    from data.store import Store


SHOWN_PERIODS = 24


def register(app: typer.Typer) -> None:
    """Add this family's verbs."""
    app.command("intake", help=text("cli-intake-help"))(intake)
    app.command("status", help=text("cli-status-help"))(status)
    app.command("doctor", help=text("cli-doctor-help"))(doctor)


def intake(
    files: Annotated[list[Path], typer.Argument(metavar="FILE... | undo BATCH...", help=text("cli-intake-files"))],
    mapping: Annotated[Path | None, typer.Option("--mapping", help=text("cli-intake-mapping"))] = None,
    table_name: Annotated[str | None, typer.Option("--table", help=text("cli-intake-table"))] = None,
    known_on: Annotated[
        datetime | None, typer.Option("--known-on", formats=["%Y-%m-%d"], help=text("cli-intake-known-on"))
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=text("cli-intake-dry-run"))] = False,
    findings: Annotated[
        Path | None,
        typer.Option("--findings", exists=True, file_okay=False, metavar="FOLDER", help=text("cli-intake-findings")),
    ] = None,
    actor: Annotated[str, typer.Option("--actor", help=text("cli-intake-actor"))] = "",
    form: FormatOption = Format.text,
) -> None:
    """Take files in, or withdraw batches."""
    from data.intake import take_in
    from data.refusal import Refusal
    from data.store import Store
    from scoring.cli.intake_report import as_told, export, lines_of

    actor = actor or getpass.getuser()
    store = Store(settings())
    if str(files[0]) == "undo" and not files[0].exists():
        _undo(store, [str(batch) for batch in files[1:]], actor, form)
        return
    told: list[object] = []
    lines: list[str] = []
    held = False
    refused: list[Refusal] = []
    for path in files:
        try:
            with progress() as bar:
                result = take_in(
                    store,
                    path,
                    mapping=mapping,
                    table=table_name,
                    known_on=known_on.date() if known_on else None,
                    actor=actor,
                    dry_run=dry_run,
                    progress=bar,
                )
        except Refusal as refusal:
            refused.append(refusal)
            continue
        held = held or result.held or (result.batch_id is None and not dry_run)
        try:
            workbook = export(result, path, findings)
        except Refusal as refusal:
            refused.append(refusal)
            workbook = None
        told.append(as_told(result, workbook))
        lines += lines_of(result, path, workbook)
    if told:
        answer(told, form, lines)
    _refuse(refused)
    if held and not dry_run:
        raise typer.Exit(1)


def _refuse(refused: list[Refusal]) -> None:
    """Say all refusals; the last ends the command."""
    from scoring.messages import explain

    for one in refused[:-1]:
        sys.stderr.write(f"{explain(one, language())}\n")
    if refused:
        raise refused[-1]


def _undo(store: Store, batches: list[str], actor: str, form: Format) -> None:
    from data.intake import withdraw
    from data.refusal import Refusal
    from data.waiting import waiting_files, withdraw_waiting

    if not batches:
        live = store.batches()
        raise Refusal("batch-not-named", known=live.loc[live.withdrawn_at == "", "batch_id"].tolist())
    waiting = {one.held_id: one.file for one in waiting_files(store)}
    lines = []
    for batch in batches:
        if batch in waiting:
            withdraw_waiting(store, batch, actor)
            lines.append(text("cli-intake-held-withdrawn", file=waiting[batch]))
        else:
            withdraw(store, batch, actor)
            lines.append(text("cli-intake-withdrawn", batch=batch))
    answer({"withdrawn": batches}, form, lines)


def status(form: FormatOption = Format.text) -> None:
    """What is in the store."""
    from data.store import Store
    from data.summary import summary
    from data.synthetic import is_demo
    from data.tables import TABLES
    from scoring.finding_words import field_name, table_name

    store = Store(settings())
    told = summary(store)
    lines = [text("cli-status-home", home=told.home, database=told.database)]
    if is_demo(store):
        lines.append(text("cli-demo-synthetic"))
    if not told.tables:
        lines += [] if told.damaged else [text("cli-status-empty")]
    else:
        headers = [text(f"cli-status-{name}") for name in ("table", "rows", "enterprises", "first", "last", "known")]
        called = {name: table_name(name, language()) for name in TABLES}
        rows = [(called[t.table], t.rows, t.enterprises, t.first, t.last, t.known_on) for t in told.tables]
        lines += ["", *table(headers, rows, right=(1, 2))]
        if told.periods:
            headers = [text(f"cli-status-{name}") for name in ("table", "period", "months", "rows", "enterprises")]
            periods = [(called[p.table], p.end, p.months, p.rows, p.enterprises) for p in told.periods[:SHOWN_PERIODS]]
            lines += ["", *table(headers, periods, right=(2, 3, 4))]
            if len(told.periods) > SHOWN_PERIODS:
                lines.append(text("cli-status-more-periods", count=len(told.periods) - SHOWN_PERIODS))
        timeless = {one.table for one in told.tables if not one.last}
        fields = [
            (
                called[field.table],
                field_name(field.table, field.name, language()),
                f"{field.filled:.0%}",
                "" if field.table in timeless else f"{field.latest:.0%}",
            )
            for field in told.fields
        ]
        headers = [text(f"cli-status-{name}") for name in ("table", "field", "filled", "latest")]
        lines += ["", *table(headers, fields, right=(2, 3))]
    if told.batches:
        headers = [text(f"cli-status-{name}") for name in ("batch", "source", "rows", "known", "by", "state")]
        batches = [
            (
                b["batch_id"],
                b["source"],
                b["rows"],
                b["known_on"],
                b["actor"],
                text("cli-status-withdrawn") if b["withdrawn_at"] else "",
            )
            for b in told.batches
        ]
        lines += ["", *table(headers, batches, right=(2,))]
    for question in told.questions:
        lines += ["", text("cli-status-question", file=str(question["file"]), count=len(question["questions"]))]
        lines += [f"  {_question(one)}" for one in question["questions"][:10]]
        if draft := question.get("draft"):
            lines.append("  " + text("cli-status-draft", path=str(Path(told.home) / draft)))
        lines.append("  " + text("cli-status-held", by=str(question["held_by"]), held=str(question["held_id"])))
    answer(replace(told, damaged=[]), form, lines)
    _refuse(told.damaged)


def _question(one: dict[str, object]) -> str:
    from data.findings import Finding
    from scoring.finding_words import finding_sentence

    return finding_sentence(Finding(**one), language())  # type: ignore[arg-type]


def doctor(
    repair: Annotated[bool, typer.Option("--repair", help=text("cli-doctor-repair"))] = False,
    form: FormatOption = Format.text,
) -> None:
    """Whether the store is sound."""
    from data.health import examine
    from data.store import Store

    report = examine(Store(settings()), repair=repair)
    lines = [text(f"cli-doctor-{check.code}", **check.values) for check in report.checks]
    lines.append(text("cli-doctor-sound" if report.sound else "cli-doctor-unsound"))
    answer(report, form, lines)
    if not report.sound:
        raise typer.Exit(1)
