"""No room, or no lock: nothing half done, and it goes on by itself."""

import threading

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from bot.intake import Intake
from handlers.rules import Rules
from storage.database import Database
from storage.migrate import upgrade
from storage.roster import import_roster
from tests.conftest import NOW, said, town


@pytest.fixture
def small(tmp_path) -> Database:  # type: ignore[no-untyped-def]
    """SQLite, whatever the others use."""
    database = Database(f"sqlite:///{tmp_path}/small.db")
    upgrade(database)
    with database.transaction() as session:
        import_roster(session, town(), NOW, {"replay": "replay:main"})
    return database


def limit(database: Database, pages: int) -> None:
    @event.listens_for(database.engine, "begin")
    def set_limit(connection) -> None:  # type: ignore[no-untyped-def]
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    limit.undo = lambda: event.remove(database.engine, "begin", set_limit)  # type: ignore[attr-defined]


def test_a_full_disk_takes_nothing_and_once_there_is_room_everything(small: Database, rules: Rules) -> None:
    intake = Intake(small, rules)
    with small.transaction() as session:
        pages = session.execute(text("PRAGMA page_count")).scalar_one()
    limit(small, pages + 2)
    batches = [[said(f"{unit}单元灯坏了，{'黑' * 900}")] for unit in range(1, 40)]
    refused: list[list] = []  # type: ignore[type-arg]
    for batch in batches:
        try:
            intake.handle(batch)
        except OperationalError:
            refused.append(batch)
    assert refused
    limit.undo()  # type: ignore[attr-defined]
    limit(small, 1_000_000)
    for batch in refused:
        assert intake.handle(batch).effects == 1
    with small.transaction() as session:
        assert session.execute(text("select count(*) from issues")).scalar_one() == len(batches)
        assert session.execute(text("select count(*) from failed_turns")).scalar_one() == 0
        assert session.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"


def test_four_writers_on_one_file_never_fail(small: Database, rules: Rules) -> None:
    failures: list[BaseException] = []

    def write(writer: int) -> None:
        own = Database(small.url)
        intake = Intake(own, rules)
        try:
            for number in range(25):
                intake.handle([said(f"报事 {writer}号的第{number}件事", sender=f"replay:w{writer}-{number}")])
        except BaseException as error:
            failures.append(error)
        own.close()

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failures
    with small.transaction() as session:
        assert session.execute(text("select count(distinct number) from issues")).scalar_one() == 100
