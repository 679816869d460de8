"""The verbs of the list, as a person at a terminal and a program use them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from scoring.cli.app import run
from scoring.editions.policy import POLICIES
from tests.district_home import Home


@pytest.fixture
def at_home(made_home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    for name, value in made_home.environment.items():
        monkeypatch.setenv(name, value)
    return made_home


def said(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> str:
    assert run(list(arguments)) == status, capsys.readouterr().err
    told = capsys.readouterr()
    return told.out if status == 0 else told.err


def test_rank_says_what_it_rests_on(
    home: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in home.environment.items():
        monkeypatch.setenv(name, value)
    told = said(capsys, "rank", "--as-of", "2026-06-30", "--top", "2")
    assert "得分全部来自评分卡，没有使用学习模型。" in told
    value = json.loads(said(capsys, "rank", "--as-of", "2026-06-30", "--format", "json"))
    assert value["mode"] == "card"
    assert value["digest"] == home.digest
    assert sum(value["tracks"].values()) == value["ranked"]


def test_select_gives_the_list(home: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in home.environment.items():
        monkeypatch.setenv(name, value)
    value = json.loads(said(capsys, "select", "--format", "json"))
    assert [row["enterprise_id"] for row in value["members"]] == list(home.members)
    assert value["infeasible"] == []
    folder = home.path / "selections" / value["digest"]
    assert {path.name for path in folder.iterdir()} == {"members.parquet", "selection.json"}
    assert "建议名单共" in said(capsys, "select")


def test_explain_in_both_languages(
    at_home: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    key = at_home.members[-1]
    assert "有利之处" in said(capsys, "explain", key)
    from scoring.cli import answers, editions, listing, origins

    for module in (answers, listing, editions, origins):
        monkeypatch.setattr(module, "language", lambda: "en")
    english = said(capsys, "explain", key)
    assert re.search(r"gives \+\d", english)
    value = json.loads(said(capsys, "explain", key, "--format", "json"))
    assert value["score"] == pytest.approx(sum(value["parts"].values()) + value["base"])
    assert value["score"] == pytest.approx(sum(value["factors"].values()) + value["base"])


def test_explain_names_the_rule_of_a_track_only_where_it_has_rules(
    home: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The generic edition's one track takes everybody: nothing stood between the brackets."""
    for name, value in home.environment.items():
        monkeypatch.setenv(name, value)
    key = home.members[0]
    assert re.search(r"^类别：\S.*（.+）$", said(capsys, "explain", key), re.MULTILINE)
    said(capsys, "rank", "--edition", "generic", "--as-of", "2026-06-30")
    told = said(capsys, "explain", key)
    assert re.search(r"^类别：[^（）]+$", told, re.MULTILINE), told


def test_explain_a_feature(at_home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    told = said(capsys, "explain", at_home.members[0], "--feature", "net_margin")
    assert "net_profit_cny" in told
    assert "feature-unknown" not in said(capsys, "explain", at_home.members[0], "--feature", "nt_margin", status=1)


def test_explain_the_least_change(at_home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    value = json.loads(said(capsys, "explain", at_home.members[0], "--least-change", "--format", "json"))
    assert value["least_change"] == {"lacks": 0.0, "listed": True}
    misses = json.loads(said(capsys, "select", "--format", "json"))["near_misses"]
    value = json.loads(said(capsys, "explain", misses[0]["enterprise_id"], "--least-change", "--format", "json"))
    assert value["least_change"]["lacks"] == misses[0]["lacks"]


def test_an_unknown_enterprise_gets_a_name(at_home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert "示例00012科技有限公司" in said(capsys, "explain", "示例00012科技有限公可", status=1)


def test_explain_before_ranking_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MULU_HOME", str(tmp_path))
    for verb in (["explain", "x"], ["select"], ["coverage"]):
        assert "mulu rank" in said(capsys, *verb, status=1)
    assert "mulu intake" in said(capsys, "rank", status=1)


def test_coverage_is_told(at_home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert "小微企业占" in said(capsys, "coverage")
    value = json.loads(said(capsys, "coverage", "--format", "json"))
    assert {row["dimension"] for row in value["groups"]} >= {"size_class", "street", "ownership", "age", "track"}


def test_editions_from_the_command_line(at_home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "没有错误" in said(capsys, "edition", "check", "changning-2026")
    shown = said(capsys, "edition", "show", "changning-2026")
    assert "均为建议，不是官方数字" in shown
    assert "注重将一批有发展潜力的创新型小微企业纳入目录" in shown
    assert json.loads(said(capsys, "edition", "show", "generic", "--format", "json"))["name"] == "generic"
    assert "tax_paid_log" in said(capsys, "edition", "diff", "changning-2020", "changning-2026")
    assert "没有差异" in said(capsys, "edition", "diff", "generic", "generic")
    assert "退出" in said(capsys, "edition", "simulate", "generic", "--as-of", "2026-06-30")
    draft = tmp_path / "draft.yaml"
    draft.write_text("mulu_edition: 1\nname: x\n", encoding="utf-8")
    refused = said(capsys, "edition", "check", str(draft), status=1)
    assert "tracks" in refused
    assert "第 1 行" in refused


def test_a_draft_without_a_list_names_the_quotas_and_nobody(
    at_home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nine tenths small and 30 places for headquarters of 200 cannot hold together; nobody "leaves" for that."""
    text = (POLICIES / "changning-2026.yaml").read_text(encoding="utf-8")
    for old, new in (
        ("min_share: 0.3", "min_share: 0.99"),
        ("headquarters-scale: {min: 10", "headquarters-scale: {min: 30"),
    ):
        assert old in text
        text = text.replace(old, new)
    draft = tmp_path / "draft.yaml"
    draft.write_text(text, encoding="utf-8")
    told = said(capsys, "edition", "simulate", str(draft), "--as-of", "2026-06-30")
    assert "draft.yaml 没有可行的名单" in told
    assert "“总部与规模企业”最少名额：30（候选" in told
    assert "小微企业最低占比：99%（候选" in told
    assert "退出 2" not in told
