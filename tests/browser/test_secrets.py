"""What a role or a recusal forbids is neither in a page's words nor in any message of the server to the browser.

The same walk over the same facts is made as each role: what one person must not find, another one does find, so that
a fact which no page ever sends fails the test as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pytest

from dashboard.pages_of import PAGES
from data.accounts import ROLES, Accounts, User
from data.refusal import Refusal
from data.settings import Settings
from data.store import Store
from scoring.committee.evidence import keep_evidence
from scoring.committee.review import Review
from scoring.messages import say
from scoring.publishing.publication import publish
from tests.browser.conftest import Server, Visit, readable
from tests.district_home import AS_OF, HOSTILE, PASSWORD, PEOPLE, make_home

pytestmark = pytest.mark.browser

FAILED = "本页出现故障"
DENIED = {"verb": say("verb-freeze", "zh-CN"), "ground": say("denial-role", "zh-CN")}
WALKERS = ("委员甲", "主任", "分析员", "审计员")
ALL = frozenset(WALKERS)
OTHERS = ALL - {"委员甲"}
READERS, AUDITOR = frozenset({"主任", "审计员"}), frozenset({"审计员"})
PHASES = ("open", "frozen", "published")
SEEN_BY: Mapping[str, tuple[frozenset[str], frozenset[str], frozenset[str]]] = {
    # The member has declared a conflict of interest about this enterprise, which holds until the list is public.
    "recused name": (OTHERS, OTHERS, ALL),
    "recused code": (OTHERS, OTHERS, ALL),
    # While it is open the round is blind: another's vote and comment, and the points, wait for the own vote, which the
    # chair has cast.
    "comment": (READERS, ALL, ALL),
    "vote": (READERS, ALL, ALL),
    "points": (READERS | {"分析员"}, ALL, ALL),
    # Accounts and denied acts stand in the ledger's parts that only an auditor reads.
    "account": (AUDITOR, AUDITOR, AUDITOR),
    "denied": (AUDITOR, AUDITOR, AUDITOR),
}
"""Each fact and the people who may know it, phase by phase, by the rules of `scoring.committee`."""


@dataclass(frozen=True)
class Scene:
    """A running server, how far its round is, the item voted on, the item that the member is recused from, and each
    fact as it is written."""

    server: Server
    phase: str
    voted: str
    recused: str
    facts: Mapping[str, str]


@pytest.fixture(scope="module", params=PHASES)
def scene(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A blind round without points before the vote, in which the facts have happened, open or further on."""
    home = make_home(tmp_path_factory.mktemp("secrets") / "home", 200, hide_points=True)
    settings = Settings(home=home.path, today=AS_OF)
    store = Store(settings)
    people, review = Accounts(store.engine), Review(store, settings, home.round_id)
    frame = review.ranking(people.find("审计员")).frame
    voted, recused = [one for one in home.members if frame.at[one, "name"] not in HOSTILE][:2]
    facts = {
        "recused name": str(frame.at[recused, "name"]),
        "recused code": recused,
        "comment": "设备清单与现场不符，建议复核。",
        "vote": say("dash-event-voted", "zh-CN", choice=say("dash-choice-against", "zh-CN")),
        "points": say("chart-waterfall-title", "zh-CN", score=float(frame.at[voted, "score"])),
        "account": "外聘账户丁",
        "denied": say("dash-event-denied", "zh-CN", **DENIED),
    }
    other = people.find("委员乙")
    review.comment(other, voted, facts["comment"], home.digest)
    review.vote(other, voted, "against", home.digest, review.item(voted, other).last_seen)
    with pytest.raises(Refusal):
        review.freeze(other)
    chair = people.find("主任")
    review.vote(chair, voted, "for", home.digest, review.item(voted, chair).last_seen)
    review.declare_conflict(people.find("委员甲"), recused, conflict_type="family")
    people.add(facts["account"], facts["account"], "auditor", PASSWORD, actor="tests")
    if request.param != "open":
        _signed(review, settings, chair, other)
    if request.param == "published":
        publish(review, chair)
    running = Server(home)
    running.start()
    yield Scene(running, request.param, voted, recused, facts)
    running.stop()


def _signed(review: Review, settings: Settings, chair: User, other: User) -> None:
    """Freeze the list, sign it twice and attach the record of its review."""
    digest = review.freeze(chair)
    for who in (chair, other):
        review.sign(who, digest)
    kept = keep_evidence(settings, "record.pdf", b"%PDF-1.7 fair competition review")
    review.attach_record(chair, kept, reference="长市监审〔2026〕7 号", concluded_on=AS_OF)


def test_each_role_walks_and_each_fact_is_found_by_some_and_kept_from_others() -> None:
    assert {dict(PEOPLE)[name] for name in WALKERS} == set(ROLES)
    assert all(set() < people[0] < ALL for people in SEEN_BY.values())
    assert all(now <= then for people in SEEN_BY.values() for now, then in pairwise(people))


@pytest.mark.parametrize("name", WALKERS, ids=[dict(PEOPLE)[name] for name in WALKERS])
def test_a_person_is_sent_what_the_rules_admit_and_nothing_else(chromium: Any, scene: Scene, name: str) -> None:
    window = Visit(chromium, scene.server, name)
    try:
        shown = _walk(window, scene.voted)
        told = shown + readable(window.messages)
        window.go(f"/enterprise?id={scene.recused}")  # now with the code in the person's own address
        asked = window.page.locator("body").inner_text() + readable(window.messages)
    finally:
        window.close()
    assert FAILED not in told  # a page that fails tells nothing, for whatever reason
    found = {fact for fact, words in scene.facts.items() if words in told}
    assert found == {fact for fact, people in SEEN_BY.items() if name in people[PHASES.index(scene.phase)]}
    assert (scene.facts["recused name"] in asked) is (name in SEEN_BY["recused name"][PHASES.index(scene.phase)])


def _walk(window: Visit, item: str) -> str:
    """Open every page, with the item where one is chosen; gives the words that were shown."""
    shown = []
    for page in PAGES:
        chosen = {"overview": "", "enterprise": f"?id={item}", "meeting": f"?item={item}"}.get(page)
        if chosen is None:
            window.press(window.page.locator(f'[data-testid="stSidebar"] a[href$="{page}"]'))
        else:
            window.go(f"/{page}{chosen}")
        shown.append(window.page.locator("body").inner_text())
    return "\n".join(shown)
