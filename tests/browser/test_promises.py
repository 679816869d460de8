"""What must hold on every page in a real browser: nothing leaks, nothing leaves, little travels, everybody can read."""

from __future__ import annotations

import importlib.resources
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from playwright.sync_api import expect

from dashboard.pages_of import PAGES
from data.accounts import Accounts
from data.settings import Settings
from data.store import Store
from scoring.committee.review import Review
from tests.browser.conftest import Server, readable
from tests.district_home import HOSTILE, PASSWORD

pytestmark = pytest.mark.browser

Enter = Callable[..., Any]
MOST_BYTES = 300_000


def test_no_page_asks_anything_of_another_machine(look: Enter, standing_server: Any) -> None:
    window = look("分析员")
    for page in PAGES:
        window.go(f"/{page}" + (f"?id={standing_server.home.members[0]}" if page == "enterprise" else ""))
    assert window.strangers() == []


def test_names_are_shown_letter_by_letter(look: Enter) -> None:
    window = look()
    dialogs: list[str] = []
    window.page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    for number, name in enumerate(HOSTILE):
        key = f"E{number:05d}"
        window.go(f"/ranking?q={key}")
        cell = window.page.locator("tbody th a")
        assert cell.inner_text() == name.strip()
        window.go(f"/enterprise?id={key}")
        assert window.page.locator("h1 bdi").text_content() == name
        assert window.page.locator("h1 img, h1 b, h1 a, tbody img").count() == 0
    assert dialogs == []


def test_an_interaction_sends_little(look: Enter, standing_server: Any) -> None:
    window = look()
    page = window.page
    window.go("/ranking")
    steps: dict[str, Callable[[], Any]] = {
        "search": lambda: window.enter(page.get_by_placeholder("名称或统一社会信用代码"), "示例"),
        "sort": lambda: window.press(page.get_by_role("button", name="资料")),
        "open": lambda: window.press(page.locator("tbody th a").first),
        "next": lambda: window.press(page.get_by_role("button", name="下一家 Shortcut")),
        "meeting": lambda: window.press(page.get_by_role("link", name="会议")),
        "fairness": lambda: window.press(page.get_by_role("link", name="公平与覆盖")),
    }
    sent = {}
    for name, step in steps.items():
        window.received = 0
        step()
        sent[name] = window.received
    assert all(0 < size < MOST_BYTES for size in sent.values()), sent


def test_a_recused_member_gets_no_trace_in_any_message(visit: Enter, server: Any) -> None:
    key = server.home.members[0]
    store = Store(Settings(home=server.home.path))
    people = Accounts(store.engine)
    review = Review(store, Settings(home=server.home.path), server.home.round_id)
    name = str(review.ranking(people.find("委员乙")).frame.at[key, "name"])
    review.declare_conflict(people.find("委员甲"), key, conflict_type="family")
    blind, said = server.home.members[1], "设备清单与现场不符,建议复核。"
    review.comment(people.find("委员乙"), blind, said, server.home.digest)
    window = visit("委员甲")
    for page in PAGES:
        window.go(f"/{page}" + (f"?id={blind}" if page == "enterprise" else ""))
    window.go(f"/ranking?q={key}")
    window.go(f"/enterprise?id={key}")
    told = readable(window.messages)
    assert len(told) > 100_000  # the pages did come
    assert name not in told
    assert said not in told  # a comment of somebody else's, before the own vote
    other = visit("委员乙")
    other.go(f"/ranking?q={key}")
    other.go(f"/enterprise?id={blind}")
    assert name in readable(other.messages)  # so they would have been found
    assert said in readable(other.messages)


def test_what_was_typed_survives_a_reconnect(visit: Enter, server: Any) -> None:
    key = server.home.members[5]
    window = visit("委员甲")
    page = window.page
    window.go(f"/enterprise?id={key}")
    page.get_by_label("留言").fill("现场核查时再看一次设备。")
    window.lose_the_server()
    expect(page.get_by_label("留言")).to_have_value("现场核查时再看一次设备。")
    window.press(page.get_by_role("button", name="发表"))  # the page has come back by itself: the first click counts
    ledger = Store(Settings(home=server.home.path)).ledger
    [event] = ledger.replay(kind="commented")
    assert event.payload["text"] == "现场核查时再看一次设备。"


def test_the_keys_lead_to_the_next_enterprise_but_not_out_of_a_text(look: Enter, standing_server: Any) -> None:
    window = look()
    page = window.page
    window.go("/ranking")
    names = page.locator("tbody th a").all_inner_texts()[:2]
    window.press(page.locator("tbody th a").first)
    heading = page.locator("h1 bdi")
    for key, name in (("ArrowDown", names[1]), ("ArrowUp", names[0])):
        window.strike(f"Alt+{key}")
        expect(heading).to_have_text(name)
    before = window.ended
    page.get_by_label("留言").fill("现场核查")
    for key in ("ArrowDown", "ArrowUp"):
        page.keyboard.press(f"Alt+{key}")
    window.settle()
    assert (window.ended, heading.inner_text()) == (before, names[0])
    assert page.get_by_label("留言").input_value() == "现场核查"


def test_the_mark_of_the_focus_goes_around_a_field(look: Enter) -> None:
    """A field's frame hides what sticks out of it: a mark on the field itself was seen in pieces."""
    window = look()
    window.go("/whatif")
    field = window.page.locator('[data-testid="stNumberInputContainer"] input').first
    field.focus()
    frame, own = field.evaluate("e => [e.parentElement, e].map(one => getComputedStyle(one).outlineStyle)")
    assert (frame, own) == ("solid", "none")
    assert (
        window.page.get_by_text("Press Enter").count() == 0 or not window.page.get_by_text("Press Enter").is_visible()
    )


def test_what_was_tried_is_there_again_after_an_enterprise_was_read(look: Enter) -> None:
    """A row of an experiment's result opened nothing, and the result was gone."""
    window = look()
    window.go("/whatif")
    page = window.page
    places = page.get_by_role("spinbutton", name="名单总名额（家）")
    fewer = str(int(places.input_value()) - 5)
    places.fill(fewer)
    window.press(page.get_by_role("button", name="试算"))
    left = page.locator("table a").last
    name = left.inner_text()
    window.press(left)
    assert page.get_by_role("heading", name=name).is_visible()
    window.press(page.get_by_role("link", name="假如"))
    assert places.input_value() == fewer
    assert page.get_by_role("link", name=name).is_visible()


def test_who_signs_out_has_left_and_back_leads_to_the_door(visit: Enter, server: Any) -> None:
    window = visit()
    window.go("/ranking")
    window.press(window.page.locator("table a").first)
    window.page.get_by_role("button", name="退出登录").click()
    window.page.get_by_text("您已退出登录。").wait_for()
    assert window.page.url == f"{server.address}/sign-in?left=1"
    window.page.go_back()
    window.page.wait_for_url("**/sign-in**")
    window.page.locator("#password").wait_for()


def test_who_was_thrown_out_comes_back_to_where_they_were(visit: Enter, server: Any, home: Any) -> None:
    window = visit()
    window.go("/ranking?q=示例")
    Accounts(Store(Settings(home=home.path)).engine).set_password(
        "委员甲", PASSWORD, actor="tests"
    )  # ends all sessions
    window.page.get_by_role("link", name="会议").click()
    window.page.locator("#password").wait_for()
    window.page.fill("#name", "委员甲")
    window.page.fill("#password", PASSWORD)
    window.page.click("button[type=submit]")
    window.page.get_by_role("heading", name="会议").wait_for()


def test_an_address_that_is_none_is_told_in_the_readers_language(look: Enter, standing_server: Any) -> None:
    window = look()
    for path in ("/nosuchpage", "/ranking/deep/er"):
        window.go(path)
        assert window.page.get_by_text("这个页面，已回到今日概览").is_visible()
        assert window.page.get_by_text("Page not found").count() == 0


def test_what_was_typed_survives_a_refresh_and_is_nobody_elses(visit: Enter, server: Any) -> None:
    """Vote, decision, reason and comment come back after a reload; once sent they are gone; the next person in the
    same window finds nothing."""
    key = server.home.members[6]
    window = visit("委员甲")
    page = window.page
    window.go(f"/enterprise?id={key}")
    page.get_by_role("radio", name="反对").click()
    page.get_by_text("另行决定", exact=True).click()
    page.get_by_role("radio", name="不列入").click()
    window.choose("理由类型", "数据有误")
    page.get_by_role("textbox", name="理由（必填）").fill("人数重复计算,")
    page.get_by_label("留言").fill("现场核查时再看一次设备。")
    window.reload()
    expect(page.get_by_role("textbox", name="理由（必填）")).to_have_value("人数重复计算,")  # the fold is open again
    expect(page.get_by_label("留言")).to_have_value("现场核查时再看一次设备。")
    for choice in ("反对", "不列入"):
        expect(page.get_by_role("radio", name=choice)).to_be_checked()
    expect(page.get_by_role("combobox", name="理由类型")).to_have_value("数据有误")
    window.press(page.get_by_role("button", name="发表"))
    # the window looks at its fields again a moment after the answer
    page.wait_for_function("!JSON.stringify(sessionStorage).includes('现场核查')")
    assert "人数重复计算" in page.evaluate("JSON.stringify(sessionStorage)")
    [event] = Store(Settings(home=server.home.path)).ledger.replay(kind="commented")
    assert event.payload["text"] == "现场核查时再看一次设备。"
    window.sign_in("委员乙")
    window.go(f"/enterprise?id={key}")
    # thrown away as soon as the fields stand, which is a moment after the server's last word
    page.wait_for_function("!JSON.stringify(sessionStorage).includes('人数重复计算')")
    assert page.get_by_label("留言").input_value() == ""
    assert "人数重复计算" not in page.content()


def test_two_server_processes_give_the_same_page(chromium: Any, standing_server: Any, look: Enter) -> None:
    from tests.browser.conftest import Visit

    second = Server(standing_server.home)
    second.start()
    try:
        one, two = look(), Visit(chromium, second)
        shown = []
        for window in (one, two):
            window.go("/ranking?track=key-industries&sort=rank&page=2")
            shown.append(window.page.locator("table").first.inner_text())
        two.close()
        assert shown[0] == shown[1]
        assert shown[0].count("\n") > 50
    finally:
        second.stop()


WATCH = """
window.shown = new Set();
new MutationObserver(() => {
  for (const name of ["stAppSkeleton", "stSkeleton", "stSpinner", "stStatusWidget"])
    if (document.querySelector(`[data-testid="${name}"]`)) window.shown.add(name);
}).observe(document, {childList: true, subtree: true});
"""


def test_a_page_shows_that_it_is_loading(look: Enter, standing_server: Any) -> None:
    """Before its first words every page has a skeleton or a sign of work, and none is left when it stands."""
    window = look("主任")
    window.context.add_init_script(WATCH)
    for page in PAGES:
        window.go(f"/{page}" + (f"?id={standing_server.home.members[0]}" if page == "enterprise" else ""))
        window.page.get_by_role("heading").first.wait_for()
        assert window.page.evaluate("window.shown.size") > 0, page
        for name in ("stAppSkeleton", "stSkeleton", "stSpinner"):
            window.page.locator(f'[data-testid="{name}"]').first.wait_for(state="detached")


STILL = "*, *::before, *::after { transition: none !important; animation: none !important; }"
AXE = importlib.resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_readers_of_screens_find_nothing_serious(look: Enter, standing_server: Any, scheme: str, language: str) -> None:
    """axe-core on every page: no finding that it calls serious or critical."""
    window = look("主任", color_scheme=scheme)
    window.speak(language)
    found = {}
    for page in PAGES:
        window.go(f"/{page}" + (f"?id={standing_server.home.members[0]}" if page == "enterprise" else ""))
        window.page.wait_for_function("spoken => document.documentElement.lang === spoken", arg=language)
        window.page.add_style_tag(content=STILL)
        window.page.evaluate(AXE)
        told = window.page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
        assert len(told["passes"]) > 10  # it did look
        for one in told["violations"]:
            if one["impact"] in ("serious", "critical"):
                found[f"{page}: {one['id']}"] = [node["html"][:160] for node in one["nodes"][:3]]
    assert found == {}


def test_files_to_take_along_are_whole_and_in_the_readers_language(look: Enter, standing_server: Any) -> None:
    """The workbook holds every match and reads no name as a formula; the minutes open in Word's format."""
    window = look("主任")
    page = window.page
    window.go("/ranking")
    window.settle()
    with page.expect_download() as taken:
        page.get_by_role("button", name="导出全部").click()
    sheet, basis = openpyxl.load_workbook(io.BytesIO(Path(taken.value.path()).read_bytes())).worksheets
    assert "得分全部来自评分卡，没有使用学习模型。" in [cell.value for cell in basis["A"]]
    rows = list(sheet.iter_rows())
    assert len(rows) == 1 + 700  # the header and everybody of the district
    assert [cell.value for cell in rows[0]][:2] == ["统一社会信用代码", "名单"]
    [hostile] = [cell for row in rows for cell in row if cell.value == HOSTILE[4]]
    assert hostile.data_type == "s"
    window.go("/meeting")
    window.settle()
    with page.expect_download() as taken:
        page.get_by_role("button", name="会议纪要").click()
    document = docx.Document(io.BytesIO(Path(taken.value.path()).read_bytes()))
    assert "评审会议纪要" in document.paragraphs[0].text
    assert "得分全部来自评分卡，没有使用学习模型。" in [paragraph.text for paragraph in document.paragraphs]
    assert len(document.tables[0].rows) == 21  # the header and an agenda of twenty
