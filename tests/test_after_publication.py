"""After publication: objections with their day, who has to answer them, and members that are suspended or left."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from dashboard import jobs
from dashboard.views import enterprise, overview
from data.settings import Settings
from scoring.committee.evidence import keep_evidence
from scoring.committee.membership import Membership
from scoring.committee.objections import Objections
from scoring.committee.review import Review
from scoring.publishing.publication import publish
from tests.district_home import Home
from tests.page_texts import Open, person, review_of, store_of, words

LATER = date.today() + timedelta(days=30)


@pytest.fixture
def published(here: Home) -> Review:
    review, chair = review_of(here), person(here, "主任")
    kept = keep_evidence(review.settings, "r.pdf", b"%PDF-1.7 review")
    review.attach_record(chair, kept, reference="7", concluded_on=date.today())
    digest = review.freeze(chair)
    for name in ("主任", "委员乙"):
        review.sign(person(here, name), digest)
    publish(review, chair, language="zh-CN")
    return review


def test_an_objection_waits_for_who_answers_with_its_day_and_its_evidence(
    opened: Open, here: Home, published: Review
) -> None:
    chair, until = person(here, "主任"), date.today() + timedelta(days=5)
    service = Objections(store_of(here), published.settings, here.round_id)
    kept = keep_evidence(published.settings, "更正说明.txt", "参保人数有误。".encode())
    service.receive(
        chair, here.members[0], ground="data_wrong", text="参保人数与社保记录不符。", reference="异2026-1",
        evidence=[kept], answer_by=until,
    )  # fmt: skip
    assert "1 项异议待答复" in [one.label for one in opened("overview", "主任").button]
    assert "1 项异议待答复" not in [one.label for one in opened("overview").button]
    shown = words(opened("publish", "主任"))
    assert "证明材料：更正说明" in shown
    assert until.isoformat() in shown


def test_a_suspended_member_is_marked_on_its_page(
    opened: Open, here: Home, published: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = Settings(home=here.path, today=LATER)
    key = here.members[0]
    Membership(store_of(here), later).suspend(person(here, "主任"), key, from_day=LATER, text="列入经营异常，核实中。")
    for page in (enterprise, overview):
        monkeypatch.setattr(page, "settings", lambda: later)
    assert "目录资格已暂停" in words(opened("enterprise", id=key))
    assert "目录资格已暂停" not in words(opened("enterprise", id=here.members[1]))


def test_a_second_training_is_refused_while_one_runs(opened: Open, here: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "found", lambda name: jobs.Job(name))
    app = opened("model", "分析员")
    next(one for one in app.button if one.label == "开始训练").click().run()
    assert "已有一次训练在进行" in words(app)
