"""One sheet taken in, chunk by chunk: cells read, rows judged, what holds given on, what does not put aside whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.admission import refuse_statistical_return
from data.aside import set_aside, tell_foot
from data.columns import Column, Told, read_coded, read_column, read_text
from data.contracts import violations
from data.contradictions import SHEET_SHIFT
from data.duplicates import DuplicateIndex, combined, row_hashes
from data.findings import Finding, Findings
from data.headers import aliases
from data.identity import body_of, first_two, normalise_code, normalise_name, read_codes, read_opaque
from data.industries import read_industry_codes
from data.judging import Judged
from data.long_layout import LongSheet
from data.mapping import Mapping
from data.merges import MergedCells
from data.periods import LENGTH_UNKNOWN, QUARTERS_UNKNOWN, column_of, row_days, row_periods
from data.plan import PERIODIC, Emission, PeriodRule, Plan, Source
from data.plausibility import doubts
from data.reading import DELIMITERS, Chunk, RawSheet
from data.rejects import Rejects
from data.tables import TABLES

_BLANKS = "".join(DELIMITERS) + ' "\r\n'
"""What a row without words consists of."""


@dataclass
class Tally:
    """How the rows of a file were spent. `rows` = accepted + rejected + set_aside (totals, notes, blank rows)."""

    rows: int = 0
    rejected: int = 0
    set_aside: int = 0
    bodies: dict[str, list[int]] = field(default_factory=dict)
    nameless: dict[str, list[int]] = field(default_factory=dict)
    magnitudes: dict[tuple[str, str], list[np.ndarray]] = field(default_factory=dict)
    lengths: dict[tuple[str, str, str], tuple[int, str]] = field(default_factory=dict)


class SheetReception:
    """Takes in one sheet by its plan."""

    def __init__(
        self,
        raw: RawSheet,
        number: int,
        header_row: int,
        plan: Plan,
        mapping: Mapping | None,
        findings: Findings,
        rejects: Rejects,
        duplicates: DuplicateIndex,
        tally: Tally,
    ) -> None:
        self.raw, self.number, self.header_row, self.plan, self.mapping = raw, number, header_row, plan, mapping
        self.findings, self.rejects, self.duplicates, self.tally = findings, rejects, duplicates, tally
        self.rates = mapping.rates if mapping else {}
        self.matches = {normalise_name(name): code for name, code in (mapping.matches if mapping else {}).items()}
        self.merges = MergedCells(raw.merged, header_row)
        self.repeated = plan.repeated()
        self.asked: set[int] = set()
        findings.headers[plan.sheet] = [plan.headers[position] for position in plan.shown]

    def rows(self) -> Iterator[tuple[Emission, pa.Table]]:
        """The rows that hold, emission by emission and chunk by chunk, with `source_row`."""
        for chunk in self.raw.chunks(self.plan.width):
            kept = self._without_header(chunk)
            if kept.cells.num_rows or kept.broken:
                yield from self._chunk(kept)

    def _without_header(self, chunk: Chunk) -> Chunk:
        broken = [(number, text) for number, text in chunk.broken if number > self.header_row]
        if len(chunk.numbers) and chunk.numbers[0] <= self.header_row:
            start = int(np.searchsorted(chunk.numbers, self.header_row, side="right"))
            return Chunk(chunk.cells.slice(start), chunk.numbers[start:], broken)
        return Chunk(chunk.cells, chunk.numbers, broken)

    def _chunk(self, chunk: Chunk) -> Iterator[tuple[Emission, pa.Table]]:
        plan = self.plan
        self.tally.rows += chunk.cells.num_rows + len(chunk.broken)
        for number, text in chunk.broken:
            self._reject_broken(number, text)
        cells = self.merges.filled(chunk.cells.combine_chunks(), chunk.numbers, self.repeated)
        cells, numbers = set_aside(
            cells, chunk.numbers, plan, self.header_row, self.findings, mapped=self.mapping is not None
        )
        self.tally.set_aside += chunk.cells.num_rows - len(numbers)
        if not cells.num_rows:
            return
        judged = Judged(plan, self.findings, self.rejects, cells, numbers)
        ids = self._identities(judged)
        emitted = [self._emission(emission, judged, ids) for emission in plan.emissions]
        judged.finish()
        keep = ~judged.rejected & self._useful(emitted, judged)
        self.tally.rejected += int(judged.rejected.sum())
        self._remember(emitted, judged, keep)
        mask = pa.array(keep)
        for emission, rows, used in emitted:
            kept = rows if keep.all() and used is None else rows.filter(mask if used is None else pa.array(keep & used))
            yield emission, _melted(emission, kept) if emission.table == "indicators" else kept

    def _useful(self, emitted: list[tuple[Emission, pa.Table, np.ndarray | None]], judged: Judged) -> np.ndarray:
        """Which rows say anything beside whom they are about; the others are told and counted as set aside."""
        useful = np.zeros(len(judged.numbers), bool)
        for _, _, used in emitted:
            useful |= True if used is None else used
        empty = np.flatnonzero(~useful & ~judged.rejected)
        if len(empty) and emitted:
            self.tally.set_aside += len(empty)
            before = pa.nulls(len(empty), pa.string())
            judged.tell(self.plan.identifier, Told("row-without-figures", "note", empty, before))
        return useful

    # -- the identifier ----------------------------------------------------------------------------------------

    def _identities(self, judged: Judged) -> pa.Array:
        cells = column_of(judged.cells, self.plan.identifier)
        read = read_opaque(cells) if self.plan.scheme == "opaque" else read_codes(self._confirmed(cells, judged))
        for told in read.told:
            judged.tell(self.plan.identifier, told)
        if self.plan.scheme == "uscc":
            self._bodies(read.values, judged)
            self._remember_nameless(read.told, judged)
        return read.values

    def _confirmed(self, cells: pa.Array, judged: Judged) -> pa.Array:
        """Codes that a person confirmed for a name take the place of missing and old ones; each is told."""
        if not self.matches or self.plan.name is None:
            return cells
        names = column_of(judged.cells, self.plan.name).to_pylist()
        texts = cells.to_pylist()
        changed = []
        for position, name in enumerate(names):
            code = self.matches.get(normalise_name(name or ""))
            if code and len(normalise_code(texts[position] or "")) != 18:
                texts[position] = code
                changed.append(position)
        if not changed:
            return cells
        taken = pa.array(changed)
        after = pa.array([texts[position] for position in changed], pa.string())
        judged.tell(self.plan.identifier, Told("code-by-name", "note", np.array(changed), cells.take(taken), after))
        return pa.array(texts, pa.string())

    def _bodies(self, codes: pa.Array, judged: Judged) -> None:
        """Bodies other than enterprises wait for a decision, which the mapping may hold."""
        starts = first_two(codes)
        other = np.flatnonzero((starts != "91") & (starts != "93") & (starts != ""))
        if not len(other):
            return
        kinds: dict[str, list[int]] = {}
        for position in other.tolist():
            kinds.setdefault(body_of(str(starts[position])), []).append(position)
        for body, positions in kinds.items():
            answer = self.mapping.bodies.get(body) if self.mapping else None  # type: ignore[call-overload]
            if answer == "accept":
                continue
            if answer == "leave_out":
                where = np.array(positions)
                told = Told("body-left-out", "error", where, codes.take(pa.array(where)), None, {"body": body})
                judged.tell(self.plan.identifier, told)
            else:
                self.tally.bodies.setdefault(body, []).extend(judged.numbers[positions].tolist())

    def _remember_nameless(self, told: list[Told], judged: Judged) -> None:
        """Names of rows without a usable code: another row of the file may have it, if a person confirms."""
        if self.plan.name is None:
            return
        for one in told:
            if one.code not in ("code-missing", "code-old-registration", "code-organisation-only"):
                continue
            names = column_of(judged.cells, self.plan.name).take(pa.array(one.positions)).to_pylist()
            for name, row in zip(names, judged.numbers[one.positions].tolist(), strict=True):
                if name and len(self.tally.nameless) < 10_000:
                    self.tally.nameless.setdefault(normalise_name(name), []).append(row)

    # -- the fields --------------------------------------------------------------------------------------------

    def _emission(
        self, emission: Emission, judged: Judged, ids: pa.Array
    ) -> tuple[Emission, pa.Table, np.ndarray | None]:
        cells, rows = judged.cells, judged.cells.num_rows
        columns: dict[str, pa.Array] = {"enterprise_id": ids}
        ends = months = None
        if emission.period is not None:
            ends, months = self._periods(emission, emission.period, judged)
            if emission.table in PERIODIC:
                columns |= {"period_end": ends, "period_months": months}
        for source in emission.sources:
            read = self._field(source, judged)
            columns[source.code or source.field.name] = read
        for name, value in emission.constants.items():
            columns[name] = _constant(value, ends, months, rows, TABLES[emission.table].field(name).kind)
        for name, rule in emission.days.items():
            columns[name], told = row_days(cells, rule, ends, epoch_1904=self.raw.epoch_1904)
            for position, one in told:
                judged.tell(position, one)
        known_on, told = row_days(cells, emission.known_on, ends, epoch_1904=self.raw.epoch_1904)
        for position, one in told:
            judged.tell(position, one)
        unknown = np.flatnonzero(known_on.is_null().to_numpy(zero_copy_only=False))
        if len(unknown):
            place = emission.known_on.column if emission.known_on.column is not None else -1
            judged.tell(place, Told("known-on-missing", "error", unknown, pa.nulls(len(unknown), pa.string())))
        columns |= {"known_on": known_on, "source_row": pa.array(judged.numbers)}
        self._known_too_early(known_on, ends, judged)
        table = pa.table(columns)
        self._check(emission, table, judged)
        figures = [
            column for name, column in columns.items() if name in {s.code or s.field.name for s in emission.sources}
        ]
        used = None
        asked = any(source.position in self.asked for source in emission.sources)
        # A row that leaves all of a table's cells blank states nothing of it: no report, and no certificate either.
        # Where the mapping states something of every row (a list of one certificate's holders), blank cells beside it
        # do not undo that; and whoever stands in a file is registered in any case.
        stated = emission.table == "enterprises" or (emission.table not in PERIODIC and bool(emission.constants))
        if figures and not asked and not stated:
            used = ~np.logical_and.reduce([column.is_null().to_numpy(zero_copy_only=False) for column in figures])
            used = None if used.all() else used
        return emission, table, used

    def _periods(self, emission: Emission, rule: PeriodRule, judged: Judged) -> tuple[pa.Array, pa.Array]:
        """Period end and months of each row; what only a person can say of them is asked once for the sheet."""
        ends, months, told = row_periods(judged.cells, rule, epoch_1904=self.raw.epoch_1904)
        for position, one in told:
            if one.code not in (LENGTH_UNKNOWN, QUARTERS_UNKNOWN):
                judged.tell(position, one)
            elif emission.table in PERIODIC:
                place = (one.code, self.plan.sheet, self.plan.headers[position] if position >= 0 else "")
                self.tally.lengths.setdefault(place, (int(judged.numbers[one.positions[0]]), one.before[0].as_py()))
        return ends, months

    def _field(self, source: Source, judged: Judged) -> pa.Array:
        cells = column_of(judged.cells, source.position)
        if source.values is not None:
            read = read_coded(cells, source.values)
            if source.field.kind not in ("text", "identifier"):
                read = Column(read_column(read.values, source.field, 1.0, {}).values, read.told)
        elif source.field.name == "industry_code" and self.plan.scheme == "uscc":
            read = read_industry_codes(read_text(cells))
        else:
            read = read_column(
                cells, source.field, source.factor, self.rates, scale=source.scale, epoch_1904=self.raw.epoch_1904
            )
        asked = source.field.kind == "money" and source.factor is None and self._remember_magnitude(source, cells)
        if asked:
            self.asked.add(source.position)
        for told in read.told:
            if not (asked and told.code == "value-without-unit"):  # one question for the column, not an error a row
                judged.tell(source.position, told)
        self._formulas(source, judged)
        return self._without_merged(source, read.values, judged)

    def _without_merged(self, source: Source, values: pa.Array, judged: Judged) -> pa.Array:
        """Figures in a cell merged over several rows belong to no row, unless all the rows are one enterprise's and the
        figure is one of its registration.
        """
        if source.position in self.repeated:
            return values
        at = self.merges.covers(source.position, judged.numbers)
        if source.table == "enterprises":
            own = [self.merges.same_rows(source.position, self.plan.identifier, int(judged.numbers[one])) for one in at]
            at = at[~np.array(own, bool)]
        if not len(at):
            return values
        told = Told("figure-over-rows", "warning", at, column_of(judged.cells, source.position).take(pa.array(at)))
        judged.tell(source.position, told)
        keep = np.ones(len(values), bool)
        keep[at] = False
        return pc.if_else(pa.array(keep), values, pa.scalar(None, values.type))

    def _remember_magnitude(self, source: Source, cells: pa.Array) -> bool:
        """Keep figures of a column without a unit, to name plausible ones in the question; give if there are any."""
        numbers = pc.replace_substring(pc.utf8_trim_whitespace(cells), ",", "")
        plain = pc.match_substring_regex(numbers, r"^[+-]?\d+(?:\.\d+)?$")
        figures = pc.cast(numbers.filter(pc.fill_null(plain, False)), pa.float64()).to_numpy(zero_copy_only=False)
        held = self.tally.magnitudes.setdefault((source.header, source.field.name), [])
        if len(figures) and sum(map(len, held)) < 10_000:
            held.append(figures[:10_000])
        return bool(held)

    def _formulas(self, source: Source, judged: Judged) -> None:
        if not self.raw.unvalued:
            return
        rows = [number for number in judged.numbers.tolist() if (number, source.position) in self.raw.unvalued]
        if rows:
            where = np.searchsorted(judged.numbers, rows)
            before = pa.array([f"={self.raw.unvalued[(row, source.position)]}" for row in rows], pa.string())
            judged.tell(source.position, Told("formula-without-value", "warning", where, before))

    def _known_too_early(self, known_on: pa.Array, ends: pa.Array | None, judged: Judged) -> None:
        if ends is None:
            return
        early = np.flatnonzero(pc.fill_null(pc.less(known_on, ends), False).to_numpy(zero_copy_only=False))
        if len(early):
            taken = pa.array(early)
            before, after = (pc.cast(days.take(taken), pa.string()) for days in (known_on, ends))
            judged.tell(-1, Told("known-before-period-end", "warning", early, before, after))

    def _check(self, emission: Emission, table: pa.Table, judged: Judged) -> None:
        positions = {source.field.name: source.position for source in emission.sources}
        for broken in violations(emission.table, table):
            column = positions.get(broken.column, -1)
            before = pc.cast(table.column(broken.column).take(pa.array(broken.rows)), pa.string())
            known = {"known": list(TABLES[emission.table].field(broken.column).choices)}
            judged.tell(column, Told(broken.code, "error", broken.rows, before.combine_chunks(), None, known))
        if emission.table == "reports":
            for doubt in doubts(table):
                judged.tell(
                    positions.get(doubt.field, -1),
                    Told(doubt.code, "warning", doubt.rows, _shown(doubt.figures), _shown(doubt.against)),
                )

    def _remember(
        self, emitted: list[tuple[Emission, pa.Table, np.ndarray | None]], judged: Judged, keep: np.ndarray
    ) -> None:
        """Hash what the rows state, to find those that say it twice."""
        numbers = judged.numbers + (self.number << SHEET_SHIFT)
        hashed: list[tuple[np.ndarray | None, np.ndarray, np.ndarray]] = []
        for emission, rows, used in emitted:
            table = TABLES[emission.table]
            names = ["enterprise_id", *(name for name in table.key if name in rows.column_names)]
            # what is said again on a later day is a correction, not a contradiction
            dated = emission.table == "enterprises" or emission.known_on.column is not None
            names += ["known_on"] if dated else []
            told = [name for name in rows.column_names if name not in (*names, "known_on", "source_row")]
            tables = pa.repeat(pa.scalar(list(TABLES).index(emission.table)), len(numbers))
            key = row_hashes([tables, *(rows.column(name) for name in names)])
            hashed.append((used, key, row_hashes([tables, *(rows.column(name) for name in told)])))
        whole = combined([part for one in hashed for part in one[1:]]) if hashed else numbers
        for used, key, content in hashed:
            chosen = keep if used is None else keep & used
            self.duplicates.add(key[chosen], content[chosen], whole[chosen], numbers[chosen])

    # -- rows put aside ----------------------------------------------------------------------------------------

    def _reject_broken(self, number: int, text: str) -> None:
        """Put aside a row whose cells do not fit the header, and tell; a blank one, a total or a note is no fact."""
        words = text.strip(_BLANKS)
        sheet, mapped = self.plan.sheet, self.mapping is not None
        refuse_statistical_return([words], aliases(), self.findings.file, sheet, mapped=mapped)
        if not words or (self.plan.scheme == "uscc" and tell_foot(words, sheet, number, self.findings)):
            self.tally.set_aside += 1
            return
        self.tally.rejected += 1
        width = self.raw.written if isinstance(self.raw, LongSheet) else self.plan.width
        if len(self.plan.shown) < self.plan.width:
            text = ""  # which cell holds a person cannot be told in a row of another width
        self.findings.tell(
            Finding("row-width", "error", self.plan.sheet, number, "", text[:200], values={"width": width})
        )
        self.rejects.add(self.plan.sheet, number, ["row-width"], self.findings.headers[self.plan.sheet], [text])


def _melted(emission: Emission, rows: pa.Table) -> pa.Table:
    """Declared indicators as rows of their own, without those that have no value."""
    shared = ["enterprise_id", "period_end", "period_months", "known_on", "source_row"]
    parts = []
    for source in emission.sources:
        values = rows.column(source.code)
        filled = values.is_valid()
        part = rows.select(shared).filter(filled)
        part = part.append_column("code", pa.repeat(pa.scalar(source.code), part.num_rows))
        parts.append(part.append_column("value", values.filter(filled)))
    return pa.concat_tables(parts)


def _constant(
    value: str | float | date, ends: pa.Array | None, months: pa.Array | None, rows: int, kind: str
) -> pa.Array:
    """A constant for every row; braces in a text name parts of the row's period."""
    if not isinstance(value, str) or "{" not in value or ends is None or months is None:
        return pa.repeat(pa.scalar(value), rows)
    texts: list[str | None] = []
    for end, length in zip(ends.to_pylist(), months.to_pylist(), strict=True):
        if end is None or length is None:
            texts.append(None)
        else:
            texts.append(value.format(year=end.year, quarter=(end.month + 2) // 3, period_end=end.isoformat()))
    return pa.array(texts, pa.string())


def _cells(cells: pa.Table, row: int) -> list[str | None]:
    return [column[row].as_py() for column in cells.columns]


def _shown(figures: np.ndarray) -> pa.Array:
    return pa.array([f"{figure:.15g}" for figure in figures], pa.string())
