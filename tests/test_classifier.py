"""The learner: the same on any number of threads, matched by name, honest about columns it was not taught."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from data.refusal import Refusal
from models.classifier import Encoding, Recipe, Trees, bootstrap_weights, derived_seed, fit_single, grow

RECIPE = Recipe(trees=40)


def frame(rows: int = 600, seed: int = 0) -> tuple[pd.DataFrame, np.ndarray]:
    generator = np.random.default_rng(seed)
    numbers = generator.normal(size=(rows, 4))
    numbers[generator.random((rows, 4)) < 0.1] = np.nan
    found = pd.DataFrame(numbers, columns=["a", "b", "c", "d"])
    found["kind"] = pd.Categorical(generator.choice(["x", "y", "z"], rows))
    drive = np.nan_to_num(numbers[:, 0]) + (found.kind == "y").to_numpy() - 0.5
    return found, (generator.random(rows) < 1 / (1 + np.exp(-2 * drive))).astype(float)


@pytest.mark.parametrize("threads", ["1", "2", "8"])
def test_threads_decide_nothing(threads: str, monkeypatch: pytest.MonkeyPatch) -> None:
    features, labels = frame()
    monkeypatch.setenv("MULU_THREADS", "1")
    expected = fit_single(features, labels, RECIPE, seed=5).texts()
    monkeypatch.setenv("MULU_THREADS", threads)
    monkeypatch.setenv("OMP_NUM_THREADS", threads)
    assert fit_single(features, labels, RECIPE, seed=5).texts() == expected


def test_another_seed_grows_other_trees() -> None:
    features, labels = frame()
    assert fit_single(features, labels, RECIPE, 1).texts() != fit_single(features, labels, RECIPE, 2).texts()


def test_columns_are_matched_by_name() -> None:
    features, labels = frame()
    trees = fit_single(features, labels, RECIPE, seed=5)
    mixed = features[["kind", "d", "b", "a", "c"]].assign(further=1.0)
    np.testing.assert_array_equal(trees.log_odds(mixed), trees.log_odds(features))


@pytest.mark.parametrize("change", ["missing", "text", "number"])
def test_other_columns_are_refused(change: str) -> None:
    features, labels = frame()
    trees = fit_single(features, labels, RECIPE, seed=5)
    other = {
        "missing": features.drop(columns="b"),
        "text": features.assign(b="high"),
        "number": features.assign(kind=1.0),
    }[change]
    with pytest.raises(Refusal) as refusal:
        trees.log_odds(other)
    assert refusal.value.code == "model-columns-differ"
    assert refusal.value.values["missing" if change == "missing" else "kind"] == ["kind" if change == "number" else "b"]


def test_an_unknown_category_is_missing() -> None:
    features, labels = frame()
    trees = fit_single(features, labels, RECIPE, seed=5)
    strange = features.assign(kind=pd.Categorical(["never seen"] * len(features)))
    absent = features.assign(kind=pd.Categorical([None] * len(features), categories=["x"]))
    np.testing.assert_array_equal(trees.log_odds(strange), trees.log_odds(absent))


def test_category_codes_do_not_depend_on_the_frame() -> None:
    features, labels = frame()
    trees = fit_single(features, labels, RECIPE, seed=5)
    some = features[features.kind != "x"].copy()
    some["kind"] = some.kind.cat.remove_unused_categories()
    np.testing.assert_array_equal(trees.log_odds(some), trees.log_odds(features)[(features.kind != "x").to_numpy()])


def test_the_text_holds_the_whole_model() -> None:
    features, labels = frame()
    trees = fit_single(features, labels, RECIPE, seed=5)
    again = Trees.from_texts(Encoding.from_dict(trees.encoding.as_dict()), trees.texts())
    np.testing.assert_array_equal(again.log_odds(features), trees.log_odds(features))


def test_weights_are_bootstrap_counts_by_enterprise() -> None:
    owners = np.repeat([f"E{i}" for i in range(50)], 3)
    weights = bootstrap_weights(owners, seed=1, member=4)
    assert weights.reshape(50, 3).std(axis=1).max() == 0  # an enterprise's years are drawn together
    assert weights.sum() == 150  # fifty draws of three rows each
    assert (weights == bootstrap_weights(owners, 1, 4)).all()
    assert (weights != bootstrap_weights(owners, 1, 5)).any()


def test_labels_of_one_class_are_refused() -> None:
    features, labels = frame()
    encoding = Encoding.of(features)
    with pytest.raises(Refusal) as refusal:
        grow(encoding.matrix(features), labels * 0, encoding, RECIPE, 1)
    assert refusal.value.code == "training-one-class"


def test_seeds_differ_by_their_path_and_stay() -> None:
    assert derived_seed(1, "fold", 2) == derived_seed(1, "fold", 2)
    assert len({derived_seed(1, "fold", i) for i in range(100)}) == 100
    assert 0 <= derived_seed(1, "fold", 2) < 2**31
