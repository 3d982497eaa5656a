"""What auditors search the journal by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the indexes and the table of traits; the traits are read out of the journal later."""
    op.create_index("ix_journal_actor", "journal", ["actor", "seq", "kind", "at", "debtor_id"])
    op.create_index("ix_journal_at", "journal", ["at", "seq", "kind", "actor", "debtor_id"])
    op.create_table(
        "journal_traits",
        sa.Column("trait", sa.String(160), primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    )


def downgrade() -> None:
    """Drop what was added."""
    op.drop_table("journal_traits")
    for name in ("ix_journal_at", "ix_journal_actor"):
        op.drop_index(name, "journal")
