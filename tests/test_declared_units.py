"""Declared indicators: what was taken in as 万元 is kept as yuan and told as money wherever it is shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.indicators import DeclaredIndicator, declared
from data.store import Store
from features.declared import ASPECTS, feature_of
from scoring.editions.circumstances import describe
from scoring.scores.reasons import value_text
from tests.intake_files import A, mapping, take, write

SPEC = (
    "identifier: {column: 码}\nperiod: {year: {column: 年}}\ntables:\n  indicators:\n"
    "    - {code: output, column: 产出, unit: UNIT, factor: status, direction: 1, zh: 产出, en: Output}\n"
)


def taken(store: Store, folder: Path, unit: str) -> tuple[DeclaredIndicator, float]:
    """The indicator of a file with 350 in one cell, and what is kept of it."""
    take(
        store,
        write(folder, f"码,年,产出\n{A},2023,350\n", "1.csv"),
        mapping=mapping(folder, SPEC.replace("UNIT", unit)),
    )
    (indicator,) = declared(store)
    (value,) = store.read("indicators").value
    return indicator, value


# 350 万元 are 3,500,000 yuan; persons, days and points are told in the reader's language; a unit that nobody knows
# stays as the office wrote it.
@pytest.mark.parametrize(
    ("unit", "kept", "chinese", "english"),
    [
        ("元", 350.0, "350元", "CNY 350"),
        ("万元", 3_500_000.0, "350万元", "CNY 3.5 million"),
        ("人", 350.0, "350 人", "350 persons"),
        ("天", 350.0, "350 天", "350 days"),
        ("平方米", 350.0, "350 平方米", "350 平方米"),
    ],
)
def test_a_value_is_told_in_the_unit_it_is_kept_in(
    store: Store, tmp_path: Path, unit: str, kept: float, chinese: str, english: str
) -> None:
    indicator, value = taken(store, tmp_path, unit)
    assert value == kept
    what = describe(feature_of(indicator, ASPECTS[0]))
    assert (value_text(what, value, "zh-CN"), value_text(what, value, "en")) == (chinese, english)


def test_a_place_among_peers_is_no_money(store: Store, tmp_path: Path) -> None:
    indicator, _ = taken(store, tmp_path, "万元")
    units = {aspect.ranked: feature_of(indicator, aspect).unit for aspect in ASPECTS}
    assert units == {True: "1", False: "CNY"}
