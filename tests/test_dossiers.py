"""Dossiers and their charts: for whom there is one, what it must not tell, and that a page draws the same chart."""

from __future__ import annotations

import base64
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from wcwidth import wcswidth

from data.refusal import Refusal
from data.settings import Settings
from data.store import Store
from scoring.committee.review import Review
from scoring.publishing.charts import DOWN, PAPER, UP, factor_bars, member_bars, points_waterfall
from scoring.publishing.dossier import asked_for
from scoring.publishing.publication import publish
from tests.district_home import Home

DARK_GROUND = "#14191d"  # the dashboard's dark theme, dashboard/.streamlit/config.toml


def refused(code: str, act: Callable[[], object]) -> Refusal:
    with pytest.raises(Refusal) as caught:
        act()
    assert caught.value.code == code, caught.value
    return caught.value


def read(committee: Any, who: str, enterprise: str) -> str:
    return asked_for(committee.review, committee.people[who], enterprise, "zh-CN").decode()


def test_any_ranked_enterprise_has_a_dossier_that_says_it_is_no_decision(committee: Any) -> None:
    """Twelve are ranked, four listed, two in reserve: the ninth is neither."""
    page = read(committee, "m1", "E09")
    assert "按目前的名单未列入" in page
    assert "工作稿" in page
    assert "公示期至" not in page
    assert "按目前的名单列入（第 2 位）" in read(committee, "m1", "E02")
    assert "按目前的名单列为候补第 1 位" in read(committee, "m1", "E05")


def test_after_publication_it_says_what_was_published(committee: Any) -> None:
    committee.override(committee.m1, "E06", "include")
    committee.act("approve", committee.m2, "E06")
    committee.votes("E06")
    committee.signed()
    folder = publish(committee.review, committee.chair)
    for key in ("E01", "E04", "E06"):
        assert read(committee, "auditor", key) == (folder / "dossiers" / f"{key}.html").read_text(encoding="utf-8")
    page = read(committee, "analyst", "E09")
    assert "未列入目录" in page
    assert "工作稿" not in page
    assert "2026-12-07" in page


def test_a_recused_member_gets_no_dossier_and_no_trace_in_another_s(committee: Any) -> None:
    """E03 is third; to m1 the list is E01, E02, E04, E05 and E04 stands third."""
    committee.review.declare_conflict(committee.m1, "E03", conflict_type="family")
    refused("review-recused", lambda: read(committee, "m1", "E03"))
    assert committee.store.ledger.replay(kind="denied")[-1].actor == "m1"
    page = read(committee, "m1", "E04")
    assert "按目前的名单列入（第 3 位）" in page
    assert "/ 11" in page
    assert "/ 12" in read(committee, "m2", "E04")


def test_an_enterprise_without_a_rank_has_none(committee: Any) -> None:
    refused("review-enterprise-unknown", lambda: read(committee, "m1", "E99"))


def test_a_chart_is_well_formed_and_hostile_labels_stay_words() -> None:
    parts = {"<script>alert(1)</script>": 3.0, "\"&'": -2.0, "很长的指标名称" * 6: 1.0}
    for drawn in (
        points_waterfall(parts, 10.0, 12.0, "zh-CN"),
        factor_bars({"growth": 2.0, "talent": -1.0}, {"growth": 3.0}, "en"),
        member_bars([("<b>", 3), ("乙", 0)], "zh-CN"),
    ):
        root = ElementTree.fromstring(drawn)  # noqa: S314 - our own text
        assert root.attrib["aria-label"]
        assert {child.tag.rpartition("}")[2] for child in root} == {"text", "rect"}


def test_a_chart_of_nothing_is_drawn() -> None:
    assert ElementTree.fromstring(factor_bars({}, {}, "en")) is not None  # noqa: S314
    assert ElementTree.fromstring(points_waterfall({}, 0.0, 0.0, "en")) is not None  # noqa: S314


@pytest.mark.parametrize(
    "label",
    [
        "Share of insured employees in the district among all of them",
        "研究开发费用占营业收入比重三年平均增长率与同行比较百分位",
    ],
)
def test_a_long_label_is_whole_on_two_lines_and_its_bar_between_them(label: str) -> None:
    name = "{http://www.w3.org/2000/svg}text"
    texts = list(ElementTree.fromstring(points_waterfall({label: 5.0}, 0.0, 5.0, "en")).iter(name))  # noqa: S314
    first, second, value = texts[:3]
    assert f"{first.text} {second.text}".replace(" ", "") == label.replace(" ", "")
    assert int(first.attrib["y"]) < int(value.attrib["y"]) < int(second.attrib["y"])
    assert all(wcswidth(str(one.text)) <= 34 for one in texts)


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("ground", "ink"), [("#ffffff", PAPER), (DARK_GROUND, "#e9eef2")])
def test_words_and_bars_stand_out_from_both_grounds(ground: str, ink: str) -> None:
    """WCAG 2 AA: 4.5 for words, 3 for the parts of a drawing."""
    assert contrast(ink, ground) >= 4.5
    assert min(contrast(colour, ground) for colour in (UP, DOWN, ink)) >= 3


def test_the_page_draws_what_the_dossier_prints(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Byte for byte the same two charts, for a member of the list and for the last by rank."""
    from streamlit.testing.v1 import AppTest

    from dashboard import session
    from data.accounts import Accounts

    for name, value in home.environment.items():
        monkeypatch.setenv(name, value)
    settings = Settings(home=home.path, today=date(2026, 6, 30))
    store = Store(settings)
    people = Accounts(store.engine)
    user = people.find("委员甲")
    review = Review(store, settings, home.round_id)
    monkeypatch.setattr(session, "cookies", lambda: {session.SESSION_COOKIE: people.open_session(user)})
    last = str(review.ranking(user).frame["rank"].dropna().astype(int).idxmax())
    for key in (home.members[0], last):
        app = AppTest.from_string("from dashboard.shell import run\nrun('enterprise')", default_timeout=60)
        app.query_params["id"] = key
        app.run()
        sent = "".join(str(one.proto.body) for one in app.get("html"))
        shown = [base64.b64decode(one).decode() for one in re.findall(r"svg\+xml;base64,([^\"]+)", sent)]
        printed = re.findall(r"<svg.*?</svg>", asked_for(review, user, key, "zh-CN").decode())
        assert len(printed) == 2
        assert shown == printed


def test_the_command_line_writes_one(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from scoring.cli.app import run
    from tests.district_home import PASSWORD

    for name, value in home.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("MULU_PASSWORD", PASSWORD)
    path = tmp_path / "one.html"
    assert run(["dossier", home.members[0], "--as", "委员甲", "--out", str(path)]) == 0
    assert home.members[0] in path.read_text(encoding="utf-8")
    assert run(["dossier", "nobody at all", "--as", "委员甲", "--out", str(tmp_path / "two.html")]) == 1
    assert not (tmp_path / "two.html").exists()
