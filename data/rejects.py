"""The rejects file: rows that were not taken, whole, with their reasons, inert in any spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path


class Rejects:
    """The rejects file: every row that was not taken, as received, with its sheet, number and reasons. A CSV in UTF-8
    with BOM, its cells inert in a spreadsheet.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stream: io.TextIOWrapper | None = None
        self.rows = 0

    def add(
        self, sheet: str, row: int, reasons: list[str], headers: Sequence[str], cells: Sequence[str | None]
    ) -> None:
        """Put one row aside."""
        if self._stream is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._stream = self.path.open("w", encoding="utf-8-sig", newline="")
            csv.writer(self._stream).writerow(["sheet", "row", "reasons", *map(inert, headers)])
        csv.writer(self._stream).writerow([sheet, row, " ".join(reasons), *(inert(cell or "") for cell in cells)])
        self.rows += 1

    def close(self) -> Path | None:
        """The file's path, or None when no row was put aside."""
        if self._stream is None:
            return None
        self._stream.close()
        return self.path


def inert(text: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe before a leading `=`, `+`, `-`, `@`.

    >>> inert("=1+1"), inert("-5"), inert("某公司")
    ("'=1+1", '-5', '某公司')
    """
    if (
        text[:1] in ("=", "+", "-", "@", "\t", "\r")
        and not text.lstrip("+-").replace(".", "", 1).replace(",", "").isdigit()
    ):
        return f"'{text}"
    return text
