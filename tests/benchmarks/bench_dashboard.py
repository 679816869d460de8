"""What a click costs with 100,000 enterprises: bytes over the websocket, and seconds until the last of them.

    python tests/benchmarks/bench_dashboard.py [ENTERPRISES] [ROUNDS]

A real Chromium drives a server on a home of its own and shares the cores with it: its seconds run from the message
that carries the click to the last message of the answer. The server's own time is measured apart, as the processor
time of the page's script for the same acts, without a browser beside it. Budgets: under 300 kB for every interaction,
p95 of the server's time under 0.3 s, first visits among them: the server makes ready when it starts what they share.

With MULU_RIVALS naming a Python that has explainerdashboard and shapash (see `rival_dashboards.py`), the same is asked
of them in the same run.
"""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from measure import machine
from playwright.sync_api import sync_playwright
from rival_dashboards import compare

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from district_home import PASSWORD, make_home  # noqa: E402 (tests are no package)

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
DONE = '[data-testid="stApp"][data-test-script-state="notRunning"]'
FIND = "名称或统一社会信用代码"


class Wire:
    """Bytes and times of a page's websocket."""

    def __init__(self, page: Any) -> None:
        self.sent, self.last, self.bytes = 0.0, 0.0, 0
        page.on("websocket", self._listen)

    def _listen(self, channel: Any) -> None:
        channel.on("framesent", lambda _content: self._mark())
        channel.on("framereceived", self._count)

    def _mark(self) -> None:
        self.sent = self.sent or time.perf_counter()

    def _count(self, content: Any) -> None:
        self.last = time.perf_counter()
        self.bytes += len(content if isinstance(content, bytes) else str(content).encode())

    def of(self, page: Any, act: Callable[[], Any]) -> tuple[float, int]:
        """Seconds and bytes of one act."""
        self.sent, self.bytes = 0.0, 0
        act()
        page.wait_for_timeout(250)
        page.wait_for_selector(DONE, timeout=120_000)
        return max(self.last - self.sent, 0.0), self.bytes


def served(home: Path) -> tuple[subprocess.Popen[bytes], str]:
    """A server on a home, once it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "dashboard/app.py", "--server.port", str(port)]
    surroundings = {**os.environ, "MULU_HOME": str(home), "MULU_TODAY": "2026-06-30"}
    process = subprocess.Popen(command, cwd=ROOT, env=surroundings, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    for _ in range(240):
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=2).read()  # noqa: S310
            rested(process.pid)
            return process, address
        except OSError:
            time.sleep(0.25)
    raise SystemExit("the server does not answer")


def rested(pid: int) -> None:
    """Wait until a process has used no processor for some seconds: the server has made its pages ready."""
    before = ""
    while (now := subprocess.check_output(["ps", "-o", "cputimes=", "-p", str(pid)], text=True)) != before:
        before = now
        time.sleep(4)


def walk(browser: Any, address: str, rounds: int) -> dict[str, list[tuple[float, int]]]:
    """Every interaction, `rounds` times."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN").new_page()
    wire = Wire(page)
    page.goto(f"{address}/sign-in")
    page.fill("#name", "委员甲")
    page.fill("#password", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_selector(DONE, timeout=300_000)
    told = {"first visit": [wire.of(page, lambda: page.goto(f"{address}/ranking"))]}
    find = page.get_by_placeholder(FIND)
    for number in range(rounds):
        word = f"示例{number:04d}"
        steps: dict[str, Callable[[], Any]] = {
            "search": lambda word=word: (find.fill(word), page.keyboard.press("Enter")),
            "clear the search": lambda: (find.fill(""), page.keyboard.press("Enter")),
            "sort": lambda: page.get_by_role("button", name="资料").click(),
            "next page": lambda: page.locator('[data-testid="stPagination"] button').last.click(),
            "open an enterprise": lambda number=number: page.locator("tbody th a").nth(number % 40).click(),
            "next enterprise": lambda: page.get_by_role("button", name="下一家").click(),
            "meeting": lambda: page.get_by_role("link", name="会议").click(),
            "back to the ranking": lambda: page.get_by_role("link", name="排名").click(),
        }
        for name, step in steps.items():
            told.setdefault(name, []).append(wire.of(page, step))
    return told


def script_seconds(home: Path, rounds: int) -> dict[str, list[float]]:
    """Processor seconds of the pages' script: searches, pages and enterprises not seen before, `rounds` of each."""
    os.environ.update({"MULU_HOME": str(home), "MULU_TODAY": "2026-06-30", "MULU_LANGUAGE": "zh-CN"})
    from streamlit.testing.v1 import AppTest

    from dashboard import session
    from dashboard.warming import warm
    from data.accounts import Accounts
    from data.settings import Settings
    from data.store import Store

    people = Accounts(Store(Settings()).engine)
    token = people.open_session(people.find("委员甲"))
    session.cookies = lambda: {session.SESSION_COOKIE: token}

    def run(page: str, /, **query: str) -> float:
        app = AppTest.from_string(f"from dashboard.shell import run\nrun({page!r})", default_timeout=300)
        for word, value in query.items():
            app.query_params[word] = value
        begun = time.process_time()
        app.run()
        return time.process_time() - begun

    begun = time.process_time()
    warm()
    told = {"made ready at the start": [time.process_time() - begun]}
    run("ledger")  # what the test harness itself needs once
    told["first visit"] = [run("ranking")]
    told["first enterprise"] = [run("enterprise", id="E00000")]
    told["first look at fairness"] = [run("coverage")]
    run("meeting")
    for number in range(1, rounds + 1):
        told.setdefault("search", []).append(run("ranking", q=f"示例{number:04d}"))
        told.setdefault("another page and order", []).append(run("ranking", sort="coverage", page=str(number)))
        told.setdefault("another enterprise", []).append(run("enterprise", id=f"E{number * 97:05d}"))
        told.setdefault("meeting", []).append(run("meeting"))
    return told


def late(values: list[float]) -> float:
    """The 95th percentile, as one of the values."""
    return sorted(values)[min(len(values) - 1, round(0.95 * len(values)))]


def main() -> None:
    """Make the home, walk, tell."""
    count, rounds = (int(argument) for argument in (*sys.argv[1:], *("100000", "10")[len(sys.argv) - 1 :]))
    with tempfile.TemporaryDirectory() as folder:
        made = make_home(Path(folder) / "home", count)
        process, address = served(made.path)
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
                told = walk(browser, address, rounds)
                browser.close()
        finally:
            process.terminate()
            process.wait(timeout=20)
        own = script_seconds(made.path, rounds)
    sys.stdout.write(f"{machine()}; {count:,} enterprises, {rounds} rounds\n")
    sys.stdout.write(f"{'with a browser':<24}{'median s':>10}{'p95 s':>10}{'most kB':>10}\n")
    for name, figures in told.items():
        seconds = [second for second, _ in figures]
        most = max(size for _, size in figures) / 1000
        sys.stdout.write(f"{name:<24}{statistics.median(seconds):>10.3f}{late(seconds):>10.3f}{most:>10.0f}\n")
    sys.stdout.write(f"{'the server alone':<24}{'median s':>10}{'p95 s':>10}\n")
    for name, seconds in own.items():
        sys.stdout.write(f"{name:<24}{statistics.median(seconds):>10.3f}{late(seconds):>10.3f}\n")
    sys.stdout.flush()
    if python := os.environ.get("MULU_RIVALS"):
        compare(python, [count])


if __name__ == "__main__":
    main()
