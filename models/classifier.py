"""The learner: small extremely randomised trees (LightGBM) and the seeded bag of them.

Every tree is grown on one thread and members are shared out over threads, so the number of threads decides
who grows a tree and never which tree grows.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import cached_property
from threading import Lock
from typing import Any

import lightgbm as lgb
import numpy as np
import pandas as pd

from data.refusal import Refusal
from models import tree_shap
from models.tree_text import NotTabulated

Array = np.ndarray
Step = Callable[[int], None]


PATIENCE = 50
FEWEST_TREES = 50
FEWEST_COLUMNS = 6
"""A tree sees at least so many columns, if there are as many: of few features a share is too few to meet each other."""
QUIETLY: dict[str, Any] = {"num_threads": 1, "verbosity": -1}
"""What every prediction is given beside its own. LightGBM keeps one number of threads for the whole process: a
prediction with another one takes away from under a booster that grows beside it what it was laid out for, and it ends
in a fault of memory. How loud it is, is a thread's, and settled by the last parameters that were given in it."""
MANY_ROWS = 4_000
"""From here preparing tables costs less than asking every booster."""


@dataclass(frozen=True)
class Recipe:
    """How trees are grown. The defaults won or tied on three real tasks with grouped and temporal folds.

    `trees` is the most there may be: growing stops earlier where rows kept back say so. `rate` shrinks each tree's
    step; `min_child` is in rows; `colsample` is the share of columns a tree sees, though at least `FEWEST_COLUMNS`;
    `l2` is the ridge on leaf values; `bins` the most steps a number is cut into; `monotone` maps feature names to +1
    or -1 (never down, never up).
    """

    trees: int = 500
    leaves: int = 8
    rate: float = 0.03
    min_child: int = 20
    colsample: float = 0.25
    l2: float = 2.0
    bins: int = 63
    extra_trees: bool = True
    monotone: tuple[tuple[str, int], ...] = ()

    def parameters(self, names: Sequence[str], seed: int) -> dict[str, object]:
        """LightGBM's own parameters for columns `names`, every source of randomness fixed by `seed`."""
        directions = dict(self.monotone)
        found: dict[str, object] = {
            "objective": "binary",
            "num_leaves": self.leaves,
            "learning_rate": self.rate,
            "min_data_in_leaf": self.min_child,
            "feature_fraction": min(1.0, max(self.colsample, FEWEST_COLUMNS / len(names))),
            "max_bin": self.bins,
            "lambda_l2": self.l2,
            "extra_trees": self.extra_trees,
            "deterministic": True,
            "force_col_wise": True,
            "num_threads": 1,
            "seed": seed,
            "verbosity": -1,
        }
        if directions:
            found["monotone_constraints"] = [directions.get(name, 0) for name in names]
        return found

    def as_dict(self) -> dict[str, object]:
        """The recipe in types that JSON has."""
        return {**asdict(self), "monotone": dict(self.monotone)}


@dataclass(frozen=True)
class Encoding:
    """The columns a model was taught, by name and kind, and each category's code.

    `names` are in the order of the learner's matrix; `categories` maps the columns of kind "category" to their
    known values, whose position is the code. A value never seen in training is missing.
    """

    names: tuple[str, ...]
    categories: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, frame: pd.DataFrame) -> Encoding:
        """The encoding of a training frame: its columns in order, categories sorted."""
        categories = {}
        for name in frame.columns:
            if not pd.api.types.is_numeric_dtype(frame[name].dtype):
                categories[str(name)] = tuple(sorted({str(value) for value in frame[name].dropna()}))
        return cls(tuple(map(str, frame.columns)), categories)

    def matrix(self, frame: pd.DataFrame) -> Array:
        """`frame` as float64 (n, columns) in the order learned; missing and unseen are NaN.

        Columns are matched by name; further columns are ignored. Refuses a frame that lacks a column or holds
        text where numbers were learned, or the reverse (`model-columns-differ`).
        """
        missing = [name for name in self.names if name not in frame.columns]
        other_kind = [
            name
            for name in self.names
            if name in frame.columns
            and pd.api.types.is_numeric_dtype(frame[name].dtype) == (name in self.categories)
            and not frame[name].isna().all()
        ]
        if missing or other_kind:
            raise Refusal("model-columns-differ", missing=missing or ["-"], kind=other_kind or ["-"])
        out = np.empty((len(self.names), len(frame)), dtype=np.float64).T  # column by column, as it is filled and read
        for position, name in enumerate(self.names):
            column = frame[name]
            if name in self.categories:
                codes = pd.Index(self.categories[name]).get_indexer(pd.Index(column.astype("object"))).astype(float)
                codes[codes < 0] = np.nan
                out[:, position] = codes
            else:
                out[:, position] = pd.to_numeric(column, errors="coerce").to_numpy(np.float64, na_value=np.nan)
        out[np.isinf(out)] = np.nan
        return out

    @property
    def category_positions(self) -> list[int]:
        """Positions of the columns that hold codes."""
        return [position for position, name in enumerate(self.names) if name in self.categories]

    def as_dict(self) -> dict[str, object]:
        """The encoding in types that JSON has."""
        return {"names": list(self.names), "categories": {k: list(v) for k, v in self.categories.items()}}

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> Encoding:
        """The reverse of `as_dict`."""
        return cls(tuple(found["names"]), {str(k): tuple(v) for k, v in found["categories"].items()})


class Trees:
    """Boosters over one encoding. Their mean in log-odds is the score, their spread its uncertainty."""

    def __init__(self, encoding: Encoding, boosters: Sequence[lgb.Booster]) -> None:
        self.encoding = encoding
        self.boosters = list(boosters)

    @cached_property
    def tables(self) -> tree_shap.Prepared | None:
        """The trees as tables for many rows; None for trees that tables do not hold. Takes seconds, once."""
        try:
            return tree_shap.prepare(self.texts())
        except NotTabulated:
            return None

    def member_log_odds(self, frame: pd.DataFrame) -> Array:
        """Log-odds of every member, float64 (n, members). Many rows are looked up in tables, to the same bits."""
        matrix = self.encoding.matrix(frame)
        prepared = "tables" in vars(self)
        if (prepared or len(matrix) >= MANY_ROWS) and self.tables is not None:
            return tree_shap.log_odds(self.tables, matrix)
        return np.column_stack([_raw(booster, matrix) for booster in self.boosters])

    def log_odds(self, frame: pd.DataFrame) -> Array:
        """Mean log-odds over the members, float64 (n,)."""
        mean: Array = self.member_log_odds(frame).mean(axis=1)
        return mean

    def texts(self) -> list[str]:
        """Each booster in LightGBM's own text."""
        return [booster.model_to_string() for booster in self.boosters]

    @classmethod
    def from_texts(cls, encoding: Encoding, texts: Sequence[str]) -> Trees:
        """The reverse of `texts`."""
        return cls(encoding, [lgb.Booster(model_str=text) for text in texts])


def derived_seed(seed: int, *path: object) -> int:
    """A seed for one named piece of work, from the recorded seed: the same on any machine and in any order."""
    told = "/".join(map(str, (seed, *path)))
    return int.from_bytes(hashlib.sha256(told.encode()).digest()[:4], "big") >> 1


class Lesson:
    """Rows to learn from, put into bins once; every refit on some of them shares the bins.

    `matrix` float64 (n, columns) by `encoding`, `labels` 0/1 (n,). `recipe` says how many bins there are.
    """

    def __init__(self, matrix: Array, labels: Array, encoding: Encoding, recipe: Recipe) -> None:
        self.labels = np.asarray(labels, dtype=np.float64)
        self.encoding = encoding
        self.binned = lgb.Dataset(
            matrix,
            self.labels,
            categorical_feature=encoding.category_positions,
            feature_name=booster_names(encoding.names),
            params={**recipe.parameters(encoding.names, 0), "feature_pre_filter": False},
            free_raw_data=True,
        ).construct()

    def grow(self, recipe: Recipe, seed: int, weights: Array | None = None) -> lgb.Booster:
        """One booster on all rows, or on those whose weight (n,) is above 0.

        Refuses labels of one class (`training-one-class`).
        """
        rows = np.arange(len(self.labels)) if weights is None else np.flatnonzero(weights)
        positives = int(self.labels[rows].sum())
        if positives in (0, len(rows)):
            raise Refusal("training-one-class", rows=len(rows), positives=positives)
        taught = self.binned
        if weights is not None:
            taught = self.binned.subset(list(rows)).construct()
            taught.set_weight(weights[rows])
        return lgb.train(self._parameters(recipe, seed), taught, recipe.trees, keep_training_booster=True)

    def growing(self, recipe: Recipe, seed: int, rows: Array | None = None) -> Growing:
        """A booster on all rows, or on some (positions), that grows as far as it is asked to."""
        taught = self.binned if rows is None else self.binned.subset(np.sort(rows).tolist()).construct()
        return Growing(self.encoding, lgb.Booster(self._parameters(recipe, seed), taught))

    def _parameters(self, recipe: Recipe, seed: int) -> dict[str, object]:
        return {**recipe.parameters(self.encoding.names, seed), "feature_pre_filter": False}


class Growing:
    """A booster that is grown on while it is being used: whoever asks for whatever first, its trees are the same."""

    def __init__(self, encoding: Encoding, booster: lgb.Booster) -> None:
        self.encoding = encoding
        self._booster = booster
        self._at_work = Lock()

    def trees(self, count: int) -> Trees:
        """Its first `count` trees (fewer where no leaf can be split any more)."""
        with self._at_work:
            self._grow(count)
            return Trees.from_texts(self.encoding, [self._booster.model_to_string(num_iteration=count)])

    def steps(self, matrix: Array, start: int, stop: int) -> Array:
        """What each of the trees from `start` to before `stop` adds to the log-odds of rows of `matrix` (n, columns),
        float64 (n, stop - start)."""
        found = np.zeros((len(matrix), stop - start))
        with self._at_work:
            count = self._grow(stop) - start
            if count > 0 and len(matrix):
                leaves = self._booster.predict(
                    matrix, start_iteration=start, num_iteration=count, pred_leaf=True, num_threads=1
                )
                for place, own in enumerate(np.asarray(leaves, dtype=np.intp).reshape(len(matrix), count).T):
                    values = [self._booster.get_leaf_output(start + place, leaf) for leaf in range(own.max() + 1)]
                    found[:, place] = np.asarray(values)[own]
        return found

    def _grow(self, count: int) -> int:
        """Grow to `count` trees; how many there are then, at most `count`."""
        self._silence()
        while self._booster.current_iteration() < count:
            if self._booster.update():  # nothing left to split
                break
        return min(count, int(self._booster.current_iteration()))

    def _silence(self) -> None:
        """How loud LightGBM is on standard output, which holds a command's answer, is settled for each thread by the
        last parameters that were given in it: a booster that another thread has begun would speak in this one."""
        self._booster.predict(np.zeros((1, self._booster.num_feature())), raw_score=True, **QUIETLY)


def grow(
    matrix: Array, labels: Array, encoding: Encoding, recipe: Recipe, seed: int, weights: Array | None = None
) -> lgb.Booster:
    """One booster on float64 `matrix` (n, columns), labels 0/1 (n,), optional row weights (n,): see `Lesson`."""
    return Lesson(matrix, labels, encoding, recipe).grow(recipe, seed, weights)


def booster_names(names: Sequence[str]) -> list[str]:
    """Names that LightGBM's text can hold: its own where plain, the position where not."""
    return [name if re.fullmatch(r"[A-Za-z0-9_.]+", name) else f"column_{i}" for i, name in enumerate(names)]


def fit_single(
    frame: pd.DataFrame, labels: Array, recipe: Recipe, seed: int, weights: Array | None = None
) -> Trees:  # fmt: skip
    """One booster on a frame of features (n rows), as `Trees` of one member."""
    encoding = Encoding.of(frame)
    return Trees(encoding, [grow(encoding.matrix(frame), labels, encoding, recipe, seed, weights)])


def bootstrap_weights(owners: Array, seed: int, member: int) -> Array:
    """How often each row is drawn when whole owners (enterprises) are drawn with replacement; float64 (n,)."""
    _, positions = np.unique(owners, return_inverse=True)
    count = int(positions.max()) + 1
    generator = np.random.default_rng(derived_seed(seed, "bootstrap", member))
    drawn = np.bincount(generator.integers(0, count, count), minlength=count)
    weights: Array = drawn[positions].astype(np.float64)
    return weights


def share_out(work: Sequence[Callable[[], object]], step: Step | None = None) -> list[object]:
    """Do independent pieces of work on all processors; results in the order given.

    `step` is told the number done. On an interruption no further piece is begun.
    """
    workers = max(1, min(len(work), os.cpu_count() or 1, int(os.environ.get("MULU_THREADS", "64"))))
    if workers == 1:
        results = []
        for done, piece in enumerate(work, start=1):
            results.append(piece())
            if step:
                step(done)
        return results
    with ThreadPoolExecutor(workers) as pool:
        futures = [pool.submit(piece) for piece in work]
        try:
            results = []
            for done, future in enumerate(futures, start=1):
                results.append(future.result())
                if step:
                    step(done)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return results


def _raw(booster: lgb.Booster, matrix: Array) -> Array:
    found = booster.predict(matrix, raw_score=True, **QUIETLY) if len(matrix) else np.zeros(0)
    return np.asarray(found, dtype=np.float64)
