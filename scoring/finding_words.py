"""What tables, fields and the findings of intake are called, in a language."""

from __future__ import annotations

from data.findings import Finding
from data.tables import TABLES
from scoring.messages import say


def finding_sentence(finding: Finding, language: str) -> str:
    """The sentence of a finding: its own values, where it was found, what stood there, and both texts as numbers."""
    places = {name: getattr(finding, name) for name in ("file", "sheet", "row", "column", "before", "after")}
    numbers = {"amount": _number(finding.before), "against": _number(finding.after)}
    return say(f"finding-{finding.code}", language, **{**places, **numbers, **_named(finding, language)})


def _named(finding: Finding, language: str) -> dict[str, object]:
    """A finding's values, with tables and fields as people call them; the codes stay, for mapping and command line."""
    values = dict(finding.values)
    if tables := [one for one in str(values.get("table", "")).split(", ") if one in TABLES]:
        values["table"] = [f"{table_name(one, language)} ({one})" for one in tables]
        if (name := str(values.get("field", ""))) in TABLES[tables[0]].names:
            values["field"] = f"{field_name(tables[0], name, language)} ({name})"
    return values


def table_name(table: str, language: str) -> str:
    """What people call a table of facts."""
    return say(f"fact-table-{table}", language)


def field_name(table: str, name: str, language: str) -> str:
    """What people call a field of a table of facts."""
    return say(f"fact-{table}-{name}", language)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
