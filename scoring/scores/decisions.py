"""What the committee decided before: who is on the list now, and who has ever been looked at."""

from __future__ import annotations

from datetime import date

import pandas as pd

from data.store import Store


def past_decisions(store: Store | None, as_of: date, index: pd.Index) -> pd.DataFrame:
    """For each enterprise of an index what was known on a date.

    Columns: `incumbent` (bool: listed in its last decision), `looked_at` (bool: ever listed, declined or removed).
    An enterprise that the last edition does not mention keeps its earlier decision.
    """
    result = pd.DataFrame({"incumbent": False, "looked_at": False}, index=index)
    if store is None:
        return result
    decisions = store.read("directory_decisions")
    moment = pd.Timestamp(as_of)
    past = (pd.to_datetime(decisions["known_on"]) <= moment) & (
        decisions["as_of"].isna() | (pd.to_datetime(decisions["as_of"]) <= moment)
    )
    decisions = decisions[past & decisions["decision"].notna()]
    if decisions.empty:
        return result
    decided = decisions[decisions["decision"] != "not_reviewed"]
    decided = decided.sort_values(["as_of", "known_on", "batch_id", "source_row"], kind="stable")
    last = decided.drop_duplicates("enterprise_id", keep="last").set_index("enterprise_id")["decision"]
    found = last.reindex(index)
    result["looked_at"] = found.notna().to_numpy(dtype=bool)
    result["incumbent"] = (found == "listed").fillna(False).to_numpy(dtype=bool)
    return result
