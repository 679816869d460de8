"""The tables of facts: what one row is, which fields it has, in which unit, and what makes a row unique.

Every row of every table says, beside its fields, whom it is about (`enterprise_id`), since when we know it
(`known_on`), and where it came from (`batch_id`, `source_row`). A fact about a time also says which
(`period_end`, `granted_on` ...). Money is in yuan (`_cny`), shares are 0..1, counts are whole. Every field but
the key may be absent: an absence is known as such, not an error.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

Kind = Literal["identifier", "text", "date", "money", "count", "number", "flag"]

ARROW_TYPES: dict[str, pa.DataType] = {
    "identifier": pa.string(),
    "text": pa.string(),
    "date": pa.date32(),
    "money": pa.float64(),
    "count": pa.float64(),
    "number": pa.float64(),
    "flag": pa.bool_(),
}


@dataclass(frozen=True)
class Field:
    """One column: its name, kind and unit ("CNY", "persons", "1", "" ...), and whether it may never be shown.

    `confidential` fields (taxes) enter features when an edition allows it and are never published.
    `choices` lists the allowed codes of a coded text field (empty: free text).
    """

    name: str
    kind: Kind
    unit: str = ""
    confidential: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """One table of facts. `key` names the fields that, with `enterprise_id`, say which fact a row states."""

    name: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]

    def field(self, name: str) -> Field:
        """The field of that name; KeyError if the table has none."""
        return next(field for field in self.fields if field.name == name) if name in self.names else _missing(name)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the table's own fields, in order, without the provenance columns."""
        return tuple(field.name for field in self.fields)

    @property
    def arrow_schema(self) -> pa.Schema:
        """Columns of a stored batch: `enterprise_id`, the fields, then `known_on`, `batch_id`, `source_row`.

        `source_row` is the row number in the file received, counted as a spreadsheet does (the first row is 1).
        """
        return pa.schema(
            [pa.field("enterprise_id", pa.string(), nullable=False)]
            + [pa.field(field.name, ARROW_TYPES[field.kind]) for field in self.fields]
            + [
                pa.field("known_on", pa.date32(), nullable=False),
                pa.field("batch_id", pa.string(), nullable=False),
                pa.field("source_row", pa.int64()),
            ]
        )


def _missing(name: str) -> Field:
    raise KeyError(name)


def _money(*names: str, confidential: bool = False) -> tuple[Field, ...]:
    return tuple(Field(name, "money", "CNY", confidential) for name in names)


def _counts(unit: str, *names: str) -> tuple[Field, ...]:
    return tuple(Field(name, "count", unit) for name in names)


_PERIOD = (Field("period_end", "date"), Field("period_months", "count", "months"))

OLDEST_REPORT_MONTHS = 36
"""A closed year that ended longer ago says nothing about now, unless an edition says otherwise."""

DECISIONS = ("listed", "declined", "removed", "not_reviewed")

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table(
            "enterprises",
            (
                Field("name", "text"),
                Field("established_on", "date"),
                Field("industry_code", "text"),
                Field("industry_name", "text"),
                Field("street", "text"),
                Field("ownership", "text"),
                Field("registration_type", "text"),
                *_money("registered_capital_cny", "paid_in_capital_cny"),
                Field("group_id", "identifier"),
                Field("status", "text"),
                Field("region", "text"),
            ),
            (),
        ),
        Table(
            "reports",
            (
                *_PERIOD,
                *_money(
                    "revenue_cny",
                    "main_business_revenue_cny",
                    "net_profit_cny",
                    "total_profit_cny",
                    "total_assets_cny",
                    "total_liabilities_cny",
                    "net_assets_cny",
                    "capital_stock_cny",
                    "market_value_cny",
                    "wages_cny",
                ),
                *_money("tax_paid_cny", "district_tax_cny", confidential=True),
                *_counts(
                    "persons", "employees", "average_employees", "insured_employees", "district_insured_employees"
                ),
                *_money("rd_expense_cny", "rd_stock_cny", "hightech_revenue_cny", "export_revenue_cny"),
                *_counts("persons", "rd_staff", "graduates_hired", "masters_and_doctors", "returnees_and_foreign"),
                *_counts("patents", "invention_patents", "patent_grants", "patent_filings", "pct_filings"),
                *_counts("copyrights", "software_copyrights"),
                *_money("technology_contracts_cny"),
                Field("revenue_yoy", "number", "1"),
            ),
            ("period_end", "period_months"),
        ),
        Table(
            "recognitions",
            (
                Field("kind", "text"),
                Field("granted_on", "date"),
                Field("expires_on", "date"),
                Field("issuer", "text"),
                Field("certificate_no", "text"),
            ),
            ("kind", "granted_on"),
        ),
        Table(
            "investments",
            (Field("round", "text"), Field("closed_on", "date"), *_money("amount_cny"), Field("investor", "text")),
            ("round", "closed_on"),
        ),
        Table(
            "assessments",
            (Field("source", "text"), Field("value", "number", "1"), Field("scale", "text"), Field("given_on", "date")),
            ("source", "given_on"),
        ),
        Table(
            "integrity_events",
            (
                Field("kind", "text"),
                Field("listed_on", "date"),
                Field("removed_on", "date"),
                Field("authority", "text"),
            ),
            ("kind", "listed_on"),
        ),
        Table(
            "grants",
            (
                Field("purpose", "text"),
                Field("programme", "text"),
                *_money("amount_cny"),
                Field("period_end", "date"),
            ),
            ("programme", "period_end"),
        ),
        Table(
            "indicators",
            (*_PERIOD, Field("code", "identifier"), Field("value", "number", "1")),
            ("period_end", "period_months", "code"),
        ),
        Table(
            "outcomes",
            (Field("target", "identifier"), Field("as_of", "date"), Field("value", "number", "1")),
            ("target", "as_of"),
        ),
        Table(
            "directory_decisions",
            (
                Field("edition", "identifier"),
                Field("as_of", "date"),
                Field("decision", "text", choices=DECISIONS),
                Field("decided_on", "date"),
            ),
            ("edition", "as_of"),
        ),
    )
}
