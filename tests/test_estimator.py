"""scikit-learn's manners: its own checks, pipelines, and a random state that must be given."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from sklearn.impute import SimpleImputer
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import check_estimator

from models.estimator import BaggedTrees

SMALL = {"members": 2, "trees": 10, "min_child": 2, "rate": 0.3, "colsample": 1.0}


def test_scikit_learns_own_checks_pass() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = check_estimator(BaggedTrees(**SMALL, random_state=0), on_fail=None)
    failed = {
        result["check_name"]: str(result["exception"])[:200] for result in results if result["status"] == "failed"
    }
    assert failed == {}


def data() -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(0)
    features = generator.normal(size=(300, 4))
    labels = np.where(features[:, 0] + features[:, 1] > 0, "listed", "not")
    features[generator.random((300, 4)) < 0.1] = np.nan
    return features, labels


def test_it_composes_and_repeats() -> None:
    features, labels = data()
    pipeline = make_pipeline(SimpleImputer(), BaggedTrees(**SMALL, random_state=1))
    scores = cross_val_score(pipeline, features, labels, cv=3)
    assert scores.mean() > 0.8
    np.testing.assert_array_equal(scores, cross_val_score(pipeline, features, labels, cv=3))


def test_missing_values_need_no_imputation_and_owners_are_drawn_whole() -> None:
    features, labels = data()
    fitted = BaggedTrees(**SMALL, random_state=1).fit(features, labels, groups=np.arange(300) // 3)
    assert fitted.classes_.tolist() == ["listed", "not"]
    assert (fitted.predict(features) == labels).mean() > 0.85
    assert fitted.bag_.texts() != BaggedTrees(**SMALL, random_state=1).fit(features, labels).bag_.texts()


def test_the_random_state_must_be_given() -> None:
    with pytest.raises(ValueError, match="random_state"):
        BaggedTrees().fit(*data())
