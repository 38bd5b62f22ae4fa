"""Leases: who does a thing of several processes. Indexes for looking up what is alike and what is open in a chat."""

import sqlalchemy as sa
from alembic import op

import storage.database

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "leases",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("holder", sa.String(length=120), nullable=False),
        sa.Column("until", storage.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    op.create_index("ix_issues_building_topic", "issues", ["building_id", "topic", "status", "closed_at"])
    op.create_index("ix_issues_chat_status", "issues", ["chat_id", "status"])
    op.drop_index("ix_issues_chat_id", "issues")


def downgrade() -> None:
    op.create_index("ix_issues_chat_id", "issues", ["chat_id"])
    op.drop_index("ix_issues_chat_status", "issues")
    op.drop_index("ix_issues_building_topic", "issues")
    op.drop_table("leases")
