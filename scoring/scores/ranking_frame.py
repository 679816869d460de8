"""What a ranking shows of every enterprise beside its place: name, track and rule, points, coverage, circumstances."""

from __future__ import annotations

import numpy as np
import pandas as pd

from scoring.editions.circumstances import Circumstances, Column
from scoring.editions.policy import Edition
from scoring.editions.whole_points import UNITS_PER_POINT
from scoring.scores.points import CARD, Points, by_source
from scoring.scores.tracks import NO_TRACK, TRACK_UNKNOWN, Qualification, undecided


def described_frame(
    facts: Circumstances, edition: Edition, qualification: Qualification, barred: pd.Series, points: Points
) -> pd.DataFrame:
    """What is known of every enterprise but its rank: words, points, coverage."""
    frame = pd.DataFrame(index=facts.frame.index)
    frame["name"] = _names(facts.about)
    frame["track"] = points.tracks
    frame["track_rule"] = _rules(qualification, points.tracks)
    frame["score"] = points.score / UNITS_PER_POINT
    nowhere = ((barred == "") & (points.tracks == "")).to_numpy(dtype=bool)
    frame["track_lacks"] = undecided(facts, edition, nowhere)
    reasons = barred.where(~nowhere, np.where(frame["track_lacks"] != "", TRACK_UNKNOWN, NO_TRACK))
    frame["eligible"] = (reasons == "").to_numpy(dtype=bool)
    frame["ineligible_reason"] = reasons
    card = by_source(points.parts, CARD)
    frame["card_points"] = card / UNITS_PER_POINT
    frame["model_points"] = (points.score - points.base - card) / UNITS_PER_POINT
    frame["coverage"] = _coverage(facts, edition, points.tracks)
    for name in ("size_class", "size_clause", "industry_section", "street", "region", "ownership", "group_id"):
        frame[name] = facts.column(name) if name in facts.about else None
    frame["key_industry"] = facts.computed["key-industry"]
    frame["industry"] = facts.about["industry_name"].where(
        facts.about["industry_name"].notna(), facts.about["industry_code"]
    )
    frame["age_years"] = facts.column("age_years") if "age_years" in facts.described else np.nan
    places = {"": 0, **{track.id: edition.places(track.id) for track in edition.tracks}}
    frame["places"] = [places[track] for track in points.tracks]
    return frame


def _rules(qualification: Qualification, tracks: pd.Series) -> Column:
    """The rule by which each enterprise is in its track, "" where the track takes everyone or there is none."""
    rules = np.full(len(tracks), "", dtype=object)
    for name in qualification.rules.columns:
        mine = (tracks == name).to_numpy(dtype=bool)
        rules[mine] = qualification.rules[name].to_numpy(dtype=object)[mine]
    return rules


def _names(about: pd.DataFrame) -> pd.Series:
    index = pd.Series(about.index, index=about.index, dtype=object)
    return about["name"].astype(object).where(about["name"].notna(), index)


def _coverage(facts: Circumstances, edition: Edition, tracks: pd.Series) -> Column:
    """The share (0..1) of an enterprise's card that rests on known values, by the most points a criterion can give.

    Without a card it is the share of all features that are known.
    """
    known = {str(name): facts.frame[name].notna().to_numpy() for name in facts.frame.columns}
    coverage = np.zeros(len(tracks))
    for column in known.values():
        coverage += column
    coverage /= max(len(known), 1)
    for track in edition.tracks:
        mine = (tracks == track.id).to_numpy(dtype=bool)
        weight = np.array([max(abs(level) for level in one.levels) for one in track.criteria])
        if mine.any() and weight.sum() > 0:
            own = np.column_stack([known[one.feature][mine] for one in track.criteria])
            coverage[mine] = own.astype(np.float64) @ weight / weight.sum()
    return np.round(coverage, 6)
