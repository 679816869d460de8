"""Declared indicators become features without a line of code: an office's own measures, from the mapping files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from ibis.expr.types import Column

from data.indicators import DeclaredIndicator, declared
from data.store import Store
from features.definition import Feature, formula_of
from features.point_in_time import INDICATOR


def latest(value: Column) -> Column:
    """The indicator in the last closed year."""
    return value


def change(value: Column, before: Column) -> Column:
    """The indicator less its value before, in its own unit."""
    return value - before


@dataclass(frozen=True)
class Aspect:
    """One of the features that an indicator gives: name suffix, inputs as suffixes, formula, labels, definition."""

    suffix: str
    inputs: tuple[str, ...]
    compute: Callable[..., Column]
    zh: str
    en: str
    definition: str
    ranked: bool = False


ASPECTS = (
    Aspect("", ("",), latest, "", "", "in the last closed year"),
    Aspect(
        "_change_1y", ("", "_1y_ago"), change, "(比上年增减)", ", change over one year", "less its value a year before"
    ),
    Aspect("_rank", ("",), latest, "(同行排名)", ", rank among peers", "ranked within industry and size class", True),
    Aspect("_h1", ("_h1",), latest, "(上半年)", ", first half", "in the first half of the last closed year"),
    Aspect("_9m", ("_9m",), latest, "(前三季度)", ", nine months", "in the first nine months of the last closed year"),
    Aspect("_ytd", ("_ytd",), latest, "(今年以来)", ", this year", "in the last interim report since"),
    Aspect(
        "_ytd_change",
        ("_ytd", "_ytd_1y_ago"),
        change,
        "(今年以来同比增减)",
        ", this year against last",
        "in the last interim report since, less that of the same months a year before",
    ),
)


def indicator_features(store: Store) -> tuple[list[Feature], list[str]]:
    """The features of a store's declared indicators, in order of code, and the codes.

    Each indicator gives its latest value, its change over a year, its rank among peers, the values of interim
    reports and this year's against last. Names: `ind_CODE` and a suffix.
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
        unit=indicator.unit,
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
