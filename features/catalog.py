"""The catalogue: every feature there is, built in or declared by an office, in one order, with one fingerprint."""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache

from data.refusal import Refusal
from data.store import Store
from features import (
    contribution,
    growth,
    industry,
    innovation,
    integrity,
    interim,
    market,
    point_in_time,
    status,
    talent,
)
from features.declared import indicator_features
from features.definition import FACTORS, Feature, feature
from features.key_industries import key_industries
from features.meaning import meaning_of

__all__ = ["FACTORS", "Catalogue", "Feature", "built_in", "catalogue", "feature"]


class Catalogue:
    """An ordered set of features.

    Refuses two features of one name (`feature-twice`) and inputs that the point-in-time view does not have
    (`feature-input-unknown`). `codes` are the declared indicators that inputs may name,
    `reference` the digest of tables that values depend on (the key industries).
    """

    def __init__(self, features: Iterable[Feature], codes: Sequence[str] = (), reference: str = "") -> None:
        self.features = tuple(features)
        self.codes = tuple(codes)
        self.reference = reference
        self._by_name = {feature.name: feature for feature in self.features}
        if len(self._by_name) < len(self.features):
            names = [feature.name for feature in self.features]
            raise Refusal("feature-twice", features=sorted({name for name in names if names.count(name) > 1}))
        for one in self.features:
            if unknown := point_in_time.unknown_columns(one.inputs, self.codes):
                raise Refusal("feature-input-unknown", feature=one.name, inputs=unknown)

    @property
    def names(self) -> list[str]:
        """The columns of the matrix, in order."""
        return [feature.name for feature in self.features]

    @cached_property
    def meanings(self) -> dict[str, str]:
        """Each feature's meaning by name, as a digest (see `meaning.py`)."""
        return {feature.name: meaning_of(feature, self.reference) for feature in self.features}

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over all meanings, in order: what two matrices must share to be laid side by side.

        A model asks for less: the meanings of the features it was taught.
        """
        return hashlib.sha256(json.dumps(list(self.meanings.items())).encode()).hexdigest()

    @property
    def inputs(self) -> list[str]:
        """The columns of the point-in-time view that the features read, each once."""
        return list(dict.fromkeys(name for feature in self.features for name in feature.inputs))

    def __getitem__(self, name: str) -> Feature:
        if name not in self._by_name:
            near = difflib.get_close_matches(name, self._by_name, n=3, cutoff=0.5)
            raise Refusal("feature-unknown", feature=name, near=near or self.names[:5])
        return self._by_name[name]

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def __iter__(self) -> Iterator[Feature]:
        return iter(self.features)

    def __len__(self) -> int:
        return len(self.features)

    def select(
        self,
        factors: Iterable[str] | None = None,
        without_restricted: bool = False,
        names: Iterable[str] | None = None,
    ) -> Catalogue:
        """A smaller catalogue in the same order: of these factors, these names, without the restricted ones."""
        wanted = None if names is None else {self[name].name for name in names}
        chosen = None if factors is None else set(factors)
        if chosen is not None and (unknown := sorted(chosen - set(FACTORS))):
            raise Refusal("factor-unknown", factors=unknown, known=list(FACTORS))
        return Catalogue(
            (
                feature
                for feature in self.features
                if (wanted is None or feature.name in wanted)
                and (chosen is None or feature.factor in chosen)
                and not (without_restricted and feature.restricted)
            ),
            self.codes,
            self.reference,
        )


@lru_cache(maxsize=1)
def built_in() -> tuple[Feature, ...]:
    """The features that come with mulu, by factor in the order of article 10."""
    modules = (status, contribution, growth, interim, industry, innovation, talent, market, integrity)
    return tuple(value for module in modules for value in vars(module).values() if isinstance(value, Feature))


def catalogue(store: Store) -> Catalogue:
    """All features of an installation: the built-in ones, then those of its declared indicators by code."""
    declared, codes = indicator_features(store)
    return Catalogue((*built_in(), *declared), codes, key_industries(store).digest)
