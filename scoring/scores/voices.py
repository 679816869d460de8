"""Which learned models speak in a ranking, and what they say.

A model speaks when its verdict is better than "little", when it was taught on the features as they are computed
today, and when it uses no feature that the edition may not use. Where it does not speak, a note says why.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pandas as pd

from data.refusal import Refusal
from data.settings import Settings
from scoring.editions.checks import lacks_ground
from scoring.editions.circumstances import Floats, describe
from scoring.editions.policy import Edition
from scoring.messages import Names
from scoring.scores.points import Voice

if TYPE_CHECKING:
    from features.catalog import Catalogue
    from features.matrix import Matrix
    from features.spread import SpreadMatrix
    from features.stored_frame import Columns
    from models.fitted import FittedModel
    from models.registry import Registry

SOURCES = ("growth", "listing")
Note = Mapping[str, Any]


class Progress(Protocol):
    """What long work calls: the share done (0..1) and the key of what is being done."""

    def __call__(self, share: float, key: str, /, **values: object) -> None:
        """Report."""


@dataclass(frozen=True)
class Heard:
    """What was heard: the voices, every model's verdict by source ("none" without a model), and notes.

    A note is a code of the catalogues (`note-...`) with values.
    """

    voices: tuple[Voice, ...]
    verdicts: Mapping[str, str]
    notes: tuple[Note, ...]

    def probability(self, source: str, rows: int) -> Floats:
        """The calibrated probability (rows,) of one source, NaN where it does not speak."""
        for voice in self.voices:
            if voice.source == source:
                return voice.probability
        return np.full(rows, np.nan)


def hear(
    settings: Settings,
    matrix: Matrix | SpreadMatrix,
    known: Catalogue,
    edition: Edition,
    tell: Progress | None = None,
    warn: Callable[[Note], None] | None = None,
) -> Heard:
    """What the registered models say about everyone in the matrix; `tell` is told the share done, and what comes.

    The gate before a ranking: where the enterprises no longer look like those that taught a model, a note says so
    (`note-drift-some`, `note-drift-many`, `note-drift-many-newest`), and `warn` is given it before the model is heard.
    It keeps nobody from ranking; who reads the ranking reads the note with it.
    Refuses a model that was taught on features computed otherwise (`model-catalogue-differs`).
    """
    models = models_of(settings, edition)
    voices: list[Voice] = []
    notes: list[Note] = []
    verdicts: dict[str, str] = dict.fromkeys(SOURCES, "none")
    for source in SOURCES:
        weight = float(getattr(edition.blend, source))
        model = models.get(source)
        if model is None:
            if weight:
                notes.append({"code": "note-no-model", "source": source})
            continue
        verdicts[source] = model.verdict
        refuse_other_features(model, known)
        restricted = [name for name in model.feature_names if lacks_ground(edition, known[name].restricted)]
        if restricted and weight:
            notes.append({"code": "note-model-restricted", "source": source, "features": restricted})
        elif model.verdict == "little" and weight:
            notes.append({"code": "note-model-little", "source": source, "version": model.version})
        elif weight:
            if (drifted := _drifted(source, model, matrix)) is not None:
                notes.append(drifted)
                (warn or _unheard)(drifted)
            voices.append(_voice(source, model, matrix, tell or _silent))
            if standing_of(settings, model.target) == "latest":
                notes.append({"code": "note-model-not-promoted", "source": source, "version": model.version})
    return Heard(tuple(voices), verdicts, tuple(notes))


def models_of(settings: Settings, edition: Edition) -> dict[str, FittedModel]:
    """The registered model of each source that the edition weighs.

    The growth source takes the target "growth" or, where none was trained, the one target of imported outcomes.
    """
    from models.registry import Registry

    registry = Registry(settings)
    found: dict[str, FittedModel] = {}
    for source in SOURCES:
        for target in _targets(source, registry):
            model = registry.load(target)
            if model is not None:
                found.setdefault(source, model)
    return found


def standing_of(settings: Settings, target: str) -> str:
    """Whether the model in use was promoted ("champion") or is only the latest."""
    from models.registry import Registry

    return Registry(settings).standing(target)


def refuse_other_features(model: FittedModel, known: Catalogue) -> None:
    """Refuse a model if a feature it was taught is gone or means something else today, naming which.

    Only the features that the model uses are asked about: one that was added since, an office's own indicator say,
    leaves every registered model as good as it was.
    """
    now = known.meanings
    differing = [name for name in model.feature_names if name not in now or now[name] != model.meanings.get(name)]
    if differing:
        told = model.report
        named = [describe(known[name]) if name in known else Names.taught(told, name) for name in differing[:12]]
        raise Refusal("model-catalogue-differs", target=model.target, version=model.version, features=named)


def _targets(source: str, registry: Registry) -> list[str]:
    if source == "listing":
        return ["listing"]
    outcomes = [target for target in registry.targets() if target.startswith("outcome:")]
    return ["growth", *(outcomes if len(outcomes) == 1 else [])]


def _drifted(source: str, model: FittedModel, matrix: Matrix | SpreadMatrix) -> Note | None:
    from models import drift

    newest = model.report.get("data_digest") == matrix.store_digest
    warning = drift.gate(drift.compare(model.profile, matrix.frame), newest)
    if warning["code"] == "drift-none":
        return None
    return {"code": f"note-{warning['code']}", "source": source, "version": model.version, **warning["values"]}


def _silent(_share: float, _key: str, /, **_values: object) -> None:
    return None


def _unheard(_note: Note) -> None:
    return None


def _voice(source: str, model: FittedModel, matrix: Matrix | SpreadMatrix, tell: Progress) -> Voice:
    from models.explanation import make_ready, scored_contributions

    parts: Columns
    if isinstance(matrix.frame, pd.DataFrame):
        tell(0.45, "cli-progress-tables")
        make_ready(model, len(matrix.frame))
        tell(0.5, "cli-progress-shap")
        parts, base, members = scored_contributions(model, matrix.frame)
    else:
        from models.spread import spread_contributions

        tell(0.5, "cli-progress-shap")
        parts, base, members = spread_contributions(model, matrix.frame)
    return Voice(
        source=source,
        target=model.target,
        version=model.version,
        digest=model.digest,
        verdict=model.verdict,
        parts=parts,
        base=base,
        members=members,
        probability=np.round(model.calibration.probability(members.mean(axis=1)), 9),
    )
