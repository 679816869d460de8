"""Taking in annual reports from CSV, against pandas `read_csv` and the same checks row by row.

    python tests/benchmarks/bench_intake.py [--rows 1000000] [--rival-rows 100000] [--repeats 3] [--out FOLDER]

Both read the same kind of file (valid and invalid credit codes, amounts in 万元, blanks, bands, repeated rows), judge
every row by the same rules, and leave Parquet behind. The row-wise contender takes plain numbers by `float` and only
the others by the product's own reader of one cell; it runs on a tenth of the rows (or `--rival-rows`), and its time is
per row. Ours also runs once on three times the rows, to show whether memory follows the file.
"""

from __future__ import annotations

import argparse
import csv
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

FIELDS = {
    "营业收入(万元)": "revenue_cny", "净利润(万元)": "net_profit_cny", "资产总计(万元)": "total_assets_cny",
    "负债合计(万元)": "total_liabilities_cny", "所有者权益合计(万元)": "net_assets_cny",
    "研发费用(万元)": "rd_expense_cny",
    "从业人数": "employees", "社保人数": "insured_employees", "研发人员": "rd_staff", "发明专利数": "invention_patents",
}  # fmt: skip
HEADER = ("统一社会信用代码", "企业名称", "年份", *FIELDS)
MONEY = [header for header, name in FIELDS.items() if name.endswith("_cny")]


def codes(count: int) -> np.ndarray:
    """Credit codes with both check digits right, one for each number."""
    from data.identity import ALPHABET

    weights = np.array([pow(3, power, 31) for power in range(17)])
    numbers = np.arange(10_000_000, 10_000_000 + count)
    digits = numbers[:, None] // 10 ** np.arange(7, -1, -1) % 10
    check = 11 - digits @ np.array([3, 7, 9, 10, 5, 8, 4, 2]) % 11
    check = np.where(check == 11, 0, check)
    values = np.column_stack([np.tile([9, 1, 3, 1, 0, 1, 0, 5], (count, 1)), digits, np.where(check == 10, 30, check)])
    values[check == 10, 16] = ALPHABET.index("X")
    last = (31 - values @ weights % 31) % 31
    letters = np.array(list(ALPHABET))[np.column_stack([values, last])]
    return np.ascontiguousarray(letters).view("U18").ravel()


def write_file(path: Path, rows: int) -> None:
    """A file of annual reports of 2021 to 2025, one in 200 rows with something wrong."""
    draw = np.random.default_rng(20200424)
    firms = codes((rows + 4) // 5)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADER)
        for year in range(2021, 2026):
            count = min(len(firms), rows - (year - 2021) * len(firms))
            people = np.maximum(1, draw.lognormal(3, 1.2, count)).astype(int)
            revenue = people * draw.uniform(20, 200, count)
            assets = revenue * draw.uniform(0.5, 2, count)
            debts = assets * draw.uniform(0, 0.8, count)
            columns = [
                revenue.round(2), (revenue * draw.normal(0.05, 0.1, count)).round(2), assets.round(2), debts.round(2),
                (assets.round(2) - debts.round(2)).round(2), (revenue * draw.uniform(0, 0.2, count)).round(2),
                people, (people * draw.uniform(0.5, 1, count)).astype(int), (people * 0.2).astype(int),
                draw.poisson(1, count),
            ]  # fmt: skip
            for at, cells in enumerate(zip(*(column.tolist() for column in columns), strict=True)):
                code, row = str(firms[at]), list(map(str, cells))
                fault = at % 1000
                if fault == 1:
                    code = code[:-1] + ("0" if code[-1] != "0" else "1")
                elif fault == 2:
                    row[0] = "约500"
                elif fault == 3:
                    row[5] = "—"
                elif fault == 4:
                    code = code.lower()
                elif fault == 5:
                    row[6] = "12.5"
                writer.writerow([code, f"示例{at:07d}有限公司", year, *row])


def by_mulu(path: Path) -> dict[str, float]:
    """The product's own intake into a fresh home."""
    from data.intake import take_in
    from data.settings import Settings
    from data.store import Store

    home = Path(tempfile.mkdtemp())
    try:
        store = Store(Settings(home=home))
        started = time.perf_counter()
        result = take_in(store, path, known_on=date(2026, 5, 1), actor="benchmark")
        return {"seconds": time.perf_counter() - started, "rows": result.rows, "accepted": result.accepted}
    finally:
        shutil.rmtree(home)


def _quick(text: str, factor: float, read: Callable[..., Any], *more: object) -> Any:
    """A plain number without ado; whatever else by the product's own reader."""
    from data.amounts import Reading

    try:
        number = float(text)
    except ValueError:
        return read(text, factor, *more)
    return Reading(number * factor) if factor != 1.0 or number.is_integer() else read(text, factor, *more)


def by_rows(path: Path) -> dict[str, float]:
    """pandas reads, Python judges row by row, pandas writes."""
    import pandas as pd

    from data.amounts import read_count, read_money
    from data.identity import code_problem, normalise_code

    started = time.perf_counter()
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    accepted, findings, seen = [], 0, {}
    for number, row in enumerate(frame.to_dict("records"), start=2):
        bad = False
        code = normalise_code(row["统一社会信用代码"])
        findings += code != row["统一社会信用代码"]
        if code_problem(code):
            bad = True
        figures: dict[str, float | None] = {}
        for header, name in FIELDS.items():
            reading = (
                _quick(row[header], 1e4, read_money, {}) if header in MONEY else _quick(row[header], 1.0, read_count)
            )
            findings += bool(reading.code)
            bad = bad or reading.severity == "error"
            figures[name] = reading.value
        if not row["年份"].isdigit():
            bad = True
        figures_known = {name: value for name, value in figures.items() if value is not None}
        for name in ("employees", "insured_employees", "rd_staff", "invention_patents", "total_assets_cny"):
            bad = bad or figures_known.get(name, 0) < 0
        bad = bad or any(abs(value) > 1e14 for value in figures_known.values())
        revenue, people = figures_known.get("revenue_cny"), figures_known.get("employees")
        if revenue and people and people >= 5:
            findings += not 1e4 <= revenue / people <= 1e8
        findings += figures_known.get("insured_employees", 0) > figures_known.get("employees", 1e9)
        findings += figures_known.get("rd_expense_cny", 0) > figures_known.get("revenue_cny", 1e15)
        if {"total_assets_cny", "total_liabilities_cny", "net_assets_cny"} <= set(figures_known):
            assets = figures_known["total_assets_cny"]
            gap = assets - figures_known["total_liabilities_cny"] - figures_known["net_assets_cny"]
            findings += abs(gap) > 0.02 * max(abs(assets), abs(figures_known["net_assets_cny"]))
        key, content = (code, row["年份"]), tuple(figures.values())
        if key in seen:
            bad = True
        seen[key] = content
        before = seen.get((code, str(int(row["年份"]) - 1))) if row["年份"].isdigit() else None
        if before and revenue and before[0]:
            ratio = max(revenue / before[0], before[0] / revenue)
            findings += any(abs(ratio / step - 1) < near for step, near in ((10, 0.1), (1e3, 0.35), (1e4, 0.35)))
        if not bad:
            accepted.append(
                {"enterprise_id": code, "name": row["企业名称"], "year": row["年份"], **figures, "source_row": number}
            )
    kept = pd.DataFrame(accepted)
    with tempfile.TemporaryDirectory() as folder:
        kept.drop(columns="name").to_parquet(Path(folder) / "reports.parquet", compression="zstd")
        kept[["enterprise_id", "name"]].to_parquet(Path(folder) / "enterprises.parquet", compression="zstd")
    return {"seconds": time.perf_counter() - started, "rows": len(frame), "accepted": len(kept)}


def main() -> None:
    """Run one contender (`NAME FILE`), or all of them in turns."""
    if len(sys.argv) == 3 and sys.argv[1] in ("mulu", "rows"):
        from measure import tell

        told = {"mulu": by_mulu, "rows": by_rows}[sys.argv[1]](Path(sys.argv[2]))
        tell(told["seconds"], int(told["rows"]), accepted=told["accepted"])
        return
    from measure import Contender, machine, markdown, publish, ratio, record, run_in_turns

    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rival-rows", type=int, default=0)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    try:
        sizes = {"ours": asked.rows, "threefold": 3 * asked.rows, "rival": asked.rival_rows or asked.rows // 10}
        for name, count in sizes.items():
            write_file(folder / f"{name}.csv", count)

        def contender(name: str, who: str, file: str) -> Contender:
            return Contender(name, [sys.executable, __file__, who, str(folder / f"{file}.csv")])

        ours, rival = contender("mulu", "mulu", "ours"), contender("pandas, row by row", "rows", "rival")
        threefold = contender("mulu, three times the rows", "mulu", "threefold")
        run_in_turns([ours, rival], asked.repeats)
        run_in_turns([threefold], 1)
        size = (folder / "ours.csv").stat().st_size / 1e6
    finally:
        shutil.rmtree(folder)
    record(f"intake, {asked.rows:,} rows", ours, rival)
    rows = [
        [
            one.name,
            f"{one.told[0]['rows']:,}",
            f"{one.seconds:.1f}",
            f"{min(one.per_row) * 1e6:.1f}",
            f"{one.peak_mib:,.0f}",
        ]
        for one in (ours, rival, threefold)
    ]
    text = (
        f"{machine()}; {size:.0f} MB for {asked.rows:,} rows; {asked.repeats} rounds in turns, the last once. "
        f"Ours is {ratio(rival, ours):.1f} times as fast by row; with three times the rows it takes "
        f"{threefold.seconds / ours.seconds:.2f} times the time, and its peak is {threefold.peak_mib:,.0f} MiB against "
        f"{ours.peak_mib:,.0f}: {threefold.peak_mib / ours.peak_mib:.2f} times.\n\n"
    )
    text += markdown(["contender", "rows", "seconds (median)", "microseconds a row (best)", "peak MiB"], rows)
    publish("intake", text, asked.out)


if __name__ == "__main__":
    main()
