"""Model: how far it can be trusted, for whom, what it looks at, and who put it into office."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.acting import outcome
from dashboard.charts import baseline_chart, importance_chart, reliability_chart
from dashboard.display import NOTHING, as_label, as_option, bullets, missing, moment, number
from dashboard.drawing import draw
from dashboard.empty_states import round_view_if_whole
from dashboard.importance import importance
from dashboard.naming import section_name, size_name, track_title
from dashboard.round_view import RoundView
from dashboard.session import language, me, settings, t
from dashboard.table import Column, badge, table
from dashboard.views.model_acts import office, retrain, watch
from dashboard.views.model_evidence import card, comparison, drift, terms
from models.registry import Registry
from scoring.messages import say
from scoring.publishing.model_card import CardWords
from scoring.scores.notes import note_text

PARTS = ("right", "weighs", "drift", "card", "versions", "teach")


def page() -> None:
    """Draw the page."""
    st.header(t("dash-page-model"))
    registry = Registry(settings())
    targets = registry.targets()
    here = round_view_if_whole()
    outcome("train")
    watch()
    if not targets:
        st.info(t("dash-model-none"), icon=":material/hourglass_empty:")
        if here is not None:
            _in_use(here)
        retrain(me())
        return
    target, version, champion = _chosen(registry, targets)
    report = registry.report(target, version)
    _verdict(report)
    if here is not None:
        _in_use(here, target)
    tabs = st.tabs([t(f"dash-model-{name}") for name in PARTS], on_change="rerun", key=f"model_tabs_{language()}")
    shown: tuple[Callable[[], None], ...] = (
        lambda: _right(report, here, (str(settings().home), target, version)),
        lambda: _importance(here, target),
        lambda: drift(here, target, version),
        lambda: card(registry, report, target, version),
        lambda: _versions(registry, target, version, champion),
        lambda: retrain(me()),
    )
    for tab, show in zip(tabs, shown, strict=True):
        with tab:
            if tab.open:
                show()


def _chosen(registry: Registry, targets: list[str]) -> tuple[str, int, int | None]:
    """The target and version that the reader looks at, and the version in office."""
    first = st.columns([2, 2, 4])
    target = first[0].selectbox(t("dash-model-target"), targets, format_func=_target, key="model_target")
    known = [int(one) for one in registry.versions(target)["version"]][::-1]
    champion = registry.champion(target)
    # a version that has come since the page was drawn is what the reader waits for: the choice begins anew
    version = first[1].selectbox(
        t("dash-model-version"), known, key=f"model_version_{target}_{len(known)}",
        index=known.index(champion) if champion in known else 0,
        format_func=lambda one: f"{one}" + (f" · {t('dash-model-champion')}" if one == champion else ""),
    )  # fmt: skip
    return str(target), int(version), champion


def _target(target: str) -> str:
    if target in ("growth", "listing"):
        return t(f"dash-source-{target}")
    return as_option(target.removeprefix("outcome:"))


def _in_use(here: RoundView, target: str = "") -> None:
    """What speaks in the ranking before the committee, and what a reader must know about it, or about one target."""
    spoken = [f"{t(f'dash-source-{name}')} {share:.0%}" for name, share in here.ranking.weights.items() if share]
    st.caption(t("dash-model-in-use", weights=spoken))
    notes = [one for one in here.ranking.notes if not target or one.get("source", target) == target]
    told = [note_text(note, here.ranking.described, language()) for note in notes]
    if told:
        bullets(told)


def _right(report: Mapping[str, Any], here: RoundView | None, version: tuple[str, str, int]) -> None:
    _figures(report, version)
    _groups(report, here)


def _verdict(report: Mapping[str, Any]) -> None:
    verdict = str(report["verdict"])
    told, *notes = CardWords(report, language()).verdict()
    {"strong": st.success, "some": st.info, "little": st.warning}.get(verdict, st.info)(told)
    for note in notes:
        st.caption(as_label(note, 400))
    st.caption(
        t(
            "dash-model-learned",
            rows=int(report["rows"]),
            enterprises=int(report["enterprises"]),
            positives=int(report["positives"]),
            dates=len(report["dates"]),
        )
    )


def _figures(report: Mapping[str, Any], version: tuple[str, str, int]) -> None:
    left, right = st.columns(2, gap="large")
    metrics, baselines = report["metrics"], report["baselines"]
    with left:
        st.subheader(t("dash-model-against"))
        st.caption(t("dash-model-against-means"))
        rows = [{"name": t("dash-model-this"), **metrics["roc_auc"]}]
        for name, told in baselines.items():
            rows.append({"name": say(f"cli-baseline-{name}", language()), **told["roc_auc"]})
        table = pd.DataFrame(rows)
        tongue = language()
        draw(("baseline", *version, tongue), lambda: baseline_chart(table, tongue), t("dash-model-against-means"))
    with right:
        st.subheader(t("dash-model-calibration"))
        st.caption(t("dash-model-calibration-means"))
        seen, tongue = pd.DataFrame(report["reliability"]), language()
        words = t("dash-model-calibration-means")
        draw(("reliability", *version, tongue), lambda: reliability_chart(seen, tongue), words)


def _groups(report: Mapping[str, Any], here: RoundView | None) -> None:
    found = report.get("by_group") or []
    if not found:
        return
    st.subheader(t("dash-model-groups"))
    st.caption(t("dash-model-groups-means"))
    kinds = list(dict.fromkeys(str(one["slice"]) for one in found))
    kind = st.segmented_control(
        t("dash-model-slice"), kinds, default=kinds[0], key="model_slice", required=True, label_visibility="collapsed",
        format_func=lambda one: say(f"cli-slice-{one}", language()),
    )  # fmt: skip
    table(
        "model_groups",
        [
            Column("group", say(f"cli-slice-{kind}", language()), width="40%"),
            Column("rows", t("dash-model-rows"), "number"),
            Column("value", t("dash-model-right"), "number", help=t("dash-model-right-help")),
            Column("span", t("dash-model-span"), "number"),
        ],
        [
            {
                "id": str(at),
                "group": _group(str(kind), str(one["value"]), here),
                "rows": f"{int(one['rows']):,}",
                "value": number(one["roc_auc"], 3),
                "span": _span(one["roc_auc_low"], one["roc_auc_high"]),
            }
            for at, one in enumerate(found)
            if one["slice"] == kind
        ],
        caption=t("dash-model-groups"),
    )


def _span(low: float | None, high: float | None) -> str:
    return NOTHING if missing(low) or missing(high) else f"{number(low, 3)} – {number(high, 3)}"


def _group(kind: str, value: str, here: RoundView | None) -> str:
    if kind == "size_class":
        return size_name(value)
    if kind == "industry_section":
        return section_name(value)
    return track_title(here.edition, value) if kind == "track" and here is not None else as_label(value)


def _importance(here: RoundView | None, target: str) -> None:
    source = "listing" if target == "listing" else "growth"
    table_of = importance(here, source) if here is not None and source in here.ranking.weights else pd.DataFrame()
    if here is None or table_of.empty:
        st.caption(t("dash-model-not-in-ranking"))
        return
    spoke = here.ranking.model_versions.get(source)
    st.caption(t("dash-model-importance-means") + (t("dash-model-importance-of", version=str(spoke)) if spoke else ""))
    tongue = language()
    key = ("importance", here.world, source, tongue)
    draw(key, lambda: importance_chart(table_of, tongue), t("dash-model-importance-means"))


def _versions(registry: Registry, target: str, version: int, champion: int | None) -> None:
    """Every version, who was in office when, the one looked at beside the one in office, and what may be done."""
    versions = registry.versions(target)
    table(
        "model_versions",
        [
            Column("version", t("dash-model-version"), "number"),
            Column("office", t("dash-model-champion"), "badge"),
            Column("verdict", t("dash-over-verdict")),
            Column("right", t("dash-model-right"), "number", help=t("dash-model-right-help")),
            Column("span", t("dash-model-span"), "number"),
            Column("who", t("dash-col-who"), "short"),
            Column("when", t("dash-col-when"), "short"),
        ],
        [
            {
                "id": str(one["version"]),
                "version": str(one["version"]),
                "office": badge(t("dash-model-champion"), "good") if one["champion"] else None,
                "verdict": t(f"dash-verdict-{one['verdict']}"),
                "right": number(one["roc_auc"], 3),
                "span": _span(one["roc_auc_low"], one["roc_auc_high"]),
                "who": str(one["actor"]),
                "when": moment(str(one["registered_at"])),
            }
            for one in versions.to_dict("records")[::-1]
        ],
        caption=t("dash-model-history", n=len(versions)),
    )
    office(registry, target, version)
    comparison(registry, target, version, champion, [int(one) for one in versions["version"]])
    terms(registry, target)
