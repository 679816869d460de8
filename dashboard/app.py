"""The dashboard as a web application: `streamlit run dashboard/app.py` or `python dashboard/app.py`.

The pages are Streamlit's; the door (sign-in, sign-out) and the guard before every file are plain HTTP routes of the
same server, so that a session lives in a cookie that no script in the browser can read.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st

from dashboard.entrance import GUARDS, ROUTES


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[None]:
    """What the server does beside answering: it keeps ready what every first click would wait for.

    The pages are loaded here and not above, since Streamlit warns on standard error of each cache that is declared
    before its runtime stands.
    """
    from dashboard.warming import keep_warm

    with keep_warm():
        yield


app = st.App(Path(__file__).with_name("main.py"), routes=ROUTES, middleware=GUARDS, lifespan=lifespan)

if __name__ == "__main__":
    app.run()
