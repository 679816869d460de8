"""The whole road, facts -> matrix -> score -> SHAP -> rank -> intervals -> list, by step, against plain libraries.

    python tests/benchmarks/bench_road.py --enterprises 10000 100000 1000000 --rival-up-to 100000 --write FOLDER

The rival is what an analyst writes with pandas, shap and scipy: the same facts, the same boosters, the same number of
draws and the main quotas of the same list. It is spared some of the road: it computes some thirty features with
pandas and is given the matrix that the boosters need, and it neither explains its points nor saves anything.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from measure import Contender, machine, markdown, publish, ratio, run_in_turns, tell

from data.refusal import Refusal
from data.settings import Settings
from data.store import Store
from data.synthetic_country import AS_OF, create_country

EDITION = "changning-2026"
TAUGHT_ON = 3_000
BAG = 20
DRAWS = 100


class Clock:
    """Seconds by step, by the wall clock and of the processors; an outer step's clock stands while an inner one runs.

    On a busy machine only the processors' seconds mean something.
    """

    def __init__(self) -> None:
        self.seconds: dict[str, list[float]] = {}
        self._open: list[str] = []
        self._since = time.perf_counter(), time.process_time()

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Count what happens within to `name`."""
        self._turn()
        self._open.append(name)
        try:
            yield
        finally:
            self._turn()
            self._open.pop()

    def watch(self, owner: Any, attribute: str, name: str) -> None:
        """Count every call of `owner.attribute` to `name`."""
        inner: Callable[..., Any] = getattr(owner, attribute)

        def watched(*values: Any, **named: Any) -> Any:
            with self.step(name):
                return inner(*values, **named)

        setattr(owner, attribute, watched)

    def _turn(self) -> None:
        now = time.perf_counter(), time.process_time()
        if self._open:
            told = self.seconds.setdefault(self._open[-1], [0.0, 0.0])
            told[:] = [told[0] + now[0] - self._since[0], told[1] + now[1] - self._since[1]]
        self._since = now


def settings_of(work: Path, enterprises: int) -> Settings:
    """One home for each size, one registry for all: the model is taught once."""
    return Settings(home=work / f"home{enterprises}", mlruns=work / "mlruns", database_url="", mlflow_tracking_uri="")


def prepare(work: Path, enterprises: int) -> None:
    """Facts, a model (once), and what the rival is given; nothing of it is on the clock."""
    settings = settings_of(work, enterprises)
    store = Store(settings)
    if store.batches().empty:
        create_country(store, enterprises)
    from features.catalog import catalogue
    from features.matrix import build_matrix
    from models.registry import Registry
    from models.training import train
    from scoring.scores.voices import refuse_other_features

    registry, known = Registry(settings), catalogue(store)
    if enterprises == TAUGHT_ON:
        try:
            refuse_other_features(registry.load("growth"), known)
        except (AttributeError, Refusal):  # none yet, or features are computed otherwise since
            train(store, settings, "growth", bag=BAG, actor="bench")
        return
    # a model is known by its event in a home's ledger; its files lie in the registry that all sizes share
    taught = Store(settings_of(work, TAUGHT_ON)).ledger.replay(kind="model_registered")[-1]
    if taught.payload not in [event.payload for event in store.ledger.replay(kind="model_registered")]:
        store.ledger.append(taught.subject, taught.kind, "bench", taught.payload)
    model = registry.load("growth")
    assert model is not None
    assert model.bag.trees is not None
    given = work / f"given{enterprises}"
    if given.exists():
        shutil.rmtree(given)
    given.mkdir()
    frame = build_matrix(store, AS_OF, known).frame
    # the rival gets what it needs of our matrix, off the clock
    np.save(given / "matrix.npy", model.bag.trees.encoding.matrix(frame))
    (given / "boosters.json").write_text(json.dumps(model.bag.trees.texts()), encoding="utf-8")


def mulu(work: Path, enterprises: int) -> None:
    """Our road: the functions that `mulu rank` and `mulu select` call, watched."""
    import models.explanation
    import scoring.scores.ranking
    import scoring.scores.voices
    import scoring.selection.directory
    from models.fitted import FittedModel
    from scoring.editions.policy import load_edition

    settings, clock = settings_of(work, enterprises), Clock()
    store, edition = Store(settings), load_edition(EDITION)
    clock.watch(scoring.scores.ranking, "build_matrix", "matrix")
    clock.watch(scoring.scores.voices, "models_of", "model loaded")
    clock.watch(FittedModel, "member_log_odds", "score (bag)")
    clock.watch(models.explanation, "contributions", "SHAP (bag)")
    clock.watch(scoring.scores.ranking, "intervals", "intervals")
    clock.watch(scoring.scores.ranking, "save", "saved")
    clock.watch(scoring.scores.ranking, "rank", "points, tracks, ranks")
    clock.watch(scoring.selection.directory, "select", "list")
    begun = time.perf_counter()
    ranking = scoring.scores.ranking.rank(store, settings, edition, AS_OF, actor="bench")
    selection = scoring.selection.directory.select(ranking, edition)
    seconds = time.perf_counter() - begun
    if ranking.mode != "blend":
        raise SystemExit("no model spoke: this would not be the whole road")
    tell(
        seconds,
        enterprises,
        steps=clock.seconds,
        listed=len(selection.members),
        processor=sum(told[1] for told in clock.seconds.values()),
    )


def plain(work: Path, enterprises: int) -> None:
    """The rival's road."""
    import lightgbm as lgb
    import shap

    settings, given, clock = settings_of(work, enterprises), work / f"given{enterprises}", Clock()
    store = Store(settings)
    matrix = np.load(given / "matrix.npy")
    boosters = [lgb.Booster(model_str=text) for text in json.loads((given / "boosters.json").read_text())]
    begun = time.perf_counter()
    with clock.step("matrix"):
        features = plain_features(store)
    with clock.step("score (bag)"):
        members = np.stack([np.asarray(booster.predict(matrix, raw_score=True)) for booster in boosters], axis=1)
    with clock.step("SHAP (bag)"):
        sum(shap.TreeExplainer(booster).shap_values(matrix) for booster in boosters) / len(boosters)
    with clock.step("points, tracks, ranks"):
        features = features.iloc[: len(members)].copy()
        card = plain_card(features)
        features["score"] = 0.6 * card.sum(axis=1) + 2.5 * members[: len(features)].mean(axis=1)
        features["rank"] = features.groupby("track")["score"].rank(ascending=False, method="first")
    with clock.step("intervals"):
        plain_intervals(features, card, members)
    with clock.step("list"):
        listed = plain_list(features)
    seconds = time.perf_counter() - begun
    tell(
        seconds,
        enterprises,
        steps=clock.seconds,
        listed=listed,
        processor=sum(told[1] for told in clock.seconds.values()),
    )


def plain_features(store: Store) -> pd.DataFrame:
    """Some thirty features with pandas: the latest version of every fact, a merge for every year back, peers."""

    def read(table: str, key: list[str]) -> pd.DataFrame:
        frame = pd.concat([pd.read_parquet(path) for path in store.files(table)], ignore_index=True)
        frame = frame[pd.to_datetime(frame["known_on"]) <= pd.Timestamp(AS_OF)]
        frame = frame.sort_values(["known_on", "batch_id"])
        return frame.drop_duplicates(["enterprise_id", *key], keep="last")

    firms = read("enterprises", [])[["enterprise_id", "industry_code", "street", "ownership", "established_on"]]
    reports = read("reports", ["period_end", "period_months"])
    reports["year"] = pd.to_datetime(reports["period_end"]).dt.year
    figures = [
        "revenue_cny", "net_profit_cny", "total_assets_cny", "employees", "insured_employees", "rd_expense_cny",
        "rd_staff", "invention_patents", "district_insured_employees", "graduates_hired",
    ]  # fmt: skip
    last = reports.groupby("enterprise_id")["year"].max().rename("last")
    reports = reports.merge(last, on="enterprise_id")
    frame = firms.set_index("enterprise_id")
    for back in range(4):
        year = reports[reports["year"] == reports["last"] - back].set_index("enterprise_id")[figures]
        frame = frame.join(year.add_suffix(f"_{back}"))
    for name in ("revenue_cny", "employees", "insured_employees", "rd_expense_cny"):
        frame[f"{name}_growth"] = frame[f"{name}_0"] / frame[f"{name}_1"] - 1
        frame[f"{name}_cagr"] = (frame[f"{name}_0"] / frame[f"{name}_3"]) ** (1 / 3) - 1
    frame["margin"] = frame["net_profit_cny_0"] / frame["revenue_cny_0"]
    frame["rd_intensity"] = frame["rd_expense_cny_0"] / frame["revenue_cny_0"]
    frame["rd_share"] = frame["rd_staff_0"] / frame["employees_0"]
    frame["productivity"] = frame["revenue_cny_0"] / frame["employees_0"]
    frame["age"] = 2026.5 - pd.to_datetime(frame["established_on"]).dt.year
    for table, column in (
        ("recognitions", "granted_on"),
        ("investments", "closed_on"),
        ("integrity_events", "listed_on"),
    ):
        counted = read(table, [column]).groupby("enterprise_id").size()
        frame[table] = counted.reindex(frame.index).fillna(0)
    frame["division"] = frame["industry_code"].str[:2]
    frame["size"] = np.select([frame["employees_0"] >= 300, frame["employees_0"] >= 10], ["large", "small"], "micro")
    for name in ("revenue_cny_0", "revenue_cny_growth", "revenue_cny_cagr", "productivity", "rd_intensity"):
        frame[f"{name}_rank"] = frame.groupby(["division", "size"])[name].rank(pct=True)
    tracks = [frame["size"] == "large", frame["division"].isin(["65", "64", "56", "66"]), frame["rd_intensity"] >= 0.03]
    frame["track"] = np.select(tracks, ["scale", "key", "innovative"], "start-ups")
    return frame


def plain_card(frame: pd.DataFrame) -> pd.DataFrame:
    """Points by band for fifteen features."""
    names = [name for name in frame.columns if name.endswith(("_growth", "_cagr", "_rank", "_share", "margin"))][:15]
    return pd.DataFrame(
        {name: pd.cut(frame[name], [-np.inf, 0, 0.05, 0.15, 0.5, np.inf], labels=False).fillna(0) for name in names}
    )


def plain_intervals(frame: pd.DataFrame, card: pd.DataFrame, members: np.ndarray) -> None:
    """Ranks under so many other weights and members of the bag, and their percentiles."""
    rng = np.random.default_rng(0)
    ranks = {}
    for draw in range(DRAWS):
        weights = rng.uniform(0.8, 1.2, card.shape[1])
        score = 0.6 * (card * weights).sum(axis=1) + 2.5 * members[: len(frame), draw % members.shape[1]]
        ranks[draw] = score.groupby(frame["track"]).rank(ascending=False, method="first")
    table = pd.DataFrame(ranks)
    table.quantile([0.05, 0.95], axis=1)


def plain_list(frame: pd.DataFrame) -> int:
    """The list by scipy's milp over everyone: 200 places, tracks, small and micro, streets, industries."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    score = frame["score"].fillna(0).to_numpy()
    rows, low, high = [np.ones(len(frame))], [0], [200]
    for track, least, most in (("scale", 20, 60), ("key", 40, 80), ("innovative", 40, 80), ("start-ups", 10, 30)):
        rows.append((frame["track"] == track).to_numpy(dtype=float))
        low.append(least)
        high.append(most)
    rows.append((frame["size"] != "large").to_numpy(dtype=float) - 0.3)
    low.append(0)
    high.append(np.inf)
    for street in frame["street"].dropna().unique():
        rows.append((frame["street"] == street).to_numpy(dtype=float))
        low.append(5)
        high.append(np.inf)
    for division in frame["division"].dropna().unique():
        rows.append((frame["division"] == division).to_numpy(dtype=float))
        low.append(0)
        high.append(60)
    found = milp(
        -score,
        integrality=np.ones(len(frame)),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(np.array(rows), low, high),
    )
    return round(float(found.x.sum()))


def report(contenders: dict[int, list[Contender]], repeats: int) -> str:
    """The tables: whole roads, then steps."""
    whole: list[list[object]] = []
    for enterprises, found in contenders.items():
        for one in found:
            busy = float(np.median([told["processor"] for told in one.told]))
            ours = float(np.median([told["processor"] for told in found[0].told]))
            faster = ["", ""] if one is found[0] else [f"{ratio(one, found[0]):.0f} x", f"{busy / ours:.0f} x"]
            each = f"{1e6 * busy / enterprises:.0f}"
            cells = [f"{enterprises:,}", one.name, f"{one.seconds:.1f}", f"{busy:.1f}", each, *faster]
            whole.append([*cells, f"{one.peak_mib:,.0f}"])
    heads = ["enterprises", "by", "seconds", "processor seconds", "processor microseconds per enterprise"]
    heads += ["mulu is faster by (wall)", "by (processor)", "peak MiB"]
    text = f"Medians of {repeats}, {machine()}.\n\n{markdown(heads, whole)}\n"
    for enterprises, found in contenders.items():
        steps = {one.name: _by_step(one) for one in found}
        names = list(dict.fromkeys(name for of_one in steps.values() for name in of_one))
        longest = max(steps["mulu"], key=lambda name: steps["mulu"][name][1])
        lines = [
            [name, *(cell for of_one in steps.values() for cell in of_one.get(name, ["-", "-"]))] for name in names
        ]
        text += f"{enterprises:,} enterprises by step (mulu's longest: {longest}):\n\n"
        text += (
            markdown(["step", *(f"{name}, {what}" for name in steps for what in ("s", "processor s"))], lines) + "\n"
        )
    return text


def _by_step(one: Contender) -> dict[str, list[float]]:
    """Median wall and processor seconds of each step."""
    names = one.told[0]["steps"]
    return {name: np.median([told["steps"][name] for told in one.told], axis=0).round(2).tolist() for name in names}


def main() -> None:
    """Run all sizes, or be one contender."""
    warnings.simplefilter("ignore")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--enterprises", type=int, nargs="+", default=[10_000, 100_000], help="not 3000")
    parser.add_argument("--rival-up-to", type=int, default=10_000)
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--work", type=Path, default=Path("/tmp/mulu-bench-road"), help="where stores are kept")
    parser.add_argument("--write", type=Path)
    parser.add_argument("--only", choices=["prepare", "mulu", "plain"], help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.only:
        {"prepare": prepare, "mulu": mulu, "plain": plain}[asked.only](asked.work, asked.enterprises[0])
        return
    found: dict[int, list[Contender]] = {}
    asked.work.mkdir(parents=True, exist_ok=True)
    prepare(asked.work, TAUGHT_ON)
    for enterprises in asked.enterprises:
        command = [sys.executable, __file__, "--work", str(asked.work), "--enterprises", str(enterprises), "--only"]
        prepare(asked.work, enterprises)
        found[enterprises] = [Contender("mulu", [*command, "mulu"])]
        if enterprises <= asked.rival_up_to:
            found[enterprises].append(Contender("pandas, shap, milp", [*command, "plain"]))
        run_in_turns(found[enterprises], asked.repeats)
    publish("road", report(found, asked.repeats), asked.write)


if __name__ == "__main__":
    main()
