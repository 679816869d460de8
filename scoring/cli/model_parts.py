"""`mulu models explain`: how a model weighs its features, on average and at the line, alone and two together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scoring.cli.answers import Format, FormatOption, answer, language, settings, table, text
from scoring.cli.wording import feature_name, interval

if TYPE_CHECKING:
    from models.fitted import FittedModel
    from scoring.editions.circumstances import Described
    from scoring.scores.model_parts import ModelParts

SHOWN = 20
"""So many features are shown to people; JSON has all."""


def explain(
    target: Annotated[str, typer.Argument(metavar="TARGET", help=text("cli-models-target-help"))],
    version: Annotated[int, typer.Argument(metavar="VERSION", help=text("cli-models-version-help"))],
    feature: Annotated[str | None, typer.Option("--feature", help=text("cli-models-explain-feature-help"))] = None,
    other: Annotated[str | None, typer.Option("--with", help=text("cli-models-explain-with-help"))] = None,
    as_of: Annotated[
        datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help=text("cli-models-explain-as-of-help"))
    ] = None,
    form: FormatOption = Format.text,
) -> None:
    """How a model weighs what it knows."""
    from data.store import Store
    from models.registry import Registry
    from scoring.scores.model_parts import ModelParts

    chosen = settings()
    registry = Registry(chosen)
    model = registry.load(target, version)
    if model is None:
        from data.refusal import Refusal

        raise Refusal("model-none", target=target, known=registry.targets() or ["-"])
    if feature is None:
        _weights(model, form)
        return
    dates: Any = model.report["dates"]
    parts = ModelParts(Store(chosen), model, as_of.date() if as_of else date.fromisoformat(str(dates[-1])))
    if other is None:
        _curve(parts, feature, form)
    else:
        _pair(parts, feature, other, form)


def _weights(model: FittedModel, form: Format) -> None:
    """Features and factors by the mean size of their parts, for everybody and near the line."""
    from scoring.messages import say

    report: Any = model.report
    rows = [dict(row) for row in report["importance"]]
    sums: dict[str, list[float]] = {}
    for row in rows:
        factor = report["described"].get(row["feature"], {}).get("factor", "other")
        row["factor"] = factor
        both = sums.setdefault(factor, [0.0, 0.0])
        both[0], both[1] = both[0] + row["average"], both[1] + row["at_line"]
    factors = sorted(sums.items(), key=lambda item: (-item[1][0], item[0]))
    heads = [text(f"cli-models-column-{name}") for name in ("average", "at-line")]
    lines = table(
        [text("cli-column-factor"), *heads],
        [[say(f"factor-{name}", language()), *(f"{value:.3f}" for value in both)] for name, both in factors],
        right=(1, 2),
    )
    shown = [[feature_name(report, row["feature"]), say(f"factor-{row['factor']}", language()), f"{row['average']:.3f}",
              f"{row['at_line']:.3f}"] for row in rows[:SHOWN]]  # fmt: skip
    lines += ["", *table([text("cli-models-column-feature"), text("cli-column-factor"), *heads], shown, right=(2, 3))]
    by_factor = [{"factor": name, "average": both[0], "at_line": both[1]} for name, both in factors]
    answer({"features": rows, "factors": by_factor}, form, [text("cli-models-explain-weights"), "", *lines])


def _curve(parts: ModelParts, feature: str, form: Format) -> None:
    what = parts.described[parts.named(feature)]
    found = parts.dependence(feature)
    rows = []
    for row in found.to_dict("records"):
        figure = {"value": row["mean"], "low": row["mean_low"], "high": row["mean_high"]}
        rows.append([_range(what, row), row["rows"], *interval(figure)])
    heads = [what.label(language()), text("cli-train-rows"), text("cli-models-column-part"), text("cli-train-interval")]
    lines = [text("cli-models-explain-curve", rows=len(parts.frame)), "", *table(heads, rows, right=(1, 2))]
    answer({"feature": what.name, "enterprises": len(parts.frame), "table": found}, form, lines)


def _pair(parts: ModelParts, feature: str, other: str, form: Format) -> None:
    size, found = parts.together(feature, other)
    one, two = (parts.described[parts.named(name)] for name in (feature, other))
    shown = [
        [_third(row["one"]), _third(row["other"]), row["rows"], f"{row['mean']:+.4f}"]
        for row in found.to_dict("records")
    ]
    heads = [one.label(language()), two.label(language()), text("cli-train-rows"), text("cli-models-column-part")]
    told = text("cli-models-explain-together", rows=len(parts.frame), size=f"{size:.4f}")
    value = {"features": [one.name, two.name], "enterprises": len(parts.frame), "mean_size": size, "table": found}
    answer(value, form, [told, "", *table(heads, shown, right=(2, 3))])


def _range(what: Described, row: Mapping[Any, Any]) -> str:
    """A step of a feature's values in words; the last step may be of those that lack it."""
    from scoring.scores.reasons import value_text

    tongue = language()
    low, high = (None if row[edge] is None or row[edge] != row[edge] else row[edge] for edge in ("low", "high"))
    edges = [value_text(what, edge, tongue) for edge in (low, high)]
    return edges[0] if edges[0] == edges[1] else " - ".join(edges)


def _third(code: object) -> str:
    return text(f"cli-models-third-{code}") if code in ("low", "middle", "high") else str(code)
