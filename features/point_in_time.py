"""The point-in-time view: one row per enterprise, holding what was known of it at a date and nothing later.

Facts have two times: the period they describe and the day they became known. Which version of a fact holds at the
date is said in `knowledge.py`. Figures are then laid out around the enterprise's last closed year:

=====================  ==================================================================================
`x`                    the last closed year (a report of 12 months)
`x_1y_ago` ... `3y`    the closed years that ended one, two, three years before
`x_3m` `x_h1` `x_9m`   the first 3, 6, 9 months of the last closed year; `_1y_ago`: of the year before
`x_ytd`                the longest interim report of the year that runs since; `x_ytd_1y_ago`: the same
                       months a year before
=====================  ==================================================================================

The last closed year is the latest one whose revenue is known; for an enterprise that never reported revenue,
the latest with any figure. Periods are compared by calendar month.

The road: an engine finds who there is and numbers them (`enterprises`), and finds which reports lie where
(`placed`); `layout.py` writes the figures into columns; on these columns the features are computed. Everything here
is an Ibis expression over the tables of `carrier.py`, so it runs on every engine alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import ibis
from ibis.expr.types import Column, Table

from data.tables import TABLES
from features.carrier import IBIS_TYPES
from features.events import EVENT_COLUMNS, EventColumn
from features.knowledge import (
    Tables,
    events,
    known_periods,
    known_rows,
    repeated_keys,
    settled,
    versions_merged,
    with_precedence,
)

VERSION = 1
"""Raise it when the meaning of a column of the view changes: it enters every catalogue's fingerprint."""


@dataclass(frozen=True)
class Slot:
    """A place in time around the last closed year: report length and end, both in months."""

    months: int
    offset: int

    @property
    def number(self) -> int:
        """One whole number for both, as the facts carry it."""
        return self.offset * 16 + self.months


SLOTS: dict[str, Slot] = {
    "": Slot(12, 0),
    "_1y_ago": Slot(12, -12),
    "_2y_ago": Slot(12, -24),
    "_3y_ago": Slot(12, -36),
    "_3m": Slot(3, -9),
    "_h1": Slot(6, -6),
    "_9m": Slot(9, -3),
    "_3m_1y_ago": Slot(3, -21),
    "_h1_1y_ago": Slot(6, -18),
    "_9m_1y_ago": Slot(9, -15),
    "_3m_since": Slot(3, 3),
    "_h1_since": Slot(6, 6),
    "_9m_since": Slot(9, 9),
}
YTD: dict[str, tuple[str, ...]] = {
    "_ytd": ("_9m_since", "_h1_since", "_3m_since"),
    "_ytd_1y_ago": ("_9m", "_h1", "_3m"),
}
SUFFIXES = tuple(sorted((*SLOTS, *YTD), key=len, reverse=True))

FIGURES = tuple(name for name in TABLES["reports"].names if name not in TABLES["reports"].key)
REGISTRATION = TABLES["enterprises"].names
INDUSTRY = ("industry_division", "industry_section", "key_industry_strength")
REPORT_KEY = ("enterprise_id", "month", "months")
INDICATOR = "ind_"
MOMENTS = ("as_of", "last_period_end")
_FIXED = {
    **dict.fromkeys(MOMENTS, "date"),
    **{
        field.name: IBIS_TYPES[field.type] for field in TABLES["enterprises"].arrow_schema if field.name in REGISTRATION
    },
    **{name: "float64" if name == "key_industry_strength" else "string" for name in INDUSTRY},
}
"""The columns that are neither figures nor counts of events, with their types."""


def figure_of(column: str) -> tuple[str, str]:
    """The field and the suffix of a column of the view: `revenue_cny_1y_ago` -> (`revenue_cny`, `_1y_ago`).

    A declared indicator's suffix stands behind a dot, since its code may end like one: `ind_roe.1y_ago`.

    >>> figure_of("revenue_cny_ytd_1y_ago"), figure_of("employees"), figure_of("ind_sales_h1.9m")
    (('revenue_cny', '_ytd_1y_ago'), ('employees', ''), ('ind_sales_h1', '_9m'))
    """
    if column.startswith(INDICATOR):
        code, dot, suffix = column.partition(".")
        return code, "_" + suffix if dot else ""
    suffix = next(suffix for suffix in SUFFIXES if column.endswith(suffix))
    return column.removesuffix(suffix) if suffix else column, suffix


def unknown_columns(columns: Iterable[str], codes: Iterable[str] = ()) -> list[str]:
    """Those of the columns that the view does not have; `codes` are the declared indicators."""
    figures = {*FIGURES, *(INDICATOR + code for code in codes)}
    fixed = {*_FIXED, *EVENT_COLUMNS}
    places = {"", *SUFFIXES}
    split = {column: figure_of(column) for column in columns if column not in fixed}
    return [column for column, (name, suffix) in split.items() if name not in figures or suffix not in places]


@dataclass(frozen=True)
class Stage:
    """One step of a query: an expression over the tables and earlier steps, under the name that later steps read."""

    name: str
    expression: Table

    @property
    def table(self) -> Table:
        """The step as a table that later expressions read."""
        return ibis.table(self.expression.schema(), name=self.name)


@dataclass(frozen=True)
class View:
    """The queries that give the view's rows, in any order; `steps` are carried out and kept first.

    Each names an enterprise by `row`, its place from 0 in ascending order of identifiers. `who`: one for each, with
    enterprise_id and the wanted ones of last_period_end, the registration's fields and INDUSTRY. `placed`: the reports
    that lie in a wanted place, with slot (`Slot.number`), steady, precedence and the wanted fields; rows that are not
    steady may be versions of one another. `counted`: by table of events, those who have any, with its wanted columns
    (row is null for strangers). `figures`: which column of the view takes which field in which slot. `columns`: what
    `at_view` holds.
    """

    steps: list[Stage]
    who: Table
    placed: Table
    counted: dict[str, Table]
    figures: dict[int, dict[str, str]]
    columns: Table

    def column(self, name: str) -> Column:
        """A column of the view as features read it: as it is laid out, or put together from the running year's."""
        field, given = figure_of(name) if name not in self.columns.columns else (name, "")
        if given not in YTD:
            return self.columns[name]
        if given == "_ytd":
            return ibis.coalesce(*(self.columns[field + since] for since in YTD["_ytd"]))
        branches = [
            (self.columns[field + since].notnull(), self.columns[field + before])
            for since, before in zip(YTD["_ytd"], YTD[given], strict=True)
        ]
        return ibis.cases(*branches, else_=ibis.null("float64"))


def point_in_time(tables: Tables, columns: Iterable[str], max_report_age_months: int) -> View:
    """The view with the given columns; `tables` holds the tables of `carrier.py`.

    Enterprises: those with a registration, a report or an indicator known by then. A closed year that ended more than
    `max_report_age_months` before the date counts as absent. The step `at_enterprises` (enterprise_id, row, anchor,
    last_period_end, steady) is what `indicator_cells` reads. Declared indicators are not columns of the view.
    """
    wanted = list(dict.fromkeys(columns))
    reports, indicators = (known_periods(tables, name) for name in ("reports", "indicators"))
    reported = Stage("at_reported", last_closed_years(reports, indicators, max_report_age_months))
    registrations = known_rows(tables, "enterprises")
    renewed = Stage("at_renewed", repeated_keys(registrations, ["enterprise_id"]))
    latest = settled(tables, registrations, ["enterprise_id"], REGISTRATION, renewed.table)
    registered = Stage("at_registered", latest)
    enterprises = Stage("at_enterprises", _numbered(registered.table, reported.table))
    everyone = enterprises.table
    coded = Stage("at_coded", _industries(registered.table, tables))
    about = registered.table.left_join(coded.table, "industry_code").drop("industry_code_right")
    who = everyone.left_join(about, "enterprise_id")
    told = dict.fromkeys(name for name in wanted if name in _FIXED and name != "as_of")
    figures = _figures(wanted)
    return View(
        steps=[reported, renewed, registered, enterprises, coded],
        who=who.select("row", "enterprise_id", *told),
        placed=_placed(tables, reports, everyone, figures),
        counted={table: _counted(tables, everyone, table, found) for table, found in _event_columns(wanted).items()},
        figures=figures,
        columns=_columns(wanted, figures),
    )


_all_bits: Callable[[Column], Column] = ibis.udf.agg.builtin(
    lambda value: value, name="bit_or", signature=(("int64",), "int64")
)
"""All bits of a group's values: both engines have it, Ibis knows it for one of them."""


def last_closed_years(reports: Table, indicators: Table, max_age_months: int) -> Table:
    """One row per enterprise with a report or indicator: `last_period_end` of the last closed year, null if too old.

    `steady`: each of its reports lies in a quarter of its own (in a cycle of 12 years), so that none can be a version
    of another. The powers of two that stand for quarters add up to the same as they combine to by bits just then.
    """
    told = ibis.union(
        *(
            known.select(
                "enterprise_id",
                "period_end",
                closed=(known.months == 12)
                & (known.month >= known.as_of.year().cast("int64") * 12 + known.as_of.month() - max_age_months),
                has_revenue=known.revenue_cny.notnull() if known is reports else ibis.literal(False),
                quarter=ibis.literal(1, "int8").cast("int64") << ((known.month // 3) % 48)
                if known is reports
                else ibis.literal(0, "int64"),
            )
            for known in (reports, indicators)
        )
    )
    return told.group_by("enterprise_id").agg(
        last_period_end=ibis.coalesce(
            told.period_end.max(where=told.closed & told.has_revenue), told.period_end.max(where=told.closed)
        ),
        steady=told.quarter.sum() == _all_bits(told.quarter),
    )


def _numbered(registered: Table, reported: Table) -> Table:
    """Everyone, numbered from 0 in ascending order of identifiers: numbers are joined and sorted faster than texts."""
    known = registered.select("enterprise_id").outer_join(reported, "enterprise_id")
    everyone = known.select(
        "last_period_end", "steady", enterprise_id=ibis.coalesce(known.enterprise_id, known.enterprise_id_right)
    )
    return everyone.mutate(
        row=ibis.row_number().over(order_by=everyone.enterprise_id),
        anchor=everyone.last_period_end.year().cast("int64") * 12 + everyone.last_period_end.month(),
    )


def _figures(columns: Sequence[str]) -> dict[int, dict[str, str]]:
    """Which column takes which field in which slot."""
    figures: dict[int, dict[str, str]] = {}
    for column in columns:
        if column in _FIXED or (field := figure_of(column))[0] not in FIGURES:
            continue
        name, given = field
        for suffix in (*YTD["_ytd"], *(YTD[given] if given != "_ytd" else ())) if given in YTD else (given,):
            figures.setdefault(SLOTS[suffix].number, {})[name] = name + suffix
    return figures


def _placed(tables: Tables, reports: Table, everyone: Table, figures: Mapping[int, Mapping[str, str]]) -> Table:
    fields = list(dict.fromkeys(field for fields in figures.values() for field in fields))
    known = with_precedence(tables, reports).join(everyone, "enterprise_id")
    known = known.mutate(slot=(known.month - known.anchor) * 16 + known.months)
    known = known.filter(known.slot.isin(sorted(figures)))
    return known.select("row", "slot", "steady", "precedence", *fields)


def _event_columns(columns: Sequence[str]) -> dict[str, dict[str, EventColumn]]:
    tables: dict[str, dict[str, EventColumn]] = {}
    for column in columns:
        if column in EVENT_COLUMNS:
            tables.setdefault(EVENT_COLUMNS[column].table, {})[column] = EVENT_COLUMNS[column]
    return tables


def _counted(tables: Tables, everyone: Table, table: str, counted: Mapping[str, EventColumn]) -> Table:
    happened = events(tables, table)
    by_enterprise = happened.group_by("enterprise_id").agg(
        **{name: event.aggregate(happened, happened.as_of).cast("float64") for name, event in counted.items()}
    )
    return by_enterprise.left_join(everyone, "enterprise_id").select("row", *counted)


def _columns(wanted: Sequence[str], figures: Mapping[int, Mapping[str, str]]) -> Table:
    """The table that `layout.py` lays out: `row` and every column that features read or are put together from."""
    laid = {column: "float64" for fields in figures.values() for column in fields.values()}
    laid |= dict.fromkeys(_event_names(wanted), "float64")
    laid |= {name: kind for name, kind in _FIXED.items() if name in wanted}
    return ibis.table({"row": "int64", **laid}, name="at_view")


def _event_names(wanted: Sequence[str]) -> list[str]:
    return [name for name in wanted if name in EVENT_COLUMNS]


def indicator_cells(tables: Tables) -> Table:
    """Every known value of a declared indicator around the last closed year.

    Columns: row, code, slot (`Slot.number`), value. Long, since how many codes there are is up to the office: a column
    for each would cost a pass over the facts for each.
    """
    everyone = ibis.table({"enterprise_id": "string", "row": "int64", "anchor": "int64"}, name="at_enterprises")
    indicators = known_periods(tables, "indicators")
    values = versions_merged(tables, indicators, [*REPORT_KEY, "code"], ["value"])
    placed = values.join(everyone, "enterprise_id")
    placed = placed.mutate(slot=(placed.month - placed.anchor) * 16 + placed.months)
    placed = placed.filter(placed.slot.isin(sorted(slot.number for slot in SLOTS.values())))
    return placed.select("row", "code", "slot", "value")


def _industries(registered: Table, tables: Tables) -> Table:
    """Division, section and key industry of every industry code that occurs, with or without its section's letter."""
    view = registered.select("industry_code").distinct()
    view = view.filter(view.industry_code.notnull())
    code = view.industry_code
    lettered = code.substr(0, 1).between("A", "T")
    bare = ibis.ifelse(lettered, code.substr(1), code)
    division = ibis.ifelse(bare.length() >= 2, bare.substr(0, 2), ibis.null("string"))
    letter = ibis.ifelse(lettered, code.substr(0, 1), ibis.null("string"))
    view = view.mutate(industry_division=division, bare_code=bare, letter=letter)
    industries, keys = tables["industries"], tables["key_industries"]
    view = view.left_join(industries, view.industry_division == industries.division).drop("division")
    strengths = []
    for digits in (2, 3, 4):
        part = keys.filter(keys.digits == digits).select(**{f"key_{digits}": keys.code, f"of_{digits}": keys.strength})
        view = view.left_join(part, view.bare_code.substr(0, digits) == part[f"key_{digits}"])
        strengths.append(f"of_{digits}")
    strongest = ibis.greatest(*(view[name].fill_null(0.0) for name in strengths))
    return view.select(
        "industry_code",
        "industry_division",
        industry_section=ibis.coalesce(view.section, view.letter),
        key_industry_strength=ibis.ifelse(view.industry_division.notnull(), strongest, ibis.null("float64")),
    )
