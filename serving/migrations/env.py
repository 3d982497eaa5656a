"""Where Alembic starts: the connection is handed in by ``serving.records.store.migrate``."""

from __future__ import annotations

from alembic import context

from serving.records.store import METADATA


def run() -> None:
    """Run the migrations that were asked for."""
    connection = context.config.attributes["connection"]
    context.configure(connection=connection, target_metadata=METADATA, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


if getattr(context, "config", None) is not None:  # run by Alembic, not merely imported
    run()
