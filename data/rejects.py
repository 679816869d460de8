"""The rejects file: rows that were not taken, whole, with their reasons, inert in any spreadsheet."""

from __future__ import annotations

import contextlib
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
            again = self.rows > 0
            self._stream = self.path.open("a" if again else "w", encoding="utf-8" if again else "utf-8-sig", newline="")
            if not again:
                csv.writer(self._stream).writerow(["sheet", "row", "reasons", *map(inert, headers)])
        csv.writer(self._stream).writerow([sheet, row, " ".join(reasons), *(inert(cell or "") for cell in cells)])
        self.rows += 1

    def close(self) -> Path | None:
        """The file's path, or None when no row was put aside. Rows may still be added; close it again then."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None
        return self.path if self.rows else None

    def abandon(self) -> None:
        """Close the file whatever the disk says of it: its folder is about to go."""
        with contextlib.suppress(OSError):
            self.close()


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
