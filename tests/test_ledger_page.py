"""The ledger is found by what is shown of it, and shows what an event holds."""

from __future__ import annotations

import io
import re
from datetime import date

import openpyxl
import pytest

from dashboard.sheets import event_workbook
from data.accounts import Accounts
from scoring.committee.evidence import keep_evidence
from scoring.committee.review import Review
from tests.district_home import Home
from tests.page_texts import Open, person, review_of, rows_of_table, store_of, words

REASON = "该企业承担区级重点项目，建议列入。"


@pytest.fixture
def review(here: Home) -> Review:
    return review_of(here)


@pytest.fixture
def acted(here: Home, review: Review) -> str:
    """The first item that is not on the list: included by one with evidence and agreed to by another, voted on, and
    a colleague recused from it."""
    key = next(one for one in review.state(person(here, "主任")).agenda if one not in here.members)
    member, chair, other = (person(here, name) for name in ("委员甲", "主任", "委员乙"))
    kept = keep_evidence(review.settings, "立项批复.txt", "同意立项。".encode())
    review.vote(member, key, "for", here.digest, 0)
    seen = review.item(key, member).last_seen
    review.override(member, key, "include", "policy_priority", REASON, here.digest, seen, evidence=[kept])
    review.approve(chair, key, here.digest, review.item(key, chair).last_seen)
    review.declare_conflict(other, key, conflict_type="family", text="配偶任职")
    store_of(here).ledger.append("user:?", "sign_in_failed", "?", {})
    return key


def found(opened: Open, **query: str) -> list[dict[str, object]]:
    app = opened("ledger", "审计员", **query)
    return [] if "没有符合条件的记录" in words(app) else rows_of_table(app, "ledger_table")


@pytest.mark.parametrize(
    ("asked", "kinds"),
    [
        ("政策重点", ["决定：列入"]),
        ("赞成", ["投票：赞成"]),
        ("第二人", ["第二人同意"]),
        ("亲属", ["回避（亲属）"]),
        ("立项批复", ["决定：列入"]),
        ("委员甲 列入", ["第二人同意", "决定：列入"]),
        ("未知用户", ["登录失败"]),
        ("ＰＯＬＩＣＹ", []),
        ("policy_priority", []),
        ("ranking_digest", []),
    ],
)
def test_what_is_shown_is_found_and_nothing_else(opened: Open, acted: str, asked: str, kinds: list[str]) -> None:
    told = [str(row["what"]) for row in found(opened, q=asked)]
    assert len(told) == len(kinds)
    assert all(text.startswith(kind) for text, kind in zip(told, kinds, strict=True))


def test_an_enterprise_is_found_by_name_in_either_width_and_by_parts(opened: Open, acted: str) -> None:
    [row] = found(opened, q="投票 赞成")
    name = str(row["name"]["text"])  # type: ignore[index]
    whole = found(opened, q=acted)
    assert len(whole) == 4
    assert found(opened, q=name) == whole
    assert found(opened, q=name.replace("(", "（").replace(")", "）")) == whole
    assert found(opened, q=f"{name[-4:]} {name[:3]}") == whole


def test_filters_come_from_the_address(opened: Open, acted: str) -> None:
    assert all(str(row["who"]) == "委员甲" for row in found(opened, who="委员甲"))
    assert [str(row["what"]) for row in found(opened, about="account", q="失败")] == ["登录失败"]
    assert found(opened, until="2001-01-01") == []
    assert found(opened, since=date.today().isoformat(), q="赞成")


def test_an_event_says_what_it_changed_and_on_what_it_rests(opened: Open, acted: str) -> None:
    """The list grows by this one, so another leaves; the approval names the entry of the decision."""
    [decision] = found(opened, q="政策重点")
    assert re.search(r"名单：不在名单 → 第 \d+ 位.*因此移出：.*证明材料：立项批复.txt", str(decision["what"]))
    [approval] = found(opened, q="第二人同意")
    assert str(approval["what"]) == f"第二人同意第 {decision['seq']} 条的决定〔委员甲：列入〕"
    [recusal] = found(opened, q="亲属")
    assert str(recusal["what"]).startswith("回避（亲属）。配偶任职")


def test_papers_and_accounts_say_which(opened: Open, here: Home, review: Review) -> None:
    ledger, key = store_of(here).ledger, here.members[0]
    Accounts(store_of(here).engine).add("新委员", "新委员", "member", actor="demo")
    review.seat(person(here, "主任"), "新委员")
    for subject, kind, payload in (
        ("objection:R:1", "objection_answered", {"number": 1, "outcome": "upheld", "reply": "经核对，予以更正。"}),
        (
            f"membership:{key}", "member_exited",
            {"enterprise_id": key, "from_day": "2027-03-01", "reason": "moved_away", "cool_down_until": "2028-02-29",
             "text": "已迁往外省。", "evidence": []},
        ),
        ("user:乙", "sign_in_failed", {"failures": 3}),
        ("selection:abc", "selection_made", {"ranking": "0", "members": 200}),
    ):  # fmt: skip
        ledger.append(subject, kind, "主任", payload)
    app = opened("ledger", "审计员")
    told = {str(row["what"]) for row in rows_of_table(app, "ledger_table")}
    assert {
        "增加评审成员：新委员（委员）",
        "答复异议：成立。经核对，予以更正。〔第 1 号异议〕",
        "退出目录（迁出），自 2027-03-01 起。已迁往外省。〔2028-02-29 前（含当日）不得列入〕",
        "登录失败〔连续第 3 次〕",
        "生成名单〔200 家〕",
    } <= told
    [opening] = [text for text in told if text.startswith("开启评审")]
    assert f"排名校验码 {here.digest[:8]}" in opening


def test_what_a_recusal_hides_is_not_told_by_a_decision(opened: Open, here: Home, review: Review, acted: str) -> None:
    """With anything hidden from a person, no consequence is told: it would name who made room."""
    other = next(one for one in review.state(person(here, "主任")).agenda if one != acted)
    review.override(person(here, "主任"), other, "exclude", "other", REASON, here.digest, 0)
    assert "名单：" in words(opened("ledger", "主任"))
    app = opened("ledger", "委员乙")
    assert REASON in words(app)
    assert "→" not in words(app)


def test_the_rows_go_into_a_workbook_as_they_are_shown() -> None:
    rows = [
        {"id": "E1", "seq": "7", "when": "2026-11-27 09:06", "who": "=甲", "kind": "投票", "what": "投票：赞成",
         "name": {"text": "甲公司", "note": "E1"}},
        {"id": "", "seq": "6", "when": "2026-11-27 09:05", "who": "乙", "kind": "开启评审",
         "what": "开启评审", "name": None},
    ]  # fmt: skip
    sheet = openpyxl.load_workbook(io.BytesIO(event_workbook(rows))).active
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] == [
        [7, "2026-11-27 09:06", "=甲", "甲公司", "E1", "投票", "投票：赞成"],
        [6, "2026-11-27 09:05", "乙", None, None, "开启评审", "开启评审"],
    ]
    assert sheet["C2"].data_type == "s"


def test_what_a_check_found_stays_until_the_next(opened: Open, acted: str) -> None:
    app = opened("ledger", "审计员")
    next(one for one in app.button if one.label == "立即核验台账").click().run()
    assert "首尾相接" in words(app)
    assert "首尾相接" in words(app.run())
    assert "首尾相接" in words(opened("ledger", "审计员"))  # after a refresh
    assert "首尾相接" not in words(opened("ledger", "主任"))
