"""What people do on the pages and what comes of it: votes, decisions, recusals, refusals, without a browser."""

from __future__ import annotations

import re
from datetime import timedelta

from dashboard import session
from dashboard.pages_of import PAGES
from data.accounts import Accounts
from data.settings import Settings
from scoring.committee.review import Review
from scoring.editions.policy import load_edition
from scoring.scores.ranking import rank
from scoring.selection.directory import select
from tests.district_home import AS_OF, PEOPLE, Home
from tests.page_texts import Open, store_of, table_rows, words


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


def test_a_button_pressed_after_the_session_ended_does_nothing(opened: Open, here: Home) -> None:
    """A button's callback runs before the page asks who is there."""
    key = here.members[2]
    app = opened("enterprise", id=key)
    store = store_of(here)
    Accounts(store.engine).close_session(session.cookies()[session.SESSION_COOKIE])
    app.button_group(key=f"choice_{key}").set_value("for")
    next(one for one in app.button if one.label == "投票").click().run()
    assert store.ledger.replay(kind="voted") == []


def test_a_figure_is_tried_in_the_readers_unit_and_nothing_is_saved(opened: Open, here: Home) -> None:
    app = opened("whatif")
    app.session_state["whatif_tab_zh-CN"] = "某企业的数据"
    app.run()
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
    assert re.search(r"得分 [\d.]+ → [\d.]+；名次 \d+ → \d+", words(app))
    assert len(store_of(here).ledger.replay()) == before


def test_what_was_tried_says_what_was_changed_and_is_put_back(opened: Open, here: Home) -> None:
    app = opened("whatif")
    [places] = [one for one in app.number_input if one.label == "名单总名额（家）"]
    in_force = int(places.value)
    places.set_value(in_force - 5)
    next(one for one in app.button if one.label == "试算").click().run()
    changed = f"名单总名额（家）：{in_force} → {in_force - 5}"
    assert changed in words(app)
    assert "小微企业占名单" in words(app)
    assert changed in words(app.run())  # another run of the page, without a press: it stays
    next(one for one in app.button if one.label == "恢复现行").click().run()
    assert changed not in words(app)
    assert [one.value for one in app.number_input if one.label == "名单总名额（家）"] == [in_force]


def test_one_s_own_newer_act_is_no_refusal(opened: Open, here: Home) -> None:
    """A second click of a double one, or another window of the same person, was told in red that oneself had acted."""
    first, second = (opened("enterprise", id=here.members[0]) for _ in range(2))
    for app in (first, second):
        next(one for one in app.get("button_group") if one.proto.label == "投票").set_value("赞成")
        next(one for one in app.button if one.label == "投票").click().run()
    assert "已投票：赞成" in words(first)
    assert "没有重复记录" in words(second)
    assert not second.error
    assert len(store_of(here).ledger.replay(kind="voted")) == 1


def test_a_preview_without_a_choice_names_the_field(opened: Open, here: Home) -> None:
    app = opened("enterprise", id=here.members[0])
    next(one for one in app.button if one.label == "看看影响").click().run()
    assert "要先选择一种决定" in words(app)


def test_who_is_recused_is_told_that_the_list_is_another(opened: Open, here: Home) -> None:
    review = Review(store_of(here), Settings(home=here.path), here.round_id)
    member = Accounts(store_of(here).engine).find("委员甲")
    review.declare_conflict(member, here.members[0], conflict_type="family")
    for page in ("overview", "ranking", "coverage", "whatif"):
        assert "您回避了 1 家企业" in words(opened(page)), page
        assert "您回避了" not in words(opened(page, "委员乙")), page


def test_the_room_reads_whether_and_why_an_item_is_on_the_list(opened: Open, here: Home) -> None:
    review = Review(store_of(here), Settings(home=here.path), here.round_id)
    state = review.state(Accounts(store_of(here).engine).find("委员甲"))
    for key in state.agenda[:3]:
        told = words(opened("meeting", item=key))
        place = "在名单" if key in here.members else "不在名单"
        assert re.search(rf"<h3><bdi>{place}[:：].*第 [\d,]+ 名", told), key
