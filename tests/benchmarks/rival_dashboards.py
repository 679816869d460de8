"""The same question ("why does this enterprise stand here?") asked of explainerdashboard and shapash, in a browser.

    python tests/benchmarks/rival_dashboards.py PYTHON [ROWS ...]

PYTHON is an interpreter of its own environment that has them (they pin other libraries than the product's):
`python -m venv /tmp/rivals && /tmp/rivals/bin/pip install explainerdashboard shapash lightgbm`; then
`/tmp/rivals/bin/python` here, or `MULU_RIVALS=/tmp/rivals/bin/python make bench` for one report.

Each rival is started on a boosted model of thirty columns over ROWS enterprises and
given `PATIENCE` seconds to answer; then one enterprise after the other is opened in Chromium, as in
`bench_dashboard.py`: seconds from the act to the last byte of the answer, and bytes sent. What does not come up, or
cannot do it, is told with its last words.
"""

from __future__ import annotations

import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from measure import machine
from playwright.sync_api import Error, Page, sync_playwright

PATIENCE = 300
ROUNDS = 5
PORT = 8931
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

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
if kind == "explainerdashboard":
    from explainerdashboard import ClassifierExplainer, ExplainerDashboard
    # the lightest form: contributions of one row, no other tab
    ExplainerDashboard(ClassifierExplainer(model, X, y), importances=False, model_summary=False, shap_dependence=False,
        shap_interaction=False, decision_trees=False, whatif=False).run(port=port, host="127.0.0.1", use_waitress=True)
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
        for _ in range(1200):
            page.wait_for_timeout(100)
            if self.open <= 0 and time.perf_counter() - self.last > 0.7:
                break
        return self.last - begun, self.bytes


def come_up(process: subprocess.Popen[bytes], log: Path) -> float | str:
    """Seconds until the rival answers; its last words if it ends or takes longer than `PATIENCE`."""
    begun = time.perf_counter()
    while time.perf_counter() - begun < PATIENCE:
        if process.poll() is not None:
            return f"ended: {log.read_text(errors='replace').strip().splitlines()[-1][:200]}"
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/", timeout=5).read()
            return time.perf_counter() - begun
        time.sleep(1)
    words = (log.read_text(errors="replace").strip().splitlines() or ["(said nothing)"])[-1][:200]
    return f"no answer within {PATIENCE} s; last word: {words}"


def walk(kind: str, page: Page) -> tuple[tuple[float, int], list[tuple[float, int]]]:
    """The first page, then one enterprise after the other."""
    traffic = Traffic(page)
    first = traffic.of(page, lambda: page.goto(f"http://127.0.0.1:{PORT}/", timeout=PATIENCE * 1000))
    if kind == "explainerdashboard":
        act = page.get_by_role("button", name="Random Index").first.click
        return first, [traffic.of(page, act) for _ in range(ROUNDS)]
    cells = page.locator("#dataset td.dash-cell")
    return first, [traffic.of(page, cells.nth(30 * number + 2).click) for number in range(1, ROUNDS + 1)]


def main() -> None:
    """Start each rival at each size, walk, tell."""
    python, *sizes = sys.argv[1:]
    sys.stdout.write(f"{machine()}\n")
    compare(python, [int(size) for size in sizes or ("10000", "100000")])


def compare(python: str, sizes: Sequence[int]) -> None:
    """Ask each rival at each number of rows, and tell."""
    sys.stdout.write(f"{'rival':<20}{'rows':>8}{'up s':>8}{'first kB':>10}{'open s':>8}{'most kB':>9}\n")
    for rows in sizes:
        for kind in ("explainerdashboard", "shapash"):
            with tempfile.TemporaryDirectory() as folder:
                log = Path(folder) / "log"
                with log.open("wb") as words:
                    process = subprocess.Popen(
                        [python, "-W", "ignore", "-c", SERVE, kind, str(rows), str(PORT)], stdout=words, stderr=words,
                        env={**os.environ, "OMP_WAIT_POLICY": "PASSIVE"}, cwd=folder,
                    )  # fmt: skip
                try:
                    tell(kind, rows, come_up(process, log))
                finally:
                    process.kill()
                    process.wait(timeout=20)


def tell(kind: str, rows: int, up: float | str) -> None:
    """One line of the table."""
    if isinstance(up, str):
        sys.stdout.write(f"{kind:<20}{rows:>8} {up}\n")
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        page.set_default_timeout(120_000)
        try:
            first, opened = walk(kind, page)
        except Error as error:
            sys.stdout.write(f"{kind:<20}{rows:>8}{up:>8.1f} cannot: {str(error).splitlines()[0][:160]}\n")
        else:
            seconds, most = statistics.median(one for one, _ in opened), max(size for _, size in opened)
            sys.stdout.write(
                f"{kind:<20}{rows:>8}{up:>8.1f}{first[1] / 1000:>10.0f}{seconds:>8.2f}{most / 1000:>9.0f}\n"
            )
        browser.close()
    sys.stdout.flush()


if __name__ == "__main__":
    main()
