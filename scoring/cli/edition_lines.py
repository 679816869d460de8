"""An edition in words: who may take part, the card of every track, how the list is made, and what each rests on."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from scoring.cli.answers import language, table, text
from scoring.messages import say

if TYPE_CHECKING:
    from features.catalog import Catalogue
    from scoring.editions.circumstances import Described
    from scoring.editions.policy import Criterion, Edition, Quota

Words = Mapping[str, "Described"]


def edition_lines(edition: Edition, catalogue: Catalogue) -> list[str]:
    """An edition for people, in the order of the file; references are numbered, the documents told at the end."""
    from scoring.editions.circumstances import describe

    tongue = language()
    words = {feature.name: describe(feature) for feature in catalogue}
    until = edition.until_date.isoformat() if edition.until_date else "none"
    lines = [
        f"{edition.title.of(tongue)} ({edition.name}, {edition.digest[:12]})",
        text("cli-edition-term", start=edition.from_date, until=until),
        say(f"basis-{edition.basis}", tongue),
        *([edition.note.of(tongue)] if edition.note else []),
        edition.legal.statement.of(tongue),
        *(text("cli-edition-ground", name=name, ground=ground) for name, ground in edition.legal.grounds.items()),
        *(["", text("cli-edition-eligibility")] if edition.eligibility else []),
        *(f"  {rule.title.of(tongue)}  {article(edition, rule.ref)}" for rule in edition.eligibility),
    ]
    for track in edition.tracks:
        lines += ["", f"{track.title.of(tongue)}  {article(edition, track.ref)}"]
        if track.when:
            lines.append(f"  {text('cli-edition-any-rule')}")
        lines += [f"    {rule.title.of(tongue)}  {article(edition, rule.ref)}" for rule in track.when]
        if track.at_least is not None:
            lines.append(f"  {text('cli-edition-floor', points=track.at_least)}")
        rows = [
            [
                _label(words, one.feature),
                bands_text(one, words.get(one.feature)),
                one.feature,
                article(edition, one.ref),
            ]
            for one in track.criteria
        ]
        heads = [text(f"cli-column-{name}") for name in ("feature", "bands", "code", "ref")]
        lines += [f"  {line}" for line in table(heads, rows)]
    return [*lines, "", *_blend(edition), "", *list_rules(edition), "", *_industries(edition), *_documents(edition)]


def list_rules(edition: Edition) -> list[str]:
    """How the list is made: places, every quota, margin, reserve, ties."""
    tongue, rules = language(), edition.list
    lines = [f"{text('cli-edition-places', places=rules.places)}  {article(edition, rules.ref)}"]
    for track in edition.tracks:
        if quota := rules.tracks.get(track.id):
            lines.append(_quota(edition, track.title.of(tongue), quota))
    if small := rules.small_and_micro:
        told = text(
            "cli-edition-small", share=small.min_share, classes=[say(f"size-{one}", tongue) for one in small.classes]
        )
        lines.append(f"  {told}  {article(edition, small.ref)}")
    if industries := rules.industries:
        if industries.max_share is not None:
            told = text("cli-edition-industries", share=industries.max_share)
            lines.append(f"  {told}  {article(edition, industries.ref)}")
        for name, quota in industries.named.items():
            lines.append(_quota(edition, edition.key_industries[name].title.of(tongue), quota))
    if streets := rules.streets:
        lines.append(f"  {text('cli-edition-streets', places=streets.min)}  {article(edition, streets.ref)}")
    if groups := rules.groups:
        lines.append(f"  {text('cli-edition-groups', places=groups.max)}  {article(edition, groups.ref)}")
    if incumbents := rules.incumbents:
        told = text("cli-edition-incumbents", points=incumbents.margin)
        lines.append(f"  {told}  {article(edition, incumbents.ref)}")
    lines.append(f"  {text('cli-edition-reserve', places=rules.reserve)}")
    ties = [text(f"cli-edition-tie-{name}") for name in (*edition.tie_break, "identifier")]
    return [*lines, f"  {text('cli-edition-ties', order=ties)}"]


def bands_text(criterion: Criterion, what: Described | None) -> str:
    """What a criterion earns, in one line: `≥ 20 million: 4; ≥ 100 million: 8`."""
    from scoring.scores.reasons import value_text

    tongue = language()

    def edge(value: float) -> str:
        if criterion.unit == "percentile":
            return text("cli-edition-percentile", share=1 - value)
        return f"{value:g}" if what is None else value_text(what, value, tongue)

    told = [text("cli-edition-category", name=name, points=points) for name, points in criterion.categories.items()]
    if criterion.bands and criterion.below:
        told.append(text("cli-edition-below", value=edge(criterion.bands[0].at_least), points=criterion.below))
    elif criterion.categories and criterion.below:
        told.append(text("cli-edition-others", points=criterion.below))
    told += [text("cli-edition-band", value=edge(band.at_least), points=band.points) for band in criterion.bands]
    if criterion.unknown:
        told.append(text("cli-edition-unknown", points=criterion.unknown))
    return text("cli-edition-separator").join(told)


def article(edition: Edition, ref: str) -> str:
    """A reference in one line: the number of the document, its article and the phrase."""
    found = edition.references[ref]
    number = _numbers(edition)[found.document]
    key = "cli-edition-article" if found.article.isdigit() else "cli-edition-passage"
    return text(key, number=number, article=found.article, phrase=found.phrase)


def _numbers(edition: Edition) -> dict[str, int]:
    documents = dict.fromkeys(one.document for one in edition.references.values())
    return {document: number for number, document in enumerate(documents, 1)}


def _documents(edition: Edition) -> list[str]:
    told = [text("cli-edition-document", number=at, document=one) for one, at in _numbers(edition).items()]
    return ["", text("cli-edition-documents"), *(f"  {one}" for one in told)]


def _label(words: Words, name: str) -> str:
    return words[name].label(language()) if name in words else name


def _blend(edition: Edition) -> list[str]:
    blend = edition.blend
    told = text("cli-edition-blend", scorecard=blend.scorecard, growth=blend.growth, listing=blend.listing)
    doubt = edition.uncertainty
    return [
        f"{told}  {article(edition, blend.ref)}",
        text("cli-edition-odds", points=blend.points_per_log_odds * math.log(2)),
        text("cli-edition-uncertainty", weights=doubt.weights, draws=doubt.draws),
    ]


def _quota(edition: Edition, title: str, quota: Quota) -> str:
    bounds = [text(f"cli-edition-{side}", places=places) for side, places in (("min", quota.min), ("max", quota.max))
              if places is not None]  # fmt: skip
    return f"  {title}: {text('cli-edition-separator').join(bounds)}  {article(edition, quota.ref)}"


def _industries(edition: Edition) -> list[str]:
    if not edition.key_industries:
        return []
    tongue = language()
    told = [
        f"  {one.title.of(tongue)}: {' '.join(one.codes)}  {article(edition, one.ref)}"
        for one in edition.key_industries.values()
    ]
    return [text("cli-edition-key-industries"), *told]
