"""The list: proven best against brute force, unique, the same twice; what its quotas cost; why there may be none."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.editions.policy import (
    Groups,
    Incumbents,
    Industries,
    ListRules,
    Quota,
    SmallAndMicro,
    Streets,
    load_edition,
)
from scoring.optimum.quotas import Programme, Row, programme
from scoring.optimum.solving import best, optimum
from scoring.scores.ranking import load_ranking
from scoring.selection.answers import bindings, conflict, near_misses
from scoring.selection.directory import select
from tests.conftest import hand_ranking
from tests.district_home import Home


def row(kind: str, name: str, at: list[int], low: int | None, high: int | None) -> Row:
    members = np.array(at, dtype=np.int64)
    side = "min" if high is None else "max"
    number = high if high is not None else low
    return Row(kind, name, side, float(number or 0), members, np.ones(len(at), dtype=np.int64), low, high)


def problem(worth: list[int], rows: list[Row], places: int, groups: list[int] | None = None, cap: int = 0) -> Programme:
    count = len(worth)
    order = np.empty(count, dtype=np.int64)
    order[np.lexsort((np.arange(count), -np.array(worth)))] = np.arange(1, count + 1)
    return Programme(
        ids=np.array([f"E{at:02d}" for at in range(count)], dtype=object),
        worth=np.array(worth, dtype=np.int64),
        order=order,
        groups=np.array(groups or [-1] * count, dtype=np.int64),
        group_cap=cap,
        forced=np.zeros(count, dtype=bool),
        rows=(row("total", "", list(range(count)), None, places), *rows),
    )


def by_hand(programme_: Programme) -> tuple[int, ...] | None:
    """The best list by trying every subset: most members, most worth, least rank sum, first identifiers."""
    count = len(programme_.ids)
    found = None
    for size in range(count + 1):
        for some in combinations(range(count), size):
            chosen = np.zeros(count, dtype=bool)
            chosen[list(some)] = True
            if programme_.holds(chosen):
                worth, order = int(programme_.worth[chosen].sum()), int(programme_.order[chosen].sum())
                key = (-size, -worth, order, some)
                found = min(found, key) if found else key
    return found[3] if found else None


@st.composite
def problems(draw: st.DrawFn) -> Programme:
    """Small programmes with ties, negative worth, minima, shares, groups and forced candidates."""
    count = draw(st.integers(1, 9))
    worth = draw(st.lists(st.integers(-3, 6), min_size=count, max_size=count))
    places = draw(st.integers(1, count + 1))
    kinds = draw(st.lists(st.integers(0, 2), min_size=count, max_size=count))
    streets = draw(st.lists(st.integers(0, 1), min_size=count, max_size=count))
    groups = draw(st.lists(st.integers(-1, 2), min_size=count, max_size=count))
    rows = []
    for kind in range(3):
        at = [place for place, value in enumerate(kinds) if value == kind]
        if at and draw(st.booleans()):
            rows.append(row("track", str(kind), at, None, draw(st.integers(0, 3))))
        if at and draw(st.booleans()):
            rows.append(row("track", str(kind), at, draw(st.integers(1, 2)), None))
    for street in range(2):
        at = [place for place, value in enumerate(streets) if value == street]
        if at and draw(st.booleans()):
            rows.append(row("street", str(street), at, 1, None))
    if draw(st.booleans()):
        weights = np.where(np.array(kinds) == 0, 3, 0) - 1
        rows.append(Row("small_and_micro", "", "min", 1 / 3, np.arange(count), weights, 0, None, 3))
    made = problem(worth, rows, places, groups, draw(st.sampled_from([0, 1, 2])))
    forced = np.array(draw(st.lists(st.sampled_from([False] * 6 + [True]), min_size=count, max_size=count)))
    # Ranks are within tracks, so they repeat: that is what leaves ties to the identifiers.
    order = np.array([1 + sum((worth[o], -o) > (worth[at], -at) for o in range(count) if kinds[o] == kinds[at])
                      for at in range(count)])  # fmt: skip
    return replace(made, forced=forced, order=order)


@settings(max_examples=120, deadline=None)
@given(problems())
def test_the_list_is_the_one_that_trying_everything_finds(made: Programme) -> None:
    expected, found = by_hand(made), best(made, unique=True)
    assert (None if found is None else tuple(np.flatnonzero(found))) == expected


@settings(max_examples=60, deadline=None)
@given(problems())
def test_the_conflict_is_a_smallest_one(made: Programme) -> None:
    """Where there is no list, the quotas named cannot hold together and no fewer quotas cannot either."""
    if best(made) is not None:
        return
    named = conflict(made)
    assert by_hand(under(made, named)) is None
    others = [one for one in (*made.rows, *([made.caps] if made.caps else [])) if one.kind != "total"]
    for size in range(len(named)):
        for some in combinations(others, size):
            assert by_hand(under(made, some)) is not None


def under(made: Programme, named: Iterable[Row]) -> Programme:
    """The programme under some of its quotas alone, the total with them."""
    rows = tuple(row for row in named if row.kind != "group")
    return made.with_rows((made.rows[0], *rows)).with_cap(made.group_cap if len(rows) < len(list(named)) else 0)


@settings(max_examples=60, deadline=None)
@given(problems())
def test_prices_are_those_that_trying_everything_finds(made: Programme) -> None:
    """Every quota and every group, relaxed by one place and drawn by hand: what is gained is the price told."""
    found = optimum(made, unique=True)
    if found is None:
        return
    expected = {}
    relaxed = {row.key: made.with_rows((*made.rows[:at], row.relaxed(), *made.rows[at + 1 :]))
               for at, row in enumerate(made.rows) if row.binds(found.chosen)}  # fmt: skip
    if made.caps is not None:
        relaxed["group", "", "max"] = made.with_cap(made.group_cap + 1)
        for group in np.unique(made.groups[made.groups >= 0]):
            relaxed["group", str(group), "max"] = made.freed(int(group))
    for key, other in relaxed.items():
        chosen = by_hand(other)
        gain = 0 if chosen is None else int(other.worth[list(chosen)].sum()) - found.worth
        if gain > 0:
            expected[key] = gain / 10_000
    assert {one.row.key: one.price for one in bindings(made, found)} == expected


@settings(max_examples=40, deadline=None)
@given(problems(), st.lists(st.integers(-3, 6), min_size=9, max_size=9))
def test_the_start_changes_nothing(made: Programme, other: list[int]) -> None:
    """A search that starts at the prices of other worth ends at the same list."""
    before = optimum(made.with_worth(np.array(other[: len(made.ids)]), made.order))
    if before is None:
        return
    found = best(made, unique=True, start=before.bound.prices)
    assert found is not None
    assert tuple(np.flatnonzero(found)) == by_hand(made)


@settings(max_examples=20, deadline=None)
@given(problems())
def test_a_near_miss_lacks_what_it_says(made: Programme) -> None:
    """With one unit more than it lacks a candidate is on the list; with one less it is not."""
    found = optimum(made, unique=True)
    if found is None:
        return
    for miss in near_misses(made, found, (), 3):
        place = int(np.flatnonzero(made.ids == miss.enterprise_id)[0])
        lacks = round(miss.lacks * 10_000)
        for extra, on in ((lacks + 1, True), (lacks - 1, False)):
            if extra < 0:
                continue
            worth = made.worth.copy()
            worth[place] += extra
            again = best(replace(made, worth=worth), unique=True)
            assert again is not None
            assert bool(again[place]) is on


@settings(max_examples=30, deadline=None)
@given(problems())
def test_the_nearest_misses_are_the_nearest(made: Programme) -> None:
    """No candidate off the list lacks less than those named: each is tried on its own."""
    found = optimum(made, unique=True)
    if found is None:
        return
    lacks = []
    for place in np.flatnonzero(~found.chosen):
        with_it = best(made.with_forced(np.array([place])))
        if with_it is not None and with_it.sum() == found.chosen.sum():
            lacks.append((found.worth - int(made.worth[with_it].sum())) / 10_000)
    assert [miss.lacks for miss in near_misses(made, found, (), 3)] == sorted(lacks)[:3]


def test_a_binding_quota_has_its_price() -> None:
    """Worth 50, 40 in track A (one place) and 30, 10 in B; three places in all: the list is 50, 30, 10.

    One place more in A lets 40 in for 10: +30 units (0.003 points). One place more in all would admit nobody, since A
    is full and B has no other; so the total has no price.
    """
    made = problem([50, 40, 30, 10], [row("track", "A", [0, 1], None, 1)], 3)
    found = optimum(made, unique=True)
    assert found is not None
    assert np.flatnonzero(found.chosen).tolist() == [0, 2, 3]
    (binding,) = bindings(made, found)
    assert (binding.row.key, binding.price) == (("track", "A", "max"), 0.003)
    assert (binding.enters, binding.leaves) == (("E01",), ("E03",))


def test_a_group_cap_has_its_price() -> None:
    """Groups a (50, 40, 35) and b (45, 20), one member each, three places, others 30 and 5: the list is 50, 45, 30.

    One more of a: 40 for 30, +10. One more of b: 20 for 30 gains nothing. One more of every group: 40 for 30, +10. One
    place more in all would admit 5: +5.
    """
    made = problem([50, 40, 35, 45, 20, 30, 5], [], 3, [0, 0, 0, 1, 1, -1, -1], 1)
    made = replace(made, group_names=np.array(["甲集团", "乙集团"], dtype=object))
    found = optimum(made, unique=True)
    assert found is not None
    assert made.ids[found.chosen].tolist() == ["E00", "E03", "E05"]
    told = {one.row.key: (one.price, one.enters, one.leaves) for one in bindings(made, found)}
    assert told == {
        ("total", "", "max"): (0.0005, ("E06",), ()),
        ("group", "", "max"): (0.001, ("E01",), ("E05",)),
        ("group", "甲集团", "max"): (0.001, ("E01",), ("E05",)),
    }


def test_a_group_cap_can_be_part_of_a_conflict() -> None:
    """All four of the street belong to one group, of which one may be listed; the street asks for two."""
    street = row("street", "甲", [0, 1, 2, 3], 2, None)
    made = problem([5, 4, 3, 2, 1], [row("track", "A", [4], None, 1), street], 3, [0, 0, 0, 0, -1], 1)
    assert best(made) is None
    assert [one.key for one in conflict(made)] == [("street", "甲", "min"), ("group", "", "max")]


def test_ties_go_to_the_smaller_rank_sum_then_to_the_identifier() -> None:
    made = problem([5, 5, 5], [], 1)
    assert np.flatnonzero(best(made, unique=True)).tolist() == [0]
    ranked = replace(made, order=np.array([3, 2, 1]))
    assert np.flatnonzero(best(ranked, unique=True)).tolist() == [2]


def test_places_are_filled_before_points_are_counted() -> None:
    """A candidate with negative worth is still better than an empty place."""
    assert best(problem([5, -2], [], 2), unique=True).sum() == 2  # type: ignore[union-attr]


def rules(**sections: object) -> ListRules:
    return ListRules(basis="proposal", ref="directory", **{"places": 4, "reserve": 3, **sections})


SCORES = {f"E{at:02d}": 100.0 - at for at in range(8)}


def drawn(sections: dict[str, object], **columns: object) -> list[str]:
    ranking = hand_ranking(SCORES)
    edition = load_edition("generic").model_copy(update={"list": rules(**sections)})
    frame = ranking.frame.assign(**columns)
    return select(replace(ranking, frame=frame), edition).members["enterprise_id"].tolist()


def test_without_quotas_the_first_are_listed() -> None:
    assert drawn({}) == ["E00", "E01", "E02", "E03"]


def test_a_group_has_its_cap() -> None:
    groups = ["g", "g", "g", None, None, None, None, None]
    assert drawn({"groups": Groups(max=1, ref="factors")}, group_id=groups) == ["E00", "E03", "E04", "E05"]


def test_small_and_micro_have_their_share() -> None:
    """Half of four places are two: E06 and E07, the only small ones, push out the third and fourth."""
    sizes = ["large"] * 6 + ["small", "micro"]
    quota = SmallAndMicro(min_share=0.5, ref="factors")
    assert drawn({"small_and_micro": quota}, size_class=sizes) == ["E00", "E01", "E06", "E07"]


def test_every_street_has_its_least() -> None:
    streets = ["甲"] * 7 + ["乙"]
    assert drawn({"streets": Streets(min=2, ref="factors")}, street=streets) == ["E00", "E01", "E02", "E07"]


def test_an_industry_has_its_share_of_the_places() -> None:
    """Half of four places: two of section I, then the first two of others."""
    sections = ["I"] * 5 + ["J", "K", "L"]
    quota = Industries(max_share=0.5, ref="factors")
    assert drawn({"industries": quota}, industry_section=sections) == ["E00", "E01", "E05", "E06"]


def test_an_incumbent_stays_within_the_margin() -> None:
    """E04 has 96 points, E03 97: with a margin of 1.5 the incumbent E04 stays, with 0.5 it goes."""
    incumbent = [False] * 4 + [True] + [False] * 3
    stays = {"incumbents": Incumbents(margin=1.5, ref="factors")}
    goes = {"incumbents": Incumbents(margin=0.5, ref="factors")}
    assert drawn(stays, incumbent=incumbent) == ["E00", "E01", "E02", "E04"]
    assert drawn(goes, incumbent=incumbent) == ["E00", "E01", "E02", "E03"]


def test_a_track_has_a_lowest_score() -> None:
    ranking = hand_ranking(SCORES)
    edition = load_edition("generic")
    track = edition.tracks[0].model_copy(update={"at_least": 98.0})
    edition = edition.model_copy(update={"list": rules(), "tracks": (track,)})
    assert select(ranking, edition).members["enterprise_id"].tolist() == ["E00", "E01", "E02"]


def test_decisions_hold_and_say_so() -> None:
    ranking = hand_ranking(SCORES)
    edition = load_edition("generic").model_copy(update={"list": rules()})
    chosen = select(ranking, edition, {"E07": "include", "E00": "exclude", "E01": "defer"})
    assert dict(zip(chosen.members["enterprise_id"], chosen.members["via"], strict=True)) == {
        "E02": "points", "E03": "points", "E04": "points", "E07": "override",
    }  # fmt: skip
    assert chosen.members["position"].tolist() == [1, 2, 3, 4]
    assert chosen.digest != select(ranking, edition).digest


def test_the_included_are_listed_even_without_a_rank() -> None:
    ranking = hand_ranking(SCORES)
    frame = ranking.frame.copy()
    frame.loc["E07", "eligible"], frame.loc["E07", "rank"] = False, pd.NA
    edition = load_edition("generic").model_copy(update={"list": rules()})
    members = select(replace(ranking, frame=frame), edition, {"E07": "include"}).members
    assert members["enterprise_id"].tolist() == ["E00", "E01", "E02", "E07"]


def test_what_cannot_hold_together_is_named() -> None:
    """At most one of the track, at least three on the street: the two cannot hold; the total could."""
    ranking = hand_ranking(SCORES)
    sections = {"tracks": {"all": Quota(max=1, ref="factors")}, "streets": Streets(min=3, ref="factors")}
    edition = load_edition("generic").model_copy(update={"list": rules(**sections)})
    selection = select(ranking, edition)
    assert selection.members.empty
    assert [one.key for one in selection.infeasible] == [("track", "all", "max"), ("street", "新泾镇", "min")]
    assert (selection.binding, selection.near_misses, len(selection.reserve)) == ((), (), 0)


def test_the_reserve_begins_with_who_lacks_least() -> None:
    """The fourth has 97 points and the last place; E04 with 96 lacks 1, E05 2, E06 3."""
    edition = load_edition("generic").model_copy(update={"list": rules()})
    reserve = select(hand_ranking(SCORES), edition).reserve
    assert reserve["enterprise_id"].tolist() == ["E04", "E05", "E06"]
    assert reserve["lacks"].tolist() == [1.0, 2.0, 3.0]


def test_an_incumbent_that_is_not_listed_is_an_exit() -> None:
    ranking = hand_ranking(SCORES)
    frame = ranking.frame.assign(incumbent=[False] * 7 + [True])
    edition = load_edition("generic").model_copy(update={"list": rules()})
    assert select(replace(ranking, frame=frame), edition).exits["enterprise_id"].tolist() == ["E07"]


def test_nobody_to_choose_from_is_an_empty_list() -> None:
    ranking = hand_ranking(SCORES)
    frame = ranking.frame.assign(eligible=False, rank=pd.array([pd.NA] * 8, dtype="Int64"))
    edition = load_edition("generic").model_copy(update={"list": rules()})
    selection = select(replace(ranking, frame=frame), edition)
    assert selection.members.empty
    assert selection.infeasible == ()


def test_the_district_s_list_keeps_every_quota(made_home: Home) -> None:
    from data.settings import Settings

    ranking = load_ranking(Settings(home=made_home.path), made_home.digest)
    selection = select(ranking, ranking.edition)
    problem_ = programme(ranking.frame, ranking.edition, {})
    chosen = np.isin(problem_.ids, selection.members["enterprise_id"].to_numpy())
    assert selection.infeasible or problem_.holds(chosen)
    assert len(selection.members) == chosen.sum()


@pytest.mark.parametrize("threads", ["1", "2"])
def test_the_same_list_on_any_number_of_threads(made_home: Home, threads: str) -> None:
    code = (
        "import sys; from pathlib import Path; from data.settings import Settings;"
        "from scoring.scores.ranking import load_ranking; from scoring.selection.directory import select;"
        "r = load_ranking(Settings(home=Path(sys.argv[1])), sys.argv[2]); print(select(r, r.edition).digest)"
    )
    environment = os.environ | {"OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads}
    told = subprocess.run(
        [sys.executable, "-c", code, str(made_home.path), made_home.digest],
        env=environment, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    from data.settings import Settings

    ranking = load_ranking(Settings(home=made_home.path), made_home.digest)
    assert told.split() == [select(ranking, ranking.edition).digest]  # nothing else is written to standard output
