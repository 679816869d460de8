"""The charts of an enterprise's points and of a list, drawn once for pages and papers alike, as SVG.

Why no Vega here: vl-convert takes .1 s of a processor for each chart (as much when the specification is compiled
beforehand), so that the dossiers of a large list would take minutes, and it places words by the fonts that a machine
happens to have, so that two machines would write different bytes. These charts take well under a millisecond, their
bytes depend on nothing but their content, and a page shows exactly what the paper prints. Bars tell sign by
colours that the colour-blind can tell apart, by their side, and by their text; nothing is said by colour alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from itertools import accumulate
from typing import NamedTuple

from wcwidth import wcswidth

from scoring.messages import say

UP, DOWN = "#0072B2", "#D55E00"
PAPER = "#1a1a1a"
"""The ink of words, totals and lines on white; a page on a dark ground names a light one."""
_ROW, _LINE, _BAR, _LABELS, _PLOT = 24, 15, 15, 240, 360
_CELLS = 34
"""The room of a line of a label; a Chinese character takes two cells."""
_FONT = "'Noto Sans CJK SC', 'Source Han Sans SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"


class _Bar(NamedTuple):
    """One bar: its label, where it starts and ends (points or members), its text, its colour, and a mark or None."""

    label: str
    start: float
    end: float
    text: str
    colour: str
    mark: float | None = None


def points_waterfall(
    parts: Mapping[str, float], base: float, score: float, language: str, *, most: int = 8, ink: str = PAPER
) -> str:
    """From the base to the score: the largest parts (label -> points) one by one, the others together.

    The last bar is the score; the steps before it sum to it.
    """
    bars, at = [], 0.0
    for label, value in waterfall_steps(parts, base, language, most):
        bars.append(_Bar(label, at, at + value, f"{value:+.1f}", UP if value >= 0 else DOWN))
        at += value
    bars.append(_Bar(say("chart-score", language), 0.0, score, f"{score:.1f}", ink))
    return _drawn(bars, say("chart-waterfall-title", language, score=score), ink)


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


def factor_bars(points: Mapping[str, float], medians: Mapping[str, float], language: str, *, ink: str = PAPER) -> str:
    """Points by factor (code -> points) as bars from zero, the median of the track as a stroke across each.

    A factor in which neither the enterprise nor its track has a point is left out.
    """
    bars = []
    for name, value in points.items():
        median = medians.get(name, 0.0)
        if round(value, 1) or round(median, 1):
            text = say("chart-against-median", language, points=value, median=median)
            bars.append(_Bar(say(f"factor-{name}", language), 0.0, value, text, UP if value >= 0 else DOWN, median))
    return _drawn(bars, say("chart-factors-title", language), ink, words=150)


def member_bars(rows: Sequence[tuple[str, int]], language: str, *, ink: str = PAPER) -> str:
    """Members by group (label, count) as bars from zero."""
    bars = [_Bar(label, 0.0, float(count), f"{count:,}", UP) for label, count in rows]
    return _drawn(bars, say("chart-members", language), ink)


def _drawn(bars: Sequence[_Bar], title: str, ink: str, words: int = 60) -> str:
    """Horizontal bars on one scale, a line at zero; `words` is the room right of the plot for a bar's text."""
    ends = [place for bar in bars for place in (bar.start, bar.end, bar.mark or 0.0)]
    low, high = min([0.0, *ends]), max([1e-9, *ends])
    labels = [_lines(bar.label) for bar in bars]
    heights = [_ROW + _LINE * (len(lines) - 1) for lines in labels]
    tops = list(accumulate(heights, initial=4))
    width, height = _LABELS + _PLOT + 60, tops[-1] + 4

    def x(value: float) -> float:
        return round(_LABELS + (value - low) / (high - low) * (_PLOT + 60 - words), 1)

    told = "; ".join(f"{bar.label} {bar.text}" for bar in bars)
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(f"{title}: {told}")}" '
        f'viewBox="0 0 {width} {height}" width="{width}" height="{height}" style="max-width:100%;height:auto" '
        f'font-size="13" font-family="{_FONT}" fill="{ink}">'
    ]
    for bar, lines, top, tall in zip(bars, labels, tops, heights, strict=False):
        middle = top + (tall - _ROW) // 2
        left, right = sorted((x(bar.start), x(bar.end)))
        edge = right if bar.mark is None else max(right, x(bar.mark))
        for at, line in enumerate(lines):
            drawn.append(f'<text x="{_LABELS - 6}" y="{top + 17 + at * _LINE}" text-anchor="end">{escape(line)}</text>')
        drawn.append(
            f'<rect x="{left}" y="{middle + (_ROW - _BAR) / 2}" width="{max(right - left, 0.5):.1f}" height="{_BAR}" '
            f'fill="{bar.colour}"/>'
        )
        if bar.mark is not None:
            drawn.append(f'<rect x="{x(bar.mark) - 1.5:.1f}" y="{middle + 1}" width="3" height="{_ROW - 2}"/>')
        drawn.append(f'<text x="{edge + 5:.1f}" y="{middle + 17}">{escape(bar.text)}</text>')
    drawn.append(f'<rect x="{x(0) - 0.5:.1f}" y="0" width="1" height="{height}"/></svg>')
    return "".join(drawn)


def _lines(label: str) -> list[str]:
    """A label on as many lines as it needs, broken between words; between letters where a word has no room."""
    lines = [""]
    for word in re.findall(r"[\u2e80-\uffef]|[^\s\u2e80-\uffef]+|\s+", label):
        while wcswidth(lines[-1] + word.rstrip()) > _CELLS:
            kept = "" if lines[-1] else _fitting(word)
            lines[-1] = (lines[-1] + kept).rstrip()
            word = word[len(kept) :].lstrip()
            lines.append("")
        lines[-1] += word
    return [line for line in lines if line] or [""]


def _fitting(word: str) -> str:
    """As much of a word as a line holds."""
    kept = word
    while wcswidth(kept) > _CELLS:
        kept = kept[:-1]
    return kept
