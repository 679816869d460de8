"""The cases in tests/policies/*.yaml: an official reads and adds them, this carries them out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from scoring.editions.policy import load_edition
from scoring.scores.ranking import Ranking, rank_matrix
from scoring.scores.reasons import reasons
from tests.matrix_by_hand import CATALOGUE, matrix

FILES = sorted((Path(__file__).parent / "policies").glob("*.yaml"))
CASES = [
    pytest.param(case, id=f"{path.stem}: {case['name']}")
    for path in FILES
    for case in yaml.safe_load(path.read_text("utf-8"))
]
FIELDS = {"name", "edition", "enterprise", "track", "rule", "points", "total", "reasons", "barred"}


def ranked(case: dict[str, Any]) -> Ranking:
    return rank_matrix(matrix({"CASE": case["enterprise"]}), CATALOGUE, load_edition(case["edition"]), None)


@pytest.mark.parametrize("case", CASES)
def test_case(case: dict[str, Any]) -> None:
    assert set(case) <= FIELDS, f"unknown fields {set(case) - FIELDS}; allowed: {sorted(FIELDS)}"
    ranking = ranked(case)
    row = ranking.frame.loc["CASE"]
    assert row["ineligible_reason"] == case.get("barred", "" if case.get("track", "-") else "no-track")
    if "track" in case:
        assert row["track"] == case["track"]
    if "rule" in case:
        assert row["track_rule"] == case["rule"]
    if "total" in case:
        assert row["card_points"] == case["total"]
    if "points" in case:
        card = ranking.detail.loc["CASE"]
        assert {name.removeprefix("card."): points for name, points in card.items() if points} == case["points"]
    for language, sentences in case.get("reasons", {}).items():
        found = reasons(ranking, "CASE", language, 50)
        told = "\n".join(one.text for one in (*found.for_, *found.against, *found.unknown))
        assert [sentence for sentence in sentences if sentence not in told] == []
