"""Headers: words, units and periods in them; which row is the header."""

from __future__ import annotations

import pytest

from data.headers import Span, aliases, find_layout, read_header, title_span, title_unit
from data.tables import TABLES


@pytest.mark.parametrize(
    ("text", "core", "unit", "span"),
    [
        ("营业收入(万元)", "营业收入", "万元", None),
        ("营业收入\uff08万元\uff09", "营业收入", "万元", None),
        ("营业收入(单位:千元)", "营业收入", "千元", None),
        ("营业收入,万元", "营业收入", "万元", None),
        ("其中:研发费用", "研发费用", "", None),
        ("2023年营业收入", "营业收入", "", Span(2023)),
        ("营业收入 2023年度(亿元)", "营业收入", "亿元", Span(2023)),
        ("2024年1-6月营业收入", "营业收入", "", Span(2024, 6)),
        ("2024年第一季度净利润", "净利润", "", Span(2024, 3)),
        ("2024年前三季度净利润", "净利润", "", Span(2024, 9)),
        ("2024年上半年净利润", "净利润", "", Span(2024, 6)),
        ("上年同期营业收入", "营业收入", "", Span(None, None, 1)),
        ("本年营业收入", "营业收入", "", Span()),
        ("年末资产总计(千元)", "年末资产总计", "千元", None),  # stands in the table as it is
        ("上年度吸纳高校应届毕业生人数", "上年度吸纳高校应届毕业生人数", "", None),
        ("净利润(亏损以“-”号填列)", "净利润亏损以-号填列", "", None),
        ("行业代码2017", "行业代码2017", "", None),
        ("从业人员期末人数(人)", "从业人员期末人数", "人", None),
    ],
)
def test_a_header_is_split(text: str, core: str, unit: str, span: Span | None) -> None:
    header = read_header(text)
    assert (header.core, header.unit, header.span) == (core, unit, span)


@pytest.mark.parametrize(
    ("titles", "span", "unit"),
    [
        (["2024年度企业汇总表", "单位:千元"], Span(2024), "千元"),
        (["2024年1-9月情况", "金额单位: 万元"], Span(2024, 9), "万元"),
        (["截至2023年12月31日", "计量单位\uff1a元"], Span(2023, 12), "元"),
        (["企业汇总表"], None, ""),
    ],
)
def test_titles_tell_period_and_unit(titles: list[str], span: Span | None, unit: str) -> None:
    assert (title_span(titles), title_unit(titles)) == (span, unit)


CODE = "统一社会信用代码"


def layout(*rows: list[str], merged: list[tuple[int, int, int, int]] | None = None) -> tuple[int, list[str]]:
    found = find_layout(rows, merged or [], aliases().known)
    assert found is not None
    return found.header_row, [header.text for header in found.headers]


def test_the_header_is_found_below_titles() -> None:
    assert layout(["表"], ["2024年度", "", "单位:千元"], [CODE, "企业名称", "营业收入"], ["9", "甲", "1"]) == (
        3, [CODE, "企业名称", "营业收入"],
    )  # fmt: skip


def test_two_rows_make_one_header() -> None:
    assert layout([CODE, "营业收入", ""], ["", "2023年", "2024年"], ["9", "1", "2"]) == (
        2, [CODE, "营业收入 2023年", "营业收入 2024年"],
    )  # fmt: skip
    assert layout(["", "2023年", ""], [CODE, "营业收入", "净利润"], ["9", "1", "2"]) == (
        2, [CODE, "2023年 营业收入", "2023年 净利润"],
    )  # fmt: skip
    assert layout([CODE, "营业收入"], ["", "(万元)"], ["9", "1"]) == (2, [CODE, "营业收入(万元)"])


def test_data_below_a_header_is_not_its_second_row() -> None:
    assert layout([CODE, "企业名称", ""], ["9", "甲", "2023"]) == (1, [CODE, "企业名称"])


def test_nothing_known_is_no_header() -> None:
    assert find_layout([["a", "b"], ["1", "2"]], [], aliases().known) is None


def test_every_alias_leads_to_a_field_and_to_one_of_each_table() -> None:
    for word, places in aliases().fields.items():
        tables = [table for table, _ in places]
        assert len(tables) == len(set(tables)), word
        for table, name in places:
            assert name in TABLES[table].names, word
    for table, name in aliases().decides_table.items():
        assert name in TABLES[table].names
