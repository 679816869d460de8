"""From a registered version back to what it was made of: files, facts, code, people. For who asks afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from data.ledger import Event, Ledger
from data.store import state_digest
from models.registry import Registry


@dataclass(frozen=True)
class Origin:
    """What a version stands on.

    `registered` is the ledger's event; `report` the training's report, read only after every file of the version was
    found to be what was registered, to the byte; `batches` are the `batch_added` events whose facts it was taught
    (None where no state of the ledger has the report's data digest: the training saw another store); `terms` are the
    proposals, promotions and roll-backs that name the version; `rankings` the `ranking_made` events that say it spoke.
    """

    target: str
    version: int
    champion: bool
    registered: Event
    report: Mapping[str, Any]
    batches: tuple[Event, ...] | None
    terms: tuple[Event, ...]
    rankings: tuple[Event, ...]

    @property
    def digest(self) -> str:
        """SHA-256 of the manifest, which names every file with its own."""
        return str(self.registered.payload["digest"])

    @property
    def revision(self) -> str:
        """The commit of the code that trained it, `+` where files differed from it; "" where nobody wrote it down."""
        return str(self.registered.payload.get("code_revision", ""))


def origin(registry: Registry, target: str, which: str | int = "champion") -> Origin:
    """What a version ("champion", "latest" or a number) stands on.

    Refuses a target without versions (`model-none`), an unknown version (`model-version-unknown`) and files that are
    not what was registered (`model-files-changed`, `model-files-missing`).
    """
    number = registry.number(target, which)
    report = registry.report(target, number)
    story = registry.ledger.replay(f"model:{target}")
    mine = [event for event in story if event.payload.get("version") == number]
    registered = registry.registered(target, number)
    digest = str(registered.payload["digest"])
    return Origin(
        target=target,
        version=number,
        champion=registry.champion(target) == number,
        registered=registered,
        report=report,
        batches=facts_of(registry.ledger, str(report["data_digest"])),
        terms=tuple(event for event in mine if event.kind != "model_registered"),
        rankings=tuple(
            event for event in registry.ledger.replay(kind="ranking_made") if digest in _spoke(event).values()
        ),
    )


def facts_of(ledger: Ledger, digest: str) -> tuple[Event, ...] | None:
    """The batches that were live when the store's digest was this one, told from the ledger alone; None: never."""
    live: dict[str, Event] = {}
    for event in ledger.replay(prefix="batch:"):
        name = event.subject.removeprefix("batch:")
        if event.kind == "batch_added":
            live[name] = event
        elif event.kind == "batch_withdrawn":
            live.pop(name, None)
        if state_digest(live) == digest:
            return tuple(live.values())
    return () if digest == state_digest(()) else None


def named(ledger: Ledger, digest: str) -> tuple[str, int] | None:
    """Target and version of the model that was registered with a digest; None where there is none."""
    for event in ledger.replay(kind="model_registered"):
        if event.payload["digest"] == digest:
            return event.subject.removeprefix("model:"), int(str(event.payload["version"]))
    return None


def _spoke(event: Event) -> Mapping[str, object]:
    told = event.payload.get("models", {})
    return told if isinstance(told, Mapping) else {}
