"""A second process on the same database stands by, and takes over when the first is gone; a full disk is waited out."""

import asyncio
import resource
import signal

from tests.e2e.conftest import GROUP, RESIDENT, BotProcess
from tests.e2e.telegram_server import TelegramServer


async def two(server: TelegramServer, bot: BotProcess) -> asyncio.subprocess.Process:
    """The first has registered an issue, the second stands by; returns the first."""
    await bot.start()
    first = bot.process
    assert first is not None
    await server.say(GROUP, RESIDENT, "3单元电梯坏了")
    await server.wait_for(GROUP, "已登记 1号")
    await bot.start()
    # How long a process takes to load is no part of how soon a spare takes over.
    await bot.wait_for_log('"event": "running"', times=2)
    return first


async def test_the_second_of_two_stands_by_and_takes_over_within_ten_seconds(
    server: TelegramServer, bot: BotProcess
) -> None:
    first = await two(server, bot)
    await asyncio.sleep(3)
    log = bot.log()
    assert "Conflict" not in log
    assert log.count('"event": "lease taken"') == 2  # one to hear, one to speak
    first.send_signal(signal.SIGKILL)
    await first.wait()
    await server.say(GROUP, RESIDENT, "下水道堵了")
    await server.wait_for(GROUP, "已登记 2号", 10)
    assert len([text for text in server.texts(GROUP) if "已登记" in text]) == 2
    assert await bot.stop() == 0


async def test_a_frozen_process_is_taken_over_within_ten_seconds_and_does_no_harm_when_it_wakes(
    server: TelegramServer, bot: BotProcess
) -> None:
    first = await two(server, bot)
    await asyncio.sleep(2)
    first.send_signal(signal.SIGSTOP)
    await server.say(GROUP, RESIDENT, "下水道堵了")
    await server.wait_for(GROUP, "已登记 2号", 12)
    first.send_signal(signal.SIGCONT)
    await asyncio.sleep(2)
    await server.say(GROUP, RESIDENT, "楼道灯不亮")
    await server.wait_for(GROUP, "已登记 3号", 12)
    await asyncio.sleep(1)
    assert len([text for text in server.texts(GROUP) if "已登记" in text]) == 3
    assert bot.rows("select count(*) from issues") == [(3,)]
    first.send_signal(signal.SIGTERM)
    await first.wait()
    await bot.stop()


async def test_a_full_disk_is_waited_out_and_nothing_is_lost(server: TelegramServer, bot: BotProcess) -> None:
    await bot.start()
    await server.say(GROUP, RESIDENT, "3单元电梯坏了")
    await server.wait_for(GROUP, "已登记 1号")
    assert bot.process is not None
    unlimited = resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, (4096, unlimited[1]))
    await server.say(GROUP, RESIDENT, "下水道堵了")
    await bot.wait_for_log("the database did not take it")
    resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, unlimited)
    await server.wait_for(GROUP, "已登记 2号", 40)
    assert bot.rows("select count(*) from issues") == [(2,)]
    await bot.stop()
