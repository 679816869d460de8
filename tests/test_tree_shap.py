"""Exact TreeSHAP by tables: against hand-worked trees, the definition of Shapley values, LightGBM and shap."""

from __future__ import annotations

import warnings
from itertools import combinations
from math import factorial

import lightgbm as lgb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.classifier import Encoding, Trees
from models.explanation import MANY_ROWS, bag_contributions
from models.fitted import Bag
from models.tree_shap import BLOCK, contributions, log_odds, prepare
from models.tree_text import NotTabulated, read_forest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # shap's plots use what matplotlib is about to drop
    import shap

TWO_SPLITS = """tree
version=v4
num_class=1
num_tree_per_iteration=1
label_index=0
max_feature_idx=1
objective=binary sigmoid:1
feature_names=staff revenue

Tree=0
num_leaves=3
num_cat=0
split_feature=0 1
threshold=10 5
decision_type=8 10
left_child=-1 -2
right_child=1 -3
leaf_value=-1 2 6
leaf_count=50 30 20
is_linear=0
shrinkage=1


end of trees
"""
"""staff <= 10 (missing: right): -1, of 50 rows; else revenue <= 5 (missing: left): 2, of 30 rows; else 6, of 20."""


def awkward(rows: int, seed: int) -> np.ndarray:
    """Six columns of what files hold: gaps, zeros, tiny numbers, codes that were never seen, infinities."""
    rng = np.random.default_rng(seed)
    matrix = rng.normal(size=(rows, 6)).round(2)
    matrix[:, 1] = rng.choice([0.0, -0.0, 1e-36, -1e-36, 2e-35, 1.0, -1.0, 3.0], rows)
    matrix[:, 3] = rng.integers(0, 70, rows)
    matrix[:, 4] = rng.integers(-1, 6, rows)
    matrix[rng.random(matrix.shape) < 0.1] = np.nan
    return matrix


def boost(seed: int = 0, trees: int = 12, rows: int = 1500, categories: tuple[int, ...] = (3, 4), **parameters: object):
    """A booster on awkward columns whose target needs several of them at once."""
    matrix = awkward(rows, seed)
    known = np.nan_to_num(matrix)
    score = known[:, 0] * known[:, 2] + (known[:, 3] % 3 == 1) + known[:, 1] - np.isnan(matrix[:, 5])
    plan = {"objective": "binary", "verbose": -1, "num_threads": 1, "min_data_in_leaf": 3, "seed": seed, **parameters}
    data = lgb.Dataset(matrix, score > np.median(score), categorical_feature=list(categories))
    return lgb.train(plan, data, trees)


def test_a_tree_worked_by_hand() -> None:
    # Row (20, 9) reaches 6. Knowing nothing: -0.5 + 0.6 + 1.2 = 1.3. Knowing staff alone: (2 * 30 + 6 * 20) / 50 =
    # 3.6. Knowing revenue alone: half the rows stop at -1, half reach 6: 2.5. staff adds (3.6 - 1.3 + 6 - 2.5) / 2 =
    # 2.9, revenue (2.5 - 1.3 + 6 - 3.6) / 2 = 1.8, and 1.3 + 2.9 + 1.8 = 6.
    # Row (missing, missing) goes right, then left: 2. staff alone 3.6, revenue alone (-1 + 2) / 2 = 0.5;
    # staff (2.3 + 1.5) / 2 = 1.9, revenue (-0.8 - 1.6) / 2 = -1.2.
    values, base = contributions(prepare([TWO_SPLITS]), np.array([[20, 9], [np.nan, np.nan]]))
    assert base == pytest.approx(1.3, abs=1e-12)
    assert values == pytest.approx(np.array([[2.9, 1.8], [1.9, -1.2]]), abs=1e-6)
    assert log_odds(prepare([TWO_SPLITS]), np.array([[10.0, 9.0], [10.1, 5.0]])) == pytest.approx(np.array([[-1], [2]]))


def expectation(tree: dict, row: np.ndarray, known: set[int]) -> float:
    """The tree's mean over its training rows where only the `known` features follow `row`: the definition."""
    if "leaf_value" in tree:
        return tree["leaf_value"]
    sides = [tree["left_child"], tree["right_child"]]
    weights = [side.get("internal_count", side.get("leaf_count")) for side in sides]
    if tree["split_feature"] in known:
        x = row[tree["split_feature"]]
        left = tree["default_left"] if np.isnan(x) else x <= tree["threshold"]
        return expectation(sides[0 if left else 1], row, known)
    means = [expectation(side, row, known) for side in sides]
    return float(np.dot(weights, means) / sum(weights))


def test_shapley_values_by_their_definition() -> None:
    booster = boost(trees=3, categories=(), num_leaves=12)
    trees = [tree["tree_structure"] for tree in booster.dump_model()["tree_info"]]
    rows = awkward(8, 99)
    rows[:, 1] = rows[:, 0]  # keep to plain numbers and NaN, which the few lines above understand
    expected = np.zeros((8, 6))
    for place, row in enumerate(rows):
        for feature in range(6):
            others = [f for f in range(6) if f != feature]
            for size in range(6):
                weight = factorial(size) * factorial(5 - size) / factorial(6)
                for group in combinations(others, size):
                    expected[place, feature] += weight * sum(
                        expectation(tree, row, {*group, feature}) - expectation(tree, row, set(group)) for tree in trees
                    )
    values, base = contributions(prepare([booster.model_to_string()]), rows)
    assert values == pytest.approx(expected, abs=1e-6)
    assert base == pytest.approx(sum(expectation(tree, rows[0], set()) for tree in trees), abs=1e-12)


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    leaves=st.sampled_from([2, 3, 8, 15, 31]),
    zero_as_missing=st.booleans(),
    use_missing=st.booleans(),
    extra_trees=st.booleans(),
    categories=st.sampled_from([(), (3,), (3, 4)]),
    boosting=st.sampled_from(["gbdt", "dart"]),
)
def test_any_booster_is_explained_as_lightgbm_does(seed: int, leaves: int, **parameters: object) -> None:
    booster = boost(seed, trees=6, num_leaves=leaves, **parameters)
    rows = awkward(200, seed + 1)
    rows[:4] = [[np.inf] * 6, [-np.inf] * 6, [-0.5] * 6, [1e300] * 6]
    rows[4:10, :] = np.array([0.0, -0.0, 1e-35, -1e-35, 1.0000000180025095e-35, 5e9])[:, None]
    prepared = prepare([booster.model_to_string()])
    values, base = contributions(prepared, rows)
    expected = booster.predict(rows, pred_contrib=True, num_threads=1)
    assert values == pytest.approx(expected[:, :-1], abs=1e-6)
    assert base == pytest.approx(expected[0, -1], abs=1e-12)
    raw = booster.predict(rows, raw_score=True, num_threads=1)
    assert values.sum(axis=1) + base == pytest.approx(raw, abs=1e-12)
    assert log_odds(prepared, rows)[:, 0] == pytest.approx(raw, abs=1e-12)


def test_a_bag_is_the_mean_of_its_members() -> None:
    # members differ in what they take for missing, so a value's class must be decided for each of them
    bag = [boost(seed, use_missing=seed != 1, zero_as_missing=seed == 2, num_leaves=8) for seed in range(4)]
    rows = awkward(300, 5)
    prepared = prepare([booster.model_to_string() for booster in bag])
    values, base = contributions(prepared, rows)
    expected = np.mean([booster.predict(rows, pred_contrib=True) for booster in bag], axis=0)
    assert values == pytest.approx(expected[:, :-1], abs=1e-6)
    assert base == pytest.approx(expected[0, -1], abs=1e-12)
    members = np.stack([booster.predict(rows, raw_score=True) for booster in bag], axis=1)
    assert log_odds(prepared, rows) == pytest.approx(members, abs=1e-12)
    assert values.sum(axis=1) + base == pytest.approx(members.mean(axis=1), abs=1e-12)


def test_agrees_with_shap() -> None:
    booster = boost(trees=40, num_leaves=15, learning_rate=0.2)
    rows = awkward(100, 6)
    values, base = contributions(prepare([booster.model_to_string()]), rows)
    explainer = shap.TreeExplainer(booster)
    assert values == pytest.approx(explainer(rows).values, abs=1e-5)
    assert base == pytest.approx(float(np.ravel(explainer.expected_value)[-1]), abs=1e-5)


def test_threads_and_layouts_change_no_bit() -> None:
    prepared = prepare([boost().model_to_string()])
    rows = awkward(3 * BLOCK + 17, 7)
    values, _ = contributions(prepared, rows, threads=1)
    frozen = np.asfortranarray(rows)
    frozen.flags.writeable = False
    for other, threads in [(rows, 2), (rows, 5), (frozen, 3), (rows[::-1][::-1], None)]:
        again, _ = contributions(prepared, other, threads=threads)
        assert again.tobytes() == values.tobytes()
    assert contributions(prepared, rows[:1])[0].tobytes() == values[:1].tobytes()
    assert contributions(prepared, rows[:0])[0].shape == (0, 6)


def test_float32_sums_within_its_precision() -> None:
    prepared = prepare([boost().model_to_string()])
    rows = awkward(500, 8)
    exact, base = contributions(prepared, rows)
    single, _ = contributions(prepared, rows, dtype=np.float32)
    assert single.dtype == np.float32
    assert single == pytest.approx(exact, abs=1e-6)
    assert single.sum(axis=1) + base == pytest.approx(log_odds(prepared, rows)[:, 0], abs=1e-5)


def test_features_without_a_split_get_nothing() -> None:
    booster = boost(num_leaves=2, trees=1)
    values, _ = contributions(prepare([booster.model_to_string()]), awkward(50, 9))
    assert (np.abs(values).sum(axis=0) > 0).sum() == 1


def test_a_booster_that_never_split() -> None:
    # 20 rows and at least 20 rows a leaf: one leaf, which says the same of everybody
    data = lgb.Dataset(np.arange(20.0)[:, None], np.arange(20) % 4 == 0)
    booster = lgb.train({"objective": "binary", "verbose": -1}, data, 1)
    prepared = prepare([booster.model_to_string()])
    values, base = contributions(prepared, np.zeros((3, 1)))
    assert (values == 0).all()
    # one in four: the log-odds are ln(1/3)
    assert base == pytest.approx(np.log(1 / 3), abs=1e-12)
    assert log_odds(prepared, np.zeros((3, 1)))[:, 0] == pytest.approx(np.log(1 / 3), abs=1e-12)


def deep_text() -> str:
    """A chain of sixteen features, each asked once: its last leaves have a path of sixteen."""
    rng = np.random.default_rng(3)
    matrix = rng.random((60_000, 16))
    target = (matrix > 0.2).cumprod(axis=1).sum(axis=1).astype(float)
    plan = {"objective": "regression", "verbose": -1, "num_leaves": 17, "min_data_in_leaf": 1, "num_threads": 1}
    return lgb.train(plan, lgb.Dataset(matrix, target), 1).model_to_string()


@pytest.mark.parametrize(
    ("texts", "reason"),
    [
        ([TWO_SPLITS, TWO_SPLITS.replace("staff", "tax")], "boosters-differ-in-features"),
        ([TWO_SPLITS.replace("num_tree_per_iteration=1", "num_tree_per_iteration=3")], "several-outputs"),
        ([TWO_SPLITS.replace("is_linear=0", "is_linear=1")], "linear-leaves"),
        ([TWO_SPLITS.replace("leaf_count=50", "leaf_count=0")], "trees-without-row-counts"),
        (["<xml/>"], "not-a-lightgbm-text"),
        ([], "not-a-lightgbm-text"),
    ],
)
def test_what_tables_do_not_hold_is_said(texts: list[str], reason: str) -> None:
    with pytest.raises(NotTabulated) as caught:
        prepare(texts)
    assert caught.value.reason == reason


def test_a_very_deep_tree_is_left_to_lightgbm() -> None:
    with pytest.raises(NotTabulated, match="trees-too-deep"):
        prepare([deep_text()])


def test_deep_trees_are_explained_all_the_same() -> None:
    # no tables hold them: LightGBM itself is asked, and says the same of as many rows as tables would be made for
    booster = lgb.Booster(model_str=deep_text())
    names = tuple(booster.feature_name())
    bag = Bag(Trees(Encoding(names, {}), [booster]))
    frame = pd.DataFrame(np.random.default_rng(5).random((MANY_ROWS, 16)), columns=list(names))
    assert bag.trees is not None
    assert bag.trees.tables is None
    values, base = bag_contributions(bag, frame)
    expected = np.asarray(booster.predict(frame.to_numpy(), pred_contrib=True))
    assert values == pytest.approx(expected[:, :-1], abs=1e-12)
    assert base == pytest.approx(expected[0, -1], abs=1e-12)


@pytest.mark.parametrize("cuts", [253, 254, 255, 256, 300])
def test_as_many_classes_as_a_byte_holds_and_more(cuts: int) -> None:
    # a feature with n cuts has n + 2 classes: n + 1 steps and "missing"; 254 cuts are the last that fit a byte
    stump = TWO_SPLITS.index("Tree=0"), TWO_SPLITS.index("end of trees")
    tree, text = TWO_SPLITS[slice(*stump)], TWO_SPLITS[: stump[0]]
    for cut in range(cuts):
        text += tree.replace("Tree=0", f"Tree={cut}").replace("threshold=10 5", f"threshold={cut} 5")
    text += TWO_SPLITS[stump[1] :]
    prepared = prepare([text])
    assert prepared.classes.count[0] == cuts + 2
    rows = np.column_stack([np.append(np.arange(-1, cuts + 1.0), np.nan), np.full(cuts + 3, 9.0)])
    # revenue is above 5 everywhere: a row says -1 for every cut it does not pass and 6 for every one it passes
    passed = np.append(np.clip(np.arange(-1, cuts + 1.0), 0, cuts), cuts)
    assert log_odds(prepared, rows)[:, 0] == pytest.approx(7 * passed - cuts, abs=1e-9)
    values, base = contributions(prepared, rows)
    assert base + values.sum(axis=1) == pytest.approx(7 * passed - cuts, abs=1e-9)
    # a stump that a row does not pass ends at -1: staff (-2.3 - 3.5) / 2 = -2.9, revenue (1.2 + 0) / 2 = 0.6
    assert values[:, 0] == pytest.approx(2.9 * (2 * passed - cuts), abs=1e-3)
    assert values[:, 1] == pytest.approx(1.2 * passed + 0.6 * cuts, abs=1e-3)


def test_a_matrix_of_another_width_is_refused() -> None:
    with pytest.raises(ValueError, match="2 columns are needed"):
        contributions(prepare([TWO_SPLITS]), np.zeros((4, 3)))


def test_the_text_is_read_to_the_last_digit() -> None:
    booster = boost(num_leaves=31)
    forest = read_forest([booster.model_to_string()])
    dumped = booster.dump_model()["tree_info"]
    assert forest.trees == len(dumped) == 12
    row = awkward(1, 1)
    leaf = booster.predict(row, pred_leaf=True)[0]
    found = [forest.leaf_value[forest.leaf_start[tree] + leaf[tree]] for tree in range(12)]
    assert sum(found) == booster.predict(row, raw_score=True)[0]


def test_scores_are_lightgbms_to_the_last_bit() -> None:
    # 0.1 + 0.2 + 0.3 depends on the order: a tree of one leaf between two others keeps its place in the sum
    first = TWO_SPLITS.replace("leaf_value=-1 2 6", "leaf_value=0.1 0.1 0.1")
    tree = first[first.index("Tree=0") : first.index("end of trees")]
    bare = "Tree=1\nnum_leaves=1\nnum_cat=0\nleaf_value=0.2\nleaf_count=100\nis_linear=0\nshrinkage=1\n\n\n"
    last = tree.replace("Tree=0", "Tree=2").replace("0.1 0.1 0.1", "0.3 0.3 0.3")
    text = first.replace(tree, tree + bare + last).replace("Tree=0", "feature_infos=[0:1] [0:1]\n\nTree=0", 1)
    for texts in ([text], [boost(seed, trees=40, num_leaves=15).model_to_string() for seed in range(3)]):
        rows = awkward(2000, 11)[:, : 2 if len(texts) == 1 else 6]
        members = [lgb.Booster(model_str=one).predict(rows, raw_score=True) for one in texts]
        assert log_odds(prepare(texts), rows).tobytes() == np.stack(members).T.tobytes()
