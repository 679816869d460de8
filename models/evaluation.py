"""How well scores rank: figures with intervals clustered by enterprise, ties told at their best and worst.

All figures are shares (0..1). An interval is the 2.5th to 97.5th percentile over bootstraps that draw whole
enterprises, so that several years of one enterprise do not count as independent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from models.classifier import derived_seed

Array = np.ndarray
REPLICATES = 200
KS = (50, 100, 200)


@dataclass(frozen=True)
class Figure:
    """A figure with its interval; all NaN where it cannot be computed (one class)."""

    value: float
    low: float
    high: float

    def as_dict(self) -> dict[str, float | None]:
        """The figure in types that JSON has; NaN becomes None."""
        return {name: None if np.isnan(found) else float(found) for name, found in asdict(self).items()}


def roc_auc(labels: Array, scores: Array, weights: Array | None = None) -> float:
    """Chance that a positive row outranks a negative one, ties half; NaN where one class is absent.

    >>> roc_auc(np.array([0.0, 0, 1, 1]), np.array([0.1, 0.4, 0.35, 0.8]))
    0.75
    """
    return _Ordered(labels, scores).auc(weights)


def average_precision(labels: Array, scores: Array, weights: Array | None = None) -> float:
    """Mean precision over the positives, tied rows taken together; NaN without positives.

    >>> round(average_precision(np.array([0.0, 0, 1, 1]), np.array([0.1, 0.4, 0.35, 0.8])), 4)
    0.8333
    """
    return _Ordered(labels, scores).precision_mean(weights)


def precision_at(labels: Array, scores: Array, k: int) -> tuple[float, float, float]:
    """Share of positives among the top `k`: expected over ties, worst, best.

    Rows with the score at the cut are interchangeable: worst takes its negatives first, best its positives. `k`
    beyond the number of rows means all of them.

    >>> precision_at(np.array([1.0, 0, 1, 0]), np.array([3.0, 2, 2, 1]), 2)
    (0.75, 0.5, 1.0)
    """
    k = min(k, len(labels))
    if k == 0:
        return (float("nan"),) * 3
    cut = np.partition(scores, len(scores) - k)[len(scores) - k]
    above, tied = scores > cut, scores == cut
    sure, places = float(labels[above].sum()), k - int(above.sum())
    positives, negatives = float(labels[tied].sum()), float((1 - labels[tied]).sum())
    expected = sure + places * positives / max(positives + negatives, 1.0)
    worst, best = sure + max(0.0, places - negatives), sure + min(float(places), positives)
    return expected / k, worst / k, best / k


def capture_at(labels: Array, scores: Array, share: float = 0.1) -> float:
    """Share of all positives that stand in the top `share` of rows (at least one row), ties expected."""
    k = max(1, round(share * len(labels)))
    total = float(labels.sum())
    return precision_at(labels, scores, k)[0] * min(k, len(labels)) / total if total else float("nan")


def brier(labels: Array, probabilities: Array) -> float:
    """Mean squared distance of probability and outcome; 0 is perfect."""
    return float(np.mean((probabilities - labels) ** 2)) if len(labels) else float("nan")


def evaluate(
    labels: Array, scores: Array, owners: Array, *, seed: int, replicates: int = REPLICATES
) -> dict[str, Figure]:
    """The figures of one ranking: roc_auc, average_precision, capture_10 and precision_K (K = 50, 100, 200).

    `labels` 0/1, `scores` any increasing measure, `owners` enterprise identifiers; all (n,). The interval of a
    precision also covers its worst and best under ties.
    """
    ordered = _Ordered(labels, scores)
    sums = [ordered.sums(weights) for weights in _draws(owners, seed, replicates)]
    whole = ordered.sums(None)
    found = {
        "roc_auc": _figure(area_of(whole), [area_of(drawn) for drawn in sums]),
        "average_precision": _figure(mean_precision_of(whole), [mean_precision_of(drawn) for drawn in sums]),
        "capture_10": _figure(capture_at(labels, scores), [_capture(drawn, 0.1) for drawn in sums]),
    }
    for k in KS:
        if k <= len(labels) // 2:
            expected, worst, best = precision_at(labels, scores, k)
            drawn = _figure(expected, [_precision(one, k) for one in sums])
            found[f"precision_{k}"] = Figure(expected, min(drawn.low, worst), max(drawn.high, best))
    return found


def difference(
    labels: Array, ours: Array, theirs: Array, owners: Array, *, seed: int, replicates: int = REPLICATES
) -> dict[str, Figure]:
    """Paired difference (ours minus theirs) of roc_auc and average_precision, on the same draws of enterprises."""
    one, other = _Ordered(labels, ours), _Ordered(labels, theirs)
    draws = [(one.sums(weights), other.sums(weights)) for weights in _draws(owners, seed, replicates)]
    whole = (one.sums(None), other.sums(None))
    found = {}
    for name, figure in (("roc_auc", area_of), ("average_precision", mean_precision_of)):
        gains = [figure(ours_drawn) - figure(theirs_drawn) for ours_drawn, theirs_drawn in draws]
        found[name] = _figure(figure(whole[0]) - figure(whole[1]), gains)
    return found


def within(
    labels: Array, scores: Array, strata: Array, owners: Array, *, seed: int, replicates: int = REPLICATES
) -> Figure:
    """ROC-AUC among pairs of the same stratum (e.g. size class): how well it ranks like with like."""
    text = strata.astype(str)
    parts = [np.flatnonzero(text == value) for value in np.unique(text)]
    ordered = [_Ordered(labels[part], scores[part]) for part in parts]

    def area(weights: Array | None) -> float:
        total = pairs = 0.0
        for part, one in zip(parts, ordered, strict=True):
            weight = np.ones(len(part)) if weights is None else weights[part]
            count = float((weight * labels[part]).sum() * (weight * (1 - labels[part])).sum())
            if count:
                total, pairs = total + count * one.auc(weight), pairs + count
        return total / pairs if pairs else float("nan")

    return _figure(area(None), [area(weights) for weights in _draws(owners, seed, replicates)])


def by_slice(
    labels: Array, scores: Array, owners: Array, slices: Mapping[str, Array], *, seed: int, replicates: int = 50
) -> pd.DataFrame:
    """The figures within each value of each slice, in the order of `slices` and, for size, small and micro first.

    `slices` maps a name (e.g. "size_class") to a value per row (n,). Columns: slice, value, rows, positives,
    base_rate, roc_auc, roc_auc_low, roc_auc_high, average_precision, average_precision_low,
    average_precision_high, capture_10; figures are NaN where a slice holds one class or under 5 positives.
    """
    rows = []
    for name, values in slices.items():
        text = pd.Series(values).astype("object").where(pd.notna(values), "unknown").astype(str).to_numpy()
        for value in sorted(np.unique(text), key=_slice_order):
            chosen = text == value
            rows.append(_slice_row(name, value, labels[chosen], scores[chosen], owners[chosen], seed, replicates))
    return pd.DataFrame(rows)


def standard_error(values: Sequence[float]) -> float:
    """The spread of bootstrap figures (their standard deviation), NaN for fewer than two."""
    kept = np.asarray([value for value in values if not np.isnan(value)])
    return float(kept.std(ddof=1)) if len(kept) > 1 else float("nan")


def auc_gain(labels: Array, ours: Array, theirs: Array, owners: Array) -> tuple[float, float]:
    """The paired difference of ROC-AUC (ours minus theirs) and its standard error, rows of one owner taken together.

    By the rows' own parts in the area (DeLong et al. 1988) summed within owners (Obuchowski 1997): many comparisons
    in the time of one bootstrap. (NaN, NaN) where one class is absent.
    """
    positive = np.asarray(labels) > 0.5
    if not 0 < positive.sum() < len(positive):
        return float("nan"), float("nan")
    parts = _area_parts(positive, ours) - _area_parts(positive, theirs)
    gain = float(parts[positive].mean())
    centred = np.where(positive, parts - gain, parts - parts[~positive].mean())
    shares = centred / np.where(positive, positive.sum(), (~positive).sum())
    _, places = np.unique(owners.astype(str), return_inverse=True)
    count = int(places.max()) + 1
    spread = float(np.sum(np.bincount(places, weights=shares, minlength=count) ** 2))
    return gain, float(np.sqrt(spread * count / max(count - 1, 1)))


def _area_parts(positive: Array, scores: Array) -> Array:
    """For each row, the share of rows of the other class that it stands on the right side of, ties half."""
    found = np.empty(len(scores))
    for mine, sign in ((positive, 1.0), (~positive, -1.0)):
        others = np.sort(sign * np.asarray(scores, dtype=float)[~mine])
        own = sign * np.asarray(scores, dtype=float)[mine]
        found[mine] = (np.searchsorted(others, own, "left") + np.searchsorted(others, own, "right")) / (2 * len(others))
    return found


def lead(labels: Array, ours: Array, theirs: Array, owners: Array, *, seed: int) -> dict[str, tuple[float, float]]:
    """How far ours is ahead in roc_auc and average_precision, each with its standard error: paired, by whole owners."""
    one, other = _Ordered(labels, ours), _Ordered(labels, theirs)
    draws = [(one.sums(weights), other.sums(weights)) for weights in _draws(owners, seed, REPLICATES)]
    whole = (one.sums(None), other.sums(None))
    found = {}
    for name, figure in (("roc_auc", area_of), ("average_precision", mean_precision_of)):
        spread = standard_error([figure(mine) - figure(others) for mine, others in draws])
        found[name] = (figure(whole[0]) - figure(whole[1]), spread)
    return found


_SIZES = ("micro", "small", "medium", "large", "undetermined")


def _slice_order(value: str) -> tuple[int, str]:
    return (_SIZES.index(value) if value in _SIZES else -1, value)


def _slice_row(
    name: str, value: str, labels: Array, scores: Array, owners: Array, seed: int, replicates: int
) -> dict[str, object]:
    positives = int(labels.sum())
    told = positives >= 5 and len(labels) - positives >= 5
    found = evaluate(labels, scores, owners, seed=seed, replicates=replicates) if told else {}
    nothing = Figure(*(float("nan"),) * 3)
    auc, ap = found.get("roc_auc", nothing), found.get("average_precision", nothing)
    return {
        "slice": name,
        "value": value,
        "rows": len(labels),
        "positives": positives,
        "base_rate": positives / len(labels),
        "roc_auc": auc.value,
        "roc_auc_low": auc.low,
        "roc_auc_high": auc.high,
        "average_precision": ap.value,
        "average_precision_low": ap.low,
        "average_precision_high": ap.high,
        "capture_10": found["capture_10"].value if told else float("nan"),
    }


def _draws(owners: Array, seed: int, replicates: int) -> Sequence[Array]:
    _, positions = np.unique(owners.astype(str), return_inverse=True)
    count = int(positions.max()) + 1 if len(positions) else 0
    generator = np.random.default_rng(derived_seed(seed, "intervals"))
    return [
        np.bincount(generator.integers(0, count, count), minlength=count)[positions].astype(float)
        for _ in range(replicates if count else 0)
    ]


def _figure(value: float, drawn: Sequence[float]) -> Figure:
    kept = [found for found in drawn if not np.isnan(found)]
    if np.isnan(value) or len(kept) < 2:
        return Figure(value, float("nan"), float("nan"))
    low, high = np.percentile(kept, [2.5, 97.5])
    return Figure(value, float(min(low, value)), float(max(high, value)))


Sums = tuple[Array, Array]
"""Positives and negatives (weights) from the top down to the end of each group of tied scores."""


class _Ordered:
    """Rows sorted by score once, so that the figures under any weights are a pass over sums."""

    def __init__(self, labels: Array, scores: Array) -> None:
        self.order = np.argsort(-scores, kind="stable")
        self.labels = np.asarray(labels, dtype=float)[self.order]
        ordered = np.asarray(scores, dtype=float)[self.order]
        last = [len(ordered) - 1] if len(ordered) else []
        self.ends = np.append(np.flatnonzero(np.diff(ordered) != 0), last).astype(int)

    def sums(self, weights: Array | None) -> Sums:
        """The sums under weights (n,), all 1 where None."""
        ordered = np.ones(len(self.labels)) if weights is None else weights[self.order]
        positive = np.cumsum(ordered * self.labels)
        return positive[self.ends], (np.cumsum(ordered) - positive)[self.ends]

    def auc(self, weights: Array | None) -> float:
        """ROC-AUC under weights."""
        return area_of(self.sums(weights))

    def precision_mean(self, weights: Array | None) -> float:
        """Average precision under weights."""
        return mean_precision_of(self.sums(weights))


def area_of(sums: Sums) -> float:
    """ROC-AUC of sums; NaN where one class is absent."""
    positive, negative = sums
    if not len(positive) or positive[-1] == 0 or negative[-1] == 0:
        return float("nan")
    rise, run = np.append(0.0, positive), np.append(0.0, negative)
    area = float(np.sum(np.diff(run) * (rise[1:] + rise[:-1]) / 2))
    return area / float(positive[-1] * negative[-1])


def mean_precision_of(sums: Sums) -> float:
    """Average precision of sums; NaN without positives."""
    positive, negative = sums
    if not len(positive) or positive[-1] == 0:
        return float("nan")
    gained = np.diff(np.append(0.0, positive))
    total = np.maximum(positive + negative, 1e-300)
    return float(np.sum(gained * positive / total) / positive[-1])


def _precision(sums: Sums, k: int) -> float:
    """Share of positives among the first `k` of the weighted rows, ties expected."""
    positive, negative = sums
    total = positive + negative
    reached = min(float(k), float(total[-1]))
    found = np.interp(reached, np.append(0.0, total), np.append(0.0, positive))
    return float(found) / reached if reached else float("nan")


def _capture(sums: Sums, share: float) -> float:
    """Share of the positives among the first `share` of the weighted rows."""
    positive, negative = sums
    total = positive + negative
    if positive[-1] == 0:
        return float("nan")
    return float(np.interp(share * total[-1], np.append(0.0, total), np.append(0.0, positive)) / positive[-1])
