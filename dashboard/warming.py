"""What every first click would wait for, made when the server starts: the ranking, its list, and what all share.

Reading a ranking of 100,000 enterprises takes seconds once, a click a fraction of one; without this the first visitor
of the day would pay for all. It runs beside the pages, in a thread of its own, and looks again now and then, since a
new ranking or round may come from the command line. A page that is asked for meanwhile waits for what is being made
rather than making it twice. It is a convenience only: what it cannot make, a page makes, and says why if it cannot.
"""

from __future__ import annotations

import gc
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from dashboard.figures import FIGURES, closed_years, peer_band
from dashboard.list_line import lines
from dashboard.point_breakdown import factor_points, track_medians
from dashboard.round_view import RoundView, found_by, queue_of, undecided, view_of, with_reserve
from dashboard.saved_view import View, page_of
from dashboard.session import accounts
from dashboard.views.coverage import covered
from dashboard.views.enterprise_record import ready_year_chart
from scoring.messages import LANGUAGES
from scoring.scores.reasons import reasons

AGAIN = 30.0
"""Seconds between looks whether there is a newer ranking or round."""

_log = logging.getLogger("mulu.dashboard")


def warm() -> set[str]:
    """Make what the first visitors share, and for each recused person's world what is dear in it; names what was made,
    which is nothing where nothing has been ranked."""
    views = _views()
    for here in views.values():
        rows, _ = page_of(here.rows, found_by(here, View()), View())
        lines(here)
        if here.state is not None and here.state.rules.hide_points:
            continue
        for track in here.edition.tracks:
            track_medians(here.world, track.id, here.ranking)
        if here.selection is not None and not here.selection.infeasible:
            covered(here)
            with_reserve(here)
        if here.world == here.ranking.digest:
            factor_points(here.ranking, list(rows.index))
            _shared(here)
    return set(views)


def _views() -> dict[str, RoundView]:
    """One view of each kind; views of one name share the world and the list drawn in it."""
    views = [here for one in accounts().people() if (here := view_of(one)) is not None]
    return {f"{here.world}:{here.selection.digest if here.selection else ''}": here for here in views}


def _shared(here: RoundView) -> None:
    """What everybody's pages have in common: figures by year, reasons in words, charts, what is worth discussing."""
    closed_years(here)
    if here.review is not None:
        queue_of(here)
    if here.selection is not None:
        undecided(here)
    for key in _one_of_each(here, ["industry_section", "size_class"]):
        peer_band(here, key)
    for tongue in LANGUAGES:
        for key in _one_of_each(here, ["track"]):
            reasons(here.ranking, key, tongue)
        for figure in FIGURES:
            for largest in (1e9, 1e6):
                ready_year_chart(figure, largest, tongue)


def _one_of_each(here: RoundView, columns: list[str]) -> list[str]:
    """One ranked enterprise of each combination."""
    ranked = here.rows[here.rows["rank"].notna()]
    return [str(key) for key in ranked[~ranked.duplicated(columns)].index]


def _look_again(ended: threading.Event) -> None:
    made: set[str] = set()
    while True:
        try:
            if not _views().keys() <= made:
                made = warm()
                gc.collect()
                gc.freeze()  # it is there to stay: no later collection need walk through it
        except Exception:
            _log.exception("nothing could be made ready; pages make what they need")
        if ended.wait(AGAIN):
            return


@contextmanager
def keep_warm() -> Iterator[None]:
    """Keep warm, in a thread of its own, for as long as this is open."""
    ended = threading.Event()
    threading.Thread(target=_look_again, args=(ended,), name="mulu-warm", daemon=True).start()
    try:
        yield
    finally:
        ended.set()
