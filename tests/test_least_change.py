"""The least change: by hand on the card, and against trying everything with trees."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest

from models.additive import fit_additive
from models.calibration import Calibration
from models.classifier import Encoding, Recipe, Trees, grow
from models.explanation import contributions
from models.fitted import Bag, FittedModel
from scoring.editions.policy import load_edition
from scoring.messages import LANGUAGES
from scoring.scores.least_change import SAFE, Change, LeastChange, change_text, least_change
from scoring.scores.points import Voice
from scoring.scores.ranking import Ranking, rank_matrix
from scoring.scores.tree_steps import steps_of, together
from scoring.scores.voices import Heard
from tests.matrix_by_hand import CATALOGUE, matrix

EDITION = load_edition("changning-2026")
LEVERS = ("rd_intensity", "net_margin", "rd_staff_share")


def district(count: int = 60) -> dict[str, dict[str, object]]:
    """Large enterprises whose levers are spread evenly and crosswise; the first has the lowest values of all."""
    return {
        f"E{at:02d}": {
            "size_class": "large",
            "rd_intensity": 0.002 * at,
            "net_margin": 0.005 * ((7 * at) % count),
            "rd_staff_share": 0.01 * ((11 * at) % count),
            "revenue_log": 1e7 * (1 + at),
        }
        for at in range(count)
    }


def model(members: int = 3, share: float = 0.0) -> tuple[FittedModel, pd.DataFrame]:
    """A small bag taught on numbers drawn once; the label is whether R&D and margin together are high."""
    draw = np.random.default_rng(5)
    frame = pd.DataFrame(draw.uniform(0, (0.12, 0.3, 0.6), (400, 3)), columns=list(LEVERS))
    frame.loc[::17, "net_margin"] = np.nan
    labels = ((frame["rd_intensity"] * 5 + frame["net_margin"].fillna(0.1)) > 0.45).to_numpy(dtype=float)
    encoding = Encoding.of(frame)
    recipe = Recipe(trees=40, rate=0.2)
    boosters = [grow(encoding.matrix(frame), labels, encoding, recipe, seed) for seed in range(members)]
    additive = tuple(fit_additive(frame, labels) for _ in range(members)) if share else ()
    bag = Bag(Trees(encoding, boosters), additive, share)
    fitted = FittedModel(
        "growth", 1, "digest", CATALOGUE.meanings, "some", 0.0, bag, Calibration("platt", (1.0,), (0.0,))
    )
    return fitted, frame


def ranked(models: dict[str, FittedModel]) -> Ranking:
    made = matrix(district())
    voices = []
    for source, fitted in models.items():
        parts, base = contributions(fitted, made.frame)
        odds = fitted.member_log_odds(made.frame)
        voices.append(Voice(source, source, 1, "digest", "some", parts, base, odds, np.full(len(odds), 0.5)))
    return rank_matrix(made, CATALOGUE, EDITION, None, Heard(tuple(voices), {}, ()))


def test_one_figure_to_the_next_band() -> None:
    """E00 has R&D 0 %, margin 0 %, staff 0 %. The card gives R&D 2 points at 1 %, margin 2 at 0, staff 1 at 5 %.

    For one point and a bit (1.5) the R&D band at 1 % suffices alone; margin needs 5 % for 2 points more. In the
    spread of peers 1 % of R&D (of 10.8 % between the 5th and 95th percentile) is nearer than 5 % of 27 %.
    """
    ranking = ranked({})
    found = least_change(ranking, "E00", 1.5, {})
    assert found is not None
    (change,) = found.changes
    assert (change.feature, change.before, found.gain) == ("rd_intensity", 0.0, 2.0)
    assert change.after == pytest.approx(0.01)


def test_two_figures_when_one_is_not_enough() -> None:
    """Seven points: R&D gives at most 6, margin 3 more, staff 5 at 20 %; the cheapest pair is found by trying all."""
    ranking = ranked({})
    found = least_change(ranking, "E00", 7.0, {})
    assert found is not None
    assert len(found.changes) == 2
    assert found.gain >= 7.0 + SAFE


def test_none_is_an_answer() -> None:
    ranking = ranked({})
    assert least_change(ranking, "E00", 60.0, {}) is None
    for language in LANGUAGES:
        assert len(change_text(ranking, None, language)) == 1


def test_no_figure_leaves_the_range_of_peers_or_gets_worse() -> None:
    models = {"growth": model()[0]}
    ranking = ranked(models)
    for key in ("E00", "E05", "E30"):
        for lacks in (0.2, 1.0, 3.0):
            found = least_change(ranking, key, lacks, models)
            for change in found.changes if found else ():
                known = ranking.values[change.feature]
                assert change.after > change.before
                assert known.quantile(0.04) <= change.after <= known.quantile(0.96)
                assert ranking.described[change.feature].changeable


@pytest.mark.parametrize("share", [0.0, 0.4])
def test_trees_agree_with_trying_everything(share: float) -> None:
    """All pairs of values just beyond any threshold are tried outright on the model and the card."""
    fitted, _ = model(share=share)
    models = {"growth": fitted}
    ranking = ranked(models)
    for key, lacks in (("E00", 1.0), ("E07", 2.5), ("E20", 4.0), ("E00", 6.0)):
        found = least_change(ranking, key, lacks, models)
        expected = by_trying(ranking, fitted, key, lacks)
        assert (found is None) == (expected is None)
        if found is not None and expected is not None:
            assert (len(found.changes), cost(ranking, found)) == (expected[0], pytest.approx(expected[1]))


def spread(ranking: Ranking, name: str) -> float:
    known = np.sort(ranking.values[name].to_numpy())
    return float(known[int(0.95 * (len(known) - 1))] - known[int(0.05 * (len(known) - 1))])


def cost(ranking: Ranking, found: LeastChange) -> float:
    return sum(abs(one.after - one.before) / spread(ranking, one.feature) for one in found.changes)


def by_trying(ranking: Ranking, fitted: FittedModel, key: str, lacks: float) -> tuple[int, float] | None:
    """Fewest figures and smallest distance, by scoring every combination through the model itself."""
    steps = steps_of(fitted)
    track = EDITION.track("headquarters-scale")
    bands = {one.feature: one for one in track.criteria}
    now = ranking.values.loc[key, list(LEVERS)].astype(float)
    options: dict[str, list[float]] = {}
    for name in LEVERS:
        low, high = np.quantile(np.sort(ranking.values[name].to_numpy()), [0.05, 0.95], method="nearest")
        edges = steps.thresholds[name]
        tried = [*edges, *np.nextafter(edges, np.inf), low, high, *(band.at_least for band in bands[name].bands)]
        options[name] = [value for value in sorted(set(tried)) if value > now[name] and low <= value <= high]

    def score(frame: pd.DataFrame) -> np.ndarray:
        points = np.zeros(len(frame))
        for name in LEVERS:
            one = bands[name]
            edges = np.array([band.at_least for band in one.bands])
            levels = np.array([one.below, *(band.points for band in one.bands)])
            points += ranking.weights["card"] * levels[np.searchsorted(edges - 1e-12, frame[name], "right")]
        return points + ranking.weights["growth"] * 10 * fitted.log_odds(frame)

    base = score(now.to_frame().T)[0]
    for size in (1, 2):
        best = None
        for names in combinations(LEVERS, size):
            grid = pd.DataFrame(list(product(*(options[name] for name in names))), columns=list(names))
            if grid.empty:
                continue
            for name in LEVERS:
                if name not in names:
                    grid[name] = now[name]
            enough = score(grid[list(LEVERS)]) - base >= lacks + SAFE
            far = sum((grid[name] - now[name]).abs() / spread(ranking, name) for name in names)
            if enough.any():
                best = min(far[enough].min(), best if best is not None else np.inf)
        if best is not None:
            return size, float(best)
    return None


def test_what_two_features_do_together_is_what_is_left() -> None:
    """Score(u, v) - score(u) - score(v) + score() of the trees, at every pair of values, also with a missing third."""
    fitted, frame = model()
    steps = steps_of(fitted)
    for at in (0, 17, 34):
        row = frame.iloc[[at]].reset_index(drop=True)
        pair = ("rd_intensity", "rd_staff_share")
        values = tuple(np.array([0.01, 0.05, 0.055, 0.1]) * scale for scale in (1.0, 5.0))
        got = together(steps, fitted.bag.trees.encoding.matrix(row)[0], pair, values)  # type: ignore[union-attr]

        def odds(row: pd.DataFrame = row, **changes: float) -> float:
            return float(fitted.log_odds(row.assign(**changes))[0])

        for i, j in product(range(4), range(4)):
            one, two = {pair[0]: values[0][i]}, {pair[1]: values[1][j]}
            left = odds(**one, **two) - odds(**one) - odds(**two) + odds()
            assert got[i, j] == pytest.approx(left, abs=1e-9)


def test_the_words_name_both_values() -> None:
    ranking = ranked({})
    found = least_change(ranking, "E00", 1.5, {})
    assert change_text(ranking, found, "en")[1] == "R&D intensity: from 0.0% to 1.0%"
    assert change_text(ranking, found, "zh-CN")[1] == "研发强度由 0.0% 变为 1.0%"


@pytest.mark.parametrize(
    ("before", "after", "shown"), [(0.0313, 0.0314, "3.2%"), (0.9, 0.85, "85.0%"), (0.9, 0.8499, "84.9%")]
)
def test_who_reaches_the_share_that_is_written_crosses(before: float, after: float, shown: str) -> None:
    """From 3.13 % to 3.14 % would read "from 3.1% to 3.1%", and 84.99 % as 85 %, which is not enough."""
    ranking = ranked({})
    found = LeastChange("E00", 1.0, 1.0, (Change("rd_intensity", before, after),))
    assert change_text(ranking, found, "en")[1].endswith(f"to {shown}")
