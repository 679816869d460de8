"""The least change that would cross the line: which of its own figures an enterprise would have to move, and how far.

Only features that an enterprise can change within a year, only in the direction that counts as better, only to values
seen among its peers (from the 5th to the 95th percentile of its track). The score changes at finitely many values: the
thresholds of the trees, the bends of the regression, the bands of the card. All of them are tried, alone and in
pairs, so the answer is the least one: fewest features first, then the smallest distance, measured against the spread
among peers. "None" is an answer: then no change of two figures is enough.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from data.refusal import Refusal
from data.settings import Settings
from models.fitted import FittedModel
from scoring.editions.circumstances import Described, Floats
from scoring.editions.policy import Criterion
from scoring.editions.scorecard import PERCENTILE, criterion_points, percentile
from scoring.editions.whole_points import enough
from scoring.messages import say
from scoring.scores.ranking import Ranking
from scoring.scores.reasons import value_text
from scoring.scores.tree_steps import Steps, steps_of, together
from scoring.scores.voices import models_of

SAFE = 0.01
"""Points added to what is lacking: the published parts are rounded, the search is not."""

AT_ONCE = 3000
"""So many rows are put to a model at once; for more it would prepare tables first, which takes longer."""

COUNTS = ("persons", "pieces")


@dataclass(frozen=True)
class Change:
    """One figure to move, in natural units."""

    feature: str
    before: float
    after: float


@dataclass(frozen=True)
class LeastChange:
    """The changes that together give at least `lacks` points; `gain` is what they give."""

    enterprise_id: str
    lacks: float
    gain: float
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class _Lever:
    """One feature's possible values (stored units, ascending), what each gains in points, and its distance."""

    name: str
    values: Floats
    gains: Floats
    costs: Floats


def speaking_models(settings: Settings, ranking: Ranking) -> dict[str, FittedModel]:
    """The models that spoke in a ranking, in the very versions; refuses where one is gone (`ranking-model-gone`)."""
    from models.registry import Registry

    found: dict[str, FittedModel] = {}
    targets = {source: model.target for source, model in models_of(settings, ranking.edition).items()}
    for source, version in ranking.model_versions.items():
        model = Registry(settings).load(targets.get(source, source), version)
        if model is None or model.digest != ranking.sources[source]:
            raise Refusal("ranking-model-gone", source=source, version=version)
        found[source] = model
    return found


def least_change(
    ranking: Ranking, enterprise_id: str, lacks: float, models: Mapping[str, FittedModel]
) -> LeastChange | None:
    """The least change by which an enterprise gains what it lacks (points); None where two figures are not enough.

    `models` are those that spoke, by source (`speaking_models`). The track is held fixed.
    """
    row = _row(ranking, enterprise_id)
    steps = {source: _steps(model) for source, model in models.items()}
    levers = _levers(ranking, enterprise_id, row, models, steps)
    need = lacks + SAFE
    found: list[tuple[int, float, tuple[tuple[str, float], ...], float]] = []
    for lever in levers:
        enough = np.flatnonzero(lever.gains >= need)
        if len(enough):
            at = enough[np.argmin(lever.costs[enough])]
            found.append((1, float(lever.costs[at]), ((lever.name, float(lever.values[at])),), float(lever.gains[at])))
    if not found:
        found += _pairs(ranking, row, levers, models, steps, need)
    if not found:
        return None
    _, _, moved, gain = min(found)
    _check(row, models, ranking, enterprise_id, moved, gain)
    changes = []
    for name, stored in moved:
        natural = ranking.described[name].natural(np.array([stored]))[0]
        before = ranking.value_of(enterprise_id, name)
        changes.append(Change(name, float(before or 0.0), float(natural)))
    return LeastChange(enterprise_id, lacks, gain, tuple(changes))


def change_text(ranking: Ranking, found: LeastChange | None, language: str) -> list[str]:
    """A least change in words; one sentence where there is none."""
    if found is None:
        return [say("change-none", language)]
    lines = [say("change-needed", language, lacks=enough(found.lacks))]
    for change in found.changes:
        what = ranking.described[change.feature]
        before, after = value_text(what, change.before, language), value_text(what, _reached(what, change), language)
        lines.append(say("change-step", language, label=what.label(language), before=before, after=after))
    return lines


def _reached(what: Described, change: Change) -> float:
    """The value to reach as it is shown: a share rounded onwards, so that who reaches what is written crosses."""
    if what.natural_unit != "1":
        return change.after
    up = change.after > change.before
    return (math.ceil(1000 * change.after - 1e-6) if up else math.floor(1000 * change.after + 1e-6)) / 1000


_STEPS: dict[str, Steps] = {}


def _steps(model: FittedModel) -> Steps:
    """The thresholds of a model, read once a process for the last few models."""
    key = f"{model.digest} {id(model.bag)}"
    if key not in _STEPS:
        while len(_STEPS) >= 4:
            _STEPS.pop(next(iter(_STEPS)))
        _STEPS[key] = steps_of(model)
    return _STEPS[key]


def _row(ranking: Ranking, enterprise_id: str) -> pd.DataFrame:
    """The enterprise's features as the matrix stored them, one row."""
    row = ranking.values.loc[[enterprise_id]].copy()
    for name in row.columns:
        what = ranking.described[str(name)]
        if what.kind != "category" and what.log:
            row[name] = what.stored(row[name].to_numpy(dtype=np.float64))
    return row


def _levers(
    ranking: Ranking,
    enterprise_id: str,
    row: pd.DataFrame,
    models: Mapping[str, FittedModel],
    steps: Mapping[str, Steps],
) -> list[_Lever]:
    frame = ranking.frame
    track = ranking.edition.track(str(frame.at[enterprise_id, "track"]))
    criteria = {one.feature: one for one in track.criteria}
    peers = ranking.values[ranking.peers(track.id)]
    tried: dict[str, Floats] = {}
    card: dict[str, Floats] = {}
    spread: dict[str, float] = {}
    for what in ranking.described.values():
        if not what.changeable or what.kind == "category" or ranking.value_of(enterprise_id, what.name) is None:
            continue
        known = np.sort(what.stored(peers[what.name].dropna().to_numpy(dtype=np.float64)))
        now = float(row[what.name].iloc[0])
        values = _values(what, now, known, criteria.get(what.name), steps.values())
        if len(values):
            tried[what.name] = values
            card[what.name] = _card_gain(ranking, what, criteria.get(what.name), now, values, known)
            spread[what.name] = known[int(0.95 * (len(known) - 1))] - known[int(0.05 * (len(known) - 1))] or 1.0
    learned = _alone(ranking, row, models, tried)
    return [
        _Lever(name, values, card[name] + learned[name], np.abs(values - float(row[name].iloc[0])) / spread[name])
        for name, values in tried.items()
    ]


def _alone(
    ranking: Ranking, row: pd.DataFrame, models: Mapping[str, FittedModel], tried: Mapping[str, Floats]
) -> dict[str, Floats]:
    """What the models give more at each value of each feature, moved alone, in points; the models are asked at once."""
    places = np.cumsum([0, *(len(values) for values in tried.values())])
    moved = pd.concat([row] * int(places[-1]), ignore_index=True) if places[-1] else row.iloc[:0]
    for (name, values), start in zip(tried.items(), places, strict=False):
        moved.loc[start : start + len(values) - 1, name] = values
    gain = np.zeros(len(moved))
    for source, model in models.items():
        scale = ranking.weights[source] * ranking.edition.blend.points_per_log_odds
        now = float(model.log_odds(row)[0])
        pieces = [model.log_odds(moved.iloc[at : at + AT_ONCE]) for at in range(0, len(moved), AT_ONCE)]
        gain += scale * (np.concatenate([*pieces, np.zeros(0)]) - now)
    return {
        name: gain[start : start + len(values)] for (name, values), start in zip(tried.items(), places, strict=False)
    }


def _values(what: Described, now: float, known: Floats, criterion: Criterion | None, steps: Iterable[Steps]) -> Floats:
    """The values worth trying (stored units, ascending): just beyond every threshold, within the peers' range."""
    if len(known) < 2:
        return np.zeros(0)
    low, high = np.quantile(known, [0.05, 0.95], method="nearest")
    edges = np.concatenate([one.thresholds.get(what.name, np.zeros(0)) for one in steps] or [np.zeros(0)])
    tried = np.concatenate([edges, np.nextafter(edges, np.inf), [low, high]])
    if criterion is not None:
        at = np.array([band.at_least for band in criterion.bands])
        if criterion.unit == PERCENTILE:
            beyond = np.unique(np.concatenate([known, np.nextafter(known, np.inf)]))
            places = percentile(beyond, known)
            at = np.array([beyond[places >= place][0] for place in at if (places >= place).any()])
        else:
            at = what.stored(at)
        tried = np.concatenate([tried, at, at - 4e-9 * np.maximum(np.abs(at), 1e-3)])
    if what.natural_unit in COUNTS:
        natural = what.natural(tried)
        tried = what.stored(np.concatenate([np.ceil(natural - 1e-9), np.floor(natural + 1e-9)]))
    better = tried > now if what.direction > 0 else tried < now if what.direction < 0 else tried != now
    return np.unique(tried[better & (tried >= low) & (tried <= high)])


def _card_gain(
    ranking: Ranking, what: Described, criterion: Criterion | None, now: float, values: Floats, known: Floats
) -> Floats:
    """What the card gives more at each value, in points of the score."""
    if criterion is None:
        return np.zeros(len(values))
    stored = np.append(values, now)
    measured = percentile(stored, known) if criterion.unit == PERCENTILE else what.natural(stored)
    points = criterion_points(criterion, measured)
    gain: Floats = ranking.weights["card"] * (points[:-1] - points[-1])
    return gain


def _model_gain(
    ranking: Ranking, row: pd.DataFrame, models: Mapping[str, FittedModel], moved: Mapping[str, Floats]
) -> Floats:
    """What the models give more at each place of the values (all features moved together), in points of the score."""
    count = len(next(iter(moved.values())))
    tried = pd.concat([row] * (count + 1), ignore_index=True)
    for name, values in moved.items():
        tried.loc[: count - 1, name] = values
    gain = np.zeros(count)
    for source, model in models.items():
        odds = model.log_odds(tried)
        gain += ranking.weights[source] * ranking.edition.blend.points_per_log_odds * (odds[:-1] - odds[-1])
    return gain


def _pairs(
    ranking: Ranking,
    row: pd.DataFrame,
    levers: list[_Lever],
    models: Mapping[str, FittedModel],
    steps: Mapping[str, Steps],
    need: float,
) -> list[tuple[int, float, tuple[tuple[str, float], ...], float]]:
    """The cheapest pair of values of every two features that gains enough."""
    rows = {source: _learned_row(model, row) for source, model in models.items()}
    found: list[tuple[int, float, tuple[tuple[str, float], ...], float]] = []
    for one, two in combinations(levers, 2):
        gains = one.gains[:, None] + two.gains[None, :]
        for source in models:
            scale = ranking.weights[source] * ranking.edition.blend.points_per_log_odds
            both = together(steps[source], rows[source], (one.name, two.name), (one.values, two.values))
            gains = gains + scale * both
        costs = np.where(gains >= need, one.costs[:, None] + two.costs[None, :], np.inf)
        best = np.unravel_index(int(np.argmin(costs)), costs.shape)
        if np.isfinite(costs[best]):
            moved = ((one.name, float(one.values[best[0]])), (two.name, float(two.values[best[1]])))
            found.append((2, float(costs[best]), moved, float(gains[best])))
    return found


def _learned_row(model: FittedModel, row: pd.DataFrame) -> Floats:
    """The row as the learner's matrix holds it (features,)."""
    encoding = model.bag.trees.encoding if model.bag.trees is not None else model.bag.additive[0].encoding
    learned: Floats = np.asarray(encoding.matrix(row)[0], dtype=np.float64)
    return learned


def _check(
    row: pd.DataFrame,
    models: Mapping[str, FittedModel],
    ranking: Ranking,
    enterprise_id: str,
    moved: tuple[tuple[str, float], ...],
    gain: float,
) -> None:
    """Raise ArithmeticError unless the models and the card, asked outright, give the gain that was found."""
    track = ranking.edition.track(str(ranking.frame.at[enterprise_id, "track"]))
    peers = ranking.values[ranking.peers(track.id)]
    told = float(_model_gain(ranking, row, models, {name: np.array([value]) for name, value in moved})[0])
    for name, value in moved:
        what = ranking.described[name]
        criterion = next((one for one in track.criteria if one.feature == name), None)
        known = np.sort(what.stored(peers[name].dropna().to_numpy(dtype=np.float64)))
        told += float(_card_gain(ranking, what, criterion, float(row[name].iloc[0]), np.array([value]), known)[0])
    if abs(told - gain) > 1e-6:
        raise ArithmeticError(f"the least change of {enterprise_id} gains {told}, not {gain}")
