"""What counts as known at a date: the rows known by then, and among several versions of a fact the one that holds.

For each fact and field the latest known value that is not absent holds: a correction wins from the day it was
known. Between batches of one day the identifier decides, which is derived from their content; within a batch the
later row; between rows that nothing tells apart, the greater value. So the order in which batches came, or in which
a machine reads them, never matters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ibis
from ibis.expr.types import Column, Table

from data.tables import TABLES

Tables = Mapping[str, Table]


def known_rows(tables: Tables, name: str) -> Table:
    """The rows of a table known at the date, with `as_of` and `precedence` in place of batch and row.

    `precedence` is one whole number: day (17 bits) | batch (15 bits) | row in the file (27 bits).
    """
    facts, order = tables[name].cross_join(tables["moment"]), tables["batch_order"]
    facts = facts.filter(facts.known_on <= facts.as_of)
    facts = facts.join(order, "batch_id").drop("batch_id")
    day = facts.known_on.delta(ibis.date("1970-01-01"), unit="day")
    row = facts.source_row.fill_null(0)
    return facts.mutate(precedence=day * 2**42 + facts.position * 2**27 + row).drop("source_row", "position")


def known_periods(tables: Tables, name: str) -> Table:
    """The known rows whose period has ended by the date, with `month` (year * 12 + month of its end) and `months`."""
    known = known_rows(tables, name)
    known = known.filter(known.period_end <= known.as_of)
    month = known.period_end.year().cast("int64") * 12 + known.period_end.month().cast("int64")
    return known.mutate(month=month, months=known.period_months.cast("int64"))


def settled(known: Table, key: Sequence[str], fields: Sequence[str]) -> Table:
    """One row for each key, each field as last known; columns: the key, then the fields.

    Most facts have one version: only those with several are grouped by field, which costs far more.
    """
    times = known.group_by(*key).agg(times=known.count())
    repeated = times.filter(times.times > 1).select(*key)
    once = known.anti_join(repeated, list(key)).select(*key, *fields)
    several = versions_merged(known.semi_join(repeated, list(key)), key, fields)
    return ibis.union(once, several)


def versions_merged(known: Table, key: Sequence[str], fields: Sequence[str]) -> Table:
    """The same as `settled` for few rows; keys may be null."""
    return known.group_by(*key).agg(**{field: _holding(known, known[field]) for field in fields})


def _holding(known: Table, value: Column) -> Column:
    return ibis.struct({"precedence": known.precedence, "value": value}).max(where=value.notnull())["value"]


def registrations(tables: Tables, fields: Sequence[str]) -> Table:
    """One row per registered enterprise with these fields as last known."""
    return settled(known_rows(tables, "enterprises"), ["enterprise_id"], fields)


def events(tables: Tables, name: str) -> Table:
    """The events of a table as last known at the date: one row for each enterprise and key, with `as_of`."""
    key = ("enterprise_id", "as_of", *TABLES[name].key)
    others = [field for field in TABLES[name].names if field not in key]
    return versions_merged(known_rows(tables, name), key, others)
