"""The door of the command line: the verbs, how answers are printed, and how refusals end.

Exit status: 0 done, 1 refused (cause and cure on standard error), 2 usage.
"""

from __future__ import annotations

import sys

import typer

from data.refusal import Refusal
from scoring.cli import catalogue, committee, editions, facts, learning, listing, measuring, serving
from scoring.cli.answers import language, text
from scoring.messages import explain

app = typer.Typer(
    name="mulu",
    help=text("cli-mulu-help"),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for family in (facts, catalogue, learning, listing, editions, committee, serving, measuring):
    family.register(app)


def run(arguments: list[str] | None = None) -> int:
    """Carry out one command line (default: this process's) and give its exit status."""
    try:
        app(arguments, standalone_mode=True)
    except Refusal as refusal:
        sys.stderr.write(f"{explain(refusal, language())}\n")
        return 1
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def main() -> None:
    """The entry point `mulu`."""
    sys.exit(run())
