"""The model that goes into service: the chosen candidate taught again on every labelled row, in a bag."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from models.additive import Additive, fit_additive
from models.candidates import unlabelled, with_unlabelled
from models.checkpoint import Checkpoint
from models.classifier import (
    Array,
    Encoding,
    Recipe,
    Step,
    Trees,
    bootstrap_weights,
    derived_seed,
    grow,
    share_out,
)
from models.fitted import Bag
from models.monotone import refuse_violations
from models.search import search
from models.splits import Panel

SHARES = {"regression": 1.0, "blend": 0.5}


@dataclass(frozen=True)
class Refitted:
    """A bag and the recipe its trees were grown by."""

    bag: Bag
    recipe: Recipe


def refit(
    panel: Panel,
    candidate: str,
    recipe: Recipe,
    directions: Mapping[str, int],
    seed: int,
    members: int,
    trials: int,
    checkpoint: Checkpoint,
    step: Step,
) -> Refitted:
    """The bag of a candidate on all labelled rows of the panel: every member a bootstrap by enterprise.

    A bag under `directions` (candidate "monotone") is checked on real enterprises and refused if it breaks one.
    """
    if candidate == "monotone":
        recipe = replace(recipe, monotone=tuple(sorted(directions.items())))
    elif candidate == "searched":
        recipe = search(panel.take(panel.labelled), recipe, derived_seed(seed, "search", "all"), trials)
    share = SHARES.get(candidate, 0.0)
    trees: Trees | None = None
    additive: tuple[Additive, ...] = ()
    if share < 1:
        trees = _trees(panel, candidate, recipe, seed, members, checkpoint, step)
    if share:
        additive = _regressions(panel, seed, members, step)
    bag = Bag(trees, additive, share)
    if candidate == "monotone":
        refuse_violations(bag, panel.frame.iloc[panel.labelled], directions, seed)
    return Refitted(bag, recipe)


def _trees(
    panel: Panel, candidate: str, recipe: Recipe, seed: int, members: int, checkpoint: Checkpoint, step: Step
) -> Trees:
    """Boosters over one encoding; the unlabelled candidate's members each draw their own further negatives."""
    rows = panel.labelled
    pool = unlabelled(panel) if candidate == "unlabelled" else np.zeros(0, dtype=int)
    encoding = Encoding.of(panel.frame.iloc[np.concatenate([rows, pool])])
    matrix = encoding.matrix(panel.frame)

    def member(number: int) -> str:
        own = derived_seed(seed, "member", number)
        taught, labels = (rows, panel.label[rows])
        if len(pool):
            taught, labels = with_unlabelled(panel, rows, pool, own)
        weights = bootstrap_weights(panel.enterprise[taught], seed, number)
        return grow(matrix[taught], labels, encoding, recipe, own, weights).model_to_string()

    def kept(number: int) -> str:
        return checkpoint.text(f"{candidate}-member-{number}", lambda: member(number))

    texts = share_out([lambda n=number: kept(n) for number in range(members)], step)  # type: ignore[misc]
    return Trees.from_texts(encoding, [str(text) for text in texts])


def _regressions(panel: Panel, seed: int, members: int, step: Step) -> tuple[Additive, ...]:
    rows = panel.labelled
    frame, labels, owners = panel.frame.iloc[rows], panel.label[rows], panel.enterprise[rows]

    def member(number: int) -> Additive:
        weights: Array = bootstrap_weights(owners, seed, number)
        return fit_additive(frame, labels, weights=weights)

    fitted = share_out([lambda n=number: member(n) for number in range(members)], step)  # type: ignore[misc]
    return tuple(found for found in fitted if isinstance(found, Additive))
