"""What each factor of the catalogue adds on the two real reference tasks: left out, and on its own.

    python tests/benchmarks/ablation.py --task t1 --task t2 --page features/ABLATION.md

T1: A-share fast growth, provinces kept apart. T2: the S&P 500 committee, trained on lists decided by 1996, tested on
later lists of other companies. Same folds for every row; the difference to the whole catalogue comes with a 95 %
interval from a paired bootstrap that draws enterprises. One JSON line for each row as it is done; with `--page`, all of
them as a Markdown page.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import lightgbm as lgb
import numpy as np
import pandas as pd
from measure import markdown
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.model_selection import GroupKFold

from data.intake import take_in
from data.settings import Settings
from data.store import Store
from features.catalog import FACTORS, Catalogue, built_in, catalogue
from features.labels import build_labels, label_dates
from features.matrix import build_matrix
from scoring.editions.policy import editions, load_edition

MAPPINGS = Path(__file__).resolve().parent.parent / "files" / "mappings"
RECIPE = {
    "objective": "binary", "n_estimators": 300, "learning_rate": 0.03, "num_leaves": 8, "extra_trees": True,
    "min_child_samples": 20, "colsample_bytree": 0.5, "reg_lambda": 2.0, "verbose": -1, "n_jobs": 1,
}  # fmt: skip
DRAWS = 500
SEED = 20200424


class Task:
    """Rows to learn from (`frame`), labels, enterprises, groups that folds keep apart, and which rows are tested."""

    def __init__(self, store: Store, target: str, dates: list[date], group: str, trained_until: date | None) -> None:
        self.catalogue: Catalogue = catalogue(store)
        frames, labels, groups, days = [], [], [], []
        for day in dates:
            matrix = build_matrix(store, day, self.catalogue)
            label = build_labels(store, target, [day]).dropna(subset=["label"]).set_index("enterprise_id")["label"]
            known = matrix.frame.index[matrix.about["revenue_cny"].notna()].intersection(label.index)
            frames.append(matrix.frame.loc[known])
            labels.append(label.loc[known])
            named = matrix.about.loc[known, group] if group in matrix.about else pd.Series(known, index=known)
            groups.append(named.fillna("?"))
            days.append(np.full(len(known), day, dtype=object))
        frame = pd.concat(frames)
        for feature in self.catalogue:
            if feature.kind == "category":
                frame[feature.name] = frame[feature.name].astype("str").astype("category")
        self.frame, self.label = frame.loc[:, frame.notna().any()], pd.concat(labels).to_numpy()
        self.group, self.enterprise = pd.concat(groups).to_numpy(), frame.index.to_numpy()
        day_of = np.concatenate(days)
        self.teaches = np.array([trained_until is None or day <= trained_until for day in day_of])
        self.tested = np.array([trained_until is None or day > trained_until for day in day_of])

    def scores(self, names: Iterable[str], seeds: int) -> tuple[np.ndarray, pd.Series]:
        """Out-of-fold scores of the tested rows from these features, the mean over seeds, and each one's gain."""
        wanted = set(names)
        columns = [name for name in self.frame if name in wanted]
        found, gain = np.zeros(len(self.frame)), np.zeros(len(columns))
        for seed in range(seeds):
            for train, test in GroupKFold(5).split(self.frame, self.label, self.group):
                rows = train[self.teaches[train]]
                model = lgb.LGBMClassifier(**RECIPE, random_state=seed)
                model.fit(self.frame.iloc[rows][columns], self.label[rows])
                found[test] += model.predict_proba(self.frame.iloc[test][columns])[:, 1]
                gain += model.booster_.feature_importance("gain")
        return found[self.tested], pd.Series(gain / gain.sum(), index=columns)


def ashare(home: Path, folder: Path) -> Task:
    """T1 from the reports as they are, with interim reports known on 1 May 2016."""
    store = Store(Settings(home=home))
    for path in sorted(folder.glob("report_*201[45]_*.csv")):
        kind = path.stem.removeprefix("report_")[:-6]
        _take(store, path, f"ashare-{kind}")
    _take(store, folder / "stock_basics.csv", "ashare-basics")
    revenue = {
        period: pd.read_csv(folder / f"report_profit{period}.csv", dtype={"code": str})
        .drop_duplicates("code")
        .set_index("code")["business_income"]
        for period in ("2016_2", "2015_2", "2015_4", "2014_4")
    }
    known = pd.DataFrame(revenue).dropna()
    known = known[known["2015_2"] > 1]
    grew = (known["2016_2"] >= 1.3 * known["2015_2"]).astype(int)
    outcomes = pd.DataFrame(
        {"code": known.index, "as_of": "2016-05-01", "known_on": "2016-08-31", "value": grew.to_numpy()}
    )
    outcomes.to_csv(home / "outcomes.csv", index=False)
    _take(store, home / "outcomes.csv", "ashare-outcome")
    return Task(store, "outcome:fast_growth", [date(2016, 5, 1)], "region", None)


def committee(home: Path, folder: Path) -> Task:
    """T2 from the yearly figures and lists, without the forward-looking citations."""
    store = Store(Settings(home=home))
    source = folder / "InstInnovation.csv"
    lists = pd.read_csv(source, usecols=["company", "year", "sp500"])
    lists["as_of"] = lists["year"].astype(str) + "-05-01"
    lists["decided_on"] = lists["year"].astype(str) + "-12-31"
    lists.to_csv(home / "lists.csv", index=False)
    _take(store, source, "instinnovation")
    _take(store, home / "lists.csv", "instinnovation-list")
    return Task(store, "listing", label_dates(store, "listing"), "enterprise_id", date(1996, 5, 1))


def _take(store: Store, path: Path, mapping: str) -> None:
    taken = take_in(store, path, mapping=MAPPINGS / f"{mapping}.yaml", table=None, known_on=None, actor="bench")
    if taken.batch_id is None:
        raise SystemExit(f"{path.name} was not taken in: {[finding.code for finding in taken.findings][:5]}")


def paired_interval(label: np.ndarray, one: np.ndarray, other: np.ndarray, enterprise: np.ndarray) -> list[float]:
    """95 % interval of the difference in ROC-AUC (one less other), drawing enterprises with all their rows."""
    rng = np.random.default_rng(SEED)
    codes, names = pd.factorize(enterprise)
    rows_of = np.split(np.argsort(codes, kind="stable"), np.cumsum(np.bincount(codes))[:-1])
    differences = []
    for _ in range(DRAWS):
        rows = np.concatenate([rows_of[code] for code in rng.integers(0, len(names), len(names))])
        differences.append(roc_auc_score(label[rows], one[rows]) - roc_auc_score(label[rows], other[rows]))
    return [round(float(bound), 4) for bound in np.quantile(differences, [0.025, 0.975])]


def ablate(name: str, task: Task, seeds: int) -> tuple[list[dict[str, Any]], pd.Series]:
    """The whole catalogue's figures, then each factor left out and on its own: rows of the table, told as they come.

    With them each feature's share (0..1) of the whole model's gain.
    """
    label, enterprise = task.label[task.tested], task.enterprise[task.tested]
    present = [feature for feature in task.catalogue if feature.name in task.frame]
    whole, gain = task.scores([feature.name for feature in present], seeds)
    rows: list[dict[str, Any]] = []

    def told(row: str, scores: np.ndarray, features: int) -> None:
        line = {"task": name, "row": row, "features": features, "n": len(label), "enterprises": len(set(enterprise)),
                "auc": round(float(roc_auc_score(label, scores)), 4),
                "ap": round(float(average_precision_score(label, scores)), 4)}  # fmt: skip
        if scores is not whole:
            line["auc_less_whole"] = round(float(line["auc"]) - rows[0]["auc"], 4)
            line["interval"] = paired_interval(label, scores, whole, enterprise)
        rows.append(line)
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()

    told("whole", whole, len(present))
    for factor in FACTORS:
        mine = [feature.name for feature in present if feature.factor == factor]
        others = [feature.name for feature in present if feature.factor != factor]
        if mine and others:
            told(f"without {factor}", task.scores(others, seeds)[0], len(others))
            told(f"only {factor}", task.scores(mine, seeds)[0], len(mine))
    return rows, gain


TITLES = {
    "t1": "T1: which A-share companies grow fast (data `ashare`, reports of 2014 and 2015; provinces kept apart)",
    "t2": "T2: whom the S&P 500 committee lists (data `instinnovation`; taught by 1996, tested later on others)",
}


def page(rows: Sequence[dict[str, Any]], gains: Mapping[str, pd.Series], seeds: int) -> str:
    """The tables of all tasks as `features/ABLATION.md`."""
    features = len(built_in())
    lines = [
        "# What each factor adds",
        "",
        f"Measured on {date.today().isoformat()} with the {features} features of the catalogue by",
        f"`tests/benchmarks/ablation.py` (seeds 0 to {seeds - 1}; intervals from {DRAWS} draws with seed {SEED}).",
        "Real data, one plain LightGBM recipe without search, the same folds for every row: the tables compare groups",
        "of features with one another; what the product's models reach is measured elsewhere. A negative difference",
        "says that the model does worse without the factor; an interval that holds 0, that the data cannot tell.",
        "Features without data here are neither proved nor disproved: they hold what article 10 and the editions ask",
        "of an office's own files (insured jobs, certificates, talent, integrity), which no public data set has. A",
        "model is taught only the features that have values in the data at hand.",
    ]
    headings = ["row", "features", "ROC-AUC", "AP", "difference to the whole", "95 % interval"]
    for task, title in TITLES.items():
        mine = [row for row in rows if row["task"] == task]
        if not mine:
            continue
        lines += ["", f"## {title}", "", f"{mine[0]['n']} rows of {mine[0]['enterprises']} enterprises are tested.", ""]
        cells = [
            [row["row"], row["features"], f"{row['auc']:.3f}", f"{row['ap']:.3f}",
             f"{row['auc_less_whole']:+.3f}" if "interval" in row else "",
             f"{row['interval'][0]:+.3f} to {row['interval'][1]:+.3f}" if "interval" in row else ""]
            for row in mine
        ]  # fmt: skip
        lines.append(markdown(headings, cells).rstrip("\n"))
    return "\n".join([*lines, *_earning(gains)]) + "\n"


def _earning(gains: Mapping[str, pd.Series]) -> list[str]:
    """What each feature rests on: the editions that name it, its share of each task's gain."""
    named = {feature: name for name in reversed(editions()) for feature in load_edition(name).features}
    rows = [
        [f"`{one.name}`", one.factor, named.get(one.name, ""),
         *(f"{gain[one.name]:.1%}" if one.name in gain else "no data" for gain in gains.values())]
        for one in built_in()
    ]  # fmt: skip
    told = "What each feature rests on: an edition that names it, and its share of the whole model's gain."
    headings = ["feature", "factor", "edition", *(f"gain in {name.upper()}" for name in gains)]
    return ["", "## Feature by feature", "", told, "", markdown(headings, rows).rstrip("\n")]


def main() -> None:
    """Run the tasks asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--task", action="append", choices=["t1", "t2"], required=True)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--page", type=Path, help="write the table there")
    asked = parser.parse_args()
    datasets = Settings().datasets
    rows: list[dict[str, Any]] = []
    gains: dict[str, pd.Series] = {}
    for name in asked.task:
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder)
            task = ashare(home, datasets / "ashare") if name == "t1" else committee(home, datasets / "instinnovation")
            told, gains[name] = ablate(name, task, asked.seeds)
            rows += told
    if asked.page is not None:
        asked.page.write_text(page(rows, gains, asked.seeds), encoding="utf-8")


if __name__ == "__main__":
    main()
