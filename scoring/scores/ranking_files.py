"""Results on disk: `home/rankings/DIGEST/`, written whole or not at all, found again by digest or as the latest."""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from data.ledger import Event, Ledger
from data.refusal import Refusal
from data.settings import Settings
from data.store import Store

GROUP = 4_096
"""Enterprises that lie together in a file: one is read by reading its group."""


def written(folder: Path, files: Mapping[str, pd.DataFrame | Path | Mapping[str, Any]]) -> None:
    """Write a folder of frames (Parquet), copied files and facts (JSON) under another name, then give it its own."""
    staging = folder.with_name(f".{folder.name}.{uuid.uuid4().hex}")
    staging.mkdir(parents=True)
    try:
        for name, content in files.items():
            if isinstance(content, pd.DataFrame):
                content.to_parquet(staging / name, row_group_size=GROUP)
            elif isinstance(content, Path):
                shutil.copyfile(content, staging / name)
            else:
                (staging / name).write_text(json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True), "utf-8")
        if not folder.exists():
            staging.replace(folder)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def found(settings: Settings, place: str, kind: str, digest: str, what: str) -> Path:
    """The folder of a saved result: the newest by the ledger, or the one whose digest begins so."""
    root = settings.home / place
    if digest == "latest":
        digests = list(dict.fromkeys(event.subject.split(":", 1)[1] for event in _made(settings, kind)))
        present = [one for one in digests if (root / one).is_dir()]
        if not present:
            raise Refusal("saved-none", what=what)
        return root / present[0]
    present = sorted(path.name for path in root.glob("[!.]*")) if root.is_dir() else []
    matching = [name for name in present if digest and name.startswith(digest)]
    if not present:
        raise Refusal("saved-gone", what=what, digest=digest[:12], path=f"MULU_HOME/{place}")
    if len(matching) != 1:
        raise Refusal("saved-unknown", what=what, digest=digest[:12], known=[name[:12] for name in present[-5:]])
    return root / matching[0]


def _made(settings: Settings, kind: str) -> list[Event]:
    """The events of a kind, newest first."""
    return list(reversed(Ledger(Store(settings).engine).replay(kind=kind)))
