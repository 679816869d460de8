"""Indicators that an office declares for itself: each code once, with unit, factor, direction and labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from data.amounts import MONEY_UNITS
from data.mapping import IndicatorColumn
from data.refusal import Refusal
from data.store import Store

SUBJECT = "indicator:"
DECLARED = "indicator_declared"
ALIKE = {"人": "persons", "名": "persons", "天": "days", "分": "points"}


@dataclass(frozen=True)
class DeclaredIndicator:
    """One indicator: its `unit` as written, the factor of article 10, which direction is better (+1, -1, 0), labels."""

    code: str
    unit: str
    factor: str
    direction: int
    zh: str
    en: str

    @property
    def stored_unit(self) -> str:
        """The unit of the stored values: CNY where an amount of money was declared (万元 is taken in as yuan); persons,
        days and points by the names that the built-in features have for them; else as declared."""
        return "CNY" if self.unit in MONEY_UNITS else ALIKE.get(self.unit, self.unit)


def declared(store: Store) -> list[DeclaredIndicator]:
    """The indicators that some mapping file declared, in order of their codes; the last declaration holds."""
    events = store.ledger.replay(prefix=SUBJECT, kind=DECLARED)
    found = {str(event.payload["code"]): DeclaredIndicator(**event.payload) for event in events}  # type: ignore[arg-type]
    return [found[code] for code in sorted(found)]


def declare(store: Store, columns: Sequence[IndicatorColumn], actor: str) -> None:
    """Register the indicators of a mapping file; what is already declared alike is left alone.

    Refuses a code that is declared with another unit, factor or direction (`indicator-declared-otherwise`): its
    values would no longer be comparable.
    """
    known = {one.code: one for one in declared(store)}
    for column in columns:
        wanted = DeclaredIndicator(column.code, column.unit, column.factor, column.direction, column.zh, column.en)
        earlier = known.get(column.code)
        if earlier == wanted:
            continue
        if earlier is not None and (earlier.unit, earlier.factor, earlier.direction) != (
            wanted.unit,
            wanted.factor,
            wanted.direction,
        ):
            raise Refusal(
                "indicator-declared-otherwise",
                indicator=column.code,
                declared=f"{earlier.unit}, {earlier.factor}, {earlier.direction:+d}",
                asked=f"{wanted.unit}, {wanted.factor}, {wanted.direction:+d}",
            )
        store.ledger.append(f"{SUBJECT}{column.code}", DECLARED, actor, asdict(wanted))


def check_declarations(store: Store, columns: Sequence[IndicatorColumn]) -> None:
    """Refuse what `declare` would refuse, before anything is written."""
    known = {one.code: one for one in declared(store)}
    for column in columns:
        earlier = known.get(column.code)
        if earlier and (earlier.unit, earlier.factor, earlier.direction) != (
            column.unit,
            column.factor,
            column.direction,
        ):
            raise Refusal(
                "indicator-declared-otherwise",
                indicator=column.code,
                declared=f"{earlier.unit}, {earlier.factor}, {earlier.direction:+d}",
                asked=f"{column.unit}, {column.factor}, {column.direction:+d}",
            )
