"""Files held for an answer: kept, found by anybody, answered or withdrawn, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from data.answering import answer
from data.health import examine
from data.intake import take_in
from data.refusal import Refusal
from data.settings import Settings
from data.store import Store
from data.waiting import KEPT, WaitingFile, waiting_files, withdraw_waiting
from scoring.cli.app import app

A, B = "91310115YY7300349F", "91310105YY5295099Y"
ASKED = f"统一社会信用代码,年份,营业收入,研发费用\n{A},2024,3200,100\n{B},2024,4100,200\n"
UNITS = [{"units": {"营业收入": "万元", "研发费用": "千元"}}]


@pytest.fixture
def store(tmp_path: Path, database_url: str) -> Store:
    """An empty store, on each database in turn."""
    return opened(tmp_path, database_url)


def opened(tmp_path: Path, url: str) -> Store:
    return Store(Settings(home=tmp_path / "home", database_url=url, today=date(2026, 6, 30)))


def held(store: Store, tmp_path: Path, text: str = ASKED, name: str = "问.csv") -> WaitingFile:
    """The file is brought by 甲, held, and gone from where it was."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    assert take_in(store, path, actor="甲", known_on=date(2025, 5, 1)).held
    path.unlink()
    return next(one for one in waiting_files(store) if one.file == name)


def kept(store: Store) -> list[str]:
    return sorted(path.name for path in (store.settings.home / KEPT).glob("*/*"))


def kinds(store: Store) -> list[str]:
    return [event.kind for event in store.ledger.replay()]


def refused(code: str, act: Callable[[], object]) -> None:
    with pytest.raises(Refusal) as caught:
        act()
    assert caught.value.code == code


def test_a_held_file_is_answered_by_another_after_a_restart(store: Store, tmp_path: Path) -> None:
    held(store, tmp_path)
    anew = opened(tmp_path, store.settings.database_url)
    (one,) = waiting_files(anew)
    assert (one.file, one.held_by, one.known_on, one.mapping) == ("问.csv", "甲", "2025-05-01", "")
    assert [(what.code, what.column) for what in one.questions] == [
        ("unit-missing", "营业收入"), ("unit-missing", "研发费用"),
    ]  # fmt: skip
    done = answer(anew, one, UNITS, actor="乙")
    reports = anew.read("reports").set_index("enterprise_id")
    # 3200 万元 are 32 million yuan, 100 千元 a hundred thousand; known since the day that 甲 gave
    assert reports.loc[A, ["revenue_cny", "rd_expense_cny", "known_on"]].tolist() == [3.2e7, 1e5, date(2025, 5, 1)]
    assert (done.held, waiting_files(anew), kept(anew)) == (False, [], [])
    assert anew.batches().actor.tolist() == ["乙"]
    assert examine(anew).sound


def test_a_file_answered_in_part_waits_with_what_is_left(store: Store, tmp_path: Path) -> None:
    first = held(store, tmp_path)
    assert answer(store, first, [{"units": {"营业收入": "万元"}}], actor="乙").held
    (left,) = waiting_files(store)
    assert ([what.column for what in left.questions], kept(store)) == (["研发费用"], ["问.csv"])
    assert "营业收入: 万元" in left.mapping
    refused("held-answered", lambda: answer(store, first, UNITS, actor="甲"))  # the form of before
    answer(store, left, [{"units": {"研发费用": "千元"}}], actor="甲")
    assert store.read("reports").rd_expense_cny.tolist() == [1e5, 2e5]
    assert (waiting_files(store), kept(store)) == ([], [])
    refused("held-answered", lambda: answer(store, left, UNITS, actor="甲"))


def test_a_file_brought_twice_waits_once(store: Store, tmp_path: Path) -> None:
    held(store, tmp_path)
    one = held(store, tmp_path, name="又.csv")
    assert ([waiting.file for waiting in waiting_files(store)], kept(store)) == (["又.csv"], ["又.csv"])
    held(store, tmp_path, ASKED.replace("3200", "3300"))
    assert [waiting.file for waiting in waiting_files(store)] == ["又.csv", "问.csv"]
    withdraw_waiting(store, one.held_id, "丙")
    assert kept(store) == ["问.csv"]


def test_a_withdrawal_is_an_event_and_the_file_may_come_again(store: Store, tmp_path: Path) -> None:
    one = held(store, tmp_path)
    refused("ledger-stale", lambda: withdraw_waiting(store, one.held_id, "丙", seen=one.seq - 1))
    withdraw_waiting(store, one.held_id, "丙", seen=one.seq)
    assert (waiting_files(store), kept(store), kinds(store)) == ([], [], ["intake_held", "intake_withdrawn"])
    refused("held-unknown", lambda: withdraw_waiting(store, one.held_id, "丙"))
    refused("held-answered", lambda: answer(store, one, UNITS, actor="乙"))
    assert store.batches().empty
    again = held(store, tmp_path)
    assert not answer(store, again, UNITS, actor="乙").held


@pytest.mark.parametrize("answers", [UNITS, [{"units": {"营业收入": "万元"}}]], ids=["all", "part"])
def test_a_withdrawal_holds_against_an_answer_under_way(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answers: list[dict[str, dict[str, str]]]
) -> None:
    one = held(store, tmp_path)

    def read_slowly(*args: object, **more: object) -> object:
        withdraw_waiting(store, one.held_id, "丙")
        return take_in(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr("data.answering.take_in", read_slowly)
    refused("held-answered", lambda: answer(store, one, answers, actor="乙"))
    assert (waiting_files(store), kept(store), kinds(store)) == ([], [], ["intake_held", "intake_withdrawn"])
    assert store.batches().empty


def test_what_an_intake_refuses_waits_on(store: Store, tmp_path: Path) -> None:
    one = held(store, tmp_path)
    refused("mapping-invalid", lambda: answer(store, one, [{"units": {"营业收入": "斗"}}], actor="乙"))
    assert waiting_files(store) == [one]
    assert one.path is not None
    one.path.write_text(ASKED + f"{B},2023,1,1\n", encoding="utf-8")
    refused("held-file-changed", lambda: answer(store, one, UNITS, actor="乙"))
    assert store.batches().empty


@pytest.mark.parametrize("where", ["column", "foot", "above"])
def test_a_file_that_holds_persons_is_not_kept_and_must_be_brought_again(tmp_path: Path, where: str) -> None:
    store = opened(tmp_path, "")
    text = {
        "column": f"统一社会信用代码,年份,营业收入,研发费用,联系人\n{A},2024,3200,100,王某\n",
        "foot": f"{ASKED}填表人:王某,,,\n",
        "above": f"填表人:王某,,,\n{ASKED}",
    }[where]
    one = held(store, tmp_path, text)
    assert (one.path, kept(store)) == (None, [])
    assert not [
        path for path in store.settings.home.rglob("*") if path.is_file() and "王某".encode() in path.read_bytes()
    ]
    refused("held-file-needed", lambda: answer(store, one, UNITS, actor="乙"))
    path = tmp_path / "问.csv"
    path.write_text(text + "\n", encoding="utf-8")
    refused("held-file-other", lambda: answer(store, one, UNITS, actor="乙", brought=path))
    path.write_text(text, encoding="utf-8")
    assert answer(store, one, UNITS, actor="乙", brought=path).batch_id
    assert waiting_files(store) == []


def test_bytes_that_a_killed_process_left_are_swept(store: Store, tmp_path: Path) -> None:
    one = held(store, tmp_path)
    left = store.settings.home / KEPT / ("0" * 16)
    left.mkdir()
    (left / "left.csv").write_text("x", encoding="utf-8")
    assert [check.values for check in examine(store).checks if check.code == "leavings"] == [{"count": 1}]
    assert [check.values for check in examine(store, repair=True).checks if check.code == "swept"] == [{"count": 1}]
    assert (kept(store), waiting_files(store)) == (["问.csv"], [one])


def test_the_command_line_answers_and_withdraws_the_same_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = opened(tmp_path, "")
    monkeypatch.setenv("MULU_HOME", str(store.settings.home))
    monkeypatch.setenv("MULU_LANGUAGE", "en")
    one = held(store, tmp_path)
    run = CliRunner().invoke
    told = run(app, ["status"])
    assert f"mulu intake undo {one.held_id}" in told.output.replace("\n", " ")
    other = held(store, tmp_path, ASKED.replace("3200", "3300"), "二.csv")
    done = run(app, ["intake", "undo", other.held_id])
    assert done.exit_code == 0, done.output
    assert "二.csv waits no longer" in done.output
    path = tmp_path / "问.csv"
    path.write_text(ASKED, encoding="utf-8")
    draft = one.draft.read_text(encoding="utf-8").replace("'?'", "万元")
    one.draft.write_text(draft, encoding="utf-8")
    assert run(app, ["intake", str(path), "--mapping", str(one.draft)]).exit_code == 0
    assert (waiting_files(store), kept(store)) == ([], [])
