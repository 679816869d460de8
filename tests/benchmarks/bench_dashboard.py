"""What a click costs with 100,000 enterprises: bytes over the websocket and the server's time, and other dashboards.

    python tests/benchmarks/bench_dashboard.py [ENTERPRISES] [ROUNDS] [HOMES]

A real Chromium drives a server on a home of its own, as a member does: the harness is that of the browser tests. An
act's seconds run from the message that carries it to the last message of the answer, the browser drawing beside it on
the same cores; its processor seconds are what the server's process used meanwhile. The first time of each act, in a
server that has just made its pages ready, is told apart. Budgets: under 300 kB for every interaction, p95 of the
server's time under 0.3 s. HOMES is a folder in which districts are kept for the next run; each run works on a copy.

With MULU_RIVALS naming a Python that has explainerdashboard and shapash (see `rival_dashboards.py`), what they can do
at all is asked of them and of mulu in the same run, at the sizes that MULU_RIVAL_ROWS names (else at ours).
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from measure import ROOT, markdown
from playwright.sync_api import sync_playwright
from rival_dashboards import FIGURE, FIRST, OPEN, ROUNDS, Line, compare, peak, table_lines

sys.path.insert(0, str(ROOT))
import tests  # (found by the line above; other distributions install a package of this name)

tests.__path__.append(str(ROOT / "tests"))
from tests.browser.conftest import CHROMIUM, FLAGS, Server, Visit  # noqa: E402 (as above)
from tests.district_home import Home, copy_of, make_home  # noqa: E402

BYTES, SECONDS = 300_000, 0.3
FIND = "名称或统一社会信用代码"
Cost = tuple[float, float, int]
"""Seconds from the message to the last of the answer, the server's processor seconds, bytes of the answer."""


class Weighed(Visit):
    """A window that weighs each act."""

    sent = 0.0

    def _listen(self, socket_: Any) -> None:
        super()._listen(socket_)
        socket_.on("framesent", lambda _content: self._mark())

    def _mark(self) -> None:
        self.sent = self.sent or time.monotonic()

    def weigh(self, act: Callable[[], Any]) -> Cost:
        """What one act costs; it waits until the page stands."""
        assert self.server.process is not None
        self.sent, self.received, before = 0.0, 0, worked(self.server.process.pid)
        act()
        return max(self.last - self.sent, 0.0), worked(self.server.process.pid) - before, self.received


def worked(pid: int) -> float:
    """Processor seconds that a process has used, all its threads together."""
    told = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def rested(pid: int) -> tuple[float, float]:
    """Wait until a process has used next to no processor for some seconds; how many it has used, and when that was."""
    used, since = worked(pid), time.monotonic()
    while time.monotonic() - since < 4:
        time.sleep(0.25)
        if (now := worked(pid)) - used > 0.05:
            used, since = now, time.monotonic()
    return used, since


def acts(window: Weighed, members: tuple[str, ...], number: int) -> Iterator[tuple[str, Callable[[], Any]]]:
    """The acts of one round, each with its name; every round looks at enterprises that nobody has looked at yet."""
    page = window.page
    place, button = page.get_by_placeholder(FIND), lambda name, **more: page.get_by_role("button", name=name, **more)
    link = lambda name: lambda: window.press(page.get_by_role("link", name=name, exact=True))  # noqa: E731
    yield "ranking", link("排名")
    yield "search", lambda: window.enter(place, f"示例{number:04d}")
    yield "clear the search", lambda: window.enter(place, "")
    yield "sort", lambda: window.press(button("资料"))
    yield (
        "another track",
        lambda: window.press(
            page.locator('[data-testid="stMain"] [data-testid="stButtonGroup"] button').nth(1 + number % 3)
        ),
    )
    yield "next page", lambda: window.press(page.locator('[data-testid="stPagination"] button').last)
    yield "open an enterprise", lambda: window.press(page.locator("tbody th a").nth(number % 40))
    yield "next enterprise", lambda: window.press(button("下一家"))
    yield "enterprise by its address", lambda: window.go(f"/enterprise?id={members[number * 7 % len(members)]}")
    yield "vote", lambda: (page.get_by_role("radio", name="赞成").click(), window.press(button("投票", exact=True)))
    yield "comment", lambda: (page.get_by_label("留言").fill("现场看过。"), window.press(button("发表")))
    yield "effect of a decision", lambda: (decide(window), window.press(button("看看影响")))
    yield "decide", lambda: window.press(button("保存决定"))
    yield "overview", link("今日概览")
    yield "meeting", link("会议")
    yield "what is worth discussing", lambda: window.press(page.get_by_role("tab", name="最值得讨论"))
    yield "what if", link("假如")
    yield (
        "try other quotas",
        lambda: (
            page.get_by_role("spinbutton", name="名单总名额（家）").fill(str(190 - number)),
            window.press(button("试算").first),
        ),
    )
    yield from try_figures(window, number)
    yield "fairness", link("公平与覆盖")
    yield "publish", link("公布")
    yield "data", link("数据")
    yield "model", link("模型")
    yield "ledger", link("台账")


def try_figures(window: Weighed, number: int) -> Iterator[tuple[str, Callable[[], Any]]]:
    """What another figure of one enterprise would change, on the page What if: find it, then try."""
    page = window.page

    def find() -> None:
        tab = page.get_by_role("tab", name="某企业的数据")
        if tab.get_attribute("aria-selected") != "true":
            window.press(tab)
        window.enter(page.locator(".st-key-wi_find input"), f"示例{number % 9 + 1:03d}")

    def attempt() -> None:
        page.locator('[class*="st-key-wi_value_"] input').fill(str(20 + number))
        window.press(page.locator('[data-testid="stFormSubmitButton"] button:visible'))

    yield "find one to try", find
    yield FIGURE, attempt


def decide(window: Weighed) -> None:
    """Fill in the form of a decision."""
    window.page.get_by_text("另行决定", exact=True).click()
    window.page.get_by_role("radio", name="不列入").click()
    window.choose("理由类型", "数据有误")
    window.page.get_by_role("textbox", name="理由（必填）").fill("2025 年报的人数重复计算,已向企业核实。")


def walk(browser: Any, server: Server, rounds: int) -> dict[str, list[Cost]]:
    """Every act, `rounds` times and once before, in one window."""
    window = Weighed(browser, server)
    window._opened(0)
    told: dict[str, list[Cost]] = {}
    for number in range(rounds + 1):
        for name, act in acts(window, server.home.members, number):
            told.setdefault(name, []).append(window.weigh(act))
    window.close()
    return told


def late(values: list[float]) -> float:
    """The 95th percentile, as one of the values."""
    return sorted(values)[min(len(values) - 1, round(0.95 * len(values)))]


def report(told: dict[str, list[Cost]]) -> str:
    """The table, and what misses a budget."""
    rows, missed = [], []
    for name, (first, *later) in told.items():
        seconds, own = [one[0] for one in later], [one[1] for one in later]
        most = max(one[2] for one in (first, *later))
        figures = (first[0], first[1], statistics.median(seconds), late(seconds), statistics.median(own), late(own))
        rows.append([name, *(f"{figure:.2f}" for figure in figures), f"{most / 1000:.0f}"])
        if most >= BYTES or late(own) >= SECONDS or first[1] >= SECONDS:
            missed.append(name)
    heads = ["act", "first: s", "first: processor s", "median s", "p95 s", "median processor s", "p95 processor s"]
    told_missed = f"Over a budget: {', '.join(missed)}." if missed else "Every act is within both budgets."
    every = [one[1] for first_and_later in told.values() for one in first_and_later]
    return (
        f"{markdown([*heads, 'most kB'], rows)}\n{told_missed} All acts together, first ones among them: p95 of the "
        f"server's processor time {late(every):.2f} s.\n"
    )


def kept(folder: Path, count: int) -> Home:
    """The district of so many enterprises in a folder, made there if it is not."""
    told = folder / "members.txt"
    if not told.is_file():
        made = make_home(folder / "home", count)
        told.write_text("\n".join((made.digest, made.round_id, *made.members)), encoding="utf-8")
    digest, round_id, *members = told.read_text(encoding="utf-8").splitlines()
    return Home(folder / "home", digest, round_id, tuple(members))


@contextmanager
def served(home: Home) -> Iterator[tuple[Server, int, float, float]]:
    """A server that has made its pages ready, its process, and the seconds that took, by the clock and of processor."""
    server, begun = Server(home), time.monotonic()
    server.start()
    try:
        assert server.process is not None
        pid = server.process.pid
        used, since = rested(pid)
        yield server, pid, since - begun, used
    finally:
        server.stop()


def beside(homes: Path, rows: int) -> list[Line]:
    """mulu's lines of the table with other dashboards: what those can do at all."""
    made = kept(homes / str(rows), rows)
    costs: dict[str, list[tuple[float, int]]] = {}
    with (
        tempfile.TemporaryDirectory() as folder,
        served(copy_of(made, Path(folder) / "copy")) as up,
        opened() as browser,
    ):
        server, pid, ready, _ = up
        window = Weighed(browser, server)
        window._opened(0)
        costs[FIRST] = [weighed(window, lambda: window.go("/ranking"))]
        enter = lambda number: window.go(f"/enterprise?id={made.members[number * 7 % len(made.members)]}")  # noqa: E731
        costs[OPEN] = [weighed(window, lambda at=at: enter(at)) for at in range(ROUNDS + 1)][1:]
        window.go("/whatif")
        tries = [dict(try_figures(window, at)) for at in range(ROUNDS + 1)]
        costs[FIGURE] = [[weighed(window, act) for act in one.values()][-1] for one in tries][1:]
        window.close()
        return table_lines("mulu", rows, ready, costs, peak(pid))


def weighed(window: Weighed, act: Callable[[], Any]) -> tuple[float, int]:
    """Seconds and bytes of an act."""
    seconds, _, sent = window.weigh(act)
    return seconds, sent


@contextmanager
def opened() -> Iterator[Any]:
    """A browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def main() -> None:
    """Make the home, walk, tell."""
    count, rounds = (int(argument) for argument in (*sys.argv[1:3], *("100000", "10")[len(sys.argv[1:3]) :]))
    with tempfile.TemporaryDirectory() as folder:
        homes = Path(sys.argv[3]) if sys.argv[3:] else Path(folder)
        made = kept(homes / str(count), count)
        with served(copy_of(made, Path(folder) / "copy")) as (server, _, _, ready), opened() as browser:
            told = walk(browser, server, rounds)
        sys.stdout.write(
            f"{count:,} enterprises, {rounds} rounds after the first; the server was ready after {ready:.1f} s of "
            f"processor.\n\n{report(told)}"
        )
        sys.stdout.flush()
        python = os.environ.get("MULU_RIVALS")
        if python is None:
            sys.stdout.write("\nOther dashboards were not asked: MULU_RIVALS names no Python that has them.\n")
            return
        sizes = [int(size) for size in os.environ.get("MULU_RIVAL_ROWS", str(count)).split()]
        compare(python, sizes, lambda rows: beside(homes, rows))


if __name__ == "__main__":
    main()
