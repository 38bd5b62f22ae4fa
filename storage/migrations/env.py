"""Alembic's entry: runs the migrations on the connection that storage.migrate gives it."""

from alembic import context

from storage.database import Base

connection = context.config.attributes["connection"]
# SQLite cannot alter a column; Alembic then copies the table.
context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
