"""Two editions side by side in words: where they differ, and what each says there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from scoring.cli.answers import language, text
from scoring.cli.edition_lines import bands_text

if TYPE_CHECKING:
    from scoring.editions.circumstances import Described
    from scoring.editions.policy import Edition
    from scoring.selection.edition_changes import Difference

_STEP = re.compile(r"([^.\[\]]+)(?:\[([^\]]*)\])?")


def difference_lines(
    found: Sequence[Difference],
    editions: tuple[Edition, Edition],
    called: tuple[str, str],
    words: Mapping[str, Described],
) -> list[str]:
    """Three lines for each difference: its place, in words and as in the file, and what stands in either edition."""
    from scoring.selection.edition_changes import WHOLE

    lines: list[str] = []
    for one in found:
        where = " · ".join(_where(one.place, editions, words))
        lines.append(text("cli-edition-differs", where=where, place=one.place))
        for edition, name, value in zip(editions, called, (one.first, one.second), strict=True):
            whole_criterion = value == WHOLE and len(_STEP.findall(one.place)) == 2
            banded = isinstance(value, dict) or whole_criterion
            told = _bands(edition, one.place, words) if banded else _value(value)
            lines.append(text("cli-edition-has", edition=name, value=told))
    return lines


def _value(value: object) -> str:
    from scoring.selection.edition_changes import WHOLE

    if value in (None, [], ""):
        return text("cli-edition-absent")
    if value == WHOLE:
        return text("cli-edition-whole")
    return text("cli-edition-separator").join(map(str, value)) if isinstance(value, list) else str(value)


def _where(place: str, editions: tuple[Edition, Edition], words: Mapping[str, Described]) -> Iterator[str]:
    """The steps of a place, in words: a field by its word, an entry of a list by its title or label."""
    titles = _titles(editions)
    for name, entry in _STEP.findall(place):
        if entry:
            yield titles.get(entry) or (words[entry].label(language()) if entry in words else entry)
        else:
            yield titles.get(name) or text("cli-edition-field", name=name)


def _titles(editions: tuple[Edition, Edition]) -> dict[str, str]:
    """The titles of tracks, rules and key industries by their names."""
    found: dict[str, str] = {}
    for edition in editions:
        rules = [*edition.eligibility, *(rule for track in edition.tracks for rule in track.when)]
        named: dict[str, Any] = {rule.id: rule for rule in rules} | {track.id: track for track in edition.tracks}
        named |= edition.key_industries
        found |= {name: one.title.of(language()) for name, one in named.items()}
    return found


def _bands(edition: Edition, place: str, words: Mapping[str, Described]) -> str:
    """What a criterion's bands earn, as `mulu edition show` says it."""
    (_, track), (_, feature), *_ = _STEP.findall(place)
    criterion = next(one for one in edition.track(track).criteria if one.feature == feature)
    return bands_text(criterion, words.get(feature))
