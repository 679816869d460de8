"""An enterprise's circumstances at a date, as an edition's conditions and criteria see them.

Fields are the features of the matrix, the columns about the enterprise, and what the edition makes of them
(`key-industry`, the number of events of each named evidence). Numbers are in natural units here: yuan and persons
also where the feature is a logarithm, so that thresholds read as people write them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from scoring.editions.policy import Condition, Edition, Evidence

if TYPE_CHECKING:
    from data.store import Store
    from features.definition import Feature
    from features.matrix import Matrix
    from features.spread import SpreadMatrix
    from features.stored_frame import StoredFrame

Floats = np.ndarray[Any, np.dtype[np.float64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]
Column = np.ndarray[Any, Any]
"""Numbers (float64, NaN for unknown) or words (object, None for unknown)."""

ABOUT = ("name", "industry_code", "industry_name", "industry_section", "street", "region", "ownership", "group_id",
         "status", "size_class", "revenue_cny", "employees")  # fmt: skip
"""The columns about an enterprise that conditions may name."""


UNDETERMINED = "undetermined"
"""The size class of an enterprise whose figures do not settle it: a word for not known."""


@dataclass(frozen=True)
class Described:
    """What a page needs to know of a feature to speak about it, kept with every ranking.

    `log` says how to come back to natural units: "" (the value is natural), "log" or "log1p" (also for growth that
    the matrix holds as a logarithm).
    """

    name: str
    factor: str
    unit: str
    direction: int
    zh: str
    en: str
    kind: str = "number"
    relative_to: str | None = None
    restricted: str | None = None
    changeable: bool = False
    missing: str = "unknown"
    log: str = ""

    def label(self, language: str) -> str:
        """The feature's name for people, without the word for the logarithm: its value is shown in natural units."""
        text = self.en if language == "en" else self.zh
        for word in ("(对数)", "(对数)", " (log)") if self.log else ():
            text = text.replace(word, "")
        return text

    @property
    def natural_unit(self) -> str:
        """The unit of natural values: CNY for "log CNY", persons for "log persons"."""
        return self.unit.removeprefix("log ")

    def natural(self, values: Floats) -> Floats:
        """Values of the matrix in natural units."""
        if self.log == "log1p":
            result: Floats = np.expm1(values)
        elif self.log == "log":
            result = np.exp(values)
        else:
            result = values
        return result

    def stored(self, values: Floats) -> Floats:
        """Natural values as the matrix stores them; the inverse of `natural`. What has no logarithm is missing."""
        if self.log == "log1p":
            result: Floats = np.log1p(values)
        elif self.log == "log":
            result = np.log(np.where(values > 0, values, np.nan))
        else:
            result = values
        return result


def describe(feature: Feature) -> Described:
    """What is to be known of a feature of the catalogue."""
    log = ""
    if feature.unit.startswith("log "):
        log = "log1p" if "log1p_of" in feature.formula else "log"
    elif "log_growth(" in feature.formula and feature.relative_to is None:
        log = "log1p"  # the logarithm of 1 + growth: people read the growth
    return Described(
        feature.name, feature.factor, feature.unit, feature.direction, feature.zh, feature.en, feature.kind,
        feature.relative_to, feature.restricted, feature.changeable, feature.missing, log,
    )  # fmt: skip


@dataclass(frozen=True)
class Words:
    """A column of words, each different one held once: `kind` (n,) says which of `kinds` stands where.

    The last of `kinds` is None, for unknown, and is of kind -1.
    """

    kind: np.ndarray[Any, np.dtype[np.intp]]
    kinds: Sequence[str | None]

    def where(self, holds: Callable[[str | None], bool]) -> Flags:
        """For whom (n,) it holds; asked once for each different word."""
        found: Flags = np.array([holds(value) for value in self.kinds], dtype=bool)[self.kind]
        return found


@dataclass(frozen=True)
class Circumstances:
    """All enterprises at a date: index of enterprise identifiers, features, columns about them, computed columns.

    `frame` is the matrix (n, features); `about` has the same index; `described` tells of each feature.
    """

    frame: pd.DataFrame | StoredFrame
    about: pd.DataFrame
    described: Mapping[str, Described]
    computed: Mapping[str, Any] = field(default_factory=dict)

    def column(self, name: str) -> Column:
        """One field's values (n,): float64 in natural units for numbers, object with None for words."""
        if name in self.computed:
            found: Column = self.computed[name]
            return found
        if name in self.described:
            what = self.described[name]
            stored = self.frame[name]
            if what.kind == "category":
                return stored.astype(object).where(stored.notna(), None).to_numpy(dtype=object)
            return what.natural(stored.to_numpy(dtype=np.float64))
        values = self.about[name]
        if pd.api.types.is_numeric_dtype(values):
            return values.to_numpy(dtype=np.float64)
        return values.astype(object).where(values.notna(), None).to_numpy(dtype=object)

    def _words(self, name: str) -> Words | None:
        """A field's words, None for a field of numbers."""
        if name not in self._told:
            values: Any = self.computed.get(name)
            if values is None:
                values = self.frame[name] if name in self.described else self.about[name]
            if pd.api.types.is_numeric_dtype(values.dtype):
                self._told[name] = None
            else:
                kind, kinds = pd.factorize(values)
                self._told[name] = Words(kind, [*kinds, None])
        return self._told[name]

    @cached_property
    def _told(self) -> dict[str, Words | None]:
        """What `_words` has found: rules ask for the same few fields again and again."""
        return {}

    def meets(self, condition: Condition) -> Flags:
        """Which enterprises (n,) meet a condition; an unknown value meets only `known: false`."""
        told = self._words(condition.field)
        if told is not None:
            return told.where(lambda value: _word_meets(value, condition))
        values = self.column(condition.field)
        known: Flags = ~np.isnan(values)
        if condition.known is not None:
            return known if condition.known else ~known
        if condition.at_least is not None:
            return known & (_near(np.nan_to_num(values), condition.at_least))
        if condition.less_than is not None:
            return known & ~(_near(np.nan_to_num(values), condition.less_than))
        wanted = set(condition.one_of or ())
        return np.array([value in wanted for value in values], dtype=bool)

    def lacks(self, condition: Condition) -> Flags:
        """For which enterprises (n,) a condition cannot be decided, because the value is unknown."""
        if condition.known is not None:
            return np.zeros(len(self.frame), dtype=bool)
        told = self._words(condition.field)
        if told is None:
            return np.asarray(np.isnan(self.column(condition.field)), dtype=bool)
        return told.where(lambda value: value is None or value == UNDETERMINED)

    def all_meet(self, conditions: Iterable[Condition]) -> Flags:
        """Which enterprises (n,) meet every condition."""
        result: Flags = np.ones(len(self.frame), dtype=bool)
        for condition in conditions:
            result &= self.meets(condition)
        return result


def _word_meets(value: str | None, condition: Condition) -> bool:
    if condition.known is not None:
        return (value is not None) == condition.known
    if condition.one_of is not None:
        return value in condition.one_of
    return value is not None and any(word in str(value) for word in condition.contains or ())


def _near(values: Floats, edge: float) -> Flags:
    """values >= edge, forgiving the last bits that a logarithm and its inverse lose."""
    result: Flags = values >= edge - 1e-9 * max(abs(edge), 1e-3)
    return result


def circumstances(
    matrix: Matrix | SpreadMatrix, edition: Edition, catalogue: Iterable[Feature], store: Store | None
) -> Circumstances:
    """The circumstances of all enterprises of a matrix under an edition; without a store there is no evidence."""
    about = matrix.about
    computed: dict[str, Any] = {"key-industry": key_industries(about["industry_code"], edition)}
    for name, evidence in edition.evidence.items():
        computed[name] = np.zeros(len(about)) if store is None else in_force(store, matrix.as_of, evidence, about.index)
    return Circumstances(matrix.frame, about, {feature.name: describe(feature) for feature in catalogue}, computed)


def key_industries(codes: pd.Series, edition: Edition) -> Column:
    """The edition's key industry of each industry code (n,) object: the longest prefix that fits, None for none."""
    prefixes = {code: name for name, one in edition.key_industries.items() for code in one.codes}
    lengths = sorted({len(code) for code in prefixes}, reverse=True)

    def industry(code: object) -> str | None:
        bare = str(code)[1:] if str(code)[:1].isalpha() else str(code)
        return next((prefixes[bare[:n]] for n in lengths if len(bare) >= n and bare[:n] in prefixes), None)

    kind, distinct = pd.factorize(codes)
    return np.array([*map(industry, distinct), None], dtype=object)[kind]  # an unknown code is of kind -1, the last


_TERMS = {"recognitions": ("granted_on", "expires_on"), "integrity_events": ("listed_on", "removed_on")}


def in_force(store: Store, as_of: date, evidence: Evidence, index: pd.Index) -> Floats:
    """How many events of each enterprise (n,) were in force on a date, as then known.

    Of two rows about one event the one known later counts. An event without a beginning has begun.
    """
    begins, ends = _TERMS[evidence.table]
    events = store.read(evidence.table)
    day = pd.Timestamp(as_of)
    events = events[pd.to_datetime(events["known_on"]) <= day]
    events = events[[any(word in str(kind) for word in evidence.contains) for kind in events["kind"]]]
    if events.empty:
        return np.zeros(len(index))
    events = events.sort_values(["known_on", "batch_id", "source_row"], kind="stable")
    events = events.drop_duplicates(["enterprise_id", "kind", begins], keep="last")
    begun, ended = pd.to_datetime(events[begins]), pd.to_datetime(events[ends])
    events = events[(begun.isna() | (begun <= day)) & (ended.isna() | (ended > day))]
    counts = events.groupby("enterprise_id").size()
    result: Floats = np.asarray(counts.reindex(index, fill_value=0), dtype=np.float64)
    return result
