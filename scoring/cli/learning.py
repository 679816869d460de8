"""Verbs of learning: `mulu train` and `mulu models`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from scoring.cli.answers import Format, FormatOption, answer, language, progress, settings, table, text
from scoring.cli.model_parts import explain
from scoring.cli.model_verbs import comparison_lines, versions
from scoring.cli.wording import feature_name, group_words, interval, number

DEAREST = 10
"""So many of the directions that cost something are shown; the report has all."""
SMALLEST = 0.0005
"""The smallest cost that three digits show."""

if TYPE_CHECKING:
    from models.training import TrainingReport
    from scoring.editions.policy import Edition


def register(app: typer.Typer) -> None:
    """Add this family's verbs."""
    app.command("train", help=text("cli-train-help"))(train)
    versions.command("explain", help=text("cli-models-explain-help"))(explain)
    app.add_typer(versions, name="models")


def train(
    target: Annotated[str, typer.Option(help=text("cli-train-target-help"))] = "growth",
    as_of: Annotated[
        list[datetime] | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help=text("cli-train-as-of-help"))
    ] = None,
    group_by: Annotated[str | None, typer.Option(help=text("cli-train-group-by-help"))] = None,
    seed: Annotated[int, typer.Option(help=text("cli-train-seed-help"))] = 20200424,
    bag: Annotated[int, typer.Option(min=2, max=200, help=text("cli-train-bag-help"))] = 20,
    trials: Annotated[int, typer.Option(min=0, max=1000, help=text("cli-train-trials-help"))] = 0,
    with_restricted: Annotated[
        bool, typer.Option("--with-restricted", help=text("cli-train-with-restricted-help"))
    ] = False,
    monotone: Annotated[list[str] | None, typer.Option(help=text("cli-train-monotone-help"))] = None,
    compare: Annotated[bool, typer.Option("--compare", help=text("cli-train-compare-help"))] = False,
    edition: Annotated[str, typer.Option(help=text("cli-train-edition-help"))] = "changning-2026",
    actor: Annotated[str, typer.Option(envvar="MULU_ACTOR", help=text("cli-actor-help"))] = "cli",
    form: FormatOption = Format.text,
) -> None:
    """Train one target and register the version."""
    from data.store import Store
    from models.training import train as run
    from scoring.editions.policy import load_edition
    from scoring.scores.sidelights import sidelights

    chosen, weighed = settings(), load_edition(edition)
    store = Store(chosen)
    with _resumable(), progress() as tell:
        report = run(
            store,
            chosen,
            target,
            dates=_days(as_of),
            group_by=group_by,
            seed=seed,
            bag=bag,
            trials=trials,
            actor=actor,
            progress=tell,
            with_restricted=with_restricted,
            monotone=_directions(monotone),
            sidelights=sidelights(weighed, store),
        )
    told: dict[str, Any] = {"version": report.version, **report.report}
    lines = report_lines(report, weighed)
    if compare:
        from models import promotion
        from models.registry import Registry

        registry = Registry(chosen)
        found = promotion.compare(registry, target, registry.champion(target), report.version)
        told["compared"] = found
        lines += ["", *comparison_lines(found)]
    answer(told, form, lines)


@contextmanager
def _resumable() -> Iterator[None]:
    """Say after Ctrl-C what is so and how to go on; end with 130, as shells expect."""
    try:
        yield
    except KeyboardInterrupt:
        sys.stderr.write(f"{text('cli-train-interrupted')}\n")
        raise typer.Exit(130) from None


def report_lines(report: TrainingReport, edition: Edition) -> list[str]:
    """A training for people: verdict, figures with intervals, baselines, slices (by the edition's words), remarks."""
    from scoring.publishing.model_card import CardWords

    told = report.report
    words = CardWords(told, language())
    verdict, *remarks = words.verdict()
    lines = [
        text("cli-train-registered", target=report.target, version=report.version),
        verdict,
        text(
            "cli-train-learned-from",
            rows=_int(told["rows"]),
            enterprises=_int(told["enterprises"]),
            positives=_int(told["positives"]),
            dates=len(_list(told["dates"])),
        ),
        text(f"cli-train-validation-{told['validation']}", group=words.kept_apart(str(told["group_by"]))),
        "",
        *_list(told["picture"]),
        "",
        *_figures(report.metrics),
        "",
        *_baselines(told),
        "",
        *_candidates(told),
        "",
        *_promises(told),
        "",
        *_slices(report, edition),
        "",
        *_stability(told),
        *remarks,
    ]
    use = "little" if report.verdict == "little" else "use"
    return [*lines, "", text(f"cli-train-next-{use}", target=report.target, version=report.version)]


def _figures(metrics: Mapping[str, Mapping[str, float | None]]) -> list[str]:
    rows = [[text(f"cli-metric-{_family(name)}", k=_k(name)), *interval(figure)] for name, figure in metrics.items()]
    return table([text("cli-train-figure"), text("cli-train-value"), text("cli-train-interval")], rows, right=(1,))


def _baselines(told: Mapping[str, Any]) -> list[str]:
    rows = []
    for name, found in told["baselines"].items():
        features = found.get("features", ())
        only = f" ({feature_name(told, features[0])})" if len(features) == 1 else ""
        label = text(f"cli-baseline-{name}") + only
        rows.append([label, number(found["roc_auc"]["value"]), *interval(found["gain"])])
    heads = ["cli-train-baseline", "cli-metric-roc_auc", "cli-train-gain", "cli-train-interval"]
    return table([text(heads[0]), text(heads[1], k=0), text(heads[2]), text(heads[3])], rows, right=(1, 2))


def _candidates(told: Mapping[str, Any]) -> list[str]:
    """Who competed for service, on the same folds; the gain over plain trees with its interval."""
    rows = []
    for row in told["candidates"]:
        name = str(row["candidate"])
        gain = told["against_trees"].get(name, {}).get("roc_auc")
        mark = text("cli-train-chosen") if row["chosen"] else ""
        over = interval(gain) if gain else ["", ""]
        rows.append([text(f"cli-candidate-{name}"), number(row["roc_auc"]), *over, mark])
    heads = ["cli-train-candidate", "cli-metric-roc_auc", "cli-train-over-trees", "cli-train-interval"]
    titles = [text(head, k=0) if "metric" in head else text(head) for head in heads]
    return table([*titles, ""], rows, right=(1, 2))


def _promises(told: Mapping[str, Any]) -> list[str]:
    """Which directions are held, and what holding each would cost; those that cost nothing are only counted."""
    found = told.get("promises", [])
    if not found:
        return []
    rows = []
    for row in [one for one in found if one["cost"] >= SMALLEST][:DEAREST]:
        span = f"{number(row['low'])}–{number(row['high'])}"
        label = feature_name(told, row["feature"])
        held = text("cli-train-promise-held") if row["held"] else ""
        rows.append([label, "+" if row["direction"] > 0 else "-", number(row["cost"]), span, held])
    heads = ("cli-train-promise", "", "cli-train-promise-cost", "cli-train-interval", "")
    chosen = told["candidate"] == "monotone"
    counted = text("cli-train-promises", held=sum(one["held"] for one in found) if chosen else 0, of=len(found))
    if not rows:
        return [counted, text("cli-train-promises-free")]
    shown = table([text(head) if head else "" for head in heads], rows, right=(2,))
    return [counted, text("cli-train-promises-cost"), *shown]


def _stability(told: Mapping[str, Any]) -> list[str]:
    """What would stay if the data were drawn again, and who came in anew."""
    found, entrants = told["stability"], told["entrants"]
    shared = {"single": found["single"], "bag": found["bag"] or found["single"], "members": found["refit_members"]}
    lines = [
        text("cli-train-stability", k=found["k"], **shared),
        text("cli-train-core", core=found["core"], borderline=found["borderline"]),
    ]
    if entrants and entrants.get("roc_auc"):
        plain = {name: entrants[name] for name in ("entrants", "rows")}
        figures = {"same": entrants["same_as_before"], "auc": entrants["roc_auc"]["value"]}
        lines.append(text("cli-train-entrants", **plain, **figures))
    return lines


def _slices(report: TrainingReport, edition: Edition) -> list[str]:
    rows = []
    for row in report.by_group.to_dict("records"):
        span = f"{number(row['roc_auc_low'])}-{number(row['roc_auc_high'])}"
        rows.append(
            [
                text(f"cli-slice-{row['slice']}"),
                group_words(edition, row["slice"], "" if row["value"] == "unknown" else row["value"]),
                str(row["rows"]),
                str(row["positives"]),
                number(row["roc_auc"]),
                span if row["roc_auc"] == row["roc_auc"] else "",
                number(row["average_precision"]),
            ]
        )
    heads = ["cli-train-slice", "cli-train-slice-value", "cli-train-rows", "cli-train-positives"]
    titles = [*map(text, heads), "ROC-AUC", text("cli-train-interval"), "AP"]
    return table(titles, rows, right=(2, 3, 4, 6))


def _family(name: str) -> str:
    return "precision" if name.startswith("precision_") else name


def _k(name: str) -> str:
    return name.removeprefix("precision_") if name.startswith("precision_") else ""


def _int(value: object) -> int:
    return int(str(value))


def _list(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, Sequence) else []


def _directions(given: Sequence[str] | None) -> Literal["auto", "off"] | Sequence[str]:
    if not given or list(given) == ["auto"]:
        return "auto"
    return "off" if list(given) == ["off"] else given


def _days(given: Sequence[datetime] | None) -> list[date] | None:
    return [moment.date() for moment in given] if given else None
