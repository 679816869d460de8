"""The door of the command line: the verbs, how answers are printed, and how refusals end.

Exit status: 0 done, 1 refused (cause and cure on standard error), 2 usage.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence

import typer

from data.refusal import Refusal
from scoring.cli import catalogue, committee, editions, facts, learning, listing, measuring, serving
from scoring.cli.answers import language, text
from scoring.messages import explain

FEW_COLLECTIONS = 100_000
"""Objects made before the collector looks: the thousands that imports make stay, and were looked through each time."""


def _empty() -> typer.Typer:
    made = typer.Typer(
        name="mulu",
        help=text("cli-mulu-help"),
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    made.callback()(lambda: None)  # so that one verb alone is still called by its name
    return made


app = _empty()
for family in (facts, catalogue, learning, listing, editions, committee, serving, measuring):
    family.register(app)


def asked(arguments: Sequence[str]) -> typer.Typer:
    """The command line with the verb alone that is asked for, since building all of them takes longer than many a
    verb; with all of them where the first word is none."""
    commands = [one for one in app.registered_commands if [one.name] == list(arguments[:1])]
    groups = [one for one in app.registered_groups if [one.name] == list(arguments[:1])]
    if not commands and not groups:
        return app
    alone = _empty()
    alone.registered_commands, alone.registered_groups = commands, groups
    return alone


def run(arguments: list[str] | None = None) -> int:
    """Carry out one command line (default: this process's) and give its exit status."""
    try:
        asked(sys.argv[1:] if arguments is None else arguments)(arguments, standalone_mode=True)
    except Refusal as refusal:
        sys.stderr.write(f"{explain(refusal, language())}\n")
        return 1
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def main() -> None:
    """The entry point `mulu`."""
    gc.set_threshold(FEW_COLLECTIONS)
    sys.exit(run())
