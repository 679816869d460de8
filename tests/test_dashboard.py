"""The pages as each role reads them in both languages, and what they do, without a browser."""

from __future__ import annotations

import html
import re
import shutil
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import streamlit as st_cache
from google.protobuf.text_format import MessageToString
from hypothesis import given
from hypothesis import settings as settings_of
from hypothesis import strategies as st
from streamlit.elements.lib import policies
from streamlit.proto.Progress_pb2 import Progress
from streamlit.testing.v1 import AppTest

from dashboard import figures, jobs, session
from dashboard.display import as_label, as_text
from dashboard.entrance import local_address
from dashboard.pages_of import PAGES
from dashboard.saved_view import LISTS, SORTS, View, beside, page_of, pick, searchable
from dashboard.views.model_acts import JOB
from dashboard.warming import warm
from data.accounts import Accounts
from data.settings import Settings
from data.store import Store
from scoring.committee import proposal
from scoring.committee.review import Review
from scoring.editions.policy import load_edition
from scoring.scores.ranking import rank
from scoring.selection.directory import select
from tests.district_home import AS_OF, PASSWORD, PEOPLE, Home, make_home

Open = Callable[..., AppTest]


@pytest.fixture
def here(home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home that the dashboard of this test runs on."""
    for name, value in home.environment.items():
        monkeypatch.setenv(name, value)
    return home


@pytest.fixture
def ranked_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home with a ranking and no round yet."""
    made = make_home(tmp_path / "ranked", opened=False)
    for name, value in made.environment.items():
        monkeypatch.setenv(name, value)
    return made


def store_of(home: Home) -> Store:
    return Store(Settings(home=home.path))


@pytest.fixture
def opened(here: Home, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Open a page of one's own home as a person."""
    return opening(here, monkeypatch)


def opening(here: Home, monkeypatch: pytest.MonkeyPatch) -> Open:
    """What opens a page as a person: the session cookie is the one thing a browser would add."""

    def open_page(page: str, name: str = "委员甲", language: str = "zh-CN", **query: str) -> AppTest:
        people = Accounts(store_of(here).engine)
        token = people.open_session(people.find(name)) if name else ""
        cookies = {session.SESSION_COOKIE: token, session.LANGUAGE_COOKIE: language}
        monkeypatch.setattr(session, "cookies", lambda: cookies)
        app = AppTest.from_string(f"from dashboard.shell import run\nrun({page!r})", default_timeout=60)
        for word, value in query.items():
            app.query_params[word] = value
        return app.run()

    return open_page


def words(app: AppTest) -> str:
    """Every text that the page sends, as one string."""
    return "\n".join(map(readable, _protos(app)))


def readable(proto: Any) -> str:
    """A message as text in which letters stand as they are, whether they were sent as UTF-8 or as JSON escapes."""
    text = MessageToString(proto, as_utf8=True) if hasattr(proto, "DESCRIPTOR") else str(proto)
    return re.sub(r"\\+u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)


def _protos(app: AppTest) -> list[Any]:
    found = []

    def walk(node: Any) -> None:
        for child in getattr(node, "children", {}).values():
            if hasattr(child, "proto"):
                found.append(child.proto)
            walk(child)

    walk(app._tree)
    return found


def table_rows(app: AppTest) -> str:
    return "\n".join(text for one in _protos(app) if "mulu_table" in (text := readable(one)))


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("name", [name for name, _ in PEOPLE], ids=["chair", "member", "member2", "analyst", "auditor"])
def test_every_page_opens_for_every_role_in_both_languages(
    made_home: Home, monkeypatch: pytest.MonkeyPatch, name: str, language: str
) -> None:
    for variable, value in made_home.environment.items():
        monkeypatch.setenv(variable, value)
    opened = opening(made_home, monkeypatch)
    for page in PAGES:
        query = {"id": made_home.members[0]} if page == "enterprise" else {}
        app = opened(page, name, language, **query)
        assert not app.exception, (page, app.exception)
        assert not app.error, (page, [one.value for one in app.error])
        texts = " ".join(str(one.value) for one in (*app.header, *app.subheader, *app.caption, *app.button))
        if language == "en":
            assert not re.search(r"[一-鿿]", re.sub("|".join(name for name, _ in PEOPLE), "", texts)), (page, texts)


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home with people and nothing else."""
    found = Home(tmp_path / "bare", "", "", ())
    for name, value in found.environment.items():
        monkeypatch.setenv(name, value)
    accounts = Accounts(store_of(found).engine)
    for name, role in PEOPLE:
        accounts.add(name, name, role, PASSWORD, actor="tests")
    return found


NOTHING_YET = {
    "zh-CN": {
        "data": "还没有数据。", "ledger": "还没有您可查看的记录。", "model": "还没有训练过模型",
        "": "还没有排名。请分析员先导入数据",
    },
    "en": {
        "data": "There is no data yet", "ledger": "There is nothing that you may see yet",
        "model": "No model has been trained", "": "Nothing has been ranked yet. An analyst first takes data in",
    },
}  # fmt: skip


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("page", list(PAGES))
def test_a_page_with_nothing_to_show_says_so_and_what_comes_next(
    bare: Home, monkeypatch: pytest.MonkeyPatch, page: str, language: str
) -> None:
    app = opening(bare, monkeypatch)(page, "委员甲", language)
    assert not app.exception
    assert not app.error
    told = " ".join(str(one.value) for one in (*app.info, *app.caption))
    said = NOTHING_YET[language].get(page, NOTHING_YET[language][""])
    assert said in told, told


def test_before_a_round_is_opened_pages_say_who_opens_it(ranked_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = opening(ranked_home, monkeypatch)
    for page in ("meeting", "publish", "overview", "enterprise"):
        query = {"id": ranked_home.members[0]} if page == "enterprise" else {}
        app = opened(page, **query)
        told = " ".join(str(one.value) for one in (*app.info, *app.caption))
        assert "评审尚未开始" in told, page
    overview = opened("overview", "主任")
    next(one for one in overview.button if one.label == "开启评审").click().run()
    assert not overview.error
    assert [event.actor for event in store_of(ranked_home).ledger.replay(kind="round_opened")] == ["主任"]


def test_where_the_quotas_cannot_hold_together_pages_name_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A district too small for what the edition asks of each track."""
    few = make_home(tmp_path / "few", 120, opened=False)
    for name, value in few.environment.items():
        monkeypatch.setenv(name, value)
    for page in ("overview", "ranking"):
        told = opening(few, monkeypatch)(page, "分析员").error[0].value
        assert "没有名单" in told, page
        assert re.search(r"名额 \d+", re.sub(r"[\\\u200b]", "", told)), told


@pytest.mark.parametrize("page", list(PAGES))
def test_a_ranking_that_is_gone_is_told_in_words(here: Home, monkeypatch: pytest.MonkeyPatch, page: str) -> None:
    """What does not need the ranking is still there: an auditor must be able to read the ledger now of all times."""
    shutil.rmtree(here.path / "rankings")
    st_cache.cache_resource.clear()
    app = opening(here, monkeypatch)(page, "审计员")
    assert not app.exception
    if page != "data":  # its first part speaks of files alone
        assert here.digest[:8] in re.sub(r"[\\\u200b]", "", app.error[0].value)
    if page == "ledger":
        assert "开启评审" in words(app)


@pytest.mark.parametrize("page", list(PAGES))
def test_a_page_that_fails_gives_a_number_and_no_detail(
    here: Home, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, page: str
) -> None:
    def broken() -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setitem(PAGES, page, (broken, PAGES[page][1]))
    app = opening(here, monkeypatch)(page)
    [told] = [one.value for one in app.error]
    [number] = re.findall(r"编号 ([0-9a-f]{8})", told)
    assert "secret" not in words(app)
    logged = [one for one in caplog.records if number in one.getMessage()]
    assert [one.exc_info is not None and "secret detail" in str(one.exc_info[1]) for one in logged] == [True]


def test_without_a_session_nothing_is_shown(opened: Open, here: Home) -> None:
    app = opened("ranking", name="")
    assert app.info[0].value == "会话已结束，请重新登录。"
    assert here.members[0] not in words(app)


def test_a_button_pressed_after_the_session_ended_does_nothing(opened: Open, here: Home) -> None:
    """A button's callback runs before the page asks who is there."""
    key = here.members[2]
    app = opened("enterprise", id=key)
    store = store_of(here)
    Accounts(store.engine).close_session(session.cookies()[session.SESSION_COOKIE])
    app.button_group(key=f"choice_{key}").set_value("for")
    next(one for one in app.button if one.label == "投票").click().run()
    assert store.ledger.replay(kind="voted") == []


def test_the_language_is_switched_on_the_page(opened: Open) -> None:
    app = opened("ranking")
    assert app.header[0].value == "排名"
    app.button_group(key="mulu_language_choice").set_value("en").run()
    assert app.header[0].value == "Ranking"


def test_a_session_that_was_closed_elsewhere_ends_here(opened: Open, here: Home) -> None:
    app = opened("ranking")
    assert "E0" in words(app)
    Accounts(store_of(here).engine).close_session(session.cookies()[session.SESSION_COOKIE])
    assert "E0" not in words(app.run())


def test_the_ranking_sends_one_page_of_rows(opened: Open) -> None:
    rows = table_rows(opened("ranking"))
    assert len(set(re.findall(r"E\d{5}", rows))) == 50


def test_no_field_has_its_value_set_twice(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit warns, once for each server, of a widget with a default whose value is set in the session too."""
    told: list[object] = []
    monkeypatch.setattr(policies, "_shown_default_value_warning", False)
    monkeypatch.setattr(policies._LOGGER, "warning", lambda *words, **_more: told.append(words))
    for page in PAGES:
        opened(page, "主任")
    ranking = opened("ranking", "主任", sort="score")
    next(one for one in ranking.button if one.label.startswith("到名单线")).click().run()
    assert dict(ranking.query_params)["page"] != ["1"]
    line = set(re.findall(r"E\d{5}", table_rows(ranking)))
    ranking.text_input(key="ranking_q").set_value("示例").run()
    assert "page" not in dict(ranking.query_params)  # another view starts at its first page
    assert set(re.findall(r"E\d{5}", table_rows(ranking))).isdisjoint(line)
    assert told == []


def test_search_and_filters_are_in_the_address(opened: Open) -> None:
    app = opened("ranking", q="示例00042")
    assert set(re.findall(r"E\d{5}", table_rows(app))) == {"E00042"}
    app.text_input(key="ranking_q").set_value("示例0005").run()
    assert dict(app.query_params)["q"] in ("示例0005", ["示例0005"])
    # 示例00050 to 示例00059: ten names
    assert len(set(re.findall(r"E\d{5}", table_rows(app)))) == 10


def test_a_figure_is_tried_in_the_readers_unit_and_nothing_is_saved(opened: Open, here: Home) -> None:
    app = opened("whatif")
    app.text_input(key="wi_find").set_value("示例00100").run()
    app.selectbox(key="wi_feature").set_value("rd_staff_share").run()
    [field] = [one for one in app.number_input if str(one.key).startswith("wi_value_E00100")]
    assert field.label == "假如是（%）"
    shown = next(one.value for one in app.caption if str(one.value).startswith("现在是"))
    assert f"{field.value:.1f}%" in shown  # the field holds what the sentence says
    before = len(store_of(here).ledger.replay())
    field.set_value(80.0)
    [one for one in app.button if one.label == "试算"][-1].click().run()
    assert not app.exception
    assert not app.error
    assert any("得分" in str(one.value) and "名次" in str(one.value) for one in app.markdown)
    assert len(store_of(here).ledger.replay()) == before


def test_an_override_needs_its_reason_and_stays(opened: Open, here: Home) -> None:
    key = here.members[3]
    app = opened("enterprise", id=key)
    save = next(one for one in app.button if one.label == "保存决定")
    app.button_group(key=f"kind_{key}").set_value("exclude")
    save.click().run()
    assert "理由类型" in app.error[0].value
    app.selectbox(key=f"reason_{key}").set_value("data_wrong")
    next(one for one in app.button if one.label == "保存决定").click().run()
    assert "8" in app.error[0].value  # a reason of at least eight characters
    app.text_area(key=f"why_{key}").set_value("2025 年报的人数重复计算,已向企业核实。")
    next(one for one in app.button if one.label == "保存决定").click().run()
    assert not app.error, app.error[0].value
    event = store_of(here).ledger.replay(kind="overridden")[-1]
    assert (event.actor, event.payload["enterprise_id"], event.payload["ranking_digest"]) == (
        "委员甲",
        key,
        here.digest,
    )
    assert event.payload["text"] == "2025 年报的人数重复计算,已向企业核实。"
    again = opened("enterprise", id=key)
    assert "2025 年报的人数重复计算" in words(again)


def test_after_a_vote_the_next_item_of_the_agenda_is_one_press_away(opened: Open, here: Home) -> None:
    store = store_of(here)
    review = Review(store, Settings(home=here.path), here.round_id)
    first, second, *rest = review.state(Accounts(store.engine).find("委员甲")).to_vote
    app = opened("enterprise", id=first)
    assert not [one for one in app.button if str(one.key) == "next_vote"]  # first one's own vote
    app.button_group(key=f"choice_{first}").set_value("for")
    next(one for one in app.button if one.label == "投票").click().run()
    [onward] = [one for one in app.button if str(one.key) == "next_vote"]
    assert f"还有 {len(rest) + 1} 家" in onward.label
    onward.click().run()
    assert dict(app.query_params)["id"] in (second, [second])


def test_a_decision_made_meanwhile_by_another_is_told_and_the_text_kept(opened: Open, here: Home) -> None:
    """The act carries what the page showed, not what is newest when the button arrives."""
    key = here.members[4]
    app = opened("enterprise", id=key)
    store = store_of(here)
    other = Accounts(store.engine).find("委员乙")
    review = Review(store, Settings(home=here.path), here.round_id)
    seen = review.item(key, other)
    review.override(other, key, "defer", "other", "等待环保部门的核查结果。", here.digest, seen.last_seen)
    app.button_group(key=f"kind_{key}").set_value("exclude")
    app.selectbox(key=f"reason_{key}").set_value("data_wrong")
    app.text_area(key=f"why_{key}").set_value("人数重复计算,已向企业核实。")
    next(one for one in app.button if one.label == "保存决定").click().run()
    assert "委员乙" in app.error[0].value
    assert app.text_area(key=f"why_{key}").value == "人数重复计算,已向企业核实。"
    assert len(store.ledger.replay(kind="overridden")) == 1


def test_an_act_on_a_ranking_that_was_replaced_meanwhile_is_refused(opened: Open, here: Home) -> None:
    """Between the page and its button the round goes on with another ranking: nothing lands, the text stays."""
    key = here.members[6]
    app = opened("enterprise", id=key)
    store, settings = store_of(here), Settings(home=here.path, today=AS_OF)
    newer = rank(store, settings, load_edition("changning-2026"), AS_OF - timedelta(days=1), actor="tests")
    assert newer.digest != here.digest
    chair = Accounts(store.engine).find("主任")
    Review(store, settings, here.round_id).adopt_ranking(chair, newer, select(newer, newer.edition))
    app.button_group(key=f"choice_{key}").set_value("for")
    next(one for one in app.button if one.label == "投票").click().run()
    assert here.digest[:12] in re.sub(r"[\\\u200b]", "", app.error[0].value)
    assert store.ledger.replay(kind="voted") == []


def test_a_recused_member_finds_no_trace(opened: Open, here: Home) -> None:
    key = here.members[0]
    store = store_of(here)
    people = Accounts(store.engine)
    review = Review(store, Settings(home=here.path), here.round_id)
    name = str(review.ranking(people.find("委员甲")).frame.at[key, "name"])
    review.declare_conflict(people.find("委员甲"), key, conflict_type="family")
    for page in PAGES:
        shown = words(opened(page))
        assert key not in shown, page
        assert name not in shown, page
    assert key not in table_rows(opened("ranking", q=key))
    refused = opened("enterprise", id=key)
    assert refused.error
    assert name not in words(refused)
    assert name in words(opened("ranking", "委员乙", q=key))  # so the name would have been found
    assert key in words(opened("ranking", "委员乙", q=key))


def test_a_recusal_is_confirmed_and_is_no_denied_look(opened: Open, here: Home) -> None:
    """The page closes to the person with the act; it once asked for the enterprise again and wrote down a refusal."""
    key = here.members[1]
    app = opened("enterprise", id=key)
    app.selectbox(key=f"conflict_{key}").set_value("shareholding")
    next(one for one in app.button if one.label == "申报回避").click().run()
    assert [one.value for one in app.success] == ["已回避。"]
    assert not app.error
    assert not dict(app.query_params).get("id")
    ledger = store_of(here).ledger
    assert len(ledger.replay(kind="conflict_declared")) == 1
    assert ledger.replay(kind="denied") == []


@pytest.mark.parametrize("asked", ["E99999", ""])
def test_an_enterprise_that_cannot_be_shown_leaves_a_way_on(opened: Open, here: Home, asked: str) -> None:
    app = opened("enterprise", id=asked)
    assert [asked in one.value for one in app.error] == ([True] if asked else [])
    app.text_input(key="find_words").set_value("示例00042").run()
    assert set(re.findall(r"E\d{5}", table_rows(app))) == {"E00042"}


def test_the_room_reads_whether_and_why_an_item_is_on_the_list(opened: Open, here: Home) -> None:
    review = Review(store_of(here), Settings(home=here.path), here.round_id)
    state = review.state(Accounts(store_of(here).engine).find("委员甲"))
    for key in state.agenda[:3]:
        told = words(opened("meeting", item=key))
        place = "在名单" if key in here.members else "不在名单"
        assert re.search(rf"<h3><bdi>{place}[:：].*第 [\d,]+ 名", told), key


def test_what_waits_for_a_second_person_is_not_called_decided(opened: Open, here: Home) -> None:
    """An exclusion crosses the line: until another agrees the list stands, and every page says so."""
    key, store = here.members[3], store_of(here)
    people = {name: Accounts(store.engine).find(name) for name, _ in PEOPLE}
    review = Review(store, Settings(home=here.path), here.round_id)
    review.override(people["委员甲"], key, "exclude", "data_wrong", "人数重复计算,已向企业核实。", here.digest, 0)
    assert "委员会已决定" not in words(opened("enterprise", id=key))
    seen = review.item(key, people["委员乙"])
    review.approve(people["委员乙"], key, here.digest, seen.last_seen)
    assert "不在名单：委员会已决定“不列入”" in words(opened("enterprise", id=key))


def test_a_list_is_not_frozen_over_items_that_lack_votes(opened: Open, here: Home) -> None:
    """The page counts them among what is open and names them; a press would be refused, and is not offered."""
    key, store = here.members[3], store_of(here)
    review = Review(store, Settings(home=here.path), here.round_id)

    def freeze() -> bool:
        return not next(one for one in opened("publish", "主任").button if one.label == "冻结名单").disabled

    assert freeze()
    needed = review.item(key, Accounts(store.engine).find("主任")).votes_needed
    for cast, name in enumerate(("委员甲", "委员乙", "主任")[:needed], start=1):
        review.vote(Accounts(store.engine).find(name), key, "for", here.digest, 0)
        assert freeze() == (cast == needed)
        named = [one for one in opened("publish", "主任").button if str(one.key) == f"settle_votes_{key}"]
        assert [f"{cast} / {needed}" in one.label for one in named] == ([True] if cast < needed else [])


def test_what_a_role_may_not_see_is_on_no_page(opened: Open, here: Home) -> None:
    """Others' comments before the own vote (the round is blind), and the ledger's other parts for whoever is no
    auditor: looked for in every text that the pages send."""
    key, said = here.members[8], "设备清单与现场不符,建议复核。"
    store = store_of(here)
    people = Accounts(store.engine)
    other = people.find("委员乙")
    review = Review(store, Settings(home=here.path, today=AS_OF), here.round_id)
    review.comment(other, key, said, here.digest)
    review.vote(other, key, "against", here.digest, review.item(key, other).last_seen)
    for name in ("委员甲", "分析员"):
        for page in PAGES:
            assert said not in words(opened(page, name, **({"id": key} if page == "enterprise" else {}))), (name, page)
    assert "新增账户" not in words(opened("ledger", "委员甲"))
    told = words(opened("ledger", "审计员"))
    assert said in told
    assert "新增账户" in told
    me = people.find("委员甲")
    review.vote(me, key, "for", here.digest, review.item(key, me).last_seen)
    assert said in words(opened("enterprise", "委员甲", id=key))


def test_the_server_makes_ready_what_first_visitors_share(
    opened: Open, here: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After that neither the ranking nor the facts are read from their files for the first look at an enterprise."""
    st_cache.cache_resource.clear()
    st_cache.cache_data.clear()
    assert warm()
    monkeypatch.setattr(figures, "pq", None)
    monkeypatch.setattr(proposal, "load_ranking", None)
    for page in ("ranking", "enterprise", "coverage"):
        assert not opened(page, id=here.members[1]).error
    st_cache.cache_resource.clear()
    proposal.proposal.cache_clear()
    for page in ("ranking", "enterprise", "coverage"):
        assert opened(page, id=here.members[1]).error  # so it would have been read


def test_with_nothing_ranked_nothing_is_made_ready(bare: Home) -> None:
    assert not warm()


def test_the_progress_of_a_training_moves_and_its_end_is_told(opened: Open) -> None:
    """Whoever opens the page sees how far the training under way is, with no button pressed."""
    end, told = threading.Event(), threading.Event()

    def work(job: jobs.Job) -> object:
        job.tell(0.25, "dash-train-begins")
        told.set()
        end.wait()
        return 7

    job = jobs.start(JOB, work)
    told.wait()
    try:
        for share in (0.25, 0.75):
            job.share = share
            bars = [one.value for one in _protos(opened("model")) if isinstance(one, Progress)]
            assert bars == [round(100 * share)]
    finally:
        end.set()
    while not job.ended:
        time.sleep(0.01)
    assert "第 7 版" in words(opened("model"))
    jobs.forget(JOB)


def test_names_are_shown_as_they_are() -> None:
    name = "<b>*甲*</b> :smile: [x](y) $z$"
    assert html.unescape(as_text(name)) == f"<bdi>{name}</bdi>"
    assert "<b>" not in as_text(name)
    assert re.sub(r"[\\\u200b]", "", as_label(name)) == name


def test_only_our_own_addresses_are_gone_to() -> None:
    for evil in ("//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/a\r\nb", ""):
        assert local_address(evil) == "/"
    assert local_address("/enterprise?id=E1") == "/enterprise?id=E1"


def test_a_view_is_its_address() -> None:
    view = View(q="甲", track="start-ups", status="near", sort="name", reverse=True, page=4)
    assert View.of(view.query()) == view
    assert View.of({"page": "-1", "sort": "'; drop", "status": "x"}) == View()


def test_places_in_a_view(here: Home) -> None:
    store = store_of(here)
    review = Review(store, Settings(home=here.path), here.round_id)
    frame = review.ranking(Accounts(store.engine).find("委员甲")).frame
    rows = searchable(frame.assign(place="off", near=False, decision="", track_order=0))
    found = pick(rows, View())
    # best first, equal points by identifier; who takes no part comes last
    expected = sorted(rows.index, key=lambda key: (pd.isna(rows.at[key, "rank"]), -rows.at[key, "score"], key))
    assert list(rows.index[found]) == expected
    last, pages = page_of(rows, found, View(page=9999))
    assert pages == -(-len(rows) // 50)
    assert list(last.index) == expected[(pages - 1) * 50 :]
    assert beside(rows, found, expected[0]) == ("", expected[1], 1)
    assert beside(rows, found, expected[-1]) == (expected[-2], "", len(expected))
    assert beside(rows, found, "nobody") == ("", "", 0)
    ranked = rows.index[pick(rows, View(sort="rank"))]
    assert rows.loc[ranked[-1], "rank"] is pd.NA  # who has no rank comes last
    assert set(rows.index[pick(rows, View(q="e0004"))]) == {f"E0004{digit}" for digit in range(10)}


@settings_of(max_examples=40, deadline=None)
@given(
    sort=st.sampled_from(sorted(SORTS)),
    reverse=st.booleans(),
    status=st.sampled_from(LISTS),
    scores=st.lists(st.one_of(st.integers(0, 3), st.none()), min_size=1, max_size=30),
)
def test_a_view_shows_each_match_once(sort: str, reverse: bool, status: str, scores: list[int | None]) -> None:
    """Whatever the order, a view holds exactly the rows that its filter lets through."""
    index = pd.Index([f"E{at:02d}" for at in range(len(scores))])
    value = pd.array(scores, dtype="Int64")
    some = [at % 3 for at in range(len(scores))]
    rows = pd.DataFrame(
        {"name": "甲", "track": "a", "size_class": "small", "industry_section": "I", "street": "", "score": value,
         "rank": value, "rank_low": value, "rank_high": value, "inclusion": value, "coverage": value,
         "eligible": [one > 0 for one in some], "place": [("listed", "off", "reserve")[one] for one in some],
         "near": [one == 1 for one in some], "decision": ["" if one else "defer" for one in some], "track_order": 0},
        index=index,
    )  # fmt: skip
    found = pick(searchable(rows), View(sort=sort, reverse=reverse, status=status))
    wanted = {"listed": 0, "off": 1, "reserve": 2, "near": 1, "decided": 0, "ineligible": 0}
    kept = [at for at, one in enumerate(some) if status == "all" or one == wanted[status]]
    assert sorted(found) == kept
