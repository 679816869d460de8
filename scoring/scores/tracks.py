"""Classified evaluation (分类评价): who is compared with whom.

An enterprise may qualify for several tracks and meets one: the most favourable one (从优). Favourable is what counts
for being listed: the place it would have among all eligible enterprises that qualify for the track, over the number
of places the track has. Ties go to the higher score, then to the track that the edition names first. The places are
counted once, among all who qualify, so that the assignment does not depend on an order of doing.

Who meets the conditions of no track takes no part: article 10 evaluates by class, and an enterprise that no class
asks for has neither a card nor peers. It stays in the ranking with its reason and is counted in coverage. That some
fact is missing is another reason than that a condition is not met, and is told apart with the facts to ask for, so
that nobody is left out for want of a figure (扩大政策的有效覆盖).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from scoring.editions.circumstances import Circumstances, Flags
from scoring.editions.policy import Edition

NO_TRACK = "no-track"
"""The reason of those who meet the conditions of no track, whatever else may become known."""

TRACK_UNKNOWN = "no-track-unknown"
"""The reason of those who meet none by what is known, but might if the facts that are missing were."""


@dataclass(frozen=True)
class Qualification:
    """Who qualifies for which track, and by which rule.

    `tracks` is bool (n, tracks); `rules` object (n, tracks) with the identifier of the first rule that holds, ""
    where a track takes everyone, None where the enterprise does not qualify.
    """

    tracks: pd.DataFrame
    rules: pd.DataFrame


def qualify(facts: Circumstances, edition: Edition) -> Qualification:
    """Which tracks each enterprise qualifies for."""
    index = facts.frame.index
    rules: dict[str, object] = {}
    for track in edition.tracks:
        by = np.full(len(index), None if track.when else "", dtype=object)
        for rule in reversed(track.when):
            by[facts.all_meet(rule.when)] = rule.id
        rules[track.id] = by
    frame = pd.DataFrame(rules, index=index, dtype=object)
    return Qualification(frame.notna(), frame)


def undecided(facts: Circumstances, edition: Edition, without: Flags) -> pd.Series:
    """The facts that keep an enterprise without a track from being placed (n,): their names, "" where none would help.

    `without` (n,) says who has no track. Named are the unknown fields of rules of which no known condition fails.
    """
    lacking: dict[str, Flags] = {}
    for rule in (rule for track in edition.tracks for rule in track.when):
        absent = [facts.lacks(condition) for condition in rule.when]
        open_ = without.copy()
        for condition, unknown in zip(rule.when, absent, strict=True):
            open_ &= unknown | facts.meets(condition)
        for condition, unknown in zip(rule.when, absent, strict=True):
            lacking[condition.field] = lacking.get(condition.field, np.zeros(len(without), dtype=bool)) | (
                open_ & unknown
            )
    names = np.full(len(without), "", dtype=object)
    if lacking:
        table = np.column_stack(list(lacking.values()))
        kinds, which = np.unique(table, axis=0, return_inverse=True)
        told = [" ".join(name for name, here in zip(lacking, kind, strict=True) if here) for kind in kinds]
        names = np.array(told, dtype=object)[which.reshape(-1)]
    return pd.Series(names, index=facts.frame.index, dtype=object)


def eligibility(facts: Circumstances, edition: Edition) -> pd.Series:
    """The rule that bars each enterprise (n,), "" for none: the first of the edition's rules that holds."""
    barred = np.full(len(facts.frame), "", dtype=object)
    for rule in reversed(edition.eligibility):
        barred[facts.all_meet(rule.when)] = rule.id
    return pd.Series(barred, index=facts.frame.index, dtype=object)


def assign(scores: pd.DataFrame, qualified: pd.DataFrame, eligible: Flags, edition: Edition) -> pd.Series:
    """The track of each enterprise (n,), "" where it qualifies for none.

    `scores` (n, tracks) holds the score it would have in each track.
    """
    names = [track.id for track in edition.tracks]
    standing = np.full((len(scores), len(names)), np.inf)
    for position, name in enumerate(names):
        qualifies = qualified[name].to_numpy(dtype=bool)
        own = scores[name].to_numpy(dtype=np.float64)
        others = np.sort(own[qualifies & eligible])
        place = len(others) - np.searchsorted(others, own, "right") + 1
        standing[qualifies, position] = place[qualifies] / max(edition.places(name), 1)
    best = standing.min(axis=1, keepdims=True)
    tied = np.where(standing == best, scores[names].to_numpy(dtype=np.float64), -np.inf)
    chosen = np.array(names, dtype=object)[tied.argmax(axis=1)]
    chosen[~np.isfinite(best[:, 0])] = ""
    return pd.Series(chosen, index=scores.index, dtype=object)
