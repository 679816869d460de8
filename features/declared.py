"""Declared indicators become features without a line of code: an office's own measures, from the mapping files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.indicators import DeclaredIndicator, declared
from data.store import Store
from features.carrier import TABLES_BY_NAME, as_sql
from features.definition import Feature, formula_of
from features.knowledge import Floats
from features.layout import floats, whole
from features.point_in_time import INDICATOR, SLOTS, YTD, figure_of, indicator_cells


def latest(value: Floats) -> Floats:
    """The indicator in the last closed year."""
    return value


def change(value: Floats, before: Floats) -> Floats:
    """The indicator less its value before, in its own unit."""
    return value - before


@dataclass(frozen=True)
class Aspect:
    """One of the features that an indicator gives: name suffix, inputs as suffixes, formula, labels, definition."""

    suffix: str
    inputs: tuple[str, ...]
    compute: Callable[..., Any]
    zh: str
    en: str
    definition: str
    ranked: bool = False


ASPECTS = (
    Aspect("", ("",), latest, "", "", "in the last closed year"),
    Aspect(
        ".change_1y", ("", ".1y_ago"), change, "(比上年增减)", ", change over one year", "less its value a year before"
    ),
    Aspect(".rank", ("",), latest, "(同行排名)", ", rank among peers", "ranked within industry and size class", True),
    Aspect(".ytd", (".ytd",), latest, "(今年以来)", ", this year", "in the last interim report since"),
    Aspect(
        ".ytd_change",
        (".ytd", ".ytd_1y_ago"),
        change,
        "(今年以来同比增减)",
        ", this year against last",
        "in the last interim report since, less that of the same months a year before",
    ),
)


class IndicatorCells:
    """The known values of declared indicators, as arrays aligned with the rows of a matrix.

    `cells["ind_roe.1y_ago"]` is an array (n,) float64, NaN where the value is not known.
    """

    def __init__(self, found: pa.Table, count: int, codes: Sequence[str]) -> None:
        """Lay out what `cells_sql` finds of `count` enterprises."""
        slots = pa.array([slot.number for slot in SLOTS.values()], pa.int64())
        code = pc.index_in(found.column("code"), value_set=pa.array(codes, pa.string())).fill_null(-1).to_numpy()
        slot = pc.index_in(found.column("slot").cast(pa.int64()), value_set=slots).to_numpy()
        row, value = whole(found.column("row")), floats(found.column("value"))
        mine = code >= 0
        self.values = np.full((len(codes), len(SLOTS), count), np.nan)
        self.values[code[mine], slot[mine], row[mine]] = value[mine]
        self.code_places = {INDICATOR + one: place for place, one in enumerate(codes)}
        self.slot_places = {suffix: place for place, suffix in enumerate(SLOTS)}

    def __getitem__(self, column: str) -> Floats:
        code, suffix = figure_of(column)
        if suffix not in YTD:
            found: Floats = self.values[self.code_places[code], self.slot_places[suffix]]
            return found
        known = np.stack([self[f"{code}.{since[1:]}"] for since in YTD["_ytd"]])
        taken = np.stack([self[f"{code}.{place[1:]}"] for place in YTD[suffix]])
        first = np.argmax(~np.isnan(known), axis=0)
        chosen = np.take_along_axis(taken, first[np.newaxis], axis=0)[0]
        return np.where(np.isnan(known).all(axis=0), np.nan, chosen)


@lru_cache(maxsize=2)
def cells_sql(dialect: str) -> str:
    """The SQL of `indicator_cells`."""
    return as_sql(indicator_cells(TABLES_BY_NAME), dialect)


def indicator_features(store: Store) -> tuple[list[Feature], list[str]]:
    """The features of a store's declared indicators, in order of code, and the codes.

    Each indicator gives its latest value, its change over a year, its rank among peers, its value in the last
    interim report since and that against the same months a year before. Names: `ind_CODE`, and behind a dot what
    of it. What it was in the first half or nine months of a year that has closed is left out: on real reports these
    columns added nothing to the year's own.
    """
    indicators = sorted(declared(store), key=lambda indicator: indicator.code)
    features = [feature_of(indicator, aspect) for indicator in indicators for aspect in ASPECTS]
    return features, [indicator.code for indicator in indicators]


def feature_of(indicator: DeclaredIndicator, aspect: Aspect) -> Feature:
    """One feature of one indicator."""
    column = INDICATOR + indicator.code
    made = Feature(
        name=column + aspect.suffix,
        factor=indicator.factor,
        unit=indicator.stored_unit,
        direction=indicator.direction,
        missing="unknown",
        zh=indicator.zh + aspect.zh,
        en=indicator.en + aspect.en,
        definition=f"Declared indicator {indicator.code} {aspect.definition}.",
        inputs=tuple(column + suffix for suffix in aspect.inputs),
        compute=aspect.compute,
        formula=formula_of(aspect.compute),
        source="declared",
    )
    return replace(made, relative_to="industry", unit="1") if aspect.ranked else made
