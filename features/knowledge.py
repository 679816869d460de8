"""What counts as known at a date: the rows known by then, and among several versions of a fact the one that holds.

For each fact and field the latest known value that is not absent holds: a correction wins from the day it was
known. Between batches of one day the identifier decides, which is derived from their content; within a batch the
later row; between rows that nothing tells apart, the greater value. So the order in which batches came, or in which
a machine reads them, never matters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ibis
import numpy as np
import numpy.typing as npt
from ibis.expr.types import Column, Table

from data.tables import TABLES

Tables = Mapping[str, Table]
Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


def known_rows(tables: Tables, name: str) -> Table:
    """The rows of a table known at the date, with `as_of` beside them."""
    facts = tables[name].cross_join(tables["moment"])
    return facts.filter(facts.known_on <= facts.as_of)


def known_periods(tables: Tables, name: str) -> Table:
    """The known rows whose period has ended by the date, with `month` (year * 12 + month of its end) and `months`."""
    known = known_rows(tables, name)
    known = known.filter(known.period_end <= known.as_of)
    month = known.period_end.year().cast("int64") * 12 + known.period_end.month().cast("int64")
    return known.mutate(month=month, months=known.period_months.cast("int64"))


def repeated_keys(known: Table, key: Sequence[str]) -> Table:
    """The keys that more than one known row states: few, but they decide which way the others can go."""
    times = known.group_by(*key).agg(times=known.count())
    return times.filter(times.times > 1).select(*key)


def settled(tables: Tables, known: Table, key: Sequence[str], fields: Sequence[str], repeated: Table) -> Table:
    """One row for each key, each field as last known; columns: the key, then the fields.

    Most facts have one version and pass as they are; only those of `repeated` keys are ordered and grouped by field.
    """
    once = known.anti_join(repeated, list(key)).select(*key, *fields)
    return ibis.union(once, versions_merged(tables, known.semi_join(repeated, list(key)), key, fields))


def versions_merged(tables: Tables, known: Table, key: Sequence[str], fields: Sequence[str]) -> Table:
    """The same as `settled` by grouping every row; keys may be null."""
    ordered = with_precedence(tables, known).select(*key, *fields, "precedence")
    return ordered.group_by(*key).agg(**{field: _holding(ordered, ordered[field]) for field in fields})


def with_precedence(tables: Tables, known: Table) -> Table:
    """The rows with `precedence`, which of two is known later, as one whole number.

    Day (17 bits) | batch (15 bits) | row in the file (27 bits).
    """
    ordered = known.join(tables["batch_order"], "batch_id")
    day = ordered.known_on.delta(ibis.date("1970-01-01"), unit="day")
    return ordered.mutate(precedence=day * 2**42 + ordered.position * 2**27 + ordered.source_row.fill_null(0))


def _holding(ordered: Table, value: Column) -> Column:
    return ibis.struct({"precedence": ordered.precedence, "value": value}).max(where=value.notnull())["value"]


def last_versions(cells: Whole, precedence: Whole, values: Sequence[Floats]) -> tuple[Whole, list[Floats]]:
    """The same for figures (n,) of numbered cells in memory: rows in order of knowledge, latest last.

    Rows of one cell and precedence become one, the greater value of each figure. Whoever writes the values that are
    not NaN to their cells in this order, the later over the earlier, is left with those that hold.
    """
    order = np.lexsort((cells, precedence))
    cells, precedence = cells[order], precedence[order]
    starts = np.ones(len(order), dtype=bool)
    starts[1:] = (cells[1:] != cells[:-1]) | (precedence[1:] != precedence[:-1])
    first = np.flatnonzero(starts)
    if not len(first):
        return cells, list(values)
    return cells[first], [np.fmax.reduceat(figures[order], first) for figures in values]


def events(tables: Tables, name: str) -> Table:
    """The events of a table as last known at the date: one row for each enterprise and key, with `as_of`."""
    key = ("enterprise_id", "as_of", *TABLES[name].key)
    others = [field for field in TABLES[name].names if field not in key]
    return versions_merged(tables, known_rows(tables, name), key, others)
