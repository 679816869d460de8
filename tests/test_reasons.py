"""Reasons: sentences that state their numbers, in both languages, ordered by what they weigh."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from data.refusal import Refusal
from data.settings import Settings
from scoring.editions.circumstances import Described
from scoring.editions.policy import load_edition
from scoring.messages import LANGUAGES
from scoring.scores.points import Voice
from scoring.scores.ranking import Ranking, load_ranking, rank_matrix
from scoring.scores.reasons import (
    _place,
    check_sentence,
    find_enterprise,
    numbers_in,
    reason_table,
    reasons,
    unknown_features,
    value_text,
)
from scoring.scores.voices import Heard
from tests.district_home import Home
from tests.matrix_by_hand import CATALOGUE, matrix

EDITION = load_edition("changning-2026")

# Three large enterprises; R&D intensity 6 % / 2 % / 0 gives 6, 2, 0 points, revenue 15, 12, 4.
ROWS: dict[str, dict[str, object]] = {
    "a": {"size_class": "large", "revenue_log": 3.2e9, "rd_intensity": 0.06, "integrity_open": 0.0, "name": "甲公司"},
    "b": {"size_class": "large", "revenue_log": 6e8, "rd_intensity": 0.02, "integrity_open": 1.0, "name": "乙公司"},
    "c": {"size_class": "large", "revenue_log": 3e7, "rd_intensity": 0.0, "name": "乙公司"},
}


@pytest.fixture(scope="module")
def by_hand() -> Ranking:
    return rank_matrix(matrix(ROWS), CATALOGUE, EDITION, None)


def test_a_reason_says_value_standing_points_and_difference(by_hand: Ranking) -> None:
    """a: 6 points for R&D, the average of 6, 2 and 0 is 2.67, so 3.3 more; better than both others: the best."""
    told = {language: reasons(by_hand, "a", language) for language in LANGUAGES}
    chinese, english = ({one.feature: one for one in told[language].for_} for language in LANGUAGES)
    assert chinese["rd_intensity"].text == "研发强度 6.0%，居同类首位：+6.0 分，比同类平均多 3.3 分"
    assert english["rd_intensity"].text == (
        "R&D intensity: 6.0%, the best of the track, gives +6.0 points, 3.3 above the track's average"
    )
    assert chinese["revenue_log"].text == "营业收入 32亿元，居同类首位：+15.0 分，比同类平均多 4.7 分"
    assert english["revenue_log"].text == (
        "Revenue: CNY 3.2 billion, the best of the track, gives +15.0 points, 4.7 above the track's average"
    )


def test_reasons_stand_by_weight_and_side(by_hand: Ranking) -> None:
    """c: revenue 4 against 10.33 (-6.3), R&D 0 against 2.67 (-2.7); integrity unknown, 3 points at most."""
    found = reasons(by_hand, "c", "en")
    assert [one.feature for one in found.against] == ["revenue_log", "rd_intensity"]
    assert found.for_ == ()
    assert "integrity_open" in [one.feature for one in found.unknown]
    # Two criteria are worth 15 at most and come first, by name: jobs in the district, revenue is known.
    assert unknown_features(by_hand, "c")[0] == "district_insured_log"


def test_what_is_unknown_says_what_it_could_give(by_hand: Ranking) -> None:
    found = {one.feature: one.text for one in reasons(by_hand, "c", "zh-CN").unknown}
    assert found["integrity_open"] == "没有未移出的失信记录的数据：该项最高 3 分，现按 0 分计"


def test_a_part_against_its_direction_is_marked() -> None:
    """A model that takes points from the enterprise with the most R&D runs against the declared direction."""
    parts = pd.DataFrame({"rd_intensity": [-0.5, 0.2, 0.3]}, index=pd.Index(["a", "b", "c"], name="enterprise_id"))
    odds = parts["rd_intensity"].to_numpy()
    voice = Voice("growth", "growth", 1, "d", "some", parts, 0.0, odds[:, None], np.full(3, 0.5))
    ranking = rank_matrix(matrix(ROWS), CATALOGUE, EDITION, None, Heard((voice,), {"growth": "some"}, ()))
    marked = {
        key: [one.feature for one in (*found.for_, *found.against) if one.runs_against]
        for key in ROWS
        for found in [reasons(ranking, key, "en")]
    }
    assert marked == {"a": ["rd_intensity"], "b": [], "c": ["rd_intensity"]}


def test_every_reason_of_a_district_states_its_numbers(made_home: Home) -> None:
    """`reasons` reads every number back from its sentence and raises where one is not what it was made from."""
    ranking = load_ranking(Settings(home=made_home.path), made_home.digest)
    for key in ranking.frame.index[::12]:
        for language in LANGUAGES:
            found = reasons(ranking, str(key), language, 30)
            for one in (*found.for_, *found.against, *found.unknown):
                assert "{" not in one.text
                assert one.points == pytest.approx(sum(one.sources.values()))


def test_a_sentence_that_states_another_number_is_caught() -> None:
    check_sentence("得 6.2 分,3,456万元", [6.24, 34_563_000.0], "zh-CN")
    for wrong in ([6.3, 34_563_000.0], [6.2], [6.2, 34_566_000.0]):
        with pytest.raises(ArithmeticError):
            check_sentence("得 6.2 分,3,456万元", wrong, "zh-CN")


def test_numbers_are_read_with_their_rounding() -> None:
    assert numbers_in("CNY 213.38 million, -5.0%, +1,200 persons") == [
        (213_380_000.0, 5000.0), (-0.05, pytest.approx(0.0005)), (1200.0, 0.5),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("unit", "value", "chinese", "english"),
    [
        ("CNY", 34_560_000.0, "3,456万元", "CNY 34.56 million"),
        ("CNY", 120_000_000.0, "1.2亿元", "CNY 120 million"),
        ("persons", 1.0, "1 人", "1 person"),
        ("persons", 1200.0, "1,200 人", "1,200 persons"),
        ("1", 0.384, "38.4%", "38.4%"),
        ("years", 1.0, "1 年", "1 year"),
        ("CNY/person", 480_000.0, "48万元/人", "CNY 480,000 per person"),
        ("座", 3.0, "3 座", "3 座"),
    ],
)
def test_values_are_written_by_locale(unit: str, value: float, chinese: str, english: str) -> None:
    what = Described("x", "status", unit, 1, "甲", "a")
    assert (value_text(what, value, "zh-CN"), value_text(what, value, "en")) == (chinese, english)


def test_a_flag_is_yes_or_no_and_a_place_is_a_place() -> None:
    flag = Described("x", "status", "1", 1, "甲", "a")
    place = Described("x", "status", "1", 1, "甲", "a", relative_to="industry")
    assert value_text(flag, 1.0, "zh-CN", flag=True) == "是"
    assert value_text(place, 0.88, "zh-CN") == "居同行前 12%"
    assert value_text(place, 0.26, "zh-CN") == "居同行后 26%"
    assert value_text(place, 0.0, "en") == "among the last 1% of its peers"
    everyone = replace(place, relative_to="all")  # a rank among everyone is none among the industry's
    assert value_text(everyone, 0.88, "zh-CN") == "居全部企业前 12%"
    assert value_text(everyone, 0.26, "en") == "among the last 26% of all enterprises"
    assert value_text(flag, -0.0004, "en") == "0.0%"
    assert value_text(place, None, "en") == "unknown"


def test_an_enterprise_is_found_by_identifier_or_name(by_hand: Ranking) -> None:
    assert find_enterprise(by_hand, "a") == find_enterprise(by_hand, " 甲公司 ") == "a"


def test_an_unknown_enterprise_gets_the_nearest_names(by_hand: Ranking) -> None:
    with pytest.raises(Refusal, match="enterprise-unknown") as refused:
        find_enterprise(by_hand, "甲公可")
    assert refused.value.values["nearest"] == ["甲公司"]
    with pytest.raises(Refusal, match="enterprise-ambiguous"):
        find_enterprise(by_hand, "乙公司")


def test_the_table_of_all_reasons_agrees_with_the_sentences(made_home: Home) -> None:
    ranking = load_ranking(Settings(home=made_home.path), made_home.digest)
    table = reason_table(ranking, 3)
    key = str(ranking.frame.index[ranking.frame["rank"] == 2][0])
    own = table[(table["enterprise_id"] == key) & (table["side"] == "for")]
    found = reasons(ranking, key, "en", 3)
    assert own["difference"].tolist() == pytest.approx([one.difference for one in found.for_])
    for row, one in zip(own.itertuples(), found.for_, strict=True):
        if row.feature == one.feature and one.better_than is not None:
            assert row.better_than == pytest.approx(one.better_than)


@pytest.mark.parametrize(
    ("better", "chinese", "english"),
    [
        (0.964, "优于 96% 的同类企业", "better than 96% of the track"),
        (0.004, "优于不足 1% 的同类企业", "better than fewer than 1% of the track"),
        (0.0, "居同类末位（含并列）", "the last of the track or equal to it"),
        (1.0, "居同类首位", "the best of the track"),
    ],
)
def test_a_place_is_said_as_people_say_it(better: float, chinese: str, english: str) -> None:
    assert chinese in _place(better, "zh-CN")[0]
    assert english in _place(better, "en")[0]


def test_industries_and_grades_are_told_by_name() -> None:
    division = Described("industry_division", "industry", "", 0, "行业大类", "Industry division", kind="category")
    section = Described("industry_section", "industry", "", 0, "行业门类", "Industry section", kind="category")
    key = Described("key_industry", "industry", "1", 1, "重点产业", "Key industry")
    assert value_text(division, "51", "zh-CN") == "51 批发业"
    assert value_text(section, "C", "en") == "Manufacturing"
    assert [value_text(key, value, "zh-CN") for value in (1.0, 0.5, 0.0)] == ["是", "相关行业", "否"]


def test_without_a_track_there_is_nothing_to_compare_with(by_hand: Ranking) -> None:
    frame = by_hand.frame.copy()
    frame.loc["a", ["track", "eligible", "ineligible_reason"]] = ["", False, "no-track"]
    found = reasons(replace(by_hand, frame=frame), "a", "en")
    assert (found.for_, found.against, found.unknown) == ((), (), ())


def test_no_jargon_reaches_a_reader(by_hand: Ranking) -> None:
    for language in LANGUAGES:
        for key in ROWS:
            found = reasons(by_hand, key, language, 30)
            told = " ".join(one.text for one in (*found.for_, *found.against, *found.unknown))
            assert not any(word in told for word in ("SHAP", "log-odds", "logit", "percentile", "对数", "_"))
