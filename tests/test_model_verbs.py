"""`mulu models`: cards in both languages, versions side by side, two people who sign in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.accounts import Accounts
from data.migrations import connect
from data.settings import Settings
from models import artifacts
from models.calibration import Calibration
from models.classifier import Recipe, fit_single
from models.drift import profile
from models.fitted import Bag
from models.registry import Record, Registry
from scoring.cli.app import run
from scoring.messages import say
from scoring.publishing.model_card import CardWords, markdown, page

FIGURE = {"value": 0.8, "low": 0.75, "high": 0.85}


def report(area: float = 0.8, target: str = "listing") -> dict[str, object]:
    """A report as training writes it, small."""
    group = {
        "slice": "size_class", "value": "micro", "rows": 10, "positives": 1, "base_rate": 0.1, "roc_auc": None,
        "roc_auc_low": None, "roc_auc_high": None, "average_precision": None, "capture_10": None,
    }  # fmt: skip
    return {
        "target": target, "verdict": "strong", "rows": 100, "enterprises": 50, "positives": 40,
        "dates": ["2021-05-01", "2022-05-01"], "validation": "temporal", "group_by": "enterprise_id",
        "data_digest": "d" * 64, "catalogue_fingerprint": "c" * 64, "candidate": "trees", "features": ["a", "b"],
        "metrics": {"roc_auc": {**FIGURE, "value": area}, "precision_50": FIGURE, "brier": {**FIGURE, "low": None}},
        "by_group": [group], "notes": [{"code": "model-note-one-date", "values": {"group": "region"}}],
        "baselines": {"single": {"roc_auc": FIGURE, "gain": FIGURE, "features": ["a"]}},
        "judgement": {"baseline": "single", "only_size": False, "reasons": [], "numbers": []},
        "stability": {"k": 10, "single": 0.7, "bag": 0.9, "refits": 3, "refit_members": 5, "core": 8, "borderline": 5},
        "importance": [
            {"feature": "a", "average": 0.5, "at_line": 0.4}, {"feature": "b|c", "average": 0.25, "at_line": 0.5},
        ],
        "described": {
            "a": {"zh": "甲<b>", "en": "A<b>", "factor": "growth", "direction": 1},
            "b|c": {"zh": "乙", "en": "B", "factor": "growth", "direction": 0},
        },
        "beside": {"edition": "changning-2026", "digest": "e", "tracks": {"t": {"zh": "类别甲", "en": "Track A"}}},
        "follow": {"roc_auc_unseen": FIGURE}, "entrants": None, "bag": 3, "seed": 1, "versions": {"lightgbm": "4.7"},
        "restricted_left_out": ["tax"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ["Intended use", "Strong signal", "ROC-AUC", "persons"]), ("zh-CN", ["用途", "信号强", "个人", "微型"])],
)
def test_the_card_speaks_both_languages(language: str, words: list[str]) -> None:
    text = markdown(report(), 3, language)
    assert all(word in text for word in words)
    assert "0.750–0.850" in text
    html = page(report(), 3, language, {"plan": "<svg>1</svg>", "reliability": "<svg>2</svg>"})
    assert "A&lt;b&gt;" in html or "甲&lt;b&gt;" in html
    assert "<b>" not in html
    assert html.count("<h2>") == 10
    assert html.count("<figure><svg>") == html.count("<figcaption>") == 2
    for told in (text, html):
        assert "0.750" in told  # both features belong to growth: .5 + .25 on average, .9 at the line
        assert "0.900" in told
    assert re.search(r"Growth|成长", text)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Among enterprises of the same size its ROC-AUC is 0.800 (95% interval 0.750–0.850)."),
        ("zh-CN", "在同规模企业之间，ROC-AUC 为 0.800（95% 区间 0.750–0.850）。"),
    ],
)
def test_the_verdict_says_how_it_ranks_within_a_size_or_that_nobody_looked(language: str, words: str) -> None:
    told = report()
    assert isinstance(told["judgement"], dict)
    unknown = CardWords(told, language).verdict()
    assert words not in unknown
    assert say("model-within-size-unknown", language) in unknown
    told["judgement"]["numbers"] = [{"what": "roc_auc", **FIGURE}, {"what": "within_size", **FIGURE}]
    known = CardWords(told, language).verdict()
    assert words in known
    assert say("model-within-size-unknown", language) not in known
    assert words in markdown(told, 3, language)


@pytest.fixture
def mulu(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """A home with two versions and two people; a function that runs a command line."""
    monkeypatch.setenv("MULU_HOME", str(tmp_path))
    monkeypatch.setenv("MULU_LANGUAGE", "en")
    monkeypatch.setenv("MULU_PASSWORD", "correct horse battery staple 1")
    settings = Settings(home=tmp_path)
    registry = Registry(settings)
    generator = np.random.default_rng(0)
    features = pd.DataFrame(generator.normal(size=(200, 2)), columns=["a", "b"])
    trees = fit_single(features, (features.a > 0).astype(float).to_numpy(), Recipe(trees=5), 1)
    for area in (0.7, 0.8):
        files = artifacts.pack(
            target="listing", meanings={"a": "c"}, verdict="strong", base_log_odds=0.0, bag=Bag(trees),
            calibration=Calibration("platt", (1.0,), (0.0,)), report=report(area),
            attachments={
                "plan.svg": "<svg></svg>", "reliability.svg": "<svg></svg>",
                "profile.json": json.dumps(profile(features)),
            },
        )  # fmt: skip
        registry.save("listing", files, Record({}, {}, {}), "ana")
    accounts = Accounts(connect(settings.database_url))
    for name, role in (("ana", "analyst"), ("chris", "chair"), ("audrey", "auditor")):
        accounts.add(name, name, role, "correct horse battery staple 1", actor="test")

    def call(*words: str) -> tuple[int, str, str]:
        status = run(["models", *words])
        told = capsys.readouterr()
        return status, told.out, told.err

    return call


def test_two_people_put_a_version_into_office(mulu: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    assert mulu("propose", "listing", "1", "--reason", "the first", "--as", "ana")[0] == 0
    status, _, told = mulu("promote", "listing", "1", "--as", "ana")
    assert status == 1
    assert "two people" in told
    status, _, told = mulu("promote", "listing", "1", "--as", "audrey")
    assert status == 1
    assert "auditor" in told
    assert mulu("promote", "listing", "1", "--as", "chris")[0] == 0
    status, shown, _ = mulu("list", "--format", "json")
    assert [(row["version"], row["champion"]) for row in json.loads(shown)] == [(1, True), (2, False)]
    _, shown, _ = mulu("compare", "listing", "2")
    assert "0.700 (0.750–0.850)" in shown
    assert "0.800 (0.750–0.850)" in shown
    assert shown.splitlines()[1].split() == ["Verdict", "strong", "strong"]
    assert re.search("Candidate +small trees +small trees\n", shown)
    assert "not directly comparable" not in shown  # both were tested on the same data
    status, shown, _ = mulu("show", "listing", "1")
    assert status == 0
    assert re.search("proposed .*ana.*the first", shown)
    assert re.search("promoted .*chris", shown)
    assert "the ledger never had such facts" in shown
    assert mulu("rollback", "listing", "--reason", "worse", "--as", "ana")[0] == 1  # nobody was in office before
    card = tmp_path / "card.html"
    assert mulu("card", "listing", "2", "--out", str(card))[0] == 0
    assert card.read_text(encoding="utf-8").count("<svg>") == 2


def test_how_a_model_weighs_its_features(mulu: Callable[..., tuple[int, str, str]]) -> None:
    status, shown, _ = mulu("explain", "listing", "2", "--format", "json")
    told = json.loads(shown)
    assert status == 0
    assert [row["feature"] for row in told["features"]] == ["a", "b|c"]
    assert told["factors"] == [{"factor": "growth", "average": 0.75, "at_line": pytest.approx(0.9)}]
    assert "0.750" in mulu("explain", "listing", "2")[1]
    assert mulu("explain", "growth", "1")[0] == 1


def test_nothing_registered_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MULU_HOME", str(tmp_path))
    monkeypatch.setenv("MULU_LANGUAGE", "en")
    assert run(["models", "list"]) == 0
    assert "mulu train" in capsys.readouterr().out
    assert run(["models", "drift", "growth"]) == 1
    assert "no model for growth" in capsys.readouterr().err
