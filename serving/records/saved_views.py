"""The views of the worklist that somebody named: a name and a query, nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine, bindparam, delete, func, insert, select
from sqlalchemy.exc import IntegrityError

from serving.records.identity import Right, User
from serving.records.store import saved_views as table
from serving.wording import refusal

MOST_VIEWS = 20
LONGEST_NAME, LONGEST_QUERY = 40, 400

_MINE = (
    select(table.c.view_id, table.c.name, table.c.query)
    .where(table.c.user_id == bindparam("user_id"))
    .order_by(table.c.name, table.c.view_id)
)


@dataclass(frozen=True)
class SavedView:
    """One view: ``query`` is what stands behind the question mark of its address."""

    number: int
    name: str
    query: str


class SavedViews:
    """Everybody's own views; nobody sees another's."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of(self, user: User) -> tuple[SavedView, ...]:
        """Return a user's views by name."""
        with self._engine.connect() as connection:
            rows = connection.execute(_MINE, {"user_id": user.user_id}).all()
        return tuple(SavedView(*row) for row in rows)

    def save(self, user: User, name: str, query: str) -> None:
        """Keep a view under a name of its own.

        Refuses a missing, too long or taken name, and more than ``MOST_VIEWS``.
        """
        user.require(Right.CASES)
        name = " ".join(name.split())
        if not name or len(name) > LONGEST_NAME or len(query) > LONGEST_QUERY:
            raise refusal("view_name")
        row = {"user_id": user.user_id, "name": name, "query": query}
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(table), row)
                kept = select(func.count()).where(table.c.user_id == user.user_id)
                if connection.execute(kept).scalar_one() > MOST_VIEWS:
                    raise refusal("view_many")
        except IntegrityError:
            raise refusal("view_taken") from None

    def forget(self, user: User, number: int) -> None:
        """Delete one of the user's views; an unknown number changes nothing."""
        mine = (table.c.user_id == user.user_id, table.c.view_id == number)
        with self._engine.begin() as connection:
            connection.execute(delete(table).where(*mine))
