"""Pages opened without a browser, as a person reads them: what they send, as text."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from google.protobuf.text_format import MessageToString
from streamlit.testing.v1 import AppTest

from dashboard import session
from data.accounts import Accounts, User
from data.settings import Settings
from data.store import Store
from scoring.committee.review import Review
from tests.district_home import Home

Open = Callable[..., AppTest]


def store_of(home: Home) -> Store:
    return Store(Settings(home=home.path))


def review_of(home: Home) -> Review:
    return Review(store_of(home), Settings(home=home.path), home.round_id)


def person(home: Home, name: str) -> User:
    return Accounts(store_of(home).engine).find(name)


def opening(here: Home, monkeypatch: pytest.MonkeyPatch) -> Open:
    """What opens a page as a person: the session cookie is the one thing a browser would add."""

    def open_page(page: str, name: str = "委员甲", language: str = "zh-CN", **query: str) -> AppTest:
        people = Accounts(store_of(here).engine)
        token = people.open_session(people.find(name)) if name else ""
        cookies = {session.SESSION_COOKIE: token, session.LANGUAGE_COOKIE: language}
        monkeypatch.setattr(session, "cookies", lambda: cookies)
        app = AppTest.from_string(f"from dashboard.shell import run\nrun({page!r})", default_timeout=60)
        for word, value in query.items():
            app.query_params[word] = value
        return app.run()

    return open_page


def words(app: AppTest) -> str:
    """Every text that the page sends, as one string."""
    return "\n".join(map(readable, protos(app)))


def readable(proto: Any) -> str:
    """A message as text in which letters stand as they are, whether they were sent as UTF-8 or as JSON escapes."""
    text = MessageToString(proto, as_utf8=True) if hasattr(proto, "DESCRIPTOR") else str(proto)
    return re.sub(r"\\+u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)


def protos(app: AppTest) -> list[Any]:
    found = []

    def walk(node: Any) -> None:
        for child in getattr(node, "children", {}).values():
            if hasattr(child, "proto"):
                found.append(child.proto)
            walk(child)

    walk(app._tree)
    return found


def table_rows(app: AppTest) -> str:
    return "\n".join(text for one in protos(app) if "mulu_table" in (text := readable(one)))


def rows_of_table(app: AppTest, key: str) -> list[dict[str, Any]]:
    """The rows that one table of the page was sent, cells by column."""
    (sent,) = (one for one in protos(app) if getattr(one, "component_name", "") and one.id.endswith(f"-{key}"))
    rows: list[dict[str, Any]] = json.loads(sent.json)["rows"]
    return rows
