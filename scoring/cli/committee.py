"""The committee's family of verbs: `review`, `user`, `publish`, `dossier`, `verify`, `directory`, `objection`, ..."""

from __future__ import annotations

import typer

from scoring.cli.after_verbs import member, objection
from scoring.cli.answers import text
from scoring.cli.people import people
from scoring.cli.publishing import directory, dossier, publish, verify
from scoring.cli.round_verbs import verbs as review_verbs


def register(app: typer.Typer) -> None:
    """Add this family's verbs."""
    app.add_typer(review_verbs, name="review")
    app.add_typer(people, name="user")
    app.add_typer(objection, name="objection")
    app.add_typer(member, name="member")
    app.command("publish", help=text("cli-publish-help"))(publish)
    app.command("dossier", help=text("cli-dossier-help"))(dossier)
    app.command("verify", help=text("cli-verify-help"))(verify)
    app.command("directory", help=text("cli-directory-help"))(directory)
