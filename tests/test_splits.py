"""Splits: nobody learns from the future, groups stay whole, and the plan says what it does."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.refusal import Refusal
from models.splits import Panel, deal, plan

DAYS = [np.datetime64(f"{year}-05-01") for year in (2015, 2016, 2017, 2018)]


def panel(enterprises: int = 40, lag_days: int = 240, dates: int = 4) -> Panel:
    """Each enterprise at each date; labels known `lag_days` after the date; every third is positive."""
    rows = [(f"E{i:03d}", day, float(i % 3 == 0)) for day in DAYS[:dates] for i in range(enterprises)]
    enterprise = np.array([row[0] for row in rows], dtype=object)
    as_of = np.array([row[1] for row in rows], dtype="datetime64[D]")
    about = pd.DataFrame({"street": [f"S{int(name[1:]) % 7}" for name in enterprise]})
    return Panel(
        pd.DataFrame({"x": np.arange(len(rows), dtype=float)}),
        about,
        enterprise,
        as_of,
        as_of + np.timedelta64(lag_days, "D"),
        np.array([row[2] for row in rows]),
    )


def test_a_label_teaches_only_after_it_was_known() -> None:
    # Labels are known 500 days after their date: at 2017-05-01 only those of 2015-05-01 are (+500 d = 2016-09-12),
    # those of 2016-05-01 come on 2017-09-13. Nothing is known at 2016-05-01, so 2017 is the first test.
    made = plan(panel(lag_days=500), group_by=None, seed=1)
    assert made.kind == "temporal"
    found = panel(lag_days=500)
    by_test = {
        str(found.as_of[fold.test][0]): {str(day) for day in np.unique(found.as_of[fold.train])} for fold in made.follow
    }
    assert by_test == {"2017-05-01": {"2015-05-01"}, "2018-05-01": {"2015-05-01", "2016-05-01"}}


@settings(max_examples=25, deadline=None)
@given(lag=st.integers(1, 1200), enterprises=st.integers(12, 60), seed=st.integers(0, 5))
def test_no_fold_learns_from_the_future_nor_from_the_tested(lag: int, enterprises: int, seed: int) -> None:
    found = panel(enterprises, lag)
    made = plan(found, group_by=None, seed=seed)
    for fold in (*made.quoted, *made.follow):
        if made.kind == "temporal":
            assert found.as_of[fold.train].max() < found.as_of[fold.test].min()
            assert found.known_on[fold.train].max() <= found.as_of[fold.test].min()
    for fold in made.quoted:
        assert not set(found.enterprise[fold.train]) & set(found.enterprise[fold.test])
        assert not fold.seen.any()


def test_one_date_is_grouped_and_groups_stay_whole() -> None:
    found = panel(dates=1)
    made = plan(found, group_by="street", seed=3)
    assert made.kind == "grouped"
    assert sorted(np.concatenate([fold.test for fold in made.quoted])) == list(range(40))
    for fold in made.quoted:
        assert not set(found.about.street[fold.train]) & set(found.about.street[fold.test])


def test_dealing_spreads_rows_and_positives() -> None:
    # 100 owners of one row, 20 of them positive, 5 groups: 20 rows and 4 positives each.
    labels = np.array([1.0] * 20 + [0.0] * 80)
    groups = deal(np.arange(100).astype(str), labels, 5, seed=0)
    assert np.bincount(groups).tolist() == [20] * 5
    assert np.bincount(groups, weights=labels).tolist() == [4.0] * 5


def test_the_plan_is_drawn() -> None:
    found = panel(lag_days=500)
    lines = plan(found, group_by=None, seed=1).picture(found)
    assert lines[0].split() == ["2015-05", "2016-05", "2017-05", "2018-05"]
    assert [line.split() for line in lines[1:]] == [
        ["2017-05-01", "=======", ".......", "#######"],
        ["2018-05-01", "=======", "=======", ".......", "#######"],
    ]


@pytest.mark.parametrize(("column", "code"), [("colour", "group-column-unknown"), ("region", "group-column-single")])
def test_a_column_that_cannot_group_is_refused(column: str, code: str) -> None:
    found = panel()
    found.about["region"] = "here"
    with pytest.raises(Refusal) as refusal:
        plan(found, group_by=column, seed=1)
    assert refusal.value.code == code


def test_a_panel_of_one_class_allows_no_test() -> None:
    found = panel()
    found.label[:] = 0.0
    with pytest.raises(Refusal) as refusal:
        plan(found, group_by=None, seed=1)
    assert refusal.value.code == "validation-impossible"
