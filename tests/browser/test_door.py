"""Attempts on a running server from outside of its pages: forged sessions, others' files, other sites, the database."""

from __future__ import annotations

import http.client
import secrets
from urllib.parse import urlencode

import pytest

from dashboard.session import SESSION_COOKIE
from tests.browser.conftest import Server
from tests.district_home import PASSWORD


def ask(server: Server, method: str, path: str, body: str = "", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """One request, its path sent as it stands: nothing is made tidy on the way."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    connection.request(method, path, body or None, {name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    told = {name.lower(): value for name, value in answer.getheaders()}
    content = b"" if answer.status == 101 else answer.read()
    connection.close()
    return answer.status, told, content


def session_of(server: Server, name: str = "委员甲", **headers: str) -> str:
    form = urlencode({"name": name, "password": PASSWORD, "next": "/"})
    _, told, _ = ask(server, "POST", "/sign-in", form, Content_Type="application/x-www-form-urlencoded", **headers)
    return told.get("set-cookie", "").split(";")[0]


def test_a_forged_or_foreign_session_opens_nothing(standing_server: Server) -> None:
    guesses = ["", secrets.token_urlsafe(32), "主任".encode().decode("latin-1"), "' OR 1=1 --"]
    for cookie in [*(f"{SESSION_COOKIE}={guess}" for guess in guesses), "_streamlit_user=e30; _streamlit_session=e30"]:
        status, told, _ = ask(standing_server, "GET", "/ranking", Cookie=cookie)
        assert (status, told["location"][:8]) == (303, "/sign-in")
    assert ask(standing_server, "GET", "/ranking", Cookie=session_of(standing_server))[0] == 200


@pytest.mark.parametrize(
    "path",
    [
        "/media/{guess}.xlsx", "/media/{guess}.docx", "/_stcore/upload_file/{guess}/{guess}", "/_stcore/metrics",
        "/component/x/index.html", "/app/static/x", "/_stcore/allowed-message-origins",
    ],
)  # fmt: skip
def test_files_are_not_given_to_who_has_not_signed_in(standing_server: Server, path: str) -> None:
    status, _, content = ask(standing_server, "GET", path.format(guess=secrets.token_hex(28)))
    assert status in (303, 403, 404)
    assert b"E000" not in content


@pytest.mark.parametrize(
    "path",
    [
        "/media/../mulu.db", "/static/../../data/local/mulu.db", "/static/%2e%2e/%2e%2e/mulu.db",
        "/app/static/..%2f..%2fmulu.db", "/component/../../mulu.db", "/evidence/", "/mulu.db", "//etc/passwd",
        "/media/{home}/mulu.db", "/static/{home}/mulu.db", "/publications/",
    ],
)  # fmt: skip
def test_no_path_leads_to_the_database_or_the_evidence(standing_server: Server, path: str) -> None:
    cookie = session_of(standing_server)
    _, _, content = ask(standing_server, "GET", path.format(home=standing_server.home.path), Cookie=cookie)
    assert b"SQLite format" not in content
    assert b"root:" not in content


def test_another_site_neither_signs_in_nor_listens(standing_server: Server) -> None:
    """A form on another page, and a script there that opens the dashboard's socket with the visitor's cookie."""
    assert session_of(standing_server, Sec_Fetch_Site="cross-site") == ""
    shake = {
        "Connection": "Upgrade", "Upgrade": "websocket", "Sec_WebSocket_Version": "13",
        "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ==", "Cookie": session_of(standing_server),
    }  # fmt: skip
    ours = ask(standing_server, "GET", "/_stcore/stream", Origin=standing_server.address, **shake)
    assert ours[0] == 101
    evil = ask(standing_server, "GET", "/_stcore/stream", Origin="https://evil.example", **shake)
    assert evil[0] == 403


def test_an_upload_from_another_site_is_refused(standing_server: Server) -> None:
    """With the visitor's cookie but without the token that only our own page knows."""
    status, _, _ = ask(
        standing_server, "PUT", "/_stcore/upload_file/a/b", "x", Cookie=session_of(standing_server),
        Origin="https://evil.example", Content_Type="multipart/form-data; boundary=x",
    )  # fmt: skip
    assert status in (400, 403)
