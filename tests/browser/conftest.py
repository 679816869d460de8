"""A server on a home of its own and a real Chromium that may talk to nobody else."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from base64 import b64decode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from dashboard.session import LANGUAGE_COOKIE
from data.accounts import Accounts
from data.settings import Settings
from data.store import Store
from scoring.demo import walk
from tests.district_home import PASSWORD, Home, copy_of

ROOT = Path(__file__).resolve().parent.parent.parent
CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), ""
)
QUIET = 0.35
"""Seconds without a message after which a page is taken to stand: parts of it answer with a run of their own."""
PATIENCE = 180.0
"""Seconds after which a thing that was waited for will not come. Nothing is measured: a busy machine takes its time."""
IDLE = "() => new Promise(done => requestAnimationFrame(() => requestIdleCallback(done)))"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]


def readable(messages: list[bytes]) -> str:
    """Messages as text in which letters stand as they are, whether they came as UTF-8, as JSON escapes or in a picture
    that a page sends within an address."""
    text = b"\n".join(messages).decode("utf-8", errors="replace")
    text = re.sub(r"\\+u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)
    drawn = [b64decode(one).decode() for one in re.findall(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)", text)]
    return "\n".join([text, *drawn])


class Server:
    """The dashboard as a process of its own, to be stopped and started again."""

    def __init__(self, home: Home, port: int = 0) -> None:
        self.home = home
        self.port = port or _free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start, and wait until it answers; another port is tried where somebody was quicker to take the free one."""
        for _ in range(3):
            if self._started():
                return
            self.port = _free_port()
        raise AssertionError("the server ends at once")

    def _started(self) -> bool:
        command = [sys.executable, "-m", "streamlit", "run", "dashboard/app.py", "--server.port", str(self.port)]
        surroundings = {**os.environ, **self.home.environment}
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=surroundings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        end = time.monotonic() + PATIENCE
        while self.process.poll() is None:
            assert time.monotonic() < end, "the server does not answer"
            try:
                urllib.request.urlopen(f"{self.address}/_stcore/health", timeout=20).read()  # noqa: S310
                return True
            except OSError:
                time.sleep(0.25)
        return False

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def server(home: Home) -> Iterator[Server]:
    running = Server(home)
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    if not CHROMIUM:
        pytest.skip("no Chromium here: browser tests are skipped")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Visit:
    """One person's window, and everything that it asked of the network.

    `running` and `ended` tell by the server's own messages whether the page's script is under way, and how many of its
    runs have ended since the page was opened (`openings` counts those): an act is over when a run has ended after it,
    none is under way, and nothing more has come for a while. A run that gives way to another one does not end, whether
    the server says so or begins the other without a word.
    """

    def __init__(self, browser: Any, server: Server, name: str = "委员甲", **options: Any) -> None:
        options = {"viewport": {"width": 1440, "height": 900}, "locale": "zh-CN", **options}
        self.context = browser.new_context(**options)
        self.context.set_default_timeout(PATIENCE * 1000)
        self.page = self.context.new_page()
        self.server = server
        self.asked: list[str] = []
        self.received = 0
        self.running = False
        self.ended = self.openings = 0
        self.last = time.monotonic()
        self.messages: list[bytes] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("websocket", self._listen)
        self.sign_in(name)

    def _listen(self, socket_: Any) -> None:
        self.asked.append(socket_.url)
        self.running, self.ended = False, 0
        self.openings += 1
        opening = self.openings

        def note(payload: Any) -> None:
            content = payload if isinstance(payload, bytes) else str(payload).encode()
            self.received += len(content)
            self.messages.append(content)
            if opening != self.openings:  # the rest of a page that was left
                return
            self.last = time.monotonic()
            message = ForwardMsg.FromString(content)
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self.running = True
            elif kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                self.running = False
                self.ended += 1

        socket_.on("framereceived", note)

    def sign_in(self, name: str) -> None:
        self.page.goto(f"{self.server.address}/sign-in")
        self.page.fill("#name", name)
        self.page.fill("#password", PASSWORD)
        self.page.click("button[type=submit]")
        self.page.wait_for_url(lambda address: "/sign-in" not in address, wait_until="commit")

    def speak(self, language: str) -> None:
        """From the next page on, read in a language."""
        self.context.add_cookies([{"name": LANGUAGE_COOKIE, "value": language, "url": self.server.address}])

    def go(self, path: str) -> None:
        """Open a page by its address, and wait until it stands."""
        before = self.openings
        self.page.goto(f"{self.server.address}{path}")
        self._opened(before)

    def reload(self) -> None:
        """Refresh the page, and wait until it stands."""
        before = self.openings
        self.page.reload()
        self._opened(before)

    def lose_the_server(self) -> None:
        """Stop the server and start it again, and wait until the page has come back by itself."""
        before = self.openings
        self.server.stop()
        self.server.start()
        self._opened(before)

    def _opened(self, before: int) -> None:
        self._until(lambda: self.openings > before and self.ended > 0)
        self.settle()

    def settle(self) -> None:
        """Wait until the page stands: its script has run to its end, no message has come for a while, the files it
        was opened with are there, and the browser has drawn what it got and has nothing left to do."""
        self.page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
        self._until(lambda: not self.running and time.monotonic() - self.last > QUIET)
        self.page.wait_for_load_state("networkidle")
        self.page.evaluate(IDLE)
        self.page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')

    def press(self, target: Any, **options: Any) -> None:
        """Click what makes the script run (a button, a link, a tab), and wait until that run is over."""
        before = self.ended
        target.click(**options)
        self._until(lambda: self.ended > before)
        self.settle()

    def strike(self, keys: str) -> None:
        """Strike keys that make the script run, and wait until that run is over."""
        before = self.ended
        self.page.keyboard.press(keys)
        self._until(lambda: self.ended > before)
        self.settle()

    def enter(self, target: Any, text: str) -> None:
        """Write into a field outside of any form and send it, and wait for the answer."""
        before = self.ended
        target.fill(text)
        target.press("Enter")
        self._until(lambda: self.ended > before)
        self.settle()

    def choose(self, label: str, option: str) -> None:
        """Pick an option of a select box on a page that stands; in a fold that is still unfolding the box would move
        while it opens, and close again, and so would one at the edge of the window."""
        self.settle()
        self.page.wait_for_function("document.getAnimations().every(one => one.playState !== 'running')")
        box = self.page.get_by_role("combobox", name=label)
        box.evaluate("node => node.scrollIntoView({block: 'center', behavior: 'instant'})")
        box.click()
        self.page.get_by_role("option", name=re.compile(f"^{option}")).click()
        self.page.get_by_role("option").first.wait_for(state="hidden")
        self.settle()

    def _until(self, done: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not done():
            assert time.monotonic() < end, f"the page is not done: {self.ended} runs ended, running: {self.running}"
            self.page.wait_for_timeout(50)

    def strangers(self) -> list[str]:
        """Addresses beyond the server that the page asked for; data and blob stay in the browser."""
        ours = f"127.0.0.1:{self.server.port}"
        return [
            one for one in self.asked if urlsplit(one).scheme not in ("data", "blob") and urlsplit(one).netloc != ours
        ]

    def close(self) -> None:
        self.context.close()


@pytest.fixture
def visit(chromium: Any, server: Server) -> Iterator[Any]:
    """Open windows as people; all are closed at the end."""
    windows: list[Visit] = []

    def enter(name: str = "委员甲", **options: Any) -> Visit:
        windows.append(Visit(chromium, server, name, **options))
        return windows[-1]

    yield enter
    for window in windows:
        window.close()


@pytest.fixture(scope="session")
def standing_server(made_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for the tests that only read."""
    running = Server(copy_of(made_home, tmp_path_factory.mktemp("reading") / "home"))
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def taught_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on a small demonstration whose models have been taught, with an analyst who has the tests' password."""
    settings = Settings(home=tmp_path_factory.mktemp("taught") / "home")
    done = walk(settings, enterprises=300, seed=20200424, progress=lambda *_told, **_values: None)
    Accounts(Store(settings).engine).add("分析员", "分析员", "analyst", PASSWORD, actor="tests")
    running = Server(Home(settings.home, done.ranking, done.round_id, ()))
    running.start()
    yield running
    running.stop()


@pytest.fixture
def look(chromium: Any, standing_server: Server) -> Iterator[Any]:
    """Open windows on the server for reading; all are closed at the end."""
    windows: list[Visit] = []

    def enter(name: str = "委员甲", **options: Any) -> Visit:
        windows.append(Visit(chromium, standing_server, name, **options))
        return windows[-1]

    yield enter
    for window in windows:
        window.close()
