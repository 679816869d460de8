"""The questions that hold a file, each with the answers that make sense, and the files that wait for them.

An answer becomes part of the file's mapping. A waiting file is in the store: whoever brings data in can answer it, in
another window or on another day.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import streamlit as st

from dashboard.acting import attempt, files_in, typed
from dashboard.display import as_label, as_option, moment, quoted
from dashboard.drafts import Field, keep_drafts
from dashboard.intake_desk import Tried, answer_waiting, sentence, try_again
from dashboard.session import me, settings, store, t
from data.answering import reply
from data.findings import Finding
from data.periods import LENGTH_UNKNOWN, QUARTERS_UNKNOWN
from data.waiting import WaitingFile, withdraw_waiting

UNITS = ("元", "千元", "万元", "百万元", "亿元", "万美元")
MONTHS = ("from_january", "3", "6", "9", "12")
EARLIEST = 2000


@dataclass(frozen=True)
class _Choice:
    """How a question is answered: the key of its field, its label, and the options with their words."""

    name: str
    label: str
    options: Sequence[str]
    words: Callable[[str], str]
    kind: Literal["choice", "select"] = "choice"


def tried_questions(file: Tried, asked: Sequence[Finding]) -> None:
    """Draw the questions about a file that was only tried; answering tries it again."""
    with st.form("answers"):
        choices = _draw("tried", asked)
        st.form_submit_button(
            t("dash-data-answer"), type="primary", on_click=_do_try, args=(file, asked, choices, me().name)
        )


def waiting(files: Sequence[WaitingFile], brought: str) -> None:
    """Draw the files that wait, that with the SHA-256 `brought` (else the oldest) open; nothing where none waits."""
    if not files:
        return
    st.subheader(t("dash-data-waiting", n=len(files)))
    st.caption(t("dash-data-waiting-means"))
    first = next((one for one in files if one.sha256 == brought), files[0])
    for one in sorted(files, key=lambda one: one is not first):
        title = t("dash-data-waiting-one", file=as_label(one.file), n=len(one.questions))
        who = t("dash-data-waiting-by", who=as_label(one.held_by), when=moment(one.held_at))
        if me().role != "analyst":
            st.markdown(f"{title} · {who}")
            continue
        place = st.expander(
            title, expanded=one is first, key=f"waiting_{one.held_id}_{one.seq}", on_change="rerun",
            icon=":material/help:",
        )  # fmt: skip
        with place:
            st.caption(who)
            if place.open:
                _form(one)


def _form(one: WaitingFile) -> None:
    key = f"{one.held_id}_{one.seq}"
    choices = _choices(key, one.questions)
    keep_drafts(
        me().name,
        f"waiting:{key}",
        [Field(choice.name, choice.kind, choice.options, choice.words) for choice in choices if choice],
    )
    with st.form(f"answers_{key}", border=False):
        _draw(key, one.questions)
        if one.path is None:
            st.file_uploader(t("dash-data-again"), key=f"again_{key}", help=t("dash-data-again-help"))
        st.form_submit_button(
            t("dash-data-answer-take"), type="primary", on_click=_do_answer, args=(one, key, choices, me().name)
        )
    with st.popover(t("dash-data-waiting-undo"), icon=":material/undo:"), st.form(f"undo_{key}", border=False):
        st.caption(t("dash-data-waiting-undo-means"))
        st.form_submit_button(t("dash-data-waiting-undo"), on_click=_do_withdraw, args=(one, me().name))


def _draw(key: str, asked: Sequence[Finding]) -> list[_Choice | None]:
    """Draw questions with their fields inside a form."""
    choices = _choices(key, asked)
    for one, choice in zip(asked, choices, strict=True):
        quoted(sentence(one))
        if choice is None:
            continue
        if choice.kind == "select":
            st.selectbox(
                choice.label, choice.options, index=None, key=choice.name, placeholder=t("dash-choose"),
                format_func=choice.words,
            )  # fmt: skip
        else:
            st.radio(
                choice.label, choice.options, index=None, key=choice.name, horizontal=True, format_func=choice.words
            )
    return choices


def _choices(key: str, asked: Sequence[Finding]) -> list[_Choice | None]:
    """How each question is answered; None where the file itself must change."""
    return [_choice(f"answer_{key}_{_digest(at, one)}", one) for at, one in enumerate(asked)]


def _digest(at: int, one: Finding) -> str:
    """A short name of a question: what was chosen for one is never taken for another's answer."""
    return hashlib.sha256(repr((at, one.code, one.sheet, one.column, one.values)).encode()).hexdigest()[:12]


def _choice(name: str, one: Finding) -> _Choice | None:
    told, column = one.values, as_label(one.column or one.code)
    if one.code == "unit-missing":
        units = told.get("units")
        likely = [str(unit) for unit in units] if isinstance(units, (list, tuple)) else []
        options = list(dict.fromkeys([*likely, *UNITS]))
        words = lambda unit: unit + (f" · {t('dash-data-plausible')}" if unit in likely else "")  # noqa: E731
        return _Choice(name, t("dash-data-unit", column=column), options, words, "select")
    if one.code == "body-to-decide":
        return _Choice(name, t("dash-data-body"), ["accept", "leave_out"], lambda word: t(f"dash-data-body-{word}"))
    if one.code == "code-by-name-to-confirm":
        label = t("dash-data-match", name=as_label(told.get("name", "")), code=str(told.get("code", "")))
        return _Choice(name, label, ["yes", "no"], lambda word: t(f"dash-{word}"))
    if one.code == LENGTH_UNKNOWN:
        return _Choice(name, t("dash-data-months"), MONTHS, lambda word: t("dash-data-months-of", n=word))
    if one.code == QUARTERS_UNKNOWN:
        words = lambda word: t(f"dash-data-quarters-{word}")  # noqa: E731
        return _Choice(name, t("dash-data-quarters"), ["alone", "from_january"], words)
    if one.code == "period-unknown":
        years = [str(year) for year in range(settings().today.year, EARLIEST - 1, -1)]
        return _Choice(name, t("dash-data-year"), years, lambda year: t("dash-data-year-of", year=year), "select")
    if one.code == "column-ambiguous" and told.get("same") == "no":
        return _Choice(name, t("dash-data-counts"), [str(told["other"]), one.column], as_option, "select")
    return None


def _replies(asked: Sequence[Finding], choices: Sequence[_Choice | None]) -> list[dict[str, Any]]:
    """What was chosen, as parts of a mapping."""
    told = [(one, typed(choice.name)) for one, choice in zip(asked, choices, strict=True) if choice]
    return [reply(one, chosen) for one, chosen in told if chosen]


def _do_try(file: Tried, asked: Sequence[Finding], choices: Sequence[_Choice | None], actor: str) -> None:
    try_again(actor, file, _replies(asked, choices))


def _do_answer(one: WaitingFile, key: str, choices: Sequence[_Choice | None], actor: str) -> None:
    brought = files_in(f"again_{key}")
    answer_waiting(actor, one, _replies(one.questions, choices), brought[0] if brought else None)


def _do_withdraw(one: WaitingFile, actor: str) -> None:
    facts = store()
    attempt(
        "data", lambda: withdraw_waiting(facts, one.held_id, actor, seen=one.seq), "dash-data-waiting-undone",
        file=as_label(one.file),
    )  # fmt: skip
