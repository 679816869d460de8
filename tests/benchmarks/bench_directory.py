"""The list: candidates, 32 quotas and group caps, against the same model given whole to `scipy.optimize.milp`.

    python tests/benchmarks/bench_directory.py [CANDIDATES] [LIMIT] [FINISHED] [ROUNDS]

At CANDIDATES (100,000) the rival is stopped after LIMIT seconds (120); then the ratio is a lower bound and the report
says so. At FINISHED candidates (20,000), quotas in proportion, it finishes and both must have the same optimum. Both
sides get the candidates and quotas as they are and are timed from there. Ours also makes the optimum the only one
(equal lists told apart by ranks and identifiers) and checks it in whole numbers. Everything is drawn from one seed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

import numpy as np
from measure import ROOT, Contender, machine, note, ratio, record, run_in_turns, tell
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
    tell(seconds, count, worth=int(programme.worth[chosen].sum()))


def by_scipy(count: int) -> None:
    """The whole model to HiGHS through scipy: every candidate, every quota, every group."""
    programme = candidates(count)
    sys.stdout.write("begun\n")
    sys.stdout.flush()
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
        options={"mip_rel_gap": 0.0},
    )
    seconds = time.perf_counter() - begun
    tell(seconds, count, worth=int(programme.worth[found.x > 0.5].sum()))


def compare(count: int, rounds: int) -> str:
    """Both in turns, to the end; refuses to go on if they prove different optima. Gives the report."""
    ours, theirs = (Contender(name, command(name, count)) for name in ("mulu", "scipy"))
    run_in_turns([ours, theirs], rounds, {"OMP_NUM_THREADS": "1"})
    record(f"the list, {count:,} candidates", ours, theirs)
    worth = {one["worth"] for contender in (ours, theirs) for one in contender.told}
    if len(worth) != 1:
        raise SystemExit(f"the contenders differ: {worth}")
    return (
        f"{count:,} candidates, {len(candidates(count).rows)} quotas, group caps, {rounds} rounds: "
        f"{ratio(theirs, ours):.0f} times faster, same optimum\n"
        f"  mulu   {ours.seconds:8.2f} s  peak {ours.peak_mib:5.0f} MiB\n"
        f"  scipy  {theirs.seconds:8.2f} s  peak {theirs.peak_mib:5.0f} MiB\n"
    )


def bound(count: int, limit: float, rounds: int) -> str:
    """Ours to the end, the rival until it is stopped from outside: it was seen to overrun its own limit by minutes."""
    ours = Contender("mulu", command("mulu", count))
    run_in_turns([ours], rounds, {"OMP_NUM_THREADS": "1"})
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    with subprocess.Popen(command("scipy", count), stdout=subprocess.PIPE, text=True, env=environment) as rival:
        assert rival.stdout is not None
        rival.stdout.readline()  # it has the candidates now
        try:
            rival.wait(limit)
        except subprocess.TimeoutExpired:
            rival.kill()
            seconds, told = limit, f"at least {{times:.0f}} times faster: scipy was stopped after {limit:.0f} s"
        else:
            last = json.loads(rival.stdout.read())
            seconds, told = last["seconds"], "{times:.0f} times faster, same optimum"
            if last["worth"] != ours.told[-1]["worth"]:
                raise SystemExit(f"the contenders differ: {last['worth']} and {ours.told[-1]['worth']}")
    times = seconds / ours.seconds
    stopped = ", at least: the rival was stopped" if seconds == limit else ""
    note(f"the list, {count:,} candidates{stopped}", "scipy", times, ours.seconds, None, rounds)
    return (
        f"{count:,} candidates, {len(candidates(count).rows)} quotas, group caps, {rounds} rounds: "
        f"{told.format(times=times)}\n"
        f"  mulu   {ours.seconds:8.2f} s  peak {ours.peak_mib:5.0f} MiB\n"
    )


def command(name: str, count: int) -> list[str]:
    """What runs one contender."""
    return [sys.executable, __file__, name, str(count)]


def main() -> None:
    """Run one contender (`NAME CANDIDATES ...`), or compare at both sizes."""
    arguments = sys.argv[1:]
    if arguments[:1] in (["mulu"], ["scipy"]):
        {"mulu": by_mulu, "scipy": by_scipy}[arguments[0]](int(arguments[1]))
        return
    given = [*arguments, *("100000", "120", "20000", "3")[len(arguments) :]]
    count, limit, finished, rounds = int(given[0]), float(given[1]), int(given[2]), int(given[3])
    sys.stdout.write(f"{machine()}\n{compare(finished, rounds)}")
    sys.stdout.flush()
    sys.stdout.write(bound(count, limit, rounds))


if __name__ == "__main__":
    main()
