"""The command line as a whole: every verb has help in both languages, answers JSON, and starts fast."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import typer

from scoring.cli.app import app, asked, run

MULU = Path(sys.executable).with_name("mulu")

PROMISED = {
    "demo", "intake", "status", "train", "rank", "explain", "select", "review", "publish", "verify", "dashboard",
    "doctor",
}  # fmt: skip


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command with its full name, groups included."""

    def walk(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
        yield name, command
        for inner_name, inner in getattr(command, "commands", {}).items():
            yield from walk(inner, f"{name} {inner_name}".strip())

    yield from walk(typer.main.get_command(app), "")


def test_the_promised_verbs_are_there() -> None:
    assert {name for name, _ in commands()} >= PROMISED


@pytest.mark.parametrize("name", [name for name, _ in commands()])
def test_every_command_has_help_for_itself_and_each_option(name: str) -> None:
    command = dict(commands())[name]
    assert command.help, name
    for parameter in command.params:
        if parameter.name != "help":
            assert getattr(parameter, "help", None), f"mulu {name}: {parameter.name}"


def said(*arguments: str, language: str = "zh-CN", home: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"MULU_LANGUAGE": language, "COLUMNS": "120"}
    if home:
        environment["MULU_HOME"] = str(home)
    return subprocess.run([MULU, *arguments], env=environment, capture_output=True, text=True, check=False)


def test_help_is_in_the_reader_s_language() -> None:
    """Lines are folded at the terminal's width, so white space does not count."""
    chinese, english = (" ".join(said("--help", language=one).stdout.split()) for one in ("zh-CN", "en"))
    assert "重点扶持企业目录" in chinese
    assert "directory of key-support enterprises" in english
    assert not re.search(r"[一-鿿]", english)


def test_an_unknown_verb_is_a_matter_of_usage() -> None:
    assert said("rnak").returncode == 2


def test_no_command_loads_what_help_does_not_need() -> None:
    """Start-up is fast because nothing heavy is imported; a list of names is steadier than a stop-watch."""
    probe = (
        "import sys; from scoring.cli.app import run; run(['--help']); "
        "heavy = {'pandas', 'numpy', 'pyarrow', 'sqlalchemy', 'ibis', 'duckdb', 'lightgbm', 'sklearn', 'mlflow', "
        "'streamlit', 'pydantic', 'altair', 'openpyxl'}; "
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_a_verb_built_alone_is_the_same_as_among_all(capsys: pytest.CaptureFixture[str]) -> None:
    """Only the verb that is asked for is built; its help, its usage and its mistakes read as if all had been."""
    verbs = [str(one.name) for one in (*app.registered_commands, *app.registered_groups)]
    assert len(verbs) == len(set(verbs)) > 20
    for verb in verbs:
        assert asked([verb]) is not app
        told = []
        for way in (asked([verb]), app):
            for line in ([verb, "--help"], [verb, "--no-such-option"]):
                with pytest.raises(SystemExit):
                    way(line, standalone_mode=True)
                told.append(capsys.readouterr())
        assert told[:2] == told[2:], verb
    for line in ([], ["--help"], ["rnak"]):
        assert asked(line) is app


def test_a_bad_setting_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MULU_HOME", str(tmp_path))
    monkeypatch.setenv("MULU_TODAY", "yesterday")
    assert run(["status"]) == 1
    assert "MULU_TODAY" in capsys.readouterr().err
