"""Views of the ranking: what they hold, in which order, and their address; names as text."""

from __future__ import annotations

import html
import io
import re
from collections import Counter

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as settings_of
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from dashboard.charts import year_tables
from dashboard.display import as_label, as_text
from dashboard.entrance import local_address
from dashboard.events import event_text
from dashboard.point_breakdown import by_source
from dashboard.saved_view import LISTS, SORTS, View, beside, page_of, pick, searchable
from data.accounts import Accounts
from data.ledger import Event
from data.settings import Settings
from scoring.committee.review import Review
from scoring.scores.ranking import load_ranking
from tests.district_home import Home
from tests.page_texts import Open, person, review_of, rows_of_table, store_of, table_rows


def test_names_are_shown_as_they_are() -> None:
    name = "<b>*甲*</b> :smile: [x](y) $z$"
    assert html.unescape(as_text(name)) == f"<bdi>{name}</bdi>"
    assert "<b>" not in as_text(name)
    assert re.sub(r"[\\\u200b]", "", as_label(name)) == name


def test_only_our_own_addresses_are_gone_to() -> None:
    for evil in ("//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/a\r\nb", ""):
        assert local_address(evil) == "/"
    assert local_address("/enterprise?id=E1") == "/enterprise?id=E1"


def test_a_view_is_its_address() -> None:
    view = View(q="甲", track="start-ups", status="near", sort="name", reverse=True, page=4)
    assert View.of(view.query()) == view
    assert View.of({"page": "-1", "sort": "'; drop", "status": "x"}) == View()


def test_places_in_a_view(here: Home) -> None:
    store = store_of(here)
    review = Review(store, Settings(home=here.path), here.round_id)
    frame = review.ranking(Accounts(store.engine).find("委员甲")).frame
    rows = searchable(frame.assign(place="off", near=False, decision="", track_order=0))
    found = pick(rows, View())
    # best first, equal points by identifier; who takes no part comes last
    expected = sorted(rows.index, key=lambda key: (pd.isna(rows.at[key, "rank"]), -rows.at[key, "score"], key))
    assert list(rows.index[found]) == expected
    last, pages = page_of(rows, found, View(page=9999))
    assert pages == -(-len(rows) // 50)
    assert list(last.index) == expected[(pages - 1) * 50 :]
    assert beside(rows, found, expected[0]) == ("", expected[1], 1)
    assert beside(rows, found, expected[-1]) == (expected[-2], "", len(expected))
    assert beside(rows, found, "nobody") == ("", "", 0)
    ranked = rows.index[pick(rows, View(sort="rank"))]
    assert rows.loc[ranked[-1], "rank"] is pd.NA  # who has no rank comes last
    assert set(rows.index[pick(rows, View(q="e0004"))]) == {f"E0004{digit}" for digit in range(10)}


@settings_of(max_examples=40, deadline=None)
@given(
    sort=st.sampled_from(sorted(SORTS)),
    reverse=st.booleans(),
    status=st.sampled_from(LISTS),
    scores=st.lists(st.one_of(st.integers(0, 3), st.none()), min_size=1, max_size=30),
)
def test_a_view_shows_each_match_once(sort: str, reverse: bool, status: str, scores: list[int | None]) -> None:
    """Whatever the order, a view holds exactly the rows that its filter lets through."""
    index = pd.Index([f"E{at:02d}" for at in range(len(scores))])
    value = pd.array(scores, dtype="Int64")
    some = [at % 3 for at in range(len(scores))]
    rows = pd.DataFrame(
        {"name": "甲", "track": "a", "size_class": "small", "industry_section": "I", "street": "", "score": value,
         "rank": value, "rank_low": value, "rank_high": value, "inclusion": value, "coverage": value,
         "eligible": [one > 0 for one in some], "place": [("listed", "off", "reserve")[one] for one in some],
         "near": [one == 1 for one in some], "decision": ["" if one else "defer" for one in some], "track_order": 0},
        index=index,
    )  # fmt: skip
    found = pick(searchable(rows), View(sort=sort, reverse=reverse, status=status))
    wanted = {"listed": 0, "off": 1, "reserve": 2, "near": 1, "decided": 0, "ineligible": 0}
    kept = [at for at, one in enumerate(some) if status == "all" or one == wanted[status]]
    assert sorted(found) == kept


def test_search_and_filters_are_in_the_address(opened: Open) -> None:
    app = opened("ranking", q="示例00042")
    assert set(re.findall(r"E\d{5}", table_rows(app))) == {"E00042"}
    app.text_input(key="ranking_q").set_value("示例0005").run()
    assert dict(app.query_params)["q"] in ("示例0005", ["示例0005"])
    # 示例00050 to 示例00059: ten names
    assert len(set(re.findall(r"E\d{5}", table_rows(app)))) == 10


@pytest.mark.parametrize("asked", ["示例00012", "00012 示例", "示例００012", "e00012", "Ｅ00012"])
def test_a_search_takes_either_width_and_all_words_in_any_order(opened: Open, asked: str) -> None:
    assert set(re.findall(r"E\d{5}", table_rows(opened("ranking", q=asked)))) == {"E00012"}


def test_a_workbook_says_of_each_enterprise_what_the_screen_says(opened: Open, here: Home) -> None:
    review = review_of(here)
    opened("ranking")
    app = AppTest.from_string(_WORKBOOK, default_timeout=60).run()
    sheet = openpyxl.load_workbook(io.BytesIO(app.session_state["made"])).worksheets[0]
    told = Counter(row[1] for row in sheet.iter_rows(min_row=2, values_only=True))
    frame = review.ranking(person(here, "委员甲")).frame
    assert told["不符合条件"] == int((~frame["eligible"]).sum()) > 0
    assert told["在名单"] == len(here.members)


_WORKBOOK = """
import streamlit as st
from dashboard.shell import run
run("ranking")
from dashboard.round_view import round_view
from dashboard.sheets import workbook
here = round_view()
st.session_state["made"] = workbook(here, here.rows)
"""


def test_the_ranking_sends_one_page_of_rows(opened: Open) -> None:
    rows = table_rows(opened("ranking"))
    assert len(set(re.findall(r"E\d{5}", rows))) == 50


def test_a_year_without_a_value_is_a_gap_between_the_first_and_the_last() -> None:
    mine = pd.DataFrame({"year": [2020, 2021, 2024, 2025], "value": [None, 2e4, 5e4, None]})
    band = pd.DataFrame(columns=["year", "low", "middle", "high"], dtype=float)
    title, tables = year_tables(mine, band, "revenue_cny", "zh-CN")
    assert "万元" in title
    assert [(one["year"], one["value"]) for one in tables["mine"]] == [
        (2021, 2.0),
        (2022, None),
        (2023, None),
        (2024, 5.0),
    ]


def test_a_declared_indicator_is_named_by_its_title() -> None:
    told = {
        "code": "park_rating",
        "unit": "1",
        "factor": "market",
        "direction": 1,
        "zh": "园区评分",
        "en": "Rating by the park",
    }
    event = Event(1, "indicator:park_rating", "indicator_declared", "甲", "2026-01-01", told, "", "")
    assert event_text(event) == "登记自定指标：园区评分"


def test_all_points_are_told_with_their_values_and_add_up_to_the_score(opened: Open, here: Home) -> None:
    """Each row is rounded to a tenth, so that n rows may miss their sum by n / 20 at most."""
    ranking = load_ranking(Settings(home=here.path), here.digest)
    key = str(ranking.frame["score"].idxmax())
    app = opened("enterprise", id=key)
    assert "points_all" not in table_rows(app)  # made when it is unfolded
    app.session_state[f"points_{key}_zh-CN"] = True
    *rows, total = rows_of_table(app.run(), "points_all")
    points = [float(row["points"]) for row in rows]
    assert abs(sum(points) - float(total["points"])) <= len(rows) / 20 + 0.05
    assert float(total["points"]) == round(float(ranking.frame.at[key, "score"]), 1)
    told = {row["id"]: row.get("value") for row in rows}
    assert told["rd_intensity"] == f"{ranking.value_of(key, 'rd_intensity'):.1%}"


def test_points_by_source_are_those_of_the_features(here: Home) -> None:
    ranking = load_ranking(Settings(home=here.path), here.digest)
    key = str(ranking.frame["score"].idxmax())
    told = by_source(ranking, key)
    assert set(told.columns) == set(ranking.weights)
    assert (told.sum(axis=1) - ranking.parts_of(key)).abs().max() < 1e-9
    assert told.loc["rd_intensity"].to_dict() == ranking.sources_of(key, "rd_intensity") | {
        name: 0.0 for name in told.columns if name not in ranking.sources_of(key, "rd_intensity")
    }
