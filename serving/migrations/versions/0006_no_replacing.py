"""An entry of the journal cannot be put in the place of another.

SQLite deletes what ``INSERT OR REPLACE`` replaces without asking the trigger that refuses to delete. On
PostgreSQL the statement of that kind is an update, which is refused.
"""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Refuse a number that is taken, before SQLite makes room for it."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER journal_no_replace BEFORE INSERT ON journal "
            "WHEN EXISTS (SELECT 1 FROM journal WHERE seq = NEW.seq) "
            "BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END"
        )


def downgrade() -> None:
    """Let SQLite replace again."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER journal_no_replace")
