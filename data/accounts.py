"""People who may sign in: their names, roles, passwords (argon2) and sessions.

A role says what a person may do; which role may do what is `scoring.committee.rules`' matter. Every change to
an account and every failed sign-in is an event of the ledger, never with the password in it. After five failures in a
row an account is locked for fifteen minutes. People whom an identity provider (OIDC) has checked have an account
without a password: `admit` finds their role by the name that the provider vouches for.
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from data.ledger import Ledger, writing
from data.migrations import SESSIONS, USERS
from data.refusal import Refusal

ROLES = ("member", "chair", "analyst", "auditor")

FAILURES_ALLOWED = 5
LOCKED_FOR = timedelta(minutes=15)
SESSION_LASTS = timedelta(hours=12)
PASSWORD_LENGTH = 10

# Letters that nobody mistakes for one another when a password is read aloud or copied from paper.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True)
class User:
    """A person who has signed in: the account's name, the name shown, and the role (one of `ROLES`)."""

    name: str
    display_name: str
    role: str


class Accounts:
    """The accounts of one database. `clock` gives the present moment (UTC) and is there for tests."""

    def __init__(
        self,
        engine: sa.Engine,
        *,
        hasher: PasswordHasher | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.engine = engine
        self.ledger = Ledger(engine)
        self._hasher = hasher or PasswordHasher()
        self._clock = clock
        self._nobody = ""

    def add(
        self,
        name: str,
        display_name: str,
        role: str,
        password: str | None = None,
        *,
        actor: str,
        external: bool = False,
    ) -> str:
        """Make an account and give its password; without one given, a random one that is stored nowhere in clear.

        `external` makes an account without a password, for a person whom an identity provider signs in; the answer
        is then "". Refuses an unknown role (`account-role-unknown`), an empty name (`account-name-missing`), a name
        already taken (`account-exists`) and a password under ten characters (`account-password-short`).
        """
        name = normal(name)
        if not name or len(name) > 80:
            raise Refusal("account-name-missing", name=name)
        if role not in ROLES:
            raise Refusal("account-role-unknown", role=role, known=list(ROLES))
        password = "" if external else self._fit(password)
        row = {
            "name": name, "display_name": display_name.strip() or name, "role": role, "failures": 0,
            "password_hash": self._hasher.hash(password) if password else "", "locked_until": "", "disabled_at": "",
        }  # fmt: skip
        with writing(self.engine) as connection:
            if self._row(connection, name) is not None:
                raise Refusal("account-exists", name=name)
            connection.execute(sa.insert(USERS).values(row))
            told = {"role": role, "display_name": row["display_name"], "external": external}
            self.ledger.append(f"user:{name}", "user_added", actor, told, connection=connection)
        return password

    def verify(self, name: str, password: str) -> User:
        """The person of that name and password.

        Refuses a wrong name or password alike (`sign-in-failed`), and a locked account (`sign-in-locked`, with the
        time in `until`) even if the password is right.
        """
        name = normal(name)
        with self.engine.connect() as connection:
            row = self._row(connection, name)
        right = self._matches(row.password_hash if row is not None else "", password)
        with writing(self.engine) as connection:
            row = self._row(connection, name)
            failure = self._failure(connection, name, row, right)
            if failure is None:
                connection.execute(sa.update(USERS).where(USERS.c.name == name).values(failures=0, locked_until=""))
        if failure is not None or row is None:
            raise failure or Refusal("sign-in-failed")
        return _user(row)

    def admit(self, identity: str) -> User:
        """The person whom an identity provider vouches for under that name.

        Refuses, and records, one without an account (`sign-in-not-admitted`). An account with a password is none:
        else whoever may choose a name at the provider could choose the chair's.
        """
        name = normal(identity)
        with self.engine.connect() as connection:
            row = self._row(connection, name)
        if row is None or row.disabled_at or row.password_hash:
            told = {"external": True, "name": name[:200]}
            self.ledger.append("user:?", "sign_in_failed", "?", told)
            raise Refusal("sign-in-not-admitted", name=name[:200])
        return _user(row)

    def open_session(self, user: User) -> str:
        """A token that stands for the signed-in person for twelve hours; only its hash is stored."""
        token = secrets.token_urlsafe(32)
        expires = (self._clock() + SESSION_LASTS).isoformat(timespec="seconds")
        with writing(self.engine) as connection:
            connection.execute(sa.delete(SESSIONS).where(SESSIONS.c.expires_at < _text(self._clock())))
            connection.execute(
                sa.insert(SESSIONS).values(token_hash=_digest(token), user_name=user.name, expires_at=expires)
            )
        return token

    def session(self, token: str) -> User | None:
        """The person a token stands for, with the role of today; None if it is unknown, ended or expired."""
        query = (
            sa.select(USERS, SESSIONS.c.expires_at)
            .join_from(SESSIONS, USERS, SESSIONS.c.user_name == USERS.c.name)
            .where(SESSIONS.c.token_hash == _digest(token), USERS.c.disabled_at == "")
        )
        with self.engine.connect() as connection:
            row = connection.execute(query).first()
        return _user(row) if row is not None and row.expires_at > _text(self._clock()) else None

    def close_session(self, token: str) -> None:
        """Sign out: the token stands for nobody any more."""
        with writing(self.engine) as connection:
            connection.execute(sa.delete(SESSIONS).where(SESSIONS.c.token_hash == _digest(token)))

    def disable(self, name: str, *, actor: str) -> None:
        """Close an account and end its sessions; what the person did stays. Refuses an unknown name."""
        name = normal(name)
        with writing(self.engine) as connection:
            self._known(connection, name)
            connection.execute(sa.update(USERS).where(USERS.c.name == name).values(disabled_at=_text(self._clock())))
            connection.execute(sa.delete(SESSIONS).where(SESSIONS.c.user_name == name))
            self.ledger.append(f"user:{name}", "user_disabled", actor, {}, connection=connection)

    def set_password(self, name: str, password: str | None = None, *, actor: str) -> str:
        """Give an account a new password (random if none is given), unlock it and end its sessions."""
        name, password = normal(name), self._fit(password)
        fresh = {"password_hash": self._hasher.hash(password), "failures": 0, "locked_until": ""}
        with writing(self.engine) as connection:
            self._known(connection, name)
            connection.execute(sa.update(USERS).where(USERS.c.name == name).values(fresh))
            connection.execute(sa.delete(SESSIONS).where(SESSIONS.c.user_name == name))
            self.ledger.append(f"user:{name}", "user_password_set", actor, {}, connection=connection)
        return password

    def people(self) -> list[User]:
        """Everyone whose account is open, by role and name."""
        query = sa.select(USERS).where(USERS.c.disabled_at == "")
        with self.engine.connect() as connection:
            found = [_user(row) for row in connection.execute(query)]
        return sorted(found, key=lambda user: (ROLES.index(user.role), user.name))

    def find(self, name: str) -> User:
        """The open account of that name; refuses an unknown one (`account-unknown`)."""
        name = normal(name)
        with self.engine.connect() as connection:
            row = self._row(connection, name)
        if row is None or row.disabled_at:
            raise Refusal("account-unknown", name=name, known=[user.name for user in self.people()])
        return _user(row)

    def _failure(
        self, connection: sa.Connection, name: str, row: sa.Row[tuple[object, ...]] | None, right: bool
    ) -> Refusal | None:
        """What stands in the way of a sign-in, counted and recorded; None if nothing does."""
        if row is None:
            # The name is not recorded: it may be a password typed into the wrong field.
            self.ledger.append("user:?", "sign_in_failed", "?", {}, connection=connection)
            return Refusal("sign-in-failed")
        if row.locked_until > _text(self._clock()):
            self.ledger.append(f"user:{name}", "sign_in_failed", name, {"locked": True}, connection=connection)
            return Refusal("sign-in-locked", until=datetime.fromisoformat(row.locked_until))
        if right and not row.disabled_at:
            return None
        failures = row.failures + 1
        locked = failures >= FAILURES_ALLOWED
        until = _text(self._clock() + LOCKED_FOR) if locked else ""
        connection.execute(
            sa.update(USERS).where(USERS.c.name == name).values(failures=0 if locked else failures, locked_until=until)
        )
        self.ledger.append(f"user:{name}", "sign_in_failed", name, {"failures": failures}, connection=connection)
        if locked:
            self.ledger.append(f"user:{name}", "sign_in_locked", name, {"until": until}, connection=connection)
            return Refusal("sign-in-locked", until=datetime.fromisoformat(until))
        return Refusal("sign-in-failed")

    def _matches(self, stored: str, password: str) -> bool:
        """Whether a password is the stored one; takes as long for an unknown name as for a known one."""
        if not stored:
            self._nobody = self._nobody or self._hasher.hash(secrets.token_hex(16))
        try:
            return bool(self._hasher.verify(stored or self._nobody, password)) and bool(stored)
        except (VerifyMismatchError, VerificationError, InvalidHashError):
            return False

    def _fit(self, password: str | None) -> str:
        if password is None:
            return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
        if len(password) < PASSWORD_LENGTH:
            raise Refusal("account-password-short", length=len(password), least=PASSWORD_LENGTH)
        return password

    def _known(self, connection: sa.Connection, name: str) -> None:
        if self._row(connection, name) is None:
            raise Refusal("account-unknown", name=name, known=[user.name for user in self.people()])

    @staticmethod
    def _row(connection: sa.Connection, name: str) -> sa.Row[tuple[object, ...]] | None:
        return connection.execute(sa.select(USERS).where(USERS.c.name == name)).first()


# Made-up people for demonstrations: the names say that they are.
DEMO_PEOPLE = (
    ("演示主任", "chair"),
    ("演示委员甲", "member"),
    ("演示委员乙", "member"),
    ("演示委员丙", "member"),
    ("演示分析员", "analyst"),
    ("演示审计员", "auditor"),
)


def create_demo_people(accounts: Accounts) -> list[tuple[str, str, str]]:
    """Make the demonstration's accounts: (name, role, password), the passwords random and given this once.

    People who are there already get a new password.
    """
    there = {user.name for user in accounts.people()}
    return [
        (
            name,
            role,
            accounts.set_password(name, actor="demo")
            if name in there
            else accounts.add(name, name, role, actor="demo"),
        )
        for name, role in DEMO_PEOPLE
    ]


def normal(name: str) -> str:
    """A name as it is stored: without spaces around it and in one Unicode form.

    >>> normal("  ＡＮＮＡ ")
    'ANNA'
    """
    return unicodedata.normalize("NFKC", name).strip()


def _user(row: sa.Row[tuple[object, ...]]) -> User:
    return User(str(row.name), str(row.display_name), str(row.role))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
