"""What a person waits for: `mulu --help`, `mulu explain` in a fresh process, and the ranking page's query.

    python tests/benchmarks/bench_commands.py --enterprises 100000 --rows 1000000 --repeats 5

Budgets: 0.5 s, 1.5 s, 0.1 s. The rivals: importing the command line's library alone; reading the saved ranking whole
with pandas, which says nothing of any enterprise yet; and the same page with pandas on the same frame (mask,
`sort_values`, fifty rows), whose rows must be the same.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from measure import ROOT, machine, markdown, note, publish, timed

from dashboard.saved_view import ROWS, View, page_of, pick, searchable
from scoring.road import prepare, travel

READ_ALL = (
    "import pandas as pd, pathlib, sys; "
    "[pd.read_parquet(path) for path in pathlib.Path(sys.argv[1]).rglob('*.parquet')]"
)
VIEWS = {
    "first page": View(),
    "last page, by name": View(sort="name", page=10**6),
    "a name searched": View(q="企业77"),
    "a track, a size and a street, by coverage": View(track="start-ups", size="micro", street="天山", sort="coverage"),
}


def commands(work: Path, enterprises: int, repeats: int) -> list[list[object]]:
    """The command line on a saved ranking of so many enterprises, each time in a fresh process."""
    settings = prepare(work, enterprises)
    if not (settings.home / "rankings").is_dir():
        travel(settings, enterprises)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "MULU_HOME": str(settings.home), "MULU_LANGUAGE": "en",
                   "MULU_MLRUNS": str(settings.mlruns)}  # fmt: skip
    mulu = [sys.executable, "-c", "from scoring.cli.app import main; main()"]
    asked = {
        "mulu --help": ([*mulu, "--help"], [sys.executable, "-c", "import typer"], "import typer", 0.5),
        f"mulu explain, {enterprises:,} enterprises": (
            [*mulu, "explain", "start-ups/1"],
            [sys.executable, "-c", READ_ALL, str(settings.home / "rankings")],
            "pandas reading the ranking",
            1.5,
        ),
    }
    lines = []
    for what, (ours, theirs, rival, budget) in asked.items():
        seconds: list[tuple[float, float]] = []
        busy: list[tuple[float, float]] = []
        for _ in range(repeats):
            rounds = [timed(lambda of=of: carried_out(of, environment)) for of in (ours, theirs)]  # type: ignore[misc]
            seconds.append((rounds[0][0], rounds[1][0]))
            busy.append((rounds[0][1], rounds[1][1]))
        lines.append(compared(what, rival, seconds, busy, budget))
    return lines


def carried_out(command: list[str], environment: Mapping[str, str]) -> float:
    """Carry a command out; the seconds that it took of the processors, which other work adds little to."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, env=environment, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def queries(rows: int, repeats: int) -> list[list[object]]:
    """The ranking page's query on so many rows, view by view."""
    frame = searchable(ranked(rows))
    lines = []
    for name, view in VIEWS.items():
        seconds, busy = [], []
        for _ in range(repeats):
            clock = [time.process_time()]
            mine, ours = timed(lambda view=view: page_of(frame, pick(frame, view), view)[0].index)  # type: ignore[misc]
            clock.append(time.process_time())
            theirs, plain = timed(lambda view=view: plain_page(frame, view))  # type: ignore[misc]
            busy.append((clock[1] - clock[0], time.process_time() - clock[1]))
            if not ours.equals(plain):
                raise SystemExit(f"the pages differ: {name}")
            seconds.append((mine, theirs))
        lines.append(compared(f"page of {rows:,}: {name}", "pandas on the same frame", seconds, busy, 0.1))
    return lines


def ranked(rows: int) -> pd.DataFrame:
    """What the page holds of a ranking, from one seed."""
    rng = np.random.default_rng(7)
    score = rng.normal(50, 10, rows).round(4)
    tracks = np.array(["scale", "key", "innovative-small", "start-ups"])[rng.integers(0, 4, rows)]
    return pd.DataFrame(
        {
            "name": [f"企业{number}" for number in range(rows)],
            "track": tracks,
            "track_order": np.unique(tracks, return_inverse=True)[1],
            "score": score,
            "rank": pd.Series(score).groupby(tracks).rank(ascending=False, method="first").astype("Int64").to_numpy(),
            "rank_low": pd.array(rng.integers(1, rows, rows), dtype="Int64"),
            "rank_high": pd.array(rng.integers(1, rows, rows), dtype="Int64"),
            "inclusion": rng.random(rows),
            "coverage": rng.random(rows).round(2),
            "eligible": rng.random(rows) > 0.1,
            "place": np.array(["listed", "reserve", "off"])[rng.integers(0, 3, rows)],
            "near": rng.random(rows) > 0.99,
            "decision": "",
            "size_class": np.array(["micro", "small", "medium", "large"])[rng.integers(0, 4, rows)],
            "industry_section": np.array(list("CFGIJKLM"))[rng.integers(0, 8, rows)],
            "street": np.array(["天山", "虹桥", "新华"])[rng.integers(0, 3, rows)],
        },
        index=pd.Index([f"9131{number:014d}" for number in range(rows)], name="enterprise_id"),
    )


def plain_page(frame: pd.DataFrame, view: View) -> pd.Index:
    """The same page as pandas gives it."""
    found = frame
    if view.q:
        found = found[found["name"].str.contains(view.q, regex=False)]
    for column, wanted in (("track", view.track), ("size_class", view.size), ("street", view.street)):
        if wanted:
            found = found[found[column] == wanted]
    found = found.sort_values(view.sort, ascending=view.sort != "score", kind="stable")
    page = min(view.page, max(1, -(-len(found) // ROWS)))
    return found.index[(page - 1) * ROWS : page * ROWS]


def compared(
    what: str, rival: str, seconds: list[tuple[float, float]], busy: list[tuple[float, float]], budget: float
) -> list[object]:
    """A line of the table: medians of the wall clock and the processors, and the median ratio of the rounds."""
    ours, theirs = (statistics.median(column) for column in zip(*seconds, strict=True))
    mine, other = (statistics.median(column) for column in zip(*busy, strict=True))
    times = statistics.median(slow / fast for fast, slow in seconds)
    note(what, rival, times, ours, repeats=len(seconds))
    return [what, f"{ours:.3f}", f"{mine:.3f}", f"{budget}", rival, f"{theirs:.3f}", f"{other:.3f}", f"{times:.1f} x"]


def main() -> None:
    """Run everything and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--enterprises", type=int, default=100_000)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument(
        "--work", type=Path, default=Path(tempfile.gettempdir()) / "mulu-bench-road", help="where stores are kept"
    )
    parser.add_argument("--write", type=Path)
    asked = parser.parse_args()
    asked.work.mkdir(parents=True, exist_ok=True)
    lines = [*queries(asked.rows, asked.repeats), *commands(asked.work, asked.enterprises, asked.repeats)]
    heads = ["what", "seconds", "of the processors", "budget", "beside it", "seconds", "of the processors"]
    heads += ["mulu is faster by"]
    publish("commands", f"Medians of {asked.repeats}, {machine()}.\n\n{markdown(heads, lines)}", asked.write)


if __name__ == "__main__":
    main()
