"""Users, logins, the journal that only grows, and the prepared worklist."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the first tables and forbid changing the journal."""
    op.create_table(
        "users",
        sa.Column("user_id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("password_hash", sa.String(255), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("disabled", sa.Boolean, nullable=False),
        sa.UniqueConstraint("name", name="uq_users_name"),
    )
    op.create_table(
        "logins",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column("user_id", sa.Integer, sa.ForeignKey("users.user_id"), nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("expires_at", sa.String(32), nullable=False),
    )
    op.create_index("ix_logins_expires_at", "logins", ["expires_at"])
    op.create_table(
        "login_failures",
        sa.Column("failure_id", sa.Integer, primary_key=True),
        sa.Column("who_hash", sa.String(64), nullable=False),
        sa.Column("failed_at", sa.String(32), nullable=False),
    )
    op.create_index("ix_login_failures_who_hash", "login_failures", ["who_hash"])
    _create_journal()
    _create_worklist()


def downgrade() -> None:
    """Drop everything."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER journal_only_grows ON journal")
        op.execute("DROP FUNCTION journal_refuses()")
    for table in ("worklist_lines", "journal", "login_failures", "logins", "users"):
        op.drop_table(table)


def _create_journal() -> None:
    op.create_table(
        "journal",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("debtor_id", sa.String(64), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
    )
    op.create_index("ix_journal_case", "journal", ["debtor_id", "kind", "seq"])
    op.create_index("ix_journal_kind", "journal", ["kind", "seq"])
    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER journal_no_{change.lower()} BEFORE {change} ON journal "
                "BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END"
            )
    elif op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION journal_refuses() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the journal only grows'; END $$"
        )
        op.execute(
            "CREATE TRIGGER journal_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON journal "
            "FOR EACH STATEMENT EXECUTE FUNCTION journal_refuses()"
        )


def _create_worklist() -> None:
    op.create_table(
        "worklist_lines",
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
    )
    op.create_index("ix_worklist_order", "worklist_lines", ["version", "routed", "worth", "debtor_id"])
