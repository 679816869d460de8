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
the latest with any figure. Periods are compared by calendar month. Everything is an Ibis expression over the
tables of `engine.py`, so it runs on every engine alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import ibis
from ibis.expr.types import Column, Table

from data.tables import TABLES
from features.events import EVENT_COLUMNS, EventColumn
from features.knowledge import Tables, events, known_periods, known_rows, repeated_keys, settled, versions_merged

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
MOMENTS = ("as_of", "last_period_end", "last_known_on")


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
    fixed = {*MOMENTS, *REGISTRATION, *EVENT_COLUMNS, *INDUSTRY}
    places = {"", *SUFFIXES}
    split = {column: figure_of(column) for column in columns if column not in fixed}
    return [column for column, (name, suffix) in split.items() if name not in figures or suffix not in places]


@dataclass(frozen=True)
class Stage:
    """One step of a query: an expression over the tables and earlier steps, under the name that later steps read.

    `kept`: the engine computes it once and keeps it while the query runs; else it is a definition. In one piece the
    expression would take Ibis ten seconds to put into SQL, in steps it takes less than one.
    """

    name: str
    expression: Table
    kept: bool = True

    @property
    def table(self) -> Table:
        """The step as a table that later expressions read."""
        return ibis.table(self.expression.schema(), name=self.name)


def point_in_time(tables: Tables, columns: Sequence[str], max_report_age_months: int) -> list[Stage]:
    """The view with the given columns, in steps; the last, `at_view`, has `enterprise_id` and a column for each name.

    `tables` holds the tables of `carrier.py`. Enterprises: those with a registration or a report known by then. A
    closed year that ended more than `max_report_age_months` before the date counts as absent. The step
    `at_closed_years` (enterprise_id, anchor, last_period_end, last_known_on) is what `indicator_cells` reads.
    Declared indicators are not columns of the view.
    """
    wanted = list(dict.fromkeys(columns))
    reports, indicators = (known_periods(tables, name) for name in ("reports", "indicators"))
    closed_years = Stage("at_closed_years", last_closed_year(reports, indicators, max_report_age_months))
    registrations = known_rows(tables, "enterprises")
    renewed = Stage("at_renewed", repeated_keys(registrations, ["enterprise_id"]))
    latest = settled(tables, registrations, ["enterprise_id"], REGISTRATION, renewed.table)
    registered = Stage("at_registered", _with_industry(latest, tables))
    stages = [closed_years, renewed, registered]
    parts = [(registered.table, [*REGISTRATION, *INDUSTRY]), (closed_years.table, ["last_period_end", "last_known_on"])]
    figures = [figure_of(column) for column in wanted if figure_of(column)[0] in FIGURES]
    if figures:
        corrected = Stage("at_corrected", repeated_keys(reports, REPORT_KEY))
        placed = Stage("at_placed", _placed(tables, reports, closed_years.table, figures, corrected.table))
        stages += [corrected, placed]
        parts += _parts_by_slot(placed.table, figures)
    for table, counted in _event_columns(wanted).items():
        happened = Stage(f"at_{table}", events(tables, table))
        counts = Stage(f"at_{table}_counted", _counted(happened.table, counted))
        stages += [happened, counts]
        parts.append((counts.table, list(counted)))
    everyone = ibis.union(
        *(known.select("enterprise_id") for known in (registered.table, reports, indicators)), distinct=True
    )
    everyone = Stage("at_everyone", everyone)
    joined = Stage("at_joined", _joined(everyone.table, parts), kept=False)
    fed = _fed(tables, {stage.name: stage.table for stage in stages}, wanted)
    view = joined.table.cross_join(tables["moment"])
    view = view.cross_join(fed) if fed is not None else view
    known = {name: _column(view, name) for name in wanted}
    return [*stages, everyone, joined, Stage("at_view", view.select("enterprise_id", **known), kept=False)]


def indicator_cells(tables: Tables, closed_years: Table) -> Table:
    """Every known value of a declared indicator around the last closed year.

    Columns: enterprise_id, code, slot (`Slot.number`), value. Long, since how many codes there are is up to the
    office: a column for each would cost a pass over the facts for each.
    """
    indicators = known_periods(tables, "indicators")
    values = versions_merged(tables, indicators, [*REPORT_KEY, "code"], ["value"])
    placed = values.join(closed_years.select("enterprise_id", "anchor"), "enterprise_id")
    placed = placed.mutate(slot=(placed.month - placed.anchor) * 16 + placed.months)
    placed = placed.filter(placed.slot.isin(sorted(slot.number for slot in SLOTS.values())))
    return placed.select("enterprise_id", "code", "slot", "value")


Part = tuple[Table, list[str]]


def _joined(everyone: Table, parts: Sequence[Part]) -> Table:
    """One row per enterprise with the columns of all parts: a single chain of joins, as joins cost least per column."""
    chain: Table = everyone
    for number, (part, _) in enumerate(parts):
        part = part.rename({f"id_{number}": "enterprise_id"})
        chain = chain.left_join(part, everyone.enterprise_id == part[f"id_{number}"])
    return chain.select("enterprise_id", *(name for _, names in parts for name in names))


def _column(view: Table, name: str) -> Column:
    """A column of the view from the joined parts: as it is, put together from slots, or counted from events."""
    if name in EVENT_COLUMNS and EVENT_COLUMNS[name].nil_is_zero:
        fed = view[f"fed_{EVENT_COLUMNS[name].table}"]
        return ibis.ifelse(fed, view[name].cast("float64").fill_null(0.0), ibis.null("float64"))
    field, given = figure_of(name)
    if field not in FIGURES or given not in YTD:
        return view[name]
    if given == "_ytd":
        return ibis.coalesce(*(view[field + since] for since in YTD["_ytd"]))
    branches = [
        (view[field + since].notnull(), view[field + before])
        for since, before in zip(YTD["_ytd"], YTD[given], strict=True)
    ]
    return ibis.cases(*branches, else_=ibis.null("float64"))


def last_closed_year(reports: Table, indicators: Table, max_age_months: int) -> Table:
    """One row per enterprise: `anchor` (year * 12 + month of the last closed year's end) and its dates."""
    annual = ibis.union(
        *(
            known.select(
                "enterprise_id",
                "month",
                "months",
                "period_end",
                "known_on",
                oldest=known.as_of.year().cast("int64") * 12 + known.as_of.month().cast("int64") - max_age_months,
                has_revenue=known.revenue_cny.notnull() if known is reports else ibis.literal(False),
            )
            for known in (reports, indicators)
        )
    )
    annual = annual.filter((annual.months == 12) & (annual.month >= annual.oldest))
    last = annual.group_by("enterprise_id").agg(
        anchor=annual.month.max(where=annual.has_revenue), any_anchor=annual.month.max()
    )
    last = last.select("enterprise_id", anchor=ibis.coalesce(last.anchor, last.any_anchor))
    dated = annual.join(last, "enterprise_id")
    dated = dated.filter(dated.month == dated.anchor)
    return dated.group_by("enterprise_id").agg(
        anchor=dated.anchor.max(), last_period_end=dated.period_end.max(), last_known_on=dated.known_on.max()
    )


def _slots(given: str) -> tuple[str, ...]:
    """The slots that a suffix reads: one, or all that the running year's figure is put together from."""
    return (*YTD["_ytd"], *(YTD[given] if given != "_ytd" else ())) if given in YTD else (given,)


def _placed(
    tables: Tables, reports: Table, anchor: Table, figures: Sequence[tuple[str, str]], corrected: Table
) -> Table:
    """The reports that lie in a wanted slot, with its number; columns: enterprise_id, slot, the fields."""
    fields = list(dict.fromkeys(name for name, _ in figures))
    numbers = sorted({SLOTS[suffix].number for _, given in figures for suffix in _slots(given)})
    figured = settled(tables, reports, REPORT_KEY, fields, corrected)
    placed = figured.join(anchor.select("enterprise_id", "anchor"), "enterprise_id")
    placed = placed.mutate(slot=(placed.month - placed.anchor) * 16 + placed.months)
    return placed.filter(placed.slot.isin(numbers)).select("enterprise_id", "slot", *fields)


def _parts_by_slot(placed: Table, figures: Sequence[tuple[str, str]]) -> list[Part]:
    by_slot: dict[str, dict[str, None]] = {}
    for name, given in figures:
        for suffix in _slots(given):
            by_slot.setdefault(suffix, {})[name] = None
    parts: list[Part] = []
    for suffix, names in by_slot.items():
        part = placed.filter(placed.slot == SLOTS[suffix].number)
        renamed = {name + suffix: part[name] for name in names}
        parts.append((part.select("enterprise_id", **renamed), list(renamed)))
    return parts


def _event_columns(columns: Sequence[str]) -> dict[str, dict[str, EventColumn]]:
    tables: dict[str, dict[str, EventColumn]] = {}
    for column in columns:
        if column in EVENT_COLUMNS:
            tables.setdefault(EVENT_COLUMNS[column].table, {})[column] = EVENT_COLUMNS[column]
    return tables


def _counted(happened: Table, counted: Mapping[str, EventColumn]) -> Table:
    return happened.group_by("enterprise_id").agg(
        **{name: event.aggregate(happened, happened.as_of) for name, event in counted.items()}
    )


def _fed(tables: Tables, stages: Mapping[str, Table], columns: Sequence[str]) -> Table | None:
    """One row that says for each table of events whether it holds any event of anyone: if not, nil is unknown."""
    fed: Table | None = None
    for table in _event_columns(columns):
        happened = stages[f"at_{table}"]
        one = happened.agg(**{f"fed_{table}": happened.count() > 0})
        fed = one if fed is None else fed.cross_join(one)
    return fed


def _with_industry(view: Table, tables: Tables) -> Table:
    """The registrations with division, section and key industry, from a GB/T 4754 code with or without its section's
    letter.
    """
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
        "enterprise_id",
        *REGISTRATION,
        "industry_division",
        industry_section=ibis.coalesce(view.section, view.letter),
        key_industry_strength=ibis.ifelse(view.industry_division.notnull(), strongest, ibis.null("float64")),
    )
