"""Coverage: rates, gaps and intervals with answers known from elsewhere; turnover; the list without a factor."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from data.settings import Settings
from scoring.editions.policy import ListRules, load_edition
from scoring.scores.ranking import load_ranking
from scoring.selection.coverage import coverage, newcombe, spreads, turnover, wilson, without_factor
from scoring.selection.directory import select
from tests.conftest import hand_ranking
from tests.district_home import Home


def test_wilson_agrees_with_published_values() -> None:
    """Newcombe (1998), table I, Wilson score: 81/263 -> 0.2553..0.3662; 15/148 -> 0.0624..0.1605; 0/20 -> 0..0.1611."""
    low, high = wilson(np.array([81, 15, 0]), np.array([263, 148, 20]))
    assert low.round(4).tolist() == [0.2553, 0.0624, 0.0]
    assert high.round(4).tolist() == [0.3662, 0.1605, 0.1611]


def test_nobody_tried_says_nothing() -> None:
    low, high = wilson(np.array([0]), np.array([0]))
    assert (low[0], high[0]) == (0.0, 1.0)


def test_differences_agree_with_published_values() -> None:
    """Newcombe (1998), method 10: 56/70 - 48/80 -> 0.0524..0.3339; 9/10 - 3/10 -> 0.1705..0.8090."""
    low, high = newcombe((np.array([56, 9]), np.array([70, 10])), (np.array([48, 3]), np.array([80, 10])))
    assert low.round(4).tolist() == [0.0524, 0.1705]
    assert high.round(4).tolist() == [0.3339, 0.8090]


def test_rates_gaps_and_verdicts() -> None:
    """Forty enterprises by points; the first ten are listed. On street 甲 stand the first twenty.

    Rate 10/20 against 0/20: over; the other street is under. A street of four is too few to say.
    """
    scores = {f"E{at:02d}": 100.0 - at for at in range(40)}
    ranking = hand_ranking(scores)
    streets = ["甲"] * 20 + ["乙"] * 16 + ["丙"] * 4
    ranking = replace(ranking, frame=ranking.frame.assign(street=streets, incumbent=[True] * 5 + [False] * 35))
    rules = ListRules(places=10, basis="proposal", ref="directory", reserve=0)
    edition = load_edition("generic").model_copy(update={"list": rules})
    found = coverage(ranking, select(ranking, edition))
    street = found.groups[found.groups["dimension"] == "street"].set_index("group")
    assert street["listed"].to_dict() == {"甲": 10, "乙": 0, "丙": 0}
    assert street["rate"].to_dict() == {"甲": 0.5, "乙": 0.0, "丙": 0.0}
    assert street.loc["甲", "gap"] == 0.5
    assert street["verdict"].to_dict() == {"甲": "over", "乙": "under", "丙": "too-few"}
    apart = found.spreads.set_index("dimension").loc["street"]
    assert (apart["highest"], apart["lowest"], apart["difference"], apart["ratio"]) == ("甲", "乙", 0.5, 0.0)
    assert (len(found.turnover.stay), len(found.turnover.enter), found.turnover.rate) == (5, 5, 0.0)
    assert found.small_and_micro == 0.5  # every other enterprise of the hand-made ranking is small
    assert len(found.never_looked_at) == 40
    assert found.never_looked_at["listed"].sum() == 10


def test_who_takes_no_part_is_counted_with_the_reason() -> None:
    """Of six, one is deregistered and two have no track: they stand in every dimension and in no rate."""
    ranking = hand_ranking({f"E{at}": 90.0 - at for at in range(6)}, places=2)
    frame = ranking.frame.copy()
    out = {"E3": "deregistered", "E4": "no-track", "E5": "no-track"}
    for key, reason in out.items():
        frame.loc[key, ["eligible", "ineligible_reason", "track"]] = [False, reason, ""]
        frame.loc[key, "rank"] = pd.NA
    ranking = replace(ranking, frame=frame)
    found = coverage(ranking, select(ranking, ranking.edition))
    assert found.enterprises == 6
    assert found.outside.to_dict("records") == [
        {"reason": "no-track", "enterprises": 2}, {"reason": "deregistered", "enterprises": 1},
    ]  # fmt: skip
    track = found.groups[found.groups["dimension"] == "track"].set_index("group")
    assert track["enterprises"].to_dict() == {"all": 3, "": 3}
    assert track["eligible"].to_dict() == {"all": 3, "": 0}


def test_groups_are_told_in_their_own_order() -> None:
    ranking = hand_ranking({f"E{at}": 90.0 - at for at in range(6)}, places=2)
    sizes = ["micro", "large", "undetermined", "small", "medium", "micro"]
    ranking = replace(ranking, frame=ranking.frame.assign(size_class=sizes, age_years=[12.0, 1, 4, 30, 7, np.nan]))
    groups = coverage(ranking, select(ranking, ranking.edition)).groups
    told = {name: own["group"].tolist() for name, own in groups.groupby("dimension")}
    assert told["size_class"] == ["large", "medium", "small", "micro", "undetermined"]
    assert told["age"] == ["0-3", "3-5", "5-10", "10-20", "20+", ""]


def test_turnover_counts_who_left() -> None:
    change = turnover(["a", "b", "c", "d"], ["c", "d", "e"])
    assert (change.stay, change.enter, change.leave, change.rate) == (("c", "d"), ("e",), ("a", "b"), 0.5)


def test_a_list_without_a_factor_is_drawn_by_the_same_rules() -> None:
    """Points are 60 % revenue (status), 40 % R&D (innovation) of the score: without one the order stays.

    With all of E01's points in innovation it falls out when innovation does not count.
    """
    ranking = hand_ranking({"E01": 90.0, "E02": 80.0, "E03": 70.0}, places=2)
    detail = ranking.detail.copy()
    detail.loc["E01"] = [0.0, 90.0]
    ranking = replace(ranking, detail=detail)
    selection = select(ranking, ranking.edition)
    assert selection.members["enterprise_id"].tolist() == ["E01", "E02"]
    without = without_factor(ranking, selection, "innovation")
    assert without.members["enterprise_id"].tolist() == ["E02", "E03"]
    assert without.members["score"].tolist() == [48.0, 42.0]


def test_a_district_s_coverage_is_consistent(made_home: Home) -> None:
    ranking = load_ranking(Settings(home=made_home.path), made_home.digest)
    found = coverage(ranking, select(ranking, ranking.edition))
    for _, own in found.groups.groupby("dimension"):
        assert own["enterprises"].sum() == len(ranking.frame)
        assert own["listed"].sum() == own["eligible"].mul(own["rate"]).sum().round()
        assert own["share_of_list"].sum() in (0.0, pytest.approx(1.0))
    assert (found.groups["low"] <= found.groups["rate"] + 1e-12).all()
    assert (found.groups["rate"] <= found.groups["high"] + 1e-12).all()
    assert spreads(found.groups)["difference"].ge(0).all()
