"""No room, or no lock: nothing half done, and it goes on by itself."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import OperationalError

from bot.intake import Intake
from handlers.messages import Incoming
from handlers.rules import Rules
from storage.database import Database
from tests.conftest import ON_POSTGRES, said

pytestmark = pytest.mark.skipif(ON_POSTGRES, reason="a database server has its own disk and its own locks")


@contextmanager
def room_for(database: Database, pages: int) -> Iterator[None]:
    """The file may not grow beyond so many pages."""

    def set_limit(connection: Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    event.listen(database.engine, "begin", set_limit)
    yield
    event.remove(database.engine, "begin", set_limit)


def test_a_full_disk_takes_nothing_and_once_there_is_room_everything(database: Database, rules: Rules) -> None:
    intake = Intake(database, rules)
    with database.transaction() as session:
        pages = session.execute(text("PRAGMA page_count")).scalar_one()
    batches = [[said(f"{unit}单元灯坏了，{'黑' * 900}")] for unit in range(1, 40)]
    refused: list[list[Incoming]] = []
    with room_for(database, pages + 2):
        for batch in batches:
            try:
                intake.handle(batch)
            except OperationalError:
                refused.append(batch)
    assert refused
    with room_for(database, 1_000_000):
        for batch in refused:
            assert intake.handle(batch).effects == 1
    with database.transaction() as session:
        assert session.execute(text("select count(*) from issues")).scalar_one() == len(batches)
        assert session.execute(text("select count(*) from failed_turns")).scalar_one() == 0
        assert session.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"


def test_four_writers_on_one_file_never_fail(database: Database, rules: Rules) -> None:
    failures: list[BaseException] = []

    def write(writer: int) -> None:
        own = Database(database.url)
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
    with database.transaction() as session:
        assert session.execute(text("select count(distinct number) from issues")).scalar_one() == 100
