"""Which learned models speak: verdict, law, catalogue, promotion."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from data.refusal import Refusal
from data.settings import Settings
from models.calibration import Calibration
from models.classifier import Encoding, Recipe, Trees, grow
from models.drift import profile
from models.fitted import Bag, FittedModel
from scoring.editions.circumstances import describe
from scoring.editions.policy import load_edition
from scoring.messages import explain
from scoring.scores import voices
from scoring.scores.notes import note_text
from scoring.scores.voices import hear, refuse_other_features
from tests.matrix_by_hand import CATALOGUE, matrix

EDITION = load_edition("changning-2026")
MATRIX = matrix({f"E{at:02d}": {"rd_intensity": 0.01 * at, "tax_paid_log": 1e5 * at} for at in range(40)})


def fitted(target: str = "growth", verdict: str = "strong", names: tuple[str, ...] = ("rd_intensity",)) -> FittedModel:
    """Two small trees that tell high from low."""
    frame = MATRIX.frame[list(names)]
    labels = (np.arange(40) >= 20).astype(float)
    encoding = Encoding.of(frame)
    boosters = [grow(encoding.matrix(frame), labels, encoding, Recipe(trees=5, min_child=3), seed) for seed in (1, 2)]
    bag = Bag(Trees(encoding, boosters))
    calibration = Calibration("platt", (1.0,), (0.0,))
    return FittedModel(target, 7, "digest", CATALOGUE.meanings, verdict, 0.0, bag, calibration)  # type: ignore[arg-type]


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> dict[str, FittedModel]:
    """The models that the registry would give, by source; none has been promoted."""
    models: dict[str, FittedModel] = {}
    monkeypatch.setattr(voices, "models_of", lambda *_: models)
    monkeypatch.setattr(voices, "standing_of", lambda *_: "latest")
    return models


def codes(notes: Any) -> list[tuple[str, str]]:
    return [(note["code"], note["source"]) for note in notes]


def test_without_models_nobody_speaks(settings: Settings) -> None:
    heard = hear(settings, MATRIX, CATALOGUE, EDITION)
    assert heard.voices == ()
    assert codes(heard.notes) == [("note-no-model", "growth"), ("note-no-model", "listing")]
    assert np.isnan(heard.probability("growth", 3)).all()


def test_a_model_speaks_with_parts_that_sum(settings: Settings, registered: dict[str, FittedModel]) -> None:
    registered["growth"] = fitted()
    heard = hear(settings, MATRIX, CATALOGUE, EDITION)
    (voice,) = heard.voices
    total = voice.parts.sum(axis=1) + voice.base
    assert np.allclose(total, registered["growth"].log_odds(MATRIX.frame), atol=1e-9)
    assert voice.members.shape == (40, 2)
    assert heard.verdicts == {"growth": "strong", "listing": "none"}
    assert codes(heard.notes) == [("note-model-not-promoted", "growth"), ("note-no-model", "listing")]


def test_a_model_with_little_signal_is_silent(settings: Settings, registered: dict[str, FittedModel]) -> None:
    registered["growth"] = fitted(verdict="little")
    heard = hear(settings, MATRIX, CATALOGUE, EDITION)
    assert heard.voices == ()
    assert codes(heard.notes)[0] == ("note-model-little", "growth")


def test_a_model_that_uses_taxes_is_silent_under_the_regulation(
    settings: Settings, registered: dict[str, FittedModel]
) -> None:
    registered["growth"] = fitted(names=("rd_intensity", "tax_paid_log"))
    assert hear(settings, MATRIX, CATALOGUE, EDITION).voices == ()
    before = load_edition("changning-2020")
    assert len(hear(settings, MATRIX, CATALOGUE, before).voices) == 1


def test_a_model_that_an_edition_does_not_weigh_is_silent(
    settings: Settings, registered: dict[str, FittedModel]
) -> None:
    registered["growth"] = fitted()
    blend = EDITION.blend.model_copy(update={"scorecard": 1.0, "growth": 0.0, "listing": 0.0})
    heard = hear(settings, MATRIX, CATALOGUE, EDITION.model_copy(update={"blend": blend}))
    assert (heard.voices, heard.notes) == ((), ())


def test_a_model_of_other_features_is_refused() -> None:
    with pytest.raises(Refusal, match="model-catalogue-differs"):
        refuse_other_features(replace(fitted(), meanings={"rd_intensity": "other"}), CATALOGUE)
    with pytest.raises(Refusal, match="model-catalogue-differs"):
        refuse_other_features(fitted(), CATALOGUE.select(names=["net_margin"]))


def test_the_refusal_names_model_and_features_as_people_do() -> None:
    described = {"rd_intensity": {"zh": "当时的研发强度", "en": "R&D intensity as it was"}}
    for found, zh, en in (
        (replace(fitted(), meanings={}), CATALOGUE["rd_intensity"].zh, CATALOGUE["rd_intensity"].en),
        (replace(fitted(), meanings={}, report={"described": described}), "当时的研发强度", "R&D intensity as it was"),
    ):
        known = CATALOGUE.select(names=["net_margin"]) if found.report else CATALOGUE
        with pytest.raises(Refusal) as refusal:
            refuse_other_features(found, known)
        assert zh in (told := explain(refusal.value, "zh-CN"))
        assert "成长性模型" in told
        assert "mulu train --target growth" in told
        assert en in explain(refusal.value, "en")
        assert "rd_intensity" not in told + explain(refusal.value, "en")


def test_the_gate_warns_before_the_model_is_heard_and_keeps_nobody_from_ranking(
    settings: Settings, registered: dict[str, FittedModel]
) -> None:
    elsewhere = MATRIX.frame[["rd_intensity"]] + 5
    registered["growth"] = replace(fitted(), profile=profile(elsewhere))
    told: list[str] = []
    heard = hear(
        settings, MATRIX, CATALOGUE, EDITION,
        lambda _share, key, /, **_values: told.append(key), lambda note: told.append(note["code"]),
    )  # fmt: skip
    assert told[0] == "note-drift-many"  # before "cli-progress-scores"
    assert len(heard.voices) == 1
    note = heard.notes[0]
    assert (note["code"], note["source"], note["count"], note["share"]) == ("note-drift-many", "growth", 1, 1.0)
    described = {one.name: describe(one) for one in CATALOGUE}
    assert "研发" in note_text(note, described, "zh-CN")
    assert "rd_intensity" not in note_text(note, described, "en")
    registered["growth"] = replace(fitted(), profile=profile(MATRIX.frame[["rd_intensity"]]))
    assert "drift" not in str(hear(settings, MATRIX, CATALOGUE, EDITION).notes)


def test_probabilities_come_from_the_model(settings: Settings, registered: dict[str, FittedModel]) -> None:
    registered["growth"] = fitted()
    told = hear(settings, MATRIX, CATALOGUE, EDITION).probability("growth", 40)
    assert np.allclose(told, registered["growth"].probability(MATRIX.frame), atol=1e-9)
    assert pd.Series(told).between(0, 1).all()
