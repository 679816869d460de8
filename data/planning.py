"""The plan of one sheet: which column becomes which field, in which unit, for which period, and what must be asked."""

from __future__ import annotations

import difflib
import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from data.admission import is_resident_id, names_persons, persons_columns, refuse_statistical_return
from data.amounts import MONEY_UNITS, plain_text, unit_factor
from data.findings import Finding
from data.headers import Aliases, Header, Layout, Span, aliases, title_span, title_unit
from data.mapping import (
    Cell,
    Day,
    IndicatorColumn,
    Mapping,
    Number,
    Period,
    field_specs,
    indicator_columns,
    named_columns,
)
from data.plan import PERIODIC, DayRule, Emission, PeriodRule, Plan, Source
from data.refusal import Refusal
from data.tables import DECISIONS, TABLES, Field


class Planner:
    """Makes the plan of one sheet from its layout, the mapping and the alias table."""

    def __init__(
        self,
        layout: Layout,
        mapping: Mapping | None,
        *,
        file: str,
        sheet: str,
        table: str | None,
        known_on: date | None,
        today: date,
        sample: Sequence[Sequence[str]] = (),
    ) -> None:
        self.sample = sample
        self.layout, self.mapping, self.file, self.sheet, self.table = layout, mapping, file, sheet, table
        self.asked_known_on, self.today = known_on, today
        self.headers: list[Header] = layout.headers
        self.aliases: Aliases = aliases()
        self.groups = mapping.file_groups(file) if mapping else {}
        self.said_of_quarters = (mapping.quarters if mapping else None) or ""
        self.title_unit = title_unit(layout.titles)
        self.title_span = title_span(layout.titles) or title_span([sheet])
        self.questions: list[Finding] = []
        self.told: list[Finding] = []
        self.unitless: list[Source] = []

    def plan(self) -> Plan:
        """The plan; refuses a sheet without identifier, or with a mapping that does not fit its columns."""
        words = [*self.layout.titles, *(header.text for header in self.headers)]
        refuse_statistical_return(words, self.aliases, self.file, self.sheet, mapped=self.mapping is not None)
        persons = self._persons()
        self.told += [Finding("column-of-persons", "warning", self.sheet, 0, self.headers[at].text) for at in persons]
        identifier, scheme = self._identifier()
        if self.mapping and self.mapping.tables:
            emissions = self._from_mapping(self.mapping)
        else:
            emissions = self._from_aliases(identifier, persons)
        if not self.questions and not any(e.sources or e.constants for e in emissions):
            raise Refusal("intake-no-fields", file=self.file, sheet=self.sheet, headers=[h.text for h in self.headers])
        shown = [position for position in range(len(self.headers)) if position not in persons]
        self.unitless = [source for source in self.unitless if source.position not in persons]
        return Plan(
            self.sheet,
            [header.text or f"#{position + 1}" for position, header in enumerate(self.headers)],
            identifier,
            scheme,
            self._name(emissions),
            emissions,
            shown,
            self.questions,
            self.told,
            self.unitless,
        )

    # -- who a row is about ------------------------------------------------------------------------------------

    def _identifier(self) -> tuple[int, str]:
        if self.mapping and self.mapping.identifier:
            return self._position(self.mapping.identifier.column), self.mapping.identifier.scheme
        found = [p for p, header in enumerate(self.headers) if self.aliases.roles.get(header.core) == "identifier"]
        if not found:
            raise Refusal(
                "intake-no-identifier",
                file=self.file,
                sheet=self.sheet,
                headers=[h.text for h in self.headers if h.text],
            )
        return found[0], "uscc"

    def _name(self, emissions: Sequence[Emission]) -> int | None:
        """The column of the enterprise's name, also where the table has no place for it."""
        for emission in emissions:
            for source in emission.sources:
                if emission.table == "enterprises" and source.field.name == "name":
                    return source.position
        wanted = ("enterprises", "name")
        return next((p for p, one in enumerate(self.headers) if wanted in self.aliases.fields.get(one.core, ())), None)

    def _position(self, column: str) -> int:
        """The position of a column that the mapping names; refuses an absent or repeated one."""
        wanted = plain_text(column)
        exact = [p for p, header in enumerate(self.headers) if plain_text(header.text) == wanted]
        if not exact:
            known = [header.text for header in self.headers if header.text]
            near = difflib.get_close_matches(column, known, n=3, cutoff=0.4)
            raise Refusal("intake-column-missing", file=self.file, column=column, near=near or known[:20])
        if len(exact) > 1:
            raise Refusal("intake-column-twice", file=self.file, column=column)
        return exact[0]

    def _persons(self) -> set[int]:
        """Columns that hold persons. Refuses a mapping that would store one; a mapped column that merely looks like
        mobile numbers (figures of eleven digits do) is none.
        """
        persons = persons_columns(self.headers, self.aliases, self.sample)
        wanted = {plain_text(name) for name in named_columns(self.mapping)}
        mapped = {position for position in persons if plain_text(self.headers[position].text) in wanted}
        for position in mapped:
            cells = [row[position] for row in self.sample if position < len(row)]
            if names_persons(self.headers[position], self.aliases) or any(map(is_resident_id, cells)):
                raise Refusal("mapping-names-persons", file=self.file, column=self.headers[position].text)
        return persons - mapped

    # -- by a mapping ------------------------------------------------------------------------------------------

    def _from_mapping(self, mapping: Mapping) -> list[Emission]:
        emissions = []
        period = self._period_rule(mapping.period)
        wanted = [table for table in mapping.tables or {} if self.table in (None, table)]
        if not wanted:
            raise Refusal("table-unknown", table=self.table, known=list(mapping.tables or {}))
        for table in wanted:
            if table == "indicators":
                sources = [self._indicator_source(one) for one in indicator_columns(mapping)]
                emissions.append(
                    Emission(table, sources, self._needed(period, table), self._known_on(mapping.known_on))
                )
            else:
                emissions.append(self._mapped_table(mapping, table, period))
        return emissions

    def _mapped_table(self, mapping: Mapping, table: str, period: PeriodRule | None) -> Emission:
        specs = field_specs(mapping, table)
        known_on = specs.pop("known_on", None)
        sources, constants, days = [], {}, {}
        for name, spec in specs.items():
            target = TABLES[table].field(name)
            if isinstance(spec, Cell):
                sources.append(self._cell_source(spec, target, table))
            elif isinstance(spec, Day):
                days[name] = self._day_rule(spec)
            else:
                constants[name] = self._constant(spec, target)
        rule = self._day_rule(known_on) if isinstance(known_on, (Day, date)) else self._known_on(mapping.known_on)
        if self.asked_known_on is not None:
            rule = DayRule(fixed=self.asked_known_on)
        needed = self._needed(period, table) if table in PERIODIC else period
        return Emission(table, sources, needed, rule, constants, days)

    def _constant(self, spec: object, target: Field) -> str | float | date:
        if isinstance(spec, str) and target.kind == "date":
            return date.fromisoformat(spec)
        return spec if isinstance(spec, (int, float, date)) else str(spec)

    def _cell_source(self, cell: Cell, target: Field, table: str) -> Source:
        position = self._position(cell.column)
        header = self.headers[position]
        factor = self._factor(cell.unit, header, target)
        source = Source(position, header.text, target, factor, cell.scale, cell.values, table=table)
        if target.kind == "money" and factor is None:
            self.unitless.append(source)
        return source

    def _indicator_source(self, one: IndicatorColumn) -> Source:
        position = self._position(one.column)
        found = unit_factor(one.unit, self.mapping.rates if self.mapping else {})
        factor = found[0] if found and one.unit in MONEY_UNITS else 1.0
        target = TABLES["indicators"].field("value")
        return Source(position, self.headers[position].text, target, factor, one.scale, code=one.code)

    def _period_rule(self, period: Period | None) -> PeriodRule | None:
        if period is None:
            return None
        year, year_column = self._whole(period.year)
        quarter, quarter_column = self._whole(period.quarter)
        cumulative = period.months == "from_january"
        months, months_column = self._whole(None if period.months == "from_january" else period.months)
        end: date | None = None
        end_column = None
        if isinstance(period.end, Day):
            if period.end.column is None:
                raise Refusal("mapping-period-end", file=self.file)
            end_column = self._position(period.end.column)
        elif period.end is not None:
            end = period.end
        columns = (year, year_column, quarter, quarter_column, months, months_column)
        quarters = self.said_of_quarters or "from_january"
        return PeriodRule(end, end_column, *columns, cumulative=cumulative, quarters=quarters)

    def _whole(self, spec: int | Number | None) -> tuple[int | None, int | None]:
        if isinstance(spec, Number):
            if spec.column is not None:
                return None, self._position(spec.column)
            text = self.groups.get(str(spec.group))
            if text is None or not text.isdigit():
                raise Refusal("mapping-file-group", file=self.file, group=spec.group, known=sorted(self.groups))
            return int(text), None
        return spec, None

    def _known_on(self, spec: date | Day | None) -> DayRule:
        if self.asked_known_on is not None:
            return DayRule(fixed=self.asked_known_on)
        return DayRule(fixed=self.today) if spec is None else self._day_rule(spec)

    def _day_rule(self, spec: date | Day) -> DayRule:
        if not isinstance(spec, Day):
            return DayRule(fixed=spec)
        if spec.column is not None:
            return DayRule(column=self._position(spec.column))
        if self.mapping is None or self.mapping.period is None:
            raise Refusal("mapping-period-needed", file=self.file)
        return DayRule(after_period_end=(spec.after_period_end or {}).get("days", 0))

    def _needed(self, period: PeriodRule | None, table: str) -> PeriodRule | None:
        """The period of a table that needs one; a question where nothing tells it."""
        found = period or self._period_from_sheet(None)
        if found is None:
            values = {"table": table, "columns": []}
            self.questions.append(Finding("period-unknown", "question", self.sheet, 0, "", values=values))
        return found

    # -- by the alias table ------------------------------------------------------------------------------------

    def _from_aliases(self, identifier: int, persons: set[int]) -> list[Emission]:
        matched = self._matches(identifier, persons)
        decided = self._event_table(matched)
        chosen: dict[tuple[str, Span | None], list[Source]] = {}
        unread: list[str] = []
        elsewhere: list[str] = []
        for position, header in enumerate(self.headers):
            if position == identifier or position in persons or not header.text.strip():
                continue
            places = matched.get(position, ())
            place = self._place(places, decided)
            if place is None:
                role = self.aliases.roles.get(header.core, "")
                if places and ("enterprises", "name") not in places:
                    elsewhere.append(header.text)
                elif not places and role not in ("row_number", "known_on") and not role.startswith("period_"):
                    unread.append(header.text)
                continue
            table, name = place
            target = TABLES[table].field(name)
            span = header.span if table == "reports" else None
            factor = self._factor(None, header, target)
            words = self.aliases.decision_words | {one: one for one in DECISIONS} if name == "decision" else None
            source = Source(position, header.text, target, factor, values=words, table=table)
            rows = chosen.setdefault((table, span), [])
            if earlier := next((one for one in rows if one.field.name == name), None):
                told = {"table": table, "field": name, "other": earlier.header}
                told["same"] = "yes" if earlier.header == header.text else "no"
                self.questions.append(Finding("column-ambiguous", "question", self.sheet, 0, header.text, values=told))
                continue
            rows.append(source)
            if target.kind == "money" and factor is None:
                self.unitless.append(source)
        if unread:
            self.told.append(Finding("columns-not-read", "note", self.sheet, 0, "", values={"columns": unread}))
        if elsewhere:
            values = {"columns": elsewhere, "table": decided or "enterprises, reports"}
            self.told.append(Finding("columns-of-other-tables", "warning", self.sheet, 0, "", values=values))
        return self._alias_emissions(chosen)

    def _alias_emissions(self, chosen: dict[tuple[str, Span | None], list[Source]]) -> list[Emission]:
        known_on = self._known_on(self.mapping.known_on if self.mapping else None)
        column = self._role("known_on")
        if column is not None and known_on.fixed is not None and self.asked_known_on is None:
            known_on = DayRule(column=column)
        emissions: list[Emission] = []
        spans: dict[tuple[str, PeriodRule | None], int] = {}
        for (table, span), sources in chosen.items():
            period = None
            if table in PERIODIC:
                rule = self._period_rule(self.mapping.period if self.mapping else None)
                period = self._spanned(rule, span) or self._period_from_sheet(span)
                if period is None:
                    values = {"table": table, "columns": [source.header for source in sources]}
                    if not any(one.code == "period-unknown" for one in self.questions):
                        self.questions.append(Finding("period-unknown", "question", self.sheet, 0, "", values=values))
            same = spans.get((table, period))
            if same is not None:
                emissions[same].sources.extend(sources)
                continue
            spans[(table, period)] = len(emissions)
            emissions.append(Emission(table, list(sources), period, known_on))
        return emissions

    def _spanned(self, rule: PeriodRule | None, span: Span | None) -> PeriodRule | None:
        """The mapping's period moved by what a column's own header says (上年同期 is a year back)."""
        if rule is None or (span is not None and span.year is not None):
            return None
        if span is None:
            return rule
        return replace(rule, months=span.months or rule.months, back=span.back, quarters=self._quarters(span))

    def _period_from_sheet(self, span: Span | None) -> PeriodRule | None:
        back, quarters = span.back if span else 0, self._quarters(span)
        if span is not None and span.year is not None:
            return PeriodRule(year=span.year, months=span.months or 12, back=back, quarters=quarters)
        end, year = self._role("period_end"), self._role("period_year")
        months = self._role("period_months")
        if end is not None:
            fixed = span.months if span and months is None else None
            return PeriodRule(end_column=end, months=fixed, months_column=months, back=back)
        if year is not None:
            quarter = self._role("period_quarter")
            fixed = None if months is not None or quarter is not None else (span.months if span else None) or 12
            if quarter is not None and months is None:
                quarters = self.said_of_quarters
            columns = (year, None, quarter, fixed, months)
            return PeriodRule(None, None, None, *columns, back=back, quarters=quarters)
        if self.title_span is not None:
            wanted = (span.months if span else None) or self.title_span.months or 12
            if not (span and span.months):
                quarters = self._quarters(self.title_span)
            back += self.title_span.back
            return PeriodRule(year=self.title_span.year, months=wanted, back=back, quarters=quarters)
        return None

    def _quarters(self, span: Span | None) -> str:
        """What figures of a quarter named by itself count; "" where such a one is named and nobody said."""
        return self.said_of_quarters if span is not None and span.quarter else "from_january"

    def _role(self, role: str) -> int | None:
        return next((p for p, header in enumerate(self.headers) if self.aliases.roles.get(header.core) == role), None)

    def _matches(self, identifier: int, persons: set[int]) -> dict[int, tuple[tuple[str, str], ...]]:
        matches: dict[int, tuple[tuple[str, str], ...]] = {}
        renamed = self.mapping.columns if self.mapping else {}
        ignored = {plain_text(one) for one in self.mapping.ignore} if self.mapping else set()
        for position, header in enumerate(self.headers):
            if position == identifier or position in persons or plain_text(header.text) in ignored:
                continue
            asked = renamed.get(header.text) or renamed.get(plain_text(header.text))
            if asked is not None:
                table, _, name = asked.rpartition(".")
                if table not in TABLES or name not in TABLES[table].names:
                    raise Refusal("field-unknown", table=table, fields=[asked], known=list(TABLES))
                matches[position] = ((table, name),)
            elif header.core in self.aliases.fields:
                matches[position] = self.aliases.fields[header.core]
        return matches

    def _event_table(self, matched: dict[int, tuple[tuple[str, str], ...]]) -> str | None:
        """The table of events that a sheet is, told by the column without which such a table says nothing."""
        if self.table is not None:
            if self.table not in TABLES:
                raise Refusal("table-unknown", table=self.table, known=list(TABLES))
            return self.table
        held = {place for places in matched.values() for place in places}
        found = [table for table, name in self.aliases.decides_table.items() if (table, name) in held]
        return found[0] if len(found) == 1 else None

    def _place(self, places: Sequence[tuple[str, str]], decided: str | None) -> tuple[str, str] | None:
        if decided is not None and decided not in ("enterprises", "reports"):
            return next((place for place in places if place[0] == decided), None)
        wanted = (decided,) if decided else ("enterprises", "reports")
        return next((place for place in places if place[0] in wanted), None)

    # -- units -------------------------------------------------------------------------------------------------

    def _factor(self, asked: str | None, header: Header, target: Field) -> float | None:
        """Inner units per written unit: the mapping's word, else the header's, else the title's; None: none of them."""
        mapping = self.mapping
        if target.kind not in ("money", "count", "number"):
            return 1.0
        unit = asked or (
            mapping.units.get(plain_text(header.text)) or mapping.units.get(header.text) if mapping else None
        )
        unit = unit or header.unit
        if not unit and target.kind == "money":
            unit = (mapping.unit if mapping else None) or self.title_unit
        if not unit:
            return None if target.kind == "money" else 1.0
        found = unit_factor(unit, mapping.rates if mapping else {})
        if found is None:
            return None if target.kind == "money" else 1.0
        return math.nan if math.isnan(found[0]) else found[0]
