"""Whether the store can be trusted: the ledger's chain, every fact file, what dead writers left, room on the disk."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field

from data.store import Store
from data.waiting import stray, tidy

LITTLE_ROOM = 1 << 30


@dataclass(frozen=True)
class Check:
    """One thing looked at: a code, whether it is a fault, and values for its sentence."""

    code: str
    fault: bool
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Health:
    """All checks; the store is sound when none found a fault."""

    sound: bool
    checks: list[Check]


def examine(store: Store, *, repair: bool = False) -> Health:
    """Look at everything; with `repair`, remove what writers that died left behind (never a registered fact)."""
    checks = [Check("database", False, {"dialect": store.engine.dialect.name})]
    faults = store.ledger.verify()
    head = store.ledger.head()
    checks += [Check("ledger-fault", True, {"seq": fault.seq, "code": fault.code}) for fault in faults]
    if not faults:
        checks.append(Check("ledger", False, {"events": head.seq if head else 0}))
    damaged = store.faults()
    checks += [
        Check(f"file-{fault.code}", True, {"path": fault.path, "batch": fault.batch_id, "table": fault.table})
        for fault in damaged
    ]
    if not damaged:
        live = store.batches()
        checks.append(Check("files", False, {"batches": int((live.withdrawn_at == "").sum())}))
    if repair:
        swept = len(store.sweep()) + tidy(store)
        if swept:
            checks.append(Check("swept", False, {"count": swept}))
    else:
        left = len(store.orphans()) + len(stray(store))
        if left:
            checks.append(Check("leavings", False, {"count": left}))
    store.settings.home.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(store.settings.home).free
    checks.append(Check("disk-low" if free < LITTLE_ROOM else "disk", False, {"free_gib": round(free / (1 << 30), 1)}))
    return Health(not any(check.fault for check in checks), checks)
