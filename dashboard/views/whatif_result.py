"""What came of an experiment on the page What if: kept until another is made, and shown against the list now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from dashboard.display import bullets, line, number, share
from dashboard.experiments import CHANGED
from dashboard.list_line import quota_name
from dashboard.naming import track_title
from dashboard.navigation import open_enterprise
from dashboard.round_view import RoundView, undecided
from dashboard.session import language, t
from dashboard.table import Column, asked_of, table
from scoring.editions.policy import Edition
from scoring.scores.ranking import Ranking
from scoring.selection.coverage import small_share
from scoring.selection.directory import select

TABLES = ("whatif_in", "whatif_out")


@dataclass(frozen=True)
class Tried:
    """What was tried under one tab and what came of it: it stays until something else is tried or it is put back.

    `given` is what the fields held; `told` sentences of what was changed; `entered` and `left` identifiers with their
    changed score, best first; `places` and `small` (0..1) the list's length and its share of small and micro
    enterprises, now and then. `world` is the view it was worked out in: in another one it is not shown.
    """

    world: tuple[str, ...]
    given: Mapping[str, Any]
    told: tuple[str, ...] = ()
    infeasible: tuple[str, ...] = ()
    entered: tuple[tuple[str, float], ...] = ()
    left: tuple[tuple[str, float], ...] = ()
    places: int = 0
    small: tuple[float, float] = (0.0, 0.0)


def open_asked(here: RoundView) -> None:
    """Open the enterprise that the reader has just clicked in a result."""
    for name in TABLES:
        if (asked := asked_of(name)).opened and here.known(asked.opened):
            open_enterprise(asked.opened)


def last_tried(here: RoundView, tab: str) -> Tried | None:
    """What was tried last under a tab, if it still holds: in another view or language it is not shown."""
    found: Tried | None = st.session_state.get(f"whatif_kept_{tab}")
    return found if found and found.world == _world(here) else None


def forget(tab: str) -> None:
    """Forget what was tried under a tab."""
    st.session_state.pop(f"whatif_kept_{tab}", None)


def _world(here: RoundView) -> tuple[str, ...]:
    return here.world, here.selection.digest if here.selection else "", language()


def keep(
    here: RoundView, tab: str, given: Mapping[str, Any], told: Sequence[str], ranking: Ranking, edition: Edition
) -> Tried:
    """The list under the change against the list now, both with the committee's decisions left aside, kept."""
    now, then = undecided(here), select(replace(ranking, edition=edition), edition)
    if then.infeasible:
        quotas = tuple(quota_name(edition, *row.key, number=row.number) for row in then.infeasible)
        made = Tried(_world(here), given, tuple(told), infeasible=quotas)
    else:
        before, after = (set(map(str, one.members["enterprise_id"])) for one in (now, then))
        made = Tried(
            _world(here), given, tuple(told),
            entered=_best_first(ranking, after - before),
            left=_best_first(ranking, before - after),
            places=len(after),
            small=(_small(here, before), _small(here, after)),
        )  # fmt: skip
    st.session_state[f"whatif_kept_{tab}"] = made
    return made


def _best_first(ranking: Ranking, keys: set[str]) -> tuple[tuple[str, float], ...]:
    scores = ranking.frame["score"].loc[sorted(keys)].sort_values(ascending=False, kind="stable")
    return tuple((str(key), float(score)) for key, score in scores.items())


def _small(here: RoundView, keys: set[str]) -> float:
    return small_share(here.edition, here.ranking.frame["size_class"].loc[sorted(keys)])


def show(here: RoundView, kept: Tried | None) -> None:
    """What was tried, and who would enter and leave."""
    if kept is None:
        return
    bullets(kept.told or [t("dash-whatif-as-now")])
    if kept.infeasible:
        st.error(t("dash-whatif-infeasible", quotas=list(kept.infeasible)))
        return
    told = t("dash-whatif-result", entered=len(kept.entered), left=len(kept.left), n=kept.places)
    was, becomes = (share(one, 1) for one in kept.small)
    line(f"{told}{t('dash-whatif-small-share', old=was, new=becomes)}")
    columns = st.columns(2, gap="large")
    for place, found, word in ((columns[0], kept.entered, "in"), (columns[1], kept.left, "out")):
        with place:
            st.markdown(f"**{t(f'dash-whatif-{word}')}** · {len(found)}")
            table(
                f"whatif_{word}",
                [
                    Column("name", t("dash-col-name"), "link"),
                    Column("track", t("dash-filter-track")),
                    Column("score", t("dash-col-score"), "number"),
                ],
                [_row(here, key, score) for key, score in found[:CHANGED]],
                caption=t(f"dash-whatif-{word}"),
                address="enterprise",
                empty=t("dash-whatif-nobody"),
            )
            if len(found) > CHANGED:
                st.caption(t("dash-data-more", shown=CHANGED, all=len(found)))


def _row(here: RoundView, key: str, score: float) -> dict[str, Any]:
    row = here.row(key)
    return {
        "id": key,
        "name": {"text": str(row["name"]), "note": key},
        "track": track_title(here.edition, str(row["track"])),
        "score": number(score),
    }
