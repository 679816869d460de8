"""What an engine's workers do to a part of the enterprises, as Arrow tables: the very code that serves a whole matrix.

A part is `size` enterprises whose numbers (`row`) follow on one another; everything given and found carries `row`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import uuid4

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from features.declared import IndicatorCells
from features.definition import Feature
from features.layout import figures_laid_out, ordered_by_row, view_laid_out, whole
from features.stored_frame import numbered_from


@dataclass(frozen=True)
class Plan:
    """How the view is laid out: see `query.Query`.

    `counted` names the columns by table of events, `fed` the tables that hold any event at all.
    """

    as_of: date
    figures: Mapping[int, Mapping[str, str]]
    counted: Mapping[str, Sequence[str]]
    fed: frozenset[str]
    laid_out: pa.Schema


def laid_out(placed: pa.Table, who: pa.Table, plan: Plan) -> pa.Table:
    """The view of a part, with enterprise_id, from its reports and from who it is with its events counted."""
    base = int(whole(who.column("row")).min())
    who = ordered_by_row(numbered_from(who, base))
    figures = figures_laid_out(numbered_from(placed, base).to_batches(), plan.figures, who.num_rows)
    counted = []
    for table, names in plan.counted.items():
        own = who.select(["row", *names])
        counted.append(own if table in plan.fed else own.slice(0, 0))
    events = {name for names in plan.counted.values() for name in names}
    registered = who.select([name for name in who.column_names if name not in events])
    view = view_laid_out(registered, figures, counted, plan.as_of, plan.laid_out.names).cast(plan.laid_out)
    return numbered_from(view, -base).append_column("enterprise_id", who.column("enterprise_id").cast(pa.string()))


def declared(cells: pa.Table, size: int, count: int, features: Sequence[Feature], codes: Sequence[str]) -> pa.Table:
    """The declared indicators' features of a part, from its cells; parts are of `size`, `count` are all."""
    base = int(whole(cells.column("row")).min()) // size * size
    rows = min(size, count - base)
    held = IndicatorCells(numbered_from(cells, base), rows, codes)
    found = {
        one.name: pa.array(one.compute(*(held[name] for name in one.inputs)), from_pandas=True) for one in features
    }
    return pa.table({"row": np.arange(base, base + rows), **found})


def written(found: pa.Table, folder: Path, begin: int) -> None:
    """Write what was found of the part that begins at a number, whole or not at all; done twice it is the same file."""
    folder.mkdir(parents=True, exist_ok=True)
    staging = folder / f".{uuid4().hex}"
    pq.write_table(found, staging, compression="zstd")
    staging.replace(folder / f"part-{begin:012d}.parquet")
