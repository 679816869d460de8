"""`kill -9` at any moment of an intake: afterwards the store holds the whole batch or nothing, and is sound."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from data.health import examine
from data.settings import Settings
from data.store import Store

ROWS = 3_000
MOMENTS = 50

VICTIM = """
import os, sys
from pathlib import Path
import pyarrow
from data.contracts import violations
from data.intake import take_in
from data.settings import Settings
from data.store import Store
folder = Path(sys.argv[1])
violations("reports", pyarrow.table({"employees": pyarrow.array([1.0])}))  # loads what pandera loads late
sys.stdout.write("ready\\n"); sys.stdout.flush()
for number in range(int(sys.argv[2])):
    sys.stdin.readline()
    pid = os.fork()
    if pid == 0:
        try:
            store = Store(Settings(home=folder / str(number)))
            sys.stdout.write(f"{os.getpid()}\\n"); sys.stdout.flush()
            take_in(store, folder / "file.csv", mapping=folder / "mapping.yaml", actor="tests")
            os._exit(0)
        except BaseException as error:
            sys.stderr.write(repr(error))
            os._exit(3)
    _, status = os.waitpid(pid, 0)
    sys.stdout.write(f"done {status}\\n"); sys.stdout.flush()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    lines = [f"E{number:06d},2024,{number}.5,{number % 90}" for number in range(ROWS)]
    (tmp_path / "file.csv").write_text("\n".join(["码,年,收入,人", *lines]), encoding="utf-8")
    (tmp_path / "mapping.yaml").write_text(
        "mulu_mapping: 1\nidentifier: {column: 码, scheme: opaque}\nperiod: {year: {column: 年}}\ntables:\n"
        "  reports: {revenue_cny: {column: 收入, unit: 万元}, employees: {column: 人}}\n"
        "  enterprises: {name: {column: 码}}\n",
        encoding="utf-8",
    )
    Store(Settings(home=tmp_path / "empty")).engine.dispose()
    for number in range(MOMENTS + 1):
        shutil.copytree(tmp_path / "empty", tmp_path / str(number))
    return tmp_path


def test_killed_at_fifty_moments(folder: Path) -> None:
    """One process loads the program once and forks a writer for each moment; the moments are spread over the time that
    an intake takes, measured first and corrected as we go.
    """
    victim = subprocess.Popen(
        [sys.executable, "-c", VICTIM, str(folder), str(MOMENTS + 1)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert victim.stdin is not None
    assert victim.stdout is not None
    assert victim.stdout.readline() == "ready\n"

    def write_and_kill(after: float | None) -> int:
        victim.stdin.write("go\n")  # type: ignore[union-attr]
        victim.stdin.flush()  # type: ignore[union-attr]
        writer = int(victim.stdout.readline())  # type: ignore[union-attr]
        if after is not None:
            time.sleep(after)
            with contextlib.suppress(ProcessLookupError):  # it was done before
                os.kill(writer, signal.SIGKILL)
        return int(victim.stdout.readline().split()[1])  # type: ignore[union-attr]

    started = time.perf_counter()
    assert write_and_kill(None) == 0
    whole = time.perf_counter() - started
    draw = random.Random(20200424)  # noqa: S311 (no secret)
    statuses = []
    for _ in range(MOMENTS):
        after = draw.random() * whole
        statuses.append(write_and_kill(after))
        if statuses[-1] == 0:
            whole = min(whole, after * 1.2)  # it was done by then: the machine is faster than it was at first
    victim.stdin.close()
    victim.stdout.close()
    assert victim.wait() == 0
    killed = 0
    for number, status in enumerate([0, *statuses]):
        store = Store(Settings(home=folder / str(number)))
        batches = store.batches()
        rows = {table: len(store.read(table)) for table in ("reports", "enterprises")}
        held = {0: {"reports": 0, "enterprises": 0}, 1: {"reports": ROWS, "enterprises": ROWS}}[len(batches)]
        assert rows == held, f"moment {number}"
        health = examine(store, repair=True)
        assert health.sound, health.checks
        assert store.orphans() == []
        assert status in (0, signal.SIGKILL)
        killed += status == signal.SIGKILL
        store.engine.dispose()
    assert killed >= MOMENTS // 2, "the writers were mostly done before they were killed: nothing was tested"
