"""How many trees: growing stops where rows kept back inside the training rows are ranked no better any more.

The rows kept back are of the latest period inside; where there is one date, of groups apart. The rows that a fold
tests never take part. A validation in time and by group is nested in itself: the trees that are tested at one date
without a group are the same that tell how many trees to grow for the next date without that group. So all of a
validation's boosters are grown once, by the rows that taught them, and grown on where another one asks for more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from threading import Lock

import numpy as np

from models.classifier import (
    FEWEST_TREES,
    PATIENCE,
    Array,
    Encoding,
    Growing,
    Lesson,
    Recipe,
    Trees,
    derived_seed,
)
from models.splits import Panel, teachable, two_classes, usable_dates

MOST_LOG_ODDS = 500.0
"""Beyond this `exp` leaves what a float64 holds; no boosted tree comes near it."""

Kept = list[tuple[Array, Array]]
"""(rows to learn from, rows kept back): positions in the panel, rising, both within the training rows."""


def kept_back(panel: Panel, rows: Array, group: Array) -> Kept:
    """How labelled rows (positions in the panel) are divided for looking ahead; empty where they allow no division.

    `group` (n,) holds the number of the group that each row of the panel is kept apart with.
    """
    told = replace(panel, frame=panel.frame[[]], about=panel.about[[]]).take(rows)
    if latest := usable_dates(told, 1):
        return [(rows[teachable(told, latest[0])], rows[told.as_of == latest[0]])]
    divided = [(rows[group[rows] != number], rows[group[rows] == number]) for number in np.unique(group[rows])]
    return [(here, there) for here, there in divided if two_classes(panel.label[here])]


def lesson_of(panel: Panel, rows: Array, recipe: Recipe, labels: Array | None = None) -> Lesson:
    """The rows of a panel put into bins, their labels those of the panel unless given."""
    taught = panel.frame.iloc[rows]
    encoding = Encoding.of(taught)
    return Lesson(encoding.matrix(taught), panel.label[rows] if labels is None else labels, encoding, recipe)


def best_number(panel: Panel, watched: Sequence[tuple[Growing, Array]], most: int) -> tuple[int, float]:
    """How many trees of at most `most` fit rows kept back best, and how well: the mean log loss.

    `watched` are boosters and the rows (positions in the panel) kept back from each. All grow in step and stop once
    their mean loss has not fallen for `PATIENCE` trees. The loss, not ROC-AUC: on three real tasks stopping by ROC-AUC
    or by average precision stopped by luck, up to .003 of ROC-AUC below; by the loss it was within .001 of the best
    fixed number.
    """
    kept = [(growing, growing.encoding.matrix(panel.frame.iloc[rows]), panel.label[rows]) for growing, rows in watched]
    reached = [np.zeros((len(labels), 1)) for _, _, labels in kept]
    best, least = 0, np.inf
    for start in range(0, most, PATIENCE):
        stop = min(start + PATIENCE, most)
        losses = np.zeros(stop - start)
        for place, (growing, matrix, labels) in enumerate(kept):
            margins = reached[place] + growing.steps(matrix, start, stop).cumsum(axis=1)
            losses += log_loss(margins, labels[:, None]) / len(kept)
            reached[place] = margins[:, -1:]
        for count, loss in enumerate(losses.tolist(), start + 1):
            if loss < least:
                best, least = count, loss
            elif count - best >= PATIENCE:
                return max(FEWEST_TREES, best), least
    return min(most, max(FEWEST_TREES, best)), least


def log_loss(log_odds: Array, labels: Array) -> Array:
    """The mean over rows of the log loss (nats) of log-odds (n, counts) where labels (n, 1) are 0 or 1."""
    away = np.minimum((1 - 2 * labels) * log_odds, MOST_LOG_ODDS)
    found: Array = np.log1p(np.exp(away)).mean(axis=0)
    return found


@dataclass(frozen=True)
class School:
    """A panel's trees by the rows that teach them: each booster is grown once, and its number of trees settled once.

    `group` (n,) as in `Plan`. All boosters have one seed: what differs are their rows. `settles` is the school whose
    boosters tell the numbers of trees, if not this one.
    """

    panel: Panel
    recipe: Recipe
    seed: int
    group: Array
    settles: School | None = None
    _grown: dict[bytes, Growing] = field(default_factory=dict, compare=False, repr=False)
    _counts: dict[bytes, int] = field(default_factory=dict, compare=False, repr=False)
    _locks: dict[bytes, Lock] = field(default_factory=dict, compare=False, repr=False)

    def trees(self, rows: Array) -> Trees:
        """The trees taught by labelled rows (positions, rising), their number settled inside these rows."""
        return self._growing(rows).trees(self.settled(rows).trees)

    def settled(self, rows: Array) -> Recipe:
        """The recipe with the number of trees at which growing stops inside rows; as it is where they allow no
        division."""
        count = self.settles.settled(rows).trees if self.settles else self._settled(rows)
        return replace(self.recipe, trees=min(count, self.recipe.trees))

    def by(self, recipe: Recipe | None = None, seed: int | None = None) -> School:
        """The same with another recipe or seed; the numbers of trees stay."""
        seed = self.seed if seed is None else seed
        return School(self.panel, recipe or self.recipe, seed, self.group, self.settles or self)

    def _settled(self, rows: Array) -> int:
        key, most = rows.tobytes(), self.recipe.trees
        if key not in self._counts:
            kept = kept_back(self.panel, rows, self.group) if most > FEWEST_TREES else []
            watched = [(self._growing(here), there) for here, there in kept]
            self._counts[key] = best_number(self.panel, watched, most)[0] if watched else most
        return self._counts[key]

    def _growing(self, rows: Array) -> Growing:
        key = rows.tobytes()
        with self._locks.setdefault(key, Lock()):
            if key not in self._grown:
                seed = derived_seed(self.seed, "growing")
                self._grown[key] = lesson_of(self.panel, rows, self.recipe).growing(self.recipe, seed)
            return self._grown[key]
