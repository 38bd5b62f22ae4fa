"""What every platform promises: one suite, run against each over its real transport."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

import pytest

from bot.platforms.base import Batch, Platform
from bot.platforms.sandbox import SandboxPlatform
from bot.platforms.telegram import TelegramPlatform
from bot.platforms.wechat import WechatPlatform
from handlers.messages import Button, Happening, Incoming, Outgoing
from tests.e2e.telegram_server import TOKEN, Sent, TelegramServer
from tests.e2e.wechat_peer import BOT, GROUP, RESIDENT, WechatPeer, install
from tests.e2e.wechat_peer import TOKEN as PUPPET_TOKEN


@dataclass
class Shown:
    """A line of the bot's as people see it."""

    text: str
    buttons: list[str]
    reactions: list[str]


class Stage(Protocol):
    """A platform and the people on it."""

    platform: Platform
    group: str
    private: str
    comes_again: bool
    quotes_by_words: bool

    async def say(self, text: str, *, in_group: bool = True, reply_to: str | None = None) -> str: ...
    async def press(self, message_id: str, button: str) -> None: ...
    def shown(self) -> list[Shown]: ...


class SandboxStage:
    group, private, comes_again, quotes_by_words = "sandbox:g", "sandbox:p", False, False

    def __init__(self) -> None:
        self.platform = SandboxPlatform(lambda: datetime.now(UTC))

    async def say(self, text: str, *, in_group: bool = True, reply_to: str | None = None) -> str:
        chat = self.group if in_group else self.private
        return self.platform.say(chat, "sandbox:u", "刘婶", text, is_group=in_group, reply_to=reply_to).id

    async def press(self, message_id: str, button: str) -> None:
        line = next(line for line in self.platform.lines if line.id == message_id)
        self.platform.press(line, button, "sandbox:u", "刘婶", is_group=True)

    def shown(self) -> list[Shown]:
        return [
            Shown(line.text, [button.id for button in line.buttons], line.reactions) for line in self.platform.lines
        ]


class TelegramStage:
    group, private, comes_again, quotes_by_words = "telegram:-100500", "telegram:21", True, False

    def __init__(self, server: TelegramServer) -> None:
        self.server = server
        self.platform = TelegramPlatform("main", TOKEN, server.url)
        self.words: dict[str, str] = {}

    async def say(self, text: str, *, in_group: bool = True, reply_to: str | None = None) -> str:
        said = self.words.get(reply_to or "", "x")
        more = {"reply_to_message": self.server.message(-100500, 21, said, int(reply_to))} if reply_to else {}
        number = str(await self.server.say(-100500 if in_group else 21, 21, text, **more))
        self.words[number] = text
        return number

    async def press(self, message_id: str, button: str) -> None:
        await self.server.press(Sent("sendMessage", {"chat_id": -100500}, int(message_id)), button, 21)

    def shown(self) -> list[Shown]:
        lines = [Shown(sent.text, sent.buttons, []) for sent in self.server.sent if sent.method == "sendMessage"]
        for sent in self.server.sent:
            if sent.method == "setMessageReaction":
                lines.append(Shown("", [], [json.loads(sent.fields["reaction"])[0]["emoji"]]))
        return lines


class Book:
    """A login book that forgets."""

    async def login(self, account: str, self_id: str) -> tuple[int, bool]:
        return 1, False

    async def logout(self, account: str) -> None: ...

    async def seen(self, account: str) -> datetime | None: ...


class WechatStage:
    group, private, comes_again, quotes_by_words = f"wechat:{GROUP}", f"wechat:{RESIDENT}", False, True

    def __init__(self, peer: WechatPeer) -> None:
        self.peer = peer
        self.platform = WechatPlatform("wx1", peer.endpoint, PUPPET_TOKEN, Book())
        self.words: dict[str, str] = {}

    async def say(self, text: str, *, in_group: bool = True, reply_to: str | None = None) -> str:
        number = f"said{len(self.words)}"
        self.words[number] = text
        if reply_to:
            text = (
                f"<msg><appmsg><title>{text}</title><type>57</type><refermsg><chatusr>{RESIDENT}</chatusr>"
                f"<content>{self.words[reply_to]}</content></refermsg></appmsg></msg>"
            )
        to = GROUP if in_group else BOT
        await self.peer.act("raw", **{"from": RESIDENT, "to": to, "text": text, "type": "text", "id": number})
        return number

    async def press(self, message_id: str, button: str) -> None:
        raise NotImplementedError

    def shown(self) -> list[Shown]:
        return [Shown(text, [], []) for text in self.peer.texts(GROUP)]


async def wechat_stage() -> AsyncIterator[Stage]:
    install()
    peer = WechatPeer()
    await peer.start()
    made = WechatStage(peer)
    yield made
    await made.platform.close()
    await peer.stop()


@pytest.fixture(params=["sandbox", "telegram", "wechat"])
async def stage(request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    if request.param == "sandbox":
        yield SandboxStage()
        return
    if request.param == "wechat":
        async for made in wechat_stage():
            yield made
        return
    server = TelegramServer()
    await server.start()
    telegram = TelegramStage(server)
    yield telegram
    await telegram.platform.close()
    await server.stop()


OF_THE_ACCOUNT = {Happening.LOGGED_IN, Happening.LOGGED_OUT, Happening.GAP}


class Ear:
    """Takes batches in as the app does, one after the other."""

    def __init__(self, stage: Stage) -> None:
        self.batches = stage.platform.batches()

    async def next(self) -> Batch:
        return await asyncio.wait_for(anext(self.batches), 10)

    async def hear(self, count: int) -> list[Incoming]:
        heard: list[Incoming] = []
        while len(heard) < count:
            batch = await self.next()
            heard.extend(message for message in batch.messages if message.happening not in OF_THE_ACCOUNT)
            await batch.acknowledge({})
        return heard


async def listening(stage: Stage) -> Ear:
    """Connected before anything is said: what WeChat cannot deliver at once it does not keep."""
    ear = Ear(stage)
    if not stage.comes_again and stage.quotes_by_words:
        assert (await ear.next()).messages[0].happening is Happening.LOGGED_IN
    return ear


async def test_what_is_said_comes_in_once_and_in_order(stage: Stage) -> None:
    ear = await listening(stage)
    ids = [await stage.say(f"第{number}句") for number in range(5)]
    heard = await ear.hear(5)
    assert [message.text for message in heard] == [f"第{number}句" for number in range(5)]
    assert [message.message_id for message in heard] == ids
    assert len({message.key for message in heard}) == 5
    for message in heard:
        assert message.chat == stage.group
        assert message.account == stage.platform.account
        assert message.is_group
        assert message.at.tzinfo is not None
        assert message.name
        assert message.happening is Happening.SAID


async def test_group_and_private_are_told_apart_and_a_reply_names_what_it_answers(stage: Stage) -> None:
    ear = await listening(stage)
    first = await stage.say("电梯坏了")
    await stage.say("我家也是", reply_to=first)
    await stage.say("私下说一句", in_group=False)
    heard = await ear.hear(3)
    assert [message.is_group for message in heard] == [True, True, False]
    assert heard[2].chat == stage.private
    if not stage.quotes_by_words:
        assert [message.reply_to for message in heard] == [None, first, None]


async def test_a_reply_carries_the_words_and_the_speaker_it_answers(stage: Stage) -> None:
    ear = await listening(stage)
    first = await stage.say("那个东西又来了")
    await stage.say("报事", reply_to=first)
    said, answer = await ear.hear(2)
    assert said.quoted is None
    assert answer.quoted is not None
    assert (answer.quoted.text, answer.quoted.sender, answer.quoted.message_id) == (
        "那个东西又来了", said.sender, "" if stage.quotes_by_words else first,
    )  # fmt: skip


async def test_a_button_shown_can_be_pressed_and_says_its_own_id(stage: Stage) -> None:
    if not stage.platform.capabilities.has_buttons:
        pytest.skip("this platform has no buttons")
    ear = await listening(stage)
    await stage.say("电梯坏了")
    await ear.hear(1)
    button = Button("claim 1", "认领")
    out = Outgoing("k1", stage.platform.account, stage.group, "已登记 1号", (button,))
    sent = await stage.platform.send(out)
    assert stage.shown()[-1].buttons == ["claim 1"]
    await stage.press(sent, "claim 1")
    (pressed,) = await ear.hear(1)
    assert (pressed.happening, pressed.press, pressed.chat) == (Happening.PRESSED, "claim 1", stage.group)


async def test_a_reaction_lands_on_what_was_said(stage: Stage) -> None:
    if not stage.platform.capabilities.has_reactions:
        pytest.skip("this platform has no reactions")
    ear = await listening(stage)
    said = await stage.say("我家也是")
    await ear.hear(1)
    await stage.platform.send(Outgoing("k1", stage.platform.account, stage.group, reply_to=said, reaction="👍"))
    assert any(shown.reactions == ["👍"] for shown in stage.shown())


async def test_markup_is_sent_as_the_plain_words_it_is(stage: Stage) -> None:
    ear = await listening(stage)
    await stage.say("x")
    await ear.hear(1)
    words = "*粗* [王](http://evil) <b>&lt;</b> _x_"
    await stage.platform.send(Outgoing("k1", stage.platform.account, stage.group, words))
    async with asyncio.timeout(5):
        while not stage.shown():
            await asyncio.sleep(0.02)
    assert stage.shown()[-1].text == words


async def test_what_was_not_acknowledged_comes_again_and_what_was_does_not(stage: Stage) -> None:
    if not stage.comes_again:
        pytest.skip("this platform hands a message over once")
    ear = await listening(stage)
    await stage.say("甲")
    unacknowledged = await ear.next()
    again = await ear.next()
    assert [message.key for message in again.messages] == [message.key for message in unacknowledged.messages]
    await again.acknowledge({})
    await stage.say("乙")
    assert [message.text for message in (await ear.next()).messages] == ["乙"]


async def test_it_stops_when_it_is_told_to(stage: Stage) -> None:
    async def listen() -> None:
        async for batch in stage.platform.batches():
            await batch.acknowledge({})

    task = asyncio.create_task(listen())
    await asyncio.sleep(0.2)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await asyncio.wait_for(task, 5)
    assert task.done()
