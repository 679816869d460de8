"""`mulu explain ID --feature NAME`: what a feature's value is, how it is defined, and from which facts it comes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scoring.cli.answers import language, text

if TYPE_CHECKING:
    from data.settings import Settings
    from scoring.ranking import Ranking


def feature_origin(settings: Settings, ranking: Ranking, key: str, name: str) -> tuple[dict[str, Any], list[str]]:
    """The answer as a value and as lines; refuses a feature that the catalogue does not have (`feature-unknown`)."""
    from data.store import Store
    from features.catalog import catalogue
    from scoring.messages import say
    from scoring.reasons import value_text

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
    plain = {"enterprise_id": key, "feature": name, "value": value, "definition": feature.definition,
             "inputs": feature.inputs, "formula": feature.formula}  # fmt: skip
    return plain, lines
