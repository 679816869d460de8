"""Scores and SHAP values where the matrix lies: each part of it is explained by a worker of the engine that made it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from features.stored_frame import StoredFrame
from models.classifier import Array
from models.explanation import scored_contributions
from models.fitted import FittedModel

MEMBER = "member "
"""Before the number of a member's column: no feature's name holds a space."""

BASE = b"base"


def spread_contributions(model: FittedModel, frame: StoredFrame) -> tuple[StoredFrame, float, Array]:
    """`explanation.scored_contributions` of a frame in files: the parts stay in files, the members' log-odds come here.

    The workers are given the model: its boosters' texts, from which each of them makes its tables once.
    """
    found = frame.mapped(explained, model, model.feature_names)
    members = np.empty((model.bag.members, len(frame))).T
    for number in range(model.bag.members):
        members[:, number] = found[f"{MEMBER}{number}"]
    base = float(pq.read_schema(found.files[0]).metadata[BASE])
    return found.some(model.feature_names), base, members


def explained(frame: pd.DataFrame, model: FittedModel) -> pa.Table:
    """What a worker finds of its part: every feature's part and every member's log-odds; the base in its metadata."""
    parts, base, members = scored_contributions(model, frame)
    columns = {str(name): parts[name].to_numpy() for name in parts.columns}
    columns |= {f"{MEMBER}{number}": members[:, number] for number in range(members.shape[1])}
    return pa.table(columns).replace_schema_metadata({BASE: repr(float(base)).encode()})
