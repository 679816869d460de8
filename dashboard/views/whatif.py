"""What if: other quotas, weights, or figures of one enterprise; who would enter and leave. Nothing is saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from dashboard.display import as_option, missing, refused, share
from dashboard.empty_states import nothing_ranked
from dashboard.experiments import reweighted, with_figure, with_quotas
from dashboard.list_line import tell_impossible, tell_recusals
from dashboard.naming import feature_label, track_title
from dashboard.round_view import RoundView, found_by, round_view
from dashboard.saved_view import View
from dashboard.session import language, t
from dashboard.views.whatif_result import forget, keep, last_tried, open_asked, show
from data.refusal import Refusal
from scoring.editions.circumstances import Described
from scoring.scores.notes import basis_text
from scoring.scores.ranking import Ranking
from scoring.scores.reasons import value_text


def page() -> None:
    """Draw the page."""
    st.header(t("dash-page-whatif"))
    here = round_view()
    if here is None:
        nothing_ranked("whatif")
        return
    open_asked(here)
    st.warning(t("dash-whatif-not-real"), icon=":material/science:")
    tell_impossible(here)
    tell_recusals(here)
    if here.selection is None:
        refused(here.withheld or Refusal("dash-whatif-no-list"))
        return
    if here.points_wait:
        st.info(t("dash-points-hidden"), icon=":material/visibility_off:")
        return
    draws = {"quotas": _quotas, "weights": _weights, "figures": _figures}
    titles = {name: t(f"dash-whatif-{name}") for name in draws}
    last = titles[st.session_state.get("whatif_last", "quotas")]
    tabs = st.tabs(list(titles.values()), default=last, on_change="rerun", key=f"whatif_tab_{language()}")
    for tab, (name, draw) in zip(tabs, draws.items(), strict=True):
        if tab.open:
            st.session_state["whatif_last"] = name
            with tab:
                draw(here)


def _field(tab: str, name: str) -> str:
    """The key of a field, another one after each putting back: a browser keeps what was typed into the old one."""
    return f"wi_{name}_{st.session_state.get(f'whatif_turn_{tab}', 0)}"


def _anew(tab: str) -> None:
    """From the next run on, other fields with what was kept or is in force, to which an emptied one falls back."""
    st.session_state[f"whatif_turn_{tab}"] = st.session_state.get(f"whatif_turn_{tab}", 0) + 1


def _put_back(tab: str) -> None:
    """Forget what was tried under a tab; its fields hold again what is in force."""
    forget(tab)
    _anew(tab)


def _buttons(tab: str) -> bool:
    """The form's buttons; whether to try was asked for."""
    with st.container(horizontal=True):
        asked = st.form_submit_button(t("dash-whatif-try"), type="primary")
        st.form_submit_button(t("dash-whatif-put-back"), on_click=_put_back, args=(tab,))
    return asked


def _quotas(here: RoundView) -> None:
    rules, kept = here.edition.list, last_tried(here, "quotas")
    small = round(100 * rules.small_and_micro.min_share) if rules.small_and_micro else 0
    maxima = {one.id: quota.max if (quota := rules.tracks.get(one.id)) else None for one in here.edition.tracks}
    now: dict[str, int | None] = {"places": rules.places, "small": small}
    now |= {f"max_{name}": most for name, most in maxima.items()}
    words = {"places": t("dash-whatif-places"), "small": t("dash-whatif-small")}
    for name in maxima:
        words[f"max_{name}"] = t("dash-whatif-track-max", track=track_title(here.edition, name))
    value = dict(kept.given) if kept else now
    with st.form("whatif_quotas"):
        for fields in (["places", "small"], [f"max_{name}" for name in maxima]):
            columns = st.columns(max(2, len(maxima)), vertical_alignment="bottom")
            for at, field in enumerate(fields):
                least, most = (1, 100_000) if field == "places" else (0, 100 if field == "small" else None)
                columns[at].number_input(words[field], least, most, value[field], key=_field("quotas", field))
        asked = _buttons("quotas")
    if asked:
        given = {field: st.session_state.get(_field("quotas", field)) for field in now}
        edition = with_quotas(
            here.edition, int(given["places"] or 0), {name: given[f"max_{name}"] for name in maxima},
            float(given["small"] or 0) / 100,
        )  # fmt: skip
        told = [_moved(words[one], _quota(now[one]), _quota(given[one])) for one in now if now[one] != given[one]]
        kept = keep(here, "quotas", given, told, here.ranking, edition)
        _anew("quotas")
    show(here, kept)


def _quota(number: int | None) -> str:
    return t("dash-whatif-no-limit") if number is None else f"{number:,}"


def _moved(word: str, old: str, new: str) -> str:
    return t("dash-whatif-changed", what=word, old=old, new=new)


def _weights(here: RoundView) -> None:
    sources = [name for name in ("card", "growth", "listing") if name in here.ranking.weights]
    if len(sources) == 1:
        st.caption(basis_text(here.ranking, language()))
        return
    kept = last_tried(here, "weights")
    now = {name: round(100 * here.ranking.weights[name]) for name in sources}
    value = dict(kept.given) if kept else now
    with st.form("whatif_weights"):
        for name in sources:
            key = _field("weights", name)
            st.slider(t(f"dash-source-{name}"), 0, 100, value[name], key=key, format="%d%%")
        st.caption(t("dash-whatif-weights-means"))
        asked = _buttons("weights")
    if asked:
        given = {name: int(st.session_state[_field("weights", name)]) for name in sources}
        total = sum(given.values())
        if total <= 0:
            refused(Refusal("dash-whatif-weights-zero"))
            return
        weights = {name: given[name] / total for name in sources}
        told = [
            _moved(t(f"dash-source-{name}"), share(here.ranking.weights[name]), share(weights[name]))
            for name in sources
            if round(here.ranking.weights[name], 4) != round(weights[name], 4)
        ]
        kept = keep(here, "weights", given, told, reweighted(here.ranking, weights), here.edition)
        _anew("weights")
    show(here, kept)


def _figures(here: RoundView) -> None:
    kept = last_tried(here, "figures")
    given: Mapping[str, Any] = kept.given if kept else {}
    words = st.text_input(
        t("dash-find"), given.get("key", ""), key="wi_find", placeholder=t("dash-find-hint"), icon=":material/search:"
    )
    found = here.rows.iloc[found_by(here, View(q=words))[:30]] if words else here.rows.iloc[:0]
    found = found[found["rank"].notna()]
    if found.empty:
        st.caption(t("dash-find-empty") if not words else t("dash-ranking-none"))
        return
    key = str(
        st.selectbox(
            t("dash-col-name"), list(found.index), format_func=lambda one: as_option(here.name(str(one))), key="wi_key"
        )
    )
    track = here.edition.track(str(here.rows.at[key, "track"]))
    names = [one.feature for one in track.criteria if not one.categories]
    at = names.index(given["feature"]) if given.get("key") == key and given.get("feature") in names else 0
    name = str(
        st.selectbox(
            t("dash-col-feature"), names, at, format_func=lambda one: feature_label(here.ranking, one), key="wi_feature"
        )
    )
    known: Any = here.ranking.values.at[key, name]
    now = None if missing(known) else float(known)
    what = here.ranking.described[name]
    step, unit, digits = _written(what.natural_unit)
    kept = kept if (given.get("key"), given.get("feature")) == (key, name) else None
    value = kept.given["value"] if kept else None if now is None else now / step
    field = _field("figures", f"value_{key}_{name}")
    shown = value_text(what, now, language(), flag=here.ranking.is_flag(name))
    with st.form("whatif_figure"):
        st.caption(t("dash-whatif-now", value=shown))
        st.number_input(
            t("dash-whatif-value", unit=unit) if unit else t("dash-whatif-value-plain"),
            value=value, format=f"%.{digits}f", key=field,
        )  # fmt: skip
        st.caption(t("dash-whatif-figures-means"))
        asked = _buttons("figures")
    new = st.session_state.get(field)
    if asked and new is not None:
        changed = with_figure(here.ranking, key, name, float(new) * step)
        told = _of_one(here, changed, key, what, shown, float(new) * step)
        kept = keep(here, "figures", {"key": key, "feature": name, "value": float(new)}, told, changed, here.edition)
        _anew("figures")
    show(here, kept)


def _of_one(here: RoundView, changed: Ranking, key: str, what: Described, shown: str, value: float) -> list[str]:
    """What was changed of one enterprise, and what becomes of its score and rank."""
    before, after = here.row(key), replace(here, rows=changed.frame).row(key)
    new = value_text(what, value, language(), flag=here.ranking.is_flag(what.name))
    return [
        _moved(f"{here.name(key)} · {what.label(language())}", shown, new),
        t(
            "dash-whatif-moved",
            old_score=float(before["score"]), new_score=float(after["score"]),
            old_rank=int(before["rank"]), new_rank=int(after["rank"]),
        ),
    ]  # fmt: skip


def _written(unit: str) -> tuple[float, str, int]:
    """How a figure of a natural unit is typed: how much of it one is, the unit's word, and decimals."""
    if unit in ("CNY", "CNY/person"):
        step, word, digits = (1e4, "dash-unit-wan", 1) if language() == "zh-CN" else (1e6, "dash-unit-million", 2)
        return (step, t(word), digits) if unit == "CNY" else (step, f"{t(word)}/{t('dash-unit-person')}", digits + 1)
    if unit in ("persons", "years", "days", "points"):
        return 1.0, t(f"dash-unit-{unit}"), 1 if unit == "years" else 0
    known = {"1": (0.01, "%", 1), "pieces": (1.0, "", 0)}
    return known.get(unit, (1.0, "" if unit in ("", "number") else unit, 2))
