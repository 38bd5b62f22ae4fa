"""A backup holds everything, can be taken while others write, and comes back without saying anything twice."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from bot.intake import Intake
from storage.audit import broken_at
from storage.backup import BackupRefused, back_up, discard, quarantined, release, restore
from storage.database import Base, Database
from storage.migrate import upgrade
from storage.outbox import OutboxMessage
from tests.conftest import Towns, said
from tests.handlers.test_people import private


def a_day(intake: Intake) -> None:
    """Two issues that are one, a third that returns, a private one, and some looking."""
    intake.handle([
        said("1单元灯坏了"), said("2单元灯坏了", sender="replay:r2"), private("replay:head5", "合并 2 1"),
        said("下水道堵了"), private("replay:head5", "办结 3 通了"), said("满意 3"), said("下水道又堵了"),
        private("replay:head5", "联系 2"), private("replay:vol5", "匿名 5栋有人群租"),
    ])  # fmt: skip


def contents(database: Database) -> dict[str, list[tuple[object, ...]]]:
    with database.transaction() as session:
        return {
            table.name: [tuple(row) for row in session.execute(select(table).order_by(*table.primary_key.columns))]
            for table in Base.metadata.sorted_tables
            if table.name != "outbox"
        }


def empty(towns: Towns, folder: Path) -> Database:
    """Another database of the same kind, with its tables and nothing in it."""
    made = Database(towns.empty_url(folder))
    upgrade(made)
    return made


def test_everything_comes_back_and_what_was_to_be_sent_waits(
    database: Database, intake: Intake, towns: Towns, tmp_path: Path
) -> None:
    a_day(intake)
    rows = back_up(database, tmp_path / "b.db")
    target = empty(towns, tmp_path)
    waiting = restore(target, tmp_path / "b.db")
    assert contents(target) == contents(database)
    assert rows > 50
    with target.transaction() as session:
        assert broken_at(session) is None
        assert set(session.scalars(select(OutboxMessage.state))) == {"set_aside"}
        assert session.scalar(select(func.count()).select_from(OutboxMessage)) == waiting
    assert len(quarantined(target)) == waiting
    # Life goes on after it: numbers and ids are not given twice.
    Intake(target, intake._rules).handle([said("3单元电梯坏了")])
    with target.transaction() as session:
        assert session.execute(text("select max(number) from issues")).scalar_one() == 6
    target.close()


@pytest.mark.parametrize(("decide", "state"), [(release, "unknown"), (discard, "parked")])
def test_somebody_decides_about_what_waits(
    database: Database, intake: Intake, towns: Towns, tmp_path: Path, decide: object, state: str
) -> None:
    intake.handle([said("1单元灯坏了")])
    back_up(database, tmp_path / "b.db")
    target = empty(towns, tmp_path)
    restore(target, tmp_path / "b.db")
    assert decide(target) == 2  # type: ignore[operator]
    with target.transaction() as session:
        assert set(session.scalars(select(OutboxMessage.state))) == {state}
    target.close()


def test_a_backup_taken_while_others_write_is_whole(database: Database, intake: Intake, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        own = Database(database.url)
        busy = Intake(own, intake._rules)
        number = 0
        while not stop.is_set():
            number += 1
            busy.handle([said(f"{number}单元灯坏了", sender=f"replay:w{number}")])
        own.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            back_up(database, tmp_path / f"b{number}.db")
    finally:
        stop.set()
        writer.join()
    for number in range(3):
        kept = Database(f"sqlite:///{tmp_path}/b{number}.db")
        with kept.transaction() as session:
            issues = session.execute(text("select count(*) from issues")).scalar_one()
            events = session.execute(text("select count(*) from issue_events where event = 'reported'")).scalar_one()
            assert issues == events
            assert session.execute(text("pragma foreign_key_check")).all() == []
        kept.close()


def test_nothing_is_written_over(database: Database, tmp_path: Path) -> None:
    back_up(database, tmp_path / "b.db")
    with pytest.raises(BackupRefused, match="exists"):
        back_up(database, tmp_path / "b.db")
    with pytest.raises(BackupRefused, match="not empty"):
        restore(database, tmp_path / "b.db")
    with pytest.raises(BackupRefused, match="no such file"):
        restore(database, tmp_path / "none.db")
