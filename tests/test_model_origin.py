"""From a score back to the model, its facts, its code and its people: every step by a command."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from data.refusal import Refusal
from data.settings import Settings
from data.store import Source, Store
from models import promotion, provenance
from models.origin import facts_of, named, origin
from models.registry import Registry
from scoring.cli.app import run
from tests.test_training import fill, quick


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, Settings]:
    """A store with one batch, a model taught on it, and two people who put it into office."""
    store, settings = fill(tmp_path_factory.mktemp("home"))
    registry = Registry(settings)
    quick(store, settings)
    promotion.propose(registry, "listing", 1, "ana", "the first that was tested")
    promotion.confirm(registry, "listing", 1, "ben")
    return store, settings


def more(store: Store, number: int) -> str:
    frame = pd.DataFrame({"enterprise_id": ["E0001"], "name": [f"name {number}"], "known_on": date(2023, 5, number)})
    return store.add(Source(f"more {number}", str(number).ljust(64, "0"), "test"), {"enterprises": frame})


def test_a_score_leads_back_to_model_facts_code_and_people(
    office: tuple[Store, Settings], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    store, settings = office
    monkeypatch.setenv("MULU_HOME", str(settings.home))
    monkeypatch.setenv("MULU_LANGUAGE", "en")

    def does(*words: str) -> str:
        status = run([*words])
        told = capsys.readouterr()
        assert status == 0, told.err
        return told.out

    ranked = json.loads(does("rank", "--edition", "generic", "--as-of", "2023-05-01", "--format", "json"))
    before = more(store, 1)
    score = json.loads(does("explain", "E0001", "--ranking", ranked["digest"][:10], "--format", "json"))
    assert score["models"] == {"listing": {"target": "listing", "version": 1}}
    assert "mulu models show listing 1" in does("explain", "E0001")

    shown = json.loads(does("models", "show", "listing", "1", "--format", "json"))
    assert shown["digest"] == score["sources"]["listing"]
    assert shown["data_digest"] == score["sources"]["store"]
    assert [one["source"] for one in shown["batches"]] == ["made"]  # not the batch that came afterwards
    assert shown["data_is_todays"] is False
    assert shown["code_revision"] == provenance.revision()
    assert shown["registered"]["actor"] == "ana"
    assert [(one["kind"], one["actor"]) for one in shown["terms"]] == [
        ("model_proposed", "ana"),
        ("model_promoted", "ben"),
    ]
    assert [one["subject"] for one in shown["rankings"]] == [f"ranking:{ranked['digest']}"]
    assert shown["report"]["metrics"]["roc_auc"]["low"] > 0.5
    events = {event.seq: event for event in store.ledger.replay()}
    for one in (shown["registered"], *shown["batches"], *shown["terms"], *shown["rankings"]):
        assert events[one["seq"]].digest == one["ledger_digest"]

    words = does("models", "show", "listing")
    for told in (shown["digest"], shown["data_digest"], shown["code_revision"], "the first that was tested", "made"):
        assert told in words
    assert "today's facts are others" in words
    store.withdraw(before, "test", "only for this test")
    assert "today's facts are the same" in does("models", "show", "listing")
    assert shown["code_revision"][:12] in does("models", "card", "listing", "1")
    monkeypatch.setenv("MULU_LANGUAGE", "zh-CN")
    assert "与现在的数据相同" in does("models", "show", "listing")


def test_the_facts_of_a_digest_are_told_from_the_ledger(tmp_path: Path) -> None:
    store = Store(Settings(home=tmp_path))
    states = [(store.digest(), [])]
    held: list[str] = []
    for number in (1, 2, 3):
        held.append(more(store, number))
        states.append((store.digest(), list(held)))
    store.withdraw(held.pop(0), "test", "wrong")
    states.append((store.digest(), list(held)))
    for digest, batches in states:
        found = facts_of(store.ledger, digest)
        assert found is not None
        assert [event.subject for event in found] == [f"batch:{one}" for one in batches]
    assert facts_of(store.ledger, "0" * 64) is None


def test_what_was_never_registered_or_was_changed_has_no_origin(office: tuple[Store, Settings]) -> None:
    _, settings = office
    registry = Registry(settings)
    with pytest.raises(Refusal, match="model-version-unknown"):
        origin(registry, "listing", 7)
    with pytest.raises(Refusal, match="model-none"):
        origin(registry, "growth")
    digest = origin(registry, "listing").digest
    assert named(registry.ledger, digest) == ("listing", 1)
    assert named(registry.ledger, "0" * 64) is None
    (changed,) = settings.mlruns.glob("artifacts/*/artifacts/model/report.json")
    content = changed.read_bytes()
    changed.write_bytes(content.replace(b"strong", b"strung", 1))
    try:
        with pytest.raises(Refusal, match="model-files-changed"):
            origin(registry, "listing")
    finally:
        changed.write_bytes(content)
