"""The tables that every engine holds, as Ibis tables that belong to no engine.

An engine holds the tables of facts under their names and carries out SQL. The SQL comes from Ibis, compiled once for
a catalogue: the date is data (the table `moment`), not text.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis
import pyarrow as pa
from ibis.expr.types import Table

from data.industries import section_of
from data.store import Store
from data.tables import TABLES
from features.key_industries import key_industries

FACTS = (
    "enterprises",
    "reports",
    "indicators",
    "recognitions",
    "investments",
    "assessments",
    "integrity_events",
    "grants",
)
IBIS_TYPES = {
    pa.string(): "string",
    pa.float64(): "float64",
    pa.date32(): "date",
    pa.int64(): "int64",
    pa.bool_(): "boolean",
}


def _expected(name: str, schema: pa.Schema) -> Table:
    return ibis.table({field.name: IBIS_TYPES[field.type] for field in schema}, name=name)


TABLES_BY_NAME: Mapping[str, Table] = {
    **{name: _expected(name, TABLES[name].arrow_schema) for name in FACTS},
    "moment": ibis.table({"as_of": "date"}, name="moment"),
    "batch_order": ibis.table({"batch_id": "string", "position": "int64"}, name="batch_order"),
    "industries": ibis.table({"division": "string", "section": "string"}, name="industries"),
    "key_industries": ibis.table({"code": "string", "digits": "int64", "strength": "float64"}, name="key_industries"),
}
"""What every engine holds, as Ibis tables that belong to no engine."""


def as_sql(expression: Table, dialect: str) -> str:
    """The SQL of an Ibis expression in an engine's dialect."""
    return str(ibis.to_sql(expression, dialect=dialect))


def small_tables(store: Store, as_of: date) -> dict[str, pa.Table]:
    """The tables beside the facts: `moment`, `batch_order`, `industries`, `key_industries`.

    `position` is the place of a batch in the order of identifiers, the tie-break between batches of one day.
    """
    batches = store.batches()
    live = sorted(batches.loc[batches.withdrawn_at == "", "batch_id"])
    keys = key_industries(store)
    sections = {division: section_of(division) for division in (f"{number:02d}" for number in range(1, 100))}
    known = {division: section for division, section in sections.items() if section}
    return {
        "moment": pa.table({"as_of": pa.array([as_of], pa.date32())}),
        "batch_order": pa.table(
            {"batch_id": pa.array(live, pa.string()), "position": pa.array(range(len(live)), pa.int64())}
        ),
        "industries": pa.table({"division": list(known), "section": list(known.values())}),
        "key_industries": pa.table(
            {
                "code": pa.array([one.code for one in keys.codes], pa.string()),
                "digits": pa.array([len(one.code) for one in keys.codes], pa.int64()),
                "strength": pa.array([one.strength for one in keys.codes], pa.float64()),
            }
        ),
    }
