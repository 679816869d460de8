"""Exact TreeSHAP in batch against shap.TreeExplainer and woodelf, each as its documentation says.

    python tests/benchmarks/bench_tree_shap.py --rows 1000000 --repeats 3 --write tests/benchmarks/results

Models: one booster of 200 trees x 15 leaves, one of 300 x 31, and a bag of 20 boosters of 300 trees x 8 leaves. Rows
hold 30 numbers, a tenth of them missing. shap gets `--rival-rows` rows (by default as many) and the bag's rivals a
tenth of these, since its cost is proportional to rows; woodelf gets all rows of the first model. Ratios are per row.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
import warnings
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from measure import Contender, machine, markdown, publish, ratio, record, run_in_turns, tell, timed

FEATURES = 30
MODELS = {"200 trees x 15 leaves": (1, 200, 15), "300 x 31": (1, 300, 31), "bag of 20, 300 x 8": (20, 300, 8)}
BUDGETED = "200 trees x 15 leaves"
CHECKED = 500
"""Rows on which every contender's values are compared with shap's."""


def rows_of(count: int, seed: int) -> np.ndarray:
    """Numbers, a tenth missing; fewer rows are the first of more, so that contenders of any size can be compared."""
    matrix = np.random.default_rng(seed).normal(size=(count, FEATURES))
    matrix[np.random.default_rng([seed, 1]).random(matrix.shape) < 0.1] = np.nan
    return matrix


def train(boosters: int, trees: int, leaves: int) -> list[str]:
    """Boosters on a target of sums, products and waves, in LightGBM's text; a bag's members see bootstrap samples."""
    import lightgbm as lgb

    matrix = rows_of(20_000, 1)
    known = np.nan_to_num(matrix)
    target = known[:, 0] + known[:, 1] * known[:, 2] + np.sin(known[:, 5:15]).sum(axis=1) > 0
    plan = {"objective": "binary", "num_leaves": leaves, "verbose": -1, "learning_rate": 0.1, "seed": 1}
    if boosters > 1:
        plan |= {"extra_trees": True}
    texts = []
    for member in range(boosters):
        drawn = np.random.default_rng(member).integers(0, len(matrix), len(matrix)) if boosters > 1 else slice(None)
        texts.append(lgb.train(plan, lgb.Dataset(matrix[drawn], target[drawn]), trees).model_to_string())
    return texts


def contend(name: str, model: Path, rows: int) -> None:
    """One contender's turn: load, warm up on a few rows, then all rows on the clock."""
    texts = json.loads(model.read_text(encoding="utf-8"))
    matrix = rows_of(rows, 2)
    if name == "mulu":
        from models import tree_shap
        from models.tree_lookup import LANES

        start, prepared = timed(lambda: tree_shap.prepare(texts))
        first, _ = timed(lambda: tree_shap.contributions(prepared, matrix[:8]))
        begun = time.process_time()
        seconds, (values, base) = timed(lambda: tree_shap.contributions(prepared, matrix))
        processor = time.process_time() - begun
        score, members = timed(lambda: tree_shap.log_odds(prepared, matrix))
        rest = float(np.abs(values.sum(axis=1) + base - members.mean(axis=1)).max())
        again, _ = timed(lambda: tree_shap.prepare(texts))
        nothing = replace(prepared, group_start=np.zeros_like(prepared.group_start))
        sorting, _ = timed(lambda: tree_shap.log_odds(nothing, matrix))
        read = len(prepared.targets) * LANES * prepared.panels.itemsize
        tables = {"read": read, "bytes": prepared.panels.nbytes}
        more: dict[str, Any] = {"start": start + first, "prepare": again, "score": score, "rest": rest,
                                "sorting": sorting, **tables}  # fmt: skip
    else:
        import lightgbm as lgb

        boosters = [lgb.Booster(model_str=text) for text in texts]
        if name == "shap":
            import shap

            explainers = [shap.TreeExplainer(booster) for booster in boosters]
            begun = time.process_time()
            seconds, values = timed(lambda: sum(e.shap_values(matrix) for e in explainers) / len(explainers))
            processor = time.process_time() - begun
            score, _ = timed(lambda: [booster.predict(matrix, raw_score=True) for booster in boosters])
            more = {"score": score}
        else:
            import pandas as pd
            from woodelf import WoodelfExplainer

            frame = pd.DataFrame(matrix, columns=boosters[0].feature_name())

            def explain() -> Any:
                found = [np.asarray(WoodelfExplainer(b).shap_values(frame, verbose=False)) for b in boosters]
                return sum(found) / len(found)

            begun = time.process_time()
            seconds, values = timed(explain)
            processor = time.process_time() - begun
            more = {}
    tell(seconds, rows, processor=processor, values=np.asarray(values)[:CHECKED].tolist(), **more)


def compare(title: str, texts: list[str], rows: int, rival_rows: int, repeats: int) -> tuple[list[list[object]], str]:
    """The table's lines for one model, and a sentence on what else was measured."""
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / "model.json"
        model.write_text(json.dumps(texts), encoding="utf-8")
        # woodelf prepares for all rows at once, so that fewer would wrong it where the budget names a million
        sizes = {"mulu": rows, "woodelf": rows if title == BUDGETED else rival_rows, "shap": rival_rows}
        if find_spec("woodelf") is None:
            sizes.pop("woodelf")
        contenders = [
            Contender(name, [sys.executable, __file__, "--only", name, "--model", str(model), "--rows", str(size)])
            for name, size in sizes.items()
        ]
        with tempfile.TemporaryDirectory() as cache:  # an empty cache: what the very first start costs
            cold = Contender("cold", [*contenders[0].command[:-1], "1000"])
            run_in_turns([cold], 1, {"NUMBA_CACHE_DIR": cache})
        run_in_turns(contenders, repeats)
    ours, shap = contenders[0], contenders[-1]
    for rival in contenders[1:]:
        record(f"SHAP values, {rows:,} rows, {title}", ours, rival)
    lines: list[list[object]] = []
    for one in contenders:
        values = [np.array(each.told[0]["values"]) for each in (one, shap)]
        least = min(map(len, values))
        apart = np.abs(values[0][:least] - values[1][:least]).max()
        if apart > 1e-5:
            raise SystemExit(f"{one.name} and shap differ by {apart:.1e}")
        busy, least_busy = (np.median([told["processor"] / told["rows"] for told in each.told]) for each in (one, ours))
        faster = ["", ""] if one is ours else [f"{ratio(one, ours):.0f} x", f"{busy / least_busy:.0f} x"]
        size, spent = f"{one.told[0]['rows']:,}", f"{1e6 * busy:.2f}"
        lines.append(
            [title, one.name, size, f"{one.seconds:.2f}", spent, *faster, f"{one.peak_mib:,.0f}", f"{apart:.0e}"]
        )
    told = ours.told[-1]
    scoring = np.median(
        [s["score"] / s["rows"] / (o["score"] / o["rows"]) for s, o in zip(shap.told, ours.told, strict=True)]
    )
    words = (
        f"- {title}: tables {told['prepare']:.2f} s; first start of a process {told['start']:.2f} s, the very first on "
        f"a machine (compilation, kept on disk) {cold.told[0]['start']:.1f} s; scores alone {told['score']:.2f} s, "
        f"{scoring:.0f} x LightGBM's predict; a row's values and base miss its score by {told['rest']:.0e} at most. "
        f"{bound(told)}\n"
    )
    return lines, words


def bound(told: dict[str, Any]) -> str:
    """What bounds our speed: where the seconds go, and how much of the tables a row reads."""
    whole = told["seconds"]
    finding = min(told["score"], whole)
    shares = [told["sorting"] / whole, (finding - told["sorting"]) / whole, (whole - finding) / whole]
    read = told["read"]
    speed = read * told["rows"] / max(whole - finding, 1e-9) / 1e9
    return (
        f"Where it goes: {shares[0]:.0%} putting figures into classes, {shares[1]:.0%} finding each tree's place and "
        f"score, {shares[2]:.0%} adding panels: a row reads {read / 1024:.1f} KiB of tables of "
        f"{told['bytes'] / 1024:,.0f} KiB, {speed:.0f} GB/s in that time."
    )


def main() -> None:
    """Run all models, or be one contender."""
    warnings.simplefilter("ignore")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rival-rows", type=int, default=0)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--models", nargs="*", default=list(MODELS), help=", ".join(MODELS))
    parser.add_argument("--write", type=Path)
    parser.add_argument("--only", help=argparse.SUPPRESS)
    parser.add_argument("--model", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.only:
        contend(asked.only, asked.model, asked.rows)
        return
    lines, words = [], ""
    for title in asked.models:
        boosters, trees, leaves = MODELS[title]
        rival_rows = (asked.rival_rows or asked.rows) // (10 if boosters > 1 else 1)
        found, said = compare(title, train(boosters, trees, leaves), asked.rows, rival_rows, asked.repeats)
        lines += found
        words += said
    headings = [
        "model",
        "by",
        "rows",
        "seconds",
        "processor us per row",
        "mulu is faster by (wall)",
        "by (processor)",
        "peak MiB",
        "largest difference from shap",
    ]
    busy = f"load {os.getloadavg()[0]:.1f} at the end" if hasattr(os, "getloadavg") else "load unknown"
    text = f"Medians of {asked.repeats}, {machine()}, {busy}.\n\n{markdown(headings, lines)}\n{words}"
    publish("tree_shap", text, asked.write)


if __name__ == "__main__":
    main()
