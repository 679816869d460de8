"""Who stands behind a command: the person named by `--as`, with that person's password.

The command line is no way around roles: what a person signs here is checked as on the page.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scoring.cli.answers import settings, text

if TYPE_CHECKING:
    from datetime import date

    from data.accounts import User
    from data.settings import Settings
    from data.store import Store
    from scoring.committee.review import Review

AsOption = Annotated[str, typer.Option("--as", envvar="MULU_USER", help=text("cli-as-help"))]
PasswordFileOption = Annotated[Path | None, typer.Option("--password-file", help=text("cli-password-file-help"))]
RoundOption = Annotated[str, typer.Option("--round", help=text("cli-round-help"))]


def signed_in(name: str, password_file: Path | None) -> tuple[Settings, Store, User]:
    """The installation and the person, signed in by password file, MULU_PASSWORD, or a hidden question."""
    from data.accounts import Accounts
    from data.refusal import Refusal
    from data.store import Store

    chosen = settings()
    password = ""
    if password_file is not None:
        if not password_file.is_file():
            raise Refusal("sign-in-missing")
        password = password_file.read_text(encoding="utf-8").strip("\r\n")
    elif "MULU_PASSWORD" in os.environ:
        password = os.environ["MULU_PASSWORD"]
    elif name and sys.stdin.isatty():
        password = typer.prompt(text("cli-password-prompt"), hide_input=True, err=True)
    if not name or not password:
        raise Refusal("sign-in-missing")
    store = Store(chosen)
    return chosen, store, Accounts(store.engine).verify(name, password)


def sitting(name: str, password_file: Path | None, round_id: str = "") -> tuple[Review, User]:
    """The review of a round (the newest by default) and the person who is signed in."""
    from data.refusal import Refusal
    from scoring.committee.review import Review
    from scoring.committee.round_acts import current_round

    chosen, store, user = signed_in(name, password_file)
    found = round_id or current_round(store)
    if not found:
        raise Refusal("review-round-none")
    return Review(store, chosen, found), user


def resolve(review: Review, user: User, enterprise: str) -> str:
    """The identifier of an enterprise given by identifier or exact name, among those that the person may see."""
    frame = review.ranking(user).frame
    if enterprise in frame.index:
        return enterprise
    same = [str(key) for key in frame.index[frame["name"] == enterprise]]
    return same[0] if len(same) == 1 else enterprise


def called(review: Review, user: User, *keys: str) -> list[str]:
    """Enterprises by name and identifier, for people; by the identifier alone where the person may not see them."""
    names = review.ranking(user).frame["name"]
    return [f"{names[key]}({key})" if key in names.index else key for key in keys]


def day(value: str) -> date | None:
    """A date written as 2026-11-23; None for no text; refuses anything else (`date-unreadable`)."""
    from datetime import date

    from data.refusal import Refusal

    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise Refusal("date-unreadable", value=value) from error
