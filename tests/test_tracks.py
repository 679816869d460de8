"""Tracks: one for each enterprise, the most favourable; and who is barred from all."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from data.store import Source, Store
from scoring.editions.circumstances import Circumstances, circumstances, describe
from scoring.editions.policy import Condition, Edition, Quota, load_edition
from scoring.scores.ranking import rank_matrix
from scoring.scores.tracks import assign, qualify
from tests.matrix_by_hand import AS_OF, CATALOGUE, matrix

EDITION = load_edition("changning-2026")


def facts(rows: dict[str, dict[str, object]]) -> Circumstances:
    return circumstances(matrix(rows), EDITION, CATALOGUE, None)


def meets(rows: dict[str, dict[str, object]], **test: object) -> list[bool]:
    return facts(rows).meets(Condition.model_validate(test)).tolist()


def test_a_condition_has_five_forms() -> None:
    rows: dict[str, dict[str, object]] = {
        "a": {"status": "存续", "revenue_log": 1_000_000.0},
        "b": {"status": "已注销", "revenue_log": 999_999.0},
        "c": {},
    }
    assert meets(rows, field="status", one_of=["存续"]) == [True, False, False]
    assert meets(rows, field="status", contains=["注销"]) == [False, True, False]
    assert meets(rows, field="revenue_log", at_least=1_000_000) == [True, False, False]
    assert meets(rows, field="revenue_log", less_than=1_000_000) == [False, True, False]
    assert meets(rows, field="revenue_log", known=True) == [True, True, False]
    assert meets(rows, field="status", known=False) == [False, False, True]


def test_a_logarithm_keeps_its_threshold_in_persons() -> None:
    """employees_log is log(1 + persons): 9 persons are fewer than 10, though log(1 + 9) = log 10."""
    rows: dict[str, dict[str, object]] = {"a": {"employees_log": 9.0}, "b": {"employees_log": 10.0}}
    assert meets(rows, field="employees_log", at_least=10) == [False, True]


def test_natural_values_come_back() -> None:
    for feature in CATALOGUE:
        what = describe(feature)
        if feature.kind == "number":
            values = np.array([0.5, 1.0, 123.0, 5e8])
            assert np.allclose(what.natural(what.stored(values)), values, rtol=1e-12)


def two_tracks(places: tuple[int, int]) -> Edition:
    """Two tracks that take everyone, with the places given."""
    generic = load_edition("generic")
    tracks = tuple(generic.tracks[0].model_copy(update={"id": name}) for name in ("one", "two"))
    quotas = {name: Quota(max=most, ref="factors") for name, most in zip(("one", "two"), places, strict=True)}
    rules = generic.list.model_copy(update={"tracks": quotas})
    return generic.model_copy(update={"tracks": tracks, "list": rules})


def assigned(scores: dict[str, list[float]], places: tuple[int, int], qualified: dict[str, list[bool]]) -> list[str]:
    index = [f"E{at}" for at in range(len(scores["one"]))]
    units = pd.DataFrame(scores, index=index)
    may = pd.DataFrame(qualified, index=index)
    return assign(units, may, np.ones(len(index), dtype=bool), two_tracks(places)).tolist()


def test_the_track_with_the_better_standing_is_chosen() -> None:
    """E0 is third of three for one place in "one" (3 / 1), first of three for one place in "two" (1 / 1)."""
    everyone = {"one": [True] * 3, "two": [True] * 3}
    assert assigned({"one": [50, 60, 70], "two": [40, 30, 20]}, (1, 1), everyone)[0] == "two"


def test_more_places_make_a_track_more_favourable() -> None:
    """Second in both: 2 / 10 places in "one" stands better than 2 / 1 in "two"."""
    everyone = {"one": [True] * 2, "two": [True] * 2}
    assert assigned({"one": [50, 60], "two": [50, 60]}, (10, 1), everyone) == ["one", "one"]


def test_equal_standing_goes_to_the_higher_score_then_to_the_first_named() -> None:
    alone = {"one": [True], "two": [True]}
    assert assigned({"one": [50], "two": [60]}, (5, 5), alone) == ["two"]
    assert assigned({"one": [60], "two": [60]}, (5, 5), alone) == ["one"]


def test_who_qualifies_for_nothing_has_no_track() -> None:
    assert assigned({"one": [50], "two": [60]}, (5, 5), {"one": [False], "two": [False]}) == [""]


def test_the_first_rule_that_holds_is_named() -> None:
    found = qualify(facts({"a": {"size_class": "small", "rd_intensity": 0.05, "invention_patents_log": 2.0}}), EDITION)
    assert found.rules.at["a", "innovative-small"] == "research"
    assert not found.tracks.at["a", "headquarters-scale"]


def test_a_serious_listing_bars_while_it_is_in_force(store: Store) -> None:
    """Listed on 2025-01-01, known then; its removal on 2026-03-01 becomes known on 2026-07-01, after the date."""
    listed = pd.DataFrame({"enterprise_id": ["a"], "kind": ["严重违法失信名单"], "listed_on": [date(2025, 1, 1)]})
    store.add(Source("one.csv", "1" * 64, "tests"), {"integrity_events": listed}, date(2025, 1, 1))
    store.add(
        Source("two.csv", "2" * 64, "tests"),
        {"integrity_events": listed.assign(removed_on=date(2026, 3, 1))},
        date(2026, 7, 1),
    )
    rows: dict[str, dict[str, object]] = {"a": {"size_class": "large"}, "b": {"size_class": "large"}}
    made = matrix(rows)
    frame = rank_matrix(made, CATALOGUE, EDITION, store).frame
    assert made.as_of == AS_OF == date(2026, 6, 30)
    assert frame["ineligible_reason"].to_dict() == {"a": "serious-listing", "b": ""}
    from dataclasses import replace

    later = rank_matrix(replace(made, as_of=date(2026, 7, 1)), CATALOGUE, EDITION, store).frame
    assert later["ineligible_reason"].to_dict() == {"a": "", "b": ""}
    assert pd.isna(frame.at["a", "rank"])
    assert frame.at["b", "rank"] == 1


def test_a_certificate_counts_until_it_expires(store: Store) -> None:
    held = pd.DataFrame(
        {"enterprise_id": ["a", "b"], "kind": "跨国公司地区总部", "granted_on": date(2020, 1, 1),
         "expires_on": [date(2026, 6, 30), date(2026, 7, 1)]}
    )  # fmt: skip
    store.add(Source("one.csv", "1" * 64, "tests"), {"recognitions": held}, date(2021, 1, 1))
    rows: dict[str, dict[str, object]] = {"a": {"size_class": "small"}, "b": {"size_class": "small"}}
    frame = rank_matrix(matrix(rows), CATALOGUE, EDITION, store).frame
    assert frame["track_rule"].to_dict()["b"] == "headquarters"
    assert frame["track_rule"].to_dict()["a"] != "headquarters"
