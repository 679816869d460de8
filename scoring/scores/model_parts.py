"""What a model's features do: how much each weighs, how its part moves with its value, what two do together."""

from __future__ import annotations

from datetime import date
from difflib import get_close_matches

import numpy as np
import pandas as pd

from data.refusal import Refusal
from data.store import Store
from features.catalog import catalogue
from features.matrix import build_matrix
from models import explanation
from models.fitted import FittedModel
from models.interaction import interaction
from scoring.editions.circumstances import describe
from scoring.scores.voices import refuse_other_features

ROWS = 300
"""So many enterprises, evenly spread over the identifiers, show a feature: curves hardly change with more."""

THIRDS = ("low", "middle", "high")


class ModelParts:
    """A version of a model beside the enterprises of a date, for who asks how it thinks.

    Refuses a model of features that mean something else today (`model-catalogue-differs`) and a date before which
    nothing is known (`ranking-nobody`).
    """

    def __init__(self, store: Store, model: FittedModel, as_of: date) -> None:
        known = catalogue(store)
        refuse_other_features(model, known)
        chosen = known.select(names=model.feature_names)
        self.model = model
        self.described = {one.name: describe(one) for one in chosen}
        frame = build_matrix(store, as_of, chosen).frame
        if frame.empty:
            raise Refusal("ranking-nobody", as_of=as_of)
        self.frame = frame.iloc[np.unique(np.linspace(0, len(frame) - 1, ROWS).round().astype(int))]

    def named(self, feature: str) -> str:
        """The column that a code, or a name for people in either language, means.

        Refuses one that the model was not taught (`interaction-feature-unknown`).
        """
        for name, one in self.described.items():
            if feature in (name, one.zh, one.en, one.label("zh-CN"), one.label("en")):
                return name
        labels = {one.label(tongue): one for one in self.described.values() for tongue in ("zh-CN", "en")}
        labels |= {one.name: one for one in self.described.values()}
        words = get_close_matches(feature, labels, n=5, cutoff=0.4)
        near = {labels[word].name: labels[word] for word in words} or self.described  # each once
        raise Refusal("interaction-feature-unknown", features=[feature], known=list(near.values()))

    def dependence(self, feature: str) -> pd.DataFrame:
        """How a feature's part (log-odds) moves with its value, in steps of equal counts, with the bag's interval.

        Columns as of `models.explanation.dependence`, but low and high are in natural units.
        """
        name = self.named(feature)
        found = explanation.dependence(self.model, self.frame, name)
        if self.described[name].kind == "number":
            for edge in ("low", "high"):
                found[edge] = self.described[name].natural(found[edge].to_numpy(np.float64))
        return found

    def together(self, one: str, other: str) -> tuple[float, pd.DataFrame]:
        """What two features do beyond what each does alone, exactly: its mean size and its mean by thirds of both.

        In log-odds. The table has columns one, other ("low", "middle", "high"; codes of a category as they are),
        rows, mean; enterprises that lack either value are left out.
        """
        first, second = self.named(one), self.named(other)
        found = interaction(self.model, self.frame, first, second)
        table = pd.DataFrame({"one": self._thirds(first), "other": self._thirds(second), "part": found})
        grouped = table.dropna().groupby(["one", "other"], observed=True, sort=True).part.agg(["size", "mean"])
        shown = grouped.reset_index().rename(columns={"size": "rows"})
        return float(np.abs(found).mean()), shown

    def _thirds(self, name: str) -> pd.Series:
        column = self.frame[name].reset_index(drop=True)
        if not pd.api.types.is_numeric_dtype(column.dtype):
            return column.astype("object")
        places = column.rank(method="first", pct=True)
        return pd.Series(pd.cut(places, [0, 1 / 3, 2 / 3, 1], labels=list(THIRDS)))
