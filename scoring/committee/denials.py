"""The gate before every act of the committee: who acts, whether the role has the verb, and a record of each denial.

A refusal is a denial when no other words or file of the same person would have helped at that moment: the role does
not have the verb, the matter is the person's own, or procedure does not admit the act (yet, or any more). Each leaves
one `denied` event, whoever called: page, command line or program. A form that is incomplete, and a page that is out of
date, are refused without one: there the same person tries again. So is what a page asks by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Literal

from data.accounts import Accounts, User
from data.refusal import Refusal
from scoring.committee.rules import require

Ground = Literal["role", "person", "procedure"]

_BY_GROUND: dict[Ground, tuple[str, ...]] = {
    "role": ("account-unknown", "review-role-may-not", "review-role-changed", "review-not-seated"),
    "person": (
        "review-recused", "review-own-override", "review-not-author", "review-signed-already", "review-conflict-own",
    ),
    "procedure": (
        "review-round-open", "review-no-chair", "review-other-edition", "review-cooling-down", "review-quorum-missing",
        "review-decisions-open", "review-against-vote", "review-frozen", "review-not-frozen", "review-other-list",
        "review-not-signed", "publication-needs-record", "review-published", "objection-not-published",
        "objection-late", "objection-answered", "objection-model-differs", "learning-not-published",
        "learning-released", "learning-undecided",
    ),
}  # fmt: skip
DENIALS: Mapping[str, Ground] = {code: ground for ground, codes in _BY_GROUND.items() for code in codes}
"""What a denied act lacked, by the code of its refusal; a code that is not here leaves no event."""


@contextmanager
def gate(accounts: Accounts, user: User, verb: str, about: str, enterprise_id: str = "") -> Iterator[User]:
    """Let a person carry out an act inside; give the person with the role of today's account.

    What the caller believes about the role counts for nothing (`review-role-changed`, `review-role-may-not`). `about`
    is the beginning of the denied event's subject, e.g. `review:ROUND`. The event is written after the act has been
    rolled back, so it must not stand inside another's transaction.
    """
    try:
        person = accounts.find(user.name)
        if person.role != user.role:
            raise Refusal("review-role-changed", name=user.name, role=person.role)
        require(person, verb)
        yield person
    except Refusal as refusal:
        if refusal.code in DENIALS:
            told = {"verb": verb, "code": refusal.code, "ground": DENIALS[refusal.code], "role": user.role}
            told["enterprise_id"] = enterprise_id
            accounts.ledger.append(f"{about}:denied", "denied", user.name, told)
        raise
