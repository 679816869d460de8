"""The matrix: its shape, its ranks among peers, and that it is one thing however it is asked for."""

from __future__ import annotations

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from data.indicators import DECLARED, SUBJECT
from data.migrations import BATCH_FILES
from data.refusal import Refusal
from data.settings import Settings
from data.staging import file_sha256
from data.store import Source, Store
from features import duckdb_engine, engine
from features.catalog import Catalogue, built_in, catalogue
from features.matrix import build_matrix
from features.peers import peer_ranks

AS_OF = date(2020, 6, 30)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(Settings(home=tmp_path))
    ids = [f"e{number:02d}" for number in range(24)]
    industries = ["6511"] * 12 + ["5612"] * 12
    store.add(
        Source("register", hashlib.sha256(b"register").hexdigest(), "tester"),
        {
            "enterprises": pd.DataFrame(
                {"enterprise_id": ids, "name": ids, "industry_code": industries, "region": "长宁"}
            )
        },
        date(2018, 1, 1),
    )
    for year in (2018, 2019):
        figures = {
            "enterprise_id": ids[::-1],
            "period_end": date(year, 12, 31),
            "period_months": 12.0,
            "revenue_cny": [1e6 * (number + 1) for number in range(24)][::-1],
        }
        digest = hashlib.sha256(str(year).encode()).hexdigest()
        store.add(Source("reports", digest, "tester"), {"reports": pd.DataFrame(figures)}, date(year + 1, 4, 1))
    return store


def test_rows_are_enterprises_and_columns_the_catalogue_in_order(store: Store) -> None:
    chosen = catalogue(store)
    matrix = build_matrix(store, AS_OF, chosen)
    assert matrix.frame.index.name == "enterprise_id"
    assert matrix.frame.index.is_monotonic_increasing
    assert matrix.frame.columns.tolist() == chosen.names
    assert matrix.about.index.equals(matrix.frame.index)
    assert (matrix.as_of, matrix.fingerprint, matrix.store_digest) == (AS_OF, chosen.fingerprint, store.digest())
    for feature in chosen:
        kind = matrix.frame[feature.name].dtype
        assert isinstance(kind, pd.CategoricalDtype) if feature.kind == "category" else kind == np.float64
    assert matrix.frame["region"].cat.categories.tolist() == ["长宁"]
    assert set(matrix.about["industry_section"]) == {"I", "G"}


def test_absent_figures_are_missing_and_never_infinite(store: Store) -> None:
    frame = build_matrix(store, AS_OF, catalogue(store)).frame
    numbers = frame.select_dtypes("number").to_numpy()
    assert not np.isinf(numbers).any()
    assert frame["rd_intensity"].isna().all()


def test_ranks_are_among_peers(store: Store) -> None:
    ranks = build_matrix(store, AS_OF, catalogue(store)).frame["revenue_rank"]
    # 12 enterprises in each industry, revenue rising with the number: e00 and e12 are lowest, e11 and e23 highest
    assert ranks[["e00", "e11", "e12", "e23"]].tolist() == [0.0, 1.0, 0.0, 1.0]
    assert ranks["e01"] == pytest.approx(1 / 11)


def test_a_part_of_the_catalogue_gives_the_same_columns(store: Store) -> None:
    whole = build_matrix(store, AS_OF, catalogue(store)).frame
    part = catalogue(store).select(factors=["growth", "industry"])
    pd.testing.assert_frame_equal(build_matrix(store, AS_OF, part).frame, whole[part.names], check_exact=True)


def test_an_empty_store_gives_an_empty_matrix(tmp_path: Path) -> None:
    empty = Store(Settings(home=tmp_path))
    chosen = Catalogue(built_in())
    matrix = build_matrix(empty, AS_OF, chosen)
    assert matrix.frame.shape == (0, len(chosen))


def test_an_unknown_engine_is_refused(store: Store) -> None:
    with pytest.raises(Refusal, match="engine-unknown"):
        build_matrix(store, AS_OF, catalogue(store), engine="abacus")


def test_ranks_widen_the_circle_where_peers_are_few() -> None:
    values = np.array([1.0, 2.0, 3.0, 4.0, np.nan, 4.0])
    narrow = np.array([0, 0, 1, 1, 1, -1])
    everyone = np.zeros(6, dtype=np.intp)
    # within group 0 and 1: two known each; the last has no group and is ranked among the five known: tied for 4th, 5th
    assert peer_ranks(values, [narrow, everyone], fewest=2).tolist() == pytest.approx(
        [0.0, 1.0, 0.0, 1.0, np.nan, 0.875], nan_ok=True
    )
    # three are needed, so everyone is ranked among all five: 0, 1/4, 2/4, and 3.5/4 twice
    assert peer_ranks(values, [narrow, everyone], fewest=3).tolist() == pytest.approx(
        [0.0, 0.25, 0.5, 0.875, np.nan, 0.875], nan_ok=True
    )


def test_a_declared_indicator_becomes_features_without_code(store: Store) -> None:
    declared = {"code": "sales_h1", "unit": "1", "factor": "market", "direction": 1, "zh": "销量", "en": "Sales"}
    store.ledger.append(f"{SUBJECT}sales_h1", DECLARED, "tester", declared)
    told = [(2018, 12, 5.0), (2019, 12, 8.0), (2019, 6, 3.0), (2019, 3, 1.0), (2020, 3, 1.5)]
    ends = {3: (3, 31), 6: (6, 30), 12: (12, 31)}
    rows = pd.DataFrame(
        {
            "enterprise_id": "e00",
            "period_end": [date(year, *ends[months]) for year, months, _ in told],
            "period_months": [float(months) for _, months, _ in told],
            "code": "sales_h1",
            "value": [value for *_, value in told],
        }
    )
    other = rows.head(2).assign(enterprise_id="e01", value=9.0)
    stranger = rows.head(2).assign(enterprise_id="e02", code="never_declared")
    digest = hashlib.sha256(b"indicators").hexdigest()
    store.add(Source("indicators", digest, "tester"), {"indicators": pd.concat([rows, other, stranger])}, AS_OF)
    found = build_matrix(store, AS_OF, catalogue(store)).frame
    mine = [name for name in found if name.startswith("ind_")]
    assert found.loc["e00", mine].to_dict() == {
        "ind_sales_h1": 8.0,
        "ind_sales_h1.change_1y": 3.0,
        "ind_sales_h1.rank": 0.0,  # two are known, the other has more
        "ind_sales_h1.ytd": 1.5,
        "ind_sales_h1.ytd_change": 0.5,
    }
    assert found.loc["e01", "ind_sales_h1.rank"] == 1.0
    assert found.loc["e02", mine].isna().all()


def test_large_tables_stay_in_their_files_with_the_same_values(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = build_matrix(store, AS_OF, catalogue(store))
    monkeypatch.setattr(duckdb_engine, "LOADED_ROWS", 0)
    monkeypatch.setattr(engine, "_THREAD", threading.local())
    in_files = build_matrix(store, AS_OF, catalogue(store))
    pd.testing.assert_frame_equal(loaded.frame, in_files.frame, check_exact=True)


def test_files_of_an_earlier_schema_lack_columns_that_are_then_missing(store: Store) -> None:
    path = store.files("reports")[0]
    pq.write_table(pq.read_table(path).drop_columns(["employees", "rd_expense_cny"]), path)
    with store.engine.begin() as connection:
        written = sa.update(BATCH_FILES).where(BATCH_FILES.c.path == str(path.relative_to(store.settings.home)))
        connection.execute(written.values(sha256=file_sha256(path)))
    assert build_matrix(store, AS_OF, catalogue(store)).frame["revenue_log"].notna().all()


def test_two_threads_build_the_same_matrix_at_once(store: Store) -> None:
    chosen = catalogue(store)
    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(lambda _: build_matrix(store, AS_OF, chosen).frame, range(2))
    pd.testing.assert_frame_equal(one, other, check_exact=True)
