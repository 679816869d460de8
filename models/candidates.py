"""The candidates that compete for service: each learns one fold and scores its test rows in log-odds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from models.additive import fit_additive
from models.classifier import Array, Lesson, Recipe, Trees, derived_seed
from models.search import search
from models.splits import Fold, Panel
from models.stopping import kept_back, lesson_of, stopped

Learner = Callable[[Panel, Fold, int], Array]
"""(panel, fold, number of the fold) -> log-odds of the fold's test rows."""

FEWEST_UNLABELLED = 50
ROUNDS = 2


@dataclass(frozen=True)
class School:
    """How candidates learn: the recipe, the seed, and the column whose values are kept apart (None: enterprises).

    The trees of a fold are grown once, and their number is settled once for all candidates; both are remembered by the
    fold's name.
    """

    recipe: Recipe
    seed: int
    group_by: str | None = None
    grown: dict[str, Trees] = field(default_factory=dict, compare=False, repr=False)
    counts: dict[str, int] = field(default_factory=dict, compare=False, repr=False)

    def trees(self, panel: Panel, fold: Fold, number: int) -> Trees:
        """The trees of one fold, their number settled inside its training rows."""
        if fold.name not in self.grown:
            lesson = lesson_of(panel, fold.train, self.recipe)
            recipe = self.settled(panel, fold, lesson)
            grown = lesson.grow(recipe, derived_seed(self.seed, "fold", number))
            self.grown[fold.name] = Trees(lesson.encoding, [grown])
        return self.grown[fold.name]

    def settled(self, panel: Panel, fold: Fold, lesson: Lesson | None = None) -> Recipe:
        """The recipe with the number of trees at which growing stops inside the fold's training rows (`lesson`)."""
        if fold.name not in self.counts:
            kept = kept_back(panel, fold.train, self.group_by, self.seed)
            lesson = lesson or lesson_of(panel, fold.train, self.recipe)
            self.counts[fold.name] = stopped(lesson, self.recipe, self.seed, kept).trees
        return replace(self.recipe, trees=self.counts[fold.name])

    def by(self, recipe: Recipe | None = None, seed: int | None = None) -> School:
        """The same with another recipe or seed; the numbers of trees stay."""
        return School(recipe or self.recipe, self.seed if seed is None else seed, self.group_by, {}, self.counts)


def learners(
    panel: Panel, school: School, *, directions: Mapping[str, int] | None = None, trials: int = 0
) -> dict[str, Learner]:
    """The candidates by name.

    "trees": the recipe. "regression": the bent logistic regression. "monotone": the recipe with `directions` held
    (where there are any). "unlabelled": the recipe with enterprises that nobody reviewed drawn as further
    negatives (where there are at least 50). "searched": a recipe searched for inside each fold's training rows.
    """
    found: dict[str, Learner] = {"trees": _trees(school), "regression": _regression}
    if directions:
        held = replace(school.recipe, monotone=tuple(sorted(directions.items())))
        found["monotone"] = _trees(school.by(held))
    if len(unlabelled(panel)) >= FEWEST_UNLABELLED:
        found["unlabelled"] = _unlabelled(school)
    if trials:
        found["searched"] = _searched(school, trials)
    return found


def unlabelled(panel: Panel) -> Array:
    """Positions of the rows that the committee did not review: neither positive nor negative."""
    if "reason" not in panel.about.columns:
        return np.zeros(0, dtype=int)
    return np.flatnonzero((panel.about["reason"] == "not-reviewed").to_numpy())


def with_unlabelled(panel: Panel, rows: Array, pool: Array, seed: int) -> tuple[Array, Array]:
    """Labelled rows and a seeded draw of unlabelled ones as negatives, as many as there are positives.

    One round of bagging for positive and unlabelled data (Mordelet and Vert, 2014): each round takes another
    draw, so that the positives hidden in the pool mislead few rounds. Gives positions and their labels.
    """
    generator = np.random.default_rng(seed)
    positives = int(panel.label[rows].sum())
    drawn = np.sort(generator.choice(pool, min(len(pool), positives), replace=False))
    return np.concatenate([rows, drawn]), np.concatenate([panel.label[rows], np.zeros(len(drawn))])


def _trees(school: School) -> Learner:
    def learn(panel: Panel, fold: Fold, number: int) -> Array:
        return school.trees(panel, fold, number).log_odds(panel.frame.iloc[fold.test])

    return learn


def _regression(panel: Panel, fold: Fold, _number: int) -> Array:
    fitted = fit_additive(panel.frame.iloc[fold.train], panel.label[fold.train])
    return fitted.log_odds(panel.frame.iloc[fold.test])


def logistic(panel: Panel, fold: Fold, _number: int) -> Array:
    """The straight logistic regression, a baseline."""
    fitted = fit_additive(panel.frame.iloc[fold.train], panel.label[fold.train], bent=False)
    return fitted.log_odds(panel.frame.iloc[fold.test])


def _unlabelled(school: School) -> Learner:
    def learn(panel: Panel, fold: Fold, number: int) -> Array:
        pool = unlabelled(panel)
        taught = np.isin(panel.as_of[pool], np.unique(panel.as_of[fold.train]))
        pool = pool[taught & ~np.isin(panel.enterprise[pool], np.unique(panel.enterprise[fold.test]))]
        total = np.zeros(len(fold.test))
        for turn in range(ROUNDS):
            own = derived_seed(school.seed, "unlabelled", number, turn)
            rows, labels = with_unlabelled(panel, fold.train, pool, own)
            grown = _grown(panel, rows, labels, school.settled(panel, fold), own)
            total += grown.log_odds(panel.frame.iloc[fold.test])
        return total / ROUNDS

    return learn


def _searched(school: School, trials: int) -> Learner:
    def learn(panel: Panel, fold: Fold, number: int) -> Array:
        own = derived_seed(school.seed, "search", number)
        found = search(panel.take(fold.train), school.recipe, own, trials, school.group_by)
        grown = _grown(panel, fold.train, panel.label[fold.train], found, derived_seed(school.seed, "fold", number))
        return grown.log_odds(panel.frame.iloc[fold.test])

    return learn


def _grown(panel: Panel, rows: Array, labels: Array, recipe: Recipe, seed: int) -> Trees:
    lesson = lesson_of(panel, rows, recipe, labels)
    return Trees(lesson.encoding, [lesson.grow(recipe, seed)])
