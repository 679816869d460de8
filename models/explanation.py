"""Why a score is what it is: each feature's part, in log-odds, exact and adding up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from data.refusal import Refusal
from models import tree_shap
from models.classifier import Array, Trees, derived_seed, share_out
from models.fitted import Bag, FittedModel

BATCH = 500
MANY_ROWS = 1_000
"""From here the trees are looked up in tables (within 1e-6 of LightGBM's own values); below LightGBM is asked."""

EXACT = 1e-11
"""A rest below this, in log-odds, is no rest: a hundredth of what is promised."""


def contributions(model: FittedModel, frame: pd.DataFrame, log_odds: Array | None = None) -> tuple[pd.DataFrame, float]:
    """Each feature's part of each row's log-odds, and the base they start from.

    The parts (n, features; index of `frame`, columns `model.feature_names`) are path-dependent TreeSHAP values
    averaged over the bag; the base is the same for every row. Rows sum with the base to `model.log_odds` to
    1e-9: what floating point leaves over is given back to the parts in proportion to their size.
    `log_odds` (n,) are those of `model.log_odds`, for a caller that has them.
    """
    values, base = bag_contributions(model.bag, frame)
    values = _add_up(values, base, model.log_odds(frame) if log_odds is None else log_odds)
    return pd.DataFrame(values, index=frame.index, columns=list(model.feature_names), copy=False), base


def make_ready(model: FittedModel, rows: int) -> None:
    """Prepare what explaining so many rows needs: the trees' tables, which take seconds and are kept with the model."""
    if model.bag.trees is not None and rows >= MANY_ROWS:
        _ = model.bag.trees.tables


def scored_contributions(model: FittedModel, frame: pd.DataFrame) -> tuple[pd.DataFrame, float, Array]:
    """`contributions` with the members' log-odds (n, bag) of `model.member_log_odds`: one pass over the trees."""
    trees = model.bag.trees
    if trees is None or model.bag.share or len(frame) < MANY_ROWS or trees.tables is None:
        members = model.member_log_odds(frame)
        return *contributions(model, frame, members.mean(axis=1)), members
    members = np.empty((len(trees.boosters), len(frame))).T
    values, base = tree_shap.contributions(trees.tables, trees.encoding.matrix(frame), members=members)
    values = _add_up(values, base, members.mean(axis=1))
    return pd.DataFrame(values, index=frame.index, columns=list(model.feature_names), copy=False), base, members


def bag_contributions(bag: Bag, frame: pd.DataFrame) -> tuple[Array, float]:
    """The parts (n, features) and the base of a bag, before the last digits are made to add up."""
    if bag.trees is not None and not bag.share:
        return _tree_parts(bag.trees, frame)
    values, base = np.zeros((len(frame), len(bag.feature_names))), 0.0
    if bag.trees is not None:
        found, start = _tree_parts(bag.trees, frame)
        values += (1 - bag.share) * found
        base += (1 - bag.share) * start
    if bag.share:
        for member in bag.additive:
            values += bag.share / bag.members * member.parts(frame)
            base += bag.share / bag.members * member.intercept
    return values, base


def importance(bag: Bag, frame: pd.DataFrame, seed: int, rows: int = 250) -> pd.DataFrame:
    """How much each feature moves scores, on average and at the line; most important first.

    The line is the score of the top tenth. Columns: feature, average (mean absolute part over a seeded draw of up
    to `rows` enterprises, log-odds), at_line (the same over the `rows` enterprises nearest the line).
    """
    generator = np.random.default_rng(derived_seed(seed, "importance"))
    drawn = np.sort(generator.choice(len(frame), min(rows, len(frame)), replace=False))
    scores = bag.member_log_odds(frame).mean(axis=1)
    line = np.quantile(scores, 0.9)
    near = np.sort(np.argsort(np.abs(scores - line), kind="stable")[:rows])
    wanted = np.unique(np.concatenate([drawn, near]))
    parts = np.abs(bag_contributions(bag, frame.iloc[wanted])[0])
    table = pd.DataFrame(
        {
            "feature": list(bag.feature_names),
            "average": parts[np.searchsorted(wanted, drawn)].mean(axis=0),
            "at_line": parts[np.searchsorted(wanted, near)].mean(axis=0),
        }
    )
    return table.sort_values(["average", "feature"], ascending=[False, True], ignore_index=True)


def by_factor(values: pd.DataFrame, factors: Mapping[str, str]) -> pd.DataFrame:
    """Parts summed by factor: (n, factors), for `factors` mapping feature to factor; the rest is "other"."""
    names = [factors.get(str(name), "other") for name in values.columns]
    grouped: pd.DataFrame = values.T.groupby(names).sum().T
    return grouped


def _tree_parts(trees: Trees, frame: pd.DataFrame) -> tuple[Array, float]:
    matrix = trees.encoding.matrix(frame)
    columns = len(trees.encoding.names)

    def piece(start: int) -> Array:
        rows = matrix[start : start + BATCH]
        total = np.zeros((len(rows), columns + 1))
        for booster in trees.boosters:
            total += np.asarray(booster.predict(rows, pred_contrib=True, num_threads=1), dtype=np.float64)
        return total / len(trees.boosters)

    if len(matrix) >= MANY_ROWS and trees.tables is not None:
        values, base = tree_shap.contributions(trees.tables, matrix)
        return np.asarray(values, dtype=np.float64), float(base)
    starts = range(0, max(len(matrix), 1), BATCH)
    if not len(matrix):
        probe = np.full((1, columns), np.nan)
        bases = [float(np.asarray(b.predict(probe, pred_contrib=True, num_threads=1))[0, -1]) for b in trees.boosters]
        return np.zeros((0, columns)), float(np.mean(bases))
    parts = share_out([lambda start=start: piece(start) for start in starts])  # type: ignore[misc]
    stacked = np.vstack([np.asarray(part) for part in parts])
    return stacked[:, :-1], float(stacked[0, -1])


def _add_up(values: Array, base: float, totals: Array) -> Array:
    """Spread the rest (a few units in the last place) over each row's parts by their size.

    Parts that add up already are given back as they are: copies of a city's parts take gigabytes.
    """
    for _ in range(2):
        rest = totals - (values.sum(axis=1) + base)
        if np.abs(rest).max(initial=0.0) < EXACT:
            break
        size = np.abs(values)
        whole = size.sum(axis=1, keepdims=True)
        share = np.divide(size, whole, out=np.full_like(size, 1 / max(size.shape[1], 1)), where=whole > 0)
        values = values + rest[:, None] * share
    return values


def dependence(model: FittedModel, frame: pd.DataFrame, feature: str, bins: int = 10) -> pd.DataFrame:
    """How a feature's part changes with its value, with the bag's interval; for frames of some hundred rows.

    Columns: low, high (the bin's range in the feature's unit; for a category both hold it), rows, mean (log-odds),
    mean_low, mean_high (2.5th and 97.5th percentile of the members' means). A last row holds the missing.
    Refuses a feature the model was not taught (`interaction-feature-unknown`).
    """
    if feature not in model.feature_names:
        raise Refusal("interaction-feature-unknown", features=[feature], known=list(model.feature_names))
    parts = _member_parts(model, frame, list(model.feature_names).index(feature))
    column = frame[feature]
    missing = column.isna().to_numpy()
    groups: list[tuple[object, object, Array]] = []
    if pd.api.types.is_numeric_dtype(column.dtype):
        order = np.flatnonzero(~missing)[np.argsort(column[~missing].to_numpy(np.float64), kind="stable")]
        for part in np.array_split(order, min(bins, max(1, len(order)))):
            if len(part):
                groups.append((float(column.iloc[part[0]]), float(column.iloc[part[-1]]), part))
    else:
        text = column.astype("object")
        groups += [(value, value, np.flatnonzero(text == value)) for value in sorted(text.dropna().unique())]
    if missing.any():
        groups.append((None, None, np.flatnonzero(missing)))
    rows = []
    for low, high, part in groups:
        means = parts[part].mean(axis=0)
        below, above = np.percentile(means, [2.5, 97.5])
        rows.append((low, high, len(part), float(means.mean()), float(below), float(above)))
    return pd.DataFrame(rows, columns=["low", "high", "rows", "mean", "mean_low", "mean_high"])


def shap_explanation(model: FittedModel, frame: pd.DataFrame) -> Any:  # noqa: ANN401 (shap carries no types)
    """The same contributions as a `shap.Explanation`, for those who know that library and its plots."""
    import shap

    values, base = contributions(model, frame)
    data = frame[list(model.feature_names)].to_numpy(dtype=object)
    return shap.Explanation(
        values=values.to_numpy(), base_values=np.full(len(frame), base), data=data,
        feature_names=list(model.feature_names),
    )  # fmt: skip


def _member_parts(model: FittedModel, frame: pd.DataFrame, position: int) -> Array:
    """One feature's part by member, float64 (n, members)."""
    bag = model.bag
    total = np.zeros((len(frame), bag.members))
    if bag.trees is not None:
        matrix = bag.trees.encoding.matrix(frame)
        boosters = bag.trees.boosters
        everything = [np.asarray(one.predict(matrix, pred_contrib=True, num_threads=1)) for one in boosters]
        found = [member[:, position] for member in everything]
        total += (1 - bag.share) * np.column_stack(found)
    if bag.share:
        total += bag.share * np.column_stack([member.parts(frame)[:, position] for member in bag.additive])
    return total
