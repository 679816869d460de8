"""What things are called on the command line: the basis of a ranking, rules, quotas, groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from scoring.cli.answers import language, text
from scoring.messages import Names, percent, say

if TYPE_CHECKING:
    from scoring.editions.policy import Edition
    from scoring.optimum.quotas import Row
    from scoring.scores.ranking import Ranking
    from scoring.selection.directory import Selection


def feature_name(told: Mapping[str, Any], name: str) -> str:
    """What a model's report calls a feature in the reader's language."""
    return Names.taught(told, name).label(language())


def interval(figure: Mapping[str, Any]) -> list[str]:
    """A figure and its interval, as two cells of a table."""
    low, high = figure.get("low"), figure.get("high")
    return [number(figure["value"]), "" if low is None else f"{number(low)}–{number(high)}"]


def number(value: float | None) -> str:
    """A figure to three decimals, a dash where there is none."""
    return "-" if value is None or value != value else f"{value:.3f}"


def basis_lines(ranking: Ranking) -> list[str]:
    """What every output says first: card alone or with models, and what a reader must know of it."""
    from scoring.scores.notes import note_text

    tongue = language()
    notes = (note_text(note, ranking.described, tongue) for note in ranking.notes)
    return [say(f"mode-{ranking.mode}", tongue), *notes]


def rule_title(ranking: Ranking, rule: str) -> str:
    """The words of an eligibility rule, or of having no track."""
    titles = {one.id: one.title.of(language()) for one in ranking.edition.eligibility}
    return titles.get(rule) or say(f"reason-{rule}", language())


def quota_words(selection: Selection, kind: str, name: str, side: str) -> str:
    """A quota in words, e.g. "most places for 航空服务业"."""
    tongue = language()
    edition = selection.edition
    titles = {track.id: track.title.of(tongue) for track in edition.tracks}
    titles |= {key: one.title.of(tongue) for key, one in edition.key_industries.items()}
    if kind == "industry":
        titles[name] = section_words(name)
    return say(f"quota-{kind}", tongue, name=titles.get(name, name) or "none", side=side)


def quota_number(row: Row) -> str:
    """The number of a quota as the edition gives it: places, or a share in percent."""
    return percent(row.number, 0) if row.kind == "small_and_micro" else f"{row.number:,g}"


def conflict_lines(selection: Selection) -> list[str]:
    """The smallest set of quotas that cannot hold together, each with its number and its candidates."""
    told = [
        text("cli-select-conflict", quota=quota_words(selection, *row.key), number=quota_number(row), count=len(row.at))
        for row in selection.infeasible
    ]
    return [text("cli-select-infeasible"), *(f"  {one}" for one in told)]


def dimension_words(dimension: str) -> str:
    """The name of a dimension of groups."""
    return say(f"dimension-{dimension.replace('_', '-')}", language())


def group_words(edition: Edition, dimension: str, group: str) -> str:
    """The name of one group in a dimension."""
    tongue = language()
    if not group:
        nobody = {"track": "track-none", "key_industry": "key-industry-none"}
        return say(nobody.get(dimension, "value-unknown"), tongue)
    told = {"size_class": f"size-{group}", "looked_at": f"looked-at-{group}", "age": "age-band"}
    if dimension == "industry_section":
        return section_words(group)
    if dimension in told:
        return say(told[dimension], tongue, band=group)
    titles = {one.id: one.title.of(tongue) for one in edition.tracks}
    titles |= {name: one.title.of(tongue) for name, one in edition.key_industries.items()}
    return titles.get(group, group) if dimension in ("track", "key_industry") else group


def section_words(section: str) -> str:
    """An industry section of GB/T 4754 with its name; the letter alone where it is none of them."""
    known = len(section) == 1 and section in "ABCDEFGHIJKLMNOPQRST"
    return f"{section} {say(f'dash-industry-{section}', language())}" if known else section
