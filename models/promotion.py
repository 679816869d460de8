"""Who puts a model into office: one person proposes the challenger, another confirms; the reports compared go along.

Each step is an event in the ledger. Rolling back to a version that two people had promoted before takes one
person and a reason, since it may be urgent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from data.ledger import Event
from data.refusal import Refusal
from models.registry import Registry


def propose(registry: Registry, target: str, version: int, actor: str, reason: str) -> Event:
    """Propose a version for champion, with the comparison to the one in office in the event.

    Refuses an unknown version, one that is champion already (`promotion-already`), one whose verdict is "little"
    (`promotion-little`), and an empty reason (`promotion-reason-missing`).
    """
    if not reason.strip():
        raise Refusal("promotion-reason-missing", target=target, version=version)
    report = registry.report(target, version)
    champion = registry.champion(target)
    if champion == version:
        raise Refusal("promotion-already", target=target, version=version)
    if report["verdict"] == "little":
        raise Refusal("promotion-little", target=target, version=version)
    table = compare(registry, target, champion, version)
    payload = {"version": version, "champion": champion, "reason": reason.strip(), "compared": _plain(table)}
    return _append(registry, target, "model_proposed", actor, payload)


def confirm(registry: Registry, target: str, version: int, actor: str) -> Event:
    """Confirm a proposal and put the version into office.

    Refuses when nothing is proposed (`promotion-not-proposed`), when the champion changed since
    (`promotion-stale`), and the person who proposed it (`promotion-same-person`).
    """
    proposal = pending(registry, target, version)
    if proposal is None:
        raise Refusal("promotion-not-proposed", target=target, version=version)
    if proposal.actor == actor:
        raise Refusal("promotion-same-person", target=target, version=version, person=actor)
    if proposal.payload["champion"] != registry.champion(target):
        raise Refusal("promotion-stale", target=target, version=version, champion=str(registry.champion(target)))
    payload = {
        "version": version,
        "champion": proposal.payload["champion"],
        "proposed_by": proposal.actor,
        "proposal": proposal.seq,
        "compared": proposal.payload["compared"],
    }
    return _append(registry, target, "model_promoted", actor, payload)


def roll_back(registry: Registry, target: str, actor: str, reason: str) -> Event:
    """Put the champion before the present one back into office.

    Refuses when there was none (`rollback-none`) and an empty reason (`promotion-reason-missing`).
    """
    terms = _terms(registry, target)
    if len(terms) < 2:
        raise Refusal("rollback-none", target=target)
    if not reason.strip():
        raise Refusal("promotion-reason-missing", target=target, version=terms[-2])
    payload = {"version": terms[-2], "from": terms[-1], "reason": reason.strip()}
    return _append(registry, target, "model_rolled_back", actor, payload)


def pending(registry: Registry, target: str, version: int) -> Event | None:
    """The open proposal of a version: the last one, unless it was confirmed since."""
    found: Event | None = None
    for event in registry.ledger.replay(f"model:{target}"):
        if event.payload.get("version") != version:
            continue
        if event.kind == "model_proposed":
            found = event
        elif event.kind == "model_promoted":
            found = None
    return found


def compare(registry: Registry, target: str, champion: int | None, challenger: int) -> pd.DataFrame:
    """Two versions' quoted figures side by side, champion first; its columns are empty where there is none.

    Columns: figure, champion, champion_low, champion_high, challenger, challenger_low, challenger_high; then one
    row each for verdict, data (digest), dates, candidate, as text in `champion` and `challenger`.
    """
    theirs = registry.report(target, champion) if champion is not None else {}
    ours = registry.report(target, challenger)
    rows: list[dict[str, Any]] = []
    for name in dict.fromkeys([*theirs.get("metrics", {}), *ours["metrics"]]):
        row: dict[str, Any] = {"figure": name}
        for side, report in (("champion", theirs), ("challenger", ours)):
            figure: Mapping[str, float | None] = report.get("metrics", {}).get(name, {})
            row.update(
                {side: figure.get("value"), f"{side}_low": figure.get("low"), f"{side}_high": figure.get("high")}
            )
        rows.append(row)
    for name in ("verdict", "candidate", "data_digest", "validation", "rows", "positives"):
        rows.append({"figure": name, "champion": theirs.get(name), "challenger": ours[name]})
    columns = [
        "figure", "champion", "champion_low", "champion_high", "challenger", "challenger_low", "challenger_high",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns).astype("object")


def _terms(registry: Registry, target: str) -> list[int]:
    """The versions in office one after the other, as rolling back leaves them."""
    terms: list[int] = []
    for event in registry.ledger.replay(f"model:{target}"):
        if event.kind == "model_promoted":
            terms.append(int(str(event.payload["version"])))
        elif event.kind == "model_rolled_back":
            terms.pop()
    return terms


def _append(registry: Registry, target: str, kind: str, actor: str, payload: Mapping[str, object]) -> Event:
    events = registry.ledger.replay(f"model:{target}")
    return registry.ledger.append(f"model:{target}", kind, actor, payload, last_seen=events[-1].seq if events else 0)


def _plain(table: pd.DataFrame) -> list[dict[str, object]]:
    return [
        {str(name): None if value is None or value != value else value for name, value in row.items()}
        for row in table.to_dict("records")
    ]
