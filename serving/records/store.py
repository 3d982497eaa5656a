"""The tables that records are kept in, and the way to a database whose schema is up to date."""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Engine,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    create_engine,
    event,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from serving.problems import Problem

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

# Instants are ISO 8601 in UTC with milliseconds: they sort as text and hash alike on every database.
INSTANT = String(32)

users = Table(
    "users",
    METADATA,
    Column("user_id", Integer, primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("password_hash", String(255), nullable=False),
    Column("role", String(16), nullable=False),
    Column("staff_id", String(64), nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Column("disabled", Boolean, nullable=False),
)

logins = Table(
    "logins",
    METADATA,
    Column("token_hash", String(64), primary_key=True),
    Column("user_id", Integer, ForeignKey("users.user_id"), nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Column("expires_at", INSTANT, nullable=False, index=True),
)

login_failures = Table(
    "login_failures",
    METADATA,
    Column("failure_id", Integer, primary_key=True),
    Column("who_hash", String(64), nullable=False, index=True),
    Column("failed_at", INSTANT, nullable=False),
)

journal = Table(
    "journal",
    METADATA,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", INSTANT, nullable=False),
    Column("kind", String(64), nullable=False),
    Column("actor", String(64), nullable=False),
    Column("debtor_id", String(64), nullable=False),
    Column("body", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
    Index("ix_journal_case", "debtor_id", "kind", "seq"),
    Index("ix_journal_kind", "kind", "seq"),
    # These hold all that an auditor filters by, so that counting never reads a body.
    Index("ix_journal_actor", "actor", "seq", "kind", "at", "debtor_id"),
    Index("ix_journal_at", "at", "seq", "kind", "actor", "debtor_id"),
)

# What an entry's body says that an auditor searches for; read out of the journal, never the other way round.
journal_traits = Table(
    "journal_traits",
    METADATA,
    Column("trait", String(160), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
)

# One row holds what the records say of a case and, from ``band`` on, what the journal says. ``turn`` tells
# when it changed last: a process that holds the lines in memory reads those that changed since it looked.
worklist_lines = Table(
    "worklist_lines",
    METADATA,
    Column("version", String(64), primary_key=True),
    Column("debtor_id", String(64), primary_key=True),
    Column("arrears", Integer, nullable=False),
    Column("expected_yen", Integer, nullable=False),
    Column("top_kind", String(64), nullable=False),
    Column("top_name", String(255), nullable=False),
    Column("probability", Float, nullable=False),
    Column("minutes", Float),
    Column("restricted", Boolean, nullable=False),
    Column("routed", Boolean, nullable=False),
    Column("gates", Text, nullable=False),
    Column("next_prescription", String(10)),
    Column("lapses_on", String(10)),
    Column("paid_up", Boolean, nullable=False),
    Column("staff_id", String(64), nullable=False),
    Column("held_by", String(64), nullable=False),
    Column("unsent", Integer, nullable=False),
    Column("late", Boolean, nullable=False),
    Column("promise", String(8), nullable=False),
    Column("promised_on", String(10)),
    Column("hardship", Float),
    Column("worth", Float, nullable=False),
    Column("band", Integer, nullable=False),
    Column("state", String(8), nullable=False),
    Column("holder", String(64), nullable=False),
    Column("beside", String(64), nullable=False),
    Column("asked", Integer, nullable=False),
    Column("waiting", Integer, nullable=False),
    Column("replies", Integer, nullable=False),
    Column("decided_on", String(10)),
    Column("turn", Integer, nullable=False),
    Index("ix_worklist_turn", "version", "turn"),
)

worklist_turns = Table(
    "worklist_turns",
    METADATA,
    Column("version", String(64), primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("turn", Integer, nullable=False),
)

saved_views = Table(
    "saved_views",
    METADATA,
    Column("view_id", Integer, primary_key=True),
    Column("user_id", Integer, ForeignKey("users.user_id"), nullable=False),
    Column("name", String(40), nullable=False),
    Column("query", String(400), nullable=False),
    UniqueConstraint("user_id", "name", name="uq_saved_views_name"),
)

_one_at_a_time = Lock()
"""Alembic keeps what it works on in a place that all threads share."""

MIGRATIONS = Path(__file__).parents[1] / "migrations"


def open_store(url: str) -> Engine:
    """Open the database at ``url`` with its schema brought up to date.

    Raises Problem when it cannot be opened; the URL (which may hold a password) is never repeated.
    """
    try:
        place = make_url(url).database
        if url.startswith("sqlite") and place and place != ":memory:":
            Path(place).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        engine = create_engine(url, hide_parameters=True)  # an error must not tell whom it was about
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _prepare_sqlite)
        migrate(engine)
    except (SQLAlchemyError, OSError, ImportError):
        raise Problem(
            "記録用データベースを開けません。",
            "TEGAKARI_DATABASE_URL と保存先の権限を確かめてください。",
            "database",
        ) from None
    return engine


def migrate(engine: Engine, revision: str = "head") -> None:
    """Bring the schema up (or down, to ``base``) to ``revision``."""
    from alembic import command  # noqa: PLC0415 - slow to import and needed once
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with _one_at_a_time, engine.begin() as connection:
        config.attributes["connection"] = connection
        step = command.downgrade if revision == "base" else command.upgrade
        step(config, revision)


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - a raw driver connection
    cursor = connection.cursor()
    for pragma in ("foreign_keys=ON", "journal_mode=WAL", "busy_timeout=20000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
