"""Files in: how a file is read, from its bytes to its layout, units and days, and what is asked or refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from data.refusal import Refusal
from data.store import Store
from data.waiting import open_questions
from tests.intake_files import HEAD, SOUND, A, B, C, accounted, mapping, only, take, told, write


@pytest.mark.parametrize(
    ("encoding", "read_as"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("gbk", "gbk"), ("gb18030", "gb18030"), ("utf-16", "utf-16"),
     ("utf-16-be", "utf-16")],
)  # fmt: skip
def test_encodings(store: Store, tmp_path: Path, encoding: str, read_as: str) -> None:
    # 㐂 takes two bytes in GBK's successor only, 𠮷 four bytes in GB18030
    name = "𠮷㐂有限公司" if encoding == "gb18030" else "甲有限公司"
    text = SOUND.replace("甲有限公司", name)
    path = write(tmp_path, ("\ufeff" if encoding == "utf-16-be" else "") + text, encoding=encoding)
    result = take(store, path)
    assert result.encoding == read_as
    assert store.read("enterprises").set_index("enterprise_id").name[A] == name
    assert ("file-encoding", 0, "") in told(result) or encoding == "utf-8"


def test_a_file_in_no_encoding_says_which_byte(store: Store, tmp_path: Path) -> None:
    good = SOUND.encode()
    (tmp_path / "bad.csv").write_bytes(good + b"\xff\xfe\xff,")
    with pytest.raises(Refusal, match="intake-encoding") as refused:
        take(store, tmp_path / "bad.csv")
    assert refused.value.values["offset"] == len(good)


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|", "\uff0c"])
def test_delimiters(store: Store, tmp_path: Path, delimiter: str) -> None:
    text = SOUND.replace('"3,000"', "3000").replace(",", delimiter)
    result = take(store, write(tmp_path, text))
    assert (result.accepted, result.delimiter) == (2, delimiter)
    assert (("file-delimiter", 0, "") in told(result)) == (delimiter != ",")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "intake-file-empty"),
        (b"  \n\n", "intake-file-empty"),
        (b"a,b\n1,2\n", "intake-no-identifier"),
        (f"统一社会信用代码,颜色\n{A},红\n".encode(), "intake-no-fields"),
        (b"%PDF-1.7 binary", "intake-binary"),
        (b"\x89PNG\r\n\x1a\n", "intake-binary"),
        (SOUND.encode() + b"\0", "intake-nul"),
        (bytes(range(256)) * 40, "intake-nul"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "intake-html"),
        (b"PK\x03\x04 not really", "intake-workbook-broken"),
        (b"\xd0\xcf\x11\xe0 not really", "intake-workbook-broken"),
        (",".join(f"c{n}" for n in range(5000)).encode() + b"\n", "intake-too-many-columns"),
    ],
)
def test_what_is_no_table_is_refused_and_nothing_is_written(
    store: Store, tmp_path: Path, content: bytes, code: str
) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    with pytest.raises(Refusal, match=code):
        take(store, path)
    assert store.batches().empty
    assert store.orphans() == []


def test_what_is_not_there_is_refused(store: Store, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="intake-file-missing"):
        take(store, tmp_path / "none.csv")
    with pytest.raises(Refusal, match="intake-not-a-file"):
        take(store, tmp_path)
    with pytest.raises(Refusal, match="table-unknown"):
        take(store, write(tmp_path, SOUND), table="nonsense")


def test_titles_units_two_row_headers_totals_and_notes(store: Store, tmp_path: Path) -> None:
    text = (
        "长宁区企业情况表,,,\n2024年度,,,单位:千元\n统一社会信用代码,企业名称,营业收入,\n,,本年,上年同期\n"
        f"{A},甲有限公司,3000,2500\n\n合计,,3000,2500\n注:本表未经审计,,,\n"
    )
    result = take(store, write(tmp_path, text))
    assert (result.rows, result.accepted, result.set_aside) == (4, 1, 3)
    assert accounted(result)
    reports = store.read("reports")
    assert dict(zip(reports.period_end.map(str), reports.revenue_cny, strict=True)) == {
        "2024-12-31": 3_000_000, "2023-12-31": 2_500_000,
    }  # fmt: skip


def test_wide_layout_gives_a_row_for_each_year(store: Store, tmp_path: Path) -> None:
    text = (
        f"统一社会信用代码,2023年营业收入(亿元),2024年营业收入(万元),2024年1-6月净利润(元)\n{A},1.2,13000,5\n{B},,7,\n"
    )
    result = take(store, write(tmp_path, text))
    reports = store.read("reports")
    assert result.accepted == 2
    found = {(r.enterprise_id, str(r.period_end), r.period_months): r.revenue_cny for r in reports.itertuples()}
    assert found.pop((A, "2024-06-30", 6.0)) != found  # an interim row with profit alone
    assert found == {(A, "2023-12-31", 12.0): 1.2e8, (A, "2024-12-31", 12.0): 1.3e8, (B, "2024-12-31", 12.0): 7e4}


def test_long_layout_is_made_wide(store: Store, tmp_path: Path) -> None:
    text = (
        "统一社会信用代码,年份,指标名称,计量单位,数值\n"
        f"{A},2024,营业收入,万元,3000\n{A},2024,从业人数,人,120\n{A},2023,营业收入,万元,2500\n{B},2024,营业收入,万元,7\n"
    )
    result = take(store, write(tmp_path, text))
    assert result.accepted == 3  # enterprises and years
    reports = store.read("reports").set_index(["enterprise_id", store.read("reports").period_end.map(str)])
    assert reports.loc[(A, "2024-12-31"), ["revenue_cny", "employees"]].tolist() == [3e7, 120]
    assert reports.loc[(A, "2023-12-31"), "revenue_cny"] == 2.5e7


def test_no_unit_anywhere_is_a_question_and_the_batch_waits(store: Store, tmp_path: Path) -> None:
    text = f"统一社会信用代码,年份,营业收入,利润总额(万元)\n{A},2024,3200,1\n{B},2024,4100,2\n"
    path = write(tmp_path, text)
    result = take(store, path)
    assert (result.held, result.batch_id, store.batches().empty) == (True, None, True)
    question = only(result, "unit-missing")
    # 3,650 as 万元 is 36.5 million yuan, as 千元 3.65 million: both plausible for revenue; as 元 or 百万元 not
    assert (question.column, question.values["typical"], question.values["units"]) == (
        "营业收入",
        3650.0,
        ["万元", "千元"],
    )
    assert [one["file"] for one in open_questions(store)] == ["年报.csv"]
    assert result.folder is not None
    draft = result.folder / "mapping.yaml"
    assert "营业收入: '?'" in draft.read_text(encoding="utf-8")
    with pytest.raises(Refusal, match="mapping-invalid"):
        take(store, path, mapping=draft)  # a draft is no answer
    draft.write_text(draft.read_text(encoding="utf-8").replace("'?'", "千元"), encoding="utf-8")
    answered = take(store, path, mapping=draft)
    assert store.read("reports").revenue_cny.tolist() == [3.2e6, 4.1e6]
    assert (answered.held, open_questions(store)) == (False, [])


def test_a_unit_in_every_cell_needs_no_question(store: Store, tmp_path: Path) -> None:
    text = f'统一社会信用代码,年份,营业收入\n{A},2024,1.2亿\n{B},2024,"3,000(万元人民币)"\n{C},2024,4520万美元\n'
    result = take(store, write(tmp_path, text))
    assert sorted(told(result)) == [
        ("currency-rate-missing", 4, "营业收入"), ("row-without-figures", 4, "统一社会信用代码"),
    ]  # fmt: skip
    assert store.read("reports").revenue_cny.tolist() == [1.2e8, 3e7]
    assert (result.accepted, result.set_aside) == (2, 1)


def test_a_rate_in_the_mapping_converts(store: Store, tmp_path: Path) -> None:
    text = f"统一社会信用代码,年份,营业收入(万美元)\n{A},2024,100\n"
    take(store, write(tmp_path, text), mapping=mapping(tmp_path, "rates: {USD: 7.2}"))
    assert store.read("reports").revenue_cny.tolist() == [7_200_000.0]


def test_no_period_anywhere_is_a_question(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path, f"统一社会信用代码,营业收入(万元)\n{A},3000\n")
    assert told(take(store, path), "question") == [("period-unknown", 0, "")]
    answered = take(store, path, mapping=mapping(tmp_path, "period: {year: 2024, months: 12}"))
    assert (answered.held, store.read("reports").period_end.tolist()) == (False, [date(2024, 12, 31)])


def test_two_columns_for_one_field_are_a_question(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path, f"统一社会信用代码,年份,营业收入(万元),销售收入(万元)\n{A},2024,1,2\n")
    assert told(take(store, path), "question") == [("column-ambiguous", 0, "销售收入(万元)")]
    take(store, path, mapping=mapping(tmp_path, "ignore: [销售收入(万元)]"))
    assert store.read("reports").revenue_cny.tolist() == [10_000.0]


def test_hostile_text_stays_inert(store: Store, tmp_path: Path) -> None:
    names = ["<script>alert(1)</script>", '=HYPERLINK(""http://x"")', "🚀\u202e公司"]
    rows = "\n".join(f'{code},"{name}",2024,1,1' for code, name in zip((A, B, C), names, strict=True))
    take(store, write(tmp_path, f"{HEAD}\n{rows}\n"))
    assert store.read("enterprises").name.tolist() == [name.replace('""', '"') for name in names]


def test_a_field_of_100_mb_is_refused(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    with path.open("wb") as stream:
        stream.write(SOUND.encode() + f'{C},"'.encode())
        for _ in range(100):
            stream.write(b"x" * (1 << 20))
        stream.write(b'",2024,1,1\n')
    with pytest.raises(Refusal, match="intake-row-too-long"):
        take(store, path)
    assert (store.batches().empty, store.orphans()) == (True, [])


def test_a_quotation_mark_left_open_at_the_end_loses_one_row(store: Store, tmp_path: Path) -> None:
    result = take(store, write(tmp_path, f'{SOUND}{C},"丙,2024,1,1\n'))
    assert (result.accepted, told(result, "error")) == (2, [("row-width", 4, "")])


def test_a_quotation_mark_left_open_that_swallows_rows_is_refused(store: Store, tmp_path: Path) -> None:
    text = f'{HEAD}\n{A},"甲,2024,1,1\n{B},乙,2024,1,1\n{C},丙",2024,1,1\n'
    with pytest.raises(Refusal, match="intake-csv-broken") as refused:
        take(store, write(tmp_path, text))
    assert (refused.value.values["row"], store.batches().empty) == (2, True)


def test_a_day_of_knowledge_that_is_missing_rejects_its_row(store: Store, tmp_path: Path) -> None:
    text = (
        "identifier: {column: 码, scheme: opaque}\nknown_on: {column: 日}\ntables: {enterprises: {name: {column: 名}}}"
    )
    path = write(tmp_path, "码,名,日\nE1,甲,2024-05-01\nE2,乙,\nE3,丙,明天\n")
    result = take(store, path, mapping=mapping(tmp_path, text))
    assert sorted(told(result, "error")) == [
        ("date-unreadable", 4, "日"), ("known-on-missing", 3, "日"), ("known-on-missing", 4, "日"),
    ]  # fmt: skip
    assert store.read("enterprises").known_on.tolist() == [date(2024, 5, 1)]


def test_a_day_after_the_period_needs_a_period(store: Store, tmp_path: Path) -> None:
    text = "identifier: {column: 码, scheme: opaque}\nknown_on: {after_period_end: {days: 9}}\ntables: {enterprises: {name: {column: 名}}}"  # noqa: E501
    with pytest.raises(Refusal, match="mapping-period-needed"):
        take(store, write(tmp_path, "码,名\nE1,甲\n"), mapping=mapping(tmp_path, text))
