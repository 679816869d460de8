"""Points as whole numbers: ten-thousandths, so that sums are exact on any machine."""

from __future__ import annotations

from typing import Any

import numpy as np

from scoring.editions.circumstances import Column

UNITS_PER_POINT = 10_000
Units = np.ndarray[Any, np.dtype[np.int64]]


def enough(lacks: float) -> float:
    """The least hundredth of a point above what is lacking (points): with so many more an enterprise is listed.

    >>> enough(0.0), enough(0.0099), enough(0.29), enough(1.2345)
    (0.01, 0.01, 0.3, 1.24)
    """
    return (round(lacks * UNITS_PER_POINT) // (UNITS_PER_POINT // 100) + 1) / 100


def units(points: Column | float) -> Units:
    """Points as whole ten-thousandths.

    >>> units(np.array([0.00004, 1.5])).tolist()
    [0, 15000]
    """
    scaled = np.multiply(points, UNITS_PER_POINT, dtype=np.float64)
    result: Units = np.rint(scaled).astype(np.int64)
    return result
