"""Points as whole numbers: ten-thousandths, so that sums are exact on any machine."""

from __future__ import annotations

from typing import Any

import numpy as np

from scoring.editions.circumstances import Column

UNITS_PER_POINT = 10_000
Units = np.ndarray[Any, np.dtype[np.int64]]


def units(points: Column | float) -> Units:
    """Points as whole ten-thousandths.

    >>> units(np.array([0.00004, 1.5])).tolist()
    [0, 15000]
    """
    scaled = np.multiply(points, UNITS_PER_POINT, dtype=np.float64)
    result: Units = np.rint(scaled).astype(np.int64)
    return result
