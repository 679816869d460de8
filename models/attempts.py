"""Registrations under way. One whose process was killed is known by the next, which clears away what it left.

Each is a file that its process holds locked; the lock falls with the process, however that ends.
"""

from __future__ import annotations

import fcntl
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FOLDER = "attempts"


class Attempts:
    """The registrations of one `mlruns` folder that have begun and not ended."""

    def __init__(self, mlruns: Path) -> None:
        self.mlruns = mlruns
        self.folder = mlruns / FOLDER

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Only one process at a time in here: MLflow builds its database on first use and expects no company."""
        self.mlruns.mkdir(parents=True, exist_ok=True)
        with (self.mlruns / ".lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    @contextmanager
    def begun(self) -> Iterator[str]:
        """The name of a new attempt, which counts as alive inside; `end` it when nothing is left to clear away."""
        self.folder.mkdir(parents=True, exist_ok=True)
        name = uuid.uuid4().hex
        with self.alone():
            handle = (self.folder / name).open("w")
            fcntl.flock(handle, fcntl.LOCK_EX)
        try:
            yield name
        finally:
            handle.close()

    def end(self, name: str) -> None:
        """Forget an attempt: it came to a version, or all that it left was cleared away."""
        (self.folder / name).unlink(missing_ok=True)

    def dead(self) -> list[str]:
        """The attempts whose process is gone."""
        found = []
        with self.alone():
            for path in sorted(self.folder.glob("*")):
                with path.open() as handle:
                    try:
                        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    except BlockingIOError:
                        continue
                    found.append(path.name)
        return found
