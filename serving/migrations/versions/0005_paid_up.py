"""Whether any principal is left of a case stands on its line of the worklist."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; the prepared lines are forgotten, for they are prepared again on start."""
    _forget()
    op.add_column("worklist_lines", sa.Column("paid_up", sa.Boolean, nullable=False))


def downgrade() -> None:
    """Drop the column again."""
    _forget()
    op.drop_column("worklist_lines", "paid_up")


def _forget() -> None:
    for table in ("worklist_lines", "worklist_turns"):
        op.execute(sa.delete(sa.table(table)))
