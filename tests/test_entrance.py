"""The door: who gets in, with which cookie, what a visitor without one may fetch, and where nobody is sent."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from dashboard.entrance import GUARDS, ROUTES
from dashboard.navigation import ADDRESSES
from dashboard.pages_of import PAGES
from dashboard.session import SESSION_COOKIE
from tests.district_home import PASSWORD, Home


async def inside(_request: Request) -> Response:
    return PlainTextResponse("inside")


async def page(_request: Request) -> Response:
    return HTMLResponse("<p>a page</p>")


APP = Starlette(
    routes=[*ROUTES, Route("/page.html", page), Route("/{path:path}", inside)],
    middleware=GUARDS,
)


class Answer:
    """What came back: status, headers (lower case; several of one name in a list), text."""

    def __init__(self, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
        self.status, self.text = status, body.decode()
        self.cookies = [value.decode() for name, value in headers if name == b"set-cookie"]
        self.headers = {name.decode(): value.decode() for name, value in headers}

    @property
    def token(self) -> str:
        return next(one.split(";")[0].split("=", 1)[1] for one in self.cookies if one.startswith(SESSION_COOKIE))


def ask(path: str, form: dict[str, str] | None = None, **headers: str) -> Answer:
    """One request to the door, without a network."""
    place, _, query = path.partition("?")
    body = urlencode(form).encode() if form is not None else b""
    told = {"content-type": "application/x-www-form-urlencoded", "content-length": str(len(body)), **headers}
    scope = {
        "type": "http", "http_version": "1.1", "method": "GET" if form is None else "POST", "path": place,
        "raw_path": place.encode(), "query_string": query.encode(), "scheme": "http", "root_path": "",
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in told.items()],
        "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 1),
    }  # fmt: skip
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    call: Callable[..., Awaitable[None]] = APP
    asyncio.run(call(scope, receive, send))  # type: ignore[arg-type]
    content = b"".join(message.get("body", b"") for message in sent[1:])
    return Answer(sent[0]["status"], sent[0]["headers"], content)


@pytest.fixture(autouse=True)
def _here(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in home.environment.items():
        monkeypatch.setenv(name, value)


def enter(name: str = "委员甲", password: str = PASSWORD, wanted: str = "/ranking?page=2", **headers: str) -> Answer:
    return ask("/sign-in", {"name": name, "password": password, "next": wanted}, **headers)


def test_who_has_no_session_is_led_to_the_door() -> None:
    answer = ask("/ranking?page=2")
    assert (answer.status, answer.headers["location"]) == (303, f"/sign-in?next={quote('/ranking?page=2', safe='')}")


def test_files_and_uploads_are_behind_the_door_the_program_is_not() -> None:
    assert ask("/media/list.xlsx").status == 403
    assert ask("/_stcore/upload_file/a/b").status == 403
    assert ask("/static/a.js").text == "inside"


def test_the_cookie_opens_and_no_script_can_read_it() -> None:
    answer = enter()
    assert (answer.status, answer.headers["location"]) == (303, "/ranking?page=2")
    [cookie] = [one for one in answer.cookies if one.startswith(SESSION_COOKIE)]
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    assert ask("/ranking", cookie=f"{SESSION_COOKIE}={answer.token}").text == "inside"
    assert ask("/ranking", cookie=f"{SESSION_COOKIE}={answer.token[:-1]}").status == 303


def test_signing_out_ends_the_session_itself() -> None:
    cookie = f"{SESSION_COOKIE}={enter().token}"
    left = ask("/sign-out", cookie=cookie)
    assert (left.status, left.headers["location"]) == (303, "/sign-in?left=1")
    assert "您已退出登录。" in ask("/sign-in?left=1").text
    assert "您已退出登录。" not in ask("/sign-in").text
    assert ask("/ranking", cookie=cookie).status == 303


def test_a_link_from_elsewhere_signs_nobody_out_or_in() -> None:
    cookie = f"{SESSION_COOKIE}={enter().token}"
    ask("/sign-out", cookie=cookie, sec_fetch_site="cross-site")
    assert ask("/ranking", cookie=cookie).text == "inside"
    assert enter(sec_fetch_site="cross-site").status == 403


@pytest.mark.parametrize(("language", "word"), [("zh-CN", "密码"), ("en", "Password")])
def test_a_wrong_password_is_told_in_the_readers_language(language: str, word: str) -> None:
    page = ask(f"/sign-in?language={language}")
    assert word in page.text
    answer = ask(f"/sign-in?language={language}", {"name": "<b>甲</b>", "password": "wrong", "next": "/"})
    assert answer.status == 401
    assert 'role="alert"' in answer.text
    assert "<b>甲" not in answer.text  # what was typed comes back as text
    assert not [one for one in answer.cookies if one.startswith(SESSION_COOKIE)]


def test_five_wrong_passwords_lock_the_account_for_the_right_one_too() -> None:
    for _ in range(5):
        assert enter(password="wrong").status == 401
    locked = enter()
    assert locked.status == 401
    assert "请 15 分钟后再试" in locked.text  # no clock time: the reader's clock may be another


def test_after_a_wrong_password_the_field_to_fill_has_the_focus_and_names_the_error() -> None:
    fresh, wrong = ask("/sign-in").text, enter(password="wrong").text
    assert re.findall(r'id="(\w+)" [^>]* autofocus', fresh) == ["name"]
    assert re.findall(r'id="(\w+)" [^>]* autofocus', wrong) == ["password"]
    assert wrong.count('aria-describedby="wrong"') == 2
    assert 'id="wrong"' in wrong
    assert "aria-invalid" not in fresh


@pytest.mark.parametrize("path", ["/nosuchpage", "/ranking/x", "/publish/nothing/deep", "/ranking/", "/" + "x" * 500])
def test_an_unknown_address_leads_to_a_page_that_says_so(path: str) -> None:
    """Streamlit shows its own words for one, and a blank page below a page of ours."""
    cookie = f"{SESSION_COOKIE}={enter().token}"
    answer = ask(path, cookie=cookie, accept="text/html,*/*;q=0.8")
    assert answer.status == 303
    assert answer.headers["location"].startswith(f"/?missing={quote(path[:20], safe='')}")
    assert len(answer.headers["location"]) < 300
    assert ask(path, cookie=cookie, accept="*/*").text == "inside"  # a file that a page fetches


@pytest.mark.parametrize(
    "path", ["/static/nothing/deep", "/manifest/x", "/favicon/x/y", "/sign-nothing", "/sign-in/x/y", "/sign-out/x"]
)
def test_an_unknown_address_that_begins_like_ours_is_none_either(path: str) -> None:
    """What may be fetched without a session was let through by how it begins, and stayed blank."""
    assert ask(path, accept="text/html").headers.get("location") == f"/?missing={quote(path, safe='')}"


@pytest.mark.parametrize("path", ["/static/js/a.js", "/favicon.png", "/manifest.json"])
def test_a_file_of_the_program_opens_in_a_window_of_its_own(path: str) -> None:
    assert ask(path, accept="text/html").text == "inside"


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/provider", "/sign-in/callback", "/sign-out"])
def test_the_door_itself_is_no_unknown_address(path: str) -> None:
    assert "missing" not in ask(path, accept="text/html").headers.get("location", "")


def test_addresses_of_pages_are_those_of_the_pages() -> None:
    assert tuple(PAGES) == ADDRESSES
    cookie = f"{SESSION_COOKIE}={enter().token}"
    for name in ADDRESSES[1:]:
        assert ask(f"/{name}?id=1", cookie=cookie, accept="text/html").text == "inside"


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_nobody_is_sent_elsewhere(wanted: str) -> None:
    assert enter(wanted=wanted).headers["location"] == "/"


def test_every_answer_forbids_other_machines() -> None:
    for path in ("/sign-in", "/ranking", "/static/a.js"):
        policy = ask(path).headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "http:" not in policy
        assert "https:" not in policy


def test_no_browser_keeps_a_page_of_one_who_has_left() -> None:
    """Back after signing out showed what the browser had kept, dead, with no way to sign in."""
    cookie = f"{SESSION_COOKIE}={enter().token}"
    assert ask("/page.html", cookie=cookie).headers["cache-control"] == "no-store"
    assert ask("/sign-in").headers["cache-control"] == "no-store"
    assert "cache-control" not in ask("/static/a.js").headers
