"""The published score: it moves to the better side with every figure, where its models promise that, and its parts
sum to it for every enterprise of the demonstration.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.intake import take_in
from data.settings import Settings
from data.store import Store
from data.synthetic import create_district
from models.calibration import Calibration
from models.classifier import Encoding, Recipe, Trees, grow
from models.explanation import contributions
from models.fitted import Bag, FittedModel
from models.training import train
from scoring.editions.policy import Edition, load_edition
from scoring.messages import LANGUAGES
from scoring.scores.points import Voice
from scoring.scores.ranking import Ranking, rank, rank_matrix
from scoring.scores.reasons import reasons
from scoring.scores.voices import Heard
from tests.matrix_by_hand import CATALOGUE, matrix

FIGURES = ("rd_intensity", "net_margin", "rd_staff_share", "integrity_open")
HIGHEST = {"rd_intensity": 0.12, "net_margin": 0.3, "rd_staff_share": 0.6, "integrity_open": 5.0}


def one_track() -> Edition:
    """The edition of 2026 with the first of its cards for everyone, so that nobody changes track."""
    edition = load_edition("changning-2026")
    rules = edition.list.model_copy(update={"tracks": {}, "small_and_micro": None})
    return edition.model_copy(update={"tracks": (edition.tracks[0].model_copy(update={"when": ()}),), "list": rules})


@cache
def model(source: str, promised: bool) -> FittedModel:
    """A small bag, held to promises or not, taught that each figure helps up to the middle of its range, then hurts."""
    draw = np.random.default_rng(len(source))
    frame = pd.DataFrame({name: draw.uniform(0, HIGHEST[name], 600) for name in FIGURES})
    odds = sum(1 - np.abs(2 * frame[name] / HIGHEST[name] - 1) for name in FIGURES)
    frame.loc[::13, "net_margin"] = np.nan
    labels = (odds + draw.normal(0, 0.3, len(frame)) > 2).to_numpy(dtype=float)
    directions = tuple((name, CATALOGUE[name].direction) for name in FIGURES) if promised else ()
    encoding = Encoding.of(frame)
    recipe = Recipe(trees=60, rate=0.2, monotone=directions)
    boosters = [grow(encoding.matrix(frame), labels, encoding, recipe, seed) for seed in range(3)]
    bag = Bag(Trees(encoding, boosters), (), 0.0)
    return FittedModel(source, 1, source, CATALOGUE.meanings, "some", 0.0, bag, Calibration("platt", (1.0,), (0.0,)))


def ranked(rows: dict[str, dict[str, object]], promised: bool) -> Ranking:
    made, voices = matrix(rows), []
    for source in ("growth", "listing"):
        fitted = model(source, promised)
        parts, base = contributions(fitted, made.frame)
        members = fitted.member_log_odds(made.frame)
        voices.append(Voice(source, source, 1, source, "some", parts, base, members, np.full(len(parts), 0.5)))
    return rank_matrix(made, CATALOGUE, one_track(), None, Heard(tuple(voices), {}, ()))


def pairs(moves: list[tuple[str, dict[str, float | None], float, float]]) -> dict[str, dict[str, object]]:
    """Two enterprises for each move, alike but for one figure: `a` with the worse value, `b` with the better."""
    rows: dict[str, dict[str, object]] = {}
    for at, (name, others, one, two) in enumerate(moves):
        worse, better = sorted((one, two), key=lambda value: CATALOGUE[name].direction * value)
        for key, value in (("a", worse), ("b", better)):
            rows[f"{at:03d}{key}"] = {**others, name: value * HIGHEST[name]}
    return rows


shares = st.floats(0, 1)
others = st.fixed_dictionaries(
    {name: st.one_of(st.none(), shares.map(lambda value, name=name: value * HIGHEST[name])) for name in FIGURES}
)  # type: ignore[misc]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(FIGURES), others, shares, shares), min_size=20, max_size=40))
def test_the_score_is_monotone_where_its_models_are(
    moves: list[tuple[str, dict[str, float | None], float, float]],
) -> None:
    """A figure moved to its better side, whatever the others are, never lowers the published score.

    Each of the eight parts of the models and four of the card is rounded to a ten-thousandth: a fall of as many
    halves of it on either side is rounding.
    """
    score = ranked(pairs(moves), promised=True).frame["score"].to_numpy()
    assert (score[1::2] - score[::2]).min() >= -12 * 0.0001


def test_without_the_promises_the_score_falls_somewhere() -> None:
    """The same sweep over models that promise nothing finds a fall, so the property above could fail."""
    middle: dict[str, float | None] = {name: 0.5 * HIGHEST[name] for name in FIGURES}
    moves = [(name, middle, at / 20, (at + 1) / 20) for name in FIGURES for at in range(20)]
    score = ranked(pairs(moves), promised=False).frame["score"].to_numpy()
    assert (score[1::2] - score[::2]).min() < -0.5


def test_a_part_against_its_direction_is_marked() -> None:
    """Beyond the middle a model without promises takes points away for more R&D: that reason is marked."""
    rows: dict[str, dict[str, object]] = {
        f"{at:03d}": {name: 0.5 * HIGHEST[name] for name in FIGURES} | {"rd_intensity": at / 40 * 0.12}
        for at in range(41)
    }
    free, held = ranked(rows, promised=False), ranked(rows, promised=True)
    for language in LANGUAGES:
        told = {one.feature: one for one in _all(free, "040", language)}
        assert told["rd_intensity"].sources["growth"] < 0
        assert told["rd_intensity"].runs_against
        assert not any(one.runs_against for one in _all(held, "040", language) if one.feature == "rd_intensity")


def _all(ranking: Ranking, key: str, language: str) -> list:  # type: ignore[type-arg]
    found = reasons(ranking, key, language, 30)
    return [*found.for_, *found.against]


# --- the demonstration, all five thousand of it ----------------------------------------------------------------


@dataclass(frozen=True)
class Demo:
    settings: Settings
    ranking: Ranking


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The demonstration's district at its full size: files taken in, both models taught (with few refits), ranked."""
    chosen = Settings(home=tmp_path_factory.mktemp("demo5000"))
    district = create_district(chosen.home / "demo", seed=20260630, enterprises=5000)
    store = Store(chosen)
    for delivery in district.deliveries:
        take_in(store, delivery.path, mapping=delivery.mapping, table=None, known_on=delivery.known_on, actor="tests")
    for target in ("growth", "listing"):
        train(store, chosen, target, bag=2, seed=1, recipe=Recipe(trees=60), monotone="off", actor="tests")
    return Demo(chosen, rank(store, chosen, load_edition("changning-2026"), district.as_of, actor="tests"))


def test_parts_sum_to_the_published_score_of_everyone(demo: Demo) -> None:
    """To 1e-9, by feature, by factor and by source; over every enterprise, ranked or not."""
    ranking = demo.ranking
    assert len(ranking.frame) == 5000
    assert ranking.mode == "blend"
    assert set(ranking.model_versions) == {"growth", "listing"}
    score = ranking.frame["score"]
    by_source = ranking.base + ranking.frame["card_points"] + ranking.frame["model_points"]
    sums = (ranking.parts.sum(axis=1) + ranking.base, ranking.factors.sum(axis=1) + ranking.base, by_source)
    for total in (*sums, ranking.detail.sum(axis=1) + ranking.base):
        assert float((total - score).abs().max()) <= 1e-9


def test_reasons_state_their_numbers(demo: Demo) -> None:
    """Each sentence is read back and compared with its numbers when it is made: every hundredth enterprise."""
    ranking = demo.ranking
    for key in ranking.frame.index[::100]:
        for language in LANGUAGES:
            found = reasons(ranking, str(key), language, 100)
            assert all(one.text for one in (*found.for_, *found.against, *found.unknown))
