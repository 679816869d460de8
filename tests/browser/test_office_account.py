"""A person comes in through the office's identity provider, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from data.accounts import Accounts
from data.settings import Settings
from data.store import Store
from tests.browser.conftest import PATIENCE, Server
from tests.district_home import Home
from tests.identity_server import IdentityServer


@pytest.fixture
def provider() -> Iterator[IdentityServer]:
    server = IdentityServer()
    yield server
    server.close()


@pytest.fixture
def trusting_server(home: Home, provider: IdentityServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A dashboard that names the provider."""
    running = Server(home)
    for name, value in provider.environment(running.address).items():
        monkeypatch.setenv(name, value)
    running.start()
    yield running
    running.stop()


def test_in_through_the_provider_over_a_refresh_and_out(
    chromium: Any, trusting_server: Server, provider: IdentityServer, home: Home
) -> None:
    people = Accounts(Store(Settings(home=home.path)).engine)
    page = chromium.new_context(locale="zh-CN").new_page()
    page.set_default_timeout(PATIENCE * 1000)
    page.goto(f"{trusting_server.address}/ranking")
    page.click("text=统一身份认证登录")
    page.wait_for_selector("#wrong")
    assert "wang@example.org" in page.inner_text("#wrong")  # nobody has given this person an account
    people.add("wang@example.org", "王示例", "member", actor="tests", external=True)
    page.goto(f"{trusting_server.address}/ranking")
    page.click("text=统一身份认证登录")
    page.wait_for_selector("text=王示例")
    assert page.url.startswith(f"{trusting_server.address}/ranking")
    page.reload()
    page.wait_for_selector("text=王示例")
    people.disable("wang@example.org", actor="tests")
    page.reload()
    page.wait_for_selector("#password")
    page.context.close()
