"""The matrix: its shape, its ranks among peers, and that it is one thing however it is asked for."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.refusal import Refusal
from data.settings import Settings
from data.store import Source, Store
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
