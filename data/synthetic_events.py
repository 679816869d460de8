"""What happened to the synthetic enterprises beside their figures: certificates, money raised, trouble, decisions.

Every frame carries `known_on`, the day the district office could have known it.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from data.synthetic_world import World, reference

CERTIFICATES = (
    # kind, issuer, prefix of the number, years valid, share of the eligible that get it a year
    ("高新技术企业", "上海市科学技术委员会", "GR", 3, 0.30),
    ("创新型中小企业", "上海市经济和信息化委员会", "CX", 3, 0.16),
    ("专精特新中小企业", "上海市经济和信息化委员会", "ZJTX", 3, 0.12),
    ("专精特新“小巨人”企业", "工业和信息化部", "XJR", 3, 0.04),
    ("跨国公司地区总部", "上海市商务委员会", "DQZB", 5, 0.25),
    ("博士后科研工作站", "全国博士后管委会办公室", "BSH", 10, 0.03),
)

INCUMBENT_BONUS = 0.7
"""Standard deviations of merit by which committees favoured those already on the list."""


def recognitions(world: World) -> pd.DataFrame:
    """Certificates: enterprise_id, kind, granted_on, expires_on, issuer, certificate_no, known_on (30 days later)."""
    rng, firms = world.rng, world.enterprises
    until = np.zeros((len(CERTIFICATES), len(firms)), dtype=int)
    parts = []
    for year in world.years:
        now = world.panel[world.panel.year == year]
        about = firms.loc[now.firm]
        intensity = (now.rd_expense_cny / now.revenue_cny).to_numpy()
        tech, quality = about.tech.to_numpy(), about.quality.to_numpy()
        good = quality + 0.6 * about.potential.to_numpy()
        people, foreign = now.employees.to_numpy(), about.ownership.isin(["外商独资", "中外合资"]).to_numpy()
        eligible = (
            (tech >= 0.5) & (intensity > 0.04) & (good > -0.8) & (people >= 8),
            (tech >= 0.3) & (intensity > 0.03) & (people < 400) & (good > -0.2),
            (tech >= 0.5) & (intensity > 0.05) & (people >= 15) & (good > 0.7),
            (tech >= 0.7) & (intensity > 0.06) & (people >= 30) & (good > 1.6),
            foreign & (now.total_assets_cny.to_numpy() > 3e8),
            (now.masters_and_doctors.to_numpy() >= 25) & (tech >= 0.5),
        )
        for row, (kind, issuer, prefix, valid, share) in enumerate(CERTIFICATES):
            free = until[row, now.firm.to_numpy()] <= year
            chance = np.clip(
                share * np.exp(0.35 * quality) * (1 + 2 * (until[row, now.firm.to_numpy()] == year)), 0, 0.95
            )
            gets = eligible[row] & free & (rng.random(len(now)) < chance)
            winners = now.firm.to_numpy()[gets]
            until[row, winners] = year + valid
            granted = pd.Timestamp(year, 11, 1) + pd.to_timedelta(rng.integers(0, 45, len(winners)), unit="D")
            parts.append(
                pd.DataFrame(
                    {
                        "enterprise_id": firms.enterprise_id.to_numpy()[winners],
                        "kind": kind,
                        "granted_on": granted,
                        "expires_on": granted + pd.DateOffset(years=valid),
                        "issuer": issuer,
                        "certificate_no": [
                            f"{prefix}{year}{number:06d}" for number in rng.integers(1, 10**6, len(winners))
                        ],
                        "known_on": granted + pd.Timedelta(days=30),
                    }
                )
            )
    return pd.concat(parts, ignore_index=True)


def investments(world: World) -> pd.DataFrame:
    """Financing rounds in order: enterprise_id, round, closed_on, amount_cny, investor, known_on (20 days later)."""
    rng, firms = world.rng, world.enterprises
    hazard = np.clip(0.035 * (0.15 + firms.tech) * np.exp(0.75 * firms.potential + 0.2 * firms.quality), 0, 0.5)
    reached = np.zeros(len(firms), dtype=int)
    names, houses = reference()["rounds"], np.array(reference()["investors"], dtype=object)
    parts = []
    for year in world.years:
        now = world.panel[world.panel.year == year]
        place = now.firm.to_numpy()
        gets = place[(rng.random(len(place)) < hazard.to_numpy()[place]) & (reached[place] < len(names))]
        closed = pd.Timestamp(year, 1, 10) + pd.to_timedelta(rng.integers(0, 340, len(gets)), unit="D")
        amount = 4e6 * 2.6 ** reached[gets] * np.exp(0.5 * rng.standard_normal(len(gets)))
        parts.append(
            pd.DataFrame(
                {
                    "enterprise_id": firms.enterprise_id.to_numpy()[gets],
                    "round": [names[step] for step in reached[gets]],
                    "closed_on": closed,
                    "amount_cny": np.round(amount, -4),
                    "investor": houses[rng.integers(0, len(houses), len(gets))],
                    "known_on": closed + pd.Timedelta(days=20),
                }
            )
        )
        reached[gets] += 1
    return pd.concat(parts, ignore_index=True)


def integrity_events(world: World) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Listings and penalties, and those of them since repaired, with `removed_on`: the repair is known only then."""
    rng, firms = world.rng, world.enterprises
    kinds = np.array(["经营异常名录", "行政处罚", "严重违法失信名单"], dtype=object)
    authorities = dict(zip(kinds, ("长宁区市场监督管理局", "上海市应急管理局", "上海市市场监督管理局"), strict=True))
    chance = np.clip(0.03 * np.exp(-0.6 * firms.quality.to_numpy()), 0, 0.3)
    panel = world.panel
    hit = panel[rng.random(len(panel)) < chance[panel.firm]]
    listed = pd.to_datetime(hit.year.astype(str) + "-01-15") + pd.to_timedelta(rng.integers(0, 330, len(hit)), unit="D")
    frame = pd.DataFrame(
        {
            "enterprise_id": hit.enterprise_id.to_numpy(),
            "kind": kinds[rng.choice(3, len(hit), p=[0.55, 0.4, 0.05])],
            "listed_on": listed.to_numpy(),
            "removed_on": pd.NaT,
            "known_on": (listed + pd.Timedelta(days=7)).to_numpy(),
        }
    )
    frame["authority"] = frame.kind.map(authorities)
    repaired = frame[rng.random(len(frame)) < 0.6].copy()
    repaired["removed_on"] = repaired.listed_on + pd.to_timedelta(rng.integers(60, 500, len(repaired)), unit="D")
    repaired = repaired[repaired.removed_on < pd.Timestamp(world.years[-1] + 1, 6, 1)]
    repaired["known_on"] = repaired.removed_on + pd.Timedelta(days=5)
    order = ["known_on", "enterprise_id", "kind"]
    return frame.sort_values(order, ignore_index=True), repaired.sort_values(order, ignore_index=True)


def grants(world: World) -> pd.DataFrame:
    """Subsidies: enterprise_id, purpose, programme, amount_cny, period_end, known_on (the next February)."""
    rng, firms, panel = world.rng, world.enterprises, world.panel
    chance = np.clip(0.05 * (0.3 + firms.tech) * np.exp(0.5 * firms.quality), 0, 0.5).to_numpy()
    got = panel[rng.random(len(panel)) < chance[panel.firm]]
    programmes = np.array(["人才安居专项", "科技创新券", "产业发展专项", "见习补贴"], dtype=object)
    purposes = np.array(["人才", "研发", "产业", "就业"], dtype=object)
    which = rng.integers(0, 4, len(got))
    return pd.DataFrame(
        {
            "enterprise_id": got.enterprise_id.to_numpy(),
            "purpose": purposes[which],
            "programme": programmes[which],
            "amount_cny": np.round(np.exp(11.6 + 0.7 * rng.standard_normal(len(got))), -3),
            "period_end": pd.to_datetime(got.year.astype(str) + "-12-31").to_numpy(),
            "known_on": pd.to_datetime((got.year + 1).astype(str) + "-02-20").to_numpy(),
        }
    )


def assessments(world: World) -> pd.DataFrame:
    """An invented outside opinion, 0..100, of a third of the enterprises each year, known the next March."""
    rng, firms, panel = world.rng, world.enterprises, world.panel
    asked = panel[rng.random(len(panel)) < 0.33]
    value = 70 + 7 * firms.quality.to_numpy()[asked.firm] + 6 * rng.standard_normal(len(asked))
    given = pd.to_datetime((asked.year + 1).astype(str) + "-03-01")
    return pd.DataFrame(
        {
            "enterprise_id": asked.enterprise_id.to_numpy(),
            "source": "行业协会客户评价(演示)",
            "value": np.clip(value, 0, 100).round(1),
            "scale": "0-100",
            "given_on": given.to_numpy(),
            "known_on": (given + pd.Timedelta(days=15)).to_numpy(),
        }
    )


def indicators(world: World) -> pd.DataFrame:
    """Two indicators of the office's own: output per square metre (yuan) and share of wages spent on training."""
    rng, firms, panel = world.rng, world.enterprises, world.panel
    measured = panel[rng.random(len(panel)) < 0.45]
    space = measured.employees * 11 * np.exp(0.3 * rng.standard_normal(len(measured)))
    training = 0.012 * np.exp(0.35 * firms.quality.to_numpy()[measured.firm] + 0.4 * rng.standard_normal(len(measured)))
    return pd.DataFrame(
        {
            "enterprise_id": measured.enterprise_id.to_numpy(),
            "year": measured.year.to_numpy(),
            "output_per_sqm": (measured.revenue_cny / space).round(0).to_numpy(),
            "training_share": training.round(4),
        }
    )


def decisions(world: World) -> pd.DataFrame:
    """Three editions: enterprise_id, edition, as_of, decision, decided_on, known_on.

    Committees looked at about one enterprise in six, mostly the large; merit in their eyes is size first, then
    quality, key industry, certificates and growth, with noise, and it favours who was on the list before.
    """
    rng, firms = world.rng, world.enterprises
    on_list = np.zeros(len(firms), dtype=bool)
    seats = max(18, round(0.035 * len(firms)))
    parts = []
    for year in world.years[-3:]:
        now = world.panel[world.panel.year == year - 1].set_index("firm")
        before = world.panel[world.panel.year == year - 2].set_index("firm").revenue_cny.reindex(now.index)
        about = firms.loc[now.index]
        size = _standard(np.log(now.revenue_cny)) + 0.5 * _standard(np.log(now.employees))
        growth = (now.revenue_cny / before).fillna(1.0).clip(0.6, 2.2) - 1
        key = np.where(about.key != "", 0.6, 0.0)
        incumbent = on_list[now.index]
        merit = 0.75 * size + 0.45 * about.quality + 0.7 * growth + key + 0.3 * about.tech
        merit = merit + INCUMBENT_BONUS * incumbent + 0.55 * rng.standard_normal(len(now))
        looked = (merit + 0.8 * rng.standard_normal(len(now))).rank(ascending=False) <= 0.14 * len(firms)
        looked = looked | incumbent | (rng.random(len(now)) < 0.025)
        chosen = merit.where(looked).rank(ascending=False) <= seats
        verdict = np.select([chosen, incumbent, looked], ["listed", "removed", "declined"], "not_reviewed")
        on_list[:] = False
        on_list[now.index[chosen]] = True
        parts.append(
            pd.DataFrame(
                {
                    "enterprise_id": about.enterprise_id.to_numpy(),
                    "name": about.name.to_numpy(),
                    "edition": f"{year}年度",
                    "as_of": date(year, 6, 30),
                    "decision": verdict,
                    "decided_on": date(year, 9, 20),
                    "known_on": date(year, 9, 25),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def registrations(world: World) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The register at the start, and what changed since, each row whole and with `known_on`.

    Changes: founded later, renamed, moved to another street, closed (注销), merged (the one absorbed is closed and
    carries the other's code as group). Columns: enterprise_id, name, established_on, industry_code, street,
    ownership, registered_capital_cny,
    paid_in_capital_cny, group_id, status, known_on.
    """
    rng, firms = world.rng, world.enterprises
    start = pd.Timestamp(world.years[0] + 1, 2, 26)
    capital = np.maximum(np.round(np.exp(15.2 + 1.3 * rng.standard_normal(len(firms))), -5), 100_000)
    register = firms[["enterprise_id", "name", "established_on", "industry_code", "street", "ownership", "group_id"]]
    paid = np.clip(0.6 + 0.15 * firms.quality.to_numpy() + 0.3 * rng.standard_normal(len(firms)), 0.05, 1.0)
    register = register.assign(
        registered_capital_cny=capital, paid_in_capital_cny=np.round(capital * paid, -4), status="存续", known_on=start
    )
    early = register.established_on <= pd.Timestamp(world.years[0], 12, 31)
    later = register[~early].assign(known_on=lambda rows: rows.established_on + pd.Timedelta(days=10))
    lives = register[(firms.closed_in == 0) & early]
    renamed = lives.sample(frac=0.02, random_state=rng)
    renamed = renamed.assign(
        name=renamed.name.str.replace("上海", "上海新", n=1), known_on=_days(rng, world, len(renamed))
    )
    moved = lives.drop(renamed.index).sample(frac=0.03, random_state=rng)
    streets = np.array(list(reference()["streets"]), dtype=object)
    moved = moved.assign(
        street=streets[rng.integers(0, len(streets), len(moved))], known_on=_days(rng, world, len(moved))
    )
    gone = register[(firms.closed_in > 0) & (firms.closed_in >= world.years[0] + 1)]
    closing = pd.to_datetime(firms.closed_in[gone.index].astype(str) + "-04-01")
    gone = gone.assign(status="注销", known_on=(closing + pd.to_timedelta(rng.integers(0, 250, len(gone)), unit="D")))
    merged = gone.sample(frac=0.1, random_state=rng).index
    gone.loc[merged, "group_id"] = lives.enterprise_id.sample(len(merged), random_state=rng).to_numpy()
    changes = pd.concat([later, renamed, moved, gone]).sort_values(["known_on", "enterprise_id"])
    return register[early], changes.reset_index(drop=True)


def _days(rng: np.random.Generator, world: World, count: int) -> pd.DatetimeIndex:
    """Days at random between the first register and the last May."""
    start, end = pd.Timestamp(world.years[0] + 1, 3, 15), pd.Timestamp(world.years[-1] + 1, 5, 20)
    return start + pd.to_timedelta(rng.integers(0, (end - start).days, count), unit="D")


def _standard(values: pd.Series) -> pd.Series:
    return (values - values.mean()) / values.std()
