"""`mulu explain ID --feature NAME`: what a feature's value is, how it is defined, and from which facts it comes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scoring.cli.answers import language, text

if TYPE_CHECKING:
    from data.settings import Settings
    from features.lineage import Lineage
    from scoring.scores.ranking import Ranking


def feature_origin(settings: Settings, ranking: Ranking, key: str, name: str) -> tuple[dict[str, Any], list[str]]:
    """The answer as a value and as lines; refuses a feature that the catalogue does not have (`feature-unknown`)."""
    from data.store import Store
    from features.catalog import catalogue
    from features.lineage import lineage
    from scoring.messages import say
    from scoring.scores.reasons import value_text

    store = Store(settings)
    feature = catalogue(store)[name]
    what = ranking.described[name]
    value = ranking.value_of(key, name)
    tongue = language()
    shown = value_text(what, value, tongue, flag=ranking.is_flag(name))
    lines = [
        f"{ranking.name_of(key)}  {key}",
        say("origin-value", tongue, label=what.label(tongue), value=shown),
        say("origin-definition", tongue, definition=" ".join(feature.definition.split())),
        say("origin-inputs", tongue, inputs=list(feature.inputs)),
        text("cli-explain-formula", formula=feature.formula),
    ]
    traced = lineage(store, ranking.as_of, catalogue(store), key, name, ranking.edition.max_report_age_months)
    lines += fact_lines(traced, tongue)
    plain = {"enterprise_id": key, "feature": name, "value": value, "definition": feature.definition,
             "inputs": feature.inputs, "formula": feature.formula,
             "origins": traced.origins, "unknown": traced.unknown}  # fmt: skip
    return plain, lines


def fact_lines(traced: Lineage, tongue: str) -> list[str]:
    """A line for each fact behind a value: what it says, for which period, in which file and row, known since when."""
    from data.tables import TABLES
    from scoring.messages import money, say

    lines = []
    for one in traced.origins:
        told = one.value
        if isinstance(told, float):
            field = TABLES[one.table].field(one.field)
            told = money(told, tongue) if field.kind == "money" else f"{told:,.6g}"
        row = "?" if one.source_row is None else one.source_row
        values = {"input": one.input, "value": told, "source": one.source, "row": row, "known_on": one.known_on}
        if one.period_months is not None and one.period_end is not None:
            lines.append(
                say("origin-fact-period", tongue, **values, months=one.period_months, period_end=one.period_end)
            )
        else:
            lines.append(say("origin-fact", tongue, **values))
        if one.versions > 1:
            lines.append(say("origin-corrected", tongue, input=one.input, versions=one.versions))
    if traced.unknown:
        lines.append(say("origin-unknown", tongue, input=list(traced.unknown)))
    return lines
