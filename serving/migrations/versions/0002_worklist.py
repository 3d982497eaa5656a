"""The worklist that lives: more facts of a case, its state from the journal, and saved views."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the prepared worklist anew (it is prepared again on start), its turns, and the saved views."""
    op.drop_table("worklist_lines")
    op.create_table("worklist_lines", *_facts(), *_more_facts(), *_state())
    op.create_index("ix_worklist_turn", "worklist_lines", ["version", "turn"])
    op.create_table(
        "worklist_turns",
        sa.Column("version", sa.String(64), primary_key=True),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("turn", sa.Integer, nullable=False),
    )
    op.create_table(
        "saved_views",
        sa.Column("view_id", sa.Integer, primary_key=True),
        sa.Column("user_id", sa.Integer, sa.ForeignKey("users.user_id"), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("query", sa.String(400), nullable=False),
        sa.UniqueConstraint("user_id", "name", name="uq_saved_views_name"),
    )


def downgrade() -> None:
    """Go back to the worklist of the records alone."""
    for table in ("saved_views", "worklist_turns", "worklist_lines"):
        op.drop_table(table)
    op.create_table("worklist_lines", *_facts())
    op.create_index("ix_worklist_order", "worklist_lines", ["version", "routed", "worth", "debtor_id"])


def _facts() -> list[sa.Column[object]]:
    return [
        sa.Column("version", sa.String(64), primary_key=True),
        sa.Column("debtor_id", sa.String(64), primary_key=True),
        sa.Column("arrears", sa.Integer, nullable=False),
        sa.Column("expected_yen", sa.Integer, nullable=False),
        sa.Column("top_kind", sa.String(64), nullable=False),
        sa.Column("top_name", sa.String(255), nullable=False),
        sa.Column("probability", sa.Float, nullable=False),
        sa.Column("minutes", sa.Float),
        sa.Column("restricted", sa.Boolean, nullable=False),
        sa.Column("routed", sa.Boolean, nullable=False),
        sa.Column("gates", sa.Text, nullable=False),
        sa.Column("next_prescription", sa.String(10)),
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("worth", sa.Float, nullable=False),
    ]


def _more_facts() -> list[sa.Column[object]]:
    return [
        sa.Column("held_by", sa.String(64), nullable=False),
        sa.Column("unsent", sa.Integer, nullable=False),
        sa.Column("late", sa.Boolean, nullable=False),
        sa.Column("promise", sa.String(8), nullable=False),
        sa.Column("promised_on", sa.String(10)),
        sa.Column("hardship", sa.Float),
    ]


def _state() -> list[sa.Column[object]]:
    return [
        sa.Column("band", sa.Integer, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("holder", sa.String(64), nullable=False),
        sa.Column("beside", sa.String(64), nullable=False),
        sa.Column("asked", sa.Integer, nullable=False),
        sa.Column("waiting", sa.Integer, nullable=False),
        sa.Column("replies", sa.Integer, nullable=False),
        sa.Column("decided_on", sa.String(10)),
        sa.Column("turn", sa.Integer, nullable=False),
    ]
