"""Whether the enterprises of a date still look like those that taught a model: for who asks before or after ranking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from data.refusal import Refusal
from data.settings import Settings
from data.store import Store
from features.catalog import catalogue
from features.matrix import build_matrix
from scoring.editions.circumstances import describe
from scoring.messages import say
from scoring.scores.voices import Note, refuse_other_features

if TYPE_CHECKING:
    import pandas as pd


GAP = 0.1
"""From this change of the share missing on, a shift is called one of what is known, not of what enterprises are."""


@dataclass(frozen=True)
class Drift:
    """How a version's features look at a date beside its training.

    `note` is the warning (code `drift-none`, `drift-some`, `drift-many` or `drift-many-newest`, with values; features
    by code). `table` has one row a feature, most shifted first: feature, zh, en (its names for people), factor, index
    (PSI), chance, effect, effect_chance (both in training spreads), missing_then, missing_now (shares 0..1), level
    ("stable", "notable", "shifted").
    """

    target: str
    version: int
    as_of: date
    enterprises: int
    note: Note
    table: pd.DataFrame

    def text(self, language: str) -> str:
        """The warning in words."""
        names = self.table.set_index("feature")[language[:2]]
        values = {name: value for name, value in self.note.items() if name != "code"}
        told = say(str(self.note["code"]), language, **values | {"features": list(names[list(values["features"])])})
        shifted = self.table[self.table["level"] == "shifted"]
        filled = int(((shifted["missing_now"] - shifted["missing_then"]).abs() >= GAP).sum())
        return told + (say("drift-filled", language, filled=filled) if filled else "")


def drift_since_training(
    store: Store, settings: Settings, target: str, as_of: date, which: str | int = "champion", engine: str = "duckdb"
) -> Drift:
    """Compare everyone known at a date with those that taught a version ("champion", "latest" or a number).

    Without a champion the latest is taken, as in ranking. Takes as long as the features do: seconds for 100,000
    enterprises. Refuses a target without model (`model-none`), an unknown version (`model-version-unknown`), a model
    of features that mean something else today (`model-catalogue-differs`) and a date before which nothing is known
    (`ranking-nobody`).
    """
    from models import drift
    from models.registry import Registry

    registry = Registry(settings)
    model = registry.load(target, which)
    if model is None:
        raise Refusal("model-none", target=target, known=registry.targets() or ["-"])
    known = catalogue(store)
    refuse_other_features(model, known)
    chosen = known.select(names=model.feature_names)
    matrix = build_matrix(store, as_of, chosen, engine)
    if matrix.frame.empty:
        raise Refusal("ranking-nobody", as_of=as_of)
    table = drift.compare(model.profile, matrix.frame)
    warning = drift.gate(table, model.report.get("data_digest") == store.digest())
    about = [describe(known[str(name)]) for name in table["feature"]]
    for place, name in enumerate(("zh", "en"), start=1):
        language = {"zh": "zh-CN"}.get(name, name)
        table.insert(place, name, [one.label(language) for one in about])
    table.insert(3, "factor", [one.factor for one in about])
    note = {"code": warning["code"], **warning["values"]}
    return Drift(target, model.version, as_of, len(matrix.frame), note, table)
