"""What if: other quotas, weights, or figures of one enterprise; who would enter and leave. Nothing is saved."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.display import as_option, missing, number, refused
from dashboard.empty_states import nothing_ranked
from dashboard.experiments import (
    CHANGED,
    reweighted,
    with_figure,
    with_quotas,
)
from dashboard.list_line import quota_name, tell_impossible
from dashboard.naming import feature_label, track_title
from dashboard.navigation import open_enterprise
from dashboard.round_view import RoundView, found_by, round_view, undecided
from dashboard.saved_view import View
from dashboard.session import language, t
from dashboard.table import Column, table
from data.refusal import Refusal
from scoring.editions.policy import Edition
from scoring.scores.notes import basis_text
from scoring.scores.ranking import Ranking
from scoring.scores.reasons import value_text
from scoring.selection.directory import select


def page() -> None:
    """Draw the page."""
    st.header(t("dash-page-whatif"))
    here = round_view()
    if here is None:
        nothing_ranked()
        return
    st.warning(t("dash-whatif-not-real"), icon=":material/science:")
    tell_impossible(here)
    if here.selection is None:
        refused(here.withheld or Refusal("dash-whatif-no-list"))
        return
    if here.points_wait:
        st.info(t("dash-points-hidden"), icon=":material/visibility_off:")
        return
    quotas, weights, figures = st.tabs([t("dash-whatif-quotas"), t("dash-whatif-weights"), t("dash-whatif-figures")])
    with quotas:
        _quotas(here)
    with weights:
        _weights(here)
    with figures:
        _figures(here)


def _quotas(here: RoundView) -> None:
    rules = here.edition.list
    with st.form("whatif_quotas"):
        small = rules.small_and_micro
        first = st.columns(max(2, len(here.edition.tracks)), vertical_alignment="bottom")
        first[0].number_input(
            t("dash-whatif-places"), min_value=1, max_value=100_000, value=rules.places, key="wi_places"
        )
        first[1].number_input(
            t("dash-whatif-small"), min_value=0, max_value=100, key="wi_small",
            value=round(100 * small.min_share) if small else 0,
        )  # fmt: skip
        columns = st.columns(max(2, len(here.edition.tracks)), vertical_alignment="bottom")
        for at, track in enumerate(here.edition.tracks):
            quota = rules.tracks.get(track.id)
            columns[at].number_input(
                t("dash-whatif-track-max", track=track_title(here.edition, track.id)),
                min_value=0,
                value=quota.max if quota and quota.max is not None else None,
                key=f"wi_max_{track.id}",
            )
        asked = st.form_submit_button(t("dash-whatif-try"), type="primary")
    if asked:
        maxima = {track.id: st.session_state.get(f"wi_max_{track.id}") for track in here.edition.tracks}
        edition = with_quotas(
            here.edition, int(st.session_state["wi_places"]), maxima, float(st.session_state["wi_small"]) / 100
        )
        _show(here, here.ranking, edition)


def _weights(here: RoundView) -> None:
    sources = [name for name in ("card", "growth", "listing") if name in here.ranking.weights]
    if len(sources) == 1:
        st.caption(basis_text(here.ranking, language()))
        return
    with st.form("whatif_weights"):
        for name in sources:
            st.slider(
                t(f"dash-source-{name}"), 0, 100, round(100 * here.ranking.weights[name]), key=f"wi_weight_{name}",
                format="%d%%",
            )  # fmt: skip
        st.caption(t("dash-whatif-weights-means"))
        asked = st.form_submit_button(t("dash-whatif-try"), type="primary")
    if asked:
        given = {name: float(st.session_state[f"wi_weight_{name}"]) for name in sources}
        total = sum(given.values())
        if total <= 0:
            refused(Refusal("dash-whatif-weights-zero"))
            return
        _show(here, reweighted(here.ranking, {name: value / total for name, value in given.items()}), here.edition)


def _figures(here: RoundView) -> None:
    words = st.text_input(t("dash-find"), key="wi_find", placeholder=t("dash-find-hint"), icon=":material/search:")
    found = here.rows.iloc[found_by(here, View(q=words))[:30]] if words else here.rows.iloc[:0]
    found = found[found["rank"].notna()]
    if found.empty:
        st.caption(t("dash-find-empty") if not words else t("dash-ranking-none"))
        return
    key = st.selectbox(
        t("dash-col-name"), list(found.index), format_func=lambda one: as_option(here.name(str(one))), key="wi_key"
    )
    track = here.edition.track(str(here.rows.at[key, "track"]))
    names = [one.feature for one in track.criteria if not one.categories]
    name = st.selectbox(
        t("dash-col-feature"), names, format_func=lambda one: feature_label(here.ranking, one), key="wi_feature"
    )
    known: Any = here.ranking.values.at[key, name]
    now = None if missing(known) else float(known)
    what = here.ranking.described[name]
    step, unit, digits = _written(what.natural_unit)
    with st.form("whatif_figure"):
        shown = value_text(what, now, language(), flag=here.ranking.is_flag(name))
        st.caption(t("dash-whatif-now", value=shown))
        value = st.number_input(
            t("dash-whatif-value", unit=unit) if unit else t("dash-whatif-value-plain"),
            value=None if now is None else now / step, format=f"%.{digits}f", key=f"wi_value_{key}_{name}",
        )  # fmt: skip
        st.caption(t("dash-whatif-figures-means"))
        asked = st.form_submit_button(t("dash-whatif-try"), type="primary")
    if asked and value is not None:
        changed = with_figure(here.ranking, str(key), str(name), float(value) * step)
        before, after = here.row(str(key)), replace(here, rows=changed.frame).row(str(key))
        st.markdown(
            t(
                "dash-whatif-moved",
                old_score=float(before["score"]),
                new_score=float(after["score"]),
                old_rank=int(before["rank"]),
                new_rank=int(after["rank"]),
            )
        )
        _show(here, changed, here.edition)


def _written(unit: str) -> tuple[float, str, int]:
    """How a figure of a natural unit is typed: how much of it one is, the unit's word, and decimals."""
    if unit in ("CNY", "CNY/person"):
        step, word, digits = (1e4, "dash-unit-wan", 1) if language() == "zh-CN" else (1e6, "dash-unit-million", 2)
        return (step, t(word), digits) if unit == "CNY" else (step, f"{t(word)}/{t('dash-unit-person')}", digits + 1)
    if unit in ("persons", "years", "days", "points"):
        return 1.0, t(f"dash-unit-{unit}"), 1 if unit == "years" else 0
    known = {"1": (0.01, "%", 1), "pieces": (1.0, "", 0)}
    return known.get(unit, (1.0, "" if unit in ("", "number") else unit, 2))


def _show(here: RoundView, ranking: Ranking, edition: Edition) -> None:
    """The list under the change against the list now, both with the committee's decisions left aside."""
    now = undecided(here)
    then = select(replace(ranking, edition=edition), edition)
    if then.infeasible:
        st.error(
            t(
                "dash-whatif-infeasible",
                quotas=[quota_name(edition, *row.key, number=row.number) for row in then.infeasible],
            )
        )
        return
    before, after = set(map(str, now.members["enterprise_id"])), set(map(str, then.members["enterprise_id"]))
    st.markdown(t("dash-whatif-result", entered=len(after - before), left=len(before - after), n=len(after)))
    columns = st.columns(2, gap="large")
    for place, keys, word in ((columns[0], after - before, "in"), (columns[1], before - after, "out")):
        with place:
            st.markdown(f"**{t(f'dash-whatif-{word}')}**")
            asked = table(
                f"whatif_{word}",
                [
                    Column("name", t("dash-col-name"), "link"),
                    Column("track", t("dash-filter-track")),
                    Column("score", t("dash-col-score"), "number"),
                ],
                _rows(here, ranking.frame, sorted(keys)),
                caption=t(f"dash-whatif-{word}"),
                address="enterprise",
                empty=t("dash-whatif-nobody"),
            )
            if asked.opened and here.known(asked.opened):
                open_enterprise(asked.opened)


def _rows(here: RoundView, frame: pd.DataFrame, keys: list[str]) -> list[dict[str, Any]]:
    found = frame.loc[keys].sort_values("score", ascending=False, kind="stable").head(CHANGED)
    return [
        {
            "id": str(key),
            "name": {"text": str(row["name"]), "note": str(key)},
            "track": track_title(here.edition, str(row["track"])),
            "score": number(row["score"]),
        }
        for key, row in found.iterrows()
    ]
