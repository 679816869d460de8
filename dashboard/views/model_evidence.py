"""What is known of a model version beside its figures: drift since its training, its card, and its like in office."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import streamlit as st

from dashboard.display import NOTHING, as_label, as_text, missing, moment, number, refused, share
from dashboard.events import event_text
from dashboard.round_view import RoundView
from dashboard.session import language, settings, store, t
from dashboard.table import Column, badge, table
from data.refusal import Refusal
from data.synthetic import tells_demo
from models.promotion import compare
from models.registry import Registry
from scoring.messages import say
from scoring.publishing.model_card import card_page, sections
from scoring.scores.drift_gate import Drift, drift_since_training

SHOWN = 25
"""So many indicators are listed, most shifted first."""
TONES = {"stable": "good", "notable": "warn", "shifted": "bad"}


@st.cache_resource(show_spinner=False, max_entries=16)
def _drift(home: str, facts: int, target: str, version: int, as_of: date) -> Drift:
    return drift_since_training(store(), settings(), target, as_of, which=version)


def drift(here: RoundView | None, target: str, version: int) -> None:
    """Whether today's enterprises still look like those that taught the version, indicator by indicator."""
    st.caption(t("dash-drift-means"))
    as_of = here.ranking.as_of if here is not None else settings().today
    try:
        with st.spinner(t("dash-drift-working")):
            found = _drift(str(settings().home), len(store().batches()), target, version, as_of)
    except Refusal as refusal:
        refused(refusal)
        return
    told = found.text(language())
    tell = {"drift-none": st.success, "drift-some": st.warning}.get(str(found.note["code"]), st.error)
    tell(as_label(told, 600))
    st.caption(t("dash-drift-of", n=f"{found.enterprises:,}", day=found.as_of.isoformat()))
    label = "zh" if language() == "zh-CN" else "en"
    table(
        "drift",
        [
            Column("feature", t("dash-col-feature"), width="34%"),
            Column("level", t("dash-drift-level"), "badge"),
            Column("effect", t("dash-drift-effect"), "number", help=t("dash-drift-effect-help")),
            Column("index", t("dash-drift-index"), "number", help=t("dash-drift-index-help")),
            Column("then", t("dash-drift-missing-then"), "number"),
            Column("now", t("dash-drift-missing-now"), "number"),
        ],
        [
            {
                "id": str(row["feature"]),
                "feature": str(row[label]),
                "level": badge(t(f"dash-drift-{row['level']}"), TONES[str(row["level"])]),  # type: ignore[arg-type]
                "effect": NOTHING if missing(row["effect"]) else f"{round(row['effect'], 2) + 0.0:+.2f}",
                "index": number(row["index"], 2),
                "then": share(row["missing_then"]),
                "now": share(row["missing_now"]),
            }
            for row in found.table.head(SHOWN).to_dict("records")
        ],
        caption=t("dash-model-drift"),
    )
    if len(found.table) > SHOWN:
        st.caption(t("dash-data-more", shown=SHOWN, all=len(found.table)))


def card(registry: Registry, report: Mapping[str, Any], target: str, version: int) -> None:
    """The model card, section by section, and its file to take along."""
    st.download_button(
        t("dash-model-card-take"), data=card_page(registry, target, version, language()), mime="text/html",
        file_name=f"{target.replace(':', '-')}-{version}-card.{language()}.html", icon=":material/download:",
        on_click="ignore",
    )  # fmt: skip
    for at, section in enumerate(sections(report, language(), tells_demo(registry.ledger))):
        st.subheader(as_label(section.title))
        st.html("".join(f"<p>{as_text(one)}</p>" for one in section.paragraphs))
        for part, (heads, *rows) in enumerate(section.tables):
            if rows:
                table(
                    f"card_{at}_{part}",
                    [
                        Column(str(place), word, "number" if all(_counted(cells[place]) for cells in rows) else "text")
                        for place, word in enumerate(heads)
                    ],
                    [
                        {"id": str(line), **{str(place): cell for place, cell in enumerate(cells)}}
                        for line, cells in enumerate(rows)
                    ],
                    caption=section.title,
                )


def _counted(cell: str) -> bool:
    """Whether a cell holds a number, or none."""
    return cell in ("", NOTHING) or (cell.lstrip("+-−")[:1].isdigit() and not cell[-1:].isalpha())


def comparison(registry: Registry, target: str, version: int, champion: int | None, known: list[int]) -> None:
    """The version looked at beside the one in office, or beside the one before it where none is."""
    other = champion if champion not in (None, version) else max((one for one in known if one < version), default=None)
    if other is None:
        return
    st.subheader(t("dash-model-compare", version=version, other=other))
    found = compare(registry, target, other, version)
    rows = []
    for row in found.to_dict("records"):
        sides = {side: row[side] for side in ("champion", "challenger")}
        if all(isinstance(value, float) for value in sides.values()):
            rows.append({"id": str(row["figure"]), "figure": _figure(str(row["figure"])), **_numbers(row)})
    table(
        "model_compare",
        [
            Column("figure", t("dash-model-figure"), width="40%"),
            Column("champion", t("dash-model-nth", version=other), "number"),
            Column("challenger", t("dash-model-nth", version=version), "number"),
            Column("gain", t("dash-model-gain"), "number"),
        ],
        rows,
        caption=t("dash-model-compare", version=version, other=other),
    )


def _figure(name: str) -> str:
    family = "precision" if name.startswith("precision_") else name
    return say(f"cli-metric-{family}", language(), k=name.removeprefix("precision_"))


def _numbers(row: Mapping[Any, Any]) -> dict[str, str]:
    told = {}
    for side in ("champion", "challenger"):
        low, high = row[f"{side}_low"], row[f"{side}_high"]
        span = "" if missing(low) or missing(high) else f" ({number(low, 3)}–{number(high, 3)})"
        told[side] = number(row[side], 3) + span
    return {**told, "gain": f"{row['challenger'] - row['champion']:+.3f}"}


def terms(registry: Registry, target: str) -> None:
    """Who proposed, confirmed and rolled back which version, newest first."""
    events = [one for one in registry.ledger.replay(f"model:{target}") if one.kind != "model_registered"]
    st.subheader(t("dash-model-terms"))
    table(
        "model_terms",
        [
            Column("when", t("dash-col-when"), "short"),
            Column("who", t("dash-col-who"), "short"),
            Column("what", t("dash-col-what"), width="60%"),
        ],
        [
            {
                "id": str(one.seq),
                "when": moment(one.recorded_at),
                "who": one.actor,
                "what": event_text(one),
            }
            for one in reversed(events)
        ],
        caption=t("dash-model-terms"),
        empty=t("dash-model-no-terms"),
    )
