"""The panel that training sees: the same matrix that ranking sees, at each date, beside what became of everyone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from data.refusal import Refusal
from data.store import Store
from features.catalog import Catalogue
from features.labels import build_labels, label_dates
from features.matrix import Matrix, build_matrix
from models.splits import Panel

Array = np.ndarray


@dataclass(frozen=True)
class Sidelights:
    """What is said of enterprises beside their features, and never learned from.

    `look` gives a frame for a matrix's enterprises (its index) with columns such as `card` (points of the scorecard)
    and `track`; `told` is what the report says of where they come from.
    """

    look: Callable[[Matrix], pd.DataFrame]
    told: Mapping[str, object]


FEWEST_POSITIVES = 30


def gather(
    store: Store,
    target: str,
    catalogue: Catalogue,
    dates: Sequence[date] | None = None,
    sidelights: Sidelights | None = None,
    engine: str = "duckdb",
) -> Panel:
    """Features and labels of a target at each date (default: all its label dates), ordered by date and enterprise.

    `sidelights` adds columns to `about` for every enterprise of a matrix, such as `card` (points of the
    scorecard) and `track`. Refuses a target without dates or labels (`training-no-labels`).
    """
    chosen = sorted(dates) if dates else label_dates(store, target)
    if not chosen:
        raise Refusal("training-no-labels", target=target)
    labels = build_labels(store, target, chosen)
    parts = []
    for day in chosen:
        known = labels[(labels.as_of == day) & labels.label.notna()]
        if len(known):
            parts.append(_at(store, day, labels[labels.as_of == day], catalogue, sidelights, engine))
    parts = [part for part in parts if len(part)]
    if not parts:
        raise Refusal("training-no-labels", target=target)
    return _joined(parts)


def refuse_too_few(panel: Panel, target: str) -> None:
    """Refuse labels of one class (`training-one-class`) or under 30 of either (`training-few-positives`)."""
    rows = panel.labelled
    positives = int(panel.label[rows].sum())
    negatives = len(rows) - positives
    if not positives or not negatives:
        raise Refusal("training-one-class", rows=len(rows), positives=positives)
    if min(positives, negatives) < FEWEST_POSITIVES:
        raise Refusal(
            "training-few-positives",
            target=target,
            positives=positives,
            negatives=negatives,
            needed=FEWEST_POSITIVES,
            dates=[str(day) for day in panel.dates],
        )


def usable_columns(frame: pd.DataFrame) -> tuple[list[str], dict[str, str]]:
    """The columns that can teach something, and why the others cannot: "missing" throughout or "constant"."""
    dropped = {}
    for name in frame.columns:
        values = frame[name].nunique(dropna=True)
        if values == 0:
            dropped[str(name)] = "missing"
        elif values == 1 and not frame[name].isna().any():
            dropped[str(name)] = "constant"
    return [str(name) for name in frame.columns if name not in dropped], dropped


def _at(
    store: Store, day: date, labels: pd.DataFrame, catalogue: Catalogue, sidelights: Sidelights | None, engine: str
) -> Panel:
    matrix = build_matrix(store, day, catalogue, engine=engine)
    about = matrix.about
    if sidelights is not None:
        about = about.join(sidelights.look(matrix))
    mine = labels.drop_duplicates("enterprise_id").set_index("enterprise_id").reindex(matrix.frame.index)
    known = pd.Series(mine["known_on"]).map(lambda found: np.datetime64(found if pd.notna(found) else "9999-12-31"))
    return Panel(
        matrix.frame.reset_index(drop=True),
        about.reset_index(drop=True).assign(reason=mine["reason"].fillna("no-label").to_numpy(dtype=object)),
        matrix.frame.index.to_numpy(dtype=object),
        np.full(len(matrix.frame), np.datetime64(day), dtype="datetime64[D]"),
        np.asarray(known.to_numpy(), dtype="datetime64[D]"),
        mine["label"].to_numpy(np.float64),
    )


def _joined(parts: Sequence[Panel]) -> Panel:
    frame = pd.concat([_plain_categories(part.frame) for part in parts], ignore_index=True)
    for name in frame.columns:
        if not pd.api.types.is_numeric_dtype(frame[name].dtype):
            frame[name] = frame[name].astype("object").astype("category")
    return Panel(
        frame,
        pd.concat([part.about for part in parts], ignore_index=True),
        np.concatenate([part.enterprise for part in parts]),
        np.concatenate([part.as_of for part in parts]),
        np.concatenate([part.known_on for part in parts]),
        np.concatenate([part.label for part in parts]),
    )


def _plain_categories(frame: pd.DataFrame) -> pd.DataFrame:
    text = [name for name in frame.columns if not pd.api.types.is_numeric_dtype(frame[name].dtype)]
    return frame.astype(dict.fromkeys(text, "object"))
