"""The enterprise's record: figures by year, certificates, integrity, grants, past decisions, the review's timeline."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.events import event_text
from dashboard.saying import as_label, moment
from dashboard.session import t
from dashboard.standing import Standing
from scoring.review import ItemView


def record(here: Standing, key: str, view: ItemView | None) -> None:
    """Draw the record below the points."""
    st.subheader(t("dash-history"))
    if here.review is None or view is None:
        st.caption(t("dash-no-round"))
        return
    events = here.review.history(key, here.user)
    if not events:
        st.caption(t("dash-history-none"))
        return
    shown = pd.DataFrame(
        [
            {
                t("dash-col-when"): moment(event.recorded_at),
                t("dash-col-who"): as_label(event.actor),
                t("dash-col-what"): as_label(event_text(event), 600),
                "#": event.seq,
            }
            for event in reversed(events)
        ]
    )
    st.table(shown.set_index(t("dash-col-when")))
