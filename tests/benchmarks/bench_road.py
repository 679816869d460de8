"""The whole road, facts -> matrix -> score -> SHAP -> rank -> intervals -> list, by step, against plain libraries.

    python tests/benchmarks/bench_road.py --enterprises 10000 100000 1000000 --rival-up-to 100000 --write FOLDER

Ours is what `mulu bench road` travels, on DuckDB and, where asked (`--spark-up-to`), on a local Spark: the rankings
must be the same to the last byte. The rival is what an analyst writes with pandas, shap and scipy: the same facts, the
same boosters, the same number of draws and the main quotas of the same list. It is spared some of the road: it
computes some sixty columns with pandas and is given the matrix that the boosters need, and it neither explains its
points nor saves anything. Its scores and SHAP values must be ours.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from measure import ROOT, Contender, machine, markdown, publish, ratio, record, run_in_turns, tell

from data.store import Store
from data.synthetic_country import AS_OF
from scoring.road import Clock, home_of, prepare, travel

DRAWS = 100
MILP_SECONDS = 120.0
"""Seconds after which the rival's milp is to stop with the best list that it has (`time_limit`)."""

GRACE = 60.0
"""Seconds after which a milp that does not heed its limit is ended."""

CHECKED = 500
"""Enterprises whose scores and SHAP values are compared."""


def give(work: Path, enterprises: int) -> None:
    """What the rival is given, off the clock: the matrix that the boosters need, the boosters, and our answers."""
    settings, given = prepare(work, enterprises), work / f"given{enterprises}"
    from features.catalog import catalogue
    from features.matrix import build_matrix
    from models.explanation import contributions
    from models.registry import Registry

    model, store = Registry(settings).load("growth"), Store(settings)
    assert model is not None
    assert model.bag.trees is not None
    shutil.rmtree(given, ignore_errors=True)
    given.mkdir()
    frame = build_matrix(store, AS_OF, catalogue(store)).frame
    np.save(given / "matrix.npy", model.bag.trees.encoding.matrix(frame))
    (given / "boosters.json").write_text(json.dumps(model.bag.trees.texts()), encoding="utf-8")
    np.save(given / "scores.npy", model.member_log_odds(frame)[:CHECKED])
    np.save(given / "shap.npy", contributions(model, frame)[0].to_numpy()[:CHECKED])


def mulu(work: Path, enterprises: int, engine: str) -> None:
    """Our road."""
    told = travel(home_of(work, enterprises), enterprises, engine)
    tell(
        told.seconds,
        enterprises,
        steps={key: [step.seconds, step.processor, step.peak_mib] for key, step in told.steps.items()},
        processor=told.processor,
        peak_mib=round(told.peak_mib),
        beside=told.beside_mib,
        ranking=told.ranking,
        selection=told.selection,
        longest=told.longest,
    )


def plain(work: Path, enterprises: int) -> None:
    """The rival's road."""
    import lightgbm as lgb
    import shap

    store, given, clock = Store(home_of(work, enterprises)), work / f"given{enterprises}", Clock()
    matrix = np.load(given / "matrix.npy")
    boosters = [lgb.Booster(model_str=text) for text in json.loads((given / "boosters.json").read_text())]
    clock(0.0, "cli-progress-matrix")
    features = plain_features(store)
    clock(0.1, "cli-progress-scores")
    members = np.stack([np.asarray(booster.predict(matrix, raw_score=True)) for booster in boosters], axis=1)
    clock(0.2, "cli-progress-shap")
    parts = np.asarray(sum(shap.TreeExplainer(booster).shap_values(matrix) for booster in boosters)) / len(boosters)
    clock(0.8, "cli-progress-points")
    features = features.iloc[: len(members)].copy()
    card = plain_card(features)
    features["score"] = 0.6 * card.sum(axis=1) + 2.5 * members[: len(features)].mean(axis=1)
    features["rank"] = features.groupby("track")["score"].rank(ascending=False, method="first")
    clock(0.8, "cli-progress-intervals")
    plain_intervals(features, card, members)
    clock(0.9, "cli-progress-select")
    said = plain_list_in_time(features, given)
    clock.stop()
    apart = [np.abs(np.load(given / f"{name}.npy") - own[:CHECKED]).max() for name, own in
             (("scores", members), ("shap", parts))]  # fmt: skip
    if max(apart) > 1e-5:
        raise SystemExit(f"the contenders differ: scores by {apart[0]:.1e}, SHAP values by {apart[1]:.1e}")
    steps = {key: [step.seconds, step.processor, step.peak_mib] for key, step in clock.steps.items()}
    seconds, processor = (sum(step[at] for step in steps.values()) for at in (0, 1))
    peak = round(max(step[2] for step in steps.values()))
    tell(
        seconds,
        enterprises,
        steps=steps,
        processor=processor,
        peak_mib=peak,
        beside=0,
        apart=max(apart),
        remark=said,
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


def plain_list_in_time(frame: pd.DataFrame, given: Path) -> str:
    """What milp says of the list, in a process that can be ended."""
    frame[["score", "track", "size", "street", "division"]].to_parquet(given / "candidates.parquet")
    command = [sys.executable, __file__, "--only", "milp", "--work", str(given)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=MILP_SECONDS + GRACE)
    except subprocess.TimeoutExpired:
        return f"nothing: it did not heed its limit and was ended after {MILP_SECONDS + GRACE:.0f} s, without a list"
    return done.stdout.strip().splitlines()[-1]


def plain_list(frame: pd.DataFrame) -> str:
    """The list by scipy's milp over everyone: 200 places, tracks, small and micro, streets, industries; its word."""
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
        options={"time_limit": MILP_SECONDS},
    )
    return f"{found.message} {0 if found.x is None else round(float(found.x.sum()))} places."


def report(found: dict[int, list[Contender]], repeats: int) -> str:
    """The tables: whole roads, then steps, and the next bottleneck."""
    whole: list[list[object]] = []
    for enterprises, contenders in found.items():
        ours = contenders[0]
        for one in contenders:
            busy = [float(np.median([told["processor"] for told in each.told])) for each in (one, ours)]
            faster = ["", ""] if one is ours else [f"{ratio(one, ours):.1f} x", f"{busy[0] / busy[1]:.1f} x"]
            beside = max(told["beside"] for told in one.told)
            peak = f"{one.peak_mib:,.0f}" + (f" + {beside:,.0f}" if beside else "")
            cells = [f"{enterprises:,}", one.name, f"{one.seconds:.1f}", f"{busy[0]:.1f}"]
            whole.append([*cells, f"{1e6 * one.seconds / enterprises:.0f}", *faster, peak])
    heads = ["enterprises", "by", "seconds", "processor seconds", "microseconds per enterprise"]
    heads += ["mulu is faster by (wall)", "by (processor)", "peak MiB"]
    text = (
        f"Medians of {repeats}, {machine()}. Peaks: the process, and beside it Spark's.\n\n{markdown(heads, whole)}\n"
    )
    for enterprises, contenders in found.items():
        steps = {one.name: _by_step(one) for one in contenders}
        names = list(dict.fromkeys(name for of_one in steps.values() for name in of_one))
        lines = [
            [name.removeprefix("cli-progress-"), *(cell for own in steps.values() for cell in own.get(name, ["-"] * 3))]
            for name in names
        ]
        longest = contenders[0].told[-1]["longest"].removeprefix("cli-progress-")
        text += f"{enterprises:,} enterprises by step; mulu's next bottleneck: {longest}.\n\n"
        heads = ["step", *(f"{name}: {what}" for name in steps for what in ("s", "processor s", "peak MiB"))]
        text += markdown(heads, lines) + "\n"
        for one in contenders:
            if remark := one.told[-1].get("remark"):
                text += f"{one.name}, {enterprises:,}: scipy's milp (at most {MILP_SECONDS:.0f} s) said: {remark}\n\n"
    return text


def _by_step(one: Contender) -> dict[str, list[str]]:
    """Median wall and processor seconds and the highest peak of each step."""
    table = {}
    for name in one.told[0]["steps"]:
        seconds, processor, peak = zip(*(told["steps"][name] for told in one.told), strict=True)
        table[name] = [f"{np.median(seconds):.2f}", f"{np.median(processor):.2f}", f"{max(peak):,.0f}"]
    return table


def same(contenders: Sequence[Contender]) -> None:
    """Stop unless every engine gave the same ranking and the same list, byte for byte."""
    told = {(one["ranking"], one["selection"]) for each in contenders for one in each.told if "ranking" in one}
    if len(told) > 1:
        raise SystemExit(f"the engines differ: {sorted(told)}")


def main() -> None:
    """Run all sizes, or be one contender."""
    warnings.simplefilter("ignore")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--enterprises", type=int, nargs="+", default=[10_000, 100_000], help="more than 3000 each")
    parser.add_argument("--rival-up-to", type=int, default=10_000)
    parser.add_argument("--spark-up-to", type=int, default=0)
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument(
        "--work", type=Path, default=Path(tempfile.gettempdir()) / "mulu-bench-road", help="where stores are kept"
    )
    parser.add_argument("--write", type=Path)
    parser.add_argument("--only", choices=["give", "duckdb", "spark", "plain", "milp"], help=argparse.SUPPRESS)
    asked = parser.parse_args()
    size = asked.enterprises[0]
    if asked.only == "give":
        give(asked.work, size)
    elif asked.only == "milp":
        sys.stdout.write(plain_list(pd.read_parquet(asked.work / "candidates.parquet")) + "\n")
    elif asked.only == "plain":
        plain(asked.work, size)
    elif asked.only:
        mulu(asked.work, size, asked.only)
    if asked.only:
        return
    found: dict[int, list[Contender]] = {}
    asked.work.mkdir(parents=True, exist_ok=True)
    for enterprises in asked.enterprises:
        command = [sys.executable, __file__, "--work", str(asked.work), "--enterprises", str(enterprises), "--only"]
        prepare(asked.work, enterprises)
        found[enterprises] = [Contender("mulu", [*command, "duckdb"])]
        if enterprises <= asked.spark_up_to:
            found[enterprises].append(Contender("mulu on Spark", [*command, "spark"]))
        if enterprises <= asked.rival_up_to:
            subprocess.run([*command, "give"], check=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
            found[enterprises].append(Contender("pandas, shap, milp", [*command, "plain"]))
        run_in_turns(found[enterprises], asked.repeats)
        same(found[enterprises])
        for rival in found[enterprises][1:]:
            record(f"the road, {enterprises:,} enterprises", found[enterprises][0], rival)
    publish("road", report(found, asked.repeats), asked.write)


if __name__ == "__main__":
    main()
