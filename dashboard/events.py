"""An event of the ledger as a sentence."""

from __future__ import annotations

from dashboard.session import t
from data.ledger import Event

_TOLD = {
    "voted": "choice",
    "overridden": "kind",
}


def event_text(event: Event) -> str:
    """What happened, in words; the event's own word for kinds that have no sentence here."""
    payload = event.payload
    kind = str(event.kind)
    if kind == "overridden":
        told = t(f"dash-kind-{payload['kind']}") + (f" → {payload['to_rank']}" if payload.get("to_rank") else "")
        return t("dash-event-overridden", kind=told, reason=t(f"dash-reason-{payload['reason_type']}"), text=_of(event))
    if kind == "voted":
        return t("dash-event-voted", choice=t(f"dash-choice-{payload['choice']}"))
    if kind == "conflict_declared":
        return t("dash-event-conflict", name=str(payload.get("name", "")))
    if kind in ("override_undone", "commented", "thawed", "conflict_cleared"):
        return t(f"dash-event-{kind.replace('_', '-')}", text=_of(event))
    if kind in _PLAIN:
        return t(f"dash-event-{kind.replace('_', '-')}")
    return kind


_PLAIN = (
    "override_approved", "override_confirmed", "round_opened", "ranking_adopted", "seated", "agenda_set",
    "record_attached", "frozen", "signed", "published", "labels_released", "denied", "batch_added",
    "batch_withdrawn", "sign_in_failed", "sign_in_locked", "account_added", "ranking_made",
)  # fmt: skip


def _of(event: Event) -> str:
    return str(event.payload.get("text", ""))
