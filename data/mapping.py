"""Mapping files: how a foreign spreadsheet's columns become fields, units and periods. YAML, checked whole.

A mapping says what the alias table cannot know, and answers the questions that an intake asked. Every mistake in
the file is reported at once, with its place; an unknown field is answered with the allowed ones.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from string import Formatter
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from data.amounts import unit_factor
from data.identity import code_problem
from data.refusal import Refusal
from data.tables import TABLES

CONTEXT = ("year", "quarter", "period_end")
"""What a constant text may name in braces, e.g. `edition: "sp500-{year}"`."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _text(value: object) -> object:
    """YAML reads `unit: 1` as a number, `yes:` as True: give back the text that was written."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if isinstance(value, (int, float)) else value


Text = Annotated[str, BeforeValidator(_text)]


def _text_keys(value: object) -> object:
    return {_text(key): inner for key, inner in value.items()} if isinstance(value, dict) else value


Codes = Annotated[dict[str, Text], BeforeValidator(_text_keys)]


class Identifier(_Part):
    """Which column says whom a row is about, and by which scheme its text is checked."""

    column: Text
    scheme: Literal["uscc", "opaque"] = "uscc"


class Number(_Part):
    """A whole number from a column or from a named group of the file name."""

    column: Text | None = None
    from_: Literal["file_name"] | None = Field(default=None, alias="from")
    group: str | None = None

    @model_validator(mode="after")
    def _one_source(self) -> Number:
        if (self.column is None) == (self.from_ is None) or (self.from_ is None) != (self.group is None):
            raise ValueError("either `column`, or `from: file_name` with `group`")
        return self


class Day(_Part):
    """A day: from a column, or the end of the row's period, or so many days after it."""

    column: Text | None = None
    from_: Literal["period_end"] | None = Field(default=None, alias="from")
    after_period_end: dict[Literal["days"], int] | None = None

    @model_validator(mode="after")
    def _one_source(self) -> Day:
        if sum(part is not None for part in (self.column, self.from_, self.after_period_end)) != 1:
            raise ValueError("one of `column`, `from: period_end`, `after_period_end: {days: N}`")
        return self


class Period(_Part):
    """The period that figures describe: a year with quarter or months, or an end date, each fixed or from the file.

    `months: from_january` beside `end`: each figure counts from January to that day.
    """

    year: int | Number | None = None
    quarter: int | Number | None = None
    end: date | Day | None = None
    months: Literal[3, 6, 9, 12, "from_january"] | Number | None = None

    @model_validator(mode="after")
    def _year_or_end(self) -> Period:
        if (self.year is None) == (self.end is None):
            raise ValueError("either `year` (with `quarter` or `months`) or `end`")
        if self.months == "from_january" and self.end is None:
            raise ValueError("`months: from_january` needs `end`")
        return self


class Cell(_Part):
    """A value from a column: `unit` as the office writes it, `scale` a further factor, `values` a code table."""

    column: Text
    unit: Text | None = None
    scale: float = 1.0
    values: Codes | None = None


class IndicatorColumn(_Part):
    """An office's own indicator: declared here once, it becomes features without a line of code."""

    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    column: Text
    unit: Text = "1"
    scale: float = 1.0
    factor: Literal["status", "contribution", "growth", "industry", "innovation", "talent", "market", "integrity"]
    direction: Literal[-1, 0, 1] = 0
    zh: str
    en: str


class Long(_Part):
    """A long sheet: one column names the item, another holds its value, perhaps a third its unit.

    What an item is, the alias table says, or `columns`, by the item's name.
    """

    item: Text
    value: Text
    unit: Text = ""


class Mapping(_Part):
    """A whole mapping file."""

    mulu_mapping: Literal[1]
    files: str | None = None
    encoding: str | None = None
    delimiter: Literal[",", "\t", ";", "|", "\uff0c"] | None = None
    sheets: list[str] | None = None
    header_row: int | None = Field(default=None, ge=1)
    identifier: Identifier | None = None
    period: Period | None = None
    quarters: Literal["alone", "from_january"] | None = None
    known_on: date | Day | None = None
    rates: dict[Annotated[str, Field(pattern="^[A-Z]{3}$")], Annotated[float, Field(gt=0)]] = {}
    unit: Text | None = None
    units: dict[str, Text] = {}
    columns: dict[str, str] = {}
    ignore: list[Text] = []
    matches: dict[str, str] = {}
    bodies: dict[
        Literal["public_institution", "social_body", "individual_business", "cooperative", "other"],
        Literal["accept", "leave_out"],
    ] = {}
    contradictions: Literal["first", "last"] | None = None
    long: Long | None = None
    tables: dict[str, Any] | None = None

    @model_validator(mode="after")
    def _matches_are_codes(self) -> Mapping:
        for name, code in self.matches.items():
            if code and (problem := code_problem(code)):
                raise ValueError(f"matches.{name}: {code} ({problem})")
        return self

    @model_validator(mode="after")
    def _units_are_units(self) -> Mapping:
        for unit in [*self.units.values(), *([self.unit] if self.unit else [])]:
            if unit_factor(unit, {}) is None:
                raise ValueError(f"unknown unit {unit}")
        if self.files is not None:
            try:
                re.compile(self.files)
            except re.error as error:
                raise ValueError(f"files: {error}") from error
        return self

    def file_groups(self, name: str) -> dict[str, str]:
        """The named groups that the file name gives; refuses a file name that `files` does not match."""
        if self.files is None:
            return {}
        match = re.fullmatch(self.files, name)
        if match is None:
            raise Refusal("mapping-file-name", file=name, pattern=self.files)
        return match.groupdict()


Value = Cell | Day | str | int | float | date
FieldSpec = dict[str, Value]


def load_mapping(path: Path) -> Mapping:
    """The mapping of a YAML file. Refuses with all its mistakes at once (`mapping-invalid`: place and problem)."""
    if not path.is_file():
        raise Refusal("mapping-missing", path=str(path))
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise Refusal("mapping-not-yaml", path=str(path), cause=" ".join(str(error).split())) from error
    if not isinstance(content, dict):
        raise Refusal("mapping-not-yaml", path=str(path), cause="mulu_mapping: 1 ...")
    problems: list[str] = []
    mapping: Mapping | None = None
    try:
        mapping = Mapping.model_validate(content)
    except ValidationError as error:
        problems += [_told(one) for one in error.errors()]
    problems += _table_problems(content.get("tables"))
    if problems or mapping is None:
        raise Refusal("mapping-invalid", path=str(path), problems=problems)
    return mapping


def indicator_columns(mapping: Mapping | None) -> list[IndicatorColumn]:
    """The indicators a mapping declares, in order."""
    given = (mapping.tables or {}).get("indicators", []) if mapping else []
    return [IndicatorColumn.model_validate(one) for one in given]


def named_columns(mapping: Mapping | None) -> set[str]:
    """Every column that a mapping with `tables` names: a sheet's header row is the one that holds them."""
    if mapping is None or not mapping.tables:
        return set()
    named = {mapping.identifier.column} if mapping.identifier else set()
    named |= {one.column for one in indicator_columns(mapping)}
    for table, specs in mapping.tables.items():
        if table != "indicators":
            named |= {str(spec["column"]) for spec in specs.values() if isinstance(spec, dict) and "column" in spec}
    return named


def field_specs(mapping: Mapping, table: str) -> FieldSpec:
    """The fields of one table as the mapping gives them, with `known_on` where the table has its own."""
    return {name: _value(spec) for name, spec in (mapping.tables or {})[table].items()}


def _value(spec: object) -> Value:
    if isinstance(spec, dict):
        return Cell.model_validate(spec) if "column" in spec else Day.model_validate(spec)
    if isinstance(spec, bool):
        return str(spec).lower()
    if isinstance(spec, (str, int, float, date)):
        return spec
    raise ValueError("a constant or {column: ...}")


def _table_problems(tables: object) -> list[str]:
    if tables is None:
        return []
    if not isinstance(tables, dict):
        return ["tables: {reports: {...}}"]
    problems = []
    for table, specs in tables.items():
        if table not in TABLES:
            problems.append(f"tables.{table}: {', '.join(TABLES)}")
        elif table == "indicators":
            problems += _indicator_problems(specs)
        elif not isinstance(specs, dict):
            problems.append(f"tables.{table}: {{FIELD: {{column: ...}}}}")
        else:
            problems += _field_problems(table, specs)
    return problems


def _field_problems(table: str, specs: dict[str, Any]) -> list[str]:
    problems = []
    for name, spec in specs.items():
        place = f"tables.{table}.{name}"
        if name not in TABLES[table].names and name != "known_on":
            problems.append(f"{place} ∉ {{{', '.join(TABLES[table].names)}}}")
            continue
        try:
            value = _value(spec)
        except ValidationError as error:
            problems += [_told(one, place) for one in error.errors()]
            continue
        except ValueError as error:
            problems.append(f"{place}: {error}")
            continue
        if isinstance(value, Cell) and value.unit is not None and unit_factor(value.unit, {}) is None:
            problems.append(f"{place}.unit: {value.unit}")
        if (
            not isinstance(value, (Cell, Day))
            and name != "known_on"
            and not _fits(value, TABLES[table].field(name).kind)
        ):
            problems.append(f"{place}: {value!r} ∉ {TABLES[table].field(name).kind}")
    return problems


def _braces_fit(text: str) -> bool:
    """Whether the braces of a constant text name parts of the row's period only."""
    try:
        return all(name is None or name in CONTEXT for _, name, _, _ in Formatter().parse(text))
    except ValueError:
        return False


def _fits(value: str | float | date, kind: str) -> bool:
    """Whether a constant can stand in a field of that kind."""
    if kind in ("text", "identifier"):
        return isinstance(value, int) or (isinstance(value, str) and _braces_fit(value))
    if kind == "date":
        return isinstance(value, date) or (
            isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value) is not None
        )
    return isinstance(value, (int, float))


def _indicator_problems(specs: object) -> list[str]:
    if not isinstance(specs, list):
        return ["tables.indicators: [{code: ..., column: ..., factor: ..., zh: ..., en: ...}]"]
    problems = []
    for number, spec in enumerate(specs):
        try:
            IndicatorColumn.model_validate(spec)
        except ValidationError as error:
            problems += [_told(one, f"tables.indicators[{number}]") for one in error.errors()]
    return problems


def _told(error: ErrorDetails, place: str = "") -> str:
    """One mistake: its place, what is wrong, and for an unknown key the allowed ones."""
    where = ".".join([place] * bool(place) + [str(part) for part in error["loc"]])
    if error["type"] != "extra_forbidden":
        return f"{where}: {error['msg']}"
    model: Any = IndicatorColumn if "indicators" in place else Cell if place else Mapping
    for part in error["loc"][:-1]:
        model = next((m for m in (Identifier, Number, Day, Period, Long, Cell) if m.__name__ == part), None) or {
            "identifier": Identifier, "period": Period, "known_on": Day, "long": Long,
        }.get(str(part), model)  # fmt: skip
    allowed = [field.alias or name for name, field in model.model_fields.items()]
    return f"{where} ∉ {{{', '.join(allowed)}}}"
