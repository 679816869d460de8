"""The page of data: files that wait for an answer are found by every analyst, answered or withdrawn, also elsewhere."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from data.accounts import Accounts
from data.intake import take_in
from data.settings import Settings
from data.waiting import waiting_files, withdraw_waiting
from scoring.committee.review import Review
from tests.district_home import PASSWORD, Home
from tests.page_texts import Open, store_of, table_rows, words

A, B, C = "91310115YY7300349F", "91310105YY5295099Y", "91310105YY679181X8"
ASKED = f"统一社会信用代码,年份,营业收入,研发费用\n{A},2024,3200,100\n{B},2024,4100,200\n"


def hold(home: Home, tmp_path: Path, text: str = ASKED, name: str = "问.csv") -> str:
    """A file that the analyst brought by another road is held; its identifier."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    assert take_in(store_of(home), path, actor="分析员").held
    path.unlink()
    return next(one.held_id for one in waiting_files(store_of(home)) if one.file == name)


def press(app: AppTest, label: str) -> AppTest:
    (button,) = [one for one in app.button if one.label == label]
    return button.click().run()


def choose(app: AppTest, label: str, option: str) -> None:
    (box,) = [one for one in (*app.selectbox, *app.radio) if one.label == label]
    box.set_value(option)


def test_a_file_that_waits_is_answered_in_another_window(opened: Open, here: Home, tmp_path: Path) -> None:
    hold(here, tmp_path)
    Accounts(store_of(here).engine).add("分析员乙", "分析员乙", "analyst", PASSWORD, actor="tests")
    assert "1 份文件待答复" in words(opened("overview", "分析员乙"))
    app = opened("data", "分析员乙")
    assert "待答复的文件（1 份）" in [one.value for one in app.subheader]
    assert "分析员 提交于" in words(app)
    press(app, "回答并导入")
    assert "请先选择至少一个答案" in app.error[0].value
    choose(app, "“营业收入”的单位", "万元")
    press(app, "回答并导入")
    assert "1 个问题要先回答" in app.warning[0].value
    choose(app, "“研发费用”的单位", "千元")
    press(app, "回答并导入")
    assert "2 行，退回 0 行" in app.success[0].value
    assert "待答复的文件（1 份）" not in [one.value for one in app.subheader]
    store = store_of(here)
    taken = store.read("reports").set_index("enterprise_id")
    assert taken.loc[A, ["revenue_cny", "rd_expense_cny"]].tolist() == [3.2e7, 1e5]
    assert store.batches().actor.tolist()[-1] == "分析员乙"


def test_an_answer_to_what_was_withdrawn_meanwhile_is_refused(opened: Open, here: Home, tmp_path: Path) -> None:
    held_id = hold(here, tmp_path)
    app = opened("data", "分析员")
    withdraw_waiting(store_of(here), held_id, "他人")
    choose(app, "“营业收入”的单位", "万元")
    press(app, "回答并导入")
    assert "已被他人回答、重新暂缓或撤回" in app.error[0].value
    assert not app.expander


def test_a_waiting_file_is_withdrawn_on_the_page(opened: Open, here: Home, tmp_path: Path) -> None:
    hold(here, tmp_path)
    app = press(opened("data", "分析员"), "撤回这份文件")
    assert "已撤回" in app.success[0].value
    assert waiting_files(store_of(here)) == []
    assert store_of(here).ledger.replay()[-1].kind == "intake_withdrawn"


@pytest.mark.parametrize("name", ["主任", "委员甲", "审计员"])
def test_others_see_that_a_file_waits_and_cannot_answer(opened: Open, here: Home, tmp_path: Path, name: str) -> None:
    hold(here, tmp_path)
    app = opened("data", name)
    app.session_state["data_tabs_zh-CN"] = "导入"
    told = words(app.run())
    assert "问.csv" in told.replace("\\", "")
    assert "2 个问题" in told
    assert not [one for one in app.button if "回答" in one.label]
    assert "份文件待答复" not in words(opened("overview", name))


def test_a_file_that_was_not_kept_is_brought_again(opened: Open, here: Home, tmp_path: Path) -> None:
    text = ASKED + "填表人:王某,,,\n"
    hold(here, tmp_path, text)
    app = opened("data", "分析员")
    choose(app, "“营业收入”的单位", "万元")
    choose(app, "“研发费用”的单位", "千元")
    press(app, "回答并导入")
    assert "须重新提供该文件" in app.error[0].value
    (again,) = [one for one in app.get("file_uploader") if one.label.startswith("请再次提供这份文件")]
    again.set_value(("问.csv", text.encode(), "text/csv"))
    choose(app, "“营业收入”的单位", "万元")
    choose(app, "“研发费用”的单位", "千元")
    press(app, "回答并导入")
    assert not app.error, app.error[0].value
    assert "已导入" in app.success[0].value
    assert waiting_files(store_of(here)) == []


QUESTIONS: dict[str, tuple[str, list[tuple[str, str]], dict[str, Any]]] = {
    "which year": (f"统一社会信用代码,营业收入(万元)\n{A},3200\n", [("这些数字是哪一年的", "2023")], {"months": 12}),
    "which months": (
        f"统一社会信用代码,期末,营业收入(万元)\n{A},2023-09-30,3200\n",
        [("每个数字统计几个月", "from_january")],
        {"months": 9},
    ),
    "which quarters": (
        f"统一社会信用代码,年份,季度,营业收入(万元)\n{A},2023,3,3200\n",
        [("季度数字", "alone")],
        {"months": 3},
    ),
    "which column": (
        f"统一社会信用代码,年份,营业收入(万元),销售收入(万元)\n{A},2023,3200,3100\n",
        [("以哪一列为准", "营业收入(万元)")],
        {"months": 12},
    ),
}


@pytest.mark.parametrize("case", list(QUESTIONS))
def test_every_kind_of_question_is_answered_on_the_page(opened: Open, here: Home, tmp_path: Path, case: str) -> None:
    text, answers, expected = QUESTIONS[case]
    hold(here, tmp_path, text)
    app = opened("data", "分析员")
    for label, option in answers:
        choose(app, label, option)
    press(app, "回答并导入")
    assert not app.error, app.error[0].value
    assert "已导入" in app.success[0].value
    row = store_of(here).read("reports").set_index("enterprise_id").loc[A]
    assert row.revenue_cny == 3.2e7
    assert row.period_months == expected["months"]


def test_coverage_is_told_by_street_and_by_item(opened: Open, here: Home) -> None:
    """Who looks for what is missing finds the item, its share in the street chosen, and the street that knows least."""
    review = Review(store_of(here), Settings(home=here.path), here.round_id)
    ranking = review.ranking(Accounts(store_of(here).engine).find("审计员"))
    known, streets = ranking.values.notna(), ranking.frame["street"]
    app = opened("data", "审计员")
    app.session_state["data_tabs_zh-CN"] = "资料完整度"
    app.run()
    cells = re.compile(r'"id": "(\w+)", "field": \{[^}]*\}, "factor": "[^"]*", "known": "(\d+)%", "lowest": "([^"]*)"')
    for street in ("", "新泾镇"):
        app.selectbox(key="coverage_street").set_value(street).run()
        rows = cells.findall(table_rows(app).replace("\\", ""))
        assert {name for name, _, _ in rows} == set(known.columns[known.any()])
        for name, shown, lowest in rows:
            by_street = known[name].groupby(streets).mean()
            whole = known[name].mean()
            assert int(shown) == round(100 * (by_street[street] if street else whole)), name
            least = f"{by_street.idxmin()} {by_street.min():.0%}" if by_street.min() < whole else "—"
            assert lowest == least, name
        shares = [int(shown) for _, shown, _ in rows]
        assert shares == sorted(shares)
        assert shares[0] < 100
    assert not known.any().all()
    assert f"另有 {(~known.any()).sum()} 项没有任何数据" in words(app)
