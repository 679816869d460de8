"""Proposed lists on disk: `home/selections/DIGEST/`, noted in the ledger when made."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from data.settings import Settings
from data.store import Store
from scoring.scores.ranking_files import found, written
from scoring.selection.directory import Selection


def save_selection(selection: Selection, settings: Settings, store: Store, actor: str) -> Path:
    """Save a selection under `home/selections/DIGEST` and note it in the ledger; give its folder."""
    folder = settings.home / "selections" / selection.digest
    if not (folder / "selection.json").is_file():
        head = {
            "digest": selection.digest,
            "ranking": selection.ranking.digest,
            "decisions": dict(selection.decisions),
            "points": selection.points,
            "infeasible": [[*row.key, row.number] for row in selection.infeasible],
        }
        written(folder, {"members.parquet": selection.members, "selection.json": head})
    told = {"ranking": selection.ranking.digest, "members": len(selection.members)}
    store.ledger.append(f"selection:{selection.digest}", "selection_made", actor, told)
    return folder


def saved_selection(settings: Settings, digest: str = "latest") -> dict[str, object]:
    """What a saved selection says: digest, ranking, decisions, points, infeasible, members (DataFrame)."""
    folder = found(settings, "selections", "selection_made", digest, "selection")
    head: dict[str, object] = json.loads((folder / "selection.json").read_text("utf-8"))
    return {**head, "members": pd.read_parquet(folder / "members.parquet")}
