"""Delivery: every send at least once, a possible repeat marked, a chat that fails stops only itself."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot.core import Core
from bot.leases import Leases
from bot.outbox import Delivery
from bot.platforms.base import Batch, Capabilities, SendFailed
from handlers.messages import Outgoing
from storage.chats import chat_at
from storage.database import Database
from storage.outbox import OutboxMessage
from tests.conftest import NOW


class Peer:
    """A platform that fails as it is told to."""

    account = "replay:main"
    is_ready = True
    reconnects = 0
    heard_at = None

    def __init__(self, capabilities: Capabilities | None = None) -> None:
        self.capabilities = capabilities or Capabilities(has_buttons=True)
        self.sent: list[Outgoing] = []
        self.failures: list[SendFailed] = []

    def batches(self) -> AsyncIterator[Batch]:
        raise NotImplementedError

    async def send(self, message: Outgoing) -> str:
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(message)
        return str(len(self.sent))

    async def close(self) -> None:
        pass


class Post:
    """An outbox with its delivery and a clock."""

    def __init__(self, database: Database, peer: Peer) -> None:
        self.database, self.peer, self.now = database, peer, NOW
        self.core = Core()
        self.leases, self.delivery = self.another_process("us")

    def another_process(self, name: str) -> tuple[Leases, Delivery]:
        leases = Leases(self.database, self.core, self.clock, name)
        return leases, Delivery(self.database, self.core, {self.peer.account: self.peer}, leases, self.clock)

    def clock(self) -> datetime:
        return self.now

    def put(self, text: str, chat: str = "replay:g5", **more: object) -> None:
        with self.database.transaction() as session:
            known = chat_at(session, chat)
            assert known is not None
            values = {"key": text, "chat_id": known.id, "kind": "say", "text": text, "buttons": [], "photos": []}
            session.add(OutboxMessage(**(values | {"not_before": self.now, "created_at": self.now} | more)))

    async def rounds(self, count: int = 5) -> None:
        for _ in range(count):
            await self.leases.renew()
            await self.delivery.drain()

    def states(self) -> list[str]:
        with self.database.transaction() as session:
            return list(session.scalars(select(OutboxMessage.state).order_by(OutboxMessage.id)))


@pytest.fixture
def peer() -> Peer:
    return Peer()


@pytest.fixture
def post(database: Database, peer: Peer) -> Post:
    return Post(database, peer)


async def test_a_chat_hears_everything_once_and_in_order(post: Post, peer: Peer) -> None:
    for number in range(4):
        post.put(f"第{number}句")
    await post.rounds()
    assert [message.text for message in peer.sent] == ["第0句", "第1句", "第2句", "第3句"]
    assert set(post.states()) == {"sent"}


async def test_asked_to_wait_the_chat_waits_and_the_others_go_on(post: Post, peer: Peer) -> None:
    peer.failures = [SendFailed("429", retry_after=30)]
    post.put("甲")
    await post.rounds(1)
    post.put("乙")
    post.put("丙", chat="replay:g6")
    await post.rounds()
    assert [message.text for message in peer.sent] == ["丙"]
    post.now += timedelta(seconds=31)
    await post.rounds()
    assert [message.text for message in peer.sent] == ["丙", "甲", "乙"]


async def test_a_send_of_unknown_fate_is_repeated_once_and_marked(post: Post, peer: Peer) -> None:
    peer.failures = [SendFailed("timed out", may_have_arrived=True)]
    post.put("甲")
    await post.rounds()
    assert peer.sent == []
    post.now += timedelta(minutes=1)
    await post.rounds()
    assert [message.text for message in peer.sent] == ["【重发】甲"]


async def test_a_repeat_of_unknown_fate_is_not_repeated_again(post: Post, peer: Peer) -> None:
    peer.failures = [SendFailed("timed out", may_have_arrived=True)] * 2
    post.put("甲")
    for _ in range(5):
        await post.rounds()
        post.now += timedelta(minutes=10)
    assert post.states() == ["parked"]
    assert peer.sent == []


async def test_what_was_being_sent_when_the_process_died_is_repeated_marked(post: Post, peer: Peer) -> None:
    post.put("甲", state="sending")
    post.put("乙")
    await post.rounds()
    assert [message.text for message in peer.sent] == ["【重发】甲", "乙"]


async def test_what_never_left_is_sent_again_unmarked(post: Post, peer: Peer) -> None:
    peer.failures = [SendFailed("connection refused")]
    post.put("甲")
    await post.rounds(1)
    post.now += timedelta(minutes=1)
    await post.rounds()
    assert [message.text for message in peer.sent] == ["甲"]


async def test_a_reminder_that_came_too_late_is_not_sent(post: Post, peer: Peer) -> None:
    post.put("明天10:00走访", kind="reminder", expires_at=NOW + timedelta(hours=1))
    post.now += timedelta(hours=2)
    await post.rounds()
    assert peer.sent == []
    assert post.states() == ["parked"]


async def test_a_group_hears_no_more_than_its_platform_allows_a_minute(database: Database) -> None:
    peer = Peer(Capabilities(group_per_minute=3))
    post = Post(database, peer)
    for number in range(10):
        post.put(str(number))
    await post.rounds(10)
    assert len(peer.sent) == 3
    for _ in range(60):
        post.now += timedelta(seconds=1)
        await post.rounds(2)
    assert len(peer.sent) <= 6


async def test_without_buttons_the_answers_are_numbered_and_a_long_text_is_cut(database: Database) -> None:
    peer = Peer(Capabilities(max_chars=40))
    post = Post(database, peer)
    buttons = [{"id": "claim 1", "label": "认领"}, {"id": "metoo 1", "label": "我家也是"}]
    post.put("已登记 1号。", buttons=buttons)
    post.put("长" * 100)
    await post.rounds()
    assert peer.sent[0].text == "已登记 1号。\n回复 1 认领，回复 2 我家也是"
    assert peer.sent[0].buttons == ()
    assert len(peer.sent[1].text) == 40


@pytest.mark.parametrize("jump", [timedelta(days=1), timedelta(days=-1)])
async def test_a_clock_that_jumps_repeats_nothing_and_holds_nothing_back(
    post: Post, peer: Peer, jump: timedelta
) -> None:
    post.put("甲")
    await post.rounds(1)
    post.put("乙")
    post.now += jump
    post.put("丙")
    await post.rounds()
    assert [message.text for message in peer.sent] == ["甲", "乙", "丙"]
