"""How benchmarks measure: every contender in a process of its own, in turns, medians, peak memory, one table.

Ratios are taken within a round (one turn of every contender), so that a machine busy with other work slows both
sides; the table gives the median of the rounds' ratios. A contender that cannot bear the full size may run on fewer
rows: its time is then per row, and the table says so.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
"""Contenders import the product of the tree that the benchmark stands in, whatever is installed."""

NAMED = {
    "duckdb",
    "lightgbm",
    "numba",
    "numpy",
    "pandas",
    "pyspark",
    "scikit-learn",
    "scipy",
    "shap",
    "woodelf-explainer",
}
"""Distributions whose versions a report names."""


@dataclass
class Contender:
    """One way to do the work: its name, the command that does it once and what it told in each round.

    The command's last line of output is JSON: `seconds`, `peak_mib`, `rows`, and whatever else is worth a word.
    """

    name: str
    command: Sequence[str]
    told: list[dict[str, Any]] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """The median time."""
        return statistics.median(one["seconds"] for one in self.told)

    @property
    def per_row(self) -> list[float]:
        """Seconds per row, by round."""
        return [one["seconds"] / one["rows"] for one in self.told]

    @property
    def peak_mib(self) -> float:
        """The largest peak of resident memory."""
        return max(float(one["peak_mib"]) for one in self.told)


def run_in_turns(contenders: Sequence[Contender], repeats: int, environment: Mapping[str, str] | None = None) -> None:
    """Let every contender run once a round, `repeats` rounds; a failing contender stops everything."""
    for _ in range(repeats):
        for contender in contenders:
            done = subprocess.run(
                contender.command,
                capture_output=True,
                text=True,
                check=False,
                env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})},
            )
            if done.returncode:
                raise SystemExit(f"{contender.name}:\n{done.stdout}{done.stderr}")
            contender.told.append(json.loads(done.stdout.strip().splitlines()[-1]))


def tell(seconds: float, rows: int, **more: object) -> None:
    """What a contender says at its end, on standard output."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
    sys.stdout.write(json.dumps({"seconds": seconds, "rows": rows, "peak_mib": round(peak), **more}) + "\n")


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """How many seconds a piece of work takes by the wall clock, and its result."""
    begun = time.perf_counter()
    result = work()
    return time.perf_counter() - begun, result


def ratio(slow: Contender, fast: Contender) -> float:
    """How many times faster `fast` does a row: median over the rounds."""
    return statistics.median(s / f for s, f in zip(slow.per_row, fast.per_row, strict=True))


def record(what: str, ours: Contender, rival: Contender) -> None:
    """Add one comparison to the summary that `run.py` makes; nothing where a benchmark runs by itself."""
    note(what, rival.name, ratio(rival, ours), ours.seconds, (ours.peak_mib, rival.peak_mib), len(ours.told))


def note(
    what: str, rival: str, times: float, seconds: float, peaks_mib: tuple[float, float] | None = None, repeats: int = 1
) -> None:
    """The same from figures: `times` how many times faster ours is, `seconds` ours, peaks of ours and the rival's."""
    if summary := os.environ.get("MULU_BENCH_SUMMARY"):
        line = {
            "what": what,
            "rival": rival,
            "times": times,
            "seconds": seconds,
            "peaks": peaks_mib,
            "repeats": repeats,
        }
        with Path(summary).open("a", encoding="utf-8") as out:
            out.write(json.dumps(line, ensure_ascii=False) + "\n")


def markdown(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines) + "\n"


def machine() -> str:
    """What it ran on, in one line."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    size = f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.machine()}"
    return f"{size}, Python {platform.python_version()}, {platform.system()}"


def versions() -> str:
    """The versions of what is measured and of its rivals, as far as they are installed, in one line."""
    return ", ".join(f"{name} {version(name)}" for name in sorted(NAMED) if installed(name))


def installed(name: str) -> bool:
    """Whether a distribution is installed."""
    try:
        return bool(version(name))
    except PackageNotFoundError:
        return False


def publish(name: str, text: str, folder: Path | None) -> None:
    """Show a report and, with a folder, write it there as NAME.md."""
    sys.stdout.write(text)
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
