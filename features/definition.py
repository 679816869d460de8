"""What a feature is: a function. Its name is the column, its arguments are its inputs, its docstring defines it."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from ibis.expr.types import Column

FACTORS = ("status", "contribution", "growth", "industry", "innovation", "talent", "market", "integrity")
"""The factors of article 10 (status, contribution, growth, industry) and, under its "等", those written down here."""

Kind = Literal["number", "category"]
Missing = Literal["unknown", "zero"]
Peers = Literal["industry", "all", "industry_median", "industry_concentration"]

RESTRICTIONS = ("fair_competition",)
UNITS = (
    "1",
    "points",
    "years",
    "days",
    "pieces",
    "log pieces",
    "log persons",
    "log CNY",
    "log CNY/person",
    "",
)


@dataclass(frozen=True)
class Feature:
    """One column of the matrix.

    `compute` takes the columns named by `inputs` (Ibis columns of the point-in-time view) and gives a column.
    `direction` says which way is better (+1, -1, 0 for neither); `missing` what an absent value means ("unknown",
    or "zero" where no event means none); `relative_to` sets the value against others (see `peers.py`:
    "industry" and "all" rank it 0..1, "industry_median" and "industry_concentration" describe its industry);
    `restricted` names a legal restriction; `changeable` says that the enterprise itself can change it within a year.
    """

    name: str
    factor: str
    unit: str
    direction: int
    missing: Missing
    zh: str
    en: str
    definition: str
    inputs: tuple[str, ...]
    compute: Callable[..., Column] = field(repr=False, compare=False)
    formula: str = ""
    restricted: str | None = None
    relative_to: Peers | None = None
    kind: Kind = "number"
    changeable: bool = False
    source: str = "mulu"

    def __post_init__(self) -> None:
        if self.factor not in FACTORS:
            raise ValueError(f"feature {self.name}: factor {self.factor!r} is none of {', '.join(FACTORS)}")
        if self.direction not in (-1, 0, 1):
            raise ValueError(f"feature {self.name}: direction {self.direction!r} is none of -1, 0, +1")
        if self.restricted is not None and self.restricted not in RESTRICTIONS:
            raise ValueError(f"feature {self.name}: restriction {self.restricted!r} is none of {RESTRICTIONS}")
        if self.source == "mulu" and self.unit not in UNITS:
            raise ValueError(f"feature {self.name}: unit {self.unit!r} is none of {', '.join(UNITS)}")
        if not self.definition:
            raise ValueError(f"feature {self.name} has no docstring, which is its definition")

    def __call__(self, *columns: Column) -> Column:
        """The feature's column from its input columns, in the order of `inputs`."""
        return self.compute(*columns)


def feature(
    *,
    factor: str,
    unit: str,
    direction: int,
    missing: Missing,
    zh: str,
    en: str,
    restricted: str | None = None,
    relative_to: Peers | None = None,
    kind: Kind = "number",
    changeable: bool = False,
) -> Callable[[Callable[..., Column]], Feature]:
    """Declare the function below as a feature: its name, arguments and docstring are taken over."""

    def declare(function: Callable[..., Column]) -> Feature:
        return Feature(
            name=function.__name__,
            factor=factor,
            unit=unit,
            direction=direction,
            missing=missing,
            zh=zh,
            en=en,
            definition=inspect.cleandoc(function.__doc__ or ""),
            inputs=tuple(inspect.signature(function).parameters),
            compute=function,
            formula=formula_of(function),
            restricted=restricted,
            relative_to=relative_to,
            kind=kind,
            changeable=changeable,
        )

    return declare


def formula_of(function: Callable[..., Column]) -> str:
    """The body of a function as normalised source, without docstring, comments or layout.

    This, not the compiled code, enters fingerprints: it is the same on every Python version.
    """
    tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    if not isinstance(tree, ast.FunctionDef):
        raise ValueError(f"{function.__name__} is not written as a function")
    return "\n".join(ast.unparse(line) for line in tree.body[1:])
