"""The door: the sign-in page, signing out, and the guard before pages, uploads and downloads.

These are plain HTTP routes beside Streamlit's own. A password never passes through a page's state, and the session
cookie is one that scripts cannot read. Where the settings name an identity provider, a second way in leads there and
back (`dashboard.identity_provider`); both ways end in the same session. The guard also says to the browser that
nothing may be loaded from, or sent to, any other machine (Content-Security-Policy).
"""

from __future__ import annotations

import html
import math
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from dashboard.identity_provider import CALLBACK, Attempt, begin, finish, offered
from dashboard.navigation import ADDRESSES
from dashboard.session import LANGUAGE_COOKIE, SESSION_COOKIE
from data.accounts import SESSION_LASTS, Accounts
from data.migrations import connect
from data.refusal import Refusal
from data.settings import Settings
from scoring.messages import LANGUAGES, explain, say

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

# What a visitor who has not signed in may fetch: the program itself, none of its facts.
OPEN = ("/static/", "/_stcore/health", "/_stcore/host-config", "/_stcore/stream", "/favicon", "/manifest", "/sign-")
FETCHED = ("/media/", "/_stcore/", "/component/", "/app/")
"""What pages fetch and nobody opens as a page."""
FILES = ("/static/", "/favicon", "/manifest")
"""Where the files of the program are, which may be opened in a window of their own."""
MISSING = 80
"""So much of an unknown address is told."""
ATTEMPT_COOKIE = "mulu_sign_in"

SECURITY = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; media-src 'self' blob:; worker-src 'self' blob:; "
        "connect-src 'self' data: blob:; frame-src 'self' blob:; frame-ancestors 'none'; base-uri 'self'; "
        "form-action 'self'; object-src 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def accounts() -> Accounts:
    """The accounts of the installation that the environment names."""
    return Accounts(connect(Settings().database_url))


class Guard:
    """Before every request: who has no session is led to the door, and every answer carries the security headers."""

    def __init__(self, app: Callable[[Scope, Receive, Send], Awaitable[None]]) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, or answer it at the door."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def sealed(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY.items():
                    headers[name] = value
                if headers.get("content-type", "").startswith("text/html"):
                    headers["Cache-Control"] = "no-store"  # Back after signing out asks anew, and is led to the door
            await send(message)

        path = str(scope["path"])
        if _unknown(scope, path):
            query = urlencode({"missing": path[:MISSING]})
            await RedirectResponse(f"/?{query}", 303)(scope, receive, sealed)
            return
        if path.startswith(OPEN) or await run_in_threadpool(_signed_in, Request(scope)):
            await self.app(scope, receive, sealed)
            return
        await _at_the_door(scope, path)(scope, receive, sealed)


def _unknown(scope: Scope, path: str) -> bool:
    """Whether a browser opens an address that is none of ours: Streamlit would show it a page of its own, or none."""
    if scope["method"] != "GET" or not Headers(scope=scope).get("accept", "").startswith("text/html"):
        return False
    file = path.startswith(FILES) and "." in path.rpartition("/")[2]
    door = path.rstrip("/") in {route.path for route in ROUTES}
    page = path == "/" or path.removeprefix("/") in ADDRESSES
    return not (file or door or page or path.startswith(FETCHED))


def _at_the_door(scope: Scope, path: str) -> Response:
    page = scope["method"] in ("GET", "HEAD") and not path.startswith(FETCHED)
    if not page:
        return PlainTextResponse("sign in", status_code=403)
    query = scope["query_string"].decode("latin-1")
    wanted = path + (f"?{query}" if query else "")
    return RedirectResponse("/sign-in" + (f"?next={quote(wanted, safe='')}" if wanted != "/" else ""), 303)


def _signed_in(request: Request) -> bool:
    token = request.cookies.get(SESSION_COOKIE, "")
    return bool(token) and accounts().session(token) is not None


def local_address(wanted: str) -> str:
    """The address to go to after signing in, if it is one of ours; else the first page.

    >>> local_address("/ranking?page=2"), local_address("//evil.example/"), local_address("https://evil.example")
    ('/ranking?page=2', '/', '/')
    """
    ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not set(wanted) & set("\r\n\\")
    return wanted if ours else "/"


async def _show(request: Request) -> Response:
    language = _language(request)
    told = say("dash-sign-in-left", language) if request.query_params.get("left") else ""
    answer = HTMLResponse(_page(language, local_address(request.query_params.get("next", "/")), told=told))
    answer.set_cookie(LANGUAGE_COOKIE, language, max_age=365 * 86400, samesite="lax", path="/")
    return answer


async def _enter(request: Request) -> Response:
    language = _language(request)
    form = await request.form()
    wanted = local_address(str(form.get("next", "/")))
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return PlainTextResponse("cross-site sign-in", status_code=403)
    name, password = str(form.get("name", "")), str(form.get("password", ""))
    try:
        token = await run_in_threadpool(_open_session, name, password)
    except Refusal as refusal:
        return HTMLResponse(_page(language, wanted, name, _wrong(refusal, language)), status_code=401)
    return _inside(request, token, wanted)


def _wrong(refusal: Refusal, language: str) -> str:
    """Why one is not let in; how long an account is locked in minutes, since the server's clock may not be theirs."""
    until = refusal.values.get("until")
    if not isinstance(until, datetime):
        return explain(refusal, language)
    minutes = max(1, math.ceil((until - datetime.now(UTC)).total_seconds() / 60))
    return say("dash-sign-in-locked", language, minutes=minutes)


def _inside(request: Request, token: str, wanted: str) -> Response:
    """Lead a person who has signed in to the page that was wanted, with the session's cookie."""
    answer = RedirectResponse(wanted, status_code=303)
    answer.set_cookie(
        SESSION_COOKIE,
        token,
        max_age=int(SESSION_LASTS.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=_encrypted(request),
        path="/",
    )
    return answer


def _encrypted(request: Request) -> bool:
    """Whether browsers reach us over TLS, which a server in front of us may end."""
    return request.url.scheme == "https" or Settings().public_url.startswith("https://")


def _open_session(name: str, password: str) -> str:
    people = accounts()
    return people.open_session(people.verify(name, password))


async def _to_provider(request: Request) -> Response:
    """Send a person to the office's identity provider."""
    language, wanted = _language(request), local_address(request.query_params.get("next", "/"))
    settings = Settings()
    if not offered(settings):
        return RedirectResponse("/sign-in", status_code=303)
    try:
        address, attempt = await run_in_threadpool(begin, settings, wanted)
    except Refusal as refusal:
        return HTMLResponse(_page(language, wanted, wrong=explain(refusal, language)), status_code=502)
    answer = RedirectResponse(address, status_code=303)
    answer.set_cookie(
        ATTEMPT_COOKIE,
        attempt.sealed(),
        max_age=600,
        httponly=True,
        samesite="lax",
        secure=_encrypted(request),
        path=CALLBACK,
    )
    return answer


async def _from_provider(request: Request) -> Response:
    """Let in whom the provider vouches for and whom our table knows."""
    language = _language(request)
    try:
        attempt = Attempt.of(request.cookies.get(ATTEMPT_COOKIE, ""))
        wanted = local_address(attempt.wanted)
        token = await run_in_threadpool(_vouched_session, attempt, dict(request.query_params))
        answer = _inside(request, token, wanted)
    except Refusal as refusal:
        answer = HTMLResponse(_page(language, "/", wrong=explain(refusal, language)), status_code=401)
    answer.delete_cookie(ATTEMPT_COOKIE, path=CALLBACK)
    return answer


def _vouched_session(attempt: Attempt, query: dict[str, str]) -> str:
    people = accounts()
    try:
        name = finish(Settings(), attempt, query)
    except Refusal as refusal:
        people.ledger.append("user:?", "sign_in_failed", "?", {"external": True, "code": refusal.code})
        raise
    return people.open_session(people.admit(name))


async def _leave(request: Request) -> Response:
    if request.headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none") and (
        token := request.cookies.get(SESSION_COOKIE, "")
    ):
        await run_in_threadpool(accounts().close_session, token)
    answer = RedirectResponse("/sign-in?left=1", status_code=303)
    answer.delete_cookie(SESSION_COOKIE, path="/")
    return answer


def _language(request: Request) -> str:
    asked = request.query_params.get("language") or request.cookies.get(LANGUAGE_COOKIE, "")
    return next((known for known in LANGUAGES if asked and known.startswith(asked[:2])), Settings().language)


def _page(language: str, wanted: str, name: str = "", wrong: str = "", told: str = "") -> str:
    def word(key: str) -> str:
        return html.escape(say(key, language))

    other = next(known for known in LANGUAGES if known != language)
    alert = f'<p class="wrong" role="alert" id="wrong">{html.escape(wrong)}</p>' if wrong else ""
    note = f'<p class="told" role="status">{html.escape(told)}</p>' if told else ""
    tied = ' aria-invalid="true" aria-describedby="wrong"' if wrong else ""
    settings = Settings()
    label = html.escape(settings.oidc_label) or word("dash-sign-in-provider")
    towards = f"/sign-in/provider?language={language}&amp;next={quote(wanted, safe='')}"
    provider = f'<p class="or"><a href="{towards}">{label}</a></p>' if offered(settings) else ""
    again = f"/sign-in?language={other}&amp;next={quote(wanted, safe='')}"
    return _PAGE.format(
        language=language,
        title=word("dash-sign-in-title"),
        product=word("dash-product"),
        purpose=word("dash-purpose"),
        alert=note + alert,
        name_focus=tied + ("" if name else " autofocus"),
        password_focus=tied + (" autofocus" if name else ""),
        action=f"/sign-in?language={language}",
        wanted=html.escape(wanted, quote=True),
        name_label=word("dash-sign-in-name"),
        name=html.escape(name, quote=True),
        password_label=word("dash-sign-in-password"),
        enter=word("dash-sign-in-enter"),
        provider=provider,
        help=word("dash-sign-in-help"),
        again=again,
        other=other,
        other_word=html.escape(say("dash-language-name", other)),
    )


_PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>
:root {{ color-scheme: light dark; --ink: #1b2730; --ground: #f1f4f6; --card: #fff; --edge: #6b7a86; --act: #0b5c8a }}
@media (prefers-color-scheme: dark) {{
  :root {{ --ink: #e9eef2; --ground: #14191d; --card: #20282e; --edge: #8a98a3; --act: #1c76a8 }} }}
body {{ margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--ground); color: var(--ink);
  font: 16px/1.6 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', 'Segoe UI', sans-serif }}
main {{ background: var(--card); padding: 2.2rem 2.4rem; border-radius: 10px; width: min(25rem, 92vw);
  box-sizing: border-box; box-shadow: 0 2px 18px #0002 }}
h1 {{ font-size: 1.5rem; margin: 0 0 .2rem }} p {{ margin: .2rem 0 1rem }}
label {{ display: block; margin: .9rem 0 .25rem; font-weight: 600 }}
input {{ width: 100%; box-sizing: border-box; font: inherit; padding: .55rem .7rem; border: 1px solid var(--edge);
  border-radius: 6px; background: transparent; color: inherit }}
button {{ margin-top: 1.3rem; width: 100%; padding: .6rem; font: inherit; font-weight: 600; border: 0;
  border-radius: 6px; background: var(--act); color: #fff; cursor: pointer }}
:focus-visible {{ outline: 3px solid #b87300; outline-offset: 2px }}
.told {{ border-left: 4px solid #0b7a5c; padding: .4rem .8rem }}
.wrong {{ border-left: 4px solid #d55e00; padding: .4rem .8rem; background: #d55e0018 }}
.foot {{ font-size: .88rem; margin: 1.2rem 0 0; display: flex; justify-content: space-between; gap: 1rem }}
a {{ color: inherit }} .foot a {{ white-space: nowrap }}
.or a {{ display: block; margin-top: .8rem; padding: .55rem; text-align: center; font-weight: 600;
  text-decoration: none; border: 1px solid var(--edge); border-radius: 6px }}
</style></head><body><main><h1>{product}</h1><p>{purpose}</p>{alert}
<form method="post" action="{action}"><input type="hidden" name="next" value="{wanted}">
<label for="name">{name_label}</label>
<input id="name" name="name" value="{name}" autocomplete="username" required{name_focus}>
<label for="password">{password_label}</label>
<input id="password" name="password" type="password" autocomplete="current-password" required{password_focus}>
<button type="submit">{enter}</button></form>{provider}
<p class="foot"><span>{help}</span><a href="{again}" lang="{other}">{other_word}</a></p></main></body></html>
"""


async def _home(_request: Request) -> Response:
    return RedirectResponse("/", status_code=303)


# The first page has the bare address; who writes its name is led there.
ROUTES = [
    Route("/overview", _home, methods=["GET"]),
    Route("/sign-in", _show, methods=["GET"]),
    Route("/sign-in", _enter, methods=["POST"]),
    Route("/sign-in/provider", _to_provider, methods=["GET"]),
    Route(CALLBACK, _from_provider, methods=["GET"]),
    Route("/sign-out", _leave, methods=["GET"]),
]
GUARDS = [Middleware(Guard)]
