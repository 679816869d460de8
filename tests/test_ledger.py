"""The ledger on SQLite and on PostgreSQL: nothing edited, nothing unseen, every tampering placed."""

from __future__ import annotations

import json
import threading
from dataclasses import asdict
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from data.ledger import GENESIS, Event, Fault, Ledger, canonical, check, read_export, seal, writing
from data.migrations import EVENTS, connect
from data.refusal import Refusal


@pytest.fixture
def ledger(database_url: str) -> Ledger:
    return Ledger(connect(database_url))


def unguard(connection: sa.Connection) -> None:
    """Take away the triggers that keep the ledger as it is, as whoever holds the database could."""
    if connection.dialect.name == "sqlite":
        connection.execute(sa.text("DROP TRIGGER events_no_update"))
        connection.execute(sa.text("DROP TRIGGER events_no_delete"))
    else:
        connection.execute(sa.text("ALTER TABLE events DISABLE TRIGGER ALL"))


def filled(ledger: Ledger, count: int = 4) -> Ledger:
    for number in range(count):
        ledger.append(f"item:{number % 2}", "vote", "委员甲", {"number": number, "文字": "理由"})
    return ledger


def test_events_come_back_in_order_and_sealed(ledger: Ledger) -> None:
    filled(ledger)
    events = ledger.replay()
    assert [event.seq for event in events] == [1, 2, 3, 4]
    assert events[0].previous == GENESIS
    assert [event.previous for event in events[1:]] == [event.digest for event in events[:-1]]
    assert ledger.head() == events[-1]
    assert ledger.verify() == []
    first = events[0]
    assert first.digest == seal(
        1, "item:0", "vote", "委员甲", first.recorded_at, canonical({"number": 0, "文字": "理由"}), GENESIS
    )


def test_replay_chooses(ledger: Ledger) -> None:
    filled(ledger)
    ledger.append("item:0_x", "note", "a", {})
    assert [event.seq for event in ledger.replay(subject="item:0")] == [1, 3]
    assert [event.seq for event in ledger.replay(prefix="item:0")] == [1, 3, 5]
    assert [event.seq for event in ledger.replay(prefix="item:0_")] == [5]  # _ is no wildcard here
    assert [event.seq for event in ledger.replay(kind="note")] == [5]
    assert [event.seq for event in ledger.replay(after=3)] == [4, 5]
    assert Ledger(ledger.engine).replay(subject="none") == []


def test_a_writer_who_missed_an_event_is_refused(ledger: Ledger) -> None:
    first = ledger.append("item:1", "vote", "a", {}, last_seen=0)
    ledger.append("item:2", "vote", "a", {}, last_seen=0)
    second = ledger.append("item:1", "vote", "b", {}, last_seen=first.seq)
    with pytest.raises(Refusal, match="ledger-stale") as refused:
        ledger.append("item:1", "vote", "c", {}, last_seen=first.seq)
    assert refused.value.values["newest"] == second.seq
    assert len(ledger.replay()) == 3


def test_the_database_itself_refuses_changes(ledger: Ledger) -> None:
    filled(ledger)
    for statement in ("UPDATE events SET actor = 'x'", "DELETE FROM events"):
        with (
            pytest.raises(sa.exc.DBAPIError, match="append-only"),
            writing(ledger.engine) as connection,
        ):
            connection.execute(sa.text(statement))
    assert ledger.verify() == []


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE events SET actor = '委员乙' WHERE seq = 2", Fault(2, "changed")),
        ("UPDATE events SET payload = '{}' WHERE seq = 3", Fault(3, "changed")),
        ("DELETE FROM events WHERE seq = 2", Fault(3, "removed")),
    ],
)
def test_whoever_goes_around_the_trigger_is_found(ledger: Ledger, statement: str, fault: Fault) -> None:
    filled(ledger)
    with writing(ledger.engine) as connection:
        unguard(connection)
        connection.execute(sa.text(statement))
    assert ledger.verify()[0] == fault


def test_an_event_slipped_in_is_found(ledger: Ledger) -> None:
    filled(ledger, 2)
    forged = seal(3, "item:9", "vote", "x", "2026-01-01", "{}", "f" * 64)
    with writing(ledger.engine) as connection:
        connection.execute(
            sa.insert(EVENTS).values(
                seq=3, subject="item:9", kind="vote", actor="x", recorded_at="2026-01-01", payload="{}",
                previous="f" * 64, digest=forged,
            )
        )  # fmt: skip
    assert ledger.verify() == [Fault(3, "inserted")]


def test_an_export_is_verified_offline(ledger: Ledger, tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    filled(ledger).export(path)
    assert check(read_export(path)) == []
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([lines[0], lines[2], lines[1], lines[3]]), encoding="utf-8")
    assert [fault.code for fault in check(read_export(path))] == ["removed", "reordered", "removed"]
    path.write_text(f"{lines[0]}\nnot an event\n", encoding="utf-8")
    with pytest.raises(Refusal, match="ledger-export-unreadable") as refused:
        read_export(path)
    assert refused.value.values["line"] == 2


def forged(event: Event, **changes: object) -> str:
    """A line of an export with an event that somebody made up and sealed by the rules."""
    told = {**asdict(event), **changes}
    text = canonical(told["payload"])
    names = ("seq", "subject", "kind", "actor", "recorded_at")
    told["digest"] = seal(*(told[name] for name in names), text, told["previous"])
    return json.dumps(told, ensure_ascii=False, sort_keys=True)


@pytest.mark.parametrize(
    ("fault", "seq"),
    [("changed", 2), ("resealed", 2), ("removed", 2), ("inserted", 3), ("reordered", 2)],
)
def test_every_kind_of_tampering_is_found_in_an_export(ledger: Ledger, tmp_path: Path, fault: str, seq: int) -> None:
    """Without the database: a vote turned around, the same sealed anew, a line taken out, put in, or moved."""
    path = tmp_path / "ledger.jsonl"
    filled(ledger).export(path)
    lines, events = path.read_text(encoding="utf-8").splitlines(), read_export(path)
    second = json.loads(lines[1])
    another = {**dict(events[1].payload), "choice": "against"}
    tampered = {
        "changed": [lines[0], json.dumps({**second, "payload": another}), *lines[2:]],
        "resealed": [lines[0], forged(events[1], payload=another), *lines[2:]],
        "removed": [lines[0], *lines[2:]],
        "inserted": [*lines[:2], forged(events[1], seq=3, previous=events[1].digest), *lines[2:]],
        "reordered": [lines[0], lines[2], lines[1], *lines[3:]],
    }[fault]
    path.write_text("\n".join(tampered), encoding="utf-8")
    found = check(read_export(path))
    assert found, fault
    # What was sealed by the rules gives itself away in the next event, which names another one before it.
    expected = {"resealed": "inserted", "inserted": "reordered"}.get(fault, fault)
    assert expected in {one.code for one in found}
    assert min(one.seq for one in found) >= seq


def test_many_writers_take_turns(ledger: Ledger) -> None:
    def write(name: str) -> None:
        for number in range(5):
            ledger.append(f"item:{name}", "vote", name, {"number": number})

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [event.seq for event in ledger.replay()] == list(range(1, 21))
    assert ledger.verify() == []


def test_what_is_not_json_is_refused_before_it_is_sealed(ledger: Ledger) -> None:
    with pytest.raises(ValueError, match="Out of range float"):
        ledger.append("item:1", "vote", "a", {"score": float("nan")})
    assert ledger.head() is None


plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    payload=st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8), plain, max_size=4
    )
)
def test_any_payload_is_sealed_as_it_comes_back(tmp_path_factory: pytest.TempPathFactory, payload: dict) -> None:
    ledger = Ledger(connect(f"sqlite:///{tmp_path_factory.getbasetemp() / 'property.db'}"))
    event = ledger.append("item:p", "note", "a", payload)
    assert ledger.replay(after=event.seq - 1)[0] == event
    assert check([ledger.replay(after=event.seq - 1)[0]])[:1] in ([], [Fault(event.seq, "removed")])
