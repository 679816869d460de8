"""The store on SQLite and on PostgreSQL: whole batches or nothing, nothing edited, nothing read twice."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from data.health import examine
from data.migrations import STEPS, VERSION, connect
from data.refusal import Refusal
from data.settings import Settings
from data.staging import STAGING
from data.store import Source, Store
from data.tables import TABLES

KNOWN = date(2025, 5, 1)


def source(letter: str = "a") -> Source:
    return Source(f"{letter}.csv", letter * 64, "tests")


def reports(*ids: str, revenue: float = 1e6) -> pd.DataFrame:
    return pd.DataFrame(
        {"enterprise_id": ids, "period_end": date(2024, 12, 31), "period_months": 12.0, "revenue_cny": revenue}
    )


@pytest.fixture
def stored(tmp_path: Path, database_url: str) -> Store:
    return Store(Settings(home=tmp_path / "home", database_url=database_url))


def test_a_batch_comes_back_as_it_went_in(stored: Store) -> None:
    batch = stored.add(source(), {"reports": reports("A", "B")}, KNOWN)
    assert batch == "a" * 16  # the first 16 characters of the source's hash
    back = stored.read("reports")
    assert back[["enterprise_id", "revenue_cny", "batch_id"]].to_dict("list") == {
        "enterprise_id": ["A", "B"],
        "revenue_cny": [1e6, 1e6],
        "batch_id": [batch, batch],
    }
    assert set(back.known_on) == {KNOWN}
    assert pq.read_schema(stored.files("reports")[0]).equals(TABLES["reports"].arrow_schema)
    assert stored.batches().loc[0, ["source", "known_on", "actor", "withdrawn_at", "rows"]].tolist() == [
        "a.csv", "2025-05-01", "tests", "", 2,
    ]  # fmt: skip
    assert stored.rows_of(batch) == {"reports": 2}


def test_a_rows_own_date_of_knowledge_stands(stored: Store) -> None:
    rows = reports("A", "B").assign(known_on=[date(2025, 1, 1), None])
    stored.add(source(), {"reports": rows}, KNOWN)
    assert stored.read("reports").known_on.tolist() == [date(2025, 1, 1), KNOWN]


def test_the_same_source_is_refused_with_the_batch_named(stored: Store) -> None:
    batch = stored.add(source(), {"reports": reports("A")}, KNOWN)
    with pytest.raises(Refusal, match="intake-same-file") as refused:
        stored.add(source(), {"reports": reports("A")}, KNOWN)
    assert refused.value.values["batch"] == batch


def test_a_withdrawn_batch_is_invisible_but_stays_and_may_come_again(stored: Store) -> None:
    first = stored.add(source(), {"reports": reports("A")}, KNOWN)
    before = stored.digest()
    path = stored.files("reports")[0]
    stored.withdraw(first, "tests", "wrong file")
    assert stored.files("reports") == []
    assert path.exists()
    assert stored.digest() != before
    assert stored.add(source(), {"reports": reports("A")}, KNOWN) == f"{first}-1"
    assert [event.kind for event in stored.ledger.replay()] == ["batch_added", "batch_withdrawn", "batch_added"]
    with pytest.raises(Refusal, match="batch-unknown"):
        stored.withdraw(first, "tests", "again")


def test_the_digest_does_not_depend_on_the_order_of_batches(tmp_path: Path) -> None:
    def digest(name: str, letters: str) -> str:
        store = Store(Settings(home=tmp_path / name))
        for letter in letters:
            store.add(source(letter), {"reports": reports(letter)}, KNOWN)
        return store.digest()

    assert digest("one", "abc") == digest("two", "cab") != digest("three", "ab")


@pytest.mark.parametrize(
    ("tables", "code"),
    [
        ({"nonsense": reports("A")}, "table-unknown"),
        ({"reports": reports("A").assign(profit=1)}, "field-unknown"),
        ({"reports": reports("A").assign(enterprise_id=None)}, "field-required"),
        ({"reports": reports("A"), "enterprises": pd.DataFrame({"enterprise_id": [None]})}, "field-required"),
    ],
)
def test_what_does_not_fit_leaves_nothing(stored: Store, tables: dict[str, pd.DataFrame], code: str) -> None:
    with pytest.raises(Refusal, match=code):
        stored.add(source(), tables, KNOWN)
    assert stored.batches().empty
    assert stored.orphans() == []
    assert list(stored.root.rglob("*.parquet")) == []


def test_a_write_that_fails_at_any_table_leaves_nothing(stored: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is full when the second of two tables is synced."""
    synced = []

    def full(handle: int) -> None:
        synced.append(handle)
        if len(synced) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    tables = {"reports": reports("A"), "enterprises": pd.DataFrame({"enterprise_id": ["A"], "name": ["甲"]})}
    with pytest.raises(Refusal, match="disk-full"):
        stored.add(source(), tables, KNOWN)
    assert stored.batches().empty
    assert list(stored.root.rglob("*.parquet")) == []
    monkeypatch.undo()
    assert stored.add(source(), tables, KNOWN)


def test_too_little_room_refuses_before_writing(stored: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = type("Usage", (), {"free": 1000})
    monkeypatch.setattr("shutil.disk_usage", lambda _path: usage)
    with pytest.raises(Refusal, match="disk-full"):
        stored.add(source(), {"reports": reports("A")}, KNOWN)
    assert stored.batches().empty


FULL_DISK = """
import resource, signal, sys
from datetime import date
from pathlib import Path
import numpy as np, pandas as pd
from data.refusal import Refusal
from data.settings import Settings
from data.store import Source, Store

store = Store(Settings(home=Path(sys.argv[1])))
rows = pd.DataFrame({"enterprise_id": [f"{n:018d}" for n in range(200_000)], "period_end": date(2024, 12, 31),
                     "period_months": 12.0, "revenue_cny": np.random.default_rng(1).random(200_000)})
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
try:
    store.add(Source("a.csv", "a" * 64, "tests"), {"reports": rows}, date(2025, 5, 1))
except Refusal as refusal:
    print(refusal.code)
"""


def test_the_system_refuses_the_write_and_the_store_says_so(tmp_path: Path) -> None:
    """No monkey patch: the kernel lets no file grow beyond 1 MB, while the batch needs about 3."""
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(tmp_path / "home")], capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "disk-full", done.stderr
    store = Store(Settings(home=tmp_path / "home"))
    assert store.batches().empty
    assert list(store.root.rglob("*.parquet")) == []
    assert examine(store).sound


def test_two_writers_of_the_same_source_store_it_once(stored: Store) -> None:
    """Both have staged before either registers: one wins, the other is told, and the winner's files stay."""
    with stored.stage(source()) as one, stored.stage(source()) as two:
        from data.staging import as_stored, with_known_on

        rows = with_known_on(pa.Table.from_pandas(reports("A"), preserve_index=False), KNOWN)
        for staging in (one, two):
            staging.write("reports", as_stored("reports", rows, staging.batch_id))
        stored.register(one, source(), KNOWN)
        with pytest.raises(Refusal, match="intake-same-file"):
            stored.register(two, source(), KNOWN)
    assert len(stored.read("reports")) == 1
    assert (examine(stored).sound, stored.orphans()) == (True, [])


def test_many_writers_and_a_reader_at_once(stored: Store) -> None:
    """Eight batches from four threads; the reader never sees half of one (each has 3 rows in 2 tables)."""
    failures: list[str] = []
    done = threading.Event()

    def write(letters: str) -> None:
        for letter in letters:
            people = pd.DataFrame({"enterprise_id": ["A", "B", "C"], "name": letter})
            try:
                stored.add(source(letter), {"reports": reports("A", "B", "C"), "enterprises": people}, KNOWN)
            except Exception as error:
                failures.append(repr(error))

    def read() -> None:
        while not done.is_set():
            ids = [stored.read(name).batch_id.value_counts() for name in ("reports", "enterprises")]
            if any((counts != 3).any() for counts in ids):
                failures.append("half a batch")

    reader = threading.Thread(target=read)
    writers = [threading.Thread(target=write, args=(letters,)) for letters in ("ab", "cd", "ef", "01")]
    reader.start()
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    done.set()
    reader.join()
    assert failures == []
    assert len(stored.batches()) == 8
    assert stored.ledger.verify() == []


def test_sweeping_spares_the_living(stored: Store) -> None:
    stored.add(source("a"), {"reports": reports("A")}, KNOWN)
    orphan = stored.root / "reports" / "dead.parquet"
    orphan.write_bytes(b"left behind")
    dead = stored.root / STAGING / "dead-1-x"
    dead.mkdir()
    (dead / "lock").touch()
    with stored.stage(source("b")) as living:
        assert stored.orphans() == [orphan, dead]
        assert stored.sweep() == [orphan, dead]
        assert living.folder.exists()
    assert len(stored.read("reports")) == 1


@pytest.mark.parametrize("damage", ["cut", "flip", "gone"])
def test_a_damaged_file_is_named_and_the_rest_stays_usable(stored: Store, damage: str) -> None:
    bad = stored.add(source("a"), {"reports": reports("A", "B")}, KNOWN)
    stored.add(source("b"), {"reports": reports("C"), "outcomes": pd.DataFrame({"enterprise_id": ["C"]})}, KNOWN)
    path = stored.root / "reports" / f"{bad}.parquet"
    content = path.read_bytes()
    if damage == "cut":
        path.write_bytes(content[: len(content) // 2])
    elif damage == "flip":
        path.write_bytes(content[:40] + bytes([content[40] ^ 255]) + content[41:])
    else:
        path.unlink()
    with pytest.raises(Refusal, match="fact-file-damaged") as refused:
        stored.read("reports")
    assert refused.value.values == {"path": str(path), "batch": bad, "table": "reports"}
    assert len(stored.read("outcomes")) == 1
    health = examine(stored)
    assert not health.sound
    assert [check.values["batch"] for check in health.checks if check.fault] == [bad]
    stored.withdraw(bad, "tests", "damaged")
    assert stored.read("reports").enterprise_id.tolist() == ["C"]
    assert examine(stored).sound


def test_a_table_read_empty_has_its_columns(stored: Store) -> None:
    assert list(stored.read("grants").columns) == TABLES["grants"].arrow_schema.names
    with pytest.raises(Refusal, match="table-unknown"):
        stored.files("nonsense")


def test_a_newer_database_is_refused(database_url: str) -> None:
    engine = connect(database_url)
    with engine.begin() as connection:
        connection.execute(sa.insert(VERSION).values(version=len(STEPS) + 1))
    engine.dispose()
    connect.cache_clear()
    with pytest.raises(Refusal, match="database-newer"):
        connect(database_url)


def test_opening_twice_changes_nothing(database_url: str) -> None:
    connect(database_url).dispose()
    connect.cache_clear()
    with connect(database_url).connect() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(VERSION)).scalar() == len(STEPS)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("nonsense", "database-url-invalid"),
        ("postgresql+psycopg://nobody:secret@127.0.0.1:1/none", "database-unreachable"),
        ("sqlite:////proc/none/mulu.db", "database-unreachable"),
        ("mssql+pymssql://x/y", "database-url-invalid"),
    ],
)
def test_an_unusable_database_is_refused_without_its_password(url: str, code: str) -> None:
    with pytest.raises(Refusal, match=code) as refused:
        connect(url)
    assert "secret" not in str(refused.value)
