"""What the enterprises of a matrix are: names, places, the official size class; and who is whose peer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from data.enterprise_size import classify_many
from features.knowledge import Floats
from features.layout import days, texts

ABOUT = (
    "name",
    "industry_code",
    "industry_name",
    "industry_section",
    "industry_division",
    "street",
    "region",
    "ownership",
    "group_id",
    "status",
    "established_on",
    "last_period_end",
    "revenue_cny",
    "employees",
    "total_assets_cny",
)
AVERAGE = "average_employees"
NUMBERS = ("revenue_cny", "employees", "total_assets_cny")
DATES = ("established_on", "last_period_end")


def about_of(who: pa.Table, figures: Mapping[str, Floats], index: pd.Index, as_of: date) -> pd.DataFrame:
    """What is told beside the features (n, by `index`): the columns of ABOUT, and the size class with its clause.

    `who` (n rows, in their order) holds words and dates, `figures` the numbers and the year's average of employees.
    """
    columns: dict[str, Any] = {name: days(who.column(name)) for name in DATES}
    columns |= {name: texts(who.column(name)) for name in ABOUT if name not in (*NUMBERS, *DATES)}
    columns |= {name: figures[name] for name in NUMBERS}
    # the size rules take the year's average where the number at its end is not given
    columns["employees"] = np.where(np.isnan(figures["employees"]), figures[AVERAGE], figures["employees"])
    about = pd.DataFrame({name: columns[name] for name in ABOUT}, index=index, copy=False)
    sizes = classify_many(about[["industry_code", *NUMBERS]].rename(columns={"total_assets_cny": "assets_cny"}), as_of)
    return about.assign(size_class=sizes["size_class"], size_clause=sizes["clause"])


def circles_of(about: pd.DataFrame) -> list[np.ndarray[Any, np.dtype[np.intp]]]:
    """Peer groups, narrow to wide: industry and size class, industry, everyone."""
    industry = about["industry_division"].where(about["industry_division"].notna(), about["industry_name"])
    by_industry, _ = pd.factorize(industry)
    by_size, sizes = pd.factorize(about["size_class"])
    narrow = np.where((by_industry >= 0) & (by_size >= 0), by_industry * max(len(sizes), 1) + by_size, -1)
    return [narrow.astype(np.intp), by_industry.astype(np.intp), np.zeros(len(about), dtype=np.intp)]
