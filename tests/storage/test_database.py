"""SQLite as it is set up: nothing lost at power loss, instants with their zone, writers that wait."""

from datetime import datetime
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import text
from sqlalchemy.exc import StatementError

from storage.database import Database
from storage.places import Place, PlaceKind
from storage.receipts import Receipt
from tests.conftest import NOW, ON_POSTGRES


@pytest.mark.skipif(ON_POSTGRES, reason="about SQLite's own settings")
def test_the_file_is_kept_as_safely_as_sqlite_can(database: Database) -> None:
    with database.transaction() as session:
        assert session.execute(text("pragma journal_mode")).scalar() == "wal"
        assert session.execute(text("pragma synchronous")).scalar() == 2
        assert session.execute(text("pragma foreign_keys")).scalar() == 1


def test_a_time_without_its_zone_is_refused(database: Database) -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001
    with pytest.raises(StatementError, match="zone"), database.transaction() as session:
        session.add(Receipt(key="x", at=naive))


def test_four_writers_at_once_lose_nothing(tmp_path: Path, database: Database) -> None:
    def write(name: str) -> None:
        own = Database(database.url)
        for number in range(25):
            with own.transaction() as session:
                session.add(Receipt(key=f"{name}/{number}", at=NOW))
        own.close()

    writers = [Thread(target=write, args=(str(number),)) for number in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with database.transaction() as session:
        assert session.execute(text("select count(*) from receipts")).scalar() == 100


def test_a_failing_transaction_leaves_nothing(database: Database) -> None:
    with pytest.raises(RuntimeError), database.transaction() as session:
        session.add(Place(kind=PlaceKind.STREET, name="没有的街道"))
        session.flush()
        raise RuntimeError
    with database.transaction() as session:
        assert session.query(Place).filter_by(name="没有的街道").count() == 0
