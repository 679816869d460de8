"""The data dictionary: what every feature is, and how much of it is known in the present data."""

from __future__ import annotations

import numpy as np
import pandas as pd

from features.catalog import Catalogue
from features.definition import FACTORS, Feature
from features.matrix import Matrix

COLUMNS = (
    "name",
    "factor",
    "zh",
    "en",
    "definition",
    "unit",
    "kind",
    "direction",
    "missing",
    "relative_to",
    "restricted",
    "changeable",
    "inputs",
    "source",
)
QUANTILES = {"p05": 0.05, "median": 0.5, "p95": 0.95}


def dictionary(catalogue: Catalogue, matrix: Matrix | None = None) -> pd.DataFrame:
    """One row per feature, in the catalogue's order.

    Columns: name, factor, zh, en, definition, unit, kind, direction (+1, -1, 0), missing, relative_to, restricted,
    changeable, inputs (names, comma-separated), source ("mulu" or "declared"); with a matrix also coverage (share of
    enterprises with a value, 0..1; NaN without any enterprise), and p05, median, p95 in the feature's unit (NaN for
    categories).
    """
    rows = [{column: _told(feature, column) for column in COLUMNS} for feature in catalogue]
    listed = pd.DataFrame(rows, columns=list(COLUMNS))
    if matrix is None:
        return listed
    described = [_described(matrix.frame[feature.name]) for feature in catalogue]
    return pd.concat([listed, pd.DataFrame(described, columns=["coverage", *QUANTILES])], axis=1)


def markdown(listed: pd.DataFrame) -> str:
    """A dictionary as a Markdown page, one table for each factor; with coverage and quantiles where data are there.

    Without them it is the page `features/DICTIONARY.md`.
    """
    measured = "coverage" in listed and bool(listed["coverage"].notna().any())
    lines = [
        "# Data dictionary",
        "",
        f"{len(listed)} features. `mulu features --to features/DICTIONARY.md`, without data, writes this page from the",
        "definitions in this folder, and a test keeps it in step; with data it also tells how much is known and the",
        "quantiles. Money is in yuan, shares and rates are 0..1, ranks run from 0 (lowest) to 1. Direction says which",
        "way is better. Missing says what an absent value means: unknown, or none on record and so zero. Source is",
        "mulu, or declared for an office's own indicators. A restricted feature (†, by fair competition review) needs",
        "a legal ground of the edition that uses it; a changeable one (✎) is what an enterprise can change within a",
        "year. What each factor adds on real data is measured in [ABLATION.md](ABLATION.md).",
    ]
    heads = [
        "feature",
        "zh",
        "en",
        "unit",
        "direction",
        "missing",
        "source",
        *(_MEASURED if measured else ()),
        "definition",
    ]
    for factor in FACTORS:
        mine = listed[listed["factor"] == factor]
        lines += ["", f"## {factor}", "", "| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]
        lines += [_markdown_row(row, measured) for _, row in mine.iterrows()]
    return "\n".join(lines) + "\n"


_MEASURED = ("known", "5 %", "median", "95 %")


def _markdown_row(row: pd.Series, measured: bool) -> str:
    marks = ("†" if row["restricted"] else "") + ("✎" if row["changeable"] else "")
    unit = "category" if row["kind"] == "category" else row["unit"]
    direction = {1: "+", -1: "−", 0: ""}[row["direction"]]
    cells = [f"`{row['name']}`{marks}", row["zh"], row["en"], unit, direction, row["missing"], row["source"]]
    if measured:
        quantiles = ["" if pd.isna(row[name]) else f"{row[name]:.4g}" for name in QUANTILES]
        cells += ["" if pd.isna(row["coverage"]) else f"{row['coverage']:.0%}", *quantiles]
    cells.append(row["definition"])
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"


def _told(feature: Feature, column: str) -> object:
    if column == "inputs":
        return ", ".join(feature.inputs)
    if column == "definition":
        return " ".join(feature.definition.split())
    value = getattr(feature, column)
    return "" if value is None else value


def _described(values: pd.Series) -> list[float]:
    coverage = float(values.notna().mean()) if len(values) else float("nan")
    if isinstance(values.dtype, pd.CategoricalDtype) or not values.notna().any():
        return [coverage, *(float("nan") for _ in QUANTILES)]
    numbers = values.dropna().to_numpy(dtype=np.float64)
    return [coverage, *(float(np.quantile(numbers, share)) for share in QUANTILES.values())]
