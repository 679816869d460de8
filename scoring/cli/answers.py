"""How the command line speaks: language, text or JSON answers, tables, progress."""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Protocol

import typer

from data.file_names import readable
from scoring.messages import say

if TYPE_CHECKING:
    from data.settings import Settings


class Format(StrEnum):
    """How an answer is printed: for people or for programs."""

    text = "text"
    json = "json"


def language() -> str:
    """The language of the command line: MULU_LANGUAGE, Chinese where it is not set. Read without loading settings."""
    return "en" if os.environ.get("MULU_LANGUAGE", "").lower().startswith("en") else "zh-CN"


def text(key: str, /, **values: object) -> str:
    """A catalogue's sentence in the command line's language."""
    told = {name: readable(value) if isinstance(value, str) else value for name, value in values.items()}
    return say(key, language(), **told)


FormatOption = Annotated[Format, typer.Option("--format", help=text("cli-format-help"))]


def settings() -> Settings:
    """The installation's settings; refuses an unusable environment variable, naming it."""
    from pydantic import ValidationError

    from data.refusal import Refusal
    from data.settings import Settings

    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        variable = f"MULU_{str(first['loc'][0]).upper()}" if first["loc"] else "MULU_*"
        raise Refusal("settings-invalid", variable=variable, value=str(first["input"]), cause=first["msg"]) from error


def answer(value: object, form: Format, lines: Sequence[str] | str) -> None:
    """Print an answer: `value` as JSON, or the lines for people."""
    if form is Format.json:
        sys.stdout.write(json.dumps(plain(value), ensure_ascii=False, indent=2, allow_nan=False) + "\n")
    else:
        shown = [lines] if isinstance(lines, str) else lines
        sys.stdout.write("".join(f"{line}\n" for line in shown))


def plain(value: object) -> object:
    """The same value in types that JSON has: NaN becomes null, dates ISO text, rows and dataclasses objects."""
    if hasattr(value, "to_dict") and hasattr(value, "columns"):
        return [plain(row) for row in value.to_dict("records")]
    if is_dataclass(value):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(inner) for inner in value]
    if hasattr(value, "item") and getattr(value, "ndim", 0) == 0:
        return plain(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, (int, bool)):
        return value
    return readable(str(value))


def table(headers: Sequence[str], rows: Sequence[Sequence[object]], right: Sequence[int] = ()) -> list[str]:
    """Lines of a table whose columns align also where Chinese characters take two cells.

    `right` holds the positions of the columns that are set to the right (numbers).
    """
    from wcwidth import wcswidth

    shown = [[str(cell) for cell in row] for row in (headers, *rows)]
    widths = [max(max(wcswidth(row[column]), 0) for row in shown) for column in range(len(headers))]

    def line(row: Sequence[str]) -> str:
        cells = []
        for column, cell in enumerate(row):
            gap = " " * (widths[column] - max(wcswidth(cell), 0))
            cells.append(gap + cell if column in right else cell + gap)
        return "  ".join(cells).rstrip()

    return [line(shown[0]), *(line(row) for row in shown[1:])]


class Progress(Protocol):
    """What long work calls: a share done (0..1) and a key of the catalogues saying what is being done."""

    def __call__(self, share: float, key: str, /, **values: object) -> None:
        """Report."""


@contextmanager
def progress() -> Iterator[Progress]:
    """A bar on a terminal's standard error, silence elsewhere. Every stage is shown, however short it is."""
    if not sys.stderr.isatty():
        yield lambda _share, _key, /, **_values: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=1.0)
        seen = ""

        def report(share: float, key: str, /, **values: object) -> None:
            nonlocal seen
            bar.update(task, completed=share, description=text(key, **values), refresh=key != seen)
            seen = key

        yield report
