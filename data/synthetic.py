"""A synthetic district for demonstrations and tests: files as an office receives them, and the truth kept apart.

Nothing here is real: every name ends in a marker, the credit codes belong to organisation codes never issued, and
the ledger of a home that holds the district says so (`is_demo`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd
import yaml

from data.ledger import Ledger
from data.refusal import Refusal
from data.store import Store
from data.synthetic_events import (
    assessments,
    decisions,
    grants,
    indicators,
    integrity_events,
    investments,
    recognitions,
    registrations,
)
from data.synthetic_files import (
    CODE,
    NAME,
    Desk,
    annual_reports,
    interim_reports,
    sheet_file,
    statistical_return,
    without_unit,
)
from data.synthetic_world import reference, simulate

SMALLEST = 200
FEWEST_YEARS = 5
DEMO = "demo"
"""The ledger's subject and the actor of everything the demonstration does by itself."""


@dataclass(frozen=True)
class Delivery:
    """One file as it came: the mapping that goes with it, and the day it was received (None: the mapping says)."""

    path: Path
    mapping: Path | None = None
    known_on: date | None = None


@dataclass(frozen=True)
class District:
    """What was written: the files in the order received, and what is true.

    `deliveries` go in; `waiting` must be held with a question, `forbidden` must be refused. `truth` (Parquet):
    enterprise_id, name, potential, quality (standard normal), key, closed_in. `faults` (Parquet): file, row (as a
    spreadsheet counts; 0: the file), enterprise_id, fault. `as_of` is the day to rank for.
    """

    folder: Path
    deliveries: list[Delivery]
    waiting: Delivery
    forbidden: Delivery
    truth: Path
    faults: Path
    as_of: date
    files: list[Path] = field(default_factory=list)


def create_district(folder: Path, seed: int = 20200424, enterprises: int = 5000, years: int = 6) -> District:
    """Write a district's files, mappings and truth under `folder`; the same arguments give the same bytes.

    `enterprises` is how many ever existed, `years` how many closed years of reports (up to 2025). Refuses fewer than
    200 enterprises or 5 years (`demo-too-small`): nothing could be learned.
    """
    if enterprises < SMALLEST or years < FEWEST_YEARS:
        raise Refusal("demo-too-small", enterprises=enterprises, years=years, smallest=SMALLEST, fewest=FEWEST_YEARS)
    received, mapped = folder / "files", folder / "mappings"
    for place in (received, mapped):
        place.mkdir(parents=True, exist_ok=True)
    desk = Desk(received, simulate(seed, enterprises, years))
    mappings = {name: _write_mapping(mapped / f"{name}.yaml", content) for name, content in MAPPINGS.items()}
    deliveries = [
        *_register(desk, mappings),
        *(Delivery(path, mappings["年报"], known) for path, known in annual_reports(desk)),
        *(Delivery(path, mappings[path.stem], known) for path, known in interim_reports(desk)),
        *_events(desk, mappings),
    ]
    waiting = Delivery(without_unit(desk), mappings["年报"], date(years_end(desk) + 1, 6, 10))
    forbidden = Delivery(statistical_return(desk), None, date(years_end(desk) + 1, 6, 10))
    truth, faults = folder / "truth.parquet", folder / "faults.parquet"
    hidden = ["enterprise_id", "name", "potential", "quality", "key", "closed_in"]
    desk.world.enterprises[hidden].to_parquet(truth, index=False)
    pd.DataFrame(desk.faults, columns=["file", "row", "enterprise_id", "fault"]).to_parquet(faults, index=False)
    (folder / "README.txt").write_text(
        f"{reference()['notice']}\nSynthetic data: no enterprise here is real.\n", encoding="utf-8"
    )
    files = [delivery.path for delivery in (*deliveries, waiting, forbidden)]
    return District(folder, deliveries, waiting, forbidden, truth, faults, date(years_end(desk) + 1, 6, 30), files)


def years_end(desk: Desk) -> int:
    """The newest closed year of the district."""
    return desk.world.years[-1]


def mark_demo(store: Store, **about: object) -> None:
    """Say in the ledger that this home holds a synthetic district."""
    store.ledger.append(DEMO, "demo_created", DEMO, about)


def is_demo(store: Store) -> bool:
    """Whether this home holds the synthetic district; pages and publications then say so."""
    return tells_demo(store.ledger)


def tells_demo(ledger: Ledger) -> bool:
    """Whether a ledger belongs to a home that holds the synthetic district."""
    return bool(ledger.replay(DEMO, kind="demo_created"))


_REGISTER = {
    "enterprise_id": CODE,
    "name": NAME,
    "established_on": "成立日期",
    "industry_code": "行业代码",
    "street": "街镇",
    "ownership": "所有制",
    "registered_10k": "注册资本(万元)",
    "paid_in_10k": "实收资本(万元)",
    "group_id": "所属集团代码",
    "status": "登记状态",
}


def _register(desk: Desk, mappings: dict[str, Path]) -> list[Delivery]:
    start, changes = registrations(desk.world)
    start, changes = (
        rows.assign(registered_10k=rows.registered_capital_cny / 1e4, paid_in_10k=rows.paid_in_capital_cny / 1e4)
        for rows in (start, changes)
    )
    start = start.assign(
        representative="演示人员",
        telephone=[f"000{number:08d}" for number in range(len(start))],
    )
    for column, fault in (("法定代表人", "person-column"), ("联系电话", "person-column")):
        desk.fault("企业名录.xlsx", 0, column, fault)
    whole = _REGISTER | {"representative": "法定代表人", "telephone": "联系电话"}
    return [
        Delivery(sheet_file(desk, "企业名录.xlsx", start, whole), mappings["企业名录"], start.known_on.iloc[0].date()),
        Delivery(
            sheet_file(desk, "登记变更.csv", changes, _REGISTER | {"known_on": "核准日期"}, "gb18030"),
            mappings["登记变更"],
        ),
    ]


def _events(desk: Desk, mappings: dict[str, Path]) -> list[Delivery]:
    world = desk.world
    verdicts = {"listed": "入选", "declined": "未入选", "removed": "退出", "not_reviewed": "未评审"}
    decided = decisions(world)
    decided = decided.assign(decision=decided.decision.map(verdicts))
    listed, repaired = integrity_events(world)
    tables = {
        "认定名单.xlsx": recognitions(world),
        "融资.csv": investments(world).assign(amount_10k=lambda rows: rows.amount_cny / 1e4),
        "信用.csv": listed,
        "信用修复.csv": repaired,
        "资助.csv": grants(world),
        "社会评价.csv": assessments(world),
        "评价指标.csv": indicators(world),
        "历届目录.csv": decided,
    }
    deliveries = []
    for name, rows in tables.items():
        stem = name.split(".")[0]
        path = sheet_file(desk, name, rows, {"enterprise_id": CODE} | _COLUMNS[stem], _ENCODINGS.get(stem, "utf-8"))
        deliveries.append(Delivery(path, mappings[stem]))
    return deliveries


_ENCODINGS = {"信用": "gbk", "信用修复": "gbk", "历届目录": "utf-8-sig", "资助": "gb18030"}

_COLUMNS: dict[str, dict[str, str]] = {
    "认定名单": {
        "kind": "认定类型", "granted_on": "认定日期", "expires_on": "有效期至", "issuer": "认定部门",
        "certificate_no": "证书编号", "known_on": "公布日期",
    },
    "融资": {
        "round": "轮次", "closed_on": "交割日期", "amount_10k": "融资金额(万元)",
        "investor": "投资方", "known_on": "获悉日期",
    },
    "信用": {"kind": "事项", "listed_on": "列入日期", "authority": "决定机关", "known_on": "获悉日期"},
    "信用修复": {
        "kind": "事项", "listed_on": "列入日期", "removed_on": "移出日期", "authority": "决定机关",
        "known_on": "获悉日期",
    },
    "资助": {
        "purpose": "用途", "programme": "项目", "amount_cny": "金额(元)", "period_end": "所属期末",
        "known_on": "拨付公示日期",
    },
    "社会评价": {
        "source": "评价来源", "value": "评分", "scale": "量表", "given_on": "评价日期", "known_on": "获悉日期",
    },
    "评价指标": {"year": "年度", "output_per_sqm": "单位面积产出(元)", "training_share": "培训投入占工资比"},
    "历届目录": {
        "name": NAME, "edition": "目录批次", "as_of": "评审基准日", "decision": "结论", "decided_on": "决定日期",
        "known_on": "公布日期",
    },
}  # fmt: skip


def _fields(stem: str, **special: object) -> dict[str, object]:
    """Fields of a table, each from its column; money and numbers by `special`."""
    names = {
        name: {"column": header}
        for name, header in _COLUMNS[stem].items()
        if name not in ("name", "known_on", "amount_10k")
    }
    return names | special


_REGISTER_FIELDS: dict[str, object] = {
    name: {"column": header}
    for name, header in _REGISTER.items()
    if name not in ("enterprise_id", "registered_10k", "paid_in_10k")
} | {
    "registered_capital_cny": {"column": "注册资本(万元)", "unit": "万元"},
    "paid_in_capital_cny": {"column": "实收资本(万元)", "unit": "万元"},
    "region": "长宁区",
}

_INTERIM_FIELDS = {
    "revenue_cny": {"column": "营业收入(万元)", "unit": "万元"},
    "net_profit_cny": {"column": "净利润(万元)", "unit": "万元"},
    "employees": {"column": "从业人员期末人数"},
}

_HEAD: dict[str, object] = {"mulu_mapping": 1, "identifier": {"column": CODE}}

MAPPINGS: dict[str, dict[str, object]] = {
    "企业名录": _HEAD | {"tables": {"enterprises": _REGISTER_FIELDS}},
    "登记变更": _HEAD | {"known_on": {"column": "核准日期"}, "tables": {"enterprises": _REGISTER_FIELDS}},
    "年报": _HEAD | {
        "files": r"年报(?P<year>\d{4}).*",
        "period": {"year": {"from": "file_name", "group": "year"}, "months": 12},
    },
    "一季报": _HEAD | {
        "period": {"end": {"column": "期末"}, "months": 3}, "known_on": {"after_period_end": {"days": 50}},
        "tables": {"reports": _INTERIM_FIELDS},
    },
    "半年报": _HEAD | {
        "period": {"end": {"column": "期末"}, "months": 6}, "known_on": {"after_period_end": {"days": 56}},
        "tables": {"reports": _INTERIM_FIELDS},
    },
    "认定名单": _HEAD | {"known_on": {"column": "公布日期"}, "tables": {"recognitions": _fields("认定名单")}},
    "融资": _HEAD | {
        "known_on": {"column": "获悉日期"},
        "tables": {"investments": _fields("融资", amount_cny={"column": "融资金额(万元)", "unit": "万元"})},
    },
    "信用": _HEAD | {"known_on": {"column": "获悉日期"}, "tables": {"integrity_events": _fields("信用")}},
    "信用修复": _HEAD | {"known_on": {"column": "获悉日期"}, "tables": {"integrity_events": _fields("信用修复")}},
    "资助": _HEAD | {
        "known_on": {"column": "拨付公示日期"},
        "tables": {"grants": _fields("资助", amount_cny={"column": "金额(元)", "unit": "元"})},
    },
    "社会评价": _HEAD | {"known_on": {"column": "获悉日期"}, "tables": {"assessments": _fields("社会评价")}},
    "评价指标": _HEAD | {
        "period": {"year": {"column": "年度"}, "months": 12},
        "known_on": {"after_period_end": {"days": 110}},
        "tables": {
            "indicators": [
                {
                    "code": "output_per_sqm", "column": "单位面积产出(元)", "unit": "元", "factor": "contribution",
                    "direction": 1, "zh": "办公用房单位面积产出", "en": "Output per square metre of office",
                },
                {
                    "code": "training_share", "column": "培训投入占工资比", "unit": "1", "factor": "talent",
                    "direction": 1, "zh": "培训投入占工资总额比重", "en": "Share of wages spent on training",
                },
            ]
        },
    },
    "历届目录": _HEAD | {
        "known_on": {"column": "公布日期"},
        "tables": {
            "directory_decisions": _fields(
                "历届目录",
                decision={
                    "column": "结论",
                    "values": {"入选": "listed", "未入选": "declined", "退出": "removed", "未评审": "not_reviewed"},
                },
            )
        },
    },
}  # fmt: skip


def _write_mapping(path: Path, content: dict[str, object]) -> Path:
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path
