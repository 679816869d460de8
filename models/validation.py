"""Candidates and baselines on the same folds: what each said about rows it had not been taught."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.baselines import best_single, fit_size_only, size_frame
from models.candidates import Learner, additive
from models.checkpoint import Checkpoint
from models.classifier import Step, share_out
from models.splits import Fold, Panel

Array = np.ndarray


@dataclass(frozen=True)
class Judged:
    """Scores for rows that were not taught. All arrays are (m,), in the order of the folds' test rows.

    `rows`: positions in the panel; `fold`: number of the fold; `seen`: whether the enterprise was taught (at an
    earlier date); `scores`: by candidate or baseline, rising with the chance of a positive (candidates: log-odds).
    """

    rows: Array
    fold: Array
    seen: Array
    scores: Mapping[str, Array]
    singles: tuple[str, ...]


def judge(
    panel: Panel,
    folds: Sequence[Fold],
    candidates: Mapping[str, Learner],
    checkpoint: Checkpoint,
    *,
    name: str,
    card: Array | None = None,
    with_baselines: bool = True,
    step: Step | None = None,
) -> Judged:
    """Teach every candidate on every fold and let it score the fold's test rows.

    With both trees and regression among the candidates, "blend" is the mean of their log-odds. `card` holds a
    scorecard's points per panel row (n,). Pieces of work go through `checkpoint` under `name`.
    """

    def piece(number: int, fold: Fold, label: str, learn: Learner) -> Array:
        return checkpoint.array(f"{name}-{label}-{number}", lambda: learn(fold, number))

    everyone: dict[str, Learner] = dict(candidates)
    if with_baselines:
        everyone["logistic"] = additive(panel, bent=False)
    work, keys = [], []
    for number, fold in enumerate(folds):
        for label, learn in everyone.items():
            work.append(lambda n=number, f=fold, b=label, u=learn: piece(n, f, b, u))
            keys.append(label)
    done = share_out(work, step)
    scores: dict[str, list[Array]] = {label: [] for label in everyone}
    for label, result in zip(keys, done, strict=True):
        scores[label].append(np.asarray(result))
    joined = {label: np.concatenate(parts) for label, parts in scores.items()}
    if "trees" in joined and "regression" in joined:
        joined["blend"] = (joined["trees"] + joined["regression"]) / 2
    singles: tuple[str, ...] = ()
    if with_baselines:
        plain, singles = _baselines(panel, folds, card)
        joined.update(plain)
    return Judged(
        np.concatenate([fold.test for fold in folds]),
        np.concatenate([np.full(len(fold.test), number) for number, fold in enumerate(folds)]),
        np.concatenate([fold.seen for fold in folds]),
        joined,
        singles,
    )


def within_folds(scores: Array, fold: Array) -> Array:
    """Ranks 0..1 within each fold, for scores that have no common scale between folds."""
    ranks: Array = pd.Series(scores).groupby(fold).rank(pct=True).to_numpy()
    return ranks


def _baselines(panel: Panel, folds: Sequence[Fold], card: Array | None) -> tuple[dict[str, Array], tuple[str, ...]]:
    found: dict[str, list[Array]] = {"single": [], "size": []}
    fold_of = np.concatenate([np.full(len(fold.test), number) for number, fold in enumerate(folds)])
    chosen: list[tuple[str, int]] = []
    for fold in folds:
        train, labels = panel.frame.iloc[fold.train], panel.label[fold.train]
        single = best_single(train, labels)
        if single is not None:
            chosen.append((single.name, single.direction))
            found["single"].append(single.scores(panel.frame.iloc[fold.test]))
        size = fit_size_only(panel.about.iloc[fold.train], labels)
        if size is not None:
            found["size"].append(size.log_odds(size_frame(panel.about.iloc[fold.test])))
    joined = {name: np.concatenate(parts) for name, parts in found.items() if len(parts) == len(folds)}
    if len(set(chosen)) > 1 and "single" in joined:
        joined["single"] = within_folds(joined["single"], fold_of)
    if card is not None:
        joined["card"] = card[np.concatenate([fold.test for fold in folds])]
    return joined, tuple(sorted({name for name, _ in chosen}))
