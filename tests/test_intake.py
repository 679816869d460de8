"""Files in: batches, dry runs, what is rejected, withdrawn and told, and that every row is accounted for."""

from __future__ import annotations

import csv
import json
import threading
from collections import Counter
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from data.health import examine
from data.intake import withdraw
from data.refusal import Refusal
from data.settings import Settings
from data.store import Store
from data.summary import summary
from data.waiting import open_questions
from tests.intake_files import HEAD, SOUND, A, B, C, accounted, mapping, only, take, told, write


def test_a_plain_file_becomes_a_batch(store: Store, tmp_path: Path) -> None:
    result = take(store, write(tmp_path, SOUND), known_on=date(2025, 5, 1))
    assert (result.rows, result.accepted, result.tables) == (2, 2, {"enterprises": 2, "reports": 2})
    reports = store.read("reports").set_index("enterprise_id")
    assert reports.loc[A, ["revenue_cny", "employees", "period_months"]].tolist() == [3e7, 120, 12]
    assert reports.loc[B, "revenue_cny"] == 455_000
    assert set(reports.period_end) == {date(2024, 12, 31)}
    assert set(reports.known_on) == {date(2025, 5, 1)}
    assert reports.source_row.tolist() == [2, 3]
    assert store.read("enterprises").set_index("enterprise_id").name.to_dict() == {A: "甲有限公司", B: "乙有限公司"}


def test_known_since_today_where_nobody_says(store: Store, tmp_path: Path) -> None:
    take(store, write(tmp_path, SOUND))
    assert set(store.read("reports").known_on) == {store.settings.today}


def test_the_same_file_twice_is_refused_and_the_batch_named(store: Store, tmp_path: Path) -> None:
    first = take(store, write(tmp_path, SOUND))
    with pytest.raises(Refusal, match="intake-same-file") as refused:
        take(store, write(tmp_path, SOUND, "另一个名字.csv"))
    assert refused.value.values["batch"] == first.batch_id


def test_the_same_file_with_another_mapping_may_not_fill_a_table_twice(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path, SOUND)
    take(store, path)
    who = "identifier: {column: 统一社会信用代码}\n"
    text = f"{who}period: {{year: {{column: 年份}}}}\ntables:\n  reports: {{employees: {{column: 从业人数}}}}"
    with pytest.raises(Refusal, match="intake-same-file"):
        take(store, path, mapping=mapping(tmp_path, text))
    text = f"{who}tables:\n  outcomes: {{target: size, as_of: 2024-12-31, value: {{column: 从业人数}}}}"
    assert take(store, path, mapping=mapping(tmp_path, text)).tables == {"outcomes": 2}


def test_a_dry_run_tells_everything_and_stores_nothing(store: Store, tmp_path: Path) -> None:
    result = take(store, write(tmp_path, SOUND.replace(A, A[:-1] + "Y")), dry_run=True)
    assert told(result, "error") == [("code-check-character", 2, "统一社会信用代码")]
    assert (result.batch_id, store.batches().empty, store.ledger.head()) == (None, True, None)
    assert list(store.settings.home.rglob("*.csv")) == []


def test_every_bad_row_goes_whole_to_the_rejects_with_its_reasons(store: Store, tmp_path: Path) -> None:
    text = (
        f"{HEAD}\n{A},甲有限公司,2024,3000,120\n{B[:-1]}9,乙有限公司,2024,abc,3\n{C},=1+1,某年,5,2\n{C},丙,2024,1,2,3\n"
    )
    result = take(store, write(tmp_path, text))
    assert (result.accepted, result.rejected, accounted(result)) == (1, 3, True)
    assert result.rejects_file is not None
    with result.rejects_file.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows[0] == ["sheet", "row", "reasons", *HEAD.split(",")]
    by_row = {row[1]: row for row in rows[1:]}
    assert by_row["3"][2:] == [
        "code-check-character value-not-a-number",
        f"{B[:-1]}9",
        "乙有限公司",
        "2024",
        "abc",
        "3",
    ]
    assert by_row["4"][2:5] == ["period-unreadable", C, "'=1+1"]  # inert in a spreadsheet
    assert by_row["5"][2:] == ["row-width", f"{C},丙,2024,1,2,3"]


def test_duplicates_are_kept_once_and_contradictions_not_at_all(store: Store, tmp_path: Path) -> None:
    rows = [f"{A},甲有限公司,2024,3000,120", f"{B},乙有限公司,2024,10,1", f"{A},甲有限公司,2024,3000,120",
            f"{B},乙有限公司,2024,11,1", f"{A},甲有限公司,2023,2000,110"]  # fmt: skip
    result = take(store, write(tmp_path, "\n".join([HEAD, *rows])))
    assert (result.accepted, result.repeated, result.rejected, accounted(result)) == (2, 1, 2, True)
    assert told(result, "note") == [("row-repeated", 4, "统一社会信用代码")]
    assert [(f.row, f.values["other_row"]) for f in result.findings if f.severity == "error"] == [(3, 5), (5, 3)]
    assert store.read("reports").revenue_cny.tolist() == [3e7, 2e7]
    assert result.rejects_file is not None
    with result.rejects_file.open(encoding="utf-8-sig", newline="") as stream:
        assert [row[:5] for row in csv.reader(stream)][1:] == [
            ["", "3", "row-contradicts", B, "乙有限公司"], ["", "5", "row-contradicts", B, "乙有限公司"],
        ]  # fmt: skip


def test_undo_withdraws_and_the_file_may_come_again(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path, SOUND)
    first = take(store, path)
    assert first.batch_id is not None
    withdraw(store, first.batch_id, "tests")
    assert store.read("reports").empty
    assert take(store, path).batch_id == f"{first.batch_id}-1"


def test_a_batch_that_something_decided_stands_on_is_not_undone(store: Store, tmp_path: Path) -> None:
    batch = take(store, write(tmp_path, SOUND)).batch_id
    assert batch is not None
    store.ledger.append("review:2026:denied", "denied", "某人", {})  # decides nothing
    store.ledger.append("review:2026:round", "round_opened", "主任", {})
    with pytest.raises(Refusal, match="batch-used") as refused:
        withdraw(store, batch, "tests")
    assert refused.value.values["subject"] == "review:2026:round"
    assert len(store.read("reports")) == 2


def test_many_findings_of_a_kind_are_counted_not_listed(store: Store, tmp_path: Path) -> None:
    rows = "\n".join(f"E{number},2024,x" for number in range(1000))
    text = "identifier: {column: 码, scheme: opaque}\nperiod: {year: {column: 年}}\ntables: {reports: {employees: {column: 人}}}"  # noqa: E501
    result = take(store, write(tmp_path, f"码,年,人\n{rows}\n"), mapping=mapping(tmp_path, text))
    assert (result.rejected, result.counts["error"], result.batch_id) == (1000, 1000, None)
    listed = Counter(finding.code for finding in result.findings)
    assert listed == {"value-not-a-number": 200, "more-of-the-same": 1}
    assert only(result, "more-of-the-same").values == {"code": "value-not-a-number", "count": 800}


def test_findings_are_kept_beside_the_facts(store: Store, tmp_path: Path) -> None:
    result = take(store, write(tmp_path, SOUND.replace("45.5", "约45")))
    assert result.folder == store.settings.home / "intake" / str(result.batch_id)
    kept = json.loads((result.folder / "findings.json").read_text(encoding="utf-8"))
    assert [(one["code"], one["row"], one["before"]) for one in kept] == [("value-band", 3, "约45")]


def test_the_summary_tells_what_is_there(store: Store, tmp_path: Path) -> None:
    take(store, write(tmp_path, SOUND))
    take(store, write(tmp_path, f"统一社会信用代码,年份,营业收入\n{A},2024,3200\n", "问.csv"))
    told_all = summary(store)
    (reports,) = [table for table in told_all.tables if table.table == "reports"]
    assert (reports.rows, reports.enterprises, reports.first, reports.last) == (2, 2, "2024-12-31", "2024-12-31")
    filled = {(field.table, field.name): field.filled for field in told_all.fields}
    assert filled[("reports", "revenue_cny")] == 1.0
    assert ("reports", "rd_expense_cny") not in filled
    assert [question["file"] for question in told_all.questions] == ["问.csv"]
    assert examine(store).sound


def test_rows_written_are_read_back(store: Store, tmp_path: Path) -> None:
    """A file of 3,000 rows made by pandas comes back as it was: text, counts, money in four units."""
    frame = pd.DataFrame(
        {
            "码": [f"E{number:05d}" for number in range(3000)],
            "年": 2024,
            "收入": [number * 1.5 for number in range(3000)],
            "人": list(range(3000)),
        }
    )
    path = tmp_path / "many.csv"
    frame.to_csv(path, index=False, encoding="gbk")
    text = (
        "identifier: {column: 码, scheme: opaque}\nperiod: {year: {column: 年}}\n"
        "tables: {reports: {employees: {column: 人}, revenue_cny: {column: 收入, unit: 万元}}}"
    )
    result = take(store, path, mapping=mapping(tmp_path, text))
    back = store.read("reports").sort_values("source_row")
    assert result.accepted == 3000
    assert back.revenue_cny.tolist() == [number * 15_000.0 for number in range(3000)]
    assert back.source_row.tolist() == list(range(2, 3002))


def test_a_workbook_of_findings_marks_the_cells(store: Store, tmp_path: Path) -> None:
    from data.findings_workbook import COLOURS, write_workbook

    result = take(store, write(tmp_path, SOUND.replace("45.5", "约45").replace("乙有限公司", "=乙")))
    words = ("file", "sheet", "list", "rows", "severity", "code", "text", "row", "column", "before", "after")
    titles = {name: name for name in words} | {f"severity-{name}": name for name in COLOURS}
    assert result.report is not None
    write_workbook(tmp_path / "f.xlsx", result.findings, result.report, lambda finding: finding.code, titles)
    book = openpyxl.load_workbook(tmp_path / "f.xlsx")
    listed = [[cell.value for cell in row] for row in book["list"].iter_rows()]
    assert listed[1] == ["warning", "年报.csv", None, 3, "营业收入(万元)", "约45", None, "value-band", "value-band"]
    cells = {cell.column_letter: cell for cell in book["rows 1"][2]}
    assert [cell.value for cell in cells.values()] == [3, B, "=乙", "2024", "约45", "3"]
    assert cells["C"].data_type == "s"  # no formula
    assert cells["E"].fill.start_color.rgb == f"00{COLOURS['warning']}"
    assert cells["D"].fill.fill_type is None


def test_a_file_that_changes_while_it_is_read_is_refused(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path, SOUND)

    def somebody_writes(_share: float, _key: str, /, **_values: object) -> None:
        with path.open("a", encoding="utf-8") as stream:
            stream.write(f"{C},丙有限公司,2024,1,1\n")

    with pytest.raises(Refusal, match="intake-file-changed"):
        take(store, path, progress=somebody_writes)
    assert (store.batches().empty, store.orphans()) == (True, [])


def test_progress_grows_to_its_end(store: Store, tmp_path: Path) -> None:
    shares: list[float] = []
    take(store, write(tmp_path, SOUND), progress=lambda share, _key, /, **_values: shares.append(share))
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(0.9)


def test_a_file_goes_in_on_either_database(tmp_path: Path, database_url: str) -> None:
    store = Store(Settings(home=tmp_path / "home", database_url=database_url, today=date(2026, 6, 30)))
    path = write(tmp_path, SOUND)
    first = take(store, path)
    assert first.batch_id is not None
    with pytest.raises(Refusal, match="intake-same-file"):
        take(store, path)
    held = take(store, write(tmp_path, f"统一社会信用代码,年份,营业收入\n{A},2024,3200\n", "问.csv"))
    assert (held.held, len(open_questions(store))) == (True, 1)
    withdraw(store, first.batch_id, "tests")
    assert [event.kind for event in store.ledger.replay()] == ["batch_added", "intake_held", "batch_withdrawn"]
    assert summary(store).tables == []
    assert examine(store).sound


def test_two_intakes_at_once(tmp_path: Path, database_url: str) -> None:
    """Four people bring two files at the same moment, each file twice: each goes in once, the others are told."""
    settings = Settings(home=tmp_path / "home", database_url=database_url)
    Store(settings)
    one, two = write(tmp_path, SOUND, "一.csv"), write(tmp_path, SOUND.replace("120", "121"), "二.csv")
    outcomes: list[str] = []

    def bring(path: Path) -> None:
        try:
            outcomes.append(str(take(Store(settings), path).rows))
        except Refusal as refusal:
            outcomes.append(refusal.code)

    people = [threading.Thread(target=bring, args=(path,)) for path in (one, two, one, two)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert sorted(outcomes) == ["2", "2", "intake-same-file", "intake-same-file"]
    assert len(Store(settings).read("reports")) == 4
    assert (examine(Store(settings)).sound, Store(settings).orphans()) == (True, [])
