"""The accounts as who administers them sees them: listed, closed, opened again, given a password."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from argon2 import PasswordHasher
from sqlalchemy import Connection, Engine, Row, delete, select, update

from serving.problems import Problem
from serving.records.events import Event, PasswordChanged, UserClosed, UserReopened
from serving.records.identity import require_password
from serving.records.journal import Journal
from serving.records.store import logins, users


@dataclass(frozen=True)
class Account:
    """One account, without its secrets; ``staff_id`` is "" where it is tied to nobody of the ledger."""

    name: str
    role: str
    staff_id: str
    closed: bool


class AccountList:
    """All accounts in the store. ``by``: who changes them, as the journal tells it."""

    def __init__(
        self, engine: Engine, journal: Journal, by: str = "command", hasher: PasswordHasher | None = None
    ) -> None:
        self._engine = engine
        self._journal = journal
        self._by = by
        self._hasher = hasher or PasswordHasher()

    def all(self) -> Sequence[Account]:
        """Return every account by name, closed ones too."""
        columns = select(users.c.name, users.c.role, users.c.staff_id, users.c.disabled)
        with self._engine.connect() as connection:
            return [Account(*row) for row in connection.execute(columns.order_by(users.c.name))]

    def require(self, name: str) -> None:
        """Raise Problem where there is no account of that name."""
        with self._engine.connect() as connection:
            _row(connection, name)

    def close(self, name: str) -> None:
        """Let nobody in by that name and end its logins. Raises Problem for an unknown or a closed one."""
        self._set_closed(name, UserClosed(name=name), closed=True)

    def reopen(self, name: str) -> None:
        """Let a closed account log in again. Raises Problem for an unknown or an open one."""
        self._set_closed(name, UserReopened(name=name), closed=False)

    def set_password(self, name: str, password: str) -> None:
        """Give an account another password and end its logins; a closed one stays closed.

        Raises Problem for an unknown name and for a password too short.
        """
        require_password(password)
        self._change(name, {"password_hash": self._hasher.hash(password)}, PasswordChanged(name=name))

    def _set_closed(self, name: str, event: Event, *, closed: bool) -> None:
        self._change(name, {"disabled": closed}, event, unless=closed)

    def _change(self, name: str, values: dict[str, object], event: Event, unless: bool | None = None) -> None:
        # The account before its logins: one that is being made waits for it, and finds it changed.
        with self._engine.begin() as connection:
            user_id = _row(connection, name).user_id
            mine = users.c.user_id == user_id
            fits = mine if unless is None else mine & users.c.disabled.is_not(unless)
            if not connection.execute(update(users).where(fits).values(**values)).rowcount:
                raise _as_it_is(bool(unless))
            connection.execute(delete(logins).where(logins.c.user_id == user_id))
        self._journal.append(self._by, event)


def _row(connection: Connection, name: str) -> Row[tuple[object, ...]]:
    row = connection.execute(select(users).where(users.c.name == name)).one_or_none()
    if row is None:
        raise Problem("その利用者はありません。", "tegakari user list で名前を確かめてください。", "user")
    return row


def _as_it_is(closed: bool) -> Problem:
    sentence = "その利用者は既に停止しています。" if closed else "その利用者は停止していません。"
    return Problem(sentence, "tegakari user list で確かめてください。", "user")
