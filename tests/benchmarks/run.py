"""All benchmarks one after another, each beside its rival, and their report in Markdown. Run by `make bench`.

    python tests/benchmarks/run.py --scale small [--only road tree_shap] [--write tests/benchmarks/RESULTS.md]

`small` takes minutes and shows that everything runs; `full` takes the sizes of the budgets, and about an hour on two
cores. A benchmark that fails is named, the others go on, and the whole ends with status 1. What a benchmark needs and
this machine lacks (Chromium, Java, the real data sets) is said in its place.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from measure import ROOT, machine, markdown, versions

HERE = Path(__file__).resolve().parent
SCALES: dict[str, dict[str, list[str]]] = {
    "small": {
        "commands": ["commands", "--enterprises", "10000", "--rows", "200000", "--repeats", "3"],
        "tree_shap": ["tree_shap", "--rows", "20000", "--repeats", "3"],
        "road": ["road", "--enterprises", "10000", "--rival-up-to", "10000", "--repeats", "3"],
        "matrix": ["matrix", "--enterprises", "20000"],
        "points": ["points", "20000", "2000", "3"],
        "directory": ["directory", "20000", "30", "2000", "3"],
        "training": ["training", "--rows", "4000", "--repeats", "1"],
        "intake": ["intake", "--rows", "50000", "--repeats", "3"],
        "dashboard": ["dashboard", "5000", "3"],
    },
    "full": {
        "commands": ["commands", "--enterprises", "100000", "--rows", "1000000", "--repeats", "5"],
        "tree_shap": ["tree_shap", "--rows", "1000000", "--rival-rows", "20000", "--repeats", "3"],
        "road": ["road", "--enterprises", "10000", "--rival-up-to", "10000", "--spark-up-to", "10000"],
        "city": ["road", "--enterprises", "100000", "--rival-up-to", "100000"],
        "spark": [
            "road",
            "--enterprises",
            "10000",
            "100000",
            "1000000",
            "--rival-up-to",
            "0",
            "--spark-up-to",
            "1000000",
        ],
        "country": ["road", "--enterprises", "1000000"],
        "matrix": ["matrix", "--enterprises", "100000", "1000000", "--repeats", "3"],
        "points": ["points", "100000", "5000", "3"],
        "directory": ["directory", "100000", "120", "20000", "3"],
        "training": ["training", "--rows", "20000", "--repeats", "3"],
        "intake": ["intake", "--rows", "1000000", "--rival-rows", "1000000", "--repeats", "1"],
        "dashboard": ["dashboard", "100000", "10"],
    },
}
"""Each part: its script's name and arguments. Quality, no matter of speed, is compared apart (`make bench-quality`)."""

HEAD = """# Benchmarks

Written by `make bench`; each section says what was run, when and where. Ratios are medians of the rounds' own ratios,
per row where a rival ran on fewer. All data are synthetic.

"""


def lacking(name: str) -> str:
    """What this machine lacks for a benchmark, "" for nothing."""
    if name == "dashboard" and not any(map(shutil.which, ("chromium", "chromium-browser"))):
        return "there is no Chromium here"
    return ""


def arguments(name: str, scale: str) -> list[str]:
    """A benchmark's arguments, without Spark where none can run."""
    given = list(SCALES[scale][name])
    if "--spark-up-to" in given and not (shutil.which("java") and importlib.util.find_spec("pyspark")):
        given[given.index("--spark-up-to") + 1] = "0"
    return given


def run(name: str, scale: str) -> tuple[str, list[dict[str, Any]], bool]:
    """One benchmark's section of the report, its comparisons, and whether it went well."""
    with tempfile.TemporaryDirectory() as folder:
        summary = Path(folder) / "summary.jsonl"
        summary.touch()
        section, well = carried_out(name, scale, summary)
        return section, [json.loads(line) for line in summary.read_text(encoding="utf-8").splitlines()], well


def carried_out(name: str, scale: str, summary: Path) -> tuple[str, bool]:
    """One benchmark run: its section of the report, and whether it went well."""
    script, *given = arguments(name, scale)
    command = [f"bench_{script}.py", *given]
    told = title_of(HERE / command[0])
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(HERE / command[0]), *command[1:]],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "MULU_BENCH_SUMMARY": str(summary)},
    )
    out = done.stdout if not done.returncode else f"{done.stdout}\nFAILED ({done.returncode})\n{done.stderr[-3000:]}"
    body = out if "| --- |" in out and not done.returncode else f"```text\n{out.rstrip()}\n```\n"
    when = (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {machine()}, load {os.getloadavg()[0]:.1f} at the end; {versions()}"
    )
    return f"## {name}\n\n{told}.\n\n`{' '.join(command)}` ({when})\n\n{body}\n", not done.returncode


def title_of(path: Path) -> str:
    """The first sentence of a file's docstring, without loading the file."""
    return path.read_text(encoding="utf-8").removeprefix('"""').split("\n")[0].rstrip(".")


def read(report: Path) -> dict[str, tuple[list[dict[str, Any]], str]]:
    """The comparisons and the section of every benchmark in an earlier report, so that one may be run by itself."""
    text = report.read_text(encoding="utf-8") if report.is_file() else ""
    parts = re.findall(r"<!-- (\w+) (\[.*?\]) -->\n(.*?)(?=<!-- \w+ \[|\Z)", text, re.DOTALL)
    return {name: (json.loads(lines), section) for name, lines, section in parts}


def summarised(lines: Sequence[dict[str, Any]]) -> str:
    """Every comparison in one table."""
    rows = []
    for one in lines:
        peaks = " / ".join(f"{peak:,.0f}" for peak in one["peaks"]) if one["peaks"] else ""
        rows.append(
            [one["what"], one["rival"], f"{one['times']:.1f} x", f"{one['seconds']:.3g}", peaks, one["repeats"]]
        )
    heads = ["what", "rival", "mulu is faster by", "mulu's seconds", "peak MiB, mulu / rival", "rounds"]
    return markdown(heads, rows)


def main() -> None:
    """Run them, show each as it ends, write the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", choices=list(SCALES), default="small")
    parser.add_argument("--only", nargs="*", default=[], help="of: " + ", ".join(SCALES["full"]))
    parser.add_argument("--write", type=Path, default=HERE / "RESULTS.md")
    asked = parser.parse_args()
    found, failed = read(asked.write), []
    for name in asked.only or SCALES[asked.scale]:
        if why := lacking(name):
            sys.stdout.write(f"{name}: not run, {why}\n")
            continue
        section, lines, well = run(name, asked.scale)
        found[name] = lines, section
        failed += [] if well else [name]
        sys.stdout.write(section)
        sys.stdout.flush()
    ordered = {name: found[name] for name in SCALES["full"] if name in found}
    table = summarised([line for lines, _ in ordered.values() for line in lines])
    sections = [
        f"<!-- {name} {json.dumps(lines, ensure_ascii=False)} -->\n{section}"
        for name, (lines, section) in ordered.items()
    ]
    if missing := [name for name in SCALES["full"] if name not in ordered]:
        table += f"\nNot in this report: {', '.join(missing)}.\n"
    asked.write.write_text(f"{HEAD}{table}\n{''.join(sections)}".rstrip() + "\n", encoding="utf-8")
    sys.stdout.write(table)
    if failed:
        raise SystemExit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
