"""What a finding of intake means, as a sentence in a language."""

from __future__ import annotations

from data.findings import Finding
from scoring.messages import say


def finding_sentence(finding: Finding, language: str) -> str:
    """The sentence of a finding: its own values, where it was found, what stood there, and both texts as numbers."""
    places = {name: getattr(finding, name) for name in ("file", "sheet", "row", "column", "before", "after")}
    numbers = {"amount": _number(finding.before), "against": _number(finding.after)}
    return say(f"finding-{finding.code}", language, **{**places, **numbers, **finding.values})


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
