"""How sure a rank is: ranks over the bag's refits and over other weights that would have been as reasonable.

After COINr (global sensitivity of composite indicators): the weight of every factor of the card and of every model
is moved by up to a share either way, all at once, many times, and the ranks are looked at. Here each draw also takes
another member of the bag. The draws are not random: they are multiples of the square roots of the first primes,
modulo 1 (Richtmyer's sequence), which fill the box of weights evenly and are the same everywhere.

Each draw is also drawn as a list, under all quotas of the edition and by the same programme as the list itself; how
often an enterprise is on it is its probability of being listed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.uncertainty import CORE
from scoring.editions.circumstances import Column, Flags, Floats
from scoring.editions.policy import Edition
from scoring.editions.whole_points import UNITS_PER_POINT, Units
from scoring.optimum.quotas import Programme, floors
from scoring.optimum.solving import Prices, optimum
from scoring.scores.points import CARD, Points, Voice, feature_of, source_of

BLOCK = 8192
"""Enterprises whose draws are looked at together: they fit into a core's cache."""

GREY = (0.2, CORE)
"""Between these probabilities of being on the list an enterprise stands in the grey zone; from the upper on it belongs
to the core, as in a training's report."""


@dataclass(frozen=True)
class Intervals:
    """For each enterprise (n,): the 5th and 95th percentile of its rank in its track, and how often it was listed.

    `low` and `high` are int64, 0 where the enterprise has no rank; `inclusion` is 0..1; `lists` is in how many of
    the draws the quotas could hold together at all.
    """

    low: Units
    high: Units
    inclusion: Floats
    lists: int


def draws_of(count: int, dimensions: int) -> Floats:
    """Evenly spread points (count, dimensions) in the unit box, the same on every machine.

    >>> draws_of(3, 1).round(3).tolist()
    [[0.914], [0.328], [0.743]]
    """
    points = (0.5 + np.arange(1, count + 1)[:, None] * np.sqrt(_primes(dimensions).astype(np.float64))) % 1.0
    return np.asarray(points, dtype=np.float64)


def _primes(count: int) -> Units:
    """The first prime numbers (count,)."""
    found: list[int] = []
    number = 2
    while len(found) < count:
        if all(number % prime for prime in found):
            found.append(number)
        number += 1
    return np.array(found, dtype=np.int64)


def intervals(
    points: Points,
    edition: Edition,
    factors: Mapping[str, str],
    voices: Sequence[Voice],
    ranked: Flags,
    candidates: Programme,
) -> Intervals:
    """Rank intervals and the probability of being on the list.

    `factors` maps features to factors; `ranked` (n,) says who is ranked; `candidates` is the edition's programme over
    the ranked in their order, whose worth holds the incumbents' margin, which counts for the list and not for the
    rank.
    """
    at = np.flatnonzero(ranked)
    lines = Lines(points, edition, candidates, at)
    tracks = points.tracks.to_numpy(dtype=object)[at]
    rows = [np.flatnonzero(tracks == track.id) for track in edition.tracks]
    keeper = Extremes(edition.uncertainty.draws, len(at))
    for score in _scores(points, edition, factors, voices, at):
        ranks = keeper.next()
        for own in rows:
            ranks[own[np.argsort(_keys(score[own]))]] = np.arange(1, len(own) + 1)
        lines.draw(score, ranks)
    low, high = (np.zeros(len(ranked), dtype=np.int64) for _ in range(2))
    low[at], high[at] = keeper.percentiles()
    inclusion = np.zeros(len(ranked))
    inclusion[at] = lines.listed / edition.uncertainty.draws
    return Intervals(low, high, inclusion, lines.count)


def _scores(
    points: Points, edition: Edition, factors: Mapping[str, str], voices: Sequence[Voice], at: Units
) -> Iterator[Units]:
    """The scores (units) of the ranked, draw by draw."""
    grouped = _card_by_factor(points.parts, factors, at)
    names = [*grouped, *(voice.source for voice in voices)]
    draws = draws_of(edition.uncertainty.draws, max(len(names), 1))
    scales = {
        voice.source: UNITS_PER_POINT * points.weights[voice.source] * edition.blend.points_per_log_odds
        for voice in voices
    }
    for draw, move in enumerate(1 + edition.uncertainty.weights * (2 * draws - 1)):
        whole = np.full(len(at), float(points.base))
        for name, factor in zip(names, move, strict=False):
            if name in grouped:
                whole += grouped[name] * factor
        for voice in voices:
            member = voice.members[at, draw % voice.members.shape[1]]
            whole += scales[voice.source] * move[names.index(voice.source)] * (member - voice.base)
        yield np.rint(whole).astype(np.int64)


class Lines:
    """The lists that the draws give: `listed` (ranked,) counts how often each was on one, `count` the lists.

    The first search's prices are the start of all others, so that every draw takes little.
    """

    def __init__(self, points: Points, edition: Edition, candidates: Programme, at: Units) -> None:
        """For the ranked enterprises `at`; the first list is that of the scores themselves."""
        floor = floors(points.tracks.iloc[at], edition) * UNITS_PER_POINT
        self.floor = floor if np.isfinite(floor).any() else None
        self.candidates = candidates
        self.bonus = candidates.worth - points.score[at]
        self.listed: Units = np.zeros(len(at), dtype=np.int64)
        self.count = 0
        found = optimum(candidates)
        self.start: Prices | None = None if found is None else found.bound.prices
        self.possible = found is not None or self.floor is not None

    def draw(self, score: Units, ranks: Ranks) -> None:
        """Draw one list by these scores (units, ranked) and ranks."""
        if not self.possible:
            return
        made = self.candidates.with_worth(score + self.bonus, ranks.astype(np.int64))
        if self.floor is None:
            found = optimum(made, True, self.start)
            if found is not None:
                self.listed += found.chosen
        else:
            able = score >= self.floor
            found = optimum(made.among(able), True, self.start)
            if found is not None:
                self.listed[able] += found.chosen
        self.count += found is not None


Ranks = np.ndarray[tuple[int, ...], np.dtype[np.int32]]


class Extremes:
    """The lowest and the highest ranks that each enterprise had, as many as its percentiles need and no more."""

    def __init__(self, draws: int, count: int) -> None:
        self.kept = math.floor((draws - 1) * 0.05) + 1
        self.ranks: Ranks = np.zeros((min(draws, 4 * self.kept + 4), count), dtype=np.int32)
        self.used = 0

    def next(self) -> Ranks:
        """A row for the ranks of the next draw."""
        if self.used == len(self.ranks):
            for block in self._blocks():
                ends = np.sort(block, axis=0)
                block[: self.kept], block[self.kept : 2 * self.kept] = ends[: self.kept], ends[-self.kept :]
            self.used = 2 * self.kept
        self.used += 1
        row: Ranks = self.ranks[self.used - 1]
        return row

    def percentiles(self) -> tuple[Units, Units]:
        """The 5th and the 95th percentile of each one's ranks: the lower and the higher neighbour."""
        found = [np.partition(block[: self.used], [self.kept - 1, self.used - self.kept], axis=0)[
            [self.kept - 1, self.used - self.kept]] for block in self._blocks()]  # fmt: skip
        low, high = np.concatenate(found, axis=1).astype(np.int64) if found else np.zeros((2, 0), dtype=np.int64)
        return low, high

    def _blocks(self) -> list[Ranks]:
        """The ranks of some enterprises at a time: what fits into a core's cache."""
        return [self.ranks[:, begin : begin + BLOCK] for begin in range(0, self.ranks.shape[1], BLOCK)]


def _keys(worth: Units) -> Units:
    """Distinct numbers that ascend as worth falls and, where it is equal, with the position: any sort is stable."""
    count = len(worth)
    if count and int(np.abs(worth).max()) < 2**62 // count:
        return np.arange(count) - worth * count
    keys = np.empty(count, dtype=np.int64)
    keys[np.argsort(-worth, kind="stable")] = np.arange(count)
    return keys


def zones(inclusion: Floats, ranked: Flags) -> Column:
    """Where each enterprise (n,) stands: "in", "grey", "out", or "" without a rank."""
    low, high = GREY
    zone = np.where(inclusion >= high, "in", np.where(inclusion > low, "grey", "out")).astype(object)
    zone[~ranked] = ""
    return zone


def _card_by_factor(parts: pd.DataFrame, factors: Mapping[str, str], at: Units) -> dict[str, Units]:
    """The card's units by factor, of the enterprises `at`."""
    grouped: dict[str, Units] = {}
    for name in parts.columns:
        if source_of(name) == CARD:
            factor = f"{CARD}.{factors[feature_of(name)]}"
            grouped[factor] = grouped.get(factor, np.zeros(len(at), dtype=np.int64)) + parts[name].to_numpy()[at]
    return grouped
