"""The frame around every page: who is here, language, navigation, the banner over made-up data, and failures."""

from __future__ import annotations

import logging
import secrets
from datetime import timedelta
from pathlib import Path

import streamlit as st

from dashboard.display import as_label, refused
from dashboard.navigation import ADDRESSES
from dashboard.pages_of import PAGES, sections
from dashboard.session import LANGUAGE_COOKIE, current_user, language, me, sign_out, store, t
from data.refusal import Refusal
from data.synthetic import is_demo
from scoring.messages import LANGUAGES, say

_CSS = Path(__file__).with_name("shell.css").read_text(encoding="utf-8")
_ICON = Path(__file__).with_name("mulu.svg")

_KEYS = """if (!window.muluKeys) window.addEventListener("keydown", window.muluKeys = (event) => {
  const field = event.target.closest?.("textarea, input:not([type=radio]):not([type=checkbox])");
  if (field && event.altKey) event.stopPropagation();
}, true)"""
"""Who writes in a field is not led to another page by a shortcut: Streamlit listens everywhere."""

_log = logging.getLogger("mulu.dashboard")


def run(first: str = "overview") -> None:
    """Draw the page that the address names; `first` is the page of the bare address."""
    st.set_page_config(page_title=t("dash-product"), page_icon=str(_ICON), layout="wide")
    _styles()
    user = current_user()
    if user is None:
        _at_the_door()
        return
    st.session_state["mulu_user"] = user
    _come_back()
    places = {
        name: st.Page(view, title=t(f"dash-page-{name}"), icon=icon, url_path=name, default=name == first)
        for name, (view, icon) in PAGES.items()
    }
    st.session_state["mulu_pages"] = places
    chosen = st.navigation(list(places.values()), position="hidden")
    _margin()
    _banner()
    _astray()
    if chosen.url_path not in ("ranking", "ledger"):  # those look where one came from, then say it themselves
        st.session_state["mulu_at"] = chosen.url_path
    try:
        chosen.run()
    except Refusal as refusal:
        refused(refusal)
    except Exception:
        number = secrets.token_hex(4)
        _log.exception("page %s failed (%s)", chosen.url_path, number)
        st.error(t("dash-failed", number=number), icon=":material/error:")


@st.fragment(run_every=timedelta(days=1))
def _come_back() -> None:
    """Draws nothing: a window in which something runs again by itself asks a restarted server for its page at once,
    any other only at the next click, which would then be lost."""


def _leave() -> None:
    sign_out()
    st.session_state["mulu_left"] = True


def _at_the_door() -> None:
    """The session has ended while the page was open: lead to the sign-in page, with a link for who runs no script.

    Who was thrown out comes back to where they were; who left has left.
    """
    left = st.session_state.get("mulu_left")
    pages = [
        st.Page(_nothing, title=t("dash-sign-in-title"), url_path=name, default=not at)
        for at, name in enumerate(ADDRESSES)
    ]
    st.navigation(pages, position="hidden")
    st.info(t("dash-sign-in-left" if left else "dash-signed-out"))
    address = "'/sign-out'" if left else "'/sign-in?next=' + encodeURIComponent(location.pathname + location.search)"
    st.html(
        f'<p><a href="/sign-in" target="_self">{t("dash-sign-in-enter")}</a></p>'
        f"<script>sessionStorage.clear(); location.replace({address})</script>",
        unsafe_allow_javascript=True,
    )


def _nothing() -> None:
    """A page of which nothing is shown."""


def _astray() -> None:
    """Say that the address which led here is none of ours."""
    if asked := st.query_params.get("missing"):
        st.warning(t("dash-address-unknown", address=as_label(asked, 80)), icon=":material/wrong_location:")


def _margin() -> None:
    """The foot of the side bar: the person, the language, the way out."""
    user = me()
    with st.sidebar:
        st.html(f'<p class="mulu-brand">{t("dash-brand")}<span>{t("dash-brand-means")}</span></p>')
        _links()
        st.markdown(f"**{as_label(user.display_name)}** · {t(f'dash-role-{user.role}')}")
        tongue = st.segmented_control(
            t("dash-language"),
            LANGUAGES,
            default=language(),
            format_func=lambda code: say("dash-language-name", code),
            key="mulu_language_choice",
            label_visibility="collapsed",
            required=True,
        )
        if tongue and tongue != language():
            st.session_state["mulu_language"] = tongue
            st.rerun()
        st.button(t("dash-sign-out"), icon=":material/logout:", width="stretch", on_click=_leave)
    cookie = f"{LANGUAGE_COOKIE}={language()};path=/;max-age=31536000;samesite=lax"
    st.html(
        f"<script>document.cookie = {cookie!r}; document.documentElement.lang = {language()!r}; {_KEYS}</script>",
        unsafe_allow_javascript=True,
    )


def _links() -> None:
    """The pages under their headings. Streamlit's own list of pages nests its items in a way that readers of screens
    stumble over; these are plain links."""
    places = st.session_state["mulu_pages"]
    for section, names in sections():
        st.caption(t(f"dash-section-{section}"))
        with st.container(gap="xxsmall"):
            for name in names:
                st.page_link(places[name], label=t(f"dash-page-{name}"), icon=PAGES[name][1])
    st.divider()


def _banner() -> None:
    """Every page over made-up data says that it is made up."""
    if is_demo(store()):
        st.html(f'<p class="mulu-banner" role="note">{t("dash-synthetic")}</p>')


def _styles() -> None:
    """What the theme cannot say: a quiet banner, tight lists, and a page that prints without its frame."""
    # White letters on the dark theme's light blue would be too faint, dark ones on the light theme's dark blue too.
    on_primary = "#06202f" if st.context.theme.type == "dark" else "#ffffff"
    words = f":root{{--mulu-upload:'{t('dash-upload-word')}';--mulu-on-primary:{on_primary}}}"
    st.html(f"<style>{words}{_CSS}</style>")
