"""How many trees: growing stops where rows kept back inside the training rows are ranked no better any more.

The rows kept back are of the latest period inside; where there is one date, of groups apart. The rows that a fold
tests never take part.
"""

from __future__ import annotations

from dataclasses import replace

from data.refusal import Refusal
from models.classifier import FEWEST_TREES, Array, Encoding, Lesson, Recipe, derived_seed
from models.splits import Panel, plan

INNER_GROUPS = 3

Kept = list[tuple[Array, Array]]
"""(positions to learn from, positions kept back), both within the training rows."""


def kept_back(panel: Panel, rows: Array, group_by: str | None, seed: int) -> Kept:
    """How rows (positions in the panel) are divided for looking ahead; empty where they allow no division."""
    named = [group_by] if group_by in panel.about.columns else []
    told = replace(panel, frame=panel.frame[[]], about=panel.about[named]).take(rows)
    try:
        inner = plan(told, group_by=group_by, seed=derived_seed(seed, "inner"), groups=INNER_GROUPS, periods=1)
    except Refusal:
        return []
    return [(fold.train, fold.test) for fold in inner.follow or inner.quoted]


def stopped(lesson: Lesson, recipe: Recipe, seed: int, kept: Kept) -> Recipe:
    """The recipe with the number of trees at which growing stops; as it is where there is nothing to look at."""
    if not kept or recipe.trees <= FEWEST_TREES:
        return recipe
    return replace(recipe, trees=lesson.watch(recipe, derived_seed(seed, "stopping"), kept)[0])


def lesson_of(panel: Panel, rows: Array, recipe: Recipe, labels: Array | None = None) -> Lesson:
    """The rows of a panel put into bins, their labels those of the panel unless given."""
    taught = panel.frame.iloc[rows]
    encoding = Encoding.of(taught)
    return Lesson(encoding.matrix(taught), panel.label[rows] if labels is None else labels, encoding, recipe)
