"""Accounts: roles, lock-out, sessions that survive a refresh, and what is never stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from data.accounts import DEMO_PEOPLE, ROLES, Accounts, create_demo_people
from data.migrations import connect
from data.refusal import Refusal

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", "postgresql"])
def accounts(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Accounts]:
    url = request.getfixturevalue("postgresql")() if request.param == "postgresql" else f"sqlite:///{tmp_path / 'a.db'}"
    engine = connect(url)
    yield Accounts(engine, hasher=QUICK, clock=clock)
    engine.dispose()


def refused(code: str, act: Callable[[], object]) -> Refusal:
    with pytest.raises(Refusal) as caught:
        act()
    assert caught.value.code == code
    return caught.value


def test_a_person_signs_in_with_the_password_given_once(accounts: Accounts) -> None:
    password = accounts.add("anna", "Anna", "member", actor="tests")
    assert len(password) >= 16
    user = accounts.verify(" ａｎｎａ ", password)  # full width and spaces are the same name
    assert (user.name, user.display_name, user.role) == ("anna", "Anna", "member")
    refused("sign-in-failed", lambda: accounts.verify("anna", password + "x"))
    refused("sign-in-failed", lambda: accounts.verify("nobody", password))
    refused("sign-in-failed", lambda: accounts.verify("anna", ""))


def test_no_password_and_no_token_is_stored_in_clear(accounts: Accounts, tmp_path: Path) -> None:
    password = accounts.add("anna", "Anna", "member", "a long enough word", actor="tests")
    token = accounts.open_session(accounts.verify("anna", password))
    told = repr([event.payload for event in accounts.ledger.replay()])
    assert password not in told
    for file in tmp_path.glob("a.db*"):
        content = file.read_bytes()
        assert password.encode() not in content
        assert token.encode() not in content


def test_five_failures_lock_and_fifteen_minutes_unlock(accounts: Accounts, clock: Clock) -> None:
    password = accounts.add("anna", "Anna", "chair", actor="tests")
    for _ in range(4):
        refused("sign-in-failed", lambda: accounts.verify("anna", "wrong"))
    refused("sign-in-locked", lambda: accounts.verify("anna", "wrong"))
    refused("sign-in-locked", lambda: accounts.verify("anna", password))  # even with the right one
    clock.now += timedelta(minutes=14, seconds=59)
    refused("sign-in-locked", lambda: accounts.verify("anna", password))
    clock.now += timedelta(seconds=1)
    assert accounts.verify("anna", password).name == "anna"
    kinds = [event.kind for event in accounts.ledger.replay("user:anna")]
    assert kinds.count("sign_in_failed") == 7
    assert kinds.count("sign_in_locked") == 1


def test_guessing_in_parallel_gets_no_more_guesses(accounts: Accounts) -> None:
    """Twenty at once, one of them right: the lock is checked again after the password, so at most five count."""
    password = accounts.add("anna", "Anna", "chair", actor="tests")
    for _ in range(5):
        with pytest.raises(Refusal):
            accounts.verify("anna", "wrong")

    def attempt(guess: str) -> str:
        try:
            return accounts.verify("anna", guess).name
        except Refusal as refusal:
            return refusal.code

    with ThreadPoolExecutor(20) as pool:
        ends = set(pool.map(attempt, ["wrong"] * 19 + [password]))
    assert ends == {"sign-in-locked"}


def test_a_mistyped_name_is_not_kept(accounts: Accounts) -> None:
    refused("sign-in-failed", lambda: accounts.verify("my secret password", "anna"))
    assert "my secret password" not in repr(accounts.ledger.replay())


def test_a_session_lasts_twelve_hours_and_ends_with_the_account(accounts: Accounts, clock: Clock) -> None:
    user = accounts.verify("anna", accounts.add("anna", "Anna", "member", actor="tests"))
    token, other = accounts.open_session(user), accounts.open_session(user)
    assert accounts.session(token) == user == accounts.session(token)  # a refresh
    accounts.close_session(token)
    assert accounts.session(token) is None
    assert accounts.session(other) == user
    clock.now += timedelta(hours=12)
    assert accounts.session(other) is None
    third = accounts.open_session(user)
    accounts.disable("anna", actor="tests")
    assert accounts.session(third) is None
    assert accounts.session("") is None
    refused("account-unknown", lambda: accounts.find("anna"))


def test_a_new_password_ends_sessions_and_unlocks(accounts: Accounts) -> None:
    user = accounts.verify("anna", accounts.add("anna", "Anna", "member", actor="tests"))
    token = accounts.open_session(user)
    for _ in range(5):
        with pytest.raises(Refusal):
            accounts.verify("anna", "wrong")
    fresh = accounts.set_password("anna", actor="tests")
    assert accounts.session(token) is None
    assert accounts.verify("anna", fresh) == user


def test_what_an_account_cannot_be(accounts: Accounts) -> None:
    accounts.add("anna", "Anna", "member", actor="tests")
    refused("account-exists", lambda: accounts.add(" anna", "Anna", "chair", actor="tests"))
    known = refused("account-role-unknown", lambda: accounts.add("b", "", "admin", actor="tests")).values["known"]
    assert known == list(ROLES)
    refused("account-name-missing", lambda: accounts.add("  ", "", "member", actor="tests"))
    refused("account-password-short", lambda: accounts.add("b", "", "member", "short", actor="tests"))
    refused("account-unknown", lambda: accounts.disable("b", actor="tests"))


def test_whom_a_provider_vouches_for_has_the_role_of_the_table(accounts: Accounts) -> None:
    assert accounts.add("li@example.org", "Li", "auditor", actor="tests", external=True) == ""
    assert accounts.admit("li@example.org").role == "auditor"
    refused("sign-in-not-admitted", lambda: accounts.admit("other@example.org"))
    refused("sign-in-failed", lambda: accounts.verify("li@example.org", ""))  # no password is no way in
    accounts.disable("li@example.org", actor="tests")
    refused("sign-in-not-admitted", lambda: accounts.admit("li@example.org"))


def test_the_demonstration_has_everyone_twice_asked(accounts: Accounts) -> None:
    first = create_demo_people(accounts)
    assert [(name, role) for name, role, _ in first] == list(DEMO_PEOPLE)
    assert {role for _, role, _ in first} == set(ROLES)
    again = create_demo_people(accounts)
    assert len({password for *_, password in first + again}) == 2 * len(DEMO_PEOPLE)
    assert accounts.verify(first[0][0], again[0][2]).role == "chair"
