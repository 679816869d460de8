"""Coverage: who is on the list and who is not (扩大政策的有效覆盖).

For every group of enterprises the share that is listed, against the share among all others, with intervals; the
share of small and micro enterprises against the edition's floor; the turnover; the list without the contribution
factor; and who has never been looked at. Groups smaller than the edition's `too_few` get no verdict.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from scoring.editions.circumstances import UNDETERMINED, Column
from scoring.editions.policy import Edition
from scoring.editions.whole_points import UNITS_PER_POINT, units
from scoring.scores.ranking import Ranking, ranks_by
from scoring.selection.directory import Decision, Selection, select

DIMENSIONS = ("size_class", "industry_section", "key_industry", "street", "age", "ownership", "track", "looked_at")
AGES = ((0.0, "0-3"), (3.0, "3-5"), (5.0, "5-10"), (10.0, "10-20"), (20.0, "20+"))
"""Bands of age in years: from the number on."""

ORDERS: dict[str, tuple[str, ...]] = {
    "size_class": ("large", "medium", "small", "micro", UNDETERMINED),
    "age": tuple(name for _, name in AGES),
    "looked_at": ("never", "yes"),
}
"""In which order groups are told where it is not that of their names; those of no name come last."""

Z = 1.959963984540054
"""The normal quantile of two-sided 95 % intervals."""


@dataclass(frozen=True)
class Turnover:
    """What changes against the list before: identifiers that stay, enter and leave."""

    stay: tuple[str, ...]
    enter: tuple[str, ...]
    leave: tuple[str, ...]

    @property
    def rate(self) -> float:
        """The share (0..1) of the list before that leaves; NaN where there was none."""
        before = len(self.stay) + len(self.leave)
        return len(self.leave) / before if before else math.nan


@dataclass(frozen=True)
class Coverage:
    """Who is on a list and who is not.

    `enterprises` counts everyone known; `outside` those who take no part: reason (an eligibility rule, "no-track" or
    "no-track-unknown"), enterprises, most first.
    `groups`: dimension, group, enterprises, eligible, listed, rate (listed of eligible, 0..1) with low and high
    (Wilson, 95 %), rest_rate (of all others), gap (rate less rest_rate) with gap_low and gap_high (Newcombe, 95 %),
    share_of_list, share_of_eligible, verdict ("over", "under", "even", "too-few").
    `spreads`: dimension, largest and smallest group rate among groups with enough enterprises, their difference and
    ratio, and between which groups. `small_and_micro` is their share of the list, `floor` what the edition asks
    (NaN: nothing). `without_contribution` says who would change places without that factor.
    """

    enterprises: int
    outside: pd.DataFrame
    groups: pd.DataFrame
    spreads: pd.DataFrame
    turnover: Turnover
    small_and_micro: float
    floor: float
    without_contribution: Turnover
    never_looked_at: pd.DataFrame


def small_share(edition: Edition, sizes: pd.Series) -> float:
    """The share (0..1) of small and micro enterprises, as the edition counts them, among some by their size classes;
    NaN among none."""
    small = edition.list.small_and_micro
    classes = small.classes if small else ("small", "micro")
    return float(sizes.isin(classes).mean()) if len(sizes) else math.nan


def coverage(ranking: Ranking, selection: Selection) -> Coverage:
    """Who is on a selection's list and who is not, among the enterprises of its ranking.

    `never_looked_at` lists the eligible without any earlier decision, best first in their tracks: enterprise_id, name,
    track, rank, score, listed.
    """
    frame = _with_groups(ranking, selection)
    edition = selection.edition
    orders = {
        **ORDERS,
        "track": tuple(track.id for track in edition.tracks),
        "key_industry": tuple(edition.key_industries),
    }
    groups = pd.concat(
        [_groups(frame, name, edition.coverage.too_few, orders.get(name, ())) for name in DIMENSIONS],
        ignore_index=True,
    )
    outside = frame.loc[~frame["eligible"], "ineligible_reason"].value_counts()
    small = edition.list.small_and_micro
    members = frame[frame["listed"]]
    before = frame.index[frame["incumbent"]]
    return Coverage(
        enterprises=len(frame),
        outside=outside.rename_axis("reason").reset_index(name="enterprises"),
        groups=groups,
        spreads=spreads(groups),
        turnover=turnover(before, members.index),
        small_and_micro=small_share(edition, members["size_class"]),
        floor=small.min_share if small else math.nan,
        without_contribution=turnover(
            members.index, without_factor(ranking, selection, "contribution").members["enterprise_id"]
        ),
        never_looked_at=_never(frame),
    )


def without_factor(ranking: Ranking, selection: Selection, factor: str) -> Selection:
    """The list that the same rules draw when one factor's points are taken away from everyone."""
    parts = ranking.parts
    names = [name for name in parts.columns if ranking.described[str(name)].factor == factor]
    left = units(ranking.frame["score"].to_numpy(dtype=np.float64)) - units(
        parts[names].to_numpy(dtype=np.float64)
    ).sum(axis=1)
    frame = ranking.frame.assign(score=left / UNITS_PER_POINT)
    frame["rank"] = ranks_by(frame, left, selection.edition)
    decisions: dict[str, Decision] = dict(selection.decisions)
    return select(
        replace(ranking, frame=frame, digest=f"{ranking.digest} without {factor}"), selection.edition, decisions
    )


def turnover(before: Iterable[object], after: Iterable[object]) -> Turnover:
    """Who stays, enters and leaves between two lists of identifiers."""
    old, new = set(map(str, before)), set(map(str, after))
    return Turnover(tuple(sorted(old & new)), tuple(sorted(new - old)), tuple(sorted(old - new)))


def wilson(successes: Column, trials: Column) -> tuple[Column, Column]:
    """The Wilson 95 % interval of shares; (0, 1) where there was no trial.

    >>> low, high = wilson(np.array([5]), np.array([10]))
    >>> round(float(low[0]), 4), round(float(high[0]), 4)
    (0.2366, 0.7634)
    """
    trials = np.asarray(trials, dtype=np.float64)
    n = np.maximum(trials, 1.0)
    share = successes / n
    middle = (share + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z / (1 + Z**2 / n) * np.sqrt(share * (1 - share) / n + Z**2 / (4 * n**2))
    none = trials == 0
    return np.where(none, 0.0, np.clip(middle - half, 0, 1)), np.where(none, 1.0, np.clip(middle + half, 0, 1))


def newcombe(first: tuple[Column, Column], second: tuple[Column, Column]) -> tuple[Column, Column]:
    """The 95 % interval of a difference of shares, each given as (successes, trials) (Newcombe 1998, method 10).

    >>> low, high = newcombe((np.array([56]), np.array([70])), (np.array([48]), np.array([80])))
    >>> round(float(low[0]), 4), round(float(high[0]), 4)
    (0.0524, 0.3339)
    """
    one, two = first[0] / np.maximum(first[1], 1), second[0] / np.maximum(second[1], 1)
    (low1, high1), (low2, high2) = wilson(*first), wilson(*second)
    gap = one - two
    return gap - np.hypot(one - low1, high2 - two), gap + np.hypot(high1 - one, two - low2)


def spreads(groups: pd.DataFrame) -> pd.DataFrame:
    """For each dimension how far apart its groups' rates are, among the groups with enough enterprises.

    Columns: dimension, groups, highest, lowest (their names), high_rate, low_rate, difference, ratio (NaN for 0 / 0).
    """
    rows = []
    for name, own in groups[groups["verdict"] != "too-few"].groupby("dimension", sort=False):
        high, low = (own.iloc[int(place)] for place in (own["rate"].argmax(), own["rate"].argmin()))
        ratio = low["rate"] / high["rate"] if high["rate"] else math.nan
        rows.append(
            (name, len(own), high["group"], low["group"], high["rate"], low["rate"], high["rate"] - low["rate"], ratio)
        )
    columns = ["dimension", "groups", "highest", "lowest", "high_rate", "low_rate", "difference", "ratio"]
    return pd.DataFrame(rows, columns=columns)


def age_bands(years: Column) -> Column:
    """The band of age (n,) object of years; "" for unknown.

    >>> age_bands(np.array([2.9, 3.0, 40.0, np.nan])).tolist()
    ['0-3', '3-5', '20+', '']
    """
    edges = [edge for edge, _ in AGES]
    names = np.array(["", *(name for _, name in AGES)], dtype=object)
    years = np.asarray(years, dtype=np.float64)
    place = np.searchsorted(edges, np.where(np.isnan(years), -1.0, np.maximum(years, 0.0)), "right")
    found: Column = names[place]
    return found


def _with_groups(ranking: Ranking, selection: Selection) -> pd.DataFrame:
    frame = ranking.frame.copy()
    frame["listed"] = frame.index.isin(selection.members["enterprise_id"])
    frame["eligible"] = frame["eligible"] | frame["listed"]
    frame["age"] = age_bands(frame["age_years"].to_numpy(dtype=np.float64))
    frame["looked_at"] = np.where(frame["looked_at"], "yes", "never")
    for name in DIMENSIONS:
        frame[name] = frame[name].astype(object).where(frame[name].notna(), "")
    return frame


def _groups(frame: pd.DataFrame, dimension: str, too_few: int, order: tuple[str, ...]) -> pd.DataFrame:
    eligible = frame[frame["eligible"]]
    counted = pd.DataFrame(
        {
            "enterprises": frame.groupby(dimension).size(),
            "eligible": eligible.groupby(dimension).size(),
            "listed": eligible.groupby(dimension)["listed"].sum(),
        }
    ).fillna(0)
    counted = counted.astype(np.int64).sort_index().reset_index(names="group")
    place = {name: at for at, name in enumerate(order)}
    ranks = [place.get(name, len(place) + (not name)) for name in counted["group"]]
    counted = counted.iloc[np.argsort(ranks, kind="stable")].reset_index(drop=True)
    able, listed = counted["eligible"].to_numpy(), counted["listed"].to_numpy()
    others, others_listed = able.sum() - able, listed.sum() - listed
    counted.insert(0, "dimension", dimension)
    counted["rate"] = listed / np.maximum(able, 1)
    counted["low"], counted["high"] = wilson(listed, able)
    counted["rest_rate"] = others_listed / np.maximum(others, 1)
    counted["gap"] = counted["rate"] - counted["rest_rate"]
    counted["gap_low"], counted["gap_high"] = newcombe((listed, able), (others_listed, others))
    counted["share_of_list"] = listed / max(listed.sum(), 1)
    counted["share_of_eligible"] = able / max(able.sum(), 1)
    verdict = np.where(counted["gap_low"] > 0, "over", np.where(counted["gap_high"] < 0, "under", "even"))
    counted["verdict"] = np.where((able < too_few) | (others < too_few), "too-few", verdict)
    return counted


def _never(frame: pd.DataFrame) -> pd.DataFrame:
    unseen = frame[frame["eligible"] & (frame["looked_at"] == "never") & frame["rank"].notna()]
    unseen = unseen.sort_values(["track", "rank"], kind="stable")
    return unseen[["name", "track", "rank", "score", "listed"]].rename_axis("enterprise_id").reset_index()
