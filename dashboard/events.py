"""An event of the ledger as a sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from dashboard.display import NOTHING, moment
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
    "conflict_declared": ("conflict_type", "dash-conflict-"),
    "seated": ("role", "dash-role-"),
    "member_exited": ("reason", "dash-event-exit-"),
    "credit_dismissed": ("action", "dash-credit-"),
}
"""The word of a payload that has a text of its own, and how its text's key begins."""


GROUPS = {
    "batch": "data", "intake": "data", "indicator": "data", "demo": "data", "model": "model", "ranking": "model",
    "selection": "model", "user": "account",
}  # fmt: skip
"""What a subject's first word is about; all others are of the review."""


def event_text(
    event: Event, name: Callable[[str], str] = str, known: Mapping[int, Event] = MappingProxyType({})
) -> str:
    """What happened, in words, with what the event itself says of it; `name` calls an enterprise by its identifier,
    `known` are events by number, to say whose decision it was that this one is about.

    A person is shown an event as the review hands it to them: what is hidden from them is not in it.
    """
    payload, kind = event.payload, str(event.kind)
    if kind == "overridden":
        values: dict[str, object] = {
            "kind": _decided(event),
            "reason": t(f"dash-reason-{payload['reason_type']}"),
            "text": str(payload.get("text", "")),
        }
    else:
        values = _values(payload)
        about = event.subject.partition(":")[2]
        if kind == "denied":
            values |= {"verb": t(f"verb-{payload['verb']}"), "ground": t(f"denial-{DENIALS[str(payload['code'])]}")}
        values["about"] = t(f"dash-source-{about}") if about in ("growth", "listing") else about
        if kind == DECLARED:
            values["about"] = str(payload["zh" if language() == "zh-CN" else "en"])
        if kind == "conflict_declared" and payload.get("name") == event.actor:
            values["name"] = ""
        if kind in SPOKEN:
            word, start = SPOKEN[kind]
            values[word] = t(f"{start}{payload[word]}")
    key = f"dash-event-{kind.replace('_', '-')}"
    told = say(key, language(), **values).strip() if key in _told(language()) else kind_name(kind)
    more = t("dash-event-and").join(_details(event, name, known))
    return f"{told}{t('dash-event-more', details=more)}" if more else told


def _details(event: Event, name: Callable[[str], str], known: Mapping[int, Event]) -> list[str]:
    """What an event holds beyond its sentence: whose decision it is about, consequences, files, days, digests,
    counts."""
    payload: Mapping[str, Any] = event.payload
    found = list[str]()
    if about := known.get(payload.get("of", 0)):
        found.append(t("dash-event-whose", who=person_name(about.actor), what=_decided(about)))
    if effect := payload.get("effect"):
        found += effect_told(effect, name)
    if evidence := payload.get("evidence"):
        found.append(t("dash-minutes-evidence", names=[str(one.get("name", "")) for one in evidence]))
    if expires := payload.get("expires_on"):
        found.append(t("dash-override-until", day=str(expires)))
    days = {"until": "dash-event-until", "cool_down_until": "dash-event-cooling", "answer_by": "dash-objection-due"}
    for one, key in days.items():
        if payload.get(one):
            found.append(t(key, day=moment(day) if "T" in (day := str(payload[one])) else day))
    told = {"objection": _of_objection, "user": _of_account}.get(event.subject.partition(":")[0], _of_paper)
    return found + told(event) + _counted(payload)


def _of_paper(event: Event) -> list[str]:
    """Which record, ranking or list an event is about."""
    payload, kind = event.payload, str(event.kind)
    if kind == "record_attached":
        return [" · ".join(str(payload.get(one, "")) for one in ("reference", "concluded_on", "name"))]
    if kind in ("round_opened", "ranking_adopted", "ranking_made"):
        digest = str(payload.get("ranking_digest") or event.subject.partition(":")[2])
        rests_on = (str(payload.get(one, "")) for one in ("edition", "as_of"))
        return [" · ".join(filter(None, rests_on)), t("dash-event-ranking", digest=digest[:8])]
    if kind in ("frozen", "signed", "published") and (digest := str(payload.get("list_digest", ""))):
        return [t("dash-event-digest", digest=digest[:8])]
    return []


def _of_objection(event: Event) -> list[str]:
    """An objection's number, its reference, and what corrected data gave."""
    payload: Mapping[str, Any] = event.payload
    if event.kind == "denied":
        return []
    told = [t("dash-event-objection", n=int(payload["number"])), str(payload.get("reference", ""))]
    if event.kind == "objection_rescored":
        old, new = (NOTHING if payload[f"{when}_rank"] is None else payload[f"{when}_rank"] for when in ("old", "new"))
        told.append(t("dash-objection-rescored", old=old, new=new))
    return list(filter(None, told))


def _of_account(event: Event) -> list[str]:
    """What a failed sign-in says of itself: how many in a row, under which name an identity provider vouched."""
    payload = event.payload
    told = [t("dash-event-failures", n=int(str(payload["failures"])))] if "failures" in payload else []
    told += [t("dash-event-locked")] if payload.get("locked") else []
    return told + ([str(payload["name"])] if payload.get("name") else [])


def _counted(payload: Mapping[str, Any]) -> list[str]:
    """How many enterprises or rows."""
    counts = {"members": "dash-event-members", "accepted": "dash-event-accepted", "rejected": "dash-event-rejected"}
    found = [t(key, n=payload[one]) for one, key in counts.items() if isinstance(payload.get(one), int)]
    many = payload.get("entries") or payload.get("enterprises")
    if "members" not in payload and isinstance(many, list):
        found.append(t("dash-event-members", n=len(many)))
    return found


def _decided(event: Event) -> str:
    """What a decision was, in a word."""
    if event.kind != "overridden":
        return kind_name(str(event.kind))
    payload = event.payload
    return t(f"dash-kind-{payload['kind']}") + (f" → {payload['to_rank']}" if payload.get("to_rank") else "")


def effect_told(effect: Mapping[str, Any], name: Callable[[str], str]) -> list[str]:
    """What a decision changes: rank and place before and after, and who moves because of it."""
    old, new = (
        t("dash-place-on", position=place) if place is not None else t("dash-place-not-on")
        for place in (effect["old_position"], effect["new_position"])
    )
    told = [t("dash-effect", old_rank=effect["old_rank"], new_rank=effect["new_rank"], old=old, new=new)]
    for word, moved in (("out", effect["displaced"]), ("in", effect["entered"])):
        if moved:
            told.append(t(f"dash-effect-{word}", names=[name(str(one)) for one in moved]))
    return told


def person_name(actor: str) -> str:
    """Who did it; a sign-in under a name that nobody has is said to be one of nobody known."""
    return t("dash-event-nobody") if actor == "?" else actor


def group_of(event: Event) -> str:
    """What an event is about: review, data, model (and ranking) or account."""
    return GROUPS.get(event.subject.partition(":")[0], "review")


def kind_name(kind: str) -> str:
    """What a kind of event is called; a general word for one that has no name here."""
    key = f"dash-event-kind-{kind}"
    return t(key) if key in _told(language()) else t("dash-event-other", kind=kind)


def _values(payload: Mapping[str, object]) -> dict[str, object]:
    """The words and numbers of a payload, every name that a sentence may ask for among them."""
    plain = {name: value for name, value in payload.items() if isinstance(value, (str, int, float))}
    plain |= {"of": str(payload["of"])} if "of" in payload else {}
    return {"text": "", "name": "", "reason": "", "version": "", "source": "", "file": "", "of": "", **plain}


@lru_cache(maxsize=4)
def _told(tongue: str) -> frozenset[str]:
    return keys(tongue)
