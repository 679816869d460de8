"""Contracts of the tables, the tables themselves, settings, and doubts about figures."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pydantic import ValidationError

from data.columns import Column
from data.contracts import contract, violations
from data.duplicates import DuplicateIndex, combined, row_hashes
from data.history import renamings, year_steps
from data.industries import division_of, name_of, read_industry_codes, section_of
from data.plausibility import doubts, plausible_units, steps
from data.settings import Settings
from data.staging import as_stored, with_known_on
from data.store import Source, Store
from data.tables import TABLES


@pytest.mark.parametrize("table", TABLES)
def test_every_table_has_a_contract_that_an_empty_row_keeps(table: str) -> None:
    assert set(contract(table).columns) == set(TABLES[table].names)
    assert violations(table, pa.Table.from_pylist([{}], schema=TABLES[table].arrow_schema)) == []


def test_violations_name_rule_column_and_rows() -> None:
    rows = pa.table(
        {
            "period_months": [12.0, 5.0, 3.0],
            "employees": [1.0, -1.0, None],
            "total_assets_cny": [1e15, 1.0, -1.0],
            "net_profit_cny": [-5.0, -1e15, 0.0],
            "period_end": pa.array([date(2024, 12, 31), None, date(1700, 1, 1)], pa.date32()),
        }
    )
    found = {(one.code, one.column): one.rows.tolist() for one in violations("reports", rows)}
    assert found == {
        ("period-months", "period_months"): [1],
        ("value-negative", "employees"): [1],
        ("value-too-large", "total_assets_cny"): [0],
        ("value-negative", "total_assets_cny"): [2],
        ("value-too-large", "net_profit_cny"): [1],
        ("date-impossible", "period_end"): [2],
    }


def test_coded_fields_take_their_codes_only() -> None:
    rows = pa.table({"decision": ["listed", "perhaps", None]})
    assert [(one.code, one.rows.tolist()) for one in violations("directory_decisions", rows)] == [
        ("choice-unknown", [1])
    ]


def test_every_money_field_says_so_in_its_name() -> None:
    for table in TABLES.values():
        for field in table.fields:
            assert (field.kind == "money") == field.name.endswith("_cny")
            assert field.unit == ("CNY" if field.kind == "money" else field.unit)
        assert set(table.key) <= set(table.names)
        with pytest.raises(KeyError):
            table.field("nonsense")
    assert {f.name for f in TABLES["reports"].fields if f.confidential} == {"tax_paid_cny", "district_tax_cny"}


@pytest.mark.parametrize("held", [250_000, 2])
def test_duplicates_by_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held: int) -> None:
    """In memory and spilled alike. Rows 2 and 4 say the same; 3 and 6 contradict; 7 and 9 agree but for a name."""
    monkeypatch.setattr("data.partitions.HELD", held)
    index = DuplicateIndex(tmp_path)
    key = row_hashes([pa.array(["a", "b", "a", "c", "b", "d", "d"])])
    content = row_hashes([pa.array([1.0, 2.0, 1.0, 3.0, 5.0, None, None])])
    whole = combined([key, content, row_hashes([pa.array(["", "", "", "", "", "x", "y"])])])
    for start in (0, 3, 5):
        part = slice(start, {0: 3, 3: 5, 5: 7}[start])
        index.add(key[part], content[part], whole[part], np.array([2, 3, 4, 5, 6, 7, 9])[part])
    found = index.find()
    assert (found.repeated.tolist(), found.first.tolist()) == ([4], [2])
    assert found.suspects.rows.tolist() == [3, 6]
    assert bool(list(tmp_path.iterdir())) == (held == 2)


def test_the_same_hash_for_the_same_text_only() -> None:
    texts = [f"{number}" for number in range(20_000)] + ["", "\0", "a\0", "\0a", None]
    assert len(np.unique(row_hashes([pa.array(texts)]))) == len(texts) - 1  # missing and NUL alone are alike


def test_doubts_stand_on_the_row_that_raises_them() -> None:
    rows = pa.table(
        {
            "revenue_cny": [1e8, 1e5, -1.0, None],
            "employees": [100.0, 100.0, 4.0, 9.0],
            "period_months": [12.0, 12.0, 12.0, 12.0],
            "insured_employees": [100.0, 101.0, None, 8.0],
        }
    )
    # 100 million over 100 heads is 1 million each; 100,000 over 100 is 1,000 each, below 10,000
    assert {(one.code, tuple(one.rows.tolist())) for one in doubts(rows)} == {
        ("revenue-per-employee", (1,)), ("insured-above-employees", (1,)), ("revenue-negative", (2,)),
    }  # fmt: skip


def test_a_quarter_is_judged_by_the_year() -> None:
    rows = pa.table({"revenue_cny": [5e4], "employees": [10.0], "period_months": [3.0]})
    assert doubts(rows) == []  # 5,000 a head in three months is 20,000 a year


def test_steps_by_hand() -> None:
    now = np.array([1e7, 1e7, 1e4, 5.0, 1e7])
    before = np.array([1.05e6, 3e6, 1.2e8, 0.5, 0.0])
    # 9.5 times: a step of ten; 3.3 times: growth; 1/12,000: a step of ten thousand; below 100,000 yuan: no matter
    assert steps(now, before).tolist() == [True, False, True, False, False]


def test_units_by_magnitude() -> None:
    assert plausible_units(np.array([32_000_000.0, 50_000_000.0]), "revenue_cny") == ["元"]
    assert plausible_units(np.array([0.0, np.nan]), "revenue_cny") == ["元", "千元", "万元"]


def test_industries() -> None:
    assert (section_of("6513"), division_of("I6513"), name_of("65")) == ("I", "65", "软件和信息技术服务业")
    assert (section_of("0111"), section_of("I"), division_of("I"), name_of(None)) == ("A", "I", None, None)
    cells = pa.array(["I6513", "6513", "I 6513", "软件和信息技术服务业", "111", "6598", "X", "乱写", "I3911", "  "])
    read = read_industry_codes(Column(cells))
    assert read.values.to_pylist()[:6] == ["6513", "6513", "6513", "65", None, "6598"]
    told = {one.code: one.positions.tolist() for one in read.told}
    assert told["industry-zero-lost"] == [4]
    assert told["industry-unknown"] == [5, 8]  # 6598 is well formed; 3911 is not of section I
    assert told["industry-by-name"] == [3]


def test_settings_follow_the_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MULU_HOME", "MULU_DATABASE_URL", "MULU_MLRUNS", "MULU_MLFLOW_TRACKING_URI"):
        monkeypatch.delenv(name, raising=False)
    settings = Settings(home=tmp_path / "a" / ".." / "b")
    assert settings.home == tmp_path / "b"
    assert settings.database_url == f"sqlite:///{tmp_path / 'b' / 'mulu.db'}"
    assert settings.mlruns == tmp_path / "b" / "mlruns"
    monkeypatch.setenv("MULU_HOME", str(tmp_path))
    monkeypatch.setenv("MULU_LANGUAGE", "zh")
    monkeypatch.setenv("MULU_TODAY", "2026-01-02")
    assert (Settings().home, Settings().language, Settings().today) == (tmp_path, "zh-CN", date(2026, 1, 2))
    monkeypatch.setenv("MULU_LANGUAGE", "fr")
    with pytest.raises(ValidationError):
        Settings()


@pytest.mark.parametrize(("held", "most"), [(250_000, 9), (3, 9), (3, 1)])
def test_a_step_against_last_year_is_found_in_the_file_and_in_the_store(
    store: Store, monkeypatch: pytest.MonkeyPatch, held: int, most: int
) -> None:
    """A: 12 million in the store, 1,200 in the file (a 10,000th). B: both years in the file, 1,000 times. C: growth."""
    monkeypatch.setattr("data.partitions.HELD", held)

    def reports(ids: list[str], years: list[int], revenue: list[float]) -> pa.Table:
        ends = pa.array([date(year, 12, 31) for year in years], pa.date32())
        table = {"enterprise_id": ids, "period_end": ends, "period_months": [12.0] * len(ids), "revenue_cny": revenue}
        return with_known_on(pa.table({**table, "source_row": list(range(2, len(ids) + 2))}), date(2025, 5, 1))

    store.add(Source("old", "a" * 64, "t"), {"reports": reports(["A", "C"], [2023, 2023], [1.2e7, 1e6])})
    with store.stage(Source("new", "b" * 64, "t")) as staging:
        rows = reports(["A", "B", "B", "C"], [2024, 2023, 2024, 2024], [1200.0, 1e5, 1e8, 2e6])
        staging.write("reports", as_stored("reports", rows, staging.batch_id))
        found = year_steps(store, staging.close("reports"), lambda _group, field: ("", field), most)
    (steps, number) = found.pop(("", "revenue_cny"))
    told = [(one.row, one.before, one.after, one.values["factor"]) for one in steps]
    assert told == [(2, "1200", "12000000", 1e4), (4, "100000000", "100000", 1e3)][:most]
    assert number == 2
    assert not found


@pytest.mark.parametrize(("held", "most"), [(250_000, 9), (2, 9), (2, 1)])
def test_a_new_name_is_held_against_the_last_one_known(
    store: Store, monkeypatch: pytest.MonkeyPatch, held: int, most: int
) -> None:
    """A had two names, of which the later counts; B keeps its name; C is new; D is told once of its two new names."""
    monkeypatch.setattr("data.partitions.HELD", held)

    def names(ids: str, texts: list[str | None], days: list[date]) -> pa.Table:
        table = {"enterprise_id": list(ids), "name": texts, "known_on": pa.array(days, pa.date32())}
        return pa.table({**table, "source_row": list(range(2, len(ids) + 2))})

    old = names("AABDA", ["new", "older", "b", "d", None], [date(2024, 1, day) for day in (9, 1, 1, 1, 20)])
    store.add(Source("old", "a" * 64, "t"), {"enterprises": old})
    with store.stage(Source("new", "b" * 64, "t")) as staging:
        rows = names("ABCDD", ["newest", "b", "c", "d1", "d2"], [date(2025, 1, 1)] * 5)
        staging.write("enterprises", as_stored("enterprises", rows, staging.batch_id))
        found = renamings(store, staging.close("enterprises"), lambda _group, field: ("", field), most)
    ((renamed, number),) = found.values()
    told = [(one.row, one.before, one.after) for one in renamed]
    assert told == [(2, "new", "newest"), (5, "d", "d1")][:most]
    assert number == 2
