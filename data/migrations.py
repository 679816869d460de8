"""The database: its tables, the steps that build them, and how it is opened (SQLite by default, PostgreSQL by URL)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.pool import ConnectionPoolEntry

from data.refusal import Refusal

METADATA = sa.MetaData()

BATCHES = sa.Table(
    "batches",
    METADATA,
    sa.Column("batch_id", sa.String(40), primary_key=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("known_on", sa.String(10), nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("registered_at", sa.String(40), nullable=False),
    sa.Column("withdrawn_at", sa.String(40), nullable=False),
)

BATCH_FILES = sa.Table(
    "batch_files",
    METADATA,
    sa.Column("batch_id", sa.String(40), sa.ForeignKey("batches.batch_id"), primary_key=True),
    sa.Column("table_name", sa.String(40), primary_key=True),
    sa.Column("path", sa.Text, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("rows", sa.Integer, nullable=False),
)

EVENTS = sa.Table(
    "events",
    METADATA,
    sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False),
    sa.Column("subject", sa.Text, nullable=False, index=True),
    sa.Column("kind", sa.String(60), nullable=False, index=True),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("recorded_at", sa.String(40), nullable=False),
    sa.Column("payload", sa.Text, nullable=False),
    sa.Column("previous", sa.String(64), nullable=False),
    sa.Column("digest", sa.String(64), nullable=False, unique=True),
)

USERS = sa.Table(
    "users",
    METADATA,
    sa.Column("name", sa.String(80), primary_key=True),
    sa.Column("display_name", sa.Text, nullable=False),
    sa.Column("role", sa.String(20), nullable=False),
    sa.Column("password_hash", sa.Text, nullable=False),
    sa.Column("failures", sa.Integer, nullable=False, default=0),
    sa.Column("locked_until", sa.String(40), nullable=False, default=""),
    sa.Column("disabled_at", sa.String(40), nullable=False, default=""),
)

SESSIONS = sa.Table(
    "sessions",
    METADATA,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("user_name", sa.String(80), sa.ForeignKey("users.name"), nullable=False),
    sa.Column("expires_at", sa.String(40), nullable=False),
)

VERSION = sa.Table("schema_version", METADATA, sa.Column("version", sa.Integer, primary_key=True))


def _first(connection: sa.Connection) -> None:
    METADATA.create_all(connection, tables=[BATCHES, BATCH_FILES, EVENTS, USERS, SESSIONS])
    for statement in _APPEND_ONLY[connection.dialect.name]:
        connection.execute(sa.text(statement))


_APPEND_ONLY = {
    "sqlite": [
        f"CREATE TRIGGER events_no_{verb.lower()} BEFORE {verb} ON events "
        "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
        for verb in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        "CREATE FUNCTION refuse_ledger_change() RETURNS trigger AS "
        "$$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$ LANGUAGE plpgsql",
        "CREATE TRIGGER events_append_only BEFORE UPDATE OR DELETE ON events "
        "FOR EACH ROW EXECUTE FUNCTION refuse_ledger_change()",
        "CREATE TRIGGER events_no_truncate BEFORE TRUNCATE ON events "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change()",
    ],
}

STEPS: tuple[Callable[[sa.Connection], None], ...] = (_first,)


@lru_cache(maxsize=8)
def connect(url: str) -> sa.Engine:
    """The engine of a database brought to the newest schema. Refuses one that a newer mulu has written."""
    try:
        parsed = sa.make_url(url)
        if parsed.get_backend_name() == "sqlite" and parsed.database:
            with suppress(OSError):  # what cannot be made here is told as unreachable below
                Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = sa.create_engine(parsed, pool_pre_ping=True)
    except (sa.exc.ArgumentError, sa.exc.NoSuchModuleError, ModuleNotFoundError) as error:
        raise Refusal("database-url-invalid", url=_without_password(url), cause=str(error)) from error
    if engine.dialect.name not in _APPEND_ONLY:
        raise Refusal("database-unsupported", dialect=engine.dialect.name, known=sorted(_APPEND_ONLY))
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _prepare_sqlite)
        sa.event.listen(engine, "begin", _begin_immediate)
    try:
        _migrate(engine)
    except Refusal:
        engine.dispose()
        raise
    except sa.exc.OperationalError as error:
        engine.dispose()
        raise Refusal("database-unreachable", url=_without_password(url), cause=str(error.orig)) from error
    return engine


def _prepare_sqlite(connection: object, _record: ConnectionPoolEntry) -> None:
    """WAL for readers beside a writer, a patient wait for locks, and transactions that SQLAlchemy begins itself."""
    connection.isolation_level = None  # type: ignore[attr-defined]
    for pragma in ("journal_mode=WAL", "busy_timeout=30000", "foreign_keys=ON", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]


def _begin_immediate(connection: sa.Connection) -> None:
    """Take the write lock at the start: a lock taken half-way cannot wait and fails as "database is locked"."""
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")


def _migrate(engine: sa.Engine) -> None:
    with engine.execution_options(writes=True).begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(7067)"))
        VERSION.create(connection, checkfirst=True)
        found = connection.execute(sa.select(sa.func.max(VERSION.c.version))).scalar() or 0
        if found > len(STEPS):
            raise Refusal("database-newer", found=found, known=len(STEPS))
        for number, step in enumerate(STEPS[found:], start=found + 1):
            step(connection)
            connection.execute(sa.insert(VERSION).values(version=number))


def _without_password(url: str) -> str:
    try:
        return sa.make_url(url).render_as_string(hide_password=True)
    except sa.exc.ArgumentError:
        return "?"
