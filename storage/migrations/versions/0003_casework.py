"""Casework: limits, escalation, merging, ratings, anonymous reports, the audit trail, codes for roles, quiet groups."""

import sqlalchemy as sa
from alembic import op

import storage.database
from storage.audit import POSTGRES_GUARDS, SQLITE_GUARDS

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_INSTANT = storage.database.UtcDateTime(timezone=True)


def upgrade() -> None:
    for name in ("act_by", "paused_at", "acknowledged_at"):
        op.add_column("issues", sa.Column(name, _INSTANT, nullable=True))
    op.add_column("issues", sa.Column("level", sa.String(length=10), nullable=False, server_default="building"))
    op.add_column("issues", sa.Column("steps", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("issues", sa.Column("is_anonymous", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("issues", sa.Column("rating_words", sa.String(length=200), nullable=True))
    _add_reference("issues", "merged_into_id", "issues")
    _add_reference("issues", "recurs_id", "issues")
    op.add_column("issue_events", sa.Column("message", sa.String(length=200), nullable=True))
    _add_reference("supporters", "chat_id", "chats")
    op.add_column("chats", sa.Column("quiet_until", _INSTANT, nullable=True))
    _add_reference("outbox", "answers_id", "outbox")
    op.create_index("ix_outbox_chat_created", "outbox", ["chat_id", "created_at"])
    op.create_index("ix_outbox_chat_message", "outbox", ["chat_id", "message_id"])
    op.add_column("join_codes", sa.Column("role", sa.String(length=16), nullable=True))
    op.add_column("join_codes", sa.Column("name", sa.String(length=40), nullable=True))
    _create_audit()


def _add_reference(table: str, column: str, to: str) -> None:
    # In one statement, which both databases know: Alembic's own way copies the table on SQLite, and dropping
    # the old one would break the rows that refer to it.
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} INTEGER CONSTRAINT fk_{table}_{column} REFERENCES {to} (id)")


def _create_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("look", sa.String(length=12), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("community_id", sa.Integer(), nullable=True),
        sa.Column("issue_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("before", sa.String(length=64), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_audit_by_id")),
        sa.ForeignKeyConstraint(["community_id"], ["places.id"], name=op.f("fk_audit_community_id")),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_audit_issue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sa.UniqueConstraint("before", name=op.f("uq_audit_before")),
    )
    op.create_index("ix_audit_issue_id", "audit", ["issue_id"])
    op.create_index("ix_audit_community_at", "audit", ["community_id", "at"])
    guards = SQLITE_GUARDS if op.get_bind().dialect.name == "sqlite" else POSTGRES_GUARDS
    for statement in guards:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("restore the backup of before the upgrade: an audit trail is not thrown away")
