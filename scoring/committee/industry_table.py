"""Signing the table of key industries: a person in the chair answers for which codes stand for article 2."""

from __future__ import annotations

from data.accounts import Accounts, User
from data.store import Store
from features.key_industries import SIGNED, SUBJECT, KeyIndustries, key_industries
from scoring.committee.denials import gate


def sign_key_industries(store: Store, actor: User) -> KeyIndustries:
    """Record that a person answers for the table in use, as it is now; give the table with its signature.

    The role is looked up in the store, whatever the caller says it is. Refuses whoever may not
    (`review-role-may-not`), which the ledger keeps as `denied`.
    """
    with gate(Accounts(store.engine), actor, "sign_industries", SUBJECT) as person:
        table = key_industries(store)
        signed = {"digest": table.digest, "version": table.version, "role": person.role, "path": table.path.name}
        store.ledger.append(SUBJECT, SIGNED, person.name, signed)
    return key_industries(store)
