"""What if one figure were another: the ranks that follow are those of a ranking made anew."""

from __future__ import annotations

import pandas as pd
import pytest

from dashboard.experiments import reweighted, with_figure
from data.accounts import Accounts
from data.settings import Settings
from data.store import Store
from scoring.committee.review import Review
from scoring.scores.ranking import Ranking
from tests.district_home import Home


@pytest.fixture(scope="module")
def ranking(made_home: Home) -> Ranking:
    store = Store(Settings(home=made_home.path))
    reader = Accounts(store.engine).find("审计员")
    return Review(store, Settings(home=made_home.path), made_home.round_id).ranking(reader)


@pytest.mark.parametrize("place", [0, 3, 40])
def test_ranks_after_a_figure_was_changed_are_those_of_all_scores_sorted(ranking: Ranking, place: int) -> None:
    moved = 0
    for track in ranking.edition.tracks:
        own = (ranking.frame["track"] == track.id) & ranking.frame["rank"].notna()
        key = str(ranking.frame.index[own][place])
        for criterion in [one for one in track.criteria if not one.categories]:
            for value in (0.0, 0.5, 1e9):
                found = with_figure(ranking, key, criterion.feature, value)
                ranked = found.frame[found.frame["rank"].notna()].assign(old=ranking.frame["rank"])
                order = ranked.sort_values(["score", "old"], ascending=[False, True], kind="stable")
                expected = (order.groupby("track", observed=True).cumcount() + 1).reindex(ranked.index)
                assert ranked["rank"].astype("int64").equals(expected.astype("int64")), (key, criterion.feature, value)
                others = found.frame.index != key
                pd.testing.assert_series_equal(found.frame["score"][others], ranking.frame["score"][others])
                assert found.frame.at[key, "score"] == pytest.approx(found.detail.loc[key].sum() + ranking.base)
                moved += int((found.frame["rank"] != ranking.frame["rank"]).sum())
    assert moved > 20


def test_weights_as_they_are_change_nothing(ranking: Ranking) -> None:
    same = reweighted(ranking, ranking.weights).frame
    pd.testing.assert_frame_equal(same[["score", "rank"]], ranking.frame[["score", "rank"]])
