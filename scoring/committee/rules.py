"""Who may do what in a review: the table of roles and verbs, and the rules a round is opened with.

Rows are verbs, columns are roles. `scoring.committee.review` asks this table before every act, whoever calls it:
page, command line or library. There is no role that may do everything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from data.accounts import User
from data.refusal import Refusal

PERMISSIONS: dict[str, frozenset[str]] = {
    verb: frozenset(roles.split())
    for verb, roles in {
        "read": "member chair analyst auditor",
        "open_round": "chair analyst",
        "adopt_ranking": "chair analyst",
        "seat": "chair",
        "set_agenda": "chair",
        "declare_conflict": "member chair",
        "set_conflict": "chair",
        "clear_conflict": "chair",
        "vote": "member chair",
        "comment": "member chair analyst",
        "override": "member chair",
        "approve": "member chair",
        "undo": "member chair",
        "confirm": "member chair",
        "freeze": "chair",
        "thaw": "chair",
        "sign": "member chair",
        "attach_record": "chair analyst",
        "publish": "chair analyst",
        "learn": "chair analyst auditor",
        "release_labels": "chair",
        "receive_objection": "chair analyst",
        "answer_objection": "chair",
        "change_membership": "chair",
        "sign_industries": "chair",
        "audit": "auditor",
    }.items()
}

# What happens to an enterprise by an override, and why. The words for each are in the catalogues.
OVERRIDES = ("include", "exclude", "defer", "move")
REASON_TYPES = (
    "data_outdated",
    "data_wrong",
    "event_after_date",
    "potential_not_in_data",
    "policy_priority",
    "integrity",
    "duplicate_or_group",
    "other",
)
CHOICES = ("for", "against", "defer", "abstain")
CONFLICTS = ("shareholding", "employment", "family", "advisory", "dispute", "other")


@dataclass(frozen=True)
class RoundRules:
    """How a round is run; written into its first event, so that later editions of mulu read it as it was.

    `quorum` is the share (0..1) of the seated people who are not recused that must have voted on an item before a
    decision about it can be frozen; the number needed is the next whole number above it. `blind` hides others'
    votes until one has voted; `hide_points` hides the model's points as well. `second_person` asks for another's
    approval of an override that moves the enterprise across the line. `agenda` is how many items are put before the
    committee at the start. `reason_length` is the least number of characters of an override's text; `evidence` asks
    for at least one file of evidence with each override.
    """

    quorum: float = 0.5
    blind: bool = True
    hide_points: bool = False
    second_person: bool = True
    agenda: int = 20
    reason_length: int = 8
    evidence: bool = False

    @classmethod
    def of(cls, source: object) -> RoundRules:
        """The rules that an edition's `review` section or an event's payload states; defaults for the rest."""
        given: Mapping[str, Any] = source if isinstance(source, Mapping) else vars(source) if source else {}
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in given.items() if name in known and value is not None})


def may(user: User, verb: str) -> bool:
    """Whether a person's role has a verb; KeyError for a verb that is not in the table.

    >>> may(User("a", "A", "auditor"), "vote"), may(User("b", "B", "member"), "vote")
    (False, True)
    """
    return user.role in PERMISSIONS[verb]


def require(user: User, verb: str) -> None:
    """Refuse a person whose role does not have the verb (`review-role-may-not`)."""
    if not may(user, verb):
        allowed = sorted(PERMISSIONS[verb])
        raise Refusal("review-role-may-not", role=user.role, verb=verb, allowed=allowed, who="-".join(allowed))


def one_of(value: str, known: tuple[str, ...], code: str) -> str:
    """The value if it is one of the known ones; else refuses with the code, naming them."""
    if value not in known:
        raise Refusal(code, value=value, known=list(known))
    return value


def sentence(text: str, least: int) -> str:
    """A reason that says something: not blank, not one character repeated, and long enough.

    >>> sentence("  企业 2026 年迁入总部,材料见附件。 ", 8)
    '企业 2026 年迁入总部,材料见附件。'
    """
    text = " ".join(text.split())
    if len(text) < least or len(set(text)) < min(4, least):
        raise Refusal("review-reason-too-short", length=len(text), least=least)
    return text
