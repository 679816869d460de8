"""The point-in-time view: one row per enterprise, holding what was known of it at a date and nothing later.

Facts have two times: the period they describe and the day they became known. For each enterprise, period and
field the view takes the latest known value that is not absent (a correction wins from the day it was known;
between batches of one day the identifier decides, which is derived from content). Figures are then laid out
around the enterprise's last closed year:

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

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import ibis
from ibis.expr.types import Column, Table

from data.tables import TABLES
from features.events import EVENT_COLUMNS, EventColumn

VERSION = 1
"""Raise it when the meaning of a column of the view changes: it enters every catalogue's fingerprint."""

Tables = Mapping[str, Table]


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
INDICATOR = "ind_"
MOMENTS = ("as_of", "last_period_end", "last_known_on")


def figure_of(column: str) -> tuple[str, str]:
    """The field and the suffix of a column of the view: `revenue_cny_1y_ago` -> (`revenue_cny`, `_1y_ago`).

    >>> figure_of("revenue_cny_ytd_1y_ago"), figure_of("employees")
    (('revenue_cny', '_ytd_1y_ago'), ('employees', ''))
    """
    suffix = next(suffix for suffix in SUFFIXES if column.endswith(suffix))
    return column.removesuffix(suffix) if suffix else column, suffix


def unknown_columns(columns: Iterable[str], codes: Iterable[str] = ()) -> list[str]:
    """Those of the columns that the view does not have; `codes` are the declared indicators."""
    figures = {*FIGURES, *(INDICATOR + code for code in codes)}
    fixed = {*MOMENTS, *REGISTRATION, *EVENT_COLUMNS, "industry_division", "industry_section"}
    return [column for column in columns if column not in fixed and figure_of(column)[0] not in figures]


def point_in_time(tables: Tables, columns: Sequence[str], max_report_age_months: int) -> Table:
    """The view with the given columns, as an Ibis table: `enterprise_id` and one column for each name.

    `tables` holds the tables of facts, `moment` (one row: `as_of`), `batch_order` (batch_id, position) and
    `industries` (division, section). Enterprises: those with a registration or a report known by then.
    A closed year that ended more than `max_report_age_months` before the date counts as absent.
    """
    periods = {name: _known_periods(tables, name) for name in ("reports", "indicators")}
    registered = _registration(tables)
    anchor = _last_closed_year(periods, max_report_age_months)
    everyone = ibis.union(*(known.select("enterprise_id") for known in (registered, *periods.values())), distinct=True)
    view = everyone.left_join(registered, "enterprise_id").drop("enterprise_id_right")
    view = _joined(view, anchor)
    figures = [column for column in columns if figure_of(column)[0] in FIGURES]
    indicated = [column for column in columns if column.startswith(INDICATOR)]
    if figures:
        view = _joined(view, _wide(periods["reports"], anchor, figures, _figure))
    if indicated:
        view = _joined(view, _wide(periods["indicators"], anchor, indicated, _indicator))
    for table, expressions in _event_columns(columns).items():
        view = _joined_events(view, _latest(tables, table), expressions)
    view = view.mutate(industry_division=_division(view.industry_code)).cross_join(tables["moment"])
    industries = tables["industries"]
    view = view.left_join(industries, view.industry_division == industries.division).drop("division")
    return view.rename(industry_section="section").select("enterprise_id", *dict.fromkeys(columns))


def _joined(view: Table, more: Table) -> Table:
    return view.left_join(more, "enterprise_id").drop("enterprise_id_right")


def _ranked(tables: Tables, name: str) -> Table:
    """The rows known at the date, with `precedence`: a later `known_on` wins, then the batch, then the row.

    One whole number: days (17 bits) | batch (15 bits) | row in the file (27 bits).
    """
    facts, order = tables[name].cross_join(tables["moment"]), tables["batch_order"]
    facts = facts.filter(facts.known_on <= facts.as_of)
    facts = facts.join(order, "batch_id").drop("batch_id")
    day = facts.known_on.delta(ibis.date("1970-01-01"), unit="day")
    row = facts.source_row.fill_null(0)
    return facts.mutate(precedence=day * 2**42 + facts.position * 2**27 + row).drop("source_row")


def _known_periods(tables: Tables, name: str) -> Table:
    known = _ranked(tables, name)
    known = known.filter(known.period_end <= known.as_of)
    month = known.period_end.year().cast("int64") * 12 + known.period_end.month().cast("int64")
    return known.mutate(month=month, months=known.period_months.cast("int64"))


def _registration(tables: Tables) -> Table:
    """One row per enterprise: each field as last known."""
    known = _ranked(tables, "enterprises")
    return known.group_by("enterprise_id").agg(
        **{name: _latest_known(known[name], known.precedence) for name in REGISTRATION}
    )


def _latest_known(value: Column, precedence: Column, where: Column | None = None) -> Column:
    there = value.notnull() if where is None else where & value.notnull()
    return value.argmax(precedence, where=there)


def _last_closed_year(periods: Mapping[str, Table], max_age: int) -> Table:
    """One row per enterprise: `anchor` (year * 12 + month of the last closed year's end) and its dates."""
    annual = ibis.union(
        *(
            known.select(
                "enterprise_id",
                "month",
                "months",
                "period_end",
                "known_on",
                oldest=known.as_of.year().cast("int64") * 12 + known.as_of.month().cast("int64") - max_age,
                has_revenue=known.revenue_cny.notnull() if name == "reports" else ibis.literal(False),
            )
            for name, known in periods.items()
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


def _wide(known: Table, anchor: Table, columns: Sequence[str], select: Callable[[Table, str, int], Column]) -> Table:
    """One row per enterprise with the figures of its slots; the running year's columns are put together last."""
    names = [figure_of(column) for column in columns]
    wanted = dict.fromkeys(
        (name, suffix)
        for name, given in names
        for suffix in (*YTD["_ytd"], *(YTD["_ytd_1y_ago"] if given == "_ytd_1y_ago" else ()))
        if given in YTD
    )
    wanted.update(dict.fromkeys(pair for pair in names if pair[1] in SLOTS))
    placed = known.join(anchor.select("enterprise_id", "anchor"), "enterprise_id")
    placed = placed.mutate(slot=(placed.month - placed.anchor) * 16 + placed.months)
    placed = placed.filter(placed.slot.isin(sorted({SLOTS[suffix].number for _, suffix in wanted})))
    wide = placed.group_by("enterprise_id").agg(
        **{name + suffix: select(placed, name, SLOTS[suffix].number) for name, suffix in wanted}
    )
    running = {}
    for name, given in dict.fromkeys(names):
        if given == "_ytd":
            running[name + given] = ibis.coalesce(*(wide[name + since] for since in YTD["_ytd"]))
        elif given == "_ytd_1y_ago":
            branches = [
                (wide[name + since].notnull(), wide[name + before])
                for since, before in zip(YTD["_ytd"], YTD["_ytd_1y_ago"], strict=True)
            ]
            running[name + given] = ibis.cases(*branches, else_=ibis.null("float64"))
    return wide.mutate(**running).select("enterprise_id", *dict.fromkeys(columns))


def _figure(placed: Table, name: str, slot: int) -> Column:
    return _latest_known(placed[name], placed.precedence, placed.slot == slot)


def _indicator(placed: Table, name: str, slot: int) -> Column:
    code = name.removeprefix(INDICATOR)
    return _latest_known(placed.value, placed.precedence, (placed.code == code) & (placed.slot == slot))


def _event_columns(columns: Sequence[str]) -> dict[str, dict[str, EventColumn]]:
    tables: dict[str, dict[str, EventColumn]] = {}
    for column in dict.fromkeys(columns):
        if column in EVENT_COLUMNS:
            event = EVENT_COLUMNS[column]
            tables.setdefault(event.table, {})[column] = event
    return tables


def _latest(tables: Tables, name: str) -> Table:
    """The events of a table as last known at the date: one row for each enterprise and key."""
    known = _ranked(tables, name)
    key = ("enterprise_id", "as_of", *TABLES[name].key)
    others = [field for field in TABLES[name].names if field not in key]
    return known.group_by(*key).agg(**{field: _latest_known(known[field], known.precedence) for field in others})


def _joined_events(view: Table, events: Table, expressions: Mapping[str, EventColumn]) -> Table:
    """Events counted per enterprise. Where the table holds no event of anyone, nothing is known: missing, not 0."""
    counted = events.group_by("enterprise_id").agg(
        **{name: event.aggregate(events, events.as_of) for name, event in expressions.items()}
    )
    fed = events.count().as_scalar() > 0
    view = _joined(view, counted)
    zeros = {
        name: ibis.ifelse(fed, view[name].cast("float64").fill_null(0.0), ibis.null("float64"))
        for name, event in expressions.items()
        if event.nil_is_zero
    }
    return view.mutate(**zeros)


def _division(code: Column) -> Column:
    """The two digits of the GB/T 4754 division; codes may carry their section's letter before them."""
    bare = ibis.ifelse(code.substr(0, 1).between("A", "Z"), code.substr(1), code)
    return ibis.ifelse(bare.length() >= 2, bare.substr(0, 2), ibis.null("string"))
