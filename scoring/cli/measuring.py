"""`mulu bench`: how long the whole road takes on this machine, step by step, on synthetic facts."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scoring.cli.answers import Format, FormatOption, answer, progress, table, text

if TYPE_CHECKING:
    from scoring.road import Journey

bench = typer.Typer(help=text("cli-bench-help"), no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add this family's verbs."""
    app.add_typer(bench, name="bench")


@bench.callback()
def _verbs() -> None:
    """A group also while it holds one verb."""


@bench.command("road", help=text("cli-bench-road-help"))
def road(
    enterprises: Annotated[
        list[int] | None, typer.Option("--enterprises", "-n", help=text("cli-bench-enterprises-help"))
    ] = None,
    engine: Annotated[str, typer.Option(help=text("cli-rank-engine-help"))] = "duckdb",
    folder: Annotated[Path | None, typer.Option("--folder", help=text("cli-bench-folder-help"))] = None,
    form: FormatOption = Format.text,
) -> None:
    """Travel the whole road for each number of enterprises, each in a process of its own."""
    from scoring.road import travel_alone

    sizes = enterprises or [10_000]
    journeys: list[Journey] = []
    with tempfile.TemporaryDirectory(prefix="mulu-bench-") as own, progress() as tell:
        for number, size in enumerate(sizes):
            tell(number / len(sizes), "cli-bench-under-way", enterprises=size)
            journeys.append(travel_alone(folder or Path(own), size, engine))
    value = [
        {**vars(one), "steps": {key: vars(step) for key, step in one.steps.items()}, "seconds": one.seconds,
         "processor": one.processor, "peak_mib": one.peak_mib, "longest": one.longest, "synthetic": True}
        for one in journeys
    ]  # fmt: skip
    answer(value, form, [text("cli-demo-synthetic"), *(line for one in journeys for line in ["", *_lines(one)])])


def _lines(journey: Journey) -> list[str]:
    """The steps as a table, the whole, and the next bottleneck."""
    heads = [text(f"cli-bench-column-{name}") for name in ("step", "seconds", "processor", "peak")]
    rows = [
        [text(key), f"{step.seconds:.2f}", f"{step.processor:.2f}", f"{step.peak_mib:,.0f}"]
        for key, step in journey.steps.items()
    ]
    whole = [f"{journey.seconds:.2f}", f"{journey.processor:.2f}", f"{journey.peak_mib:,.0f}"]
    beside = [text("cli-bench-beside", mib=round(journey.beside_mib))] if journey.beside_mib else []
    return [
        text("cli-bench-road", enterprises=journey.enterprises, engine=journey.engine, listed=journey.listed),
        *table(heads, [*rows, [text("cli-demo-total"), *whole]], right=(1, 2, 3)),
        *beside,
        text(
            "cli-bench-bottleneck",
            each=1e6 * journey.seconds / journey.enterprises,
            step=text(journey.longest),
            share=journey.steps[journey.longest].processor / max(journey.processor, 1e-9),
        ),
    ]
