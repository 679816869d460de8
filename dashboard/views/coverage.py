"""Fairness and coverage: who is on the list and who is not, what changes, and what the contribution factor decides."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboard.charts import gap_chart
from dashboard.display import facts, missing, number, refused, share
from dashboard.drawing import draw
from dashboard.empty_states import nothing_ranked
from dashboard.list_line import tell_recusals
from dashboard.naming import SIZES, section_name, size_name, track_title
from dashboard.navigation import open_enterprise
from dashboard.round_view import RoundView, round_view
from dashboard.session import language, settings, t
from dashboard.sheets import offer_rows
from dashboard.table import Column, badge, table
from data.refusal import Refusal
from scoring.messages import say
from scoring.scores.notes import basis_text
from scoring.selection.coverage import DIMENSIONS, Coverage, Turnover, coverage

NAMED = 30
TONES = {"over": "warn", "under": "less", "even": "good", "too-few": "plain"}


def page() -> None:
    """Draw the page."""
    st.header(t("dash-page-coverage"))
    here = round_view()
    if here is None:
        nothing_ranked("coverage")
        return
    if here.selection is None:
        refused(here.withheld or Refusal("dash-whatif-no-list"))
        return
    if here.points_wait:
        st.info(t("dash-points-hidden"), icon=":material/visibility_off:")
        return
    st.caption(basis_text(here.ranking, language()))
    tell_recusals(here)
    with st.spinner(t("dash-cover-working")):
        found = covered(here)
    _numbers(here, found)
    names = ("groups", "moves", "never")
    tabs = st.tabs([t(f"dash-cover-{name}") for name in names], on_change="rerun", key=f"cover_tabs_{language()}")
    for tab, name in zip(tabs, names, strict=True):
        with tab:
            if tab.open:
                {"groups": _groups, "moves": _moves, "never": _never}[name](here, found)


def covered(here: RoundView) -> Coverage:
    """Who is on the list and who is not; refuses where there is no list (`dash-whatif-no-list`)."""
    told: Coverage = _coverage(str(settings().home), here.world, here.selection.digest if here.selection else "", here)
    return told


@st.cache_resource(show_spinner=False, max_entries=16)
def _coverage(home: str, world: str, selection: str, _here: RoundView) -> Coverage:
    if _here.selection is None:
        raise Refusal("dash-whatif-no-list")
    return coverage(_here.ranking, _here.selection)


def _numbers(here: RoundView, found: Coverage) -> None:
    """The answers in large, each with what it is measured by."""
    held = missing(found.floor) or missing(found.small_and_micro) or found.small_and_micro >= found.floor
    floor = "" if missing(found.floor) else f"{t('dash-cover-floor', floor=found.floor)} {'✓' if held else '✗'}"
    change, contribution = found.turnover, found.without_contribution
    told = t("dash-cover-change", leave=len(change.leave), stay=len(change.stay))
    facts(
        [
            (t("dash-cover-small"), share(found.small_and_micro, 1), floor),
            (t("dash-cover-turnover"), t("dash-cover-new", n=len(change.enter)), told),
            (
                t("dash-cover-contribution"),
                t("dash-cover-others", n=len(contribution.enter)),
                t("dash-cover-of-list", n=len(contribution.enter) + len(contribution.stay)),
            ),
            (
                t("dash-cover-never"),
                t("dash-cover-never-n", n=f"{len(found.never_looked_at):,}"),
                t("dash-cover-never-eligible"),
            ),
        ],
        large=True,
    )
    if not held:
        st.warning(t("dash-cover-floor-missed"))


def _groups(here: RoundView, found: Coverage) -> None:
    dimension = st.segmented_control(
        t("dash-cover-by"), DIMENSIONS, default=DIMENSIONS[0], key="cover_by", required=True,
        format_func=lambda one: say(f"dimension-{one.replace('_', '-')}", language()),
    )  # fmt: skip
    own = found.groups[found.groups["dimension"] == dimension].copy()
    if own.empty:
        st.caption(t("dash-record-none"))
        return
    if dimension == "size_class":
        own = own.sort_values("group", key=lambda names: names.map(SIZES.index))
    own["label"] = [_group(here, str(dimension), str(one)) for one in own["group"]]
    st.caption(t("dash-cover-means"))
    drawn = own[own["verdict"] != "too-few"]
    if len(drawn):
        tongue, words = language(), t("dash-cover-means")
        selection = here.selection.digest if here.selection else ""
        draw(("gap", here.world, selection, str(dimension), tongue), lambda: gap_chart(drawn, tongue), words)
    table(
        "cover_groups",
        [
            Column("label", say(f"dimension-{str(dimension).replace('_', '-')}", language()), width="24%"),
            Column("eligible", t("dash-cover-eligible"), "number"),
            Column("listed", t("dash-cover-listed"), "number"),
            Column("rate", t("dash-cover-rate"), "number"),
            Column("gap", t("dash-cover-gap-short"), "number", help=t("dash-cover-gap-help")),
            Column("share", t("dash-cover-share"), "number"),
            Column("verdict", t("dash-cover-verdict"), "badge"),
        ],
        [_row(at, row) for at, row in enumerate(own.to_dict("records"))],
        caption=t("dash-cover-groups"),
    )


def _row(at: int, row: dict[Any, Any]) -> dict[str, Any]:
    few = row["verdict"] == "too-few"
    return {
        "id": str(at),
        "label": row["label"],
        "eligible": f"{int(row['eligible']):,}",
        "listed": f"{int(row['listed']):,}",
        "rate": share(row["rate"], 1),
        "gap": ""
        if few
        else t("dash-cover-gap-in", **{name: _gap(row[name]) for name in ("gap", "gap_low", "gap_high")}),
        "share": share(row["share_of_list"], 1),
        "verdict": badge(say(f"coverage-{row['verdict']}", language()), TONES[str(row["verdict"])]),  # type: ignore[arg-type]
    }


def _gap(value: float) -> str:
    return f"{value * 100:+.1f}"


def _group(here: RoundView, dimension: str, group: str) -> str:
    if missing(group) or group in ("nan", "None"):
        return say("key-industry-none", language()) if dimension == "key_industry" else t("dash-cover-unknown")
    if dimension == "size_class":
        return size_name(group)
    if dimension == "industry_section":
        return section_name(group)
    if dimension == "track":
        return track_title(here.edition, group)
    if dimension == "key_industry" and group in here.edition.key_industries:
        return here.edition.key_industries[group].title.of(language())
    if dimension == "looked_at":
        return say(f"looked-at-{group}", language()) if group in ("yes", "never") else group
    return group


def _moves(here: RoundView, found: Coverage) -> None:
    first, second = st.tabs([t("dash-cover-turnover"), t("dash-cover-contribution")])
    with first:
        _turnover(here, found.turnover, "turnover")
    with second:
        st.caption(t("dash-cover-contribution-means"))
        _turnover(here, found.without_contribution, "contribution")


def _turnover(here: RoundView, change: Turnover, name: str) -> None:
    columns = st.columns(2, gap="large")
    for place, keys, word in ((columns[0], change.enter, "in"), (columns[1], change.leave, "out")):
        with place:
            st.markdown(f"**{t(f'dash-whatif-{word}')}** · {len(keys)}")
            about = f"{t(f'dash-cover-{name}')} · {t(f'dash-whatif-{word}')}"
            _people(here, f"{name}_{word}", about, [key for key in keys if here.known(key)])


def _people(here: RoundView, name: str, about: str, keys: list[str], place: bool = False) -> None:
    """Enterprises by score, the first of them shown, all in a workbook; with `place`, whether they are listed."""
    rows = here.rows.loc[keys].sort_values("score", ascending=False, kind="stable")
    columns = [
        Column("name", t("dash-col-name"), "link", width="50%" if place else "60%"),
        Column("track", t("dash-filter-track")),
        Column("score", t("dash-col-score"), "number"),
    ]
    asked = table(
        f"cover_{name}",
        [*columns, Column("place", t("dash-col-place"), "badge")] if place else columns,
        [
            {
                "id": str(key),
                "name": {"text": str(row["name"]), "note": str(key)},
                "track": track_title(here.edition, str(row["track"])),
                "score": number(row["score"]),
                "place": badge(t(f"dash-status-{row['place']}"), "good" if row["place"] == "listed" else "plain"),
            }
            for key, row in rows.head(NAMED).iterrows()
        ],
        caption=about,
        address="enterprise",
        empty=t("dash-whatif-nobody"),
    )
    if len(rows) > NAMED:
        st.caption(t("dash-data-more", shown=NAMED, all=len(rows)))
    if len(rows):
        offer_rows(here, here.rows.index.get_indexer(rows.index), about, name)
    if asked.opened and here.known(asked.opened):
        open_enterprise(asked.opened)


def _never(here: RoundView, found: Coverage) -> None:
    st.caption(t("dash-cover-never-means"))
    keys = [str(key) for key in pd.Index(found.never_looked_at["enterprise_id"]) if here.known(str(key))]
    _people(here, "never", t("dash-cover-never"), keys, place=True)
