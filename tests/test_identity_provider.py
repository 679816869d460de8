"""Sign-in through an office's identity provider: the whole way round, and everything that must not open the door."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from dashboard.entrance import ATTEMPT_COOKIE
from dashboard.identity_provider import Attempt
from dashboard.session import SESSION_COOKIE
from data.accounts import Accounts
from data.settings import Settings
from data.store import Store
from tests.district_home import PASSWORD, Home
from tests.identity_server import IdentityServer
from tests.test_entrance import Answer, ask

PUBLIC = "http://127.0.0.1:8501"


@pytest.fixture(scope="module")
def shared_provider() -> Iterator[IdentityServer]:
    server = IdentityServer()
    yield server
    server.close()


@pytest.fixture
def provider(shared_provider: IdentityServer, home: Home, monkeypatch: pytest.MonkeyPatch) -> IdentityServer:
    """A provider that tells the truth, and an installation that trusts it."""
    shared_provider.person, shared_provider.claims, shared_provider.lies = "wang@example.org", {}, ""
    shared_provider.issuer_told = ""
    for name, value in {**home.environment, **shared_provider.environment(PUBLIC)}.items():
        monkeypatch.setenv(name, value)
    accounts(home).add("wang@example.org", "王示例", "member", actor="tests", external=True)
    return shared_provider


def accounts(home: Home) -> Accounts:
    return Accounts(Store(Settings(home=home.path)).engine)


def failures(home: Home) -> list[dict[str, Any]]:
    return [dict(event.payload) for event in accounts(home).ledger.replay(kind="sign_in_failed")]


def sent_off(wanted: str = "/ranking") -> tuple[Answer, str]:
    """The redirect to the provider, and the cookie that the browser then holds."""
    answer = ask(f"/sign-in/provider?next={wanted}")
    [cookie] = [one for one in answer.cookies if one.startswith(ATTEMPT_COOKIE)]
    assert "HttpOnly" in cookie
    return answer, cookie.split(";")[0]


def round_trip(wanted: str = "/ranking") -> Answer:
    """Door, provider and back, as a browser would go."""
    answer, cookie = sent_off(wanted)
    back = requests.get(answer.headers["location"], allow_redirects=False, timeout=5).headers["location"]
    assert back.startswith(f"{PUBLIC}/sign-in/callback?")
    return ask(back.removeprefix(PUBLIC), cookie=cookie)


def shut(answer: Answer) -> bool:
    """Whether nobody got in: a page with a sentence, and no session."""
    return answer.status == 401 and 'role="alert"' in answer.text and not session_of(answer)


def session_of(answer: Answer) -> str:
    return next((one.split(";")[0] for one in answer.cookies if one.startswith(SESSION_COOKIE)), "")


def test_the_way_in_is_offered_only_where_a_provider_is_named(
    provider: IdentityServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MULU_OIDC_LABEL", "一网通办<b>")
    page = ask("/sign-in?next=/ranking").text
    assert "/sign-in/provider?language=zh-CN&amp;next=%2Franking" in page
    assert "一网通办&lt;b&gt;" in page
    monkeypatch.setenv("MULU_OIDC_ISSUER", "")
    assert "/sign-in/provider" not in ask("/sign-in").text
    assert ask("/sign-in/provider").headers["location"] == "/sign-in"


def test_whom_the_provider_vouches_for_is_in_with_the_role_of_our_table(provider: IdentityServer, home: Home) -> None:
    """What the provider says about roles counts for nothing; a closed account is out at the next request."""
    provider.claims = {"role": "chair", "groups": ["chair"]}
    answer = round_trip("/ranking?page=2")
    assert (answer.status, answer.headers["location"]) == (303, "/ranking?page=2")
    cookie = session_of(answer)
    assert ask("/ranking", cookie=cookie).text == "inside"
    people = accounts(home)
    user = people.session(cookie.split("=", 1)[1])
    assert user is not None
    assert (user.name, user.role) == ("wang@example.org", "member")
    people.disable("wang@example.org", actor="tests")
    assert ask("/ranking", cookie=cookie).status == 303


def test_a_person_without_an_account_is_told_so_and_recorded(provider: IdentityServer, home: Home) -> None:
    provider.person = "stranger@example.org"
    answer = round_trip()
    assert shut(answer)
    assert "stranger@example.org" in answer.text
    assert failures(home)[-1] == {"external": True, "name": "stranger@example.org"}


def test_nobody_takes_over_an_account_with_a_password_by_choosing_its_name(
    provider: IdentityServer, home: Home
) -> None:
    provider.person = "主任"
    assert shut(round_trip())
    assert failures(home)[-1]["name"] == "主任"
    assert ask("/sign-in", {"name": "主任", "password": PASSWORD, "next": "/"}).status == 303


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "of another attempt"},
        {"nonce": None},
        {"aud": "another-office"},
        {"aud": ["another-office", "third"]},
        {"iss": "http://127.0.0.1:1/"},
        {"exp": 1_700_000_000},
        {"exp": None},
        {"iat": 4_000_000_000},
        {"sub": None},
        {"sub": "   "},
        {"sub": 7},
    ],
    ids=str,
)
def test_a_token_that_is_not_for_us_now_opens_nothing(
    provider: IdentityServer, home: Home, claims: dict[str, Any]
) -> None:
    provider.claims = claims
    assert shut(round_trip())
    assert failures(home)[-1] == {"external": True, "code": "oidc-token"}


@pytest.mark.parametrize("lie", ["key", "secret", "none"])
def test_a_token_that_the_provider_did_not_sign_opens_nothing(provider: IdentityServer, home: Home, lie: str) -> None:
    provider.lies = lie
    assert shut(round_trip())
    assert failures(home)[-1]["code"] == "oidc-token"


def test_an_answer_to_another_attempt_opens_nothing(provider: IdentityServer, home: Home) -> None:
    """Somebody sends a link with a code of their own, or with another browser's state: login forgery."""
    answer, cookie = sent_off()
    back = requests.get(answer.headers["location"], allow_redirects=False, timeout=5).headers["location"]
    place, query = "/sign-in/callback", parse_qs(urlsplit(back).query)
    code, state = query["code"][0], query["state"][0]
    _, other = sent_off()
    assert shut(ask(f"{place}?code={code}&state={state}", cookie=other))
    assert shut(ask(f"{place}?code={code}&state={state}"))
    assert shut(ask(f"{place}?code={code}", cookie=cookie))
    assert shut(ask(f"{place}?code={code}&state={state}", cookie=f"{ATTEMPT_COOKIE}=%7Bnot%20ours"))
    assert failures(home)[-1]["code"] == "oidc-state"
    # The same code with another attempt's verifier: state and cookie agree, the provider refuses the exchange.
    forged = Attempt(state, "n", "v" * 64, "/").sealed()
    assert shut(ask(f"{place}?code={code}&state={state}", cookie=f"{ATTEMPT_COOKIE}={forged}"))


def test_a_code_opens_once(provider: IdentityServer) -> None:
    answer, cookie = sent_off()
    back = requests.get(answer.headers["location"], allow_redirects=False, timeout=5).headers["location"]
    assert session_of(ask(back.removeprefix(PUBLIC), cookie=cookie))
    assert shut(ask(back.removeprefix(PUBLIC), cookie=cookie))


def test_a_no_of_the_provider_is_told(provider: IdentityServer) -> None:
    answer, cookie = sent_off()
    state = parse_qs(urlsplit(answer.headers["location"]).query)["state"][0]
    told = ask(f"/sign-in/callback?error=access_denied&state={state}", cookie=cookie)
    assert shut(told)
    assert "access_denied" in told.text


def test_nobody_is_sent_elsewhere_after_the_provider(provider: IdentityServer) -> None:
    assert round_trip("//evil.example").headers["location"] == "/"
    forged, cookie = sent_off()
    state = parse_qs(urlsplit(forged.headers["location"]).query)["state"][0]
    attempt = Attempt.of(cookie.split("=", 1)[1])
    away = Attempt(state, attempt.nonce, attempt.verifier, "https://evil.example/").sealed()
    back = requests.get(forged.headers["location"], allow_redirects=False, timeout=5).headers["location"]
    answer = ask(back.removeprefix(PUBLIC), cookie=f"{ATTEMPT_COOKIE}={away}")
    assert answer.headers["location"] == "/"


def test_the_mail_address_counts_only_when_the_provider_checked_it(
    provider: IdentityServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MULU_OIDC_CLAIM", "email")
    provider.claims = {"sub": "1", "email": "wang@example.org", "email_verified": False}
    assert shut(round_trip())
    provider.claims["email_verified"] = True
    assert session_of(round_trip())


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("MULU_OIDC_CLIENT_ID", ""),
        ("MULU_PUBLIC_URL", ""),
        ("MULU_OIDC_ISSUER", "http://identity.example.org"),
        ("MULU_OIDC_ISSUER", "ftp://127.0.0.1"),
    ],
)
def test_incomplete_or_unsafe_settings_are_named(
    provider: IdentityServer, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    answer = ask("/sign-in/provider")
    assert answer.status == 502
    assert variable in answer.text


def test_a_provider_that_names_another_issuer_is_not_believed(provider: IdentityServer) -> None:
    provider.issuer_told = "https://identity.example.org"
    assert "MULU_OIDC_ISSUER" in ask("/sign-in/provider").text


def test_a_provider_that_does_not_answer_is_named(provider: IdentityServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MULU_OIDC_ISSUER", "http://127.0.0.1:9")
    answer = ask("/sign-in/provider?language=en")
    assert answer.status == 502
    assert "does not answer" in answer.text


def test_streamlit_s_own_way_in_stays_shut() -> None:
    for path in ("/auth/login", "/oauth2callback", "/auth/logout"):
        assert ask(path).status == 303
        assert ask(path).headers["location"].startswith("/sign-in")
