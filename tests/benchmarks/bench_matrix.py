"""The matrix against the same features in plain pandas: speed, equal values, peak memory, growth with size.

    python tests/benchmarks/bench_matrix.py --enterprises 100000 1000000 [--repeats 3] [--out FOLDER]

Each side runs in a process of its own on the same store (5 closed years, one in fifty reports corrected), so that peak
memory is its own; what both import is loaded before the clock starts. The rival is vectorised throughout (no apply, no
loop over rows) and knows the shape of the data: it deduplicates only what is repeated and reads only the columns it
needs. Values must be equal to 1e-9.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from measure import Contender, machine, markdown, publish, ratio, record, run_in_turns, tell, timed

from data.settings import Settings
from data.store import Source, Store

AS_OF = date(2020, 6, 30)
YEARS = range(2015, 2020)
MONEY = ("revenue_cny", "net_profit_cny", "total_assets_cny", "net_assets_cny", "total_liabilities_cny",
         "rd_expense_cny", "hightech_revenue_cny", "wages_cny", "tax_paid_cny", "district_tax_cny", "rd_stock_cny",
         "market_value_cny", "capital_stock_cny")  # fmt: skip
COUNTS = ("employees", "insured_employees", "district_insured_employees", "rd_staff", "masters_and_doctors",
          "graduates_hired", "invention_patents", "software_copyrights")  # fmt: skip


def fill(home: Path, enterprises: int) -> None:
    """A store of registrations and five years of reports, one in fifty of the last year corrected later."""
    rng = np.random.default_rng(20200424)
    store = Store(Settings(home=home))
    ids = pa.array([f"9131010500{number:08d}" for number in range(enterprises)])
    codes = np.array(["6513", "6450", "5612", "7491", "6632", "7211", "5179", "7520"])
    register = {
        "enterprise_id": ids,
        "name": ids,
        "established_on": pa.array(rng.integers(12000, 17000, enterprises).astype("int32"), pa.int32()).cast(
            pa.date32()
        ),
        "industry_code": pa.array(rng.choice(codes, enterprises)),
        "region": pa.array(rng.choice(["a", "b", "c"], enterprises)),
    }
    store.add(_source("register"), {"enterprises": pa.table(register)}, date(2015, 1, 1))
    size = rng.lognormal(15, 2, enterprises)
    for year in YEARS:
        size = size * rng.lognormal(0.05, 0.3, enterprises)
        store.add(_source(str(year)), {"reports": _reports(ids, size, year, rng)}, date(year + 1, 4, 30))
    some = np.flatnonzero(rng.random(enterprises) < 0.02)
    corrected = _reports(ids.take(pa.array(some)), size[some] * 1.1, 2019, rng)
    store.add(_source("corrected"), {"reports": corrected}, date(2020, 6, 1))


def _source(name: str) -> Source:
    return Source(f"{name}.parquet", hashlib.sha256(name.encode()).hexdigest(), "bench")


def _reports(ids: pa.Array, size: np.ndarray, year: int, rng: np.random.Generator) -> pa.Table:
    count = len(size)
    columns: dict[str, object] = {
        "enterprise_id": ids,
        "period_end": pa.array([date(year, 12, 31)] * count, pa.date32()),
        "period_months": pa.array(np.full(count, 12.0)),
        "source_row": pa.array(np.arange(2, count + 2)),
    }
    for name in MONEY:
        values = size * rng.lognormal(-1, 0.5, count)
        columns[name] = pa.array(np.where(rng.random(count) < 0.05, np.nan, values), from_pandas=True)
    for name in COUNTS:
        columns[name] = pa.array(np.floor(size**0.3 * rng.random(count)))
    return pa.table(columns)


def pandas_matrix(store: Store) -> pd.DataFrame:
    """The same features in plain pandas."""
    read = ["enterprise_id", "period_end", "period_months", *MONEY, *COUNTS, "known_on", "batch_id", "source_row"]
    facts = pa.concat_tables([pq.read_table(path, columns=read) for path in store.files("reports")]).to_pandas()
    known = pd.to_datetime(facts["known_on"]) <= pd.Timestamp(AS_OF)
    ends = pd.to_datetime(facts["period_end"])
    facts = facts[known & (ends <= pd.Timestamp(AS_OF)) & (facts["period_months"] == 12)]
    facts = facts.assign(year=pd.to_datetime(facts["period_end"]).dt.year)
    key = ["enterprise_id", "year"]
    repeated = facts.duplicated(key, keep=False)
    several = facts[repeated].sort_values(["known_on", "batch_id", "source_row"]).groupby(key, as_index=False).last()
    facts = pd.concat([facts[~repeated], several])
    columns = [*MONEY, *COUNTS]
    register = pq.read_table(
        store.files("enterprises")[0], columns=["enterprise_id", "established_on", "industry_code"]
    )
    about = register.to_pandas().set_index("enterprise_id").sort_index()
    recent = facts[facts["year"] >= 2017]  # the last closed year counts up to 36 months after its end
    last = recent[recent["revenue_cny"].notna()].groupby("enterprise_id")["year"].max()
    last = last.combine_first(recent.groupby("enterprise_id")["year"].max())
    facts["ago"] = facts["enterprise_id"].map(last) - facts["year"]
    by_age = {
        years: facts[facts["ago"] == years].set_index("enterprise_id")[columns].reindex(about.index)
        for years in range(4)
    }
    return pd.DataFrame(_features(by_age, about, last.reindex(about.index)))


def _features(ago: dict[int, pd.DataFrame], about: pd.DataFrame, last: pd.Series) -> dict[str, pd.Series]:
    x, y, z, w = ago[0], ago[1], ago[2], ago[3]

    def over(part: pd.Series, whole: pd.Series) -> pd.Series:
        return part / whole.where(whole > 0)

    def log1p(value: pd.Series) -> pd.Series:
        return np.log(value.where(value >= 0) + 1)

    def log(value: pd.Series) -> pd.Series:
        return np.log(value.where(value > 0))

    def growth(now: pd.Series, before: pd.Series) -> pd.Series:
        return (over(now, before) - 1).where(now >= 0)

    def compound(now: pd.Series, before: pd.Series, years: int) -> pd.Series:
        return np.exp(log(now / before.where(before > 0)) / years) - 1

    def log_growth(now: pd.Series, before: pd.Series) -> pd.Series:
        return log(now) - log(before)

    division = about["industry_code"].str[:2]
    size = _size_class(about["industry_code"], x)

    def rank(value: pd.Series, groups: list[pd.Series]) -> pd.Series:
        grouped = value.groupby(groups)
        place, count = grouped.rank(method="average"), grouped.transform("count")
        return ((place - 1) / (count - 1).clip(lower=1)).where(count >= 10)

    def peers(value: pd.Series) -> pd.Series:
        return rank(value, [division, size]).fillna(rank(value, [division]))

    def everyone(value: pd.Series) -> pd.Series:
        return (value.rank(method="average") - 1) / (value.count() - 1)

    revenue, profit, assets, net = x["revenue_cny"], x["net_profit_cny"], x["total_assets_cny"], x["net_assets_cny"]
    people, insured, rd = x["employees"], x["insured_employees"], x["rd_expense_cny"]
    g1, g2, g3 = (
        log_growth(revenue, y["revenue_cny"]),
        log_growth(y["revenue_cny"], z["revenue_cny"]),
        log_growth(z["revenue_cny"], w["revenue_cny"]),
    )
    mean = (g1 + g2 + g3) / 3
    up1 = revenue > y["revenue_cny"]
    up2 = y["revenue_cny"] > z["revenue_cny"]
    up3 = z["revenue_cny"] > w["revenue_cny"]
    fast = (compound(revenue, w["revenue_cny"], 3), compound(people, w["employees"], 3))
    high = ((fast[0] > 0.2) | (fast[1] > 0.2)).astype(float).where(fast[0].notna() | fast[1].notna())
    totals = revenue.clip(lower=0).groupby(division).transform("sum")
    squared = ((revenue.clip(lower=0) / totals) ** 2).groupby(division).transform("sum")
    ends = pd.to_datetime(last.map(_year_ends(last)))
    return {
        "revenue_log": log1p(revenue),
        "assets_log": log(assets),
        "employees_log": log1p(people),
        "market_value_log": log(x["market_value_cny"]),
        "capital_stock_log": log(x["capital_stock_cny"]),
        "value_to_assets": over(x["market_value_cny"], x["capital_stock_cny"]),
        "net_margin": over(profit, revenue),
        "return_on_assets": over(profit, assets),
        "leverage": over(x["total_liabilities_cny"].fillna(assets - net), assets),
        "productivity_log": log(over(revenue, people)),
        "revenue_place": everyone(revenue),
        "employees_place": everyone(people),
        "age_years": (pd.Timestamp(AS_OF) - pd.to_datetime(about["established_on"])).dt.days / 365.25,
        "report_age": (pd.Timestamp(AS_OF) - ends).dt.days.astype(float),
        "district_insured_log": log1p(x["district_insured_employees"]),
        "insured_log": log1p(insured),
        "district_insured_share": over(x["district_insured_employees"], insured),
        "insured_growth_1y": growth(insured, y["insured_employees"]),
        "insured_cagr_3y": compound(insured, w["insured_employees"], 3),
        "insured_rank": peers(insured),
        "graduates_hired_log": log1p(x["graduates_hired"]),
        "wages_per_employee_log": log(over(x["wages_cny"], people)),
        "district_rd_log": log1p(rd * over(x["district_insured_employees"], insured)),
        "tax_paid_log": log1p(x["tax_paid_cny"]),
        "district_tax_log": log1p(x["district_tax_cny"]),
        "revenue_growth_1y": growth(revenue, y["revenue_cny"]),
        "revenue_cagr_2y": compound(revenue, z["revenue_cny"], 2),
        "revenue_cagr_3y": compound(revenue, w["revenue_cny"], 3),
        "revenue_acceleration": g1 - g2,
        "revenue_volatility": np.sqrt(((g1 - mean) ** 2 + (g2 - mean) ** 2 + (g3 - mean) ** 2) / 3),
        "revenue_years_up": (up1 * (1.0 + up2 * (1.0 + up3))).where(revenue.notna() & y["revenue_cny"].notna()),
        "employees_growth_1y": growth(people, y["employees"]),
        "employees_cagr_2y": compound(people, z["employees"], 2),
        "employees_cagr_3y": compound(people, w["employees"], 3),
        "assets_growth_1y": growth(assets, y["total_assets_cny"]),
        "assets_cagr_2y": compound(assets, z["total_assets_cny"], 2),
        "assets_cagr_3y": compound(assets, w["total_assets_cny"], 3),
        "rd_growth_1y": growth(rd, y["rd_expense_cny"]),
        "rd_cagr_2y": compound(rd, z["rd_expense_cny"], 2),
        "rd_cagr_3y": compound(rd, w["rd_expense_cny"], 3),
        "market_value_growth_1y": growth(x["market_value_cny"], y["market_value_cny"]),
        "profit_swing_1y": over(profit - y["net_profit_cny"], y["revenue_cny"]),
        "revenue_growth_rank": peers(over(revenue, y["revenue_cny"])),
        "hnte_revenue_points": _points(revenue, y["revenue_cny"], z["revenue_cny"]),
        "hnte_net_assets_points": _points(net, y["net_assets_cny"], z["net_assets_cny"]),
        "oecd_high_growth": high,
        "industry_growth": growth(revenue, y["revenue_cny"]).groupby(division).transform("median"),
        "industry_concentration": squared,
        "revenue_rank": peers(revenue),
        "productivity_rank": peers(over(revenue, people)),
        "margin_rank": peers(over(profit, revenue)),
        "rd_intensity_rank": peers(over(rd, revenue)),
        "rd_intensity": over(rd, revenue),
        "rd_stock_log": log1p(x["rd_stock_cny"]),
        "hightech_share": over(x["hightech_revenue_cny"], revenue),
        "invention_patents_log": log1p(x["invention_patents"]),
        "software_copyrights_log": log1p(x["software_copyrights"]),
        "rd_staff_share": over(x["rd_staff"], people),
        "masters_share": over(x["masters_and_doctors"], people),
        "oecd_high_growth_ten": high.where(w["employees"] >= 10, 0.0).where(w["employees"].notna()),
        "industry_section": division.map(_SECTIONS),
        "industry_division": division,
    }


def _year_ends(years: pd.Series) -> dict[int, date]:
    """The last day of each year that occurs."""
    return {year: date(int(year), 12, 31) for year in years.dropna().unique()}


def _points(now: pd.Series, before: pd.Series, first: pd.Series) -> pd.Series:
    second = now / before.where(before > 0)
    rate = ((before / first.where(first > 0) + second) / 2).fillna(second) - 1
    bands = [rate >= 0.35, rate >= 0.25, rate >= 0.15, rate >= 0.05, rate > 0]
    points = np.select(bands, [9.5, 7.5, 5.5, 3.5, 1.5], default=0.0)
    return pd.Series(points, index=now.index).where(now.notna() & before.notna())


def _size_class(codes: pd.Series, figures: pd.DataFrame) -> pd.Series:
    from data.enterprise_size import classify_many

    asked = pd.DataFrame({
        "industry_code": codes, "employees": figures["employees"], "revenue_cny": figures["revenue_cny"],
        "assets_cny": figures["total_assets_cny"],
    })  # fmt: skip
    return classify_many(asked, AS_OF)["size_class"]


_SECTIONS = {"65": "I", "64": "I", "56": "G", "74": "M", "66": "J", "72": "L", "51": "F", "75": "M"}


def side(name: str, home: Path, enterprises: int) -> None:
    """One side in this process: tells seconds and peak memory, and leaves the matrix in a file."""
    from features.catalog import catalogue
    from features.matrix import build_matrix

    store = Store(Settings(home=home))
    if name == "mulu":
        names = json.loads((home / "names.json").read_text(encoding="utf-8"))
        chosen = catalogue(store).select(names=names)
        seconds, frame = timed(lambda: build_matrix(store, AS_OF, chosen).frame)
    else:
        seconds, frame = timed(lambda: pandas_matrix(store))
        (home / "names.json").write_text(json.dumps(list(frame.columns)), encoding="utf-8")
    told = {"cpu_seconds": round(time.process_time(), 2), "features": len(frame.columns)}
    tell(seconds, enterprises, **told)  # the peak is taken before the comparison's file is written
    words = frame.columns[[not pd.api.types.is_numeric_dtype(kind) for kind in frame.dtypes]]
    frame.astype(dict.fromkeys(words, "str")).to_parquet(home / f"{name}.parquet")


def compare(enterprises: int, repeats: int) -> tuple[Contender, Contender]:
    """Both sides in turns on one store; the values must be equal to 1e-9."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        fill(home, enterprises)
        common = ["--home", folder, "--enterprises", str(enterprises)]
        rival, ours = (
            Contender(name, [sys.executable, __file__, "--side", name, *common]) for name in ("pandas", "mulu")
        )
        run_in_turns([rival, ours], repeats)
        theirs, mine = (pd.read_parquet(home / f"{name}.parquet") for name in ("pandas", "mulu"))
        pd.testing.assert_frame_equal(
            theirs[sorted(theirs)], mine[sorted(mine)], check_exact=False, rtol=1e-9, atol=1e-9, check_names=False
        )
    record(f"the matrix, {enterprises:,} enterprises x {len(YEARS)} years", ours, rival)
    return rival, ours


def report(sizes: Sequence[int], repeats: int) -> str:
    """The sizes' figures as Markdown."""
    rows = []
    for enterprises in sizes:
        rival, ours = compare(enterprises, repeats)
        rows.append(
            [f"{enterprises:,}", ours.told[-1]["features"], f"{rival.seconds:.1f}", f"{ours.seconds:.1f}",
             f"{ratio(rival, ours):.1f}", f"{1e6 * ours.seconds / enterprises:.1f}", f"{rival.peak_mib / 1024:.2f}",
             f"{ours.peak_mib / 1024:.2f}"]
        )  # fmt: skip
    headings = ["enterprises", "features", "pandas, s", "mulu, s", "times faster", "mulu, µs each", "pandas, GiB",
                "mulu, GiB"]  # fmt: skip
    return f"# The matrix\n\n{machine()}; {repeats} rounds; values equal to 1e-9.\n\n{markdown(headings, rows)}"


def main() -> None:
    """Run one side, or compare both at each size."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--enterprises", type=int, nargs="+", default=[100_000])
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--side", choices=["pandas", "mulu"])
    parser.add_argument("--home", type=Path)
    asked = parser.parse_args()
    if asked.side:
        side(asked.side, asked.home, asked.enterprises[0])
    else:
        publish("matrix", report(asked.enterprises, asked.repeats), asked.out)


if __name__ == "__main__":
    main()
