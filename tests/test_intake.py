"""Files in: what is read, asked, put right, refused, and that every row is accounted for."""

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

from data.findings import Finding
from data.health import examine
from data.indicators import DeclaredIndicator, declared
from data.intake import Intake, take_in, withdraw
from data.questions import open_questions
from data.refusal import Refusal
from data.settings import Settings
from data.store import Store
from data.summary import summary

A, B, C = "91310000132260250X", "914403001922038216", "91440300708461136T"
NAMES = {A: "甲有限公司", B: "乙有限公司", C: "丙有限公司"}
FOLDER = Path(__file__).parent / "files"


def write(tmp_path: Path, text: str, name: str = "年报.csv", encoding: str = "utf-8") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def mapping(tmp_path: Path, text: str, name: str = "mapping.yaml") -> Path:
    path = tmp_path / name
    path.write_text(f"mulu_mapping: 1\n{text}", encoding="utf-8")
    return path


def take(store: Store, path: Path, **more: object) -> Intake:
    return take_in(store, path, actor="tests", **more)  # type: ignore[arg-type]


def told(result: Intake, severity: str = "") -> list[tuple[str, int, str]]:
    return [(f.code, f.row, f.column) for f in result.findings if severity in ("", f.severity)]


def only(result: Intake, code: str) -> Finding:
    (found,) = [finding for finding in result.findings if finding.code == code]
    return found


def accounted(result: Intake) -> bool:
    return result.rows == result.accepted + result.rejected + result.repeated + result.set_aside


HEAD = "统一社会信用代码,企业名称,年份,营业收入(万元),从业人数"
SOUND = f'{HEAD}\n{A},甲有限公司,2024,"3,000",120\n{B},乙有限公司,2024,45.5,3\n'


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


def test_other_bodies_wait_for_a_decision(store: Store, tmp_path: Path) -> None:
    shop, school = "92340602MA2PBMEM24", "121200004013590816"
    path = write(tmp_path, f"{HEAD}\n{A},甲,2024,1,1\n{shop},店,2024,1,1\n{school},校,2024,1,1\n")
    result = take(store, path)
    assert {f.values["body"]: f.values["rows"] for f in result.findings if f.code == "body-to-decide"} == {
        "individual_business": ["3"], "public_institution": ["4"],
    }  # fmt: skip
    decided = mapping(tmp_path, "bodies: {individual_business: accept, public_institution: leave_out}")
    result = take(store, path, mapping=decided)
    assert (result.accepted, told(result, "error")) == (2, [("body-left-out", 4, "统一社会信用代码")])


def test_a_missing_code_is_found_by_name_only_if_a_person_confirms(store: Store, tmp_path: Path) -> None:
    text = f"{HEAD}\n{A},上海甲(集团)有限公司,2024,1,1\n,上海甲(集团)有限公司,2023,2,1\n310105000123456,无名有限公司,2024,3,1\n"  # noqa: E501
    path = write(tmp_path, text)
    result = take(store, path)
    question = only(result, "code-by-name-to-confirm")
    assert (result.held, question.row, question.values["code"], question.values["found_in_row"]) == (True, 3, A, 2)
    assert ("code-old-registration", 4, "统一社会信用代码") in told(result, "error")
    assert result.folder is not None
    draft = result.folder / "mapping.yaml"
    with pytest.raises(Refusal, match="mapping-invalid"):
        take(store, path, mapping=draft)  # nobody has confirmed yet
    draft.write_text(draft.read_text(encoding="utf-8").replace("? ", ""), encoding="utf-8")
    confirmed = take(store, path, mapping=draft)
    assert (confirmed.accepted, confirmed.rejected) == (2, 1)
    assert ("code-by-name", 3, "统一社会信用代码") in told(confirmed, "note")
    assert store.read("reports").enterprise_id.tolist() == [A, A]


def test_a_renamed_enterprise_keeps_its_identifier(store: Store, tmp_path: Path) -> None:
    take(store, write(tmp_path, f"{HEAD}\n{A},甲有限公司,2023,1,1\n", "旧.csv"), known_on=date(2024, 5, 1))
    result = take(store, write(tmp_path, f"{HEAD}\n{A},新甲有限公司,2024,1,1\n"), known_on=date(2025, 5, 1))
    renamed = only(result, "enterprise-renamed")
    assert (renamed.severity, renamed.row, renamed.before, renamed.after) == ("note", 2, "甲有限公司", "新甲有限公司")
    assert store.read("enterprises").enterprise_id.unique().tolist() == [A]


@pytest.mark.parametrize(
    "text",
    [
        f"联网直报平台,,\n统一社会信用代码,年份,营业收入(千元)\n{A},2024,1\n",
        f"统一社会信用代码,年份,营业收入(千元),是否一套表单位\n{A},2024,1,是\n",
        f"表号:B103-1,,\n制定机关:国家统计局,,\n统一社会信用代码,年份,营业收入(千元)\n{A},2024,1\n",
        f"统一社会信用代码,年份,营业收入(千元)\n{A},2024,1\n统计负责人:甲,填表人:乙,报出日期:2025-3-1\n",
        f"统一社会信用代码,年份,营业收入(千元)\n{A},2024,1\n单位负责人:甲 统计负责人:乙 填表人:丙\n",
    ],
)
def test_statistical_returns_are_refused(store: Store, tmp_path: Path, text: str) -> None:
    with pytest.raises(Refusal, match="intake-statistical-return"):
        take(store, write(tmp_path, text))
    assert store.batches().empty


def test_a_statistical_return_by_its_file_s_name(store: Store, tmp_path: Path) -> None:
    text = f"统一社会信用代码,年份,营业收入(千元)\n{A},2024,1\n"
    assert take(store, write(tmp_path, text)).accepted == 1
    with pytest.raises(Refusal, match="intake-statistical-return"):
        take(store, write(tmp_path, f"{text}\n", "联网直报2024.csv"))


def test_columns_of_persons_never_pass_the_door(store: Store, tmp_path: Path) -> None:
    rows = "\n".join(f"{code},{name},2024,{at},张三{at},1380013800{at},11010519491231002X,bad"
                     for at, (code, name) in enumerate(NAMES.items()))  # fmt: skip
    text = f"统一社会信用代码,企业名称,年份,营业收入(万元),法定代表人,联络,备用,从业人数\n{rows}\n"
    result = take(store, write(tmp_path, text))
    assert [c for code, _, c in told(result) if code == "column-of-persons"] == ["备用", "法定代表人", "联络"]
    assert result.rejected == 3  # "bad" is no count, so every row is in the rejects, without its persons
    kept = b"".join(path.read_bytes() for path in store.settings.home.rglob("*") if path.is_file())
    for secret in ("张三", "13800138000", "11010519491231002X"):
        assert secret.encode() not in kept


@pytest.mark.parametrize("foot", ["填表人:王五,13800138000,", "制表人:王五 审核人:赵六", "联系人:,王五,"])
def test_who_signed_below_the_table_is_kept_nowhere(store: Store, tmp_path: Path, foot: str) -> None:
    result = take(store, write(tmp_path, f"统一社会信用代码,年份,营业收入(千元)\n{A},2024,1\n{foot}\n"))
    assert (result.accepted, result.set_aside, result.rejected) == (1, 1, 0)
    assert only(result, "row-total-or-note").before == foot[:3]
    assert result.folder is not None
    assert result.report is not None
    everything = [path.read_text(encoding="utf-8") for path in result.folder.iterdir()] + [str(result.report.rows)]
    assert not any("王五" in text or "赵六" in text for text in everything)


@pytest.mark.parametrize("header", ["法人身份证号", "联系人电话", "企业负责人姓名", "备用手机号"])
def test_a_single_row_is_enough_to_know_a_person(store: Store, tmp_path: Path, header: str) -> None:
    result = take(store, write(tmp_path, f"统一社会信用代码,年份,从业人数,{header}\n{A},2024,bad,某某某\n"))
    assert ("column-of-persons", 0, header) in told(result)
    assert result.rejects_file is not None
    assert "某某某" not in result.rejects_file.read_text(encoding="utf-8-sig")


def test_a_mapping_cannot_store_persons(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path, f"码,年,法定代表人,电话号码段\n{A},2024,张三,13800138000\n")
    spec = (
        "identifier: {column: 码}\nperiod: {year: {column: 年}}\ntables:\n  enterprises: {name: {column: 法定代表人}}\n"
    )
    with pytest.raises(Refusal, match="mapping-names-persons") as refused:
        take(store, path, mapping=mapping(tmp_path, spec))
    assert refused.value.values["column"] == "法定代表人"
    # eleven digits alone are no person: this is a revenue of 13.8 billion yuan
    path = write(tmp_path, f"码,年,收入\n{A},2024,13800138000\n")
    spec = "identifier: {column: 码}\nperiod: {year: {column: 年}}\ntables:\n  reports: {revenue_cny: {column: 收入, unit: 元}}\n"  # noqa: E501
    assert told(take(store, path, mapping=mapping(tmp_path, spec))) == []
    assert store.read("reports").revenue_cny.tolist() == [13_800_138_000.0]


def test_decisions_by_the_words_that_committees_use(store: Store, tmp_path: Path) -> None:
    head = "统一社会信用代码,企业名称,目录版本,评审基准日,评审结果,评审日期"
    rows = [f"{code},甲,2024,2024-06-30,{word},2024-07-30" for code, word in ((A, "入选"), (B, "未入选"), (C, "好"))]
    result = take(store, write(tmp_path, "\n".join([head, *rows])))
    assert store.read("directory_decisions").decision.tolist() == ["listed", "declined"]
    wrong = only(result, "choice-unknown")
    assert "入选" in wrong.values["known"]  # type: ignore[operator]


def test_columns_of_other_tables_are_not_lost_in_silence(store: Store, tmp_path: Path) -> None:
    head = "统一社会信用代码,企业名称,补贴项目,补贴金额(万元),拨付日期,营业收入(万元)"
    result = take(store, write(tmp_path, f"{head}\n{A},甲,某专项,20,2024-03-01,5\n,甲,他专项,2,2024-03-01,5\n"))
    other = only(result, "columns-of-other-tables")
    assert (other.severity, other.values) == ("warning", {"columns": ["营业收入(万元)"], "table": "grants"})
    # the name has no place among grants, and still finds the code of a row without one
    assert only(result, "code-by-name-to-confirm").values["code"] == A


def test_plausibility_catches_slips_of_a_unit(store: Store, tmp_path: Path) -> None:
    head = (
        "统一社会信用代码,年份,营业收入(元),从业人数,社保人数,研发费用(元),资产总计(元),负债合计(元),所有者权益合计(元)"
    )
    take(store, write(tmp_path, f"{head}\n{C},2023,50000000,80,80,1,9,4,5\n", "2023.csv"))
    rows = [
        f"{A},2024,3000,120,130,5000,100,40,90",  # 25 yuan a head; 130 > 120 insured; R&D > revenue; 100 - 40 != 90
        f"{B},2024,30000000,120,110,1000000,100,40,60",
        f"{C},2024,5200,80,80,1,9,4,5",  # 50 million in 2023: a factor of about 10,000
    ]
    result = take(store, write(tmp_path, "\n".join([head, *rows])))
    assert result.accepted == 3  # doubts keep the row
    assert sorted(told(result, "warning")) == [
        ("balance-does-not-add-up", 2, "所有者权益合计(元)"),
        ("factor-against-last-year", 4, "营业收入(元)"),
        ("insured-above-employees", 2, "社保人数"),
        ("rd-above-revenue", 2, "研发费用(元)"),
        ("revenue-per-employee", 2, "营业收入(元)"),
        ("revenue-per-employee", 4, "营业收入(元)"),
    ]


def test_contracts_reject_what_cannot_be(store: Store, tmp_path: Path) -> None:
    head = "统一社会信用代码,年份,营业收入(亿元),从业人数,资产总计(万元)"
    rows = [f"{A},2024,1,-5,1", f"{B},2024,99999999,5,1", f"{C},2024,1,5,-1"]
    result = take(store, write(tmp_path, "\n".join([head, *rows])))
    assert told(result, "error") == [
        ("value-negative", 2, "从业人数"), ("value-too-large", 3, "营业收入(亿元)"), ("value-negative", 4, "资产总计(万元)"),  # noqa: E501
    ]  # fmt: skip


EVENTS = {
    "recognitions": ("资质名称,认定日期,有效期至,发证机关,证书编号", "高新技术企业,2024-11-01,2027-10-31,某委员会,GR1", "kind", "高新技术企业"),  # noqa: E501
    "investments": ("融资轮次,融资日期,融资金额(万元),投资方", "A轮,2024-03-01,5000,某基金", "amount_cny", 5e7),
    "assessments": ("评价机构,评价得分,评价日期", "某机构,88.5,2024-03-01", "value", 88.5),
    "integrity_events": ("失信类型,列入日期,移出日期,决定机关", "经营异常,2024-03-01,,某局", "listed_on", date(2024, 3, 1)),  # noqa: E501
    "grants": ("项目名称,资助金额(万元),拨付日期", "某专项,20,2024-03-01", "amount_cny", 2e5),
}  # fmt: skip


@pytest.mark.parametrize("table", EVENTS)
def test_tables_of_events_are_recognised_by_their_columns(store: Store, tmp_path: Path, table: str) -> None:
    head, row, field, value = EVENTS[table]
    result = take(store, write(tmp_path, f"统一社会信用代码,企业名称,{head}\n{A},甲有限公司,{row}\n"))
    assert result.tables == {table: 1}
    assert store.read(table)[field].tolist() == [value]


def test_outcomes_and_decisions_by_mapping(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path, "code,as_of,label\n000001,2016-04-30,1\n000002,2016-04-30,0\n", "outcomes.csv")
    text = (
        "identifier: {column: code, scheme: opaque}\ntables:\n"
        "  outcomes: {target: fast_growth, as_of: {column: as_of}, value: {column: label}}"
    )
    assert take(store, path, mapping=mapping(tmp_path, text)).tables == {"outcomes": 2}
    stored = store.read("outcomes")
    assert stored[["enterprise_id", "target", "value"]].values.tolist() == [
        ["000001", "fast_growth", 1.0], ["000002", "fast_growth", 0.0],
    ]  # fmt: skip
    path = write(tmp_path, f"码,年,名单\n{A},2024,入选\n{B},2024,未入选\n{C},2024,什么\n", "名单.csv")
    text = (
        "identifier: {column: 码}\nperiod: {year: {column: 年}}\ntables:\n  directory_decisions:\n"
        '    edition: "目录-{year}"\n    as_of: {from: period_end}\n    decided_on: {after_period_end: {days: 30}}\n'
        "    decision: {column: 名单, values: {入选: listed, 未入选: declined}}\n"
    )
    result = take(store, path, mapping=mapping(tmp_path, text))
    assert told(result, "error") == [("choice-unknown", 4, "名单")]
    assert store.read("directory_decisions")[["edition", "as_of", "decision", "decided_on"]].values.tolist() == [
        ["目录-2024", date(2024, 12, 31), "listed", date(2025, 1, 30)],
        ["目录-2024", date(2024, 12, 31), "declined", date(2025, 1, 30)],
    ]


INDICATOR = (
    "identifier: {column: 码}\nperiod: {year: {column: 年}}\ntables:\n  indicators:\n"
    "    - {code: floor_area, column: 面积, unit: 平方米, factor: status, direction: DIRECTION, zh: 办公面积, en: Floor area}\n"  # noqa: E501
)


def test_declared_indicators_are_registered_once(store: Store, tmp_path: Path) -> None:
    spec = mapping(tmp_path, INDICATOR.replace("DIRECTION", "1"))
    take(store, write(tmp_path, f"码,年,面积\n{A},2023,100\n{B},2023,\n", "1.csv"), mapping=spec)
    take(store, write(tmp_path, f"码,年,面积\n{A},2024,150\n", "2.csv"), mapping=spec)
    assert declared(store) == [DeclaredIndicator("floor_area", "平方米", "status", 1, "办公面积", "Floor area")]
    assert store.read("indicators").value.tolist() == [100.0, 150.0] or sorted(store.read("indicators").value) == [
        100,
        150,
    ]
    assert len(store.ledger.replay(prefix="indicator:")) == 1
    other = mapping(tmp_path, INDICATOR.replace("DIRECTION", "-1"), "other.yaml")
    with pytest.raises(Refusal, match="indicator-declared-otherwise"):
        take(store, write(tmp_path, f"码,年,面积\n{A},2025,150\n", "3.csv"), mapping=other)
    assert len(store.batches()) == 2


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
