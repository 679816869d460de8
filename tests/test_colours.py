"""The colours of the pages: told apart by colour-blind readers, and seen on light and dark grounds.

Colour blindness is simulated as by Machado, Oliveira and Fernandes, "A physiologically-based model for simulation of
color vision deficiency", IEEE TVCG 15(6), 2009: their matrices for severity 1.0, on linear RGB. Differences are CIE76
(Euclidean in CIELAB, white D65); contrast is WCAG 2's.
"""

from __future__ import annotations

import itertools
import re
import tomllib
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from dashboard.charts import BLUE, GREY, ORANGE
from scoring.publishing.charts import DOWN, UP

PAGES = Path(__file__).parent.parent / "dashboard"
SHELL, TABLE = ((PAGES / name).read_text(encoding="utf-8") for name in ("shell.css", "table.css"))
THEME = tomllib.loads((PAGES / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]

APART = 25.0
"""Least difference of colours that tell different things in one drawing; a just noticeable one is about 2.3."""
BESIDE = 15.0
"""The same for the eight factors of a bar, which are also told by their order, an outline and their text."""
TEXT, MARK = 4.5, 3.0

SIGHT = {
    "all cones": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)


def linear(colour: str) -> NDArray[np.float64]:
    """Linear RGB (3,) of #rrggbb, each 0..1."""
    parts = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def difference(one: str, other: str, sight: str) -> float:
    """CIE76 of two colours as somebody sees them."""

    def lab(colour: str) -> NDArray[np.float64]:
        x, y, z = _XYZ @ np.clip(SIGHT[sight] @ linear(colour), 0, 1) / (0.95047, 1.0, 1.08883)
        fx, fy, fz = (np.cbrt(v) if v > 216 / 24389 else (24389 / 27 * v + 16) / 116 for v in (x, y, z))
        return np.array([116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)])

    return float(np.linalg.norm(lab(one) - lab(other)))


def contrast(one: str, other: str) -> float:
    low, high = sorted(float(_XYZ[1] @ linear(colour)) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def colour_of(css: str, rule: str) -> str:
    """The colour that a rule of a style sheet names."""
    found = re.search(re.escape(rule) + r" \{[^}]*?(#[0-9a-f]{6})", css)
    assert found, rule
    return found[1]


def stack_tones() -> list[str]:
    """The fills of a bar's factors; the last is the ink of the theme."""
    fills = [re.search(rf"svg \.t{at} \{{ fill: ([^;]+);", TABLE) for at in range(8)]
    return [found[1] for found in fills if found]


TOLD_APART = {
    "waterfall": (UP, DOWN),
    "chart": (BLUE, ORANGE, GREY),
    "reasons": (colour_of(SHELL, ".mulu-reasons .up i"), colour_of(SHELL, ".mulu-reasons .down i")),
    "strip": (colour_of(SHELL, ".mulu-strip .dot"), colour_of(SHELL, ".mulu-strip .line")),
    "steps": tuple(colour_of(SHELL, f".mulu-steps li{one}") for one in ("", ".done", ".now")),
}


def test_the_measures_are_right() -> None:
    """Black on white is 21:1 and 100 apart; red and green of one lightness fall together for who lacks a cone."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert difference("#000000", "#ffffff", "all cones") == pytest.approx(100, abs=0.01)
    assert difference("#c04040", "#6a7a30", "deuteranopia") < APART < difference("#c04040", "#6a7a30", "all cones")


@pytest.mark.parametrize("sight", SIGHT)
def test_colours_that_tell_different_things_stay_apart(sight: str) -> None:
    found = {
        (name, one, other): round(apart, 1)
        for name, colours in TOLD_APART.items()
        for one, other in itertools.combinations(colours, 2)
        if (apart := difference(one, other, sight)) < APART
    }
    assert found == {}


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_factors_of_a_bar_stay_apart_and_have_an_outline(scheme: str, sight: str) -> None:
    *tones, last = stack_tones()
    assert len(tones) == 7
    assert last == "var(--st-text-color)"
    colours = [*tones, THEME[scheme]["textColor"]]
    near = {pair: found for pair in itertools.combinations(colours, 2) if (found := difference(*pair, sight)) < BESIDE}
    assert near == {}
    # Yellow is faint on white whatever its shade: the outline has the ink's contrast.
    assert "svg .edge { stroke: var(--st-text-color)" in TABLE


def test_the_frames_of_a_table_are_told_by_a_sign() -> None:
    """Their colours are near for some: each tone has a sign of its own before its word."""
    script = (PAGES / "table.js").read_text(encoding="utf-8")
    row = re.search(r"const SIGNS = \{(.*)\}", script)
    assert row
    signs = dict(re.findall(r'(\w+): "([^"]*)"', row[1]))
    assert len(set(signs.values())) == len(signs)
    assert set(re.findall(r"\.badge\.(\w+)", TABLE)) < set(signs)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_marks_stand_out_from_every_ground(scheme: str) -> None:
    """Whatever colour the style sheets name outside of a bar's factors, and those of the charts."""
    sheets = SHELL + "\n".join(row for row in TABLE.splitlines() if not row.startswith("svg .t"))
    marks = {UP.lower(), DOWN.lower(), BLUE, ORANGE, GREY, *re.findall(r"#[0-9a-f]{6}\b", sheets)}
    ground = THEME[scheme]["backgroundColor"]
    assert {mark: found for mark in marks if (found := contrast(mark, ground)) < MARK} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_are_read_on_every_ground(scheme: str) -> None:
    theme = THEME[scheme]
    grounds = {
        part[name] for part in (theme, theme["sidebar"]) for name in ("backgroundColor", "secondaryBackgroundColor")
    }
    for ink, ground in itertools.product((theme["textColor"], theme["linkColor"]), sorted(grounds)):
        assert contrast(ink, ground) >= TEXT, (ink, ground)
    on_primary = re.search(r'on_primary = "(#\w{6})" if .* else "(#\w{6})"', (PAGES / "shell.py").read_text("utf-8"))
    assert on_primary
    assert contrast(on_primary[1 if scheme == "dark" else 2], theme["primaryColor"]) >= TEXT
