"""A table of everyone that lies in a file until somebody asks: one row, one column, or the whole of it.

One enterprise's explanation needs a row of a table whose whole takes seconds to read for a hundred thousand.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, overload

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray


class SavedTable:
    """A field of a class: a frame (index enterprise_id), given as such or as the Parquet file that holds it.

    Asked for, the field is the whole frame, read at most once.
    """

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = f"_{name}"

    @overload
    def __get__(self, owner: None, kind: type) -> SavedTable: ...

    @overload
    def __get__(self, owner: object, kind: type) -> pd.DataFrame: ...

    def __get__(self, owner: object | None, kind: type) -> pd.DataFrame | SavedTable:
        """The whole frame."""
        if owner is None:
            raise AttributeError(self.name)  # so that a dataclass sees no default
        held = vars(owner)[self.name]
        if isinstance(held, Path):
            held = vars(owner)[self.name] = pd.read_parquet(held)
        found: pd.DataFrame = held
        return found

    def __set__(self, owner: object, value: pd.DataFrame | Path) -> None:
        """Hold a frame, or the file to read it from."""
        vars(owner)[self.name] = value


def held(owner: object, field: str) -> pd.DataFrame | Path:
    """What a `SavedTable` of `owner` holds now: the frame, or the file that nobody has read yet."""
    found: pd.DataFrame | Path = vars(owner)[f"_{field}"]
    return found


def row_of(owner: object, field: str, enterprise_id: str) -> pd.Series:
    """One enterprise's row of a `SavedTable` of `owner`; of a table that was not read yet, only this is read.

    Raises KeyError for an enterprise that the table does not hold.
    """
    last_id, found = vars(owner).get(f"_row_of_{field}", (None, None))
    if last_id != enterprise_id:
        held: Any = vars(owner)[f"_{field}"]
        if isinstance(held, Path):
            held = _block_of(_opened(owner, field), enterprise_id)
        found = held.loc[enterprise_id]
        vars(owner)[f"_row_of_{field}"] = enterprise_id, found
    row: pd.Series = found
    return row


def column_of(owner: object, field: str, name: str) -> NDArray[np.float64]:
    """The numbers (n,) of one column of a `SavedTable` of `owner`, in the table's order, NaN where unknown.

    Of a table that was not read yet, only this is read, once, and without the identifiers, which take most of the time.
    """
    held: Any = vars(owner)[f"_{field}"]
    if not isinstance(held, Path):
        column: NDArray[np.float64] = held[name].to_numpy(dtype=np.float64, na_value=np.nan)
        return column
    columns = vars(owner).setdefault(f"_columns_of_{field}", {})
    if name not in columns:
        numbers = _opened(owner, field).read(columns=[name], use_pandas_metadata=False).column(name)
        columns[name] = numbers.cast(pa.float64()).to_numpy()
    found: NDArray[np.float64] = columns[name]
    return found


def _opened(owner: object, field: str) -> pq.ParquetFile:
    """The file of a table that was not read yet, opened once: what it holds where is told at its end, and long."""
    path = vars(owner)[f"_{field}"]
    last, file = vars(owner).get(f"_file_of_{field}", (None, None))
    if last != path:
        file = pq.ParquetFile(path)
        vars(owner)[f"_file_of_{field}"] = path, file
    opened: pq.ParquetFile = file
    return opened


def _block_of(file: pq.ParquetFile, enterprise_id: str) -> pd.DataFrame:
    """The blocks of a file, ordered by identifier, that may hold an enterprise: one, or none."""
    place = file.schema_arrow.names.index("enterprise_id")
    spans = [file.metadata.row_group(number).column(place).statistics for number in range(file.num_row_groups)]
    near = [number for number, span in enumerate(spans) if span.min <= enterprise_id <= span.max]
    found: pd.DataFrame = file.read_row_groups(near).to_pandas()
    return found
