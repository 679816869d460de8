"""Matrices written by hand, for tests of the rules: a few facts in natural units, everything else unknown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches

import numpy as np
import pandas as pd

from features.about import ABOUT
from features.catalog import Catalogue, built_in
from features.matrix import Matrix
from scoring.editions.circumstances import describe

CATALOGUE = Catalogue(built_in())
AS_OF = date(2026, 6, 30)


def matrix(rows: Mapping[str, Mapping[str, object]]) -> Matrix:
    """A matrix of enterprises by identifier; a field is a feature (in yuan, persons, pieces, shares) or about them."""
    index = pd.Index(sorted(rows), name="enterprise_id")
    given = {field for facts in rows.values() for field in facts}
    known = {*CATALOGUE.names, *ABOUT, "size_class", "size_clause"}
    meant = {name: get_close_matches(name, known, 1) for name in sorted(given - known)}
    assert not meant, f"facts that there are not, and what was probably meant: {meant}"
    columns: dict[str, object] = {}
    for feature in CATALOGUE:
        values = [rows[key].get(feature.name) for key in index]
        if feature.kind == "category":
            columns[feature.name] = pd.Categorical(values)
        else:
            natural = np.array([np.nan if value is None else value for value in values], dtype=np.float64)
            columns[feature.name] = describe(feature).stored(natural)
    frame = pd.DataFrame(columns, index=index, columns=CATALOGUE.names)
    about = pd.DataFrame(
        {
            name: np.array([rows[key].get(name, np.nan) for key in index], dtype=np.float64)
            if name in ("revenue_cny", "employees", "total_assets_cny")
            else pd.Series([rows[key].get(name) for key in index], index=index, dtype=object)
            for name in (*ABOUT, "size_class", "size_clause")
        },
        index=index,
    )  # fmt: skip
    return Matrix(frame, about, AS_OF, CATALOGUE.fingerprint, "by-hand")
