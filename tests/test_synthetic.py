"""The synthetic district: the same for the same seed, plainly invented, with truths and faults that can be found."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from data.identity import code_problem
from data.intake import Intake, take_in
from data.refusal import Refusal
from data.settings import Settings
from data.store import Store
from data.synthetic import District, create_district, is_demo, mark_demo
from data.synthetic_files import CODE
from data.synthetic_world import World, reference, simulate

SEED = 7


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> District:
    return create_district(tmp_path_factory.mktemp("district"), seed=SEED, enterprises=600)


@pytest.fixture(scope="module")
def world() -> World:
    return simulate(SEED, 3000, 6)


def raw(path: Path, encoding: str, delimiter: str = ",") -> list[list[str]]:
    """The cells of a CSV as they stand; the first row is row 1."""
    frame = pd.read_csv(path, encoding=encoding, sep=delimiter, header=None, dtype=str, keep_default_na=False)
    return frame.to_numpy().tolist()


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def auc(label: np.ndarray, score: np.ndarray) -> float:
    """Area under the ROC curve: the share of (positive, negative) pairs in the right order."""
    ranks = pd.Series(score).rank().to_numpy()
    positives = label.sum()
    return float((ranks[label].sum() - positives * (positives + 1) / 2) / (positives * (~label).sum()))


def test_the_same_seed_gives_the_same_bytes(district: District, tmp_path: Path) -> None:
    again = create_district(tmp_path / "again", seed=SEED, enterprises=600)
    other = create_district(tmp_path / "other", seed=SEED + 1, enterprises=600)
    assert digests(district.folder) == digests(again.folder)
    assert digests(other.folder)["files/年报2025.csv"] != digests(again.folder)["files/年报2025.csv"]


def test_too_small_a_district_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="demo-too-small"):
        create_district(tmp_path, enterprises=20)
    assert not list(tmp_path.iterdir())


def test_every_enterprise_is_plainly_invented(world: World) -> None:
    firms = world.enterprises
    assert firms.name.str.endswith("(演示)").all()
    assert firms.name.is_unique
    assert firms.enterprise_id.is_unique
    assert {code_problem(code) for code in firms.enterprise_id} == {""}
    # characters 9 and 10 begin the organisation code; none was ever issued that starts so
    assert set(firms.enterprise_id.str[8:10]) == {reference()["organisation_prefix"]}


def test_the_district_looks_like_one(world: World) -> None:
    firms, newest = world.enterprises, world.panel[world.panel.year == world.years[-1]]
    assert set(firms.street) == set(reference()["streets"])
    assert len(reference()["streets"]) == 10  # nine subdistricts and one town
    assert {
        "aviation_services",
        "fashion_creative",
        "internet_life",
        "artificial_intelligence",
        "financial_services",
    } < set(firms.key)
    assert (newest.employees < 100).mean() > 0.8  # mostly small and micro
    assert (newest.employees >= 300).any()
    assert (newest.insured_employees <= newest.employees).all()
    assert (newest.district_insured_employees <= newest.insured_employees).all()
    assert (newest.rd_expense_cny <= newest.revenue_cny).all()
    balance = newest.total_assets_cny - newest.total_liabilities_cny
    assert np.allclose(balance, newest.net_assets_cny)
    assert 0.04 < (firms.closed_in > 0).mean() < 0.2


def test_growth_follows_potential_and_chance(world: World) -> None:
    """Nobody can know more than potential, so its own area under the curve bounds what any model can reach."""
    revenue = world.panel.pivot(index="firm", columns="year", values="revenue_cny")
    there = revenue[2021].notna() & revenue[2023].notna()
    grew = ((revenue[2023] / revenue[2021]) >= 1.2**2)[there].to_numpy()
    assert 0.1 < grew.mean() < 0.35
    assert 0.75 < auc(grew, world.enterprises.potential[there[there].index].to_numpy()) < 0.88
    before = (revenue[2021] / revenue[2020])[there]
    assert 0.6 < auc(grew[before.notna()], before.dropna().to_numpy()) < 0.8


def test_past_committees_looked_at_size(district: District) -> None:
    decided = pd.read_csv(district.folder / "files" / "历届目录.csv", encoding="utf-8-sig")
    assert sorted(decided["目录批次"].unique()) == ["2023年度", "2024年度", "2025年度"]
    assert set(decided["结论"]) == {"入选", "未入选", "退出", "未评审"}
    last = decided[decided["目录批次"] == "2025年度"].set_index(CODE)
    reported = raw(district.folder / "files" / "年报2024.csv", "utf-16", "\t")
    sheet = pd.DataFrame(reported[1:], columns=reported[0]).drop_duplicates(CODE).set_index(CODE)
    size = pd.to_numeric(sheet["从业人员期末人数"]).reindex(last.index).dropna()
    potential = pd.read_parquet(district.truth).set_index("enterprise_id").potential.reindex(size.index)
    listed = (last["结论"] == "入选")[size.index].to_numpy()
    assert auc(listed, size.to_numpy()) > 0.85
    assert auc(listed, size.to_numpy()) > auc(listed, potential.to_numpy()) + 0.1


def test_the_files_differ_in_encoding_unit_and_layout(district: District) -> None:
    files = district.folder / "files"
    assert (files / "年报2020.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert raw(files / "年报2021.csv", "gbk")[1][0] == "单位:千元"
    assert "营业收入(元)" in raw(files / "年报2022.csv", "gb18030", "\t")[0]
    assert CalamineWorkbook.from_path(str(files / "年报2023.xlsx")).sheet_names == ["年报2023"]
    assert (files / "年报2024.csv").read_bytes().startswith((b"\xff\xfe", b"\xfe\xff"))
    head, first = raw(files / "年报2025.csv", "utf-8")[:2]
    assert any("," in cell for cell in first)
    assert "营业收入(万元)" in head


def test_the_same_money_stands_in_every_unit(district: District) -> None:
    """The sheets are the world in other units: what is read back in yuan is the panel to the last place written."""
    world = simulate(SEED, 600, 6)
    for year, encoding, delimiter, titles, per in ((2020, "utf-8-sig", ",", 0, 1e4), (2021, "gbk", ",", 2, 1e3)):
        rows = raw(district.folder / "files" / f"年报{year}.csv", encoding, delimiter)[titles:]
        sheet = pd.DataFrame(rows[1:], columns=[cell.split("(")[0] for cell in rows[0]]).set_index(CODE)
        truth = world.panel[world.panel.year == year].set_index("enterprise_id")
        shared = sheet.index.intersection(truth.index)
        told = pd.to_numeric(sheet.loc[shared, "营业收入"]) * per
        assert len(shared) > 300
        assert (told - truth.loc[shared, "revenue_cny"]).abs().max() <= per


EXPECTED = {
    "check-character": {"code-check-character"},
    "unit-slip": {"revenue-per-employee"},
    "shifted-row": {"code-missing"},
    "insured-above-employees": {"insured-above-employees"},
    "research-above-revenue": {"rd-above-revenue"},
    "balance": {"balance-does-not-add-up"},
    "lower-case-code": {"code-repaired"},
    "full-width-digits": {"value-repaired"},
    "about": {"value-band"},
    "duplicated-row": {"row-repeated"},
    "person-column": {"column-of-persons"},
    "no-unit": {"unit-missing"},
}
"""The finding that intake owes for each planted fault; a statistical return is owed a refusal instead."""


@dataclass(frozen=True)
class Taken:
    """A store that has taken the district in, and what intake answered for each file."""

    store: Store
    answers: dict[str, Intake]


@pytest.fixture(scope="module")
def taken(district: District, tmp_path_factory: pytest.TempPathFactory) -> Taken:
    store = Store(Settings(home=tmp_path_factory.mktemp("home")))
    answers = {
        one.path.name: take_in(store, one.path, mapping=one.mapping, table=None, known_on=one.known_on, actor="demo")
        for one in (*district.deliveries, district.waiting)
    }
    return Taken(store, answers)


def test_every_planted_fault_is_found(district: District, taken: Taken) -> None:
    faults = pd.read_parquet(district.faults)
    assert set(faults.fault) == {*EXPECTED, "statistical-return"}
    missed = [
        (fault.file, fault.row, fault.fault)
        for fault in faults[faults.fault != "statistical-return"].itertuples()
        if not EXPECTED[fault.fault] & {f.code for f in taken.answers[fault.file].findings if f.row in (fault.row, 0)}
    ]
    assert missed == []


def test_nothing_else_is_called_a_fault(district: District, taken: Taken) -> None:
    """Errors and plausibility warnings stand only on rows that were planted: the sound rows raise no alarm."""
    faults = pd.read_parquet(district.faults)
    planted = {(fault.file, fault.row) for fault in faults.itertuples()}
    alarms = {
        (name, finding.row, finding.code)
        for name, told in taken.answers.items()
        if not told.held
        for finding in told.findings
        if finding.severity in ("error", "warning")
        and finding.row
        # a slip of a unit is seen once more when the next year's figure is held against it
        and not (finding.code == "factor-against-last-year" and float(finding.before) > float(finding.after))
    }
    assert {alarm for alarm in alarms if alarm[:2] not in planted} == set()


def test_every_row_is_accounted_for(district: District, taken: Taken) -> None:
    """Accepted, rejected and repeated rows add up to the rows of the file."""
    rows = len(raw(district.folder / "files" / "年报2021.csv", "gbk")) - 3  # two title rows and the header
    told = taken.answers["年报2021.csv"]
    assert (told.accepted + told.rejected, told.rejected) == (rows, 6)
    told = taken.answers["年报2025.csv"]
    rows = len(raw(district.folder / "files" / "年报2025.csv", "utf-8")) - 1
    assert told.accepted + told.rejected + sum(f.code == "row-repeated" for f in told.findings) == rows


def test_the_questionable_waits_and_the_forbidden_is_refused(district: District, taken: Taken) -> None:
    told = taken.answers[district.waiting.path.name]
    assert (told.held, told.batch_id) == (True, None)
    with pytest.raises(Refusal, match="intake-statistical-return"):
        take_in(taken.store, district.forbidden.path, mapping=None, table=None, known_on=district.as_of, actor="demo")


def test_what_comes_back_in_yuan_is_what_was(district: District, taken: Taken) -> None:
    """Through five encodings, three units and a workbook: the world's figures to half of the last place (1 千元)."""
    world = simulate(SEED, 600, 6)
    faults = pd.read_parquet(district.faults)
    stored = taken.store.read("reports")
    stored = stored[(stored.period_months == 12) & ~stored.enterprise_id.isin(faults.enterprise_id)]
    stored = stored.sort_values("known_on").drop_duplicates(["enterprise_id", "period_end"], keep="last")
    truth = world.panel.assign(period_end=[date(year, 12, 31) for year in world.panel.year])
    both = stored.merge(truth, on=["enterprise_id", "period_end"], suffixes=("", "_true"))
    assert len(both) > 2000
    assert set(both.year) == set(world.years)
    for field in ("revenue_cny", "total_assets_cny", "rd_expense_cny"):
        assert (both[field] - both[f"{field}_true"]).abs().max() <= 500
    assert (both.employees == both.employees_true).all()


def test_corrections_and_late_reports_come_later(taken: Taken) -> None:
    reports = taken.store.read("reports")
    closed = reports[reports.period_months == 12]
    known = closed.groupby(closed.period_end)["known_on"].agg(set)
    assert known[date(2022, 12, 31)] == {date(2023, 5, 31)}
    assert known[date(2023, 12, 31)] == {date(2024, 5, 31), date(2024, 11, 15)}
    assert known[date(2024, 12, 31)] == {date(2025, 5, 31), date(2025, 10, 20)}


def test_a_listing_and_its_repair_may_stand_in_one_file(district: District, tmp_path: Path) -> None:
    """The same fact told again on a later day is a correction; both rows used to be rejected as a contradiction."""
    repairs = raw(district.folder / "files" / "信用修复.csv", "gbk")[:2]
    head, repaired = repairs
    listed = [cell if name not in ("移出日期", "获悉日期") else "" for name, cell in zip(head, repaired, strict=True)]
    listed[head.index("获悉日期")] = repaired[head.index("列入日期")]
    path = tmp_path / "信用.csv"
    path.write_text("".join(",".join(row) + "\n" for row in (head, listed, repaired)), encoding="utf-8")
    store = Store(Settings(home=tmp_path / "home"))
    mapping = district.folder / "mappings" / "信用修复.yaml"
    told = take_in(store, path, mapping=mapping, table=None, known_on=None, actor="demo")
    assert (told.accepted, told.rejected) == (2, 0)


def test_a_home_says_that_it_is_a_demonstration(tmp_path: Path) -> None:
    store = Store(Settings(home=tmp_path))
    assert not is_demo(store)
    mark_demo(store, seed=SEED)
    assert is_demo(store)
