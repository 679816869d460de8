"""An event of the ledger as a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from dashboard.session import language, t
from data.indicators import DECLARED
from data.ledger import Event
from scoring.committee.denials import DENIALS
from scoring.messages import keys, say

SPOKEN = {
    "voted": ("choice", "dash-choice-"),
    "objection_received": ("ground", "dash-ground-"),
    "objection_answered": ("outcome", "dash-objection-"),
    "user_added": ("role", "dash-role-"),
}
"""The word of a payload that has a text of its own, and how its text's key begins."""


def event_text(event: Event) -> str:
    """What happened, in words, with what the event itself says of it."""
    payload, kind = event.payload, str(event.kind)
    if kind == "overridden":
        told = t(f"dash-kind-{payload['kind']}") + (f" → {payload['to_rank']}" if payload.get("to_rank") else "")
        values: dict[str, object] = {
            "kind": told, "reason": t(f"dash-reason-{payload['reason_type']}"), "text": str(payload.get("text", "")),
        }  # fmt: skip
    else:
        values = _values(payload)
        about = event.subject.partition(":")[2]
        if kind == "denied":
            values |= {"verb": t(f"verb-{payload['verb']}"), "ground": t(f"denial-{DENIALS[str(payload['code'])]}")}
        values["about"] = t(f"dash-source-{about}") if about in ("growth", "listing") else about
        if kind == DECLARED:
            values["about"] = str(payload["zh" if language() == "zh-CN" else "en"])
        if kind in SPOKEN:
            name, start = SPOKEN[kind]
            values[name] = t(f"{start}{payload[name]}")
    key = f"dash-event-{kind.replace('_', '-')}"
    return say(key, language(), **values) if key in _told(language()) else kind_name(kind)


def kind_name(kind: str) -> str:
    """What a kind of event is called; a general word for one that has no name here."""
    key = f"dash-event-kind-{kind}"
    return t(key) if key in _told(language()) else t("dash-event-other", kind=kind)


def _values(payload: Mapping[str, object]) -> dict[str, object]:
    """The words and numbers of a payload, every name that a sentence may ask for among them."""
    plain = {name: value for name, value in payload.items() if isinstance(value, (str, int, float))}
    return {"text": "", "name": "", "reason": "", "version": "", "source": "", "file": "", **plain}


@lru_cache(maxsize=4)
def _told(tongue: str) -> frozenset[str]:
    return keys(tongue)
