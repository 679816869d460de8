"""`mulu models`: which versions there are, their cards, who is champion, whether today looks like training."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scoring.cli.answers import Format, FormatOption, answer, language, settings, table, text
from scoring.cli.signing import AsOption, PasswordFileOption, signed_in
from scoring.cli.wording import number

if TYPE_CHECKING:
    import pandas as pd

    from data.accounts import User
    from models.registry import Registry

TargetArgument = Annotated[str, typer.Argument(metavar="TARGET", help=text("cli-models-target-help"))]
VersionArgument = Annotated[int, typer.Argument(metavar="VERSION", help=text("cli-models-version-help"))]
ReasonOption = Annotated[str, typer.Option("--reason", help=text("cli-models-reason-help"))]

FIGURES = (
    "verdict", "roc_auc", "average_precision", "capture_10", "precision", "brier", "calibration_error",
    "candidate", "validation", "rows", "positives", "data_digest",
)  # fmt: skip
"""The order in which versions are compared."""

versions = typer.Typer(help=text("cli-models-help"), no_args_is_help=True)


@versions.command("list", help=text("cli-models-list-help"))
def list_versions(form: FormatOption = Format.text) -> None:
    """Every version of every target."""
    import pandas as pd

    registry = _registry()
    found = [registry.versions(target).assign(target=target) for target in registry.targets()]
    if not found:
        answer([], form, text("cli-models-none"))
        return
    everything = pd.concat(found, ignore_index=True)
    rows = [
        [
            row["target"],
            row["version"],
            text("cli-models-champion") if row["champion"] else "",
            text(f"cli-verdict-{row['verdict']}"),
            number(row["roc_auc"]),
            number(row["average_precision"]),
            row["digest"][:12],
            row["actor"],
            row["registered_at"][:16],
        ]
        for row in everything.to_dict("records")
    ]
    names = ["target", "version", "office", "verdict"]
    heads = [text(f"cli-models-column-{name}") for name in names]
    heads += ["ROC-AUC", "AP", *(text(f"cli-models-column-{name}") for name in ("digest", "actor", "when"))]
    answer(everything, form, table(heads, rows, right=(1, 4, 5)))


@versions.command("show", help=text("cli-models-show-help"))
def show(
    target: TargetArgument,
    version: Annotated[
        int | None, typer.Argument(metavar="[VERSION]", help=text("cli-models-show-version-help"))
    ] = None,
    form: FormatOption = Format.text,
) -> None:
    """What a version stands on: files, facts, code, people."""
    from data.store import Store
    from models.origin import origin
    from scoring.cli.model_origin import origin_lines, origin_value

    found = origin(_registry(), target, version or "champion")
    today = Store(settings()).digest()
    answer(origin_value(found, today), form, origin_lines(found, today))


@versions.command("card", help=text("cli-models-card-help"))
def card(
    target: TargetArgument,
    version: VersionArgument,
    out: Annotated[Path | None, typer.Option("--out", help=text("cli-models-out-help"))] = None,
    form: FormatOption = Format.text,
) -> None:
    """The model card: Markdown to the terminal or a .md file, HTML to a .html file."""
    from scoring.publishing.model_card import card_markdown, card_page

    registry = _registry()
    shown = card_markdown(registry, target, version, language())
    if out is None:
        answer({"target": target, "version": version, "card": shown}, form, shown.splitlines())
        return
    if out.suffix == ".html":
        shown = card_page(registry, target, version, language())
    out.write_text(shown, encoding="utf-8")
    answer({"written": str(out)}, form, text("cli-models-written", path=str(out)))


@versions.command("compare", help=text("cli-models-compare-help"))
def compare(target: TargetArgument, version: VersionArgument, form: FormatOption = Format.text) -> None:
    """A version beside the champion."""
    from models.promotion import compare as side_by_side

    registry = _registry()
    found = side_by_side(registry, target, registry.champion(target), version)
    answer(found, form, comparison_lines(found))


@versions.command("propose", help=text("cli-models-propose-help"))
def propose(
    target: TargetArgument,
    version: VersionArgument,
    reason: ReasonOption,
    name: AsOption = "",
    password_file: PasswordFileOption = None,
    form: FormatOption = Format.text,
) -> None:
    """Put a version forward for champion."""
    from models import promotion

    person = _person(name, password_file)
    event = promotion.propose(_registry(), target, version, person.name, reason)
    lines = [text("cli-models-proposed", target=target, version=version, person=person.name)]
    answer(event.payload, form, lines)


@versions.command("promote", help=text("cli-models-promote-help"))
def promote(
    target: TargetArgument,
    version: VersionArgument,
    name: AsOption = "",
    password_file: PasswordFileOption = None,
    form: FormatOption = Format.text,
) -> None:
    """Confirm what another person proposed."""
    from models import promotion

    person = _person(name, password_file)
    event = promotion.confirm(_registry(), target, version, person.name)
    by = str(event.payload["proposed_by"])
    answer(event.payload, form, text("cli-models-promoted", target=target, version=version, person=person.name, by=by))


@versions.command("rollback", help=text("cli-models-rollback-help"))
def rollback(
    target: TargetArgument,
    reason: ReasonOption,
    name: AsOption = "",
    password_file: PasswordFileOption = None,
    form: FormatOption = Format.text,
) -> None:
    """Bring the champion before back."""
    from models import promotion

    person = _person(name, password_file)
    event = promotion.roll_back(_registry(), target, person.name, reason)
    back = int(str(event.payload["version"]))
    answer(event.payload, form, text("cli-models-rolled-back", target=target, version=back, person=person.name))


@versions.command("drift", help=text("cli-models-drift-help"))
def drift(
    target: TargetArgument,
    as_of: Annotated[
        datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help=text("cli-models-as-of-help"))
    ] = None,
    version: Annotated[int | None, typer.Option("--version", help=text("cli-models-drift-version-help"))] = None,
    form: FormatOption = Format.text,
) -> None:
    """Today's enterprises against those that were taught."""
    from data.store import Store
    from scoring.scores.drift_gate import drift_since_training

    chosen = settings()
    day = as_of.date() if as_of else chosen.today
    found = drift_since_training(Store(chosen), chosen, target, day, version or "champion")
    tongue = language()
    rows = [
        [row[tongue[:2]], f"{row['index']:.3f}", f"{row['chance']:.3f}", number(row["effect"]),
         number(row["effect_chance"]), _percent(row["missing_then"]), _percent(row["missing_now"]),
         text(f"cli-drift-{row['level']}")]
        for row in found.table.head(15).to_dict("records")
    ]  # fmt: skip
    names = ("feature", "index", "chance", "effect", "chance", "missing-then", "missing-now", "level")
    told = text("cli-models-drift-of", target=target, version=found.version, as_of=day, enterprises=found.enterprises)
    heads = [text(f"cli-models-column-{name}") for name in names]
    lines = [told, found.text(tongue), "", *table(heads, rows, right=(1, 2, 3, 4, 5, 6))]
    value = {
        "target": target, "version": found.version, "as_of": day, "enterprises": found.enterprises, **found.note,
        "table": found.table,
    }  # fmt: skip
    answer(value, form, lines)


def comparison_lines(found: pd.DataFrame) -> list[str]:
    """Champion and challenger side by side, for people."""
    rows = []
    for row in sorted(found.to_dict("records"), key=lambda row: _place(str(row["figure"]))):
        rows.append([_figure_name(str(row["figure"])), _told(row, "champion"), _told(row, "challenger")])
    heads = [text(f"cli-models-column-{name}") for name in ("figure", "champion", "challenger")]
    told = {str(row["figure"]): (row["champion"], row["challenger"]) for row in found.to_dict("records")}
    if told["verdict"][0] is None:
        return [*table(heads, rows), text("cli-compare-no-champion")]
    tested = ("data_digest", "validation", "rows")
    same = all(told[name][0] == told[name][1] for name in tested)
    return [*table(heads, rows), *([] if same else [text("cli-compare-other-data")])]


def _place(figure: str) -> tuple[int, str, int]:
    """Where a figure stands: the verdict first, then how well it ranks, then what it was taught on."""
    family, _, depth = figure.rpartition("_")
    precision = figure.startswith("precision_")
    place = FIGURES.index(figure) if figure in FIGURES else len(FIGURES)
    return (FIGURES.index("precision") if precision else place, family, int(depth) if precision else 0)


def _figure_name(name: str) -> str:
    if name in ("verdict", "candidate", "data_digest", "validation", "rows", "positives"):
        return text(f"cli-compare-{name}")
    family = "precision" if name.startswith("precision_") else name
    return text(f"cli-metric-{family}", k=name.removeprefix("precision_"))


def _told(row: Mapping[Any, Any], side: str) -> str:
    value, low, high = row[side], row[f"{side}_low"], row[f"{side}_high"]
    if value is None or value != value:
        return "-"
    if row["figure"] in ("verdict", "candidate", "validation"):
        kind = {"candidate": "candidate", "verdict": "verdict", "validation": "compare-validation"}[row["figure"]]
        return text(f"cli-{kind}-{value}")
    if not isinstance(value, float):
        return f"{value:,}" if isinstance(value, int) else str(value)[:16]
    return f"{value:.3f}" if low is None or low != low else f"{value:.3f} ({low:.3f}–{high:.3f})"


def _registry() -> Registry:
    from models.registry import Registry

    return Registry(settings())


def _person(name: str, password_file: Path | None) -> User:
    """Whoever signs in; an auditor looks on and puts nothing into office."""
    from data.refusal import Refusal

    person = signed_in(name, password_file)[2]
    if person.role == "auditor":
        raise Refusal("promotion-auditor", person=person.name)
    return person


def _percent(share: float) -> str:
    return f"{share:.0%}"
