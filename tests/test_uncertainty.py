"""Doubt and drift: who stays on lists, how lists overlap, when today no longer looks like training."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from models.drift import chance_index, compare, gate, profile, psi
from models.uncertainty import inclusion, overlap, spread, standing


def test_inclusion_counts_the_lists_that_hold_an_enterprise() -> None:
    # Four members, top 1: the first is on top in three lists, the second in one.
    members = np.array([[3.0, 3, 3, 1], [1.0, 1, 1, 3], [0.0, 0, 0, 0]])
    frequency = inclusion(members, 1)
    assert frequency.tolist() == [0.75, 0.25, 0.0]
    assert standing(frequency) == ["borderline", "borderline", "out"]
    assert standing(np.array([0.8, 1.0])) == ["core", "core"]


def test_ties_go_to_the_earlier_row() -> None:
    assert inclusion(np.zeros((3, 2)), 1).tolist() == [1.0, 0.0, 0.0]


def test_overlap_is_the_mean_over_pairs() -> None:
    # Top 2: {0,1}, {0,1}, {1,2}: overlaps 2, 1, 1; mean 4/3.
    lists = [np.array([3.0, 2, 1]), np.array([2.0, 3, 1]), np.array([1.0, 2, 3])]
    assert overlap(lists, 2) == pytest.approx(4 / 3)


def test_spread_is_the_standard_deviation_over_members() -> None:
    assert spread(np.array([[1.0, 3.0], [2.0, 2.0]])).tolist() == pytest.approx([2**0.5, 0.0])
    assert spread(np.array([[1.0], [2.0]])).tolist() == [0.0, 0.0]


def population(rows: int, seed: int, shift: float = 0.0) -> pd.DataFrame:
    generator = np.random.default_rng(seed)
    frame = pd.DataFrame(generator.normal(shift, 1, (rows, 20)), columns=[f"f{i}" for i in range(20)])
    frame.loc[generator.random(rows) < 0.1, "f0"] = np.nan
    frame["kind"] = pd.Categorical(generator.choice(["x", "y"], rows))
    return frame


@pytest.mark.parametrize(("then", "now"), [(2000, 2000), (2000, 60), (300, 25)])
def test_chance_alone_is_no_drift_even_in_small_samples(then: int, now: int) -> None:
    levels = [compare(profile(population(then, seed)), population(now, 100 + seed)).level for seed in range(5)]
    shifted = sum((level == "shifted").sum() for level in levels)
    assert shifted <= 1  # 105 features at one in a thousand


def test_a_real_shift_is_seen_and_closes_the_gate() -> None:
    then = profile(population(2000, 1))
    table = compare(then, population(1000, 2, shift=1.0))
    moved = table[table.feature.str.startswith("f")]
    assert (moved.level == "shifted").all()
    assert moved.effect.mean() == pytest.approx(1.0, abs=0.1)
    warning = gate(table)
    assert warning["code"] == "drift-many"
    assert gate(table, newest=True) == {**warning, "code": "drift-many-newest"}  # training again would learn the same
    assert warning["values"]["count"] == 20
    assert gate(compare(then, population(1000, 2)))["code"] == "drift-none"


def test_one_giant_is_no_shift() -> None:
    then = profile(population(2000, 1))
    now = population(1000, 2)
    now.loc[0, "f3"] = 1e9
    row = compare(then, now).set_index("feature").loc["f3"]
    assert row.level == "stable"
    assert abs(row.effect) < 0.2


def test_an_enterprise_taught_at_many_dates_counts_once() -> None:
    """Forty enterprises at fifty dates are 2,000 rows and know no more of the population than forty."""
    few = population(40, 1).drop(columns=["kind"])
    copies = pd.concat([few] * 50, ignore_index=True)
    owners = np.tile(np.arange(40), 50)
    now = population(40, 2).drop(columns=["kind"])
    as_rows = compare(profile(copies), now)
    as_enterprises = compare(profile(copies, owners), now)
    # chi-square .999 with 10 degrees of freedom is 29.59; times (1/40 + 1/40) that is 1.479.
    assert as_enterprises.chance.max() == pytest.approx(1.479, abs=0.001)
    # the normal's .9995 is 3.291; times the root of 1/40 + 1/40 that is .736.
    assert as_enterprises.set_index("feature").effect_chance["f1"] == pytest.approx(0.736, abs=0.001)
    assert (as_enterprises.level == "shifted").sum() <= (as_rows.level == "shifted").sum()
    assert gate(as_enterprises)["code"] == "drift-none"


def test_a_million_are_judged_by_an_even_draw() -> None:
    then = profile(population(2000, 1))
    table = compare(then, population(60_000, 2, shift=0.6))
    moved = table[table.feature.str.startswith("f")]
    assert (moved.level == "shifted").all()
    assert moved.effect.mean() == pytest.approx(0.6, abs=0.1)


def test_missing_values_and_new_categories_drift_too() -> None:
    then = profile(population(2000, 1))
    now = population(2000, 2).assign(f1=np.nan, kind=pd.Categorical(["z"] * 2000))
    table = compare(then, now).set_index("feature")
    assert table.level["f1"] == table.level["kind"] == "shifted"
    assert table.missing_now["f1"] == 1.0
    assert gate(table.reset_index())["code"] == "drift-some"


def test_the_index_by_hand() -> None:
    # Shares .5 .5 against .8 .2: (.3) ln(1.6) + (-.3) ln(.4) = .1410 + .2749 = .4159
    assert psi(np.array([0.5, 0.5]), np.array([0.8, 0.2])) == pytest.approx(0.4159, abs=1e-4)
    assert chance_index(11, 1000, 1000) < 0.1 < chance_index(11, 1000, 100)
