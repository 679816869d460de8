"""What an intake must survive: a disk full at any write, bytes that belong to no encoding, files out of bounds."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from data.health import examine
from data.intake import Intake, take_in, withdraw
from data.refusal import Refusal
from data.settings import Settings
from data.store import Store

A, B = "91310000132260250X", "914403001922038216"
HEAD = "统一社会信用代码,企业名称,年份,营业收入(万元)"

CHILD = """
import resource, signal, sys
from pathlib import Path
import data.partitions, data.reading
from data.intake import take_in
from data.refusal import Refusal
from data.settings import Settings
from data.store import Store

home, file, mapping, limit, held, block = sys.argv[1:]
data.partitions.HELD, data.reading.BLOCK = int(held), int(block)
store = Store(Settings(home=Path(home)))
if int(limit):
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    told = str(take_in(store, Path(file), mapping=Path(mapping) if mapping else None, actor="tests").accepted)
except Refusal as refusal:
    told = refusal.code
print(told, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def apart(
    home: Path, file: Path, mapping: Path | None = None, limit: int = 0, held: int = 250_000, block: int = 2 << 20
) -> tuple[str, int]:
    """Take a file in in a process of its own: how many rows were accepted, or the refusal; and MiB it took."""
    arguments = [str(home), str(file), str(mapping or ""), str(limit), str(held), str(block)]
    done = subprocess.run([sys.executable, "-c", CHILD, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told, megabytes = done.stdout.split()
    return told, int(megabytes)


@pytest.mark.parametrize("write", ["rejects", "spill", "facts"])
def test_a_disk_that_is_full_at_any_write_leaves_nothing(tmp_path: Path, write: str) -> None:
    """The kernel lets no file grow beyond 300 kB: then the rejects, the spilled index, or the facts do not fit."""
    rows = 60_000
    wrong = "x" if write == "rejects" else ""
    lines = (f"E{number * 7919 % 1_000_003:07d},2024,{number * 0.37:.2f}{wrong}" for number in range(rows))
    (tmp_path / "f.csv").write_text("\n".join(["码,年,人均", *lines]), encoding="utf-8")
    (tmp_path / "m.yaml").write_text(
        "mulu_mapping: 1\nidentifier: {column: 码, scheme: opaque}\nperiod: {year: {column: 年}}\n"
        "tables: {reports: {revenue_cny: {column: 人均, unit: 元}}}\n",
        encoding="utf-8",
    )
    held = 1000 if write == "spill" else 250_000
    limit = 20_000 if write == "spill" else 300_000
    home, file, mapping = tmp_path / "home", tmp_path / "f.csv", tmp_path / "m.yaml"
    Store(Settings(home=home)).engine.dispose()  # its database stands before the disk fills
    told, _ = apart(home, file, mapping, limit, held)
    assert told == "disk-full"
    store = Store(Settings(home=home))
    assert (store.batches().empty, store.orphans(), list(store.root.rglob("*.parquet"))) == (True, [], [])
    assert examine(store).sound
    told, _ = apart(home, file, mapping, 0, held)
    assert told == ("0" if write == "rejects" else str(rows))


def test_memory_does_not_follow_the_file(tmp_path: Path) -> None:
    """Six times the rows, all of them renamed and 10,000 times last year's, held against a store that knows them: with
    blocks and parts made small, every object kept for a row would show (300 bytes a row would be 36 MiB).
    """
    (tmp_path / "m.yaml").write_text(
        "mulu_mapping: 1\nidentifier: {column: 码, scheme: opaque}\nperiod: {year: {column: 年}}\n"
        "tables: {reports: {revenue_cny: {column: 收入, unit: 元}}, enterprises: {name: {column: 名}}}\n",
        encoding="utf-8",
    )
    took = []
    for rows in (25_000, 150_000):
        home = tmp_path / f"home{rows}"
        for year, revenue in ((2023, 1_000_000), (2024, 10_000_000_000)):
            path = tmp_path / f"{rows}-{year}.csv"
            lines = (f"E{number * 7919 % 1_000_003:07d},名{number}-{year},{year},{revenue}" for number in range(rows))
            path.write_text("\n".join(["码,名,年,收入", *lines]), encoding="utf-8")
            told, megabytes = apart(home, path, tmp_path / "m.yaml", held=2_000, block=1 << 16)
            assert told == str(rows)
        took.append(megabytes)
    assert took[1] - took[0] < 30, took


def test_a_field_of_100_mb_takes_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    with path.open("wb") as stream:
        stream.write(f'{HEAD}\n{A},"'.encode())
        for _ in range(100):
            stream.write(b"x" * (1 << 20))
        stream.write(b'",2024,1\n')
    told, megabytes = apart(tmp_path / "home", path)
    assert told == "intake-row-too-long"
    assert megabytes < 250


@pytest.mark.parametrize(
    ("columns", "in_the_header", "expected"),
    [
        (1_000_000, True, "intake-row-too-long"),
        (1_000_000, False, "intake-row-too-long"),
        (100_000, True, "intake-too-many-columns"),
        (100_000, False, "100"),  # a row of another width: put aside whole, the others go in
    ],
)
def test_a_million_columns_are_refused_in_little_memory(
    tmp_path: Path, columns: int, in_the_header: bool, expected: str
) -> None:
    wide = ",".join(map(str, range(columns)))
    path = tmp_path / "wide.csv"
    sound = "".join(f"{A},甲,{1900 + number},1\n" for number in range(100))
    path.write_text(f"{wide}\n1\n" if in_the_header else f"{HEAD}\n{sound}{wide}\n", encoding="utf-8")
    told, megabytes = apart(tmp_path / "home", path)
    assert told == expected
    assert megabytes < 250


def take(tmp_path: Path, content: bytes, name: str = "f.csv") -> Intake:
    (tmp_path / name).write_bytes(content)
    store = Store(Settings(home=tmp_path / "home"))
    try:
        return take_in(store, tmp_path / name, actor="tests")
    finally:
        store.engine.dispose()


def test_utf8_with_one_broken_byte_is_not_read_as_nonsense(tmp_path: Path) -> None:
    """GB18030 could read these bytes; the enterprise would then bear another name."""
    good = f"{HEAD}\n{A},上海某某信息技术有限公司,2024,1\n".encode()
    assert (good + "甲".encode()[:2] + b"\x81\x30\x81\x30,").decode("gb18030", "replace")
    broken = good + f"{B},乙".encode()[:-1] + b",2024,1\n"
    with pytest.raises(Refusal, match="intake-encoding") as refused:
        take(tmp_path, broken)
    values = refused.value.values
    assert (values["encoding"], values["line"], values["offset"]) == ("utf-8", 3, len(good) + len(f"{B},"))
    assert values["byte"] == "0xE4"  # the first of the two that are left of 乙


def test_a_broken_gbk_file_names_the_byte_of_gbk(tmp_path: Path) -> None:
    good = f"{HEAD}\n{A},上海某某信息技术有限公司,2024,1\n".encode("gbk")
    with pytest.raises(Refusal, match="intake-encoding") as refused:
        take(tmp_path, good + b"\xff,1\n")
    values = refused.value.values
    assert (values["offset"], values["byte"], values["line"]) == (len(good), "0xFF", 3)
    assert values["encoding"] in ("gbk", "gb18030")
    assert values["tried"] == ["utf-8", "gbk", "gb18030"]


def test_utf16_that_ends_in_half_a_character_is_refused(tmp_path: Path) -> None:
    content = f"{HEAD}\n{A},甲,2024,1\n".encode("utf-16")
    assert take(tmp_path, content).encoding == "utf-16"
    with pytest.raises(Refusal, match="intake-encoding") as refused:
        take(tmp_path, content + b"\x41", "g.csv")
    assert refused.value.values["offset"] == len(content)


def test_a_batch_is_not_undone_once_a_model_that_saw_it_is_in_office(store: Store, tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text(f"{HEAD}\n{A},甲,2024,1\n", encoding="utf-8")
    batch = take_in(store, tmp_path / "f.csv", actor="tests").batch_id
    assert batch is not None
    store.ledger.append("model:growth", "model_registered", "tests", {"version": "1"})
    store.ledger.append("ranking:x", "ranking_made", "tests", {})
    store.ledger.append("model:growth", "model_promoted", "tests", {"version": "1"})
    with pytest.raises(Refusal, match="batch-used") as refused:
        withdraw(store, batch, "tests")
    assert refused.value.values["event"] == 4
    (tmp_path / "g.csv").write_text(f"{HEAD}\n{A},甲,2023,1\n", encoding="utf-8")
    later = take_in(store, tmp_path / "g.csv", actor="tests").batch_id
    assert later is not None
    withdraw(store, later, "tests")  # nobody decided anything since


def test_what_is_kept_of_a_held_file_is_found_again(store: Store, tmp_path: Path) -> None:
    from data.waiting import open_questions

    (tmp_path / "f.csv").write_text(f"统一社会信用代码,年份,营业收入\n{A},2024,3200\n", encoding="utf-8")
    result = take_in(store, tmp_path / "f.csv", actor="tests")
    (question,) = open_questions(store)
    assert store.settings.home / question["draft"] == result.folder / "mapping.yaml"  # type: ignore[operator]
    assert (store.settings.home / question["draft"]).is_file()
    assert result.folder is not None
    told = json.loads((result.folder / "findings.json").read_text(encoding="utf-8"))
    assert {one["file"] for one in told} == {"f.csv"}
