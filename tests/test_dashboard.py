"""The pages as each role reads them in both languages, with much, with nothing and with faults, without a browser."""

from __future__ import annotations

import re
import shutil
import threading
import time
from pathlib import Path

import pytest
import streamlit as st_cache
from streamlit.elements.lib import policies
from streamlit.proto.Progress_pb2 import Progress

from dashboard import figures, jobs, session
from dashboard.pages_of import PAGES
from dashboard.views.model_acts import JOB
from dashboard.warming import warm
from data.accounts import Accounts
from data.intake import withdraw
from scoring.committee import proposal
from scoring.messages import say
from tests.district_home import PASSWORD, PEOPLE, Home, make_home
from tests.intake_files import SOUND, take, write
from tests.page_texts import Open, opening, protos, store_of, table_rows, words


@pytest.fixture
def ranked_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home with a ranking and no round yet."""
    made = make_home(tmp_path / "ranked", opened=False)
    for name, value in made.environment.items():
        monkeypatch.setenv(name, value)
    return made


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
        "data": "还没有数据。", "ledger": "评审开始后，这里列出每个人在本轮做过的事。", "model": "还没有训练过模型",
        "": "还没有排名。{shows}现在由分析员办理",
    },
    "en": {
        "data": "There is no data yet", "ledger": "Once a review is open, this page lists",
        "model": "No model has been trained", "": "Nothing has been ranked yet. {shows}An analyst takes the next step",
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
    said = NOTHING_YET[language].get(page) or NOTHING_YET[language][""]
    shows = say(f"dash-empty-{page}", language) if "{shows}" in said else ""
    assert all(part in told for part in (*said.split("{shows}"), shows)), told


def test_an_analyst_is_led_to_the_data_and_told_what_is_lacking(bare: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    open_page = opening(bare, monkeypatch)
    assert "去导入数据" in [one.label for one in open_page("ranking", "分析员").button]
    assert "去导入数据" not in [one.label for one in open_page("ranking", "主任").button]
    model = open_page("model", "分析员")
    assert "开始训练" not in [one.label for one in model.button]
    assert any("还没有可学习的数据" in str(one.value) for one in model.caption)


@pytest.mark.parametrize(("language", "what"), [("zh-CN", "训练"), ("en", "train")])
def test_others_are_told_what_it_is_that_analysts_do_with_models(
    bare: Home, monkeypatch: pytest.MonkeyPatch, language: str, what: str
) -> None:
    told = opening(bare, monkeypatch)("model", "主任", language).main.caption
    assert [what in one.value for one in told] == [True], told


def test_data_that_were_withdrawn_are_no_step_done(bare: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The way to a ranking had its first step ticked, and a training could be started on nothing."""
    open_page, facts = opening(bare, monkeypatch), store_of(bare)
    batch = take(facts, write(tmp_path, SOUND)).batch_id
    assert batch is not None
    assert any("mulu rank" in str(one.value) for one in open_page("ranking", "分析员").caption)
    assert "开始训练" in [one.label for one in open_page("model", "分析员").button]
    withdraw(facts, batch, "tests")
    assert "去导入数据" in [one.label for one in open_page("ranking", "分析员").button]
    assert "开始训练" not in [one.label for one in open_page("model", "分析员").button]


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


@pytest.mark.parametrize("asked", ["E99999", ""])
def test_an_enterprise_that_cannot_be_shown_leaves_a_way_on(opened: Open, here: Home, asked: str) -> None:
    app = opened("enterprise", id=asked)
    assert [asked in one.value for one in app.error] == ([True] if asked else [])
    app.text_input(key="find_words").set_value("示例00042").run()
    assert set(re.findall(r"E\d{5}", table_rows(app))) == {"E00042"}


def test_an_enterprise_is_found_by_its_code_in_small_letters(opened: Open, here: Home) -> None:
    app = opened("enterprise", id=here.members[0].lower())
    assert not app.error
    assert here.members[0] in words(app)


def test_a_long_code_is_not_echoed_whole(opened: Open, here: Home) -> None:
    assert "9" * 41 not in words(opened("enterprise", id="9" * 300))


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
            bars = [one.value for one in protos(opened("model")) if isinstance(one, Progress)]
            assert bars == [round(100 * share)]
    finally:
        end.set()
    while not job.ended:
        time.sleep(0.01)
    assert "第 7 版" in words(opened("model"))
    jobs.forget(JOB)
