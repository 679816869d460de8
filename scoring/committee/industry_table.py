"""Signing the table of key industries: a person in the chair answers for which codes stand for article 2."""

from __future__ import annotations

from data.accounts import Accounts, User
from data.refusal import Refusal
from data.store import Store
from features.key_industries import SIGNED, SUBJECT, KeyIndustries, key_industries
from scoring.committee.rules import require


def sign_key_industries(store: Store, actor: User) -> KeyIndustries:
    """Record that a person answers for the table in use, as it is now; give the table with its signature.

    The role is looked up in the store, whatever the caller says it is. Refuses whoever may not
    (`review-role-may-not`), which the ledger keeps as `denied`.
    """
    person = Accounts(store.engine).find(actor.name)
    try:
        require(person, "sign_industries")
    except Refusal as refusal:
        told = {"verb": "sign_industries", "code": refusal.code, "enterprise_id": "", "role": person.role}
        store.ledger.append(f"{SUBJECT}:denied", "denied", person.name, told)
        raise
    table = key_industries(store)
    signed = {"digest": table.digest, "version": table.version, "role": person.role, "path": table.path.name}
    store.ledger.append(SUBJECT, SIGNED, person.name, signed)
    return key_industries(store)
