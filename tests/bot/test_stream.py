"""The queue between the roles, on a real NATS server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import nats as library
import pytest

from bot import stream as queue
from bot.core import Core
from bot.metrics import Metrics
from bot.stream import Stream
from bot.worker import Worker
from handlers.rules import Rules
from storage.database import Database
from tests.conftest import NOW, heard, said
from tests.nats_server import NatsServer


@pytest.fixture
async def stream(nats: NatsServer) -> AsyncIterator[Stream]:
    made = Stream(nats.url)
    await made.connect()
    yield made
    await made.close()


async def test_what_no_worker_can_read_is_set_aside_and_its_chat_goes_on(
    nats: NatsServer, stream: Stream, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "RETRY_SECONDS", 0.05)
    monkeypatch.setattr(queue, "UNREADABLE_TRIES", 4)
    core = Core()
    worker = Worker(database, core, Rules(secret="x"), lambda: NOW, Metrics())
    report = said("3单元电梯坏了")
    client = await library.connect(nats.url)
    jetstream = client.jetstream()
    broken = (b"\xff", b"[]", b'{"key": "1", "of a later version": 1}')
    for payload in broken:
        await jetstream.publish(queue._subject(report), payload)
    await stream.hand_on([report])
    working = asyncio.create_task(stream.work(worker))
    try:
        async with asyncio.timeout(20):
            while not heard(database):
                await asyncio.sleep(0.05)
            while (await jetstream.stream_info(queue.NAME)).state.messages:
                await asyncio.sleep(0.05)
    finally:
        working.cancel()
        with suppress(asyncio.CancelledError):
            await working
        core.close()
    aside = [await jetstream.get_msg(queue.ASIDE, number) for number in (1, 2, 3)]
    assert [kept.data for kept in aside] == list(broken)
    assert heard(database)[0].startswith("1号 电梯")
    await client.close()
