"""How the bot's accounts stand; what is urgent in the outbox."""

import sqlalchemy as sa
from alembic import op

import storage.database

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_INSTANT = storage.database.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "logins",
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("self_id", sa.String(length=120), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("is_up", sa.Boolean(), nullable=False),
        sa.Column("first_at", _INSTANT, nullable=False),
        sa.Column("seen_at", _INSTANT, nullable=False),
        sa.Column("not_before", _INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_logins")),
    )
    op.add_column("outbox", sa.Column("is_urgent", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("outbox", "is_urgent")
    op.drop_table("logins")
