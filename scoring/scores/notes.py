"""What a reader must know of a ranking, in words: its notes with features by their names for people."""

from __future__ import annotations

from collections.abc import Mapping

from scoring.editions.circumstances import Described
from scoring.messages import say
from scoring.scores.voices import Note


def note_text(note: Note, described: Mapping[str, Described], language: str) -> str:
    """The sentence of a note (a code with values); a feature that is not described keeps its name."""
    values = {name: value for name, value in note.items() if name != "code"}
    if "features" in values:
        values["features"] = [described[one].label(language) if one in described else one for one in values["features"]]
    return say(str(note["code"]), language, **values)
