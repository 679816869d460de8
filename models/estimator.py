"""The learner with scikit-learn's manners, so that it composes with pipelines, searches and cross-validation."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from models.calibration import sigmoid
from models.classifier import Array, Encoding, Recipe, Trees, bootstrap_weights, derived_seed, grow

Given = npt.ArrayLike


class BaggedTrees(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A seeded bag of small extremely randomised trees for two classes.

    `members` bootstrap refits of `trees` trees; the other parameters are those of `Recipe`. `random_state` (int) is
    required: without it nothing could be repeated. Missing values are NaN. `groups` in `fit` (n,) names who owns
    each row, so that whole owners are drawn; without it each row stands for itself.
    """

    def __init__(
        self,
        members: int = 5,
        trees: int = 100,
        leaves: int = 8,
        rate: float = 0.05,
        min_child: int = 20,
        colsample: float = 0.5,
        l2: float = 2.0,
        random_state: int | np.random.RandomState | None = None,
    ) -> None:
        self.members = members
        self.trees = trees
        self.leaves = leaves
        self.rate = rate
        self.min_child = min_child
        self.colsample = colsample
        self.l2 = l2
        self.random_state = random_state

    def fit(self, X: Given, y: Given, groups: Given | None = None) -> BaggedTrees:
        """Learn from X (n, columns) and y (n,) of two classes.

        Raises ValueError without `random_state`, and for more or fewer classes than two.
        """
        if self.random_state is None:
            raise ValueError("random_state must be given: a model that nobody can grow again is no evidence")
        X, y = validate_data(self, X, y, ensure_all_finite="allow-nan", dtype=np.float64)
        check_classification_targets(y)
        self.classes_, labels = np.unique(np.asarray(y), return_inverse=True)
        if len(self.classes_) != 2:
            raise ValueError(
                f"Only binary classification is supported. The classes are: {len(self.classes_)} class(es)"
            )
        frame = self._frame(np.asarray(X))
        seed = self._seed()
        owners = np.arange(len(frame)) if groups is None else np.asarray(groups)
        recipe = Recipe(self.trees, self.leaves, self.rate, self.min_child, self.colsample, self.l2)
        encoding = Encoding.of(frame)
        matrix = encoding.matrix(frame)
        boosters = []
        for member in range(self.members):
            weights = bootstrap_weights(owners.astype(str), seed, member)
            drawn = labels[weights > 0]
            if drawn.min() == drawn.max():  # a draw without one of the classes teaches nothing: keep all rows
                weights = np.ones(len(labels))
            own = derived_seed(seed, "member", member)
            boosters.append(grow(matrix, labels.astype(np.float64), encoding, recipe, own, weights))
        self.bag_ = Trees(encoding, boosters)
        return self

    def decision_function(self, X: Given) -> Array:
        """Mean log-odds of the second class over the members (n,)."""
        check_is_fitted(self)
        checked = validate_data(self, X, reset=False, ensure_all_finite="allow-nan", dtype=np.float64)
        return self.bag_.log_odds(self._frame(np.asarray(checked)))

    def predict_proba(self, X: Given) -> Array:
        """Probabilities of both classes (n, 2), not calibrated."""
        second = sigmoid(self.decision_function(X))
        return np.column_stack([1 - second, second])

    def predict(self, X: Given) -> Array:
        """The likelier class (n,)."""
        positive = self.decision_function(X) > 0
        return np.asarray(self.classes_[positive.astype(int)])

    def __sklearn_tags__(self) -> Any:  # noqa: ANN401 (scikit-learn carries no types)
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        tags.input_tags.allow_nan = True
        return tags

    def _frame(self, X: Array) -> pd.DataFrame:
        return pd.DataFrame(X, columns=[f"x{column}" for column in range(X.shape[1])])

    def _seed(self) -> int:
        if isinstance(self.random_state, np.random.RandomState):
            return int(self.random_state.randint(2**31 - 1))
        return int(self.random_state or 0)
