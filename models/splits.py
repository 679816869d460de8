"""Which rows teach and which rows test: in time with an embargo, by group, and both together.

A row may teach for a test date only if its own date is earlier and its label was known by then; nobody can
learn from an outcome that had not been seen.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.refusal import Refusal
from models.classifier import derived_seed

Array = np.ndarray


@dataclass(frozen=True)
class Panel:
    """Enterprises at dates. All parts have n rows in the same order.

    `frame`: features (n, columns), plain index; `about`: who they are, same index; `enterprise`: identifiers;
    `as_of`, `known_on`: datetime64[D], the date of the features and the date the label became knowable;
    `label`: float64 of 0, 1, and NaN for unlabelled.
    """

    frame: pd.DataFrame
    about: pd.DataFrame
    enterprise: Array
    as_of: Array
    known_on: Array
    label: Array

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def labelled(self) -> Array:
        """Positions of the rows with a label."""
        return np.flatnonzero(~np.isnan(self.label))

    @property
    def dates(self) -> list[np.datetime64]:
        """The dates that have labelled rows, earliest first."""
        return list(np.unique(self.as_of[self.labelled]))

    def take(self, positions: Array) -> Panel:
        """The panel of some of its rows, in the order given."""
        return Panel(
            self.frame.iloc[positions].reset_index(drop=True),
            self.about.iloc[positions].reset_index(drop=True),
            self.enterprise[positions],
            self.as_of[positions],
            self.known_on[positions],
            self.label[positions],
        )


@dataclass(frozen=True)
class Fold:
    """One lesson and its test: positions in the panel; `seen` marks the test rows whose enterprise was taught."""

    name: str
    train: Array
    test: Array
    seen: Array


@dataclass(frozen=True)
class Plan:
    """The folds of one validation. `kind`: "temporal" (dates and unseen enterprises), or "grouped" (one date).

    `group` (n,): the number of the group that each row of the panel is kept apart with, -1 for unlabelled rows.
    `quoted` folds hold the figure that is quoted (enterprises never taught); `follow` folds, in temporal plans
    only, test every enterprise of the later date, taught before or not, as in use.
    """

    kind: str
    group_by: str
    group: Array
    quoted: tuple[Fold, ...]
    follow: tuple[Fold, ...]

    def table(self, panel: Panel) -> pd.DataFrame:
        """The plan in figures: one row per fold.

        Columns: fold, kind (quoted or follow), train_from, train_to, test_from, test_to (ISO dates),
        train_rows, test_rows, test_positives, unseen_rows.
        """
        rows = []
        for kind, folds in (("quoted", self.quoted), ("follow", self.follow)):
            for fold in folds:
                rows.append(
                    {
                        "fold": fold.name,
                        "kind": kind,
                        "train_from": str(panel.as_of[fold.train].min()),
                        "train_to": str(panel.as_of[fold.train].max()),
                        "test_from": str(panel.as_of[fold.test].min()),
                        "test_to": str(panel.as_of[fold.test].max()),
                        "train_rows": len(fold.train),
                        "test_rows": len(fold.test),
                        "test_positives": int(panel.label[fold.test].sum()),
                        "unseen_rows": int((~fold.seen).sum()),
                    }
                )
        return pd.DataFrame(rows)

    def picture(self, panel: Panel) -> list[str]:
        """The plan drawn in text, one line per test: `=` dates that teach, `.` embargo, `#` the test, ` ` unused.

        The first line holds the dates' years and months.
        """
        dates = panel.dates
        lines = [" " * 12 + " ".join(str(day)[:7] for day in dates)]
        for fold in _one_per_test(self.quoted):
            taught, tested = set(panel.as_of[fold.train]), set(panel.as_of[fold.test])
            last = max(tested)
            marks = ["#" if d in tested else "=" if d in taught else "." if d < last else " " for d in dates]
            lines.append(fold.name.split("/")[0][:11].ljust(12) + " ".join(mark * 7 for mark in marks))
        return lines


def plan(panel: Panel, *, group_by: str | None, seed: int, groups: int = 5, periods: int = 3) -> Plan:
    """The validation of a panel: in time where it has several dates whose labels could be known, else grouped.

    `group_by` names a column of `about`, or "enterprise_id" (the default); its values are dealt into `groups`
    groups. Temporal plans test up to `periods` of the latest dates. Refuses a column that does not exist
    (`group-column-unknown`), one with fewer than two values (`group-column-single`), and a panel that allows no
    test at all (`validation-impossible`).
    """
    owners = group_values(panel, group_by)
    dealt = deal(owners[panel.labelled], panel.label[panel.labelled], groups, seed)
    group = np.full(len(panel), -1)
    group[panel.labelled] = dealt
    whose = pd.factorize(panel.enterprise)[0]
    quoted: list[Fold] = []
    follow: list[Fold] = []
    for day in usable_dates(panel, periods):
        earlier, tested = teachable(panel, day), panel.labelled[panel.as_of[panel.labelled] == day]
        follow.append(_fold(str(day), whose, earlier, tested))
        for number in range(groups):
            train, test = earlier[group[earlier] != number], tested[group[tested] == number]
            if len(test) and two_classes(panel.label[train]):
                quoted.append(_fold(f"{day}/{number + 1}", whose, train, test))
    if quoted:
        return Plan("temporal", group_by or "enterprise_id", group, tuple(quoted), tuple(follow))
    rows = panel.labelled
    for number in range(groups):
        train, test = rows[group[rows] != number], rows[group[rows] == number]
        if len(test) and two_classes(panel.label[train]):
            quoted.append(_fold(str(number + 1), whose, train, test))
    if not quoted:
        raise Refusal("validation-impossible", rows=len(rows), positives=int(np.nansum(panel.label)))
    return Plan("grouped", group_by or "enterprise_id", group, tuple(quoted), ())


def group_values(panel: Panel, group_by: str | None) -> Array:
    """The group column of every row as text (n,); a missing value stands for itself alone."""
    if group_by in (None, "enterprise_id"):
        return panel.enterprise
    if group_by not in panel.about.columns:
        raise Refusal("group-column-unknown", column=str(group_by), known=["enterprise_id", *panel.about.columns])
    column = panel.about[group_by]
    values = np.where(column.isna(), "?" + pd.Series(panel.enterprise), column.astype("object").astype(str))
    if len(np.unique(values)) < 2:
        raise Refusal("group-column-single", column=str(group_by), value=str(values[0]) if len(values) else "-")
    return values.astype(object)


def deal(owners: Array, labels: Array, groups: int, seed: int) -> Array:
    """A group number 0..groups-1 for every row, whole owners together, rows and positives spread evenly.

    Owners are taken largest first (then in a seeded order) and each goes to the group with the fewest rows, as
    GroupKFold does; among single-row owners positives are dealt before negatives so that they spread.
    """
    names, positions = np.unique(owners.astype(str), return_inverse=True)
    rows = np.bincount(positions, minlength=len(names))
    positives = np.bincount(positions, weights=labels, minlength=len(names))
    shuffled = np.random.default_rng(derived_seed(seed, "groups")).permutation(len(names))
    load, target = [(0, 0.0, group) for group in range(groups)], np.empty(len(names), dtype=int)
    for owner in np.lexsort((shuffled, -positives, -rows)).tolist():
        filled, found_positive, chosen = load[0]
        target[owner] = chosen
        heapq.heapreplace(load, (filled + int(rows[owner]), found_positive + float(positives[owner]), chosen))
    found: Array = target[positions]
    return found


def two_classes(labels: Array) -> bool:
    """Whether labels hold both a 0 and a 1."""
    return bool(len(labels)) and 0 < labels.sum() < len(labels)


def usable_dates(panel: Panel, periods: int) -> list[np.datetime64]:
    """The latest dates, at most `periods`, that have earlier rows with labels known by then, both classes on either
    side."""
    usable = [
        day
        for day in panel.dates
        if two_classes(panel.label[teachable(panel, day)])
        and two_classes(panel.label[panel.labelled[panel.as_of[panel.labelled] == day]])
    ]
    return usable[-periods:]


def teachable(panel: Panel, day: np.datetime64) -> Array:
    """Positions of the labelled rows of earlier dates whose label was known by `day`."""
    rows = panel.labelled
    found: Array = rows[(panel.as_of[rows] < day) & (panel.known_on[rows] <= day)]
    return found


def _fold(name: str, whose: Array, train: Array, test: Array) -> Fold:
    """A fold; `whose` numbers every row's enterprise, since names are compared a thousand times slower."""
    taught = np.zeros(whose.max(initial=-1) + 1, dtype=bool)
    taught[whose[train]] = True
    return Fold(name, train, test, taught[whose[test]])


def _one_per_test(folds: Sequence[Fold]) -> list[Fold]:
    found: dict[str, Fold] = {}
    for fold in folds:
        found.setdefault(fold.name.split("/")[0] if "/" in fold.name else fold.name, fold)
    return list(found.values())
