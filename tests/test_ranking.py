"""The ranking: parts sum to the score, one order, one digest; with learned models and without."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.refusal import Refusal
from data.settings import Settings
from data.store import Source, Store
from scoring.editions.policy import Edition, load_edition
from scoring.editions.whole_points import UNITS_PER_POINT, units
from scoring.scores.points import Voice, weights_of
from scoring.scores.ranking import Ranking, digest_of, load_ranking, rank, rank_matrix, ranks_by
from scoring.scores.voices import Heard
from tests.district_home import Home
from tests.matrix_by_hand import CATALOGUE, matrix

EDITION = load_edition("changning-2026")


@pytest.fixture(scope="module")
def district(made_home: Home) -> Ranking:
    return load_ranking(Settings(home=made_home.path), made_home.digest)


def voice(source: str, parts: pd.DataFrame, base: float = -1.0, members: int = 4) -> Voice:
    """A learned model that says the parts given; its members differ by a tenth of a log-odds either way."""
    odds = parts.sum(axis=1).to_numpy() + base
    shifts = np.linspace(-0.1, 0.1, members)
    return Voice(source, source, 3, f"digest-{source}", "strong", parts, base, odds[:, None] + shifts, odds * 0 + 0.5)


ROWS: dict[str, dict[str, object]] = {
    "a": {"size_class": "large", "revenue_log": 3e9, "employees_log": 1200.0, "rd_intensity": 0.06},
    "b": {"size_class": "large", "revenue_log": 6e8, "employees_log": 400.0},
    "c": {"size_class": "medium", "revenue_log": 3e7, "rd_intensity": 0.02},
    "d": {"size_class": "large", "status": "注销"},
}


def parts_for(rows: dict[str, dict[str, object]], **columns: list[float]) -> pd.DataFrame:
    return pd.DataFrame(columns, index=pd.Index(sorted(rows), name="enterprise_id"))


def test_the_card_alone_gives_its_points() -> None:
    """a: revenue 15 + employees 10 + R&D 6; b: 12 + 7; c: 4 + 2. d is barred but keeps its points (none)."""
    ranking = rank_matrix(matrix(ROWS), CATALOGUE, EDITION, None)
    assert ranking.mode == "card"
    assert ranking.frame["score"].to_dict() == {"a": 31.0, "b": 19.0, "c": 6.0, "d": 0.0}
    assert ranking.frame["rank"].tolist() == [1, 2, 3, pd.NA]
    assert ranking.verdict == "little"


def test_the_blend_adds_up() -> None:
    """changning-2026 weighs card 0.6, growth 0.25, listing 0.15 with 10 points per log-odds.

    a: 0.6 x 31 = 18.6; growth part 0.4 -> 0.25 x 10 x 0.4 = 1.0; listing part -0.2 -> 0.15 x 10 x -0.2 = -0.3.
    """
    growth = voice("growth", parts_for(ROWS, revenue_cagr_3y=[0.4, 0.0, -0.4, 0.0]))
    listing = voice("listing", parts_for(ROWS, revenue_log=[-0.2, 0.1, 0.0, 0.0]))
    heard = Heard((growth, listing), {"growth": "strong", "listing": "some"}, ())
    ranking = rank_matrix(matrix(ROWS), CATALOGUE, EDITION, None, heard)
    assert ranking.mode == "blend"
    assert ranking.verdict == "strong"
    assert ranking.frame["score"].to_dict() == pytest.approx({"a": 19.3, "b": 11.55, "c": 2.6, "d": 0.0})
    assert ranking.sources_of("a", "revenue_log") == {"card": 9.0, "listing": -0.3}
    assert ranking.frame.at["a", "model_points"] == pytest.approx(0.7)


def test_a_silent_model_s_weight_goes_to_the_card() -> None:
    growth = voice("growth", parts_for(ROWS, revenue_cagr_3y=[0.4, 0.0, -0.4, 0.0]))
    ranking = rank_matrix(matrix(ROWS), CATALOGUE, EDITION, None, Heard((growth,), {"growth": "strong"}, ()))
    assert dict(ranking.weights) == {"card": 0.75, "growth": 0.25}
    assert weights_of(EDITION.blend, []) == {"card": 1.0}
    # a: 0.75 x 31 + 0.25 x 10 x 0.4 = 24.25
    assert ranking.frame.at["a", "score"] == 24.25


def test_parts_sum_to_every_published_score(district: Ranking) -> None:
    total = district.parts.sum(axis=1) + district.base
    assert (total - district.frame["score"]).abs().max() <= 1e-9
    assert (district.factors.sum(axis=1) + district.base - district.frame["score"]).abs().max() <= 1e-9


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(-8, 8), min_size=4, max_size=4), st.lists(st.floats(-8, 8), min_size=4, max_size=4))
def test_parts_sum_with_any_model(first: list[float], second: list[float]) -> None:
    growth = voice("growth", parts_for(ROWS, revenue_cagr_3y=first, rd_intensity=second))
    ranking = rank_matrix(matrix(ROWS), CATALOGUE, EDITION, None, Heard((growth,), {"growth": "some"}, ()))
    total = ranking.parts.sum(axis=1) + ranking.base
    assert (total - ranking.frame["score"]).abs().max() <= 1e-9


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_the_card_is_monotone_where_the_catalogue_says_so(data: st.DataObject) -> None:
    """Moving one figure to the better side never lowers the card's points, on any card and from anywhere."""
    edition = load_edition(data.draw(st.sampled_from(["changning-2020", "changning-2026", "generic"])))
    track = data.draw(st.sampled_from(edition.tracks))
    criterion = data.draw(st.sampled_from([one for one in track.criteria if CATALOGUE[one.feature].direction]))
    unit = 1e7 if criterion.unit == "CNY" else 1e5 if criterion.unit == "CNY/person" else 1.0
    low, more = (data.draw(st.floats(0, 300)) * unit for _ in range(2))
    direction = CATALOGUE[criterion.feature].direction
    rows: dict[str, dict[str, object]] = {
        name: {criterion.feature: low + (more if name == "better" else 0.0)} for name in ("base", "better")
    }
    if direction < 0:
        rows["base"], rows["better"] = rows["better"], rows["base"]
    from scoring.editions.circumstances import circumstances
    from scoring.editions.scorecard import track_points

    facts = circumstances(matrix(rows), edition, CATALOGUE, None)
    everyone = np.ones(2, dtype=bool)
    earned = track_points(facts, track, everyone, everyone)[criterion.feature]
    assert earned[1] >= earned[0]


def test_the_same_facts_give_the_same_digest() -> None:
    first, second = (rank_matrix(matrix(ROWS), CATALOGUE, EDITION, None) for _ in range(2))
    assert first.digest == second.digest == digest_of(first)
    changed = {**ROWS, "c": {**ROWS["c"], "rd_intensity": 0.031}}
    assert rank_matrix(matrix(changed), CATALOGUE, EDITION, None).digest != first.digest


def test_a_saved_ranking_comes_back_whole(district: Ranking, made_home: Home) -> None:
    assert digest_of(district) == district.digest == made_home.digest
    assert load_ranking(Settings(home=made_home.path), made_home.digest[:9]).digest == made_home.digest


def test_a_ranking_that_is_not_there_is_refused(settings: Settings, made_home: Home) -> None:
    with pytest.raises(Refusal, match="saved-none"):
        load_ranking(settings)
    with pytest.raises(Refusal, match="saved-unknown"):
        load_ranking(Settings(home=made_home.path), "zzz")
    with pytest.raises(Refusal, match="saved-unknown"):
        load_ranking(Settings(home=made_home.path), "")


def test_nobody_known_is_refused(store: Store, settings: Settings) -> None:
    with pytest.raises(Refusal, match="ranking-nobody"):
        rank(store, settings, EDITION, date(2026, 6, 30), actor="tests")
    assert not (settings.home / "rankings").exists()


def test_an_edition_whose_term_is_over_is_refused(store: Store, settings: Settings) -> None:
    with pytest.raises(Refusal, match="edition-not-in-force"):
        rank(store, settings, load_edition("changning-2020"), date(2026, 6, 30), actor="tests")


def test_how_old_a_late_filer_s_year_may_be_is_the_edition_s_to_say(store: Store, settings: Settings) -> None:
    """Two enterprises; the late one last reported 2023, which ended 30 months before the date."""
    rows = pd.DataFrame(
        {
            "enterprise_id": ["late", "prompt"],
            "period_end": [date(2023, 12, 31), date(2025, 12, 31)],
            "period_months": 12.0,
            "revenue_cny": [2e6, 1e6],
        }
    )
    store.add(Source("reports.csv", "a" * 64, "tests"), {"reports": rows}, date(2026, 5, 1))
    told = {}
    for months in (36, 24):
        edition = load_edition("generic").model_copy(update={"max_report_age_months": months})
        ranking = rank(store, settings, edition, date(2026, 6, 30), actor="tests")
        told[months] = (ranking.value_of("late", "revenue_log"), ranking.value_of("late", "report_age"))
    assert told[36] == (pytest.approx(2e6), 912.0)  # 2024 was a leap year: 366 + 365 + 181 days
    assert [value is None or value != value for value in told[24]] == [True, True]
    assert load_edition("generic").max_report_age_months == 36


def test_equal_scores_go_by_the_tie_break_then_by_identifier() -> None:
    """b and c have equal points; c rests on more data (coverage), so it goes first; a and d differ by name only."""
    frame = pd.DataFrame(
        {"track": "all", "eligible": True, "coverage": [0.5, 0.5, 0.9, 0.5]}, index=["a", "b", "c", "d"]
    )
    edition: Edition = load_edition("generic").model_copy(update={"tie_break": ("coverage",)})
    score = np.array([1, 5, 5, 1], dtype=np.int64) * UNITS_PER_POINT
    assert list(ranks_by(frame, score, edition)) == [3, 2, 1, 4]
    assert list(ranks_by(frame, score, load_edition("generic"))) == [3, 1, 2, 4]


def test_coverage_is_the_known_share_of_the_card() -> None:
    """a knows revenue (15), employees (10) and R&D (6) of 100 points; integrity and the rest are unknown."""
    ranking = rank_matrix(matrix(ROWS), CATALOGUE, EDITION, None)
    assert ranking.frame.at["a", "coverage"] == pytest.approx(0.31)


def test_points_are_whole_ten_thousandths() -> None:
    assert units(np.array([0.00004, 0.00006, -1.23456])).tolist() == [0, 1, -12346]


def test_the_order_of_rows_of_the_matrix_does_not_matter() -> None:
    """The matrix is in order of identifier; the ranking of a part of it agrees in points with the whole."""
    whole = rank_matrix(matrix(ROWS), CATALOGUE, EDITION, None)
    part = rank_matrix(matrix({key: ROWS[key] for key in ("a", "c")}), CATALOGUE, EDITION, None)
    assert part.frame["score"].to_dict() == {key: whole.frame.at[key, "score"] for key in ("a", "c")}


def test_percentiles_count_only_eligible_peers(tmp_path: Path) -> None:
    """Under "generic" three firms of 1, 2 and 3: the second stands at (1 + 2) / 6 = 0.5, worth 10 points."""
    rows: dict[str, dict[str, object]] = {key: {"revenue_log": float(at)} for at, key in enumerate("abc", 1)}
    ranking = rank_matrix(matrix(rows), CATALOGUE, load_edition("generic"), None)
    assert ranking.detail["card.revenue_log"].tolist() == [0.0, 10.0, 15.0]


def test_a_replaced_frame_keeps_its_parts(district: Ranking) -> None:
    kept = replace(district, frame=district.frame.iloc[:5], detail=district.detail.iloc[:5])
    assert len(kept.parts) == 5
