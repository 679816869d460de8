"""What a reader must know of a ranking, in words: its notes with features by their names for people."""

from __future__ import annotations

from collections.abc import Mapping

from scoring.editions.circumstances import Described
from scoring.messages import say
from scoring.scores.ranking import Ranking
from scoring.scores.voices import SOURCES, Note


def note_text(note: Note, described: Mapping[str, Described], language: str) -> str:
    """The sentence of a note (a code with values); a feature that is not described keeps its name."""
    values = {name: value for name, value in note.items() if name != "code"}
    if "features" in values:
        values["features"] = [described[one].label(language) if one in described else one for one in values["features"]]
    return say(str(note["code"]), language, **values)


def basis_text(ranking: Ranking, language: str) -> str:
    """What points rest on, for everything that shows them: the card alone or with models, and who is too weak to speak.

    It needs the edition, `mode` and `verdicts` of a ranking and nothing else, so that a published list says the same
    when it is drawn anew.
    """
    weak = [one for one in SOURCES if getattr(ranking.edition.blend, one) and ranking.verdicts.get(one) == "little"]
    told = [say(f"mode-{ranking.mode}", language), *(say("mode-little", language, source=one) for one in weak)]
    return ("" if language == "zh-CN" else " ").join(told)
