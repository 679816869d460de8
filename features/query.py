"""What an engine is asked for a catalogue's features."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from features.about import ABOUT, AVERAGE
from features.carrier import TABLES_BY_NAME, as_sql
from features.catalog import Catalogue
from features.point_in_time import point_in_time


@dataclass(frozen=True)
class Query:
    """The SQL of a catalogue's view and features; see `point_in_time.View` for what each answers.

    `counted` is by table of events; `laid_out` says what `at_view` holds.
    """

    steps: list[tuple[str, str]]
    who: str
    placed: str
    counted: dict[str, str]
    features: str
    figures: dict[int, dict[str, str]]
    laid_out: pa.Schema


_COMPILED: dict[tuple[str, str, int], Query] = {}
"""By catalogue, dialect and oldest report: the tables' names and schemas never change, the date is data."""


def compiled(catalogue: Catalogue, dialect: str, max_age: int) -> Query:
    """The SQL of a catalogue for an engine; figures of years older than `max_age` months are absent."""
    key = (catalogue.fingerprint, dialect, max_age)
    if key not in _COMPILED:
        built_in = [feature for feature in catalogue if feature.source == "mulu"]
        inputs = [name for feature in built_in for name in feature.inputs]
        view = point_in_time(TABLES_BY_NAME, [*ABOUT, AVERAGE, *inputs], max_age)
        computed = {feature.name: feature(*(view.column(name) for name in feature.inputs)) for feature in built_in}
        _COMPILED[key] = Query(
            [(stage.name, as_sql(stage.expression, dialect)) for stage in view.steps],
            as_sql(view.who, dialect),
            as_sql(view.placed, dialect),
            {table: as_sql(counted, dialect) for table, counted in view.counted.items()},
            as_sql(view.columns.select("row", **computed), dialect),
            view.figures,
            view.columns.schema().to_pyarrow(),
        )
    return _COMPILED[key]
