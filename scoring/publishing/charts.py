"""The charts of the published pages, drawn as SVG: no script, no network, the same bytes each time, and fast.

A publication holds hundreds of them. Bars tell sign by colour that the colour-blind can tell apart and by their text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from wcwidth import wcswidth

from scoring.messages import say

UP, DOWN, TOTAL = "#0072B2", "#D55E00", "#4D4D4D"
_ROW, _BAR, _LABELS, _PLOT, _VALUES = 24, 15, 190, 400, 60


def points_waterfall(parts: Mapping[str, float], base: float, score: float, language: str, *, most: int = 8) -> str:
    """From the base to the score: the largest parts (label -> points) one by one, the others together.

    The last bar is the score; the steps before it sum to it.
    """
    steps = waterfall_steps(parts, base, language, most)
    bars, at = [], 0.0
    for label, value in steps:
        bars.append((label, at, at + value, f"{value:+.1f}", UP if value >= 0 else DOWN))
        at += value
    bars.append((say("chart-score", language), 0.0, score, f"{score:.1f}", TOTAL))
    return _drawn(bars, say("chart-waterfall-title", language, score=score))


def waterfall_steps(parts: Mapping[str, float], base: float, language: str, most: int) -> list[tuple[str, float]]:
    """The steps of a waterfall: the base if there is one, the largest parts, and what is left of them together.

    >>> waterfall_steps({"a": 5.0, "b": -3.0, "c": 1.0, "d": 0.5}, 10.0, "en", 2)
    [('base', 10.0), ('a', 5.0), ('b', -3.0), ('2 others', 1.5)]
    """
    ordered = sorted(parts.items(), key=lambda item: (-abs(item[1]), item[0]))
    shown = [item for item in ordered[:most] if round(item[1], 1)]
    rest = sum(value for _, value in ordered) - sum(value for _, value in shown)
    steps = [(say("chart-base", language), base)] if round(base, 1) else []
    steps += shown
    if round(rest, 1):
        steps.append((say("chart-rest", language, count=len(parts) - len(shown)), rest))
    return steps


def member_bars(rows: Sequence[tuple[str, int]], language: str) -> str:
    """Members by group (label, count) as bars from zero."""
    bars = [(label, 0.0, float(count), f"{count:,}", UP) for label, count in rows]
    return _drawn(bars, say("chart-members", language))


def _drawn(bars: Sequence[tuple[str, float, float, str, str]], title: str) -> str:
    """Horizontal bars (label, from, to, text, colour) on one scale, a line at zero."""
    low = min(0.0, *(min(start, end) for _, start, end, _, _ in bars))
    high = max(1e-9, *(max(start, end) for _, start, end, _, _ in bars))

    def x(value: float) -> float:
        return round(_LABELS + (value - low) / (high - low) * _PLOT, 1)

    width, height = _LABELS + _PLOT + _VALUES, _ROW * len(bars) + 8
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(title)}" '
        f'viewBox="0 0 {width} {height}" style="max-width:100%;height:auto" font-size="12" font-family="inherit">'
    ]
    for place, (label, start, end, text, colour) in enumerate(bars):
        top = 4 + place * _ROW
        left, right = sorted((x(start), x(end)))
        middle = top + _ROW / 2 + 4
        drawn.append(f'<text x="{_LABELS - 6}" y="{middle}" text-anchor="end">{escape(_short(label))}</text>')
        drawn.append(
            f'<rect x="{left}" y="{top + (_ROW - _BAR) / 2}" width="{max(right - left, 0.5):.1f}" height="{_BAR}" '
            f'fill="{colour}"/>'
        )
        drawn.append(f'<text x="{right + 4}" y="{middle}">{escape(text)}</text>')
    drawn.append(f'<line x1="{x(0)}" x2="{x(0)}" y1="0" y2="{height}" stroke="#999"/></svg>')
    return "".join(drawn)


def _short(label: str, cells: int = 28) -> str:
    """A label cut to the place it has: a Chinese character takes two cells."""
    if wcswidth(label) <= cells:
        return label
    kept = label
    while wcswidth(kept) > cells - 1:
        kept = kept[:-1]
    return f"{kept}…"
