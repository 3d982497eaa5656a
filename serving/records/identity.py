"""Who is there and what they may do: accounts, passwords, roles, logins that expire."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, Engine, bindparam, delete, func, insert, select
from sqlalchemy.exc import IntegrityError

from serving.problems import Problem
from serving.records.entry import Clock, instant
from serving.records.events import LoggedIn, LoggedOut, LoginRefused, UserAdded
from serving.records.journal import Journal
from serving.records.store import login_failures, logins, users
from serving.records.turnstile import Turnstile
from serving.settings import Settings
from serving.wording import refusal

SHORTEST_PASSWORD = 12

MOST_WAITING = 4
"""Attempts to log in that may wait for the one being checked."""

_HOLDER = (  # asked with every request, and so put together once
    select(users)
    .join(logins, logins.c.user_id == users.c.user_id)
    .where(logins.c.token_hash == bindparam("token_hash"), logins.c.expires_at > bindparam("now"))
    .where(users.c.disabled.is_(False))
)


class Role(StrEnum):
    """The four roles."""

    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    DATA = "data"
    AUDITOR = "auditor"


class Right(StrEnum):
    """What a role may do."""

    CASES = "cases"
    DECIDE = "decide"
    ASSIGNMENTS = "assignments"
    ASSIGN = "assign"
    PROFICIENCY = "proficiency"
    TIME_SAVED = "time_saved"
    AUDIT = "audit"
    SETTINGS = "settings"
    SLOTS = "slots"
    MODELS = "models"
    TRIAL = "trial"


RIGHTS: MappingProxyType[Role, frozenset[Right]] = MappingProxyType(
    {
        Role.OFFICER: frozenset({Right.CASES, Right.DECIDE, Right.TIME_SAVED}),
        Role.SUPERVISOR: frozenset(
            {
                Right.CASES,
                Right.DECIDE,
                Right.ASSIGNMENTS,
                Right.ASSIGN,
                Right.PROFICIENCY,
                Right.TIME_SAVED,
                Right.SETTINGS,
                Right.SLOTS,
                Right.MODELS,
                Right.TRIAL,
            }
        ),
        Role.DATA: frozenset({Right.TIME_SAVED, Right.MODELS}),
        Role.AUDITOR: frozenset(
            {Right.CASES, Right.ASSIGNMENTS, Right.TIME_SAVED, Right.SETTINGS, Right.AUDIT, Right.MODELS}
        ),
    }
)


@dataclass(frozen=True)
class User:
    """Somebody with an account; ``staff_id`` ties it to the ledger's staff ("" where it does not)."""

    user_id: int
    name: str
    role: Role
    staff_id: str = ""

    def may(self, right: Right) -> bool:
        """Return whether the user's role grants ``right``."""
        return right in RIGHTS[self.role]

    def require(self, right: Right) -> None:
        """Refuse with ``forbidden`` unless the user's role grants ``right``."""
        if not self.may(right):
            raise refusal("forbidden")


@dataclass(frozen=True)
class Login:
    """A login that succeeded. The token is told once and kept only as a hash."""

    user: User
    token: str
    expires_at: datetime


def hashed(text: str) -> str:
    """Return the SHA-256 (hex) of a secret that is itself long and random."""
    return hashlib.sha256(text.encode()).hexdigest()


def form_token(secret: str) -> str:
    """Return what a page's form must carry: only the holder of the cookie ``secret`` can know it."""
    return hashed(f"form:{secret}")


def require_name(name: str) -> None:
    """Raise Problem where nobody can be called so."""
    if not name.strip() or len(name) > 64:
        raise Problem("利用者名は1文字以上64文字以内にしてください。", code="invalid")


def require_password(password: str) -> None:
    """Raise Problem where a password is too short."""
    if len(password) < SHORTEST_PASSWORD:
        raise Problem(f"パスワードは{SHORTEST_PASSWORD}文字以上にしてください。", code="invalid")


class Identity:
    """Accounts and logins in the store."""

    def __init__(
        self,
        engine: Engine,
        journal: Journal,
        clock: Clock,
        settings: Settings,
        hasher: PasswordHasher | None = None,
    ) -> None:
        self._engine = engine
        self._journal = journal
        self._clock = clock
        self._settings = settings
        self._hasher = hasher or PasswordHasher()
        self._turnstile = Turnstile(1 + MOST_WAITING)

    def add_user(self, name: str, password: str, role: Role, staff_id: str = "", by: str = "") -> User:
        """Create an account. Raises Problem when the name is taken or the password too short."""
        require_name(name)
        require_password(password)
        row = {
            "name": name,
            "password_hash": self._hasher.hash(password),
            "role": role.value,
            "staff_id": staff_id,
            "created_at": instant(self._clock()),
            "disabled": False,
        }
        try:
            with self._engine.begin() as connection:
                key = connection.execute(insert(users).values(**row)).inserted_primary_key
        except IntegrityError:
            raise _taken() from None
        self._journal.append(by or "command", UserAdded(name=name, role=role.value))
        return User(key[0] if key else 0, name, role, staff_id)

    def require_free(self, name: str) -> None:
        """Raise Problem where an account of that name exists."""
        if self.has_user(name):
            raise _taken()

    def has_user(self, name: str) -> bool:
        """Return whether an account of that name exists."""
        with self._engine.connect() as connection:
            return connection.execute(select(users.c.user_id).where(users.c.name == name)).first() is not None

    def named(self, name: str) -> User | None:
        """Return the account of that name, None when there is none or it is disabled."""
        query = select(users).where(users.c.name == name, users.c.disabled.is_(False))
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        return User(row.user_id, row.name, Role(row.role), row.staff_id) if row else None

    def staff_id_of(self, name: str) -> str:
        """Return the staff number of an account, a closed one too: what a leaver chose stays theirs."""
        with self._engine.connect() as connection:
            found = connection.execute(select(users.c.staff_id).where(users.c.name == name)).scalar()
        return found or ""

    def log_in(self, name: str, password: str, client: str = "", manner: str = "token") -> Login:
        """Check a password and return a login.

        Raises Problem ``login_wrong``, ``login_paused`` or, where too many wait already, ``login_busy``.
        """
        with self._turnstile.turn():  # attempts side by side would all pass before the first is counted
            return self._log_in(name, password, client, manner)

    def _log_in(self, name: str, password: str, client: str, manner: str) -> Login:
        who = hashed(f"{name}\n{client}")
        self._refuse_while_paused(who)
        with self._engine.connect() as connection:
            row = connection.execute(select(users).where(users.c.name == name)).one_or_none()
        # An unknown name is checked against a hash as well: the time taken must not tell which names exist.
        good = self._matches(row.password_hash if row else self._nobody, password)
        if row is None or not good or row.disabled:
            self._note_failure(who)
            raise refusal("login_wrong")
        user = User(row.user_id, row.name, Role(row.role), row.staff_id)
        with self._engine.begin() as connection:
            connection.execute(delete(login_failures).where(login_failures.c.who_hash == who))
        login = self._issue(user, row.password_hash)
        self._journal.append(user.name, LoggedIn(manner=manner))
        return login

    def log_out(self, token: str) -> None:
        """Forget a login; an unknown token, or one that has ended, changes nothing that is journalled."""
        user = self.user_of(token)
        with self._engine.begin() as connection:
            connection.execute(delete(logins).where(logins.c.token_hash == hashed(token)))
        if user is not None:
            self._journal.append(user.name, LoggedOut())

    def user_of(self, token: str | None) -> User | None:
        """Return who holds ``token``, None when it is unknown, expired or its account disabled."""
        if not token:
            return None
        with self._engine.connect() as connection:
            asked = {"token_hash": hashed(token), "now": instant(self._clock())}
            row = connection.execute(_HOLDER, asked).one_or_none()
        return User(row.user_id, row.name, Role(row.role), row.staff_id) if row else None

    @cached_property
    def _nobody(self) -> str:
        return self._hasher.hash(secrets.token_urlsafe(16))

    def _matches(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False

    def _issue(self, user: User, password_hash: str) -> Login:
        now = self._clock()
        login = Login(user, secrets.token_urlsafe(32), now + timedelta(hours=self._settings.session_hours))
        with self._engine.begin() as connection:
            connection.execute(delete(logins).where(logins.c.expires_at <= instant(now)))
            _require_unchanged(connection, user.user_id, password_hash)
            connection.execute(
                insert(logins).values(
                    token_hash=hashed(login.token),
                    user_id=user.user_id,
                    created_at=instant(now),
                    expires_at=instant(login.expires_at),
                )
            )
        return login

    def _refuse_while_paused(self, who: str) -> None:
        mine = login_failures.c.who_hash == who, login_failures.c.failed_at > self._pause_began()
        query = select(func.count()).where(*mine)
        with self._engine.connect() as connection:
            failures = connection.execute(query).scalar_one()
        if failures >= self._settings.login_attempts:
            self._journal.append("", LoginRefused(ground="paused"))
            raise refusal("login_paused")

    def _pause_began(self) -> str:
        return instant(self._clock() - timedelta(minutes=self._settings.login_pause_minutes))

    def _note_failure(self, who: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(
                delete(login_failures).where(login_failures.c.failed_at <= self._pause_began())
            )
            connection.execute(insert(login_failures).values(who_hash=who, failed_at=instant(self._clock())))
        self._journal.append("", LoginRefused(ground="wrong"))


def _require_unchanged(connection: Connection, user_id: int, password_hash: str) -> None:
    # Checking a password takes a while, in which its account may have been closed or given another one.
    same = users.c.user_id == user_id, users.c.password_hash == password_hash, users.c.disabled.is_(False)
    if connection.execute(select(users.c.user_id).where(*same).with_for_update()).first() is None:
        raise refusal("login_wrong")


def _taken() -> Problem:
    return Problem("その利用者名は既に使われています。", "別の名前を指定してください。", "name_taken")
