"""Mapping files: every mistake at once, with its place and what is allowed."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.mapping import field_specs, indicator_columns, load_mapping
from data.refusal import Refusal
from data.tables import TABLES


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "m.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def problems(tmp_path: Path, text: str) -> str:
    with pytest.raises(Refusal, match="mapping-invalid") as refused:
        load_mapping(written(tmp_path, f"mulu_mapping: 1\n{text}"))
    return "\n".join(refused.value.values["problems"])  # type: ignore[arg-type]


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    told = problems(
        tmp_path,
        "identifer: {column: code}\nperiod: {quarter: 1}\nunits: {营业收入: 斤}\n"
        "tables:\n  report: {}\n  reports: {revenue: {column: a}, employees: {colum: b}, revenue_cny: {column: c, unit: 斤}}\n"  # noqa: E501
        "  indicators:\n    - {code: Roe, column: roe, factor: luck, zh: 甲, en: a, colour: red}\n",
    )
    for place in (
        "identifer ∉ {", "period", "units", "tables.report:", "tables.reports.revenue ∉ {", "tables.reports.employees",
        "tables.reports.revenue_cny.unit", "tables.indicators[0].code", "tables.indicators[0].factor",
        "tables.indicators[0].colour ∉ {",
    ):  # fmt: skip
        assert place in told


def test_an_unknown_field_is_answered_with_the_allowed_ones(tmp_path: Path) -> None:
    told = problems(tmp_path, "tables: {recognitions: {name: {column: a}}}")
    assert told == f"tables.recognitions.name ∉ {{{', '.join(TABLES['recognitions'].names)}}}"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("- a\n- b\n", "mapping-not-yaml"),
        ("mulu_mapping: [", "mapping-not-yaml"),
        ("", "mapping-not-yaml"),
        ("mulu_mapping: 2\n", "mapping-invalid"),
        ("tables: {}\n", "mapping-invalid"),
        ("mulu_mapping: 1\nfiles: '(('\n", "mapping-invalid"),
        ("mulu_mapping: 1\nbodies: {social_body: perhaps}\n", "mapping-invalid"),
        ("mulu_mapping: 1\nrates: {USD: 0}\n", "mapping-invalid"),
        ("mulu_mapping: 1\ntables: {reports: {employees: many}}\n", "mapping-invalid"),
        ("mulu_mapping: 1\ntables: {outcomes: {as_of: soon}}\n", "mapping-invalid"),
        ('mulu_mapping: 1\ntables: {outcomes: {target: "x-{month}"}}\n', "mapping-invalid"),
    ],
)
def test_what_is_no_mapping_is_refused(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(Refusal, match=code):
        load_mapping(written(tmp_path, text))


def test_a_mapping_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="mapping-missing"):
        load_mapping(tmp_path / "none.yaml")


def test_yaml_words_stay_words(tmp_path: Path) -> None:
    """YAML reads yes as true and 1 as a number; in a code table and as a unit they are the text that was written."""
    mapping = load_mapping(
        written(
            tmp_path,
            "mulu_mapping: 1\nunit: 万元\ntables:\n  directory_decisions:\n"
            "    decision: {column: 1990, values: {yes: listed, 0: declined}}\n"
            "  indicators:\n    - {code: roe, column: roe, unit: 1, factor: status, zh: 甲, en: a}\n",
        )
    )
    decision = field_specs(mapping, "directory_decisions")["decision"]
    assert (decision.column, decision.values) == ("1990", {"yes": "listed", "0": "declined"})  # type: ignore[union-attr]
    assert indicator_columns(mapping)[0].unit == "1"


def test_the_file_name_gives_groups_or_refuses(tmp_path: Path) -> None:
    mapping = load_mapping(written(tmp_path, 'mulu_mapping: 1\nfiles: "r(?P<year>\\\\d{4})\\\\.csv"\n'))
    assert mapping.file_groups("r2024.csv") == {"year": "2024"}
    with pytest.raises(Refusal, match="mapping-file-name"):
        mapping.file_groups("r24.csv")


@pytest.mark.parametrize(
    "path", sorted((Path(__file__).parent / "files" / "mappings").glob("*.yaml")), ids=lambda p: p.stem
)
def test_the_examples_are_mappings(path: Path) -> None:
    assert load_mapping(path).tables
