"""Doubtful messages: what an answer means, and that nothing is kept longer than needed."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.intake import Intake
from handlers.doubts import read_verdicts
from storage.chats import Chat
from storage.corrections import Correction
from storage.database import Database
from storage.doubts import Doubt
from storage.people import Person, Role, RoleHeld
from storage.places import Place
from tests.conftest import NOW, heard, said

WEAK = ("素质差", "电费贵", "没素质")


@pytest.mark.parametrize(
    ("words", "verdicts"),
    [
        ("1 是 2 不是", {1: True, 2: False}),
        ("1是2不是3是", {1: True, 2: False, 3: True}),
        ("1、3是，2不是", {1: True, 3: True, 2: False}),
        ("1和2不是", {1: False, 2: False}),
        ("都是", {1: True, 2: True, 3: True}),
        ("都不是。", {1: False, 2: False, 3: False}),
        ("9是", {}),
        ("是", {}),
        ("今天是晴天", {}),
        ("1", {}),
    ],
)
def test_answers_as_people_type_them(words: str, verdicts: dict[int, bool]) -> None:
    assert read_verdicts(words, 3) == verdicts


def test_one_alone_needs_no_number() -> None:
    assert read_verdicts("是的", 1) == {1: True}
    assert read_verdicts("不是", 1) == {1: False}


def count(database: Database) -> int:
    with database.transaction() as session:
        return session.scalar(select(func.count(Doubt.id))) or 0


def test_five_are_asked_about_at_once_and_of_what_was_none_no_word_is_kept(database: Database, intake: Intake) -> None:
    intake.handle([said("你好", chat="replay:head5", sender="replay:head5", is_group=False)])
    intake.handle([said(words, sender=f"replay:x{n}") for n, words in enumerate((*WEAK, *WEAK[:2]))])
    assert "5栋群里这5条是诉求吗？" in heard(database)[-1]
    intake.handle([said("都不是", chat="replay:head5", sender="replay:head5", is_group=False)])
    assert heard(database)[-1] == "另5条不登记。"
    assert count(database) == 0
    with database.transaction() as session:
        assert {correction.words for correction in session.scalars(select(Correction))} == {None}


def test_the_same_message_again_is_no_second_doubt(database: Database, intake: Intake) -> None:
    message = said(WEAK[0])
    intake.handle([message, message])
    intake.handle([message])
    assert count(database) == 1


def test_what_nobody_answers_is_gone_after_a_day(database: Database, intake: Intake) -> None:
    intake.handle([said("你好", chat="replay:head5", sender="replay:head5", is_group=False), said(WEAK[0])])
    intake.tick(NOW + timedelta(hours=3))
    assert count(database) == 1
    intake.tick(NOW + timedelta(hours=28))
    assert count(database) == 0


def test_a_doubt_that_comes_when_all_earlier_ones_are_gone_is_asked_about_like_them(
    database: Database, intake: Intake
) -> None:
    head = {"chat": "replay:head5", "sender": "replay:head5", "is_group": False}
    for day in range(3):
        now = NOW + timedelta(days=day)
        intake.handle([said(WEAK[day], at=now)])
        assert count(database) == 1
        intake.tick(now + timedelta(hours=3))
        assert sum("是诉求吗" in text for text in heard(database)) == day + 1
        intake.handle([said("不是", at=now + timedelta(hours=4), **head)])
        assert count(database) == 0


def test_what_was_asked_about_later_is_forgotten_a_day_after_that(database: Database, intake: Intake) -> None:
    intake.handle([said(WEAK[0])])
    intake.tick(NOW + timedelta(hours=3))
    intake.handle([said(WEAK[1], at=NOW + timedelta(hours=5))])
    intake.tick(NOW + timedelta(hours=8))
    assert sum("是诉求吗" in text for text in heard(database)) == 2
    intake.tick(NOW + timedelta(hours=28))
    assert count(database) == 1
    intake.tick(NOW + timedelta(hours=33))
    assert count(database) == 0


def test_a_flood_asks_the_head_once_and_loses_nothing(database: Database, intake: Intake) -> None:
    intake.handle([said("你好", chat="replay:head5", sender="replay:head5", is_group=False)])
    intake.handle([said(WEAK[n % 3], sender=f"replay:y{n}") for n in range(40)])
    assert sum("是诉求吗" in text for text in heard(database)) == 1
    intake.handle([said("都不是", chat="replay:head5", sender="replay:head5", is_group=False)])
    assert count(database) == 35
    assert sum("是诉求吗" in text for text in heard(database)) == 2
    assert "这9条" in heard(database)[-1]


def test_where_nobody_can_be_asked_nothing_is_kept(database: Database, intake: Intake) -> None:
    with database.transaction() as session:
        session.execute(update(Chat).where(Chat.is_group.is_(False)).values(is_active=False))
    intake.handle([said(WEAK[0])])
    intake.tick(NOW + timedelta(hours=3))
    assert count(database) == 0


def test_what_did_not_fit_the_list_is_asked_about_when_the_list_is_forgotten(
    database: Database, intake: Intake
) -> None:
    intake.handle([said("你好", chat="replay:head5", sender="replay:head5", is_group=False)])
    intake.handle([said(WEAK[n % 3], sender=f"replay:z{n}") for n in range(20)])
    for hours in (26, 52, 78, 104, 130):
        intake.tick(NOW + timedelta(hours=hours))
    assert count(database) == 0


def test_who_is_asked_about_two_buildings_answers_the_list_that_came_last(database: Database, intake: Intake) -> None:
    with database.transaction() as session:
        six = session.scalars(select(Person).where(Person.name == "王桂兰")).one()
        six.roles.append(RoleHeld(role=Role.BUILDING_HEAD, place=building_by_name(session, "9栋"), duties=[]))
        nine = session.scalars(select(Person).where(Person.name == "外人")).one()
        nine.held()[0].ended_at = NOW
    intake.handle([said(words, chat="replay:g6", sender=f"replay:s{n}") for n, words in enumerate(WEAK)])
    intake.tick(NOW + timedelta(hours=3))
    later = NOW + timedelta(hours=4)
    intake.handle([said(words, chat="replay:g9", sender=f"replay:t{n}", at=later) for n, words in enumerate(WEAK)])
    intake.tick(NOW + timedelta(hours=7))
    answer = said("都不是", chat="replay:head6", sender="replay:head6", is_group=False, at=NOW + timedelta(hours=8))
    intake.handle([answer])
    with database.transaction() as session:
        assert {doubt.building.name for doubt in session.scalars(select(Doubt))} == {"6栋"}


def building_by_name(session: Session, name: str) -> Place:
    return session.scalars(select(Place).where(Place.name == name)).one()
