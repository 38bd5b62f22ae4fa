"""Several workers on one database: of two who act at once one wins, and numbers are given once."""

import threading
from collections.abc import Callable

from bot.intake import Intake
from handlers.messages import Incoming
from handlers.rules import Rules
from storage.database import Database
from storage.issues import Issue
from tests.conftest import heard, said
from tests.handlers.test_people import private


def at_once(database: Database, rules: Rules, batches: list[list[Incoming]]) -> int:
    """Each batch in a worker of its own, all started together; a failed turn is tried again. Returns failures left."""
    barrier = threading.Barrier(len(batches))
    left: list[int] = []

    def work(batch: list[Incoming]) -> None:
        own = Database(database.url)
        intake = Intake(own, rules)
        barrier.wait()
        left.append(_until_committed(lambda: intake.handle(batch).failures))
        own.close()

    threads = [threading.Thread(target=work, args=(batch,)) for batch in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sum(left)


def _until_committed(work: Callable[[], int]) -> int:
    """As the app does: a batch that could not be committed is handled again."""
    for _ in range(20):
        try:
            return work()
        except Exception:
            continue
    raise AssertionError("never committed")


def test_of_two_who_claim_at_once_one_wins_and_the_other_hears_who(
    database: Database, intake: Intake, rules: Rules
) -> None:
    for number in range(1, 9):
        intake.handle([said(f"{number}单元灯坏了")])
        claims = [[private(f"replay:{who}", f"认领 {number}")] for who in ("head5", "grid", "staff")]
        assert at_once(database, rules, claims) == 0
    with database.transaction() as session:
        for issue in session.query(Issue):
            assert [event.event for event in issue.events].count("claimed") == 1
    lines = heard(database)
    assert len([line for line in lines if "已经认领了" in line]) == 16


def test_reports_of_many_groups_at_once_get_numbers_of_their_own(database: Database, rules: Rules) -> None:
    batches = [
        [said(f"{unit}单元灯坏了", chat=f"replay:g{group}", sender=f"replay:p{group}") for unit in range(1, 11)]
        for group in (5, 6)
    ]
    assert at_once(database, rules, batches) == 0
    with database.transaction() as session:
        numbers = sorted(issue.number for issue in session.query(Issue))
    assert numbers == list(range(1, 21))
