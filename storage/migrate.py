"""The schema's versions: bring a database to the newest, or say that it is not."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from storage import (
    audit,
    codes,
    corrections,
    digests,
    doubts,
    due,
    issues,
    leases,
    logins,
    outbox,
    points,
    receipts,
    visits,
)
from storage.database import Database

RECORDS = (audit, codes, corrections, digests, doubts, due, issues, leases, logins, outbox, points, receipts, visits)
"""Named so that every table is known to the metadata before it is compared or made."""

MIGRATIONS = Path(__file__).parent / "migrations"


class SchemaBehind(Exception):
    """The database was made by another version; ``found`` and ``wanted`` are revisions."""

    def __init__(self, found: str | None, wanted: str) -> None:
        super().__init__(f"database schema is {found or 'unversioned'}, this program needs {wanted}")
        self.found = found
        self.wanted = wanted


def upgrade(database: Database) -> None:
    """Bring the schema to the newest version. Safe to repeat."""
    config = _config()
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()


def check(database: Database) -> None:
    """Raise SchemaBehind unless the schema is the newest. A database without any table is made ready."""
    with database.engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
        is_empty = not inspect(connection).get_table_names()
    wanted = ScriptDirectory.from_config(_config()).get_current_head()
    if is_empty:
        upgrade(database)
    elif found != wanted:
        raise SchemaBehind(found, str(wanted))


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config
