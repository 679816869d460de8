"""`mulu user`: who may sign in, and in which role."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scoring.cli.answers import Format, FormatOption, answer, settings, table, text

if TYPE_CHECKING:
    from data.accounts import Accounts

NameArgument = Annotated[str, typer.Argument(help=text("cli-user-name-help"), metavar="NAME")]
PasswordOption = Annotated[Path | None, typer.Option("--password-file", help=text("cli-user-password-file-help"))]

people = typer.Typer(help=text("cli-user-help"), no_args_is_help=True)


@people.command("add", help=text("cli-user-add-help"))
def add(
    name: NameArgument,
    role: Annotated[str, typer.Option("--role", help=text("cli-user-role-help"))],
    display: Annotated[str, typer.Option("--display", help=text("cli-user-display-help"))] = "",
    password_file: PasswordOption = None,
    external: Annotated[bool, typer.Option("--external", help=text("cli-user-external-help"))] = False,
    form: FormatOption = Format.text,
) -> None:
    """Make an account; the random password is printed this once."""
    given = _password(password_file)
    password = _accounts().add(name, display, role, given, actor=_actor(), external=external)
    shown = "" if given is not None else password
    line = text("cli-user-added", name=name, role=text(f"role-{role}"))
    answer(
        {"name": name, "role": role, "password": shown},
        form,
        [line, text("cli-user-password-once", password=shown)] if shown else line,
    )


@people.command("list", help=text("cli-user-list-help"))
def list_people(form: FormatOption = Format.text) -> None:
    """Everyone whose account is open."""
    found = _accounts().people()
    rows = [(one.name, one.display_name, text(f"role-{one.role}")) for one in found]
    headers = [text("cli-committee-name"), text("cli-committee-display"), text("cli-committee-role")]
    answer(found, form, table(headers, rows))


@people.command("disable", help=text("cli-user-disable-help"))
def disable(name: NameArgument, form: FormatOption = Format.text) -> None:
    """Close an account."""
    _accounts().disable(name, actor=_actor())
    answer({"name": name, "disabled": True}, form, text("cli-user-disabled", name=name))


@people.command("password", help=text("cli-user-password-help"))
def password(name: NameArgument, password_file: PasswordOption = None, form: FormatOption = Format.text) -> None:
    """Give an account a new password."""
    given = _password(password_file)
    fresh = _accounts().set_password(name, given, actor=_actor())
    shown = "" if given is not None else fresh
    line = text("cli-user-password-set", name=name)
    answer(
        {"name": name, "password": shown},
        form,
        [line, text("cli-user-password-once", password=shown)] if shown else line,
    )


def _accounts() -> Accounts:
    from data.accounts import Accounts
    from data.migrations import connect

    return Accounts(connect(settings().database_url))


def _actor() -> str:
    """The machine's account under which the command runs: accounts are an administrator's matter."""
    return f"administrator:{getpass.getuser()}"


def _password(path: Path | None) -> str | None:
    from data.refusal import Refusal

    if path is None:
        return None
    if not path.is_file():
        raise Refusal("sign-in-missing")
    return path.read_text(encoding="utf-8").strip("\r\n")
