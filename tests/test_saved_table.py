"""Of a saved ranking only what is asked for is read, and it is the same as in the whole."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scoring.scores.saved_table import SavedTable, column_of, row_of


@dataclass(frozen=True, kw_only=True)
class Holder:
    """Holds one table."""

    table: SavedTable = SavedTable()  # noqa: RUF009
    name: str = ""


@pytest.fixture
def whole() -> pd.DataFrame:
    index = pd.Index([f"e{number:03d}" for number in range(200)], name="enterprise_id")
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"a": rng.normal(size=200), "word": rng.choice(["x", "y"], 200)}, index=index)
    frame.loc["e007", "a"] = np.nan
    return frame


@pytest.fixture
def saved(whole: pd.DataFrame, tmp_path: Path) -> Path:
    whole.to_parquet(tmp_path / "table.parquet", row_group_size=16)
    return tmp_path / "table.parquet"


def test_a_row_and_a_column_are_those_of_the_whole(whole: pd.DataFrame, saved: Path) -> None:
    held, read = Holder(table=whole), Holder(table=saved)
    for key in ("e000", "e007", "e199"):
        pd.testing.assert_series_equal(row_of(read, "table", key), row_of(held, "table", key))
    np.testing.assert_array_equal(column_of(read, "table", "a"), whole["a"])
    assert isinstance(vars(read)["_table"], Path)  # the whole was not read for them
    pd.testing.assert_frame_equal(read.table, whole)
    assert read.table is read.table


def test_who_is_not_there_is_missed(whole: pd.DataFrame, saved: Path) -> None:
    for holder in (Holder(table=whole), Holder(table=saved)):
        with pytest.raises(KeyError):
            row_of(holder, "table", "nobody")


def test_a_changed_copy_does_not_remember_the_rows_of_the_first(whole: pd.DataFrame, saved: Path) -> None:
    first = Holder(table=saved)
    row_of(first, "table", "e001")
    column_of(first, "table", "a")
    other = replace(first, table=whole.assign(a=1.0))
    assert row_of(other, "table", "e001")["a"] == 1.0
    assert (column_of(other, "table", "a") == 1.0).all()


def test_a_holder_must_be_given_its_table() -> None:
    with pytest.raises(TypeError, match="table"):
        Holder(name="empty")
