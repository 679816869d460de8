"""A small reviewed district for the tests of the pages: made once, copied for who writes in it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from data.accounts import Accounts
from data.settings import Settings
from data.store import Source, Store
from scoring.committee.round_acts import open_round
from scoring.committee.rules import RoundRules
from scoring.editions.policy import load_edition
from scoring.scores.ranking import rank
from scoring.selection.directory import select

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


def make_home(
    path: Path, count: int = 700, *, evidence: bool = False, opened: bool = True, hide_points: bool = False
) -> Home:
    """A home with facts, a ranking by the card alone, accounts, and, if `opened`, a round that is open.

    `evidence`: whether the round asks for a file with each decision; most tests are not about that file.
    `hide_points`: whether it shows a voter an enterprise's points only after the vote.
    """
    settings = Settings(home=path, today=AS_OF)
    store = Store(settings)
    store.add(Source("district.xlsx", "d" * 64, "tests"), district(count), date(2026, 5, 1))
    ranking = rank(store, settings, load_edition("changning-2026"), AS_OF, actor="tests")
    selection = select(ranking, ranking.edition)
    accounts = Accounts(store.engine)
    for name, role in PEOPLE:
        accounts.add(name, name, role, PASSWORD, actor="tests")
    round_id = ""
    if opened:
        rules = replace(RoundRules.of(ranking.edition.review), evidence=evidence, hide_points=hide_points)
        round_id = open_round(store, settings, ranking, selection, accounts.find("主任"), rules=rules)
    members = tuple(map(str, selection.members["enterprise_id"]))
    return Home(path, ranking.digest, round_id, members)


def copy_of(made: Home, path: Path) -> Home:
    """The same home in a folder of its own."""
    shutil.copytree(made.path, path)
    return replace(made, path=path)
