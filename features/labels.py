"""The targets: what became of an enterprise after a date, each label with its reason and the day it was knowable.

A label looks only at what happened after its as-of date. Where there is none the reason says why; an absent later
year is unknown, not a failure, and a closure is an outcome of its own. An enterprise that was merged into another
neither grew nor closed: what became of it cannot be told from the other's figures.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from data.refusal import Refusal
from data.store import Store
from data.tables import OLDEST_REPORT_MONTHS, TABLES
from features.label_facts import ClosedYears, last_known
from features.point_in_time import FIGURES

OUTCOME = "outcome:"
TARGETS = ("growth", "closure", "listing")
REASONS = (
    "labelled",
    "base-missing",
    "base-too-small",
    "window-touches-date",
    "horizon-open",
    "later-year-missing",
    "merged",
    "closed",
    "not-reviewed",
    "decided-before-date",
    "no-decision",
)
_COLUMNS = ("enterprise_id", "as_of", "label", "reason", "known_on")


@dataclass(frozen=True)
class LabelOptions:
    """How the growth target is measured.

    An enterprise grows when any of `measures` (figures of the reports) is `annual_growth` (1 = 100 %) or more a year
    over `horizon_years` closed years after the last one known at the date. Below `smallest_money_cny` yuan or
    `smallest_count` persons (or patents) a rate says nothing and the measure is not used. For `closure` the horizon
    counts from the date. A next decision counts for `listing` up to `decision_months` after the date.
    """

    measures: tuple[str, ...] = ("revenue_cny", "employees")
    horizon_years: int = 2
    annual_growth: float = 0.20
    smallest_money_cny: float = 100_000.0
    smallest_count: float = 5.0
    decision_months: int = 15


def build_labels(store: Store, target: str, dates: Sequence[date], options: LabelOptions | None = None) -> pd.DataFrame:
    """One row per enterprise and date, ordered by date and enterprise.

    Columns: enterprise_id; as_of (date); label (1, 0 or NaN); reason (a code of `REASONS`); known_on (the day from
    which the label was knowable, None without a label). Refuses an unknown target (`target-unknown`).
    """
    chosen = options or LabelOptions()
    _refuse_unknown(store, target, chosen)
    if target == "listing":
        parts = [_listing(store.read("directory_decisions"), day, chosen) for day in dates]
    elif target.startswith(OUTCOME):
        parts = [_outcome(store.read("outcomes"), target.removeprefix(OUTCOME), day) for day in dates]
    else:
        facts = ClosedYears(store, chosen.measures)
        parts = [(_growth if target == "growth" else _closure)(facts, day, chosen) for day in dates]
    if not parts:
        return pd.DataFrame(columns=list(_COLUMNS))
    labels = pd.concat(parts, ignore_index=True)
    labels["label"] = labels["label"].astype("float64")
    return labels.sort_values(["as_of", "enterprise_id"], kind="stable", ignore_index=True)[list(_COLUMNS)]


def label_dates(store: Store, target: str, options: LabelOptions | None = None) -> list[date]:
    """The dates at which labels of a target make sense, ascending.

    `listing` and outcomes: the as-of dates that decisions and outcomes name. `growth` and `closure`: for each closed
    year that has a later one `horizon_years` on, the day by which nine tenths of its reports were known.
    """
    chosen = options or LabelOptions()
    _refuse_unknown(store, target, chosen)
    if target == "listing":
        return sorted(set(store.read("directory_decisions")["as_of"].dropna()))
    if target.startswith(OUTCOME):
        outcomes = store.read("outcomes")
        return sorted(set(outcomes.loc[outcomes["target"] == target.removeprefix(OUTCOME), "as_of"].dropna()))
    return _reporting_dates(ClosedYears(store, chosen.measures), chosen.horizon_years)


def _refuse_unknown(store: Store, target: str, options: LabelOptions) -> None:
    named = sorted(set(store.read("outcomes")["target"].dropna()))
    known = [*TARGETS, *(OUTCOME + name for name in named)]
    if target not in TARGETS and not target.startswith(OUTCOME):
        raise Refusal("target-unknown", target=target, known=known)
    if target.startswith(OUTCOME) and target.removeprefix(OUTCOME) not in named:
        raise Refusal("target-unknown", target=target, known=known)
    if unknown := [measure for measure in options.measures if measure not in FIGURES]:
        raise Refusal("measure-unknown", measures=unknown, known=list(FIGURES))


def _rows(ids: pd.Index | pd.Series, as_of: date) -> pd.DataFrame:
    frame = pd.DataFrame({"enterprise_id": list(ids), "as_of": as_of, "label": np.nan, "reason": "", "known_on": None})
    return frame.astype({"known_on": "object", "as_of": "object", "reason": "object", "enterprise_id": "object"})


def _growth(facts: ClosedYears, as_of: date, options: LabelOptions) -> pd.DataFrame:
    """1 where any measure grew by the rate, 0 where every usable measure is known and none did."""
    ids = facts.known_by(as_of)
    anchors = facts.anchors(as_of, OLDEST_REPORT_MONTHS).reindex(ids)
    later_month = anchors + 12 * options.horizon_years
    needed = (1 + options.annual_growth) ** options.horizon_years
    grew, unknown, usable, small = (np.zeros(len(ids), dtype=bool) for _ in range(4))
    knowable = pd.Series(pd.NaT, index=ids, dtype="datetime64[us]")
    for measure in options.measures:
        base, later = facts.at(measure, ids, anchors), facts.at(measure, ids, later_month)
        money = TABLES["reports"].field(measure).kind == "money"
        enough = (base["value"] >= (options.smallest_money_cny if money else options.smallest_count)).to_numpy()
        small |= base["value"].notna().to_numpy() & ~enough
        there = enough & later["value"].notna().to_numpy()
        reached = there & (later["value"] / base["value"].where(enough) >= needed).to_numpy()
        usable, unknown, grew = usable | enough, unknown | (enough & ~there), grew | reached
        known = pd.concat([base["known_on"], later["known_on"]], axis=1).max(axis=1).where(there)
        knowable = pd.concat([knowable, known], axis=1).max(axis=1)
    labels = _rows(ids, as_of)
    as_of_month = as_of.year * 12 + as_of.month
    gone = ids.isin(facts.closed_on.index)
    labels["reason"] = np.select(
        [
            ~usable & small,
            ~usable,
            (later_month <= as_of_month).to_numpy(),
            grew | ~unknown,
            ids.isin(facts.merged),
            gone,
            (later_month > facts.newest_month).to_numpy(),
        ],
        ["base-too-small", "base-missing", "window-touches-date", "labelled", "merged", "closed", "horizon-open"],
        default="later-year-missing",
    )
    return _filled(labels, grew, knowable)


def _closure(facts: ClosedYears, as_of: date, options: LabelOptions) -> pd.DataFrame:
    """1 where the register says within the horizon that the enterprise is gone, 0 where the horizon passed."""
    ids = facts.known_by(as_of)
    day, end = pd.Timestamp(as_of), pd.Timestamp(_months_later(as_of, 12 * options.horizon_years))
    closed_on = facts.closed_on.reindex(ids)
    before, within = (closed_on <= day).to_numpy(), ((closed_on > day) & (closed_on <= end)).to_numpy()
    passed = facts.newest_knowledge >= end
    labels = _rows(ids, as_of)
    # an open horizon has no labels at all: taking its closures alone would make closure look certain
    labels["reason"] = np.select(
        [before, within & ids.isin(facts.merged), np.full(len(ids), passed)],
        ["closed", "merged", "labelled"],
        default="horizon-open",
    )
    return _filled(labels, within, closed_on.where(within, end))


def _filled(labels: pd.DataFrame, positive: np.ndarray, knowable: pd.Series) -> pd.DataFrame:
    """Label and date where the reason is `labelled`."""
    good = (labels["reason"] == "labelled").to_numpy()
    labels.loc[good, "label"] = positive[good].astype(float)
    labels.loc[good, "known_on"] = np.array(pd.to_datetime(knowable[good]).dt.date, dtype=object)
    return labels


def _reporting_dates(facts: ClosedYears, horizon_years: int) -> list[date]:
    """For each closed year with a later one: when nine tenths of its reports were known, if that was in time."""
    first = facts.rows.groupby(["month", "enterprise_id"])["known_on"].min()
    found = []
    for month, known in first.groupby(level="month"):
        later = int(str(month)) + 12 * horizon_years
        day = known.sort_values().iloc[math.ceil(0.9 * len(known)) - 1].date()
        if later <= facts.newest_month and later > day.year * 12 + day.month:
            found.append(day)
    return sorted(set(found))


def _listing(decisions: pd.DataFrame, as_of: date, options: LabelOptions) -> pd.DataFrame:
    """1 for listed, 0 for declined or removed in the next edition decided on knowledge of this date or later."""
    latest = last_known(decisions, ["enterprise_id", "edition", "as_of"])
    limit = _months_later(as_of, options.decision_months)
    coming = latest[(latest["as_of"] >= as_of) & (latest["as_of"] < limit)]
    coming = coming.sort_values(["as_of", "edition"], kind="stable").drop_duplicates("enterprise_id", keep="first")
    everyone = pd.Index(sorted(set(decisions["enterprise_id"])))
    coming = coming.set_index("enterprise_id").reindex(everyone)
    labels = _rows(everyone, as_of)
    decision = coming["decision"].to_numpy(dtype=object)
    decided = coming["decided_on"].where(coming["decided_on"].notna(), coming["known_on"]).to_numpy(dtype=object)
    knowable = np.array([day if isinstance(day, date) else date.max for day in decided], dtype=object)
    none = pd.isna(decision)
    before = np.array([day < as_of for day in knowable], dtype=bool)
    unlabelled = np.array([value == "not_reviewed" for value in decision], dtype=bool)
    listed = np.array([value == "listed" for value in decision], dtype=bool)
    labels["reason"] = np.select(
        [none, unlabelled, before], ["no-decision", "not-reviewed", "decided-before-date"], default="labelled"
    )
    good = (labels["reason"] == "labelled").to_numpy()
    labels.loc[good, "label"] = listed[good].astype(float)
    labels.loc[good, "known_on"] = knowable[good]
    return labels


def _outcome(outcomes: pd.DataFrame, name: str, as_of: date) -> pd.DataFrame:
    """The imported outcome whose as-of date this is."""
    mine = outcomes[(outcomes["target"] == name) & (outcomes["as_of"] == as_of)]
    latest = last_known(mine, ["enterprise_id"]).sort_values("enterprise_id")
    labels = _rows(latest["enterprise_id"], as_of)
    value = latest["value"].to_numpy(dtype=float)
    labels["label"] = value
    labels["reason"] = np.where(np.isnan(value), "not-reviewed", "labelled")
    labels["known_on"] = latest["known_on"].where(~np.isnan(value), None).to_numpy(dtype=object)
    return labels


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, 28))
