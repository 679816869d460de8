"""The cases in tests/policies/*.yaml: an official reads and adds them, this carries them out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from data.refusal import Refusal
from scoring.editions.checks import check
from scoring.editions.policy import POLICIES, edition_of, load_edition
from scoring.scores.ranking import Ranking, rank_matrix
from scoring.scores.reasons import reasons
from tests.matrix_by_hand import CATALOGUE, matrix

FILES = sorted((Path(__file__).parent / "policies").glob("*.yaml"))
CASES = [
    pytest.param(case, id=f"{path.stem}: {case['name']}")
    for path in FILES
    for case in yaml.safe_load(path.read_text("utf-8"))
]
FIELDS = {"name", "edition", "enterprise", "track", "rule", "points", "total", "reasons", "barred", "lacks"}
DRAFT_FIELDS = {"name", "edition", "draft", "grounds", "refused"}


def ranked(case: dict[str, Any]) -> Ranking:
    return rank_matrix(matrix({"CASE": case["enterprise"]}), CATALOGUE, load_edition(case["edition"]), None)


def refusals(case: dict[str, Any]) -> list[str]:
    """The rules that an edition breaks with one criterion more."""
    content = yaml.safe_load((POLICIES / f"{case['edition']}.yaml").read_text("utf-8"))
    criterion = dict(case["draft"])
    wanted = criterion.pop("track")
    next(one for one in content["tracks"] if one["id"] == wanted)["criteria"].append(criterion)
    content["legal"]["grounds"] = case.get("grounds", {})
    try:
        return [one.code for one in check(edition_of(content), CATALOGUE)]
    except Refusal as refusal:
        return [one.code for one in refusal.values["mistakes"]]  # type: ignore[attr-defined]


@pytest.mark.parametrize("case", CASES)
def test_case(case: dict[str, Any]) -> None:
    if "draft" in case:
        assert set(case) <= DRAFT_FIELDS, f"unknown fields {set(case) - DRAFT_FIELDS}; allowed: {sorted(DRAFT_FIELDS)}"
        assert refusals(case) == case["refused"]
        return
    assert set(case) <= FIELDS, f"unknown fields {set(case) - FIELDS}; allowed: {sorted(FIELDS)}"
    ranking = ranked(case)
    row = ranking.frame.loc["CASE"]
    assert row["ineligible_reason"] == case.get("barred", "" if case.get("track", "-") else "no-track")
    if "track" in case:
        assert row["track"] == case["track"]
    if "lacks" in case:
        assert row["track_lacks"] == case["lacks"]
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
