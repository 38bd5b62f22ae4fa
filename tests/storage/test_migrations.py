"""The schema: the migrations make what the records say, and an old database is not touched unasked."""

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import event, inspect, text

from storage import migrate
from storage.database import Base, Database
from storage.migrate import SchemaBehind, check, upgrade
from tests.conftest import Towns


def test_the_migrations_make_what_the_records_say(towns: Towns, tmp_path: Path) -> None:
    database = Database(towns.empty_url(tmp_path))
    upgrade(database)
    upgrade(database)
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    database.close()


def test_a_database_of_another_version_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/a.db")
    upgrade(database)
    with database.engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = 'older'"))
    with pytest.raises(SchemaBehind, match="older"):
        check(database)
    with database.engine.connect() as connection:
        assert connection.execute(text("select version_num from alembic_version")).scalar() == "older"


OLD = "0002"
ROWS = (
    "insert into places (id, kind, name, last_issue_number) values (1, 'community', '立新桥社区', 1)",
    "insert into people (id, name, is_on_roster, created_at) values (1, '刘婶', false, '2026-11-17 00:00:00')",
    "insert into chats (id, address, account, is_group, is_active, created_at) "
    "values (1, 'replay:g', 'replay:main', true, true, '2026-11-17 00:00:00')",
    "insert into issues (id, community_id, number, building_id, domain, topic, is_urgent, is_sensitive, words,"
    " evidence, score, status, reporter_id, chat_id, source_message, reported_at, is_overdue)"
    " values (1, 1, 1, 1, 'safety', 'lighting', false, false, '灯坏了', '[]', 3, 'open', 1, 1, 'm1',"
    " '2026-11-17 00:00:00', false)",
    "insert into issue_events (issue_id, event, by_id, at) values (1, 'reported', 1, '2026-11-17 00:00:00')",
    "insert into supporters (issue_id, person_id, at) values (1, 1, '2026-11-17 00:00:00')",
    "insert into outbox (key, chat_id, kind, text, buttons, photos, issue_id, state, not_before, created_at, attempts)"
    " values ('k', 1, 'say', 'x', '[]', '[]', 1, 'queued', '2026-11-17 00:00:00', '2026-11-17 00:00:00', 0)",
)


def to(database: Database, revision: str) -> None:
    config = migrate._config()
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.commit()


def at_rest(database: Database) -> tuple[object, ...]:
    """The version, the columns of the issues, and every row of before, as far as it was there."""
    with database.engine.connect() as connection:
        version = connection.execute(text("select version_num from alembic_version")).scalar()
        columns = sorted(column["name"] for column in inspect(connection).get_columns("issues"))
        rows = connection.execute(text("select number, words, status, reporter_id from issues")).all()
        counts = [
            connection.execute(text(f"select count(*) from {table}")).scalar()
            for table in ("places", "people", "chats", "issue_events", "supporters", "outbox")
        ]
    return version, tuple(columns), tuple(rows), tuple(counts)


def test_an_upgrade_that_is_killed_between_any_two_statements_has_not_happened(towns: Towns, tmp_path: Path) -> None:
    """A schema with rows in it; power fails after each statement in turn; then it is upgraded after all."""
    database = Database(towns.empty_url(tmp_path))
    to(database, OLD)
    with database.engine.begin() as connection:
        for row in ROWS:
            connection.execute(text(row))
    before, killed, statements = at_rest(database), 0, 1
    while _killed_after(database, statements):
        killed += 1
        now = at_rest(database)
        if now[0] == before[0]:
            assert now == before, f"after statement {statements}"
            statements += 1
        else:  # one whole step is done; the next begins
            assert statements > 1
            assert now[2:] == before[2:]
            before, statements = now, 1
    assert killed > 15
    after = at_rest(database)
    assert after[0] != OLD
    assert after[2:] == before[2:]
    check(database)
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    database.close()


def _killed_after(database: Database, statements: int) -> bool:
    """Upgrade, and let the connection die after so many changes. False: it was done before."""
    seen = 0

    def die(connection: object, cursor: object, statement: str, *_: object) -> None:
        nonlocal seen
        if statement.lstrip()[:6].upper() in {"ALTER ", "CREATE", "UPDATE", "INSERT"}:
            seen += 1
            if seen == statements:
                raise PowerCut

    event.listen(database.engine, "after_cursor_execute", die)
    try:
        upgrade(database)
    except PowerCut:
        return True
    finally:
        event.remove(database.engine, "after_cursor_execute", die)
        database.engine.dispose()
    return False


class PowerCut(Exception):
    """The machine is gone."""
