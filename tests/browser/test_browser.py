"""In a real Chromium: people's afternoons, what leaves the browser, what travels, who can read it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from data.settings import Settings
from data.store import Store

pytestmark = pytest.mark.browser

Enter = Callable[..., Any]


def test_an_override_is_there_after_a_reload_and_a_restart(visit: Enter, server: Any) -> None:
    key = server.home.members[3]
    window = visit("委员甲")
    page = window.page
    window.go("/ranking")
    page.get_by_role("columnheader", name="企业").wait_for()
    window.go(f"/enterprise?id={key}")
    page.get_by_text("另行决定", exact=True).click()
    page.get_by_role("radio", name="不列入").click()
    page.get_by_role("textbox", name="理由（必填）").fill("2025 年报的人数重复计算,已向企业核实。")
    window.choose("理由类型", "数据有误")
    window.press(page.get_by_role("button", name="保存决定"))
    page.get_by_text("决定已保存：不列入").wait_for()
    window.reload()
    page.get_by_text("2025 年报的人数重复计算").first.wait_for()
    server.stop()
    server.start()
    window.go(f"/enterprise?id={key}")
    page.get_by_text("2025 年报的人数重复计算").first.wait_for()
    event = Store(Settings(home=server.home.path)).ledger.replay(kind="overridden")[-1]
    assert (event.actor, event.payload["enterprise_id"]) == ("委员甲", key)
    assert window.strangers() == []
