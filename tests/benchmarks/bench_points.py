"""Points, reasons (codes and values), rank intervals and chances of being listed for 100,000 enterprises.

    python tests/benchmarks/bench_points.py [ENTERPRISES] [RIVALS] [ROUNDS]

The matrix and two models' words (parts of every feature, a bag of twenty) are drawn from one seed, so that this
measures scoring alone. The rival does it with plain pandas on RIVALS enterprises (5,000) and is told the tracks: bands
by `pd.cut`, a hundred draws of weights ranked by `groupby().rank()`, reasons row by row with each value's place among
its track. It draws no list; ours draws a hundred under all quotas. Seconds are per enterprise times ENTERPRISES.
"""

from __future__ import annotations

import sys
import time
from datetime import date

import numpy as np
import pandas as pd
from measure import Contender, machine, ratio, record, run_in_turns, tell

from features.about import ABOUT
from features.catalog import Catalogue, built_in
from features.matrix import Matrix
from scoring.editions.circumstances import circumstances
from scoring.editions.policy import Edition, load_edition
from scoring.scores.points import Voice
from scoring.scores.ranking import rank_matrix
from scoring.scores.reasons import reason_table
from scoring.scores.voices import Heard

BAG = 20


def drawn_matrix(count: int, catalogue: Catalogue) -> Matrix:
    """A matrix of plausible numbers, a fifth of them unknown."""
    draw = np.random.default_rng(3)
    index = pd.Index([f"E{number:07d}" for number in range(count)], name="enterprise_id")
    columns: dict[str, object] = {}
    for feature in catalogue:
        if feature.kind == "category":
            columns[feature.name] = pd.Categorical(draw.choice(["甲", "乙", "丙"], count))
            continue
        values = draw.normal(14, 3, count) if feature.unit.startswith("log ") else draw.normal(0.1, 0.2, count)
        values = draw.random(count) if feature.relative_to else values
        columns[feature.name] = np.where(draw.random(count) < 0.2, np.nan, values)
    about = {name: np.full(count, None, dtype=object) for name in ABOUT}
    about["industry_code"] = draw.choice(["6513", "5611", "5191", "7251", "6611"], count).astype(object)
    about["street"] = draw.choice(["甲街道", "乙街道", "丙镇"], count).astype(object)
    about["size_class"] = draw.choice(["large", "medium", "small", "micro"], count, p=[0.02, 0.1, 0.4, 0.48]).astype(
        object
    )
    about["size_clause"] = np.full(count, "", dtype=object)
    frame = pd.DataFrame(columns, index=index, columns=catalogue.names)
    return Matrix(frame, pd.DataFrame(about, index=index), date(2026, 6, 30), catalogue.fingerprint, "drawn")


def drawn_voice(source: str, matrix: Matrix, seed: int) -> Voice:
    """What a model says of every feature and enterprise."""
    draw = np.random.default_rng(seed)
    parts = pd.DataFrame(
        draw.normal(0, 0.1, matrix.frame.shape), index=matrix.frame.index, columns=matrix.frame.columns
    )
    odds = parts.sum(axis=1).to_numpy() - 1
    members = odds[:, None] + draw.normal(0, 0.2, (len(odds), BAG))
    return Voice(source, source, 1, source, "strong", parts, -1.0, members, 1 / (1 + np.exp(-odds)))


def drawn(count: int) -> tuple[Matrix, Catalogue, Edition, tuple[Voice, ...]]:
    """Everything that both contenders start from."""
    catalogue = Catalogue(built_in())
    matrix = drawn_matrix(count, catalogue)
    voices = (drawn_voice("growth", matrix, 5), drawn_voice("listing", matrix, 6))
    return matrix, catalogue, load_edition("changning-2026"), voices


def by_mulu(count: int) -> None:
    """Ours: the ranking with everything in it, then the table of reasons."""
    matrix, catalogue, edition, voices = drawn(count)
    begun = time.perf_counter()
    ranking = rank_matrix(
        matrix, catalogue, edition, None, Heard(voices, {"growth": "strong", "listing": "strong"}, ())
    )
    points = time.perf_counter() - begun
    begun = time.perf_counter()
    table = reason_table(ranking, 3)
    reasons = time.perf_counter() - begun
    worst = float((ranking.parts.sum(axis=1) + ranking.base - ranking.frame["score"]).abs().max())
    tell(points + reasons, count, points=points, reasons=reasons, told=len(table), worst=worst)


def by_pandas(count: int) -> None:
    """The rival."""
    matrix, catalogue, edition, voices = drawn(count)
    tracks = rank_matrix(matrix, catalogue, edition, None).frame["track"]
    facts = circumstances(matrix, edition, catalogue, None)
    values = pd.DataFrame({name: facts.column(name) for name in matrix.frame.columns}, index=matrix.frame.index)
    begun = time.perf_counter()
    card = pd.DataFrame(0.0, index=values.index, columns=list(edition.features))
    for track in edition.tracks:
        mine = tracks == track.id
        for one in track.criteria:
            edges = [-np.inf, *(band.at_least for band in one.bands), np.inf]
            earned = pd.cut(values.loc[mine, one.feature], edges, right=False, labels=False)
            card.loc[mine, one.feature] = earned.map(dict(enumerate(one.levels))).fillna(one.unknown)
    blend = edition.blend
    said = {"growth": blend.growth, "listing": blend.listing}
    parts = card.mul(blend.scorecard).reindex(columns=values.columns, fill_value=0.0)
    for voice in voices:
        parts = parts + voice.parts * said[voice.source] * blend.points_per_log_odds
    score = parts.sum(axis=1)
    score.groupby(tracks).rank(ascending=False)
    draw, ranks = np.random.default_rng(1), []
    for number in range(edition.uncertainty.draws):
        moved = (card * draw.uniform(0.8, 1.2, card.shape[1])).sum(axis=1) * blend.scorecard
        for voice in voices:
            moved = moved + said[voice.source] * blend.points_per_log_odds * voice.members[:, number % BAG]
        ranks.append(moved.groupby(tracks).rank(ascending=False))
    pd.concat(ranks, axis=1).quantile([0.05, 0.95], axis=1)
    points = time.perf_counter() - begun
    begun = time.perf_counter()
    means = parts.groupby(tracks).mean()
    peers = {track: values[tracks == track] for track in means.index}
    told = []
    for key, row in parts.iterrows():
        track = tracks[key]
        difference = (row - means.loc[track]).sort_values()
        for name in (*difference.index[:3], *difference.index[-3:]):
            if catalogue[name].kind != "category":
                worse = (peers[track][name] < values.at[key, name]).mean()
                told.append((key, name, row[name], difference[name], values.at[key, name], worse))
    reasons = time.perf_counter() - begun
    tell(points + reasons, count, points=points, reasons=reasons, told=len(told), worst=0.0)


def main() -> None:
    """Run one contender (`NAME ENTERPRISES`), or both in turns."""
    arguments = sys.argv[1:]
    if arguments[:1] in (["mulu"], ["pandas"]):
        {"mulu": by_mulu, "pandas": by_pandas}[arguments[0]](int(arguments[1]))
        return
    count, fewer, rounds = (int(one) for one in (*arguments, *("100000", "5000", "3")[len(arguments) :]))
    ours = Contender("mulu", [sys.executable, __file__, "mulu", str(count)])
    theirs = Contender("pandas", [sys.executable, __file__, "pandas", str(fewer)])
    run_in_turns([ours, theirs], rounds, {"OMP_NUM_THREADS": "1"})
    record(f"points, reasons and intervals, {count:,} enterprises", ours, theirs)
    sys.stdout.write(
        f"{machine()}; {count:,} enterprises, {rounds} rounds; the rival on {fewer:,}, its seconds scaled by rows\n"
    )
    for one in (ours, theirs):
        last = one.told[-1]
        scale = count / last["rows"]
        sys.stdout.write(
            f"{one.name:<7} points, intervals {last['points'] * scale:8.1f} s  reasons {last['reasons'] * scale:8.1f}"
            f" s ({last['told']:,})  peak {one.peak_mib:,.0f} MiB\n"
        )
    worst = max(float(one["worst"]) for one in ours.told)
    sys.stdout.write(f"times faster per enterprise: {ratio(theirs, ours):.0f}; parts against scores: {worst:.1e}\n")


if __name__ == "__main__":
    main()
