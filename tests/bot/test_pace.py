"""An account that must not speak like a machine: one message at a time, never hurried, silent at night."""

import itertools
from datetime import time, timedelta

import pytest

from bot.pace import is_awake
from bot.platforms.base import Capabilities, Pace
from storage.database import Database
from storage.logins import note_login
from tests.bot.test_outbox import Peer, Post
from tests.conftest import NOW

PACE = Pace(between=(2, 6), new_days=7, new_factor=3, same_words_apart=120, hours=(time(7, 0), time(22, 30)))


def post(database: Database, *, days_old: float = 30) -> Post:
    with database.transaction() as session:
        note_login(session, "replay:main", "bot", NOW - timedelta(days=days_old), are_ids_stable=False)
    return Post(database, Peer(Capabilities(pace=PACE)))


async def spoken(made: Post, seconds: int) -> list[tuple[int, str]]:
    """What was said, and in which second."""
    said: list[tuple[int, str]] = []
    for second in range(seconds):
        made.now = NOW + timedelta(seconds=second)
        before = len(made.peer.sent)
        await made.rounds(1)
        said.extend((second, message.text) for message in made.peer.sent[before:])
    return said


@pytest.mark.parametrize(("days_old", "shortest", "longest"), [(30, 2, 7), (1, 6, 19)])
async def test_between_two_messages_there_is_a_pause_and_a_new_account_takes_longer(
    database: Database, days_old: float, shortest: int, longest: int
) -> None:
    made = post(database, days_old=days_old)
    for number in range(5):
        made.put(f"第{number}句", chat=f"replay:g{(5, 6, 9)[number % 3]}")
    seconds = [second for second, _ in await spoken(made, 80)]
    assert len(seconds) == 5
    gaps = [later - sooner for sooner, later in itertools.pairwise(seconds)]
    assert all(shortest <= gap <= longest for gap in gaps), gaps


async def test_the_same_words_do_not_go_to_several_groups_at_once(database: Database) -> None:
    made = post(database)
    for number, chat in enumerate(("replay:g5", "replay:g6")):
        made.put("明天停水", chat=chat, key=f"k{number}")
    said = await spoken(made, 150)
    assert [text for _, text in said] == ["明天停水", "明天停水"]
    assert said[1][0] - said[0][0] >= 120


async def test_at_night_only_what_is_urgent_is_said_and_the_rest_in_the_morning(database: Database) -> None:
    made = post(database)
    made.put("不急", chat="replay:g5")
    made.put("着火了", chat="replay:g5", is_urgent=True)
    made.now = NOW.replace(hour=16)  # midnight in Hunan
    await made.rounds(1)
    assert [message.text for message in made.peer.sent] == ["着火了"]
    made.now = NOW + timedelta(days=1)
    await made.rounds(1)
    assert [message.text for message in made.peer.sent] == ["着火了", "不急"]


async def test_an_account_that_is_logged_out_keeps_what_it_has_to_say(database: Database) -> None:
    made = post(database)
    made.peer.is_ready = False
    made.put("等一等")
    await made.rounds(1)
    assert made.peer.sent == []
    made.peer.is_ready = True
    await made.rounds(1)
    assert [message.text for message in made.peer.sent] == ["等一等"]


def test_awake_over_midnight() -> None:
    assert is_awake(NOW, (time(7), time(22)))
    assert not is_awake(NOW, (time(22), time(7)))
    assert is_awake(NOW.replace(hour=15), (time(22), time(7)))
