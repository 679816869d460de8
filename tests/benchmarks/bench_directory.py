"""The list: 100,000 candidates, 32 quotas and group caps, against the same model given whole to `scipy.optimize.milp`.

    python tests/benchmarks/bench_directory.py [CANDIDATES] [ROUNDS]

Both prove the same optimum; ours also makes it the only one (equal lists told apart by ranks and identifiers) and
checks it in whole numbers. Candidates, quotas and groups are drawn from one seed.
"""

from __future__ import annotations

import sys
import time

import numpy as np
from measure import Contender, machine, ratio, run_in_turns, tell
from scipy import optimize, sparse

from scoring.optimum.quotas import Programme, Row

PLACES = 1000
TRACKS = ((100, 300), (200, 400), (250, 400), (80, 150))
GROUP_CAP = 2


def candidates(count: int, seed: int = 1) -> Programme:
    """Points that grow with size, four tracks, twelve industries, ten streets, groups of three on average."""
    draw = np.random.default_rng(seed)
    size = draw.lognormal(0, 1, count)
    points = np.clip(50 + 12 * draw.normal(size=count) + 5 * np.log(size), 0, 100)
    worth = np.rint(points * 10_000).astype(np.int64)
    track = draw.choice(4, count, p=[0.05, 0.25, 0.55, 0.15])
    section = draw.choice(12, count, p=draw.dirichlet(np.full(12, 2.0)))
    street = draw.choice(10, count)
    small = (track >= 2) | (draw.random(count) < 0.3)
    _, groups = np.unique(
        np.where(draw.random(count) < 0.3, draw.integers(0, count // 8, count), -1), return_inverse=True
    )
    rows = [_row("total", "", np.ones(count, dtype=bool), None, PLACES)]
    for number, (low, high) in enumerate(TRACKS):
        rows.append(_row("track", str(number), track == number, None, high))
        rows.append(_row("track", str(number), track == number, low, None))
    rows += [_row("industry", str(number), section == number, None, 130) for number in range(12)]
    rows += [_row("street", str(number), street == number, 105 if number < 5 else 80, None) for number in range(10)]
    weights = np.where(small, 100, 0) - 45
    rows.append(Row("small_and_micro", "", "min", 0.45, np.arange(count), weights, 0, None, 100))
    order = np.empty(count, dtype=np.int64)
    order[np.argsort(-worth, kind="stable")] = np.arange(1, count + 1)
    ids = np.array([f"E{number:07d}" for number in range(count)], dtype=object)
    forced = np.zeros(count, dtype=bool)
    return Programme(ids, worth, order, groups.astype(np.int64) - 1, GROUP_CAP, forced, tuple(rows))


def _row(kind: str, name: str, members: np.ndarray, low: int | None, high: int | None) -> Row:
    at = np.flatnonzero(members)
    side = "max" if high is not None else "min"
    return Row(kind, name, side, float(high or low or 0), at, np.ones(len(at), dtype=np.int64), low, high)


def by_mulu(count: int) -> None:
    """Our list."""
    from scoring.optimum.solving import best

    programme = candidates(count)
    begun = time.perf_counter()
    chosen = best(programme, unique=True)
    seconds = time.perf_counter() - begun
    assert chosen is not None
    assert programme.holds(chosen)
    tell(seconds, count, worth=int(programme.worth[chosen].sum()), members=int(chosen.sum()))


def by_scipy(count: int) -> None:
    """The whole model to HiGHS through scipy: every candidate, every quota, every group."""
    programme = candidates(count)
    begun = time.perf_counter()
    at = np.concatenate([row.at for row in programme.rows])
    weights = np.concatenate([row.weights for row in programme.rows]).astype(np.float64)
    starts = np.cumsum([0, *(len(row.at) for row in programme.rows)])
    quotas = sparse.csr_array((weights, at, starts), shape=(len(programme.rows), count))
    grouped = np.flatnonzero(programme.groups >= 0)
    groups = sparse.csr_array(
        (np.ones(len(grouped)), (programme.groups[grouped], grouped)), shape=(programme.groups.max() + 1, count)
    )
    low = [PLACES if row.kind == "total" else -np.inf if row.low is None else row.low for row in programme.rows]
    high = [np.inf if row.high is None else row.high for row in programme.rows]
    found = optimize.milp(
        -programme.worth.astype(np.float64),
        constraints=[
            optimize.LinearConstraint(quotas, low, high),
            optimize.LinearConstraint(groups, -np.inf, GROUP_CAP),
        ],
        integrality=np.ones(count),
        bounds=optimize.Bounds(0, 1),
        options={"mip_rel_gap": 0.0},
    )
    seconds = time.perf_counter() - begun
    chosen = found.x > 0.5
    tell(seconds, count, worth=int(programme.worth[chosen].sum()), members=int(chosen.sum()))


def main() -> None:
    """Run one contender (`NAME CANDIDATES`), or both in turns."""
    if len(sys.argv) == 3 and sys.argv[1] in ("mulu", "scipy"):
        {"mulu": by_mulu, "scipy": by_scipy}[sys.argv[1]](int(sys.argv[2]))
        return
    count, rounds = (int(argument) for argument in (*sys.argv[1:], *("100000", "3")[len(sys.argv) - 1 :]))
    ours, theirs = (Contender(name, [sys.executable, __file__, name, str(count)]) for name in ("mulu", "scipy"))
    run_in_turns([ours, theirs], rounds, {"OMP_NUM_THREADS": "1"})
    worth = {one["worth"] for contender in (ours, theirs) for one in contender.told}
    if len(worth) != 1:
        raise SystemExit(f"the contenders differ: {worth}")
    sys.stdout.write(
        f"{machine()}; {count:,} candidates, {len(candidates(10).rows)} quotas, {rounds} rounds, same optimum\n"
        f"mulu   {ours.seconds:8.2f} s  peak {ours.peak_mib:5.0f} MiB\n"
        f"scipy  {theirs.seconds:8.2f} s  peak {theirs.peak_mib:5.0f} MiB\n"
        f"times faster: {ratio(theirs, ours):.0f}\n"
    )


if __name__ == "__main__":
    main()
