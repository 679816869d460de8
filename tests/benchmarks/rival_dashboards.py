"""The same question ("why does this enterprise stand here?") asked of explainerdashboard and shapash, in a browser.

    python tests/benchmarks/rival_dashboards.py PYTHON [ROWS ...]

PYTHON is an interpreter of its own environment that has them (they pin other libraries than the product's):
`python -m venv /tmp/rivals && /tmp/rivals/bin/pip install explainerdashboard shapash lightgbm`; then
`/tmp/rivals/bin/python` here, or `MULU_RIVALS=/tmp/rivals/bin/python make bench` for one report.

Each rival is started on a boosted model of thirty columns over ROWS enterprises, on the lightest setting that its
documentation offers for many rows, and given `PATIENCE` seconds and `MEMORY` to come up once the model is grown; then
it is asked, in Chromium, what it can do at all: to open one enterprise's explanation by its identifier, and to say what
another figure would change. Every act is done once before it counts. Seconds run from the act to the last byte of the
answer. What does not come up, or cannot do it, is told so.
"""

from __future__ import annotations

import contextlib
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from measure import machine, markdown
from playwright.sync_api import Error, Page, sync_playwright

PATIENCE = 300
"""Seconds for a rival to come up, and for each act."""
MEMORY = 12 * 1024
"""MiB that a rival's server may hold."""
ROUNDS = 5
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
HEADS = ["dashboard", "rows", "ready after s", "act", "median s", "most kB", "server's peak MiB"]
FIRST, OPEN, FIGURE = "first page", "open one by its identifier", "try another figure"
NOTES = {
    "explainerdashboard": "explainerdashboard has no table of all rows",
    "shapash": "shapash has no what-if and sends its table's rows with the first page",
}
Line = list[object]

SERVE = """
import sys, time
import numpy as np, pandas as pd
kind, rows, port = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
draw = np.random.default_rng(7)
X = pd.DataFrame(draw.normal(size=(rows, 30)), columns=[f"figure_{at}" for at in range(30)])
X.index = [f"E{at:06d}" for at in range(rows)]
y = (X["figure_0"] + X["figure_1"] * X["figure_2"] + draw.normal(size=rows) > 0).astype(int)
from lightgbm import LGBMClassifier
model = LGBMClassifier(n_estimators=200, num_leaves=15, verbose=-1).fit(X, y)
print("grown", flush=True)
if kind == "explainerdashboard":
    from explainerdashboard import ClassifierExplainer, ExplainerDashboard
    # log-odds need no background, a text field no list of all identifiers; two tabs, one enterprise each
    ExplainerDashboard(ClassifierExplainer(model, X, y, model_output="logodds"), importances=False,
        model_summary=False, shap_dependence=False, shap_interaction=False, decision_trees=False, whatif=True,
        index_dropdown=False).run(port=port, host="127.0.0.1", use_waitress=True)
else:
    from shapash import SmartExplainer
    explainer = SmartExplainer(model=model)
    explainer.compile(x=X, y_target=y)
    explainer.run_app(port=port, host="127.0.0.1")
    time.sleep(100_000)
"""


class Traffic:
    """Bytes of the answers that a page gets, and when the last of them came."""

    def __init__(self, page: Page) -> None:
        self.bytes, self.last, self.open = 0, 0.0, 0
        page.on("request", lambda _request: self._count(1))
        page.on("requestfailed", lambda _request: self._count(-1))
        page.on("requestfinished", self._done)

    def _count(self, step: int) -> None:
        self.open += step

    def _done(self, request: Any) -> None:
        self.open -= 1
        self.last = time.perf_counter()
        with contextlib.suppress(Error):  # an answer that was not kept cannot be weighed
            self.bytes += request.sizes()["responseBodySize"]

    def of(self, page: Page, act: Callable[[], Any]) -> tuple[float, int]:
        """Seconds and bytes of one act."""
        self.bytes, begun = 0, time.perf_counter()
        self.last = begun
        act()
        for _ in range(10 * PATIENCE):
            page.wait_for_timeout(100)
            if self.open <= 0 and time.perf_counter() - self.last > 0.7:
                break
        return self.last - begun, self.bytes


def peak(pid: int) -> float:
    """The most memory that a process has held, in MiB."""
    told = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(told.split("VmHWM:")[1].split()[0]) / 1024


def come_up(process: subprocess.Popen[bytes], port: int, log: Path) -> float | str:
    """Seconds from the grown model to an answer; why not, if it ends or outlasts `PATIENCE` or `MEMORY`."""
    begun = time.perf_counter()
    while (waited := time.perf_counter() - begun) < PATIENCE:
        words = log.read_text(errors="replace").strip()
        if process.poll() is not None:
            return f"ended: {words.splitlines()[-1][:200]}"
        if "grown" not in words:
            begun = time.perf_counter()
        if peak(process.pid) > MEMORY:
            return f"more than {MEMORY} MiB"
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).read()
            return waited
        time.sleep(0.2)
    return f"no answer within {PATIENCE} s"


def acts(kind: str, page: Page, rows: int) -> dict[str, Callable[[int], Any]]:
    """What a rival is asked, by name, each round with its number."""
    wanted = lambda number: f"E{number * 7919 % rows:06d}"  # noqa: E731
    if kind == "shapash":
        field = page.locator("#index_id")
        return {OPEN: lambda number: (field.fill(wanted(number)), page.locator("#validation").click())}
    index, figure = (page.locator(f'input[id^="{begin}"]:visible').first for begin in (
        "random-index-clas-index-", "feature-input-figure_0-input-"))  # fmt: skip
    return {
        OPEN: lambda number: (index.fill(wanted(number)), index.press("Enter")),
        FIGURE: lambda number: (figure.fill(str(number / 4 - 1)), figure.press("Enter")),
    }


def walk(kind: str, page: Page, rows: int, address: str) -> dict[str, list[tuple[float, int]]]:
    """The first page, then every act `ROUNDS` times after one that does not count."""
    traffic = Traffic(page)
    told = {FIRST: [traffic.of(page, lambda: page.goto(address, timeout=PATIENCE * 1000))]}
    for name, act in acts(kind, page, rows).items():
        if name == FIGURE:
            traffic.of(page, page.locator(".tab", has_text="What if").click)
            acts(kind, page, rows)[OPEN](3)
            page.wait_for_timeout(3000)
        told[name] = [traffic.of(page, lambda act=act, at=at: act(at)) for at in range(ROUNDS + 1)][1:]  # type: ignore[misc]
    return told


def main() -> None:
    """Start each rival at each size, walk, tell."""
    python, *sizes = sys.argv[1:]
    sys.stdout.write(f"{machine()}\n")
    compare(python, [int(size) for size in sizes or ("1000", "10000", "100000")])


def compare(python: str, sizes: Sequence[int], ours: Callable[[int], list[Line]] | None = None) -> None:
    """Ask each rival at each number of rows, ours first where it is given, and tell in one table."""
    lines: list[Line] = []
    for rows in sizes:
        lines += ours(rows) if ours else []
        for kind in NOTES:
            lines += asked(python, kind, rows)
            sys.stderr.write(f"{lines[-1]}\n")
    sys.stdout.write(
        f"\nThe same beside other dashboards ({ROUNDS} rounds after the first; a rival is given {PATIENCE} s and "
        f"{MEMORY} MiB): {'; '.join(NOTES.values())}. Their models are of thirty columns, 200 trees; mulu ranks by its "
        "card and reads a store. Bytes are those of HTTP answers, a first page's scripts among them; for mulu those of "
        f"its websocket. No page is given anything of other machines.\n\n{markdown(HEADS, lines)}"
    )


def asked(python: str, kind: str, rows: int) -> list[Line]:
    """A rival's lines of the table."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
        probe.close()
        log = Path(folder) / "log"
        with log.open("wb") as words:
            process = subprocess.Popen(
                [python, "-W", "ignore", "-c", SERVE, kind, str(rows), str(port)], stdout=words, stderr=words,
                env={**os.environ, "OMP_WAIT_POLICY": "PASSIVE"}, cwd=folder,
            )  # fmt: skip
        try:
            up = come_up(process, port, log)
            if isinstance(up, str):
                return [[kind, f"{rows:,}", up, "", "", "", ""]]
            return lines_of(kind, rows, up, f"http://127.0.0.1:{port}/", process.pid)
        finally:
            process.kill()
            process.wait(timeout=20)


def lines_of(kind: str, rows: int, up: float, address: str, pid: int) -> list[Line]:
    """The lines of a rival that answers."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        page.route(lambda asked: not asked.startswith(address), lambda route: route.abort())
        page.set_default_timeout(60_000)
        try:
            told = walk(kind, page, rows, address)
        except Error as error:
            why = str(error).splitlines()[0][:160]
            return [[kind, f"{rows:,}", f"{up:.1f}", f"cannot: {why}", "", "", f"{peak(pid):.0f}"]]
        finally:
            browser.close()
    return table_lines(kind, rows, up, told, peak(pid))


def table_lines(kind: str, rows: int, up: float, told: dict[str, list[tuple[float, int]]], mib: float) -> list[Line]:
    """A dashboard's lines: seconds and bytes of each act."""
    return [
        [kind, f"{rows:,}", f"{up:.1f}", name, f"{statistics.median(one for one, _ in costs):.2f}",
         f"{max(size for _, size in costs) / 1000:.0f}", f"{mib:.0f}"]
        for name, costs in told.items()
    ]  # fmt: skip


if __name__ == "__main__":
    main()
