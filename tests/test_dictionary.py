"""The data dictionary: the generated page is in step, coverage is counted, the verb answers and writes files."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from data.accounts import Accounts
from data.settings import PROJECT, Settings
from data.store import Source, Store
from features.catalog import Catalogue, built_in, catalogue
from features.dictionary import dictionary, markdown
from features.matrix import build_matrix
from scoring.cli.app import run

PAGE = PROJECT / "features" / "DICTIONARY.md"


def test_the_page_is_in_step_with_the_definitions() -> None:
    assert PAGE.read_text(encoding="utf-8") == markdown(dictionary(Catalogue(built_in()))), (
        "run: mulu features --to features/DICTIONARY.md"
    )


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Four enterprises with revenues of 1, 2, 3 and 4 million yuan, of which three tell their employees."""
    store = Store(Settings(home=tmp_path))
    figures = {
        "enterprise_id": list("abcd"),
        "period_end": date(2019, 12, 31),
        "period_months": 12.0,
        "revenue_cny": [1e6, 2e6, 3e6, 4e6],
        "employees": [10.0, 10.0, None, 40.0],
    }
    digest = hashlib.sha256(b"reports").hexdigest()
    store.add(Source("reports.csv", digest, "tester"), {"reports": pd.DataFrame(figures)}, date(2020, 4, 1))
    monkeypatch.setenv("MULU_HOME", str(tmp_path))
    return tmp_path


def test_coverage_and_quantiles_are_of_the_present_data(home: Path) -> None:
    store = Store(Settings(home=home))
    part = catalogue(store).select(names=["revenue_place", "employees_log", "rd_intensity", "region"])
    listed = dictionary(part, build_matrix(store, date(2020, 6, 30), part)).set_index("name")
    assert listed["coverage"].to_dict() == {
        "revenue_place": 1.0, "employees_log": 0.75, "rd_intensity": 0.0, "region": 0.0,
    }  # fmt: skip
    # ranks of four are 0, 1/3, 2/3, 1: the median lies half-way between 1/3 and 2/3
    assert listed.loc["revenue_place", "median"] == pytest.approx(0.5)
    assert listed.loc["rd_intensity", ["p05", "median", "p95"]].isna().all()


def test_every_form_of_the_dictionary_tells_everything_of_a_feature(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Names, unit, factor, direction, missing rule, restriction, source, and what the data hold."""
    assert run(["features", "tax_paid_log", "revenue_place", "--as-of", "2020-06-30"]) == 0
    told = capsys.readouterr().out
    for word in (
        "纳税总额(对数)",
        "Tax paid (log)",
        "log CNY",
        "contribution",
        "fair_competition",
        "mulu",
        "0.05 / 0.5",
    ):
        assert word in told
    page = home / "page.md"
    assert run(["features", "--as-of", "2020-06-30", "--to", str(page)]) == 0
    rows = {
        line.split("`")[1]: line.split(" | ")
        for line in page.read_text(encoding="utf-8").splitlines()
        if "`" in line[:3]
    }
    # of ranks 0, 1/3, 2/3, 1 the 5 % quantile lies at 0.15 of the first step, the 95 % quantile at 0.85 of the last
    assert rows["revenue_place"][4:11] == ["+", "unknown", "mulu", "100%", "0.05", "0.5", "0.95"]
    assert rows["tax_paid_log"][0] == "| `tax_paid_log`†"
    assert rows["tax_paid_log"][7:11] == ["0%", "", "", ""]


def test_the_verb_answers_in_text_and_json(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["features", "--factor", "talent", "--as-of", "2020-06-30"]) == 0
    told = capsys.readouterr().out
    assert "rd_staff_share" in told
    assert "revenue_log" not in told
    assert run(["features", "employees_log", "--as-of", "2020-06-30", "--format", "json"]) == 0
    value = json.loads(capsys.readouterr().out)
    assert value["features"][0]["coverage"] == 0.75
    assert value["key_industries_signed_by"] is None


def test_a_person_in_the_chair_signs_the_table_of_key_industries(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(Settings(home=home))
    before = catalogue(store).fingerprint
    accounts = Accounts(store.engine)
    for name, role in (("chair", "chair"), ("analyst", "analyst")):
        accounts.add(name, name, role, actor="tester", password="long-enough-1")
    assert run(["key-industries", "show", "--format", "json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["signed_by"], {one["industry"] for one in shown["codes"]} >= {"aviation_services"}) == (None, True)
    assert run(["key-industries", "sign", "--as", "chair"]) == 1  # no password, no signature
    monkeypatch.setenv("MULU_PASSWORD", "long-enough-1")
    assert run(["key-industries", "sign", "--as", "analyst"]) == 1
    assert store.ledger.replay(kind="denied")[-1].payload["verb"] == "sign_industries"
    capsys.readouterr()
    assert run(["key-industries", "sign", "--as", "chair", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["signed_by"] == "chair"
    event = store.ledger.replay(kind="key_industries_signed")[-1]
    assert (event.actor, event.payload["digest"], event.payload["role"]) == ("chair", shown["digest"], "chair")
    assert catalogue(store).fingerprint == before
    shipped = PROJECT / "data" / "reference" / "key_industries.yaml"
    (home / "key_industries.yaml").write_text(shipped.read_text(encoding="utf-8") + "\n# edited\n", encoding="utf-8")
    assert run(["features", "employees_log", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["key_industries_signed_by"] is None
    assert catalogue(store).fingerprint != before
    (home / "key_industries.yaml").write_text("industries: {}", encoding="utf-8")
    assert run(["features"]) == 1
    assert "key_industries.yaml" in capsys.readouterr().err


@pytest.mark.parametrize("ending", ["xlsx", "csv", "json", "md"])
def test_the_dictionary_is_written_as_a_file(home: Path, ending: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = home / f"dictionary.{ending}"
    assert run(["features", "--to", str(path)]) == 0
    capsys.readouterr()
    count = len(built_in())
    if ending == "xlsx":
        assert openpyxl.load_workbook(path).active.max_row == count + 1
    elif ending == "csv":
        assert len(pd.read_csv(path)) == count
    elif ending == "json":
        assert len(json.loads(path.read_text(encoding="utf-8"))) == count
    else:
        told = path.read_text(encoding="utf-8")
        assert all(f"`{one.name}`" in told for one in built_in())


def test_wrong_requests_are_refused_with_their_cure(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, cure in (
        (["features", "revenue_cagr"], "revenue_cagr_3y"),
        (["features", "--to", str(home / "dictionary.doc")], ".xlsx"),
        (["features", "--to", str(home / "nowhere" / "dictionary.md")], "nowhere"),
        (["features", "--factor", "fame"], "talent"),
    ):
        assert run(arguments) == 1
        assert cure in capsys.readouterr().err
