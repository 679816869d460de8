"""Small pictures as SVG text, drawn from the tables of a report; the same table gives the same bytes. No words."""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.splits import Panel, Plan

_FILL = {"train": "#4c78a8", "embargo": "#d8d8d8", "test": "#e45756"}


def plan(made: Plan, panel: Panel) -> str:
    """A validation plan: a row per test, a cell per date; blue teaches, grey waits, red is tested."""
    dates = panel.dates
    folds = {fold.name.split("/")[0]: fold for fold in reversed(made.quoted)}
    cell, left, top = 26, 84, 24
    shapes = [_text(left + cell * i + cell / 2, 14, str(day)[2:7], "middle") for i, day in enumerate(dates)]
    for line, name in enumerate(sorted(folds)):
        fold = folds[name]
        taught, tested = set(panel.as_of[fold.train]), set(panel.as_of[fold.test])
        y = top + line * cell
        shapes.append(_text(4, y + 17, name, "start"))
        for i, day in enumerate(dates):
            kind = "test" if day in tested else "train" if day in taught else "embargo" if day < max(tested) else ""
            if kind:
                shapes.append(_box(left + cell * i + 1, y + 1, cell - 2, cell - 2, _FILL[kind]))
    return _sheet(left + cell * len(dates) + 8, top + cell * len(folds) + 8, shapes)


def reliability(table: pd.DataFrame) -> str:
    """Promised against seen probability with intervals; on the diagonal all is well. Columns as `reliability` makes."""
    size, edge = 240, 30

    def x(share: float) -> float:
        return edge + share * size

    def y(share: float) -> float:
        return 10 + (1 - share) * size

    shapes = [
        f'<line x1="{x(0):.1f}" y1="{y(0):.1f}" x2="{x(1):.1f}" y2="{y(1):.1f}" stroke="#bbb"/>',
        f'<rect x="{x(0):.1f}" y="{y(1):.1f}" width="{size}" height="{size}" fill="none" stroke="#888"/>',
    ]
    for share in np.linspace(0, 1, 5):
        shapes.append(_text(x(share), y(0) + 16, f"{share:.2f}", "middle"))
        shapes.append(_text(x(0) - 4, y(share) + 4, f"{share:.2f}", "end"))
    for row in table.to_dict("records"):
        at = x(float(row["promised"]))
        low, high, seen = y(float(row["low"])), y(float(row["high"])), y(float(row["seen"]))
        shapes.append(f'<line x1="{at:.1f}" y1="{low:.1f}" x2="{at:.1f}" y2="{high:.1f}" stroke="#4c78a8"/>')
        shapes.append(f'<circle cx="{at:.1f}" cy="{seen:.1f}" r="3" fill="#4c78a8"/>')
    return _sheet(size + edge + 20, size + 40, shapes)


def _text(x: float, y: float, content: str, anchor: str) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="9" font-family="sans-serif">{content}</text>'
    )


def _box(x: float, y: float, width: float, height: float, fill: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{fill}"/>'


def _sheet(width: float, height: float, shapes: list[str]) -> str:
    inside = "\n".join(shapes)
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}">\n{inside}\n</svg>\n'
