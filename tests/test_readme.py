"""The README's commands are run as a newcomer would run them, on a small synthetic district."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from data.settings import Settings
from data.store import Store
from scoring.cli.app import run

ROOT = Path(__file__).resolve().parent.parent
READMES = ("README.md", "README.zh-CN.md")
SIGNED = tuple(f"mulu models {verb}" for verb in ("propose", "promote", "rollback"))
NOT_RUN = ("make ", "mulu dashboard", "mulu review", *SIGNED)  # they serve, or ask for a password


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def commands(name: str) -> list[str]:
    """The lines after `$ ` in the README's console blocks, with continuation lines joined."""
    blocks = re.findall(r"```console\n(.*?)```", text(name), re.DOTALL)
    joined = re.sub(r"\\\n\s*", "", "\n".join(blocks))
    return re.findall(r"^\$ (.+)$", joined, re.MULTILINE)


def test_both_readmes_show_the_same_commands() -> None:
    assert commands("README.md") == commands("README.zh-CN.md")
    assert len(commands("README.md")) >= 10


@pytest.mark.parametrize("name", READMES)
def test_what_a_readme_links_to_is_there(name: str) -> None:
    linked = re.findall(r"\]\(([^)#]+)\)", text(name))
    assert linked
    assert [target for target in linked if not (ROOT / target).exists()] == []


@pytest.mark.parametrize("name", READMES)
def test_every_dependency_has_its_reason(name: str) -> None:
    project = text("pyproject.toml")
    listed = re.search(r"\ndependencies = \[(.*?)\n\]", project, re.DOTALL)
    assert listed
    packages = re.findall(r'"([A-Za-z0-9._-]+)', listed[1])
    assert [package for package in packages if f"`{package}`" not in text(name)] == []


def test_the_commands_of_the_readme_work(tmp_path: Path) -> None:
    """Run in order, in a home that `mulu demo` has made, as the README says; each must end with 0."""
    environment = os.environ | {
        "MULU_HOME": str(tmp_path / "home"),
        "MULU_LANGUAGE": "en",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    ran = ["mulu demo --no-serve --enterprises 400"]
    ran += [command for command in commands("README.md") if not command.startswith(NOT_RUN)]
    for command in ran:
        command = command.replace("data/local", str(tmp_path / "home"))
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", command], cwd=tmp_path, env=environment, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    assert not any("mulu" not in shlex.split(command)[0] for command in ran)


@pytest.mark.parametrize("name", READMES)
def test_the_mapping_of_the_readme_takes_its_file_in(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two enterprises, read with the units that the mapping states: 3,280.5 万元 are 32,805,000 yuan."""
    monkeypatch.setenv("MULU_HOME", str(tmp_path / "home"))
    for kind, file in (("csv", "park_2025.csv"), ("yaml", "park.yaml")):
        block = re.search(rf"```{kind}\n(.*?)```", text(name), re.DOTALL)
        assert block
        (tmp_path / file).write_text(block[1], encoding="utf-8")
    arguments = ["intake", str(tmp_path / "park_2025.csv"), "--mapping", str(tmp_path / "park.yaml")]
    assert run(arguments) == 0, capsys.readouterr()
    store = Store(Settings(home=tmp_path / "home"))
    # the other enterprise's cells of a certificate are blank: it has none, and no empty one is stored
    assert store.read("recognitions").enterprise_id.tolist() == ["91310105MADEMQ0128"]
    reports = store.read("reports").set_index("enterprise_id")
    first = reports.loc["91310105MADEMQ0128"]
    assert (first.revenue_cny, first.rd_expense_cny, first.employees) == (32_805_000.0, 4_100_000.0, 58.0)
    assert first.period_end == date(2025, 12, 31)
    assert first.known_on == date(2026, 4, 30)
