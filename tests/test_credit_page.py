"""What a listing suggests about a member of the published list, as the pages show it and the chair decides it."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from data.accounts import Accounts
from data.settings import Settings
from data.store import Source, Store
from scoring.committee.evidence import keep_evidence
from scoring.committee.membership import members_on
from scoring.committee.review import Review
from scoring.publishing.publication import publish
from tests.district_home import AS_OF, Home
from tests.page_texts import Open, opening, words

TODAY = date(2026, 12, 6)


def listing(store: Store, key: str, listed_on: date, known_on: date, removed_on: date | None = None) -> None:
    """A listing of abnormal operation, as the store holds it after a file was taken in."""
    row = pd.DataFrame(
        {"enterprise_id": [key], "kind": ["经营异常名录"], "listed_on": [listed_on], "removed_on": [removed_on],
         "authority": ["区市场监管局"]}
    )  # fmt: skip
    name = f"{key}-{known_on}.csv"
    store.add(Source(name, f"{key}{known_on}".ljust(64, "0"), "tests"), {"integrity_events": row}, known_on)


@pytest.fixture
def store(home: Home) -> Store:
    """A home whose list is published and in force, and whose first member has been listed since."""
    settings = Settings(home=home.path, today=AS_OF)
    made = Store(settings)
    people, review = Accounts(made.engine), Review(made, settings, home.round_id)
    chair = people.find("主任")
    digest = review.freeze(chair)
    for who in (chair, people.find("委员乙")):
        review.sign(who, digest)
    kept = keep_evidence(settings, "record.pdf", b"%PDF-1.7 fair competition review")
    review.attach_record(chair, kept, reference="长市监审〔2026〕7 号", concluded_on=AS_OF)
    publish(review, chair)
    listing(made, home.members[0], date(2026, 11, 30), date(2026, 12, 5))
    return made


@pytest.fixture
def opened(home: Home, store: Store, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Open a page of that home as a person, some months later."""
    for name, value in {**home.environment, "MULU_TODAY": TODAY.isoformat()}.items():
        monkeypatch.setenv(name, value)
    return opening(home, monkeypatch)


def active(store: Store) -> set[str]:
    return {one.enterprise_id for one in members_on(store, TODAY)}


def decide(app: AppTest, key: str, label: str, why: str) -> AppTest:
    app.text_area(key=f"credit_why_{key}").set_value(why)
    (button,) = [one for one in app.button if one.label == label]
    return button.click().run()


def test_a_suggested_suspension_is_carried_out_by_the_chair(opened: Open, home: Home, store: Store) -> None:
    key = home.members[0]
    assert "1 项资格建议待决定" in words(opened("overview", "主任"))
    app = opened("publish", "主任")
    assert "资格建议（1 项）" in [one.value for one in app.subheader]
    assert "经营异常名录 · 区市场监管局 · 2026-11-30 列入" in words(app)
    decide(app, key, "暂停资格", "")
    assert app.error
    assert key in active(store)
    decide(app, key, "暂停资格", "列入经营异常名录，暂停。")
    assert app.success[0].value == "已按建议处理。"
    assert not [one for one in app.subheader if one.value.startswith("资格建议")]
    assert key not in active(store)
    [event] = store.ledger.replay(f"membership:{key}")
    assert (event.actor, event.payload["text"]) == ("主任", "列入经营异常名录，暂停。")
    assert "项资格建议待决定" not in words(opened("overview", "主任"))


def test_a_suggestion_is_dismissed_with_its_reason_and_does_not_return(opened: Open, home: Home, store: Store) -> None:
    key = home.members[0]
    app = decide(opened("publish", "主任"), key, "不采纳", "地址登记有误，正在更正。")
    assert app.success[0].value == "已记录不采纳。"
    assert key in active(store)
    [event] = store.ledger.replay(f"membership:{key}")
    assert (event.kind, event.actor) == ("credit_dismissed", "主任")
    assert "资格建议" not in words(opened("publish", "主任"))
    assert "地址登记有误" in words(opened("ledger", "审计员"))


def test_a_repair_suggests_the_end_of_the_suspension(opened: Open, home: Home, store: Store) -> None:
    key = home.members[0]
    decide(opened("publish", "主任"), key, "暂停资格", "列入经营异常名录，暂停。")
    listing(store, key, date(2026, 11, 30), date(2026, 12, 6), removed_on=date(2026, 12, 6))
    app = opened("publish", "主任")
    assert "2026-12-06 移出" in words(app)
    decide(app, key, "恢复资格", "已移出经营异常名录。")
    assert app.success[0].value == "已按建议处理。"
    assert key in active(store)


@pytest.mark.parametrize("name", ["委员甲", "分析员", "审计员"])
def test_others_read_a_suggestion_and_cannot_decide_it(opened: Open, home: Home, store: Store, name: str) -> None:
    app = opened("publish", name)
    assert "2026-11-30 列入" in words(app)
    assert not [one for one in app.button if one.label in ("暂停资格", "不采纳")]
    assert "项资格建议待决定" not in words(opened("overview", name))


def test_a_press_on_a_suggestion_that_was_decided_elsewhere_is_refused(opened: Open, home: Home, store: Store) -> None:
    key = home.members[0]
    first, second = opened("publish", "主任"), opened("publish", "主任")
    decide(first, key, "不采纳", "地址登记有误，正在更正。")
    decide(second, key, "暂停资格", "列入经营异常名录，暂停。")
    assert second.error
    assert key in active(store)
    assert len(store.ledger.replay(f"membership:{key}")) == 1
