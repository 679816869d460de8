"""Who is here, in which language, on which installation: what every page asks first.

The session's token is kept in a cookie that scripts cannot read (HttpOnly, SameSite=Lax), set by the sign-in page
of `dashboard.entrance`; the database knows only its hash. It survives a refresh and a restart of the server, it is
not in any address, and it ends for all windows at once on signing out. Streamlit's own session state would be lost
with a refresh; a token in the address would be in the browser's history and in forwarded links; a cookie set by a
script could be read by one.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from datetime import date
from functools import lru_cache
from pathlib import Path

import streamlit as st

from data.accounts import Accounts, User
from data.refusal import Refusal
from data.settings import Settings
from data.store import Store
from scoring.messages import LANGUAGES, say

SESSION_COOKIE = "mulu_session"
LANGUAGE_COOKIE = "mulu_language"


def settings() -> Settings:
    """The settings of this installation, as the environment says now; read anew only when it says something else."""
    return _read(tuple(sorted(one for one in os.environ.items() if one[0].startswith("MULU_"))), date.today())


@lru_cache(maxsize=8)
def _read(_environment: tuple[tuple[str, str], ...], _today: date) -> Settings:
    return Settings()


@st.cache_resource(show_spinner=False, max_entries=4)
def _store(home: str, database_url: str) -> Store:
    return Store(Settings(home=Path(home), database_url=database_url))


def store() -> Store:
    """The store of this installation, opened once for all visitors."""
    here = settings()
    return _store(str(here.home), here.database_url)


@st.cache_resource(show_spinner=False, max_entries=4)
def _accounts(home: str, database_url: str) -> Accounts:
    return Accounts(_store(home, database_url).engine)


def accounts() -> Accounts:
    """The accounts of this installation."""
    here = settings()
    return _accounts(str(here.home), here.database_url)


def cookies() -> Mapping[str, str]:
    """The cookies with which the browser opened this page."""
    return st.context.cookies


def current_user() -> User | None:
    """The person who has signed in, asked anew at every step so that a closed session ends at once; else None."""
    token = cookies().get(SESSION_COOKIE, "")
    return accounts().session(token) if token else None


def me() -> User:
    """The person who has signed in; pages run only for one."""
    user = st.session_state.get("mulu_user")
    if not isinstance(user, User):
        st.stop()
    return user


def still_here() -> User:
    """The person who has signed in, asked at the moment of an act: a button's callback runs before the page does.

    Refuses when the session was ended meanwhile (`dash-session-ended`).
    """
    user = current_user()
    if user is None:
        raise Refusal("dash-session-ended")
    return user


def sign_out() -> None:
    """End the session for all of its windows."""
    if token := cookies().get(SESSION_COOKIE, ""):
        accounts().close_session(token)
    st.session_state.clear()


_spoken: ContextVar[str] = ContextVar("mulu_spoken", default="")
_shift: ContextVar[int | None] = ContextVar("mulu_shift", default=None)


def later(make: Callable[[], bytes]) -> Callable[[], bytes]:
    """A file that is made when its button is pressed, in the language and the time zone of the page that shows the
    button.

    Streamlit calls it outside of any page, where neither session nor cookies are to be had.
    """
    tongue, shift = language(), minutes_west()

    def made() -> bytes:
        spoken, shifted = _spoken.set(tongue), _shift.set(shift)
        try:
            return make()
        finally:
            _spoken.reset(spoken)
            _shift.reset(shifted)

    return made


def minutes_west() -> int | None:
    """How many minutes the reader's clock is behind UTC, as browsers count; None where no browser says."""
    told = _shift.get()
    return told if told is not None else st.context.timezone_offset


def language() -> str:
    """The reader's language: chosen on the page, else in the address, the browser's cookie, the settings."""
    if spoken := _spoken.get():
        return spoken
    chosen = st.session_state.get("mulu_language")
    if chosen in LANGUAGES:
        return str(chosen)
    asked = st.query_params.get("language") or cookies().get(LANGUAGE_COOKIE, "")
    found = next((known for known in LANGUAGES if asked and known.startswith(asked[:2])), settings().language)
    st.session_state["mulu_language"] = found
    return found


def t(key: str, /, **values: object) -> str:
    """A sentence of the catalogues in the reader's language."""
    return say(key, language(), **values)
