"""Everyone's features in natural units, as a ranking keeps them: in memory, or in a file as the matrix is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from scoring.editions.circumstances import Circumstances
from scoring.scores.ranking_files import GROUP

if TYPE_CHECKING:
    from features.stored_frame import StoredFrame


def values_of(facts: Circumstances) -> pd.DataFrame | Path:
    """All features (n, features; index enterprise_id) in natural units, categories as text; or the file of that."""
    if isinstance(facts.frame, pd.DataFrame):
        return _natural(facts)
    return _written(facts, facts.frame)


def _written(facts: Circumstances, frame: StoredFrame) -> Path:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from features.stored_frame import CATEGORY

    kinds = [(name, pa.string() if what.kind == CATEGORY else pa.float64()) for name, what in facts.described.items()]
    schema = pa.schema([*kinds, ("enterprise_id", pa.string())])
    path = frame.folder.place("values.parquet")
    writer = None
    try:
        for block in frame.blocks():
            table = pa.Table.from_pandas(_natural(replace(facts, frame=block)), schema=schema)
            writer = writer or pq.ParquetWriter(path, table.schema)
            writer.write_table(table, row_group_size=GROUP)
    finally:
        if writer is not None:
            writer.close()
    return path


def _natural(facts: Circumstances) -> pd.DataFrame:
    columns = {name: facts.column(name) for name in facts.frame.columns}
    return pd.DataFrame(columns, index=facts.frame.index, copy=False)
