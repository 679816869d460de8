"""The engines by name: DuckDB, embedded and the default, and Spark for those who run one."""

from __future__ import annotations

import threading
from typing import TypeVar

from data.refusal import Refusal
from features.duckdb_engine import DuckDB
from features.spark_engine import Spark

ENGINES = ("duckdb", "spark")

_THREAD = threading.local()
_Engine = TypeVar("_Engine", DuckDB, Spark)


def refuse_unknown(name: str) -> None:
    """Refuse an engine that there is none of (`engine-unknown`)."""
    if name not in ENGINES:
        raise Refusal("engine-unknown", engine=name, known=list(ENGINES))


def here(kind: type[_Engine]) -> _Engine:
    """This thread's own engine of a kind. Refuses Spark where it is not installed (`engine-spark-missing`)."""
    held: dict[object, _Engine] = _THREAD.__dict__.setdefault("engines", {})
    if kind not in held:
        held[kind] = kind()
    return held[kind]
