"""A file in: read, judged row by row, and stored whole as one batch, or refused, or held with its questions."""

from __future__ import annotations

import errno
import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import partial
from pathlib import Path

from data.contradictions import Origin
from data.duplicates import DuplicateIndex
from data.findings import EXAMPLES, SEVERITIES, Finding, Findings, Severity
from data.headers import Header, Layout, aliases, find_layout
from data.history import Compare, renamings, year_steps
from data.indicators import check_declarations, declare
from data.long_layout import LongSheet, long_places
from data.mapping import Mapping, indicator_columns, load_mapping, named_columns
from data.opening import receive
from data.plan import Plan
from data.planning import Planner
from data.questions import PERIODS_ASKED, ask, draft_mapping
from data.reading import DELIMITERS, RawSheet, Received
from data.reception import SheetReception, Tally
from data.refusal import Refusal
from data.rejects import Rejects
from data.settling import settle, show_rows
from data.staging import SPARE_BYTES, Staging, as_stored
from data.store import Guard, Source, Store
from data.waiting import hold, may_be_kept, tidy

Progress = Callable[..., None]
"""Called with a share done (0..1) and the key of a sentence."""

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
DECIDED = ("review:", "membership:", "objection:", "model:")
"""Subjects of the ledger's events that decide something about enterprises, or which model judges them."""
KEPT = "intake"
"""The folder of the home that keeps what intakes told."""
DECIDES_NOTHING = ("denied", "model_registered")


@dataclass(frozen=True)
class Intake:
    """What became of a file.

    `rows` = `accepted` + `rejected` + `repeated` (kept once) + `set_aside` (blank rows, totals and notes).
    `held`: nothing was stored, because questions wait for an answer. `batch_id` is None when held, in a dry run, and
    when no row was accepted. `tables` gives the rows stored by table.
    """

    file: str
    sha256: str
    form: str
    encoding: str
    delimiter: str
    batch_id: str | None
    rows: int
    accepted: int
    rejected: int
    repeated: int
    set_aside: int
    held: bool
    dry_run: bool
    findings: list[Finding]
    rejects_file: Path | None
    tables: dict[str, int] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    folder: Path | None = None
    report: Findings | None = None


def take_in(
    store: Store,
    path: Path,
    *,
    mapping: Path | None = None,
    table: str | None = None,
    known_on: date | None = None,
    actor: str,
    dry_run: bool = False,
    progress: Progress | None = None,
    guard: Guard | None = None,
) -> Intake:
    """Take a file into the store as one batch; the same content with the same mapping is taken in once.

    `mapping` is a mapping file for sheets that the alias table cannot read, and the answer to questions. `table` names
    the table for sheets that could be several. `known_on` is since when all of it is known; else the mapping says, else
    it is today. A dry run reads and judges everything and stores nothing. `guard` is asked in the transaction that
    stores or holds the file, and may refuse. Refusals name what must hold; nothing is then half-written.
    """
    path = Path(path)
    spec = load_mapping(mapping) if mapping is not None else None
    received = receive(path, spec)
    source = Source(received.name, _source_hash(received, mapping, table, known_on), actor)
    if spec is not None:
        check_declarations(store, indicator_columns(spec))
    with store.stage(source) as staging:
        run = _Run(store, received, spec, staging, table, known_on, progress or _silent)
        run.mapping_file, run.guard = mapping, guard
        try:
            run.read()
            return run.end(source, dry_run=dry_run)
        except OSError as error:
            if error.errno not in NO_ROOM:
                raise
            raise Refusal("disk-full", path=str(store.settings.home), needed_bytes=SPARE_BYTES) from error
        finally:
            run.rejects.abandon()


class _Run:
    """One intake from the first row to the batch."""

    def __init__(
        self,
        store: Store,
        received: Received,
        mapping: Mapping | None,
        staging: Staging,
        table: str | None,
        known_on: date | None,
        progress: Progress,
    ) -> None:
        self.store, self.received, self.mapping, self.staging = store, received, mapping, staging
        self.table, self.known_on, self.progress = table, known_on, progress
        self.findings, self.tally = Findings(received.name), Tally()
        self.duplicates = DuplicateIndex(staging.folder / "index")
        self.rejects = Rejects(staging.folder / "rejects.csv")
        self.plans: list[tuple[Plan, RawSheet, int]] = []
        self.origins: dict[str, list[Origin]] = {}
        self.mapping_file: Path | None = None
        self.guard: Guard | None = None
        self.rejects_path: Path | None = None

    def read(self) -> None:
        """Plan every sheet, then read it."""
        for raw in self.received.sheets:
            self._plan(raw)
        if not self.plans:
            raise Refusal("intake-no-identifier", file=self.received.name, sheet="", headers=self._first_cells())
        if self.received.form == "csv" and self.received.encoding not in ("utf-8",):
            told = {"encoding": self.received.encoding}
            self.findings.tell(Finding("file-encoding", "note", values=told))
        if self.received.delimiter not in ("", ","):
            told = {"delimiter": DELIMITERS[self.received.delimiter]}
            self.findings.tell(Finding("file-delimiter", "note", values=told))
        for number, (plan, raw, header_row) in enumerate(self.plans):
            self._tell_sheet(plan, raw)
            reception = SheetReception(
                raw, number, header_row, plan, self.mapping, self.findings, self.rejects, self.duplicates, self.tally
            )
            for emission, rows in reception.rows():
                if rows.num_rows:
                    self.staging.write(emission.table, as_stored(emission.table, rows, self.staging.batch_id))
                    self.origins.setdefault(emission.table, []).append(Origin(number, emission))
                done = 0.9 * (number + raw.share) / len(self.plans)
                self.progress(done, "intake-progress", rows=self.tally.rows)
        self.rejects_path = self.rejects.close()
        ask(self.plans, self.tally, self.mapping, self.findings)

    def end(self, source: Source, *, dry_run: bool) -> Intake:
        """Settle duplicates, then store, or hold, or only tell."""
        self.received.refuse_changed()
        repeated = self._settle()
        if not dry_run:
            show_rows(self.plans, self.findings)
        held = bool(self.findings.number("question"))
        tally = self.tally
        accepted = tally.rows - tally.rejected - tally.set_aside - repeated
        counts: dict[str, int] = {severity: self.findings.number(severity) for severity in SEVERITIES}
        batch_id, tables = None, {}
        storing = not dry_run and not held and accepted > 0
        if storing:
            self._refuse_overlap(source)
        folder = None if dry_run else self._keep()
        if storing:
            details = {
                "file_sha256": self.received.sha256,
                "rows_in_file": tally.rows,
                "accepted": accepted,
                "rejected": tally.rejected,
                "repeated": repeated,
                "set_aside": tally.set_aside,
                "findings": counts,
            }
            declare(self.store, indicator_columns(self.mapping), source.actor)
            batch_id = self.store.register(self.staging, source, self.known_on, details, self.guard)
            tables = self.store.rows_of(batch_id)
            tidy(self.store)
        elif held and not dry_run:
            self._hold(source)
        read = self.received
        return Intake(
            file=read.name, sha256=read.sha256, form=read.form, encoding=read.encoding, delimiter=read.delimiter,
            batch_id=batch_id, rows=tally.rows, accepted=accepted, rejected=tally.rejected, repeated=repeated,
            set_aside=tally.set_aside, held=held, dry_run=dry_run, findings=self.findings.listed(),
            rejects_file=folder / "rejects.csv" if folder is not None and self.rejects_path is not None else None,
            tables=tables, counts=counts, folder=folder, report=self.findings,
        )  # fmt: skip

    def _settle(self) -> int:
        """Hold the rows against each other and against what is known; give how many say nothing new.

        While a period is unknown nobody can say which figures are about the same fact.
        """
        if any(finding.code in PERIODS_ASKED for finding in self.findings.kept):
            return 0
        keep = self.mapping.contradictions if self.mapping else None
        repeated, contradicting = settle(
            self.duplicates.find(), self.staging, self.origins, self.plans, self.findings, self.rejects, keep
        )
        self.rejects_path = self.rejects.close()
        self.tally.rejected += contradicting
        self._compare()
        return repeated

    # -- the sheets --------------------------------------------------------------------------------------------

    def _plan(self, raw: RawSheet) -> None:
        """Find the header of a sheet and plan it; a sheet without any is left out where there are others."""
        layout = self._layout(raw)
        others = len(self.received.sheets) > 1 and not (self.mapping and self.mapping.sheets)
        if layout is None:
            if others:
                self._tell_unread(raw)
            return
        if (places := long_places(layout, self.mapping)) is not None:
            long = LongSheet(raw, layout, places)
            raw, layout = long, find_layout(long.top, [], aliases().known, long.header_row) or layout
        planner = Planner(
            layout,
            self.mapping,
            file=self.received.name,
            sheet=raw.name,
            table=self.table,
            known_on=self.known_on,
            today=self.store.settings.today,
            sample=raw.top[layout.header_row :],
        )
        try:
            plan = planner.plan()
        except Refusal as refusal:
            if not others or refusal.code not in ("intake-no-identifier", "intake-no-fields"):
                raise
            self._tell_unread(raw)
            return
        header_row = 0 if isinstance(raw, LongSheet) else layout.header_row
        self.plans.append((plan, raw, header_row))

    def _tell_unread(self, raw: RawSheet) -> None:
        """A sheet left out: a note where it holds words only, a warning where it could be a table."""
        table = sum(sum(bool(cell.strip()) for cell in row) > 1 for row in raw.top) > 1
        self.findings.tell(Finding("sheet-not-read", "warning" if table else "note", raw.name))

    def _layout(self, raw: RawSheet) -> Layout | None:
        """By the columns that the mapping names where it names any, else by the alias table."""
        named, table = named_columns(self.mapping), aliases()

        def known(header: Header) -> bool:
            return header.text.strip() in named if named else table.known(header)

        asked = self.mapping.header_row if self.mapping else None
        layout = find_layout(raw.top, raw.merged, known, asked)
        if layout is None and self.mapping is not None and any(any(row) for row in raw.top):
            layout = find_layout(raw.top, raw.merged, lambda header: bool(header.text))
        return layout

    def _tell_sheet(self, plan: Plan, raw: RawSheet) -> None:
        for finding in plan.told + plan.questions:
            self.findings.tell(finding)
        if isinstance(raw, LongSheet):
            told = {"rows": raw.figures, "made": raw.made}
            self.findings.tell(Finding("sheet-long", "note", plan.sheet, values=told))
        if raw.hidden:
            self.findings.tell(Finding("sheet-hidden", "warning", plan.sheet))
        if raw.hidden_rows < 0:
            self.findings.tell(Finding("rows-hidden-unknown", "note", plan.sheet))
        if raw.hidden_rows > 0:
            values = {"count": raw.hidden_rows}
            self.findings.tell(Finding("rows-hidden", "warning", plan.sheet, values=values))

    def _first_cells(self) -> list[str]:
        top = next((row for raw in self.received.sheets for row in raw.top if any(row)), [])
        return [cell for cell in top if cell.strip()][:20]

    # -- against what is known ---------------------------------------------------------------------------------

    def _compare(self) -> None:
        """Warn where a figure is a power of ten away from last year's; note new names of known enterprises."""
        looks: list[tuple[str, Compare, str, Severity]] = [
            ("reports", year_steps, "factor-against-last-year", "warning"),
            ("enterprises", renamings, "enterprise-renamed", "note"),
        ]
        for table, compare, code, severity in looks:
            if table not in self.staging.tables():
                continue
            found = compare(self.store, self.staging.close(table), partial(self._place, table), EXAMPLES)
            for (sheet, column), (first, number) in found.items():
                for one in first:
                    self.findings.tell(
                        Finding(code, severity, sheet, one.row, column, one.before, one.after, one.values)
                    )
                self.findings.count(code, severity, sheet, column, number - len(first))

    def _place(self, table: str, group: int, field: str) -> tuple[str, str]:
        """The sheet and the column where a field of a staged row group came from."""
        origin = self.origins[table][group]
        header = next((one.header for one in origin.emission.sources if one.field.name == field), "")
        return self.plans[origin.sheet][0].sheet, header

    def _refuse_overlap(self, source: Source) -> None:
        """The same file with another mapping may fill other tables, never the same ones twice."""
        live = self.store.batches()
        live_ids = set(live.loc[live.withdrawn_at == "", "batch_id"])
        for event in self.store.ledger.replay(kind="batch_added"):
            batch = event.subject.removeprefix("batch:")
            same = (
                event.payload.get("file_sha256") == self.received.sha256 and event.payload.get("source") == source.name
            )
            if same and batch in live_ids and set(event.payload["rows"]) & set(self.staging.tables()):  # type: ignore[call-overload]
                raise Refusal("intake-same-file", file=source.name, batch=batch)

    # -- the end -----------------------------------------------------------------------------------------------

    def _hold(self, source: Source) -> None:
        """Let the file wait with its questions, how it was read, and its bytes where they may be kept."""
        questions = [asdict(finding) for finding in self.findings.kept if finding.severity == "question"]
        copy = None
        if may_be_kept(self.findings.kept, self.plans):
            copy = Path(shutil.copyfile(self.received.path, self.staging.folder / "held"))
            self.received.refuse_changed()
        payload: dict[str, object] = {
            "questions": questions[:200],
            "draft": f"{KEPT}/{self.staging.batch_id}/mapping.yaml",
            "mapping": self.mapping_file.read_text(encoding="utf-8-sig") if self.mapping_file else "",
            "table": self.table or "",
            "known_on": self.known_on.isoformat() if self.known_on else "",
        }
        hold(self.store, self.received, copy, source.actor, payload, self.guard)

    def _keep(self) -> Path:
        """The folder beside the facts that keeps an intake's rejects and findings; written before the batch exists, so
        that no batch is without them.
        """
        folder = self.store.settings.home / KEPT / self.staging.batch_id
        folder.mkdir(parents=True, exist_ok=True)
        if self.rejects_path is not None:
            shutil.copyfile(self.rejects_path, folder / "rejects.csv")
        listed = [asdict(finding) for finding in self.findings.listed()]
        text = json.dumps(listed, ensure_ascii=False, indent=1, default=str)
        (folder / "findings.json").write_text(text, encoding="utf-8")
        questions = [finding for finding in self.findings.kept if finding.severity == "question"]
        if questions:
            draft_mapping(folder / "mapping.yaml", self.mapping_file, questions)
        return folder


def withdraw(store: Store, batch_id: str, actor: str) -> None:
    """Withdraw a batch that nothing decided yet has used: an event, not a deletion.

    Refuses (`batch-used`) when a review was opened, anything decided in one or about a member, or a model promoted,
    after the batch came in: they stand on what was known then. What can be made anew (a ranking, a model that is not
    in office) hinders nothing.
    """
    added = store.ledger.replay(subject=f"batch:{batch_id}", kind="batch_added")
    later = store.ledger.replay(after=added[-1].seq) if added else []
    decided = [event for event in later if event.subject.startswith(DECIDED) and event.kind not in DECIDES_NOTHING]
    if decided:
        raise Refusal("batch-used", batch=batch_id, subject=decided[0].subject, event=decided[0].seq)
    store.withdraw(batch_id, actor, "undo")


def _source_hash(received: Received, mapping: Path | None, table: str | None, known_on: date | None) -> str:
    """One hash over the file's content and everything that decides how it is read."""
    parts = [received.sha256, table or "", known_on.isoformat() if known_on else ""]
    if mapping is not None:
        parts.append(hashlib.sha256(mapping.read_bytes()).hexdigest())
        parts.append(received.name)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _silent(_share: float, _key: str, /, **_values: object) -> None:
    """No progress."""
