"""The targets: what came after a date, why a label is missing, and that nothing of the label was known before."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.refusal import Refusal
from data.settings import Settings
from data.store import Source, Store
from features.labels import LabelOptions, build_labels, label_dates

AS_OF = date(2018, 6, 30)


def batch(store: Store, tables: dict[str, list[dict]], known_on: date) -> str:
    digest = hashlib.sha256(json.dumps([tables, known_on], default=str).encode()).hexdigest()
    frames = {name: pd.DataFrame(rows) for name, rows in tables.items()}
    return store.add(Source("test", digest, "tester"), frames, known_on)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(Settings(home=tmp_path))


def years(store: Store, **revenues: dict[int, float]) -> None:
    """Annual revenues (万元) known on 30 April of the next year."""
    for year in sorted({year for known in revenues.values() for year in known}):
        rows = [
            {
                "enterprise_id": name,
                "period_end": date(year, 12, 31),
                "period_months": 12.0,
                "revenue_cny": known[year] * 1e4,
            }
            for name, known in revenues.items()
            if year in known
        ]
        batch(store, {"reports": rows}, date(year + 1, 4, 30))


def labels_by_name(store: Store, target: str, as_of: date = AS_OF, **options: object) -> pd.DataFrame:
    return build_labels(store, target, [as_of], LabelOptions(**options)).set_index("enterprise_id")  # type: ignore[arg-type]


def test_growth_is_an_annualised_rate_over_the_horizon(store: Store) -> None:
    # 20 % a year over two years is a factor of 1.44
    years(store, fast={2017: 100, 2019: 144}, slow={2017: 100, 2019: 143.9}, tiny={2017: 9, 2019: 90})
    labels = labels_by_name(store, "growth")
    assert labels["label"].tolist()[:2] == [1.0, 0.0]
    assert labels.loc["tiny", "reason"] == "base-too-small"
    assert labels.loc["fast", "known_on"] == date(2020, 4, 30)
    assert labels_by_name(store, "growth", smallest_money_cny=0.0).loc["tiny", "label"] == 1.0


def test_absent_later_years_say_why(store: Store) -> None:
    years(store, there={2017: 100, 2019: 200}, silent={2017: 100}, gone={2017: 100}, late={2015: 100, 2019: 500})
    registered = [{"enterprise_id": "gone", "status": "注销"}, {"enterprise_id": "new", "status": "存续"}]
    batch(store, {"enterprises": registered[:1]}, date(2019, 1, 1))
    batch(store, {"enterprises": registered[1:]}, date(2018, 1, 1))
    reasons = labels_by_name(store, "growth")["reason"].to_dict()
    assert reasons == {
        "gone": "closed",
        "late": "window-touches-date",  # two years after 2015 is 2017, which ended before the date
        "new": "base-missing",
        "silent": "later-year-missing",
        "there": "labelled",
    }
    assert set(labels_by_name(store, "growth", date(2020, 6, 30))["reason"]) >= {"horizon-open"}


def test_any_measure_may_carry_growth_and_one_unknown_measure_leaves_it_open(store: Store) -> None:
    def report(name: str, year: int, revenue: float | None, employees: float | None) -> dict:
        end = date(year, 12, 31)
        figures = {"revenue_cny": revenue, "employees": employees}
        return {"enterprise_id": name, "period_end": end, "period_months": 12.0, **figures}

    batch(store, {"reports": [report("heads", 2017, 1e6, 10.0), report("open", 2017, 1e6, 10.0)]}, date(2018, 4, 30))
    batch(store, {"reports": [report("heads", 2019, 1e6, 15.0), report("open", 2019, 1e6, None)]}, date(2020, 4, 30))
    labels = labels_by_name(store, "growth")
    assert labels.loc["heads", "label"] == 1.0
    assert labels.loc["open", "reason"] == "later-year-missing"
    assert labels_by_name(store, "growth", measures=("revenue_cny",)).loc["open", "label"] == 0.0


def test_a_label_uses_the_latest_correction_and_says_since_when(store: Store) -> None:
    years(store, a={2017: 100, 2019: 100})
    row = {"enterprise_id": "a", "period_end": date(2019, 12, 31), "period_months": 12.0, "revenue_cny": 2e6}
    batch(store, {"reports": [row]}, date(2020, 9, 1))
    found = labels_by_name(store, "growth").loc["a"]
    assert (found.label, found.known_on) == (1.0, date(2020, 9, 1))


def test_nothing_of_a_label_was_known_at_its_date(store: Store) -> None:
    years(
        store, **{f"e{n}": {year: 100.0 * (1 + n % 3) ** (year - 2014) for year in range(2014, 2021)} for n in range(9)}
    )
    dates = label_dates(store, "growth")
    # reports of a year are known on 30 April of the next; two later years must exist: 2014 to 2018
    assert dates == [date(year + 1, 4, 30) for year in range(2014, 2019)]
    labels = build_labels(store, "growth", dates).dropna(subset=["label"])
    assert len(labels) == 45
    assert (labels["known_on"] > labels["as_of"]).all()


def test_closure_is_an_outcome_of_its_own(store: Store) -> None:
    alive = {"enterprise_id": "alive", "status": "存续"}
    for name, closed_on in (("early", date(2018, 1, 1)), ("within", date(2019, 5, 1)), ("later", date(2021, 1, 1))):
        batch(store, {"enterprises": [{"enterprise_id": name, "status": "存续"}]}, date(2017, 1, 1))
        batch(store, {"enterprises": [{"enterprise_id": name, "status": "注销"}]}, closed_on)
    batch(store, {"enterprises": [alive]}, date(2017, 6, 1))
    labels = labels_by_name(store, "closure")
    assert labels["label"].to_dict() == pytest.approx(
        {"alive": 0.0, "early": np.nan, "later": 0.0, "within": 1.0}, nan_ok=True
    )
    assert labels.loc["within", "known_on"] == date(2019, 5, 1)
    assert set(labels_by_name(store, "closure", date(2020, 6, 30))["reason"]) == {"closed", "horizon-open"}


def test_a_merged_enterprise_neither_grew_nor_closed(store: Store) -> None:
    """光明 is taken over by 东方; 甲子公司 belonged to 东方 from the start and closes; 丙 says so in its status."""
    figures = {2017: 100}
    years(store, 东方={2017: 100, 2019: 250}, 光明=figures, 甲子公司=figures, 丙=figures)
    registered = [
        {"enterprise_id": "东方", "status": "存续", "group_id": None},
        {"enterprise_id": "光明", "status": "存续", "group_id": None},
        {"enterprise_id": "甲子公司", "status": "存续", "group_id": "东方"},
        {"enterprise_id": "丙", "status": "存续", "group_id": None},
    ]
    batch(store, {"enterprises": registered}, date(2017, 6, 1))
    gone = [
        {"enterprise_id": "光明", "status": "注销", "group_id": "东方"},
        {"enterprise_id": "甲子公司", "status": "注销", "group_id": "东方"},
        {"enterprise_id": "丙", "status": "因吸收合并注销", "group_id": None},
    ]
    batch(store, {"enterprises": gone}, date(2019, 1, 1))
    # the successor's growth is its own: its reports hold the joint figures, 250 / 100 over two years
    assert labels_by_name(store, "growth")["reason"].to_dict() == {
        "东方": "labelled", "光明": "merged", "甲子公司": "closed", "丙": "merged",
    }  # fmt: skip
    batch(store, {"enterprises": registered[:1]}, date(2020, 12, 1))  # so that the horizon has passed
    closure = labels_by_name(store, "closure")
    assert closure["reason"].to_dict() == {
        "东方": "labelled", "光明": "merged", "甲子公司": "labelled", "丙": "merged",
    }  # fmt: skip
    assert closure.loc["甲子公司", "label"] == 1.0
    assert closure.loc[["光明", "丙"], "label"].isna().all()


def test_listing_takes_the_next_edition_and_not_reviewed_is_unlabelled(store: Store) -> None:
    def decision(name: str, year: int, said: str, decided: date | None = None) -> dict:
        fields = {"edition": str(year), "as_of": date(year, 6, 30), "decision": said, "decided_on": decided}
        return {"enterprise_id": name, **fields}

    rows = [
        decision("yes", 2018, "listed", date(2018, 9, 1)),
        decision("no", 2018, "declined", date(2018, 9, 1)),
        decision("out", 2018, "removed", date(2018, 9, 1)),
        decision("unseen", 2018, "not_reviewed", date(2018, 9, 1)),
        decision("old", 2016, "listed", date(2016, 9, 1)),
        decision("yes", 2019, "declined", date(2019, 9, 1)),
        decision("leak", 2018, "listed", date(2018, 6, 1)),
    ]
    batch(store, {"directory_decisions": rows}, date(2019, 10, 1))
    labels = labels_by_name(store, "listing")
    assert labels["reason"].to_dict() == {
        "leak": "decided-before-date",
        "no": "labelled",
        "old": "no-decision",
        "out": "labelled",
        "unseen": "not-reviewed",
        "yes": "labelled",
    }
    assert labels.loc[["no", "out", "yes"], "label"].tolist() == [0.0, 0.0, 1.0]
    assert labels.loc["yes", "known_on"] == date(2018, 9, 1)
    # a date between editions looks to the next one
    assert labels_by_name(store, "listing", date(2018, 7, 15)).loc["yes", "label"] == 0.0
    assert label_dates(store, "listing") == [date(2016, 6, 30), date(2018, 6, 30), date(2019, 6, 30)]


def test_imported_outcomes_are_taken_as_they_are(store: Store) -> None:
    rows = [
        {"enterprise_id": name, "target": "fast", "as_of": AS_OF, "value": value}
        for name, value in (("a", 1.0), ("b", 0.0), ("c", None))
    ]
    batch(store, {"outcomes": rows}, date(2019, 1, 1))
    labels = labels_by_name(store, "outcome:fast")
    assert labels["label"].tolist() == pytest.approx([1.0, 0.0, np.nan], nan_ok=True)
    assert labels["reason"].tolist() == ["labelled", "labelled", "not-reviewed"]
    assert label_dates(store, "outcome:fast") == [AS_OF]


@pytest.mark.parametrize("target", ["fame", "outcome:fame"])
def test_unknown_targets_are_refused_with_those_that_exist(store: Store, target: str) -> None:
    with pytest.raises(Refusal) as refusal:
        build_labels(store, target, [AS_OF])
    assert refusal.value.values["known"] == ["growth", "closure", "listing"]


def test_no_dates_and_no_facts_give_no_labels(store: Store) -> None:
    assert build_labels(store, "growth", []).columns.tolist() == [
        "enterprise_id",
        "as_of",
        "label",
        "reason",
        "known_on",
    ]
    assert build_labels(store, "growth", [AS_OF]).empty
    assert label_dates(store, "growth") == []
