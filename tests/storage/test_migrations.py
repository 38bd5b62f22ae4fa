"""The schema: the migrations make what the records say, and an old database is not touched unasked."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from storage.database import Base, Database
from storage.migrate import SchemaBehind, check, upgrade


def test_the_migrations_make_what_the_records_say(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/a.db")
    upgrade(database)
    upgrade(database)
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_a_database_of_another_version_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/a.db")
    upgrade(database)
    with database.engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = 'older'"))
    with pytest.raises(SchemaBehind, match="older"):
        check(database)
    with database.engine.connect() as connection:
        assert connection.execute(text("select version_num from alembic_version")).scalar() == "older"
