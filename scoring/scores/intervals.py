"""How sure a rank is: ranks over the bag's refits and over other weights that would have been as reasonable.

After COINr (global sensitivity of composite indicators): the weight of every factor of the card and of every model
is moved by up to a share either way, all at once, many times, and the ranks are looked at. Here each draw also takes
another member of the bag. The draws are not random: they are multiples of the square roots of the first primes,
modulo 1 (Richtmyer's sequence), which fill the box of weights evenly and are the same everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from scoring.editions.circumstances import Column, Flags, Floats
from scoring.editions.policy import Edition
from scoring.scores.points import CARD, UNITS_PER_POINT, Points, Units, Voice, feature_of, source_of

BLOCK = 8192
"""Enterprises whose draws are looked at together: they fit into a core's cache."""

GREY = (0.1, 0.9)
"""Between these probabilities of being on the list an enterprise stands in the grey zone."""


@dataclass(frozen=True)
class Intervals:
    """For each enterprise (n,): the 5th and 95th percentile of its rank in its track, and how often it was listed.

    `low` and `high` are int64, 0 where the enterprise has no rank; `inclusion` is 0..1.
    """

    low: Units
    high: Units
    inclusion: Floats


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
    bonus: Units,
) -> Intervals:
    """Rank intervals and the probability of being listed under the quotas of total and tracks.

    `factors` maps features to factors; `ranked` (n,) says who is ranked; `bonus` (n,) is the incumbents' margin in
    units, which counts for the list and not for the rank. Other quotas (industry, street, group) are left out.
    """
    grouped = _card_by_factor(points.parts, factors)
    names = [*grouped, *(voice.source for voice in voices)]
    spread = edition.uncertainty.weights
    moves = 1 + spread * (2 * draws_of(edition.uncertainty.draws, max(len(names), 1)) - 1)
    tracks = points.tracks.to_numpy(dtype=object)
    rows = {track.id: np.flatnonzero(ranked & (tracks == track.id)) for track in edition.tracks}
    ranks = np.zeros((len(moves), len(ranked)), dtype=np.int32)  # draw by draw: a draw writes into one place
    listed = np.zeros(len(ranked), dtype=np.int64)
    for draw, move in enumerate(moves):
        whole = np.full(len(ranked), float(points.base))
        for name, factor in zip(names, move, strict=False):
            if name in grouped:
                whole += grouped[name] * factor
        for voice in voices:
            weight = UNITS_PER_POINT * points.weights[voice.source] * edition.blend.points_per_log_odds
            member = voice.members[:, draw % voice.members.shape[1]]
            whole += weight * move[names.index(voice.source)] * (member - voice.base)
        score = np.rint(whole).astype(np.int64)
        for own in rows.values():
            order = own[np.argsort(_keys(score[own]))]
            ranks[draw, order] = np.arange(1, len(own) + 1)
        listed[quick_list(score + bonus, rows, edition)] += 1
    low, high = _percentiles(ranks)
    return Intervals(low, high, listed / len(moves))


def _keys(worth: Units) -> Units:
    """Distinct numbers that ascend as worth falls and, where it is equal, with the position: any sort is stable."""
    count = len(worth)
    if count and int(np.abs(worth).max()) < 2**62 // count:
        return np.arange(count) - worth * count
    keys = np.empty(count, dtype=np.int64)
    keys[np.argsort(-worth, kind="stable")] = np.arange(count)
    return keys


def _first(worth: Units, most: int) -> Units:
    """The positions of the `most` worthiest, in order; equal ones by position."""
    keys = _keys(worth)
    chosen = np.argpartition(keys, most - 1)[:most] if 0 < most < len(keys) else np.arange(len(keys))[: max(most, 0)]
    ordered: Units = chosen[np.argsort(keys[chosen])]
    return ordered


def _percentiles(ranks: np.ndarray[tuple[int, ...], np.dtype[np.int32]]) -> tuple[Units, Units]:
    """The 5th and 95th percentile of each column of `ranks` (draws, n): the lower and the higher neighbour."""
    draws, count = ranks.shape
    places = [math.floor((draws - 1) * 0.05), math.ceil((draws - 1) * 0.95)]
    found = np.zeros((2, count), dtype=np.int64)
    for begin in range(0, count, BLOCK):
        block = np.ascontiguousarray(ranks[:, begin : begin + BLOCK].T)
        found[:, begin : begin + BLOCK] = np.partition(block, places, axis=1)[:, places].T
    return found[0], found[1]


def quick_list(worth: Units, rows: Mapping[str, Column], edition: Edition) -> Units:
    """Who (positions) would be listed by total and track quotas alone: least places first, then by points."""
    firm, open_ = [], []
    for name, own in rows.items():
        quota = edition.list.tracks.get(name)
        floor = edition.track(name).at_least
        if floor is not None:
            own = own[worth[own] >= floor * UNITS_PER_POINT]
        best = own[_first(worth[own], edition.places(name))]
        least = (quota.min or 0) if quota else 0
        firm.append(best[:least])
        open_.append(best[least:])
    first = np.concatenate(firm) if firm else np.zeros(0, dtype=np.int64)
    rest = np.concatenate(open_) if open_ else first
    left = max(edition.list.places - len(first), 0)
    rest = rest[_first(worth[rest], left)]
    return np.concatenate([first, rest]).astype(np.int64)


def zones(inclusion: Floats, ranked: Flags) -> Column:
    """Where each enterprise (n,) stands: "in", "grey", "out", or "" without a rank."""
    low, high = GREY
    zone = np.where(inclusion >= high, "in", np.where(inclusion > low, "grey", "out")).astype(object)
    zone[~ranked] = ""
    return zone


def _card_by_factor(parts: pd.DataFrame, factors: Mapping[str, str]) -> dict[str, Units]:
    grouped: dict[str, Units] = {}
    for name in parts.columns:
        if source_of(name) == CARD:
            factor = f"{CARD}.{factors[feature_of(name)]}"
            grouped[factor] = grouped.get(factor, np.zeros(len(parts), dtype=np.int64)) + parts[name].to_numpy()
    return grouped
