"""The model that goes into service: the chosen candidate taught again on every labelled row, in a bag."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from models.additive import Additive, fit_additive
from models.candidates import unlabelled, with_unlabelled
from models.checkpoint import Checkpoint
from models.classifier import (
    Array,
    Recipe,
    Step,
    Trees,
    bootstrap_weights,
    derived_seed,
    share_out,
)
from models.fitted import Bag
from models.monotone import refuse_violations
from models.search import search
from models.splits import Panel
from models.stopping import School, lesson_of

SHARES = {"regression": 1.0, "blend": 0.5}
REFITS = 2
"""Whole bags fitted again on resampled enterprises, to see how much of a list stays."""

MOST_REFIT = 10
"""Members of each such bag, at most: they only tell how lists agree."""


@dataclass(frozen=True)
class Refitted:
    """A bag, the recipe its trees were grown by, and bags refitted on resampled enterprises."""

    bag: Bag
    recipe: Recipe
    again: tuple[Bag, ...]


def refit(
    school: School,
    candidate: str,
    directions: Mapping[str, int],
    members: int,
    trials: int,
    checkpoint: Checkpoint,
    step: Step,
    refits: int = REFITS,
) -> Refitted:
    """The bag of a candidate on all labelled rows of the school's panel: every member a bootstrap by enterprise.

    Rows are put into bins once, and growing is stopped once, for all members. A bag under `directions` (candidate
    "monotone") is checked on real enterprises and refused if it breaks one. `refits` bags are fitted again to see how
    lists agree. `step` is told the members done, theirs included: `total_members` says of how many.
    """
    if candidate == "monotone":
        school = school.by(replace(school.recipe, monotone=tuple(sorted(directions.items()))))
    panel, seed = school.panel, school.seed
    share = SHARES.get(candidate, 0.0)
    taught = _Whole(school, candidate, trials) if share < 1 else None
    recipe = taught.recipe if taught is not None else school.recipe
    turns = [(turn, member) for turn in range(refits + 1) for member in range(_members(turn, members))]

    def text(turn: int, member: int) -> str:
        if taught is None:
            return ""
        return checkpoint.text(f"{candidate}-{turn}-member-{member}", lambda: taught.member(turn, member))

    def piece(turn: int, member: int) -> tuple[str, Additive | None]:
        return text(turn, member), _regression(panel, seed, turn, member) if share else None

    work: list[Callable[[], object]] = [lambda t=turn, m=member: piece(t, m) for turn, member in turns]  # type: ignore[misc]
    done = dict(zip(turns, share_out(work, step), strict=True))

    def bag(turn: int) -> Bag:
        mine: list[tuple[str, Additive]] = [done[turn, m] for m in range(_members(turn, members))]  # type: ignore[misc]
        trees = Trees.from_texts(taught.lesson.encoding, [told for told, _ in mine]) if taught is not None else None
        return Bag(trees, tuple(additive for _, additive in mine) if share else (), share)

    whole = bag(0)
    if candidate == "monotone":
        refuse_violations(whole, panel.frame.iloc[panel.labelled], directions, seed)
    return Refitted(whole, recipe, tuple(bag(turn) for turn in range(1, refits + 1)))


def total_members(members: int, refits: int = REFITS) -> int:
    """How many fits `refit` makes for a bag of so many members."""
    return members + refits * _members(1, members)


def _members(turn: int, members: int) -> int:
    return members if turn == 0 else min(MOST_REFIT, members)


class _Whole:
    """All rows that teach, put into bins once, and how to grow one member on a draw of their enterprises.

    The unlabelled candidate's members each draw their own further negatives from rows nobody reviewed.
    """

    def __init__(self, school: School, candidate: str, trials: int) -> None:
        panel, rows = school.panel, school.panel.labelled
        self.panel, self.seed, self.labelled = panel, school.seed, len(rows)
        pool = unlabelled(panel) if candidate == "unlabelled" else np.zeros(0, dtype=int)
        self.rows = np.concatenate([rows, pool])
        self.owners = np.unique(panel.enterprise[self.rows].astype(str), return_inverse=True)[1]
        labels = np.concatenate([panel.label[rows], np.zeros(len(pool))])
        self.lesson = lesson_of(panel, self.rows, school.recipe, labels)
        if candidate == "searched":
            self.recipe = search(school, rows, derived_seed(school.seed, "search", "all"), trials)
        else:
            self.recipe = school.settled(rows)

    def member(self, turn: int, number: int) -> str:
        """One booster's text: bag `turn` (0: the one for service; others: on enterprises drawn again), member."""
        own = derived_seed(self.seed, "member", *([turn] if turn else []), number)
        chosen = np.ones(len(self.rows))
        if len(self.rows) > self.labelled:
            positions = np.arange(self.labelled, len(self.rows))
            chosen[positions] = 0
            chosen[with_unlabelled(self.panel, self.rows[: self.labelled], positions, own)[0][self.labelled :]] = 1
        weights = chosen * _drawn(self.owners, self.seed, turn, number)
        return self.lesson.grow(self.recipe, own, weights).model_to_string()


def _drawn(owners: Array, seed: int, turn: int, number: int) -> Array:
    """How often each row is drawn: whole enterprises with replacement; for later turns, from a first such draw."""
    if not turn:
        return bootstrap_weights(owners, seed, number)
    _, positions = np.unique(owners, return_inverse=True)
    count = int(positions.max()) + 1
    first = np.random.default_rng(derived_seed(seed, "resample", turn)).integers(0, count, count)
    places = np.random.default_rng(derived_seed(seed, "bootstrap", turn, number)).integers(0, count, count)
    weights: Array = np.bincount(first[places], minlength=count)[positions].astype(np.float64)
    return weights


def _regression(panel: Panel, seed: int, turn: int, number: int) -> Additive:
    rows = panel.labelled
    weights = _drawn(panel.enterprise[rows], seed, turn, number)
    return fit_additive(panel.frame.iloc[rows], panel.label[rows], weights=weights)
