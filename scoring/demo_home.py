"""What a home holds before a demonstration is made in it, and how one is removed: never an office's data."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Literal

from data.migrations import connect
from data.refusal import Refusal
from data.settings import Settings
from data.store import Store
from data.synthetic import DEMO, is_demo

OURS = ("facts", "intake", "training", "rankings", "selections", "evidence", "publications", "demo")
"""What a demonstration leaves in a home beside the database; nothing else is removed."""


def standing(settings: Settings) -> Literal["empty", "unfinished", "ready"]:
    """What a home holds: nothing, a demonstration that was cut short, or a whole one.

    Refuses a home with facts, people or decisions that are not the demonstration's (`demo-home-occupied`): an
    office's data are never mixed with invented ones.
    """
    store = Store(settings)
    if not is_demo(store):
        batches, newest = len(store.batches()), store.ledger.head()
        if batches or newest:
            raise Refusal(
                "demo-home-occupied", home=str(settings.home), batches=batches, events=newest.seq if newest else 0
            )
        return "empty"
    return "ready" if store.ledger.replay(DEMO, kind="demo_ready") else "unfinished"


def wipe(settings: Settings) -> None:
    """Remove a demonstration, its models included, so that the next one starts afresh.

    Refuses a home that holds anybody else's batches (`demo-home-has-others`) and a database or model registry that
    is not the home's own (`demo-not-wiped`): what may be shared is not removed from here.
    """
    standing(settings)
    batches = Store(settings).batches()
    if others := int((batches.actor != DEMO).sum()):
        raise Refusal("demo-home-has-others", home=str(settings.home), batches=others)
    own = Settings(home=settings.home, database_url="", mlruns=Path(), mlflow_tracking_uri="")
    for told, default in (("database_url", own.database_url), ("mlruns", str(own.mlruns))):
        if str(getattr(settings, told)) != default:
            raise Refusal("demo-not-wiped", setting=f"MULU_{told.upper()}", default=default)
    connect(settings.database_url).dispose()
    connect.cache_clear()
    for name in OURS:
        shutil.rmtree(settings.home / name, ignore_errors=True)
    for path in settings.home.glob("mulu.db*"):
        path.unlink()
    for path in settings.mlruns.glob("*"):
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != ".gitkeep":
            path.unlink()
