"""Records of a whole file, more than memory should hold: spilled to disk in parts that belong together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

HELD = 250_000
"""Records kept in memory before any are spilled; most files never spill."""
_BITS = 6


class Partitions:
    """Records by a spreading 64-bit number: those of one number always come back in the same part, in order."""

    def __init__(self, folder: Path, name: str, kind: np.dtype[Any]) -> None:
        self._folder, self._name, self._kind = folder, name, kind
        self._held: list[tuple[np.ndarray, np.ndarray]] = []
        self._count = 0
        self.spilled = False

    def add(self, spread: np.ndarray, records: np.ndarray) -> None:
        """Take records, each with its spreading number (uint64)."""
        self._held.append((spread, records))
        self._count += len(records)
        if self._count > HELD:
            self.spill()

    def parts(self) -> Iterator[np.ndarray]:
        """All records, part by part; with few records there is one part."""
        return (self.part(number) for number in self.numbers())

    def numbers(self) -> range:
        """The numbers of the parts: one where nothing was spilled."""
        return range(1 << _BITS if self.spilled else 1)

    def part(self, number: int) -> np.ndarray:
        """The records of one part, perhaps none."""
        if not self.spilled:
            held = [records for _, records in self._held]
            return np.concatenate(held) if held else np.empty(0, self._kind)
        self.spill()
        path = self._path(number)
        return np.fromfile(path, dtype=self._kind) if path.exists() else np.empty(0, self._kind)

    def spill(self) -> None:
        """Write all that is held to disk."""
        self.spilled = True
        if not self._held:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            streams: dict[int, BinaryIO] = {}
            for spread, records in self._held:
                places = (spread >> np.uint64(64 - _BITS)).astype(np.int64)
                order = np.argsort(places, kind="stable")
                bounds = np.searchsorted(places[order], np.arange((1 << _BITS) + 1))
                ordered = records[order]
                for part in np.flatnonzero(np.diff(bounds)).tolist():
                    if part not in streams:
                        streams[part] = stack.enter_context(self._path(part).open("ab"))
                    streams[part].write(ordered[bounds[part] : bounds[part + 1]].tobytes())
        self._held, self._count = [], 0

    def _path(self, part: int) -> Path:
        return self._folder / f"{self._name}.{part}"
