"""The pictures of the README: `python tests/browser/screenshots.py` on a home that `mulu demo` has made.

Starts a server of its own on MULU_HOME, opens the pages as the demonstration's people and writes
`dashboard/screenshots/PAGE.png` (light, Chinese), `PAGE-en.png` and `PAGE-dark.png`. With `--check FOLDER` it writes
every page at 1440 and 1024 pixels, light and dark, in both languages, to a folder instead: for looking them through.
"""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import time
import urllib.request
from itertools import product
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from dashboard.session import LANGUAGE_COOKIE, SESSION_COOKIE
from data.accounts import Accounts
from data.settings import PROJECT, Settings
from data.store import Store
from scoring.messages import LANGUAGES
from scoring.scores.ranking import load_ranking

FOLDER = PROJECT / "dashboard" / "screenshots"
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
SHOWN = {"overview": "member", "ranking": "member", "enterprise": "member", "meeting": "chair", "coverage": "chair"}
ALL = ("overview", "ranking", "enterprise", "meeting", "coverage", "whatif", "publish", "data", "model", "ledger")


def serve() -> tuple[subprocess.Popen[bytes], str]:
    """A server on a free port, once it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "dashboard/app.py", "--server.port", str(port)]
    process = subprocess.Popen(command, cwd=PROJECT, env=os.environ.copy(), stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    for _ in range(240):
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=2).read()  # noqa: S310
            return process, address
        except OSError:
            time.sleep(0.25)
    raise SystemExit("the server does not answer")


def picture(browser: Any, address: str, token: str, path: str, target: Path, **options: Any) -> None:
    """One page as one PNG; `full` takes all of it, else what fits the window."""
    full, language = options.pop("full", False), options.pop("language", "zh-CN")
    width = options.pop("width", 1440)
    context = browser.new_context(viewport={"width": width, "height": 900}, **options)
    cookies = ((SESSION_COOKIE, token), (LANGUAGE_COOKIE, language))
    context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies])
    page = context.new_page()
    page.goto(address + path)
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]', timeout=120_000)
    page.wait_for_timeout(1500)
    if full:
        height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
        page.set_viewport_size({"width": width, "height": min(height + 10, 3600)})
        page.wait_for_timeout(800)
    page.screenshot(path=target)
    context.close()


def main() -> None:
    """Make the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", type=Path, help="write every page in every form to this folder")
    check = parser.parse_args().check
    settings = Settings()
    people = Accounts(Store(settings).engine)
    tokens = {user.role: people.open_session(user) for user in people.people()}
    frame = load_ranking(settings).frame
    key = str(frame[frame["zone"] == "grey"].sort_values(["coverage", "score"], ascending=False).index[0])
    process, address = serve()
    folder = check or FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            for name in ALL if check else SHOWN:
                path = f"/{name}" + (f"?id={key}" if name == "enterprise" else "")
                token = tokens[SHOWN.get(name, "analyst")]
                if check:
                    for width, scheme, language in product((1440, 1024), ("light", "dark"), LANGUAGES):
                        target = folder / f"{name}-{width}-{scheme}-{language}.png"
                        picture(
                            browser, address, token, path, target, width=width, color_scheme=scheme, language=language,
                            full=True,
                        )  # fmt: skip
                    continue
                picture(browser, address, token, path, folder / f"{name}.png")
                picture(browser, address, token, path, folder / f"{name}-en.png", language="en")
                if name in ("ranking", "enterprise"):
                    picture(browser, address, token, path, folder / f"{name}-dark.png", color_scheme="dark")
            browser.close()
    finally:
        process.terminate()
    sys.stdout.write(f"{folder}\n")


if __name__ == "__main__":
    main()
