"""What an edition says of the enterprises a model is taught on: their card's points and track, for its report.

The card competes as a baseline, and figures are broken down by track; neither is learned from.
"""

from __future__ import annotations

import pandas as pd

from data.store import Store
from features.catalog import catalogue
from features.matrix import Matrix
from models.panel import Sidelights
from scoring.editions.circumstances import circumstances
from scoring.editions.policy import Edition
from scoring.editions.whole_points import UNITS_PER_POINT
from scoring.scores.points import make_points
from scoring.scores.tracks import eligibility, qualify


def sidelights(edition: Edition, store: Store) -> Sidelights:
    """For `models.training.train`: `card` (points) and `track` of a matrix's enterprises, and which edition's.

    An enterprise without a track has no track (None) and the edition's base.
    """
    known = catalogue(store)

    def look(matrix: Matrix) -> pd.DataFrame:
        facts = circumstances(matrix, edition, known, None)
        eligible = (eligibility(facts, edition) == "").to_numpy(dtype=bool)
        points = make_points(facts, edition, qualify(facts, edition), eligible, ())
        tracks = points.tracks.where(points.tracks != "", None)
        return pd.DataFrame({"card": points.score / UNITS_PER_POINT, "track": tracks}, index=matrix.frame.index)

    titles = {one.id: {"zh": one.title.of("zh-CN"), "en": one.title.of("en")} for one in edition.tracks}
    return Sidelights(look, {"edition": edition.name, "digest": edition.digest, "tracks": titles})
