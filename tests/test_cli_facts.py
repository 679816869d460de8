"""`mulu intake`, `intake undo`, `status` and `doctor` as a person and as a program meet them."""

from __future__ import annotations

import getpass
import json
import os
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from data.questions import PERIODS_ASKED
from data.settling import CONTRADICTS, DIFFERS
from data.tables import TABLES
from scoring.cli.app import run
from scoring.finding_words import field_name, table_name
from scoring.messages import LANGUAGES, say

A, B = "91310000132260250X", "914403001922038216"
SOUND = f"统一社会信用代码,企业名称,年份,营业收入(万元),从业人数\n{A},甲有限公司,2024,3000,120\n{B},乙有限公司,2024,约45,3\n"  # noqa: E501


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MULU_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MULU_LANGUAGE", "zh-CN")
    monkeypatch.delenv("MULU_DATABASE_URL", raising=False)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "年报.csv").write_text(SOUND, encoding="utf-8")
    return tmp_path / "年报.csv"


def answered(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, object]]:
    assert run([*arguments, "--format", "json"]) == 0
    found: list[dict[str, object]] = json.loads(capsys.readouterr().out)
    return found


def test_a_file_goes_in_and_comes_out(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (told,) = answered(capsys, "intake", str(file), "--known-on", "2025-05-01")
    assert (told["rows"], told["accepted"], told["tables"]) == (2, 2, {"enterprises": 2, "reports": 2})
    assert [one["code"] for one in told["findings"]] == ["value-band"]  # type: ignore[union-attr]
    assert [one["file"] for one in told["findings"]] == ["年报.csv"]  # type: ignore[union-attr]
    assert told["findings_file"] == str(file.with_name("年报.findings.xlsx"))
    assert file.with_name("年报.findings.xlsx").exists()
    assert run(["status"]) == 0
    shown = capsys.readouterr().out
    assert "2024-12-31" in shown
    assert str(told["batch_id"]) in shown
    assert run(["status", "--format", "json"]) == 0
    status = json.loads(capsys.readouterr().out)
    assert [(one["table"], one["rows"]) for one in status["tables"]] == [("enterprises", 2), ("reports", 2)]
    assert [(one["batch_id"], one["withdrawn_at"]) for one in status["batches"]] == [(told["batch_id"], "")]
    assert run(["doctor", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["checks"][0]["code"] == "database"
    assert run(["intake", "undo", str(told["batch_id"])]) == 0
    capsys.readouterr()
    assert run(["status"]) == 0
    shown = capsys.readouterr().out
    assert "库中还没有数据" in shown
    (line,) = [line for line in shown.splitlines() if line.startswith(str(told["batch_id"]))]
    assert line.split() == [told["batch_id"], "年报.csv", "4", "2025-05-01", getpass.getuser(), "已撤回"]


def test_the_findings_never_overwrite_and_lie_where_they_can(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = file.with_name("年报.findings.xlsx")
    taken.write_text("mine", encoding="utf-8")
    (told,) = answered(capsys, "intake", str(file))
    assert told["findings_file"] == str(file.with_name("年报.findings-2.xlsx"))
    assert taken.read_text(encoding="utf-8") == "mine"
    other = tmp_path / "elsewhere"
    other.mkdir()
    file.write_text(SOUND.replace("120", "121"), encoding="utf-8")
    (told,) = answered(capsys, "intake", str(file), "--findings", str(other))
    assert told["findings_file"] == str(other / "年报.findings.xlsx")
    assert run(["intake", str(file), "--findings", str(tmp_path / "none")]) == 2
    # a folder that takes no file: the mount is read-only, whoever asks
    path_open = Path.open

    def read_only(path: Path, mode: str = "r", *more: object, **others: object) -> object:
        if mode == "xb" and path.parent == tmp_path:
            raise OSError(30, "Read-only file system")
        return path_open(path, mode, *more, **others)  # type: ignore[arg-type,call-overload]

    monkeypatch.setattr(Path, "open", read_only)
    file.write_text(SOUND.replace("120", "122"), encoding="utf-8")
    (told,) = answered(capsys, "intake", str(file))
    assert told["findings_file"] == str(Path(str(told["folder"])) / "年报.findings.xlsx")
    assert Path(str(told["findings_file"])).exists()


def test_a_list_of_findings_is_no_data(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["intake", str(file)]) == 0
    assert run(["intake", str(file.with_name("年报.findings.xlsx"))]) == 1
    assert "问题清单" in capsys.readouterr().err


def test_a_file_named_undo_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("undo").write_text(SOUND, encoding="utf-8")
    assert run(["intake", "undo"]) == 0


@pytest.mark.skipif(sys.platform == "darwin", reason="this system takes names in UTF-8 only")
def test_a_name_that_an_archive_brought_in_gbk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, name = os.fsencode(tmp_path), "年报.csv".encode("gbk")
    Path(os.fsdecode(folder + b"/" + name)).write_text(SOUND, encoding="gbk")
    assert run(["intake", os.fsdecode(folder + b"/" + name)]) == 0
    shown = capsys.readouterr().out
    assert "已入库：年报.csv" in shown
    assert str(tmp_path / "年报.findings.xlsx") in shown
    assert (tmp_path / "年报.findings.xlsx").exists()
    assert run(["status"]) == 0
    assert "年报.csv" in capsys.readouterr().out
    assert run(["intake", os.fsdecode(folder + b"/" + name)]) == 1
    assert "年报.csv" in capsys.readouterr().err


def test_a_refusal_names_cause_and_cure_and_others_still_go_in(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["intake", str(tmp_path / "none.csv"), str(file), str(tmp_path)]) == 1
    shown = capsys.readouterr()
    assert "已入库：年报.csv" in shown.out
    assert "none.csv 不存在" in shown.err
    assert "是文件夹" in shown.err
    assert run(["intake", str(file)]) == 1
    assert "不能重复入库" in capsys.readouterr().err


def test_a_held_file_says_so_and_waits_in_the_status(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "问.csv"
    path.write_text(f"统一社会信用代码,年份,营业收入\n{A},2024,3200\n", encoding="utf-8")
    assert run(["intake", str(path)]) == 1
    assert "暂缓" in capsys.readouterr().out
    assert run(["status"]) == 0
    shown = capsys.readouterr().out
    assert "问.csv" in shown
    assert "营业收入" in shown


def test_a_dry_run_writes_nothing(file: Path, tmp_path: Path) -> None:
    assert run(["intake", "--dry-run", str(file)]) == 0
    assert not list((tmp_path / "home").rglob("*.parquet"))


def test_a_mapping_with_an_unknown_field_lists_the_allowed(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = tmp_path / "m.yaml"
    spec.write_text("mulu_mapping: 1\ntables: {reports: {revenues: {column: 营业收入(万元)}}}\n", encoding="utf-8")
    assert run(["intake", str(file), "--mapping", str(spec)]) == 1
    shown = capsys.readouterr().err
    assert "tables.reports.revenues" in shown
    assert "revenue_cny" in shown


@pytest.mark.parametrize(
    "wrong", [["intake"], ["intake", "x.csv", "--known-on", "yesterday"], ["intake", "x", "--colour"]]
)
def test_wrong_usage_ends_with_two(wrong: list[str]) -> None:
    assert run(wrong) == 2


def test_the_doctor_finds_and_repairs(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["doctor"]) == 0
    assert "数据完好" in capsys.readouterr().out
    run(["intake", str(file)])
    (stored,) = (tmp_path / "home" / "facts" / "reports").glob("*.parquet")
    (stored.parent / "left.parquet").write_bytes(b"x")
    assert run(["doctor"]) == 0
    assert run(["doctor", "--repair"]) == 0
    assert not (stored.parent / "left.parquet").exists()
    capsys.readouterr()
    stored.write_bytes(stored.read_bytes()[:-20])
    assert run(["doctor"]) == 1
    shown = capsys.readouterr().out
    assert "已损坏" in shown
    assert stored.stem in shown


@pytest.mark.parametrize("damage", ["cut", "changed"])
def test_the_status_names_a_damaged_file_and_tells_the_rest(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], damage: str
) -> None:
    """One cut file kept everything else from being told; one that reads well but is another was believed."""
    assert run(["intake", str(file)]) == 0
    (stored,) = (tmp_path / "home" / "facts" / "reports").glob("*.parquet")
    if damage == "cut":
        stored.write_bytes(stored.read_bytes()[:-20])
    else:
        rows = pq.read_table(stored)
        pq.write_table(rows.set_column(rows.column_names.index("revenue_cny"), "revenue_cny", [[1.0] * 2]), stored)
    capsys.readouterr()
    assert run(["status"]) == 1
    shown = capsys.readouterr()
    assert "企业登记" in shown.out
    assert "企业年报和期报" not in shown.out
    assert f"{stored} 已损坏" in shown.err


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_finding_has_its_sentence(language: str) -> None:
    """Every code that the floor of facts emits, found in its source, has words that its values fill."""
    import re

    folder = Path(__file__).parent.parent / "data"
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py")))
    codes = set(
        re.findall(r'(?:Finding|Told|Reading|DateReading|Single|_doubt)\(\s*(?:None, )?"([a-z][a-z0-9-]+)"', text)
    )
    codes |= set(re.findall(r'error="([a-z-]+)"', text)) | set(re.findall(r'return "((?:code|row)-[a-z-]+)"', text))
    codes |= {CONTRADICTS, DIFFERS, *PERIODS_ASKED}
    assert len(codes) > 55
    values = {
        "sheet": "表", "row": 2, "column": "列", "before": "1", "after": "2", "amount": 1.0, "against": 2.0, "count": 3,
        "code": "x", "units": ["万元"], "typical": 3.5, "field": "f", "other": "o", "table": "t", "columns": ["a"],
        "other_sheet": "none", "factor": 10.0, "more": True, "body": "b", "rows": ["1"], "name": "n",
        "found_in_row": 4, "made": 1, "other_row": 5, "width": 6, "encoding": "gbk",
        "delimiter": "tab", "known": ["k"], "same": "no",
    }  # fmt: skip
    for code in sorted(codes):
        assert say(f"finding-{code}", language, **values)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_table_and_field_has_its_name(language: str) -> None:
    for table in TABLES.values():
        names = [field_name(table.name, field, language) for field in table.names]
        assert table_name(table.name, language) not in names
        assert len(set(names)) == len(names), table.name


def test_the_status_speaks_the_reader_s_language(
    file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["intake", str(file)]) == 0
    assert "编码 utf-8，以逗号分隔" in capsys.readouterr().out
    for language, words in (("zh-CN", ("企业年报和期报", "营业收入")), ("en", ("Reports", "revenue"))):
        monkeypatch.setenv("MULU_LANGUAGE", language)
        assert run(["status"]) == 0
        shown = capsys.readouterr().out
        assert all(word in shown for word in words)
        assert "_cny" not in shown


def test_a_file_of_which_nothing_is_taken_does_not_end_well(tmp_path: Path) -> None:
    path = tmp_path / "坏.csv"
    path.write_text(f"统一社会信用代码,年份,从业人数\n{A},2024,无数\n", encoding="utf-8")
    assert run(["intake", "--dry-run", str(path)]) == 0
    assert run(["intake", str(path)]) == 1
