"""Files in: what the rows are about - enterprises, persons, decisions, events, indicators - and what may not pass."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from data.indicators import DeclaredIndicator, declared
from data.refusal import Refusal
from data.store import Store
from tests.intake_files import HEAD, NAMES, A, B, C, mapping, only, take, told, write


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
