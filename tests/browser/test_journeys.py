"""A member's afternoon, a chair's, an analyst's, an auditor's: each from signing in to what is in the ledger after."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from data.accounts import Accounts
from data.settings import Settings
from data.store import Store
from models.registry import Registry
from scoring.committee.review import Review
from scoring.publishing.publication import verify_publication
from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

Enter = Callable[..., Any]
REASON = "2025 年报的人数重复计算,已向企业核实。"


def store_of(server: Any) -> Store:
    return Store(Settings(home=server.home.path))


def progress_of(messages: list[bytes]) -> list[int]:
    """Every state of a progress bar (0..100) that the server has sent, in order."""
    told = (ForwardMsg.FromString(message) for message in messages)
    elements = [one.delta.new_element for one in told if one.HasField("delta")]
    return [one.progress.value for one in elements if one.HasField("progress")]


def test_a_members_afternoon(visit: Enter, server: Any) -> None:
    """The queue, one recusal, ten votes with the next button, one override."""
    window = visit("委员甲")
    page = window.page
    window.go("/meeting")
    window.press(page.get_by_role("tab", name="最值得讨论"))
    page.get_by_role("columnheader", name="靠近名单线").wait_for()
    window.go("/ranking?status=listed&sort=rank&track=key-industries")
    window.press(page.locator("tbody th a").first)
    page.get_by_role("heading", name="委员会意见").wait_for()
    page.get_by_text("申报回避").first.click()
    window.choose("利益关系", "持股")
    window.press(page.get_by_role("button", name="申报回避"))
    page.get_by_text("本人已回避").or_(page.get_by_text("回避")).first.wait_for()
    window.go("/ranking?status=listed&sort=rank&track=key-industries")
    window.press(page.locator("tbody th a").first)
    for number in range(10):
        page.get_by_text("已投 0 票").wait_for()
        page.get_by_role("radio", name="赞成").click()
        window.press(page.get_by_role("button", name="投票", exact=True))
        page.get_by_text("已投票：赞成").wait_for()
        if number < 9:
            window.press(page.get_by_role("button", name="下一家 Shortcut"))
    page.get_by_text("另行决定", exact=True).click()
    page.get_by_role("radio", name="暂缓").nth(1).click()
    window.choose("理由类型", "数据有误")
    page.get_by_role("textbox", name="理由（必填）").fill(REASON)
    window.press(page.get_by_role("button", name="看看影响"))
    page.get_by_text("名次").first.wait_for()
    window.press(page.get_by_role("button", name="保存决定"))
    page.get_by_text("决定已保存：暂缓").wait_for()
    ledger = store_of(server).ledger
    assert len({event.payload["enterprise_id"] for event in ledger.replay(kind="voted")}) == 10
    assert len(ledger.replay(kind="conflict_declared")) == 1
    [made] = ledger.replay(kind="overridden")
    assert (made.actor, made.payload["kind"], made.payload["text"]) == ("委员甲", "defer", REASON)


def test_a_chairs_afternoon(visit: Enter, server: Any, tmp_path: Path) -> None:
    """Freeze, two signatures, the review record, publish, take the files along, open them."""
    window = visit("主任")
    page = window.page
    window.go("/publish")
    window.press(page.get_by_role("button", name="冻结名单"))
    page.get_by_text("名单已冻结。").wait_for()
    window.press(page.get_by_role("button", name="签署这份"))
    page.get_by_text("已签署。").wait_for()
    assert page.get_by_role("button", name="签署这份").count() == 0  # nobody signs twice
    other = visit("委员乙")
    other.go("/publish")
    other.press(other.page.get_by_role("button", name="签署这份"))
    other.page.get_by_text("已签署。").wait_for()
    window.go("/publish")
    record = tmp_path / "审查记录.txt"
    record.write_text("公平竞争审查结论:未发现排除、限制竞争。", encoding="utf-8")
    page.get_by_role("textbox", name="文号").fill("长市监审〔2026〕7 号")
    page.locator('[data-testid="stDateInput"] input').first.fill("2026-06-20")
    page.keyboard.press("Enter")
    page.locator('input[type="file"]').set_input_files(str(record))
    page.get_by_text("审查记录.txt").wait_for()
    window.settle()
    window.press(page.locator('[data-testid="stFormSubmitButton"] button', has_text="附上审查记录"))
    page.get_by_text("审查记录已附上。").wait_for()
    page.get_by_role("button", name="公布", exact=True).click()
    window.press(page.get_by_role("button", name="确认公布"))
    page.get_by_text("名单已公布。").wait_for()
    with page.expect_download() as taken:
        page.get_by_role("button", name="下载公开文件").click()
    with zipfile.ZipFile(io.BytesIO(Path(taken.value.path()).read_bytes())) as bundle:
        sheets = [name for name in bundle.namelist() if name.endswith(".xlsx")]
        book = openpyxl.load_workbook(io.BytesIO(bundle.read(sheets[0])))
        rows = list(book.worksheets[0].iter_rows(values_only=True))
    told = " ".join(str(cell) for row in rows for cell in row)
    assert all(key in told for key in server.home.members)
    folder = server.home.path / "publications" / server.home.round_id
    assert verify_publication(folder, store_of(server)) == []


def test_an_analyst_takes_a_file_in(visit: Enter, server: Any, tmp_path: Path) -> None:
    """A GBK file with a fault and no unit: held with its question, answered in another window, taken in."""
    rows = [
        "统一社会信用代码,企业名称,年度,营业收入,从业人员",
        "91310115YY7300349F,示例甲有限公司,2025,1200,35",
        "91310105YY5295099Y,示例乙有限公司,2025,abc,12",
        "91310105YY679181X8,示例丙有限公司,2025,860,20",
    ]
    file = tmp_path / "年报2025.csv"
    file.write_bytes("\r\n".join(rows).encode("gbk"))
    window = visit("分析员")
    page = window.page
    window.go("/data")
    page.locator('input[type="file"]').first.set_input_files(str(file))
    page.get_by_text("年报2025.csv").wait_for()
    window.settle()
    window.press(page.get_by_role("button", name="导入", exact=True))
    page.get_by_text("个问题要先回答").wait_for()
    page.get_by_text("abc").first.wait_for()
    window.close()
    window = visit("分析员")
    page = window.page
    window.press(page.get_by_role("button", name="1 份文件待答复"))
    window.choose("的单位", "万元")
    window.go("/data")  # a refresh: what was chosen and not yet sent is there again
    expect(page.get_by_role("combobox", name="的单位")).to_have_value(re.compile("^万元"))
    window.press(page.get_by_role("button", name="回答并导入"))
    # two rows are sound, one has a word where a number belongs
    page.get_by_text("2 行，退回 1 行").wait_for()
    page.get_by_text("abc").first.wait_for()
    store = store_of(server)
    stored = store.read("reports").set_index("enterprise_id")
    assert stored.at["91310115YY7300349F", "revenue_cny"] == 12_000_000  # 1200 万元


def test_an_analyst_retrains_and_compares(chromium: Any, taught_server: Any) -> None:
    """From the button to the new version: the progress moves, its end is told, the versions are compared."""
    window = Visit(chromium, taught_server, "分析员")
    page = window.page
    window.go("/model")
    window.press(page.get_by_role("tab", name="重新训练"))
    page.get_by_role("spinbutton", name="重复次数").fill("2")
    page.get_by_role("spinbutton", name="重复次数").press("Tab")
    window.messages.clear()
    page.get_by_role("button", name="开始训练").click()
    page.get_by_text("训练完成：第 2 版。").wait_for(timeout=400_000)  # as long as a training takes on a busy machine
    window.settle()
    shares = progress_of(window.messages)
    assert shares
    assert shares == sorted(shares)
    window.press(page.get_by_role("tab", name="版本与启用"))
    page.get_by_role("heading", name="第 2 版与第 1 版相比").wait_for()
    versions = Registry(Settings(home=taught_server.home.path)).versions("growth")
    assert list(versions["version"]) == [1, 2]
    assert list(versions["actor"]) == ["demo", "分析员"]
    window.close()


def test_an_auditors_afternoon(visit: Enter, server: Any) -> None:
    """Who moved it? Found by the enterprise's name, with the reason; then the chain is checked."""
    key = server.home.members[7]
    store = store_of(server)
    people = Accounts(store.engine)
    review = Review(store, Settings(home=server.home.path), server.home.round_id)
    member = people.find("委员乙")
    seen = review.item(key, member)
    review.override(member, key, "exclude", "data_wrong", REASON, server.home.digest, seen.last_seen)
    name = str(review.ranking(member).frame.at[key, "name"])
    window = visit("审计员")
    page = window.page
    window.go("/ledger")
    window.enter(page.get_by_role("textbox", name="查找"), name)
    row = page.locator("tbody tr", has_text=REASON)
    row.wait_for()
    assert "委员乙" in row.inner_text()
    window.press(page.get_by_role("button", name="立即核验台账"))
    page.get_by_text("台账完整").wait_for()
    window.settle()
    with page.expect_download() as taken:
        page.get_by_role("button", name="导出全部台账").click()
    assert REASON in Path(taken.value.path()).read_text(encoding="utf-8")
