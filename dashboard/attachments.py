"""Files that people attached to what they did, to be opened by whoever may read it."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from dashboard.display import as_label
from dashboard.session import settings, t
from data.refusal import Refusal
from scoring.committee.evidence import check_evidence, evidence_path


def offer_attachment(told: Mapping[str, object], key: str) -> None:
    """A button that gives a file which somebody attached; one that is gone or was changed is said to be."""
    name = str(told.get("name", ""))
    try:
        kept = check_evidence(settings(), told)
    except Refusal:
        st.warning(t("dash-evidence-gone", name=as_label(name, 120)), icon=":material/attach_file_off:")
        return
    path = evidence_path(settings(), str(kept["sha256"]))
    st.download_button(
        t("dash-evidence-take", name=as_label(name, 120)), data=path.read_bytes, file_name=name, key=f"take_{key}",
        mime="application/octet-stream", icon=":material/attach_file:", on_click="ignore",
    )  # fmt: skip
