"""The questions that hold a file, each with the answers that make sense; an answer becomes part of the mapping."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard.acting import typed
from dashboard.display import as_label, quoted
from dashboard.intake_desk import Received, answered, sentence
from dashboard.session import me, t
from data.findings import Finding

UNITS = ("元", "千元", "万元", "百万元", "亿元", "万美元")


def questions(received: Received) -> None:
    """Draw the questions as a form; answering takes the file in again."""
    asked = [one for one in received.intake.findings if one.severity == "question"]
    with st.form("answers"):
        for at, one in enumerate(asked):
            quoted(sentence(one))
            _answer(at, one)
        st.form_submit_button(
            t("dash-data-answer"), type="primary", on_click=_do_answer,
            args=(received, [(one.code, one.column, dict(one.values)) for one in asked], me().name),
        )  # fmt: skip


def _answer(at: int, one: Finding) -> None:
    key = f"answer_{at}"
    word = as_label(one.column or one.code)
    if one.code == "unit-missing":
        told = one.values.get("units")
        likely = [str(unit) for unit in told] if isinstance(told, (list, tuple)) else []
        options = list(dict.fromkeys([*likely, *UNITS]))
        st.selectbox(
            t("dash-data-unit", column=word), options, index=None, key=key, placeholder=t("dash-choose"),
            format_func=lambda unit: unit + (f" · {t('dash-data-plausible')}" if unit in likely else ""),
        )  # fmt: skip
    elif one.code == "body-to-decide":
        st.radio(
            t("dash-data-body"), ["accept", "leave_out"], index=None, key=key, horizontal=True,
            format_func=lambda choice: t(f"dash-data-body-{choice}"),
        )  # fmt: skip
    elif one.code == "code-by-name-to-confirm":
        st.radio(
            t("dash-data-match", name=as_label(one.values.get("name", "")), code=str(one.values.get("code", ""))),
            ["yes", "no"], index=None, key=key, horizontal=True, format_func=lambda choice: t(f"dash-{choice}"),
        )  # fmt: skip
    else:
        st.caption(t("dash-data-by-mapping"))


def _do_answer(received: Received, asked: list[tuple[str, str, dict[str, Any]]], actor: str) -> None:
    answers: dict[str, dict[str, str]] = {}
    for at, (code, column, values) in enumerate(asked):
        chosen = typed(f"answer_{at}")
        if not chosen:
            continue
        if code == "unit-missing":
            answers.setdefault("units", {})[column] = chosen
        elif code == "body-to-decide":
            answers.setdefault("bodies", {})[str(values["body"])] = chosen
        elif code == "code-by-name-to-confirm":
            answers.setdefault("matches", {})[str(values["name"])] = str(values["code"]) if chosen == "yes" else ""
    answered(received, answers, actor, received.intake.dry_run)
