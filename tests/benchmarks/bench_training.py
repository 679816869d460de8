"""Retraining on 20,000 labelled rows: temporal validation, calibration and a bag of twenty, against a loop of fits.

    python tests/benchmarks/bench_training.py [--rows 20000] [--repeats 3] [--out FOLDER]

Both validate in time as a training does, on enterprises never taught and on all of a later date, with early stopping
inside the training rows, calibrate on what was said of rows not taught, and fit twenty bootstraps by enterprise. Ours
grows each booster of the validation once, which settles the others' numbers of trees, puts rows into bins once for the
whole bag, and shares members out over the cores. The rival is what one writes with scikit-learn's interface of the same
library, the same recipe and the same divisions: a fit of its own for every fold, division and member, early stopping in
each, all cores in each.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from measure import Contender, machine, markdown, publish, ratio, run_in_turns, tell, timed

from models import calibration
from models.candidates import learners
from models.checkpoint import Checkpoint
from models.classifier import PATIENCE, Recipe, bootstrap_weights
from models.evaluation import roc_auc
from models.refit import refit
from models.splits import Panel, plan
from models.stopping import School, kept_back
from models.validation import judge

SEED, BAG, COLUMNS = 20200424, 20, 60
DAYS = [np.datetime64(f"{year}-05-01") for year in (2021, 2022, 2023, 2024)]


def drawn(rows: int) -> Panel:
    """Enterprises at four dates with sixty features, a fifth unknown, one a category; a tenth of them decide."""
    draw = np.random.default_rng(SEED)
    enterprises = rows // len(DAYS)
    rows = enterprises * len(DAYS)
    values = draw.normal(size=(rows, COLUMNS))
    drive = values[:, :6] @ draw.normal(size=6) + 0.5 * values[:, 0] * values[:, 1] - 1
    values[draw.random(values.shape) < 0.2] = np.nan
    frame = pd.DataFrame(values, columns=[f"f{i}" for i in range(COLUMNS)])
    frame["industry"] = pd.Categorical(draw.choice([f"i{i}" for i in range(20)], rows))
    label = (draw.random(rows) < 1 / (1 + np.exp(-drive))).astype(float)
    as_of = np.repeat(np.array(DAYS), enterprises)
    names = np.tile(np.array([f"E{i:05d}" for i in range(enterprises)], dtype=object), len(DAYS))
    about = pd.DataFrame({"revenue_cny": np.exp(values[:, 2]), "size_class": "small"})
    return Panel(frame, about, names, as_of, as_of + np.timedelta64(120, "D"), label)


def ours(panel: Panel) -> float:
    """The product's own way; ROC-AUC on rows not taught."""
    made = plan(panel, group_by=None, seed=SEED)
    school = School(panel, Recipe(), SEED, made.group)
    with tempfile.TemporaryDirectory() as folder:
        kept = Checkpoint(Path(folder), {})
        trees = {"trees": learners(school)["trees"]}
        judged = judge(panel, made.quoted, trees, kept, name="quoted", with_baselines=False)
        calibration.fit(judged.scores["trees"], panel.label[judged.rows])
        judge(panel, made.follow, trees, kept, name="follow", with_baselines=False)
        fitted = refit(school, "trees", {}, BAG, 0, kept, lambda _done: None, refits=0)
    if fitted.bag.members != BAG:
        raise SystemExit("the bag is not whole")
    return roc_auc(panel.label[judged.rows], judged.scores["trees"])


def loop(panel: Panel) -> float:
    """A fit for everything; ROC-AUC on rows not taught."""
    import lightgbm as lgb
    from sklearn.isotonic import IsotonicRegression

    recipe = Recipe()

    def learner(trees: int) -> lgb.LGBMClassifier:
        return lgb.LGBMClassifier(
            n_estimators=trees,
            num_leaves=recipe.leaves,
            learning_rate=recipe.rate,
            min_child_samples=recipe.min_child,
            colsample_bytree=recipe.colsample,
            reg_lambda=recipe.l2,
            max_bin=recipe.bins,
            extra_trees=recipe.extra_trees,
            random_state=SEED,
            verbosity=-1,
        )

    def stopped(rows: np.ndarray, kept: np.ndarray, weights: np.ndarray | None = None) -> lgb.LGBMClassifier:
        return learner(recipe.trees).fit(
            panel.frame.iloc[rows],
            panel.label[rows],
            sample_weight=None if weights is None else weights[rows],
            eval_set=[(panel.frame.iloc[kept], panel.label[kept])],
            callbacks=[lgb.early_stopping(PATIENCE, verbose=False)],
        )

    scores, labels = [], []
    made = plan(panel, group_by=None, seed=SEED)
    for fold in (*made.quoted, *made.follow):
        counts = [stopped(here, there).best_iteration_ for here, there in kept_back(panel, fold.train, made.group)]
        model = learner(round(np.mean(counts))).fit(panel.frame.iloc[fold.train], panel.label[fold.train])
        scores.append(model.predict(panel.frame.iloc[fold.test], raw_score=True))
        labels.append(panel.label[fold.test])
    quoted = slice(len(made.quoted))
    found, seen = np.concatenate(scores[quoted]), np.concatenate(labels[quoted])
    IsotonicRegression(out_of_bounds="clip").fit(found, seen)
    for member in range(BAG):
        weights = bootstrap_weights(panel.enterprise, SEED, member)
        stopped(np.flatnonzero(weights), np.flatnonzero(weights == 0), weights)
    return roc_auc(seen, found)


def main() -> None:
    """Measure both, or be one of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--contender", choices=["ours", "loop"])
    asked = parser.parse_args()
    if asked.contender:
        warnings.simplefilter("ignore")
        panel = drawn(asked.rows)
        seconds, area = timed(lambda: {"ours": ours, "loop": loop}[asked.contender](panel))
        tell(seconds, asked.rows, roc_auc=round(area, 4))
        return
    here = [sys.executable, __file__, "--rows", str(asked.rows), "--contender"]
    mine, theirs = Contender("mulu", [*here, "ours"]), Contender("loop of fits", [*here, "loop"])
    run_in_turns([mine, theirs], asked.repeats)
    rows = [
        [one.name, f"{one.seconds:.1f}", f"{one.peak_mib:.0f}", one.told[0]["roc_auc"], f"{ratio(one, mine):.1f}"]
        for one in (mine, theirs)
    ]
    head = f"# Retraining on {asked.rows:,} labelled rows\n\n{machine()}; median of {asked.repeats}; drawn data.\n\n"
    table = markdown(["", "seconds", "peak MiB", "ROC-AUC (drawn data)", "times ours"], rows)
    publish("training", head + table, asked.out)


if __name__ == "__main__":
    main()
