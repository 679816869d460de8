"""Points, reasons (codes and values) and rank intervals for 100,000 enterprises, each step in seconds.

    python tests/benchmarks/bench_points.py [ENTERPRISES]

The matrix and two models' words (parts of every feature, a bag of twenty) are drawn from one seed, so that this
measures scoring alone. The rival does the same with pandas: bands by `pd.cut`, ranks by `groupby().rank()` draw by
draw, and reasons row by row on a hundredth of the enterprises.
"""

from __future__ import annotations

import sys
import time
from datetime import date

import numpy as np
import pandas as pd
from measure import machine

from features.catalog import Catalogue, built_in
from features.matrix import ABOUT, Matrix
from scoring.editions.policy import Edition, load_edition
from scoring.scores.points import Voice
from scoring.scores.ranking import Ranking, rank_matrix
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


def rival(ranking: Ranking, edition: Edition, voices: tuple[Voice, ...]) -> tuple[float, float]:
    """Seconds for the intervals draw by draw, and for the reasons row by row, in plain pandas."""
    draw = np.random.default_rng(1)
    card = ranking.detail[[name for name in ranking.detail if name.startswith("card.")]]
    begun = time.perf_counter()
    ranks = []
    for number in range(edition.uncertainty.draws):
        score = (card * draw.uniform(0.8, 1.2, card.shape[1])).sum(axis=1)
        for voice in voices:
            score = score + 2.0 * voice.members[:, number % BAG]
        ranks.append(score.groupby(ranking.frame["track"]).rank(ascending=False))
    pd.concat(ranks, axis=1).quantile([0.05, 0.95], axis=1)
    intervals = time.perf_counter() - begun
    sample = ranking.parts.iloc[: max(len(ranking.frame) // 100, 1)]
    means = ranking.track_means
    begun = time.perf_counter()
    for key, row in sample.iterrows():
        track = ranking.frame.at[key, "track"]
        if track in means.index:
            (row - means.loc[track]).sort_values().iloc[[0, 1, 2, -1, -2, -3]]
    return intervals, (time.perf_counter() - begun) * len(ranking.frame) / len(sample)


def main() -> None:
    """Measure and tell."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    catalogue, edition = Catalogue(built_in()), load_edition("changning-2026")
    matrix = drawn_matrix(count, catalogue)
    voices = (drawn_voice("growth", matrix, 5), drawn_voice("listing", matrix, 6))
    heard = Heard(voices, {"growth": "strong", "listing": "strong"}, ())
    begun = time.perf_counter()
    ranking = rank_matrix(matrix, catalogue, edition, None, heard)
    points = time.perf_counter() - begun
    worst = float((ranking.parts.sum(axis=1) + ranking.base - ranking.frame["score"]).abs().max())
    begun = time.perf_counter()
    table = reason_table(ranking, 3)
    reasons = time.perf_counter() - begun
    slow_intervals, slow_reasons = rival(ranking, edition, voices)
    sys.stdout.write(
        f"{machine()}; {count:,} enterprises, {len(catalogue)} features, {edition.uncertainty.draws} draws\n"
        f"points, tracks, ranks, intervals, digest  {points:7.1f} s (pandas: intervals alone {slow_intervals:.1f} s)\n"
        f"reasons: {len(table):,} codes and values  {reasons:7.1f} s (pandas, row by row: {slow_reasons:.0f} s)\n"
        f"parts against scores: {worst:.1e}\n"
    )


if __name__ == "__main__":
    main()
