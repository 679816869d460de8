"""The engines by name: DuckDB, embedded and the default, and Spark for those who run one."""

from __future__ import annotations

import threading

from data.refusal import Refusal
from features.carrier import Engine
from features.duckdb_engine import DuckDB
from features.spark_engine import Spark

ENGINES: dict[str, type[Engine]] = {"duckdb": DuckDB, "spark": Spark}

_THREAD = threading.local()


def engine_named(name: str) -> Engine:
    """The engine of that name, one for each thread. Refuses an unknown name, and Spark where it is not installed."""
    if name not in ENGINES:
        raise Refusal("engine-unknown", engine=name, known=list(ENGINES))
    held: dict[str, Engine] = _THREAD.__dict__.setdefault("engines", {})
    if name not in held:
        held[name] = ENGINES[name]()
    return held[name]
