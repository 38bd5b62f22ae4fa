"""Of several processes one does a thing, and another takes over when it is gone."""

from datetime import timedelta

import pytest

from storage.database import Database
from storage.leases import LEASE, holds_lease, release_leases, take_leases
from tests.conftest import NOW

NAMES = ["in:telegram:main", "out:telegram:main"]


def take(database: Database, holder: str, seconds: float = 0, gone: tuple[str, ...] = ()) -> set[str]:
    with database.transaction() as session:
        return take_leases(session, NAMES, holder, NOW + timedelta(seconds=seconds), gone.__contains__)


def test_whoever_came_first_keeps_it_by_renewing(database: Database) -> None:
    assert take(database, "a") == set(NAMES)
    assert take(database, "b", 3) == set()
    assert take(database, "a", 6) == set(NAMES)
    assert take(database, "b", 13) == set()


def test_another_takes_over_when_it_has_run_out_and_the_first_has_lost_it(database: Database) -> None:
    take(database, "a")
    assert take(database, "b", LEASE.total_seconds()) == set(NAMES)
    assert take(database, "a", LEASE.total_seconds() + 1) == set()
    with database.transaction() as session:
        assert holds_lease(session, NAMES[0], "b")
        assert not holds_lease(session, NAMES[0], "a")


def test_of_one_that_is_known_to_be_gone_it_is_free_at_once(database: Database) -> None:
    take(database, "a")
    assert take(database, "b", 1, gone=("a",)) == set(NAMES)


def test_whoever_stops_in_good_order_leaves_it_at_once(database: Database) -> None:
    take(database, "a")
    with database.transaction() as session:
        release_leases(session, "a")
    assert take(database, "b", 1) == set(NAMES)


@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(days=1)])
def test_a_clock_set_back_does_not_keep_a_dead_holders_lease_for_ever(database: Database, back: timedelta) -> None:
    take(database, "a")
    assert take(database, "b", -back.total_seconds()) == set(NAMES)
