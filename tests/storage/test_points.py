"""The ledger: sums are zero, nothing is credited twice, nobody goes below nothing."""

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from storage.database import Database
from storage.people import person_at
from storage.points import PointAccount, balance, earn, earned_between, next_reward
from tests.conftest import NOW


def test_the_sum_over_all_accounts_is_zero(database: Database) -> None:
    with database.transaction() as session:
        for number in range(30):
            person = person_at(session, f"replay:{('head5', 'vol5', 'head6')[number % 3]}")
            assert person is not None
            earn(session, 1, person, number % 4, "care", "visit", f"s{number % 20}", NOW)
        assert session.scalar(select(func.sum(PointAccount.balance))) == 0


def test_one_source_earns_once(database: Database) -> None:
    with database.transaction() as session:
        person = person_at(session, "replay:head5")
        assert person is not None
        assert earn(session, 1, person, 2, "care", "visit", "visit:1", NOW) is not None
        assert earn(session, 1, person, 2, "care", "visit", "visit:1", NOW) is None
        assert balance(session, person) == (2, {"care": 2})
        assert earned_between(session, person, NOW, NOW.replace(hour=23)) == 2


@pytest.mark.parametrize("amount", [0, -1, -(2**40)])
def test_nothing_and_less_is_not_earned(database: Database, amount: int) -> None:
    with database.transaction() as session:
        person = person_at(session, "replay:head5")
        assert person is not None
        assert earn(session, 1, person, amount, "care", "visit", "x", NOW) is None


def test_the_database_itself_refuses_a_debt(database: Database) -> None:
    with pytest.raises(IntegrityError), database.transaction() as session:
        person = person_at(session, "replay:head5")
        assert person is not None
        earn(session, 1, person, 2, "care", "visit", "x", NOW)
        session.execute(text("update point_accounts set balance = balance - 3 where person_id is not null"))


def test_the_next_reward_is_the_cheapest_out_of_reach(database: Database) -> None:
    with database.transaction() as session:
        reward = next_reward(session, 46, NOW.date())
        assert reward is not None
        assert (reward.item, reward.points) == ("免费体检", 100)
        assert next_reward(session, 100, NOW.date()) is None
