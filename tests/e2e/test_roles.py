"""Gateways, workers and senders parted by NATS: killed and frozen at random, all is kept once and in order."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.e2e.killing import NOTHING_WRONG, Loop
from tests.e2e.telegram_server import Sent, TelegramServer
from tests.nats_server import NatsServer
from tests.postgres_server import PostgresServer

ROLES = ("gateway", "gateway", "worker", "worker", "worker", "sender")
FROZEN_SECONDS = 9.0


@pytest.fixture
async def servers() -> AsyncIterator[list[TelegramServer]]:
    made = [TelegramServer(), TelegramServer()]
    for server in made:
        await server.start()
    yield made
    for server in made:
        await server.stop()


class Fleet:
    """The processes of all roles."""

    def __init__(self, loop: Loop) -> None:
        self.loop = loop
        self.pids: list[int] = []
        self.kills = self.freezes = 0

    async def start(self) -> None:
        self.pids = [await self.loop.start(role) for role in ROLES]

    async def kill(self, index: int) -> None:
        await self.loop.kill(self.pids[index])
        self.pids[index] = await self.loop.start(ROLES[index])
        self.kills += 1

    async def freeze(self, index: int) -> None:
        """Long enough for its lease to run out, its messages to go to others, its transaction to be ended."""
        pid = self.pids[index]
        os.kill(pid, signal.SIGSTOP)
        self.freezes += 1
        await asyncio.sleep(FROZEN_SECONDS)
        with suppress(ProcessLookupError):  # killed meanwhile
            os.kill(pid, signal.SIGCONT)

    async def stop(self) -> None:
        for pid in self.pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
                await self.loop.kill(pid)


@pytest.mark.parametrize("seconds", [20, pytest.param(300, marks=pytest.mark.nightly)])
async def test_roles_survive_being_killed_and_frozen_at_random(
    servers: list[TelegramServer], postgres: PostgresServer, nats: NatsServer, tmp_path: Path, seconds: float
) -> None:
    loop = Loop(tmp_path, postgres.make_database(), servers, seed=int(seconds), nats=nats.url)
    loop.import_town()
    await loop.warm_up()
    fleet, frozen = Fleet(loop), set[asyncio.Task[None]]()
    try:
        await fleet.start()
        clock = asyncio.get_running_loop()
        end, next_blow = clock.time() + seconds, clock.time() + 3
        while clock.time() < end:
            await loop.talk(1)
            await asyncio.sleep(loop.chance.uniform(0.02, 0.2))
            if clock.time() >= next_blow:
                next_blow = clock.time() + loop.chance.uniform(0.3, 2)
                index, chance = loop.chance.randrange(len(ROLES)), loop.chance.random()
                if chance < 0.15 and not frozen:
                    task = asyncio.create_task(fleet.freeze(index))
                    frozen.add(task)
                    task.add_done_callback(frozen.discard)
                elif chance < 0.2:
                    nats.kill()
                    await loop.talk(3)
                    nats.start()
                else:
                    await fleet.kill(index)
        done_under_fire = loop.issues()
        await asyncio.gather(*frozen)
        await loop.until_said()
        await asyncio.sleep(1)
        found = loop.reconcile()
    finally:
        await fleet.stop()
        await loop.stop()
    print(f"seed {loop.seed}, {fleet.kills} kills, {fleet.freezes} freezes: {found}; {done_under_fire} done under fire")
    assert done_under_fire > len(loop.said) / 3
    assert found | NOTHING_WRONG == found


async def test_the_roles_as_an_operator_starts_them(
    servers: list[TelegramServer], postgres: PostgresServer, nats: NatsServer, tmp_path: Path
) -> None:
    """A report, a line that only makes sense after it, and a press: by whichever worker; then a stop in good order."""
    loop = Loop(tmp_path, postgres.make_database(), servers, seed=0, nats=nats.url)
    loop.import_town()
    loop.database.close()
    log = (tmp_path / "log").open("ab")
    started = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", "--role", role, "--config", str(loop.config), stderr=log
        )
        for role in ("worker", "worker", "gateway", "sender")
    ]
    server, group, head = servers[2 % len(servers)], -1002, 1002
    try:
        for unit in range(1, 7):
            await server.say(group, 5000 + unit, f"{unit}单元的灯坏了")
            line = await server.wait_for(group, f"已登记 {unit}号", 40)
            await server.say(group, 6000 + unit, "我家也是")
            await until(lambda unit=unit: len(nods(server)) == unit)
        await server.press(line, "claim 6", head)
        await server.wait_for(group, "6号")
        await server.press(line, "claim 6", 7777)
        await until(lambda: [sent for sent in server.sent if sent.method == "answerCallbackQuery" and sent.text])
        answered = [sent for sent in server.sent if sent.method == "answerCallbackQuery" and sent.text]
        assert "6号" in answered[0].text
    finally:
        for process in started:
            process.terminate()
        codes = [await asyncio.wait_for(process.wait(), 40) for process in started]
    assert codes == [0, 0, 0, 0]


def nods(server: TelegramServer) -> list[Sent]:
    return [sent for sent in server.sent if sent.method == "setMessageReaction"]


async def until(is_so: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not is_so():
            await asyncio.sleep(0.05)
