"""An exported ledger of a real round: whatever is changed in it is found offline, by library and command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from data.ledger import check, read_export
from data.refusal import Refusal
from scoring.cli.app import run

Lines = list[str]


def changed(lines: Lines) -> Lines:
    """A vote for becomes a vote against."""
    at = next(place for place, line in enumerate(lines) if '"voted"' in line)
    return [*lines[:at], lines[at].replace('"for"', '"against"'), *lines[at + 1 :]]


def another_actor(lines: Lines) -> Lines:
    """The second signature gets another name."""
    at = max(place for place, line in enumerate(lines) if '"signed"' in line)
    return [*lines[:at], lines[at].replace('"actor": "m1"', '"actor": "m3"'), *lines[at + 1 :]]


def removed(lines: Lines) -> Lines:
    return [*lines[:8], *lines[9:]]


def inserted(lines: Lines) -> Lines:
    """A well-formed event slipped in, sealed by itself, the numbers after it moved up by one."""
    from data.ledger import canonical, seal

    slipped = json.loads(lines[8])
    slipped["actor"] = "nobody"
    slipped["digest"] = seal(
        slipped["seq"], slipped["subject"], slipped["kind"], "nobody", slipped["recorded_at"],
        canonical(slipped["payload"]), slipped["previous"],
    )  # fmt: skip
    moved = [json.loads(line) for line in lines[8:]]
    for event in moved:
        event["seq"] += 1
    return [*lines[:8], json.dumps(slipped), *(json.dumps(event) for event in moved)]


def reordered(lines: Lines) -> Lines:
    return [*lines[:8], lines[9], lines[8], *lines[10:]]


@pytest.fixture
def export(committee: Any, tmp_path: Path) -> Path:
    committee.override(committee.m1, "E06", "include")
    committee.act("approve", committee.m2, "E06")
    committee.votes("E06")
    committee.signed()
    path = tmp_path / "ledger.jsonl"
    committee.review.export_ledger(committee.auditor, path)
    return path


def test_an_untouched_export_holds(export: Path) -> None:
    events = read_export(export)
    assert check(events) == []
    assert {"voted", "overridden", "override_approved", "frozen", "signed"} <= {event.kind for event in events}


@pytest.mark.parametrize("tamper", [changed, another_actor, removed, inserted, reordered])
def test_every_way_to_falsify_an_export_is_found(
    export: Path, tamper: Callable[[Lines], Lines], monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    before = export.read_text(encoding="utf-8").splitlines()
    after = tamper(before)
    assert after != before
    export.write_text("\n".join(after) + "\n", encoding="utf-8")
    assert check(read_export(export))
    monkeypatch.setenv("MULU_HOME", str(tmp_path / "elsewhere"))  # offline: another machine without this ledger
    assert run(["verify", str(export)]) == 1
    assert capsys.readouterr().out.strip()


def test_a_torn_export_names_its_line(export: Path) -> None:
    lines = export.read_text(encoding="utf-8").splitlines()
    export.write_text("\n".join([*lines[:4], lines[4][:40]]), encoding="utf-8")
    with pytest.raises(Refusal) as caught:
        read_export(export)
    assert (caught.value.code, caught.value.values["line"]) == ("ledger-export-unreadable", 5)
