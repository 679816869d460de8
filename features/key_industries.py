"""The key industries of article 2 as a versioned table of industry codes, which a person signs.

The opinion names industries, not codes, so which codes stand for them is a judgement. What ships is a proposal; an
office puts its own table into `MULU_HOME/key_industries.yaml`. Whoever answers for it signs it
(`scoring/committee/industry_table.py`), which is an event in the ledger over the table's digest: a table changed
afterwards is unsigned again.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from data.refusal import Refusal
from data.settings import PROJECT
from data.store import Store

SHIPPED = PROJECT / "data" / "reference" / "key_industries.yaml"
OWN = "key_industries.yaml"
SUBJECT = "key-industries"
SIGNED = "key_industries_signed"
STRENGTHS = {"strong": 1.0, "related": 0.5}


@dataclass(frozen=True)
class KeyCode:
    """One code (2 to 4 digits, all codes below it included), its industry, and how surely it is one (1 or 0.5)."""

    code: str
    industry: str
    strength: float


@dataclass(frozen=True)
class KeyIndustries:
    """The table in use: its version, digest (SHA-256 of the file), codes, names, and who signed it ("" for nobody)."""

    version: str
    digest: str
    codes: tuple[KeyCode, ...]
    names: dict[str, dict[str, str]]
    path: Path
    signed_by: str = ""


def key_industries(store: Store) -> KeyIndustries:
    """The office's table, or the proposal that ships. Refuses one that cannot be read (`key-industries-invalid`)."""
    own = store.settings.home / OWN
    path = own if own.is_file() else SHIPPED
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    version, codes, names = _parsed(content, path)
    signatures = [
        event for event in store.ledger.replay(subject=SUBJECT, kind=SIGNED) if event.payload["digest"] == digest
    ]
    return KeyIndustries(version, digest, codes, names, path, str(signatures[-1].actor) if signatures else "")


def _parsed(content: bytes, path: Path) -> tuple[str, tuple[KeyCode, ...], dict[str, dict[str, str]]]:
    try:
        told: Any = yaml.safe_load(content.decode("utf-8"))
        industries = told["industries"]
        names = {key: {"zh": str(one["zh"]), "en": str(one["en"])} for key, one in industries.items()}
        listed = [
            KeyCode(str(code), key, strength)
            for key, one in industries.items()
            for kind, strength in STRENGTHS.items()
            for code in one.get(kind) or []
        ]
        version = str(told["version"])
    except (yaml.YAMLError, UnicodeDecodeError, KeyError, TypeError, AttributeError) as error:
        raise Refusal("key-industries-invalid", path=str(path), cause=repr(error)) from error
    wrong = [one.code for one in listed if not re.fullmatch(r"\d{2,4}", one.code)]
    if wrong:
        raise Refusal("key-industries-invalid", path=str(path), cause=", ".join(wrong))
    best: dict[str, KeyCode] = {}
    for one in listed:
        if one.code not in best or one.strength > best[one.code].strength:
            best[one.code] = one
    return version, tuple(best[code] for code in sorted(best)), names
