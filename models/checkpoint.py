"""Work done survives an interruption: each finished piece of a training is kept until the whole is registered."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

Array = np.ndarray


class Checkpoint:
    """The finished pieces of one training, known by what went into it.

    Two trainings of the same thing at once may share the folder: the pieces are the same to the byte, and each
    is written whole under another name first.
    """

    def __init__(self, root: Path, key: Mapping[str, object]) -> None:
        told = json.dumps(key, sort_keys=True, default=str)
        self.folder = root / hashlib.sha256(told.encode()).hexdigest()[:24]
        self.reused = 0

    def array(self, name: str, compute: Callable[[], Array]) -> Array:
        """The float64 array of that name: read if an earlier attempt finished it, else computed and kept."""
        path = self.folder / f"{name}.npy"
        try:
            found: Array = np.load(path, allow_pickle=False)
        except (OSError, ValueError):
            found = np.asarray(compute(), dtype=np.float64)
            self._keep(path, lambda part: np.save(part, found, allow_pickle=False))
        else:
            self.reused += 1
        return found

    def text(self, name: str, compute: Callable[[], str]) -> str:
        """The text of that name, as `array`."""
        path = self.folder / f"{name}.txt"
        try:
            found = path.read_text(encoding="utf-8")
        except OSError:
            found = compute()
            self._keep(path, lambda part: part.write_text(found, encoding="utf-8"))
        else:
            self.reused += 1
        return found

    def forget(self) -> None:
        """Remove the pieces: the training is registered."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _keep(self, path: Path, write: Callable[[Path], object]) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{os.getpid()}-{path.name}")
        try:
            write(part)
            part.replace(path)
        except FileNotFoundError:  # the other training has just been registered and swept the folder
            part.unlink(missing_ok=True)
