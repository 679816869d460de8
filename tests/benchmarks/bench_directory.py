"""The list: candidates, 32 quotas and group caps, against the same model given whole to `scipy.optimize.milp`.

    python tests/benchmarks/bench_directory.py [CANDIDATES] [LIMIT] [FINISHED] [ROUNDS]

At CANDIDATES (100,000) the rival is stopped after LIMIT seconds (120) with what it has; then the ratio is a lower
bound and the report says so. At FINISHED candidates (5,000), quotas in proportion, it finishes and both must have the
same optimum. Both sides get the candidates and quotas as they are and are timed from there. Ours also makes the
optimum the only one (equal lists told apart by ranks and identifiers) and checks it in whole numbers. Everything is
drawn from one seed.
"""

from __future__ import annotations

import sys
import time

import numpy as np
from measure import Contender, machine, ratio, record, run_in_turns, tell
from scipy import optimize, sparse

from scoring.optimum.quotas import Programme, Row

TRACKS = ((100, 300), (200, 400), (250, 400), (80, 150))
"""Least and most places of four tracks, of a thousand places among 100,000 candidates; in proportion for fewer."""

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
    part = min(count / 100_000, 1.0)
    rows = [_row("total", "", np.ones(count, dtype=bool), None, round(1000 * part))]
    for number, (low, high) in enumerate(TRACKS):
        rows.append(_row("track", str(number), track == number, None, round(high * part)))
        rows.append(_row("track", str(number), track == number, round(low * part), None))
    rows += [_row("industry", str(number), section == number, None, round(130 * part)) for number in range(12)]
    least = [round((105 if number < 5 else 80) * part) for number in range(10)]
    rows += [_row("street", str(number), street == number, least[number], None) for number in range(10)]
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
    tell(seconds, count, worth=int(programme.worth[chosen].sum()), proven=True)


def by_scipy(count: int, limit: float) -> None:
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
    places = programme.total.high
    low = [places if row.kind == "total" else -np.inf if row.low is None else row.low for row in programme.rows]
    high = [np.inf if row.high is None else row.high for row in programme.rows]
    found = optimize.milp(
        -programme.worth.astype(np.float64),
        constraints=[
            optimize.LinearConstraint(quotas, low, high),
            optimize.LinearConstraint(groups, -np.inf, GROUP_CAP),
        ],
        integrality=np.ones(count),
        bounds=optimize.Bounds(0, 1),
        options={"mip_rel_gap": 0.0, "time_limit": limit},
    )
    seconds = time.perf_counter() - begun
    worth = None if found.x is None else int(programme.worth[found.x > 0.5].sum())
    tell(seconds, count, worth=worth, proven=found.status == 0)


def compare(count: int, limit: float, rounds: int) -> str:
    """Both in turns; refuses to go on if they prove different optima. Gives the report of one size."""
    ours = Contender("mulu", [sys.executable, __file__, "mulu", str(count)])
    theirs = Contender("scipy", [sys.executable, __file__, "scipy", str(count), str(limit)])
    run_in_turns([ours, theirs], rounds, {"OMP_NUM_THREADS": "1"})
    record(f"the list, {count:,} candidates (rival stopped after {limit:.0f} s)", ours, theirs)
    proven = all(one["proven"] for one in theirs.told)
    worth = {one["worth"] for contender in (ours, theirs) for one in contender.told}
    if proven and len(worth) != 1:
        raise SystemExit(f"the contenders differ: {worth}")
    quotas = len(candidates(count).rows)
    if proven:
        told = f"{ratio(theirs, ours):.0f} times faster, same optimum"
    else:
        best = theirs.told[-1]["worth"]
        has = "no list" if best is None else f"{ours.told[-1]['worth'] - best:,} units short of our optimum"
        told = f"at least {ratio(theirs, ours):.0f} times faster: the rival was stopped after {limit:.0f} s with {has}"
    return (
        f"{count:,} candidates, {quotas} quotas, group caps, {rounds} rounds: {told}\n"
        f"  mulu   {ours.seconds:8.2f} s  peak {ours.peak_mib:5.0f} MiB\n"
        f"  scipy  {theirs.seconds:8.2f} s  peak {theirs.peak_mib:5.0f} MiB\n"
    )


def main() -> None:
    """Run one contender (`NAME CANDIDATES ...`), or compare at both sizes."""
    arguments = sys.argv[1:]
    if arguments[:1] == ["mulu"]:
        by_mulu(int(arguments[1]))
    elif arguments[:1] == ["scipy"]:
        by_scipy(int(arguments[1]), float(arguments[2]))
    else:
        given = [*arguments, *("100000", "120", "5000", "3")[len(arguments) :]]
        count, limit, finished, rounds = int(given[0]), float(given[1]), int(given[2]), int(given[3])
        sys.stdout.write(f"{machine()}\n{compare(finished, 600.0, rounds)}")
        sys.stdout.flush()
        sys.stdout.write(compare(count, limit, 1))


if __name__ == "__main__":
    main()
