"""The kind of a request, messages in doubt, corrections."""

import sqlalchemy as sa
from alembic import op

import storage.database

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "doubts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=False),
        sa.Column("chat_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("source_message", sa.String(length=80), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("heard_at", storage.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("asked_of_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", storage.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["building_id"], ["places.id"], name=op.f("fk_doubts_building_id")),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name=op.f("fk_doubts_chat_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_doubts_person_id")),
        sa.ForeignKeyConstraint(["asked_of_id"], ["people.id"], name=op.f("fk_doubts_asked_of_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_doubts")),
    )
    op.create_index("ix_doubts_building_asked", "doubts", ["building_id", "asked_at"])
    op.create_index(op.f("ix_doubts_asked_of_id"), "doubts", ["asked_of_id"])
    op.create_table(
        "corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", storage.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("label", sa.String(length=16), nullable=False),
        sa.Column("topic", sa.String(length=24), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["places.id"], name=op.f("fk_corrections_community_id")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_corrections_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
    )
    op.create_index("ix_corrections_state", "corrections", ["state", "id"])
    # Empty for issues of before; readers take that for "not known".
    op.add_column("issues", sa.Column("kind", sa.String(length=12), nullable=True))


def downgrade() -> None:
    op.drop_column("issues", "kind")
    op.drop_table("corrections")
    op.drop_table("doubts")
