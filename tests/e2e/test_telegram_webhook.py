"""The webhook: 200 only after the commit, else it comes again; nobody without the secret gets in."""

import asyncio
import signal
import socket

import httpx
import pytest

from tests.e2e.conftest import GROUP, RESIDENT, BotProcess
from tests.e2e.telegram_server import TOKEN, TelegramServer

SECRET = "a-secret_of_ours"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


class Hook:
    """A bot in webhook mode and a client that plays Telegram or an attacker."""

    def __init__(self, bot: BotProcess, port: int) -> None:
        self.bot = bot
        self.url = f"http://127.0.0.1:{port}/telegram"
        text = bot.config.read_text("utf-8")
        text += f'mode = "webhook"\nurl = "{self.url}"\nlisten = "127.0.0.1:{port}"\nsecret = "{SECRET}"\n'
        bot.config.write_text(text, "utf-8")

    async def post(self, content: bytes, secret: str = SECRET) -> int:
        headers = [(HEADER.encode(), secret.encode())]
        async with httpx.AsyncClient(timeout=10) as client:
            return (await client.post(self.url, content=content, headers=headers)).status_code

    async def up(self, server: TelegramServer) -> None:
        await self.bot.start()
        async with asyncio.timeout(20):
            while True:
                try:
                    await self.post(b"{}", "wrong")
                    break
                except httpx.TransportError:
                    await asyncio.sleep(0.05)
            while server.webhook_url() != self.url:
                await asyncio.sleep(0.05)


@pytest.fixture
async def hook(bot: BotProcess) -> Hook:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return Hook(bot, port)


async def test_a_pushed_report_is_committed_before_it_is_taken(
    server: TelegramServer, bot: BotProcess, hook: Hook
) -> None:
    await hook.up(server)
    await server.say(GROUP, RESIDENT, "3单元电梯坏了")
    taken = [line for line in server.entries if line.get("event") == "webhook"]
    assert [line["status"] for line in taken] == [200]
    assert bot.rows("select topic from issues") == [("elevator",)]
    await server.wait_for(GROUP, "已登记 1号")


async def test_without_the_right_secret_nothing_is_taken(server: TelegramServer, bot: BotProcess, hook: Hook) -> None:
    await hook.up(server)
    update = b'{"update_id": 1, "message": {"message_id": 5, "date": 1795000000, "text": "x"}}'
    for secret in ("", "wrong", SECRET[:-1], SECRET + "x", "é" * 40):
        assert await hook.post(update, secret) == 403
    async with httpx.AsyncClient() as client:
        assert (await client.post(hook.url, content=update)).status_code == 403
    assert SECRET not in bot.log()


async def test_what_no_repeat_would_mend_is_taken_and_dropped(
    server: TelegramServer, bot: BotProcess, hook: Hook
) -> None:
    await hook.up(server)
    for content in (b"", b"not json", b"[1, 2]", b"[" * 100_000, b'{"update_id": "x"}', b'{"message": {"chat": 5}}'):
        assert await hook.post(content) == 200
    assert await hook.post(b"x" * (2 << 20)) == 413
    await server.say(GROUP, RESIDENT, "3单元电梯坏了")
    await bot.wait_for_rows("select id from issues")


async def test_what_came_while_the_bot_was_killed_comes_again(
    server: TelegramServer, bot: BotProcess, hook: Hook
) -> None:
    await hook.up(server)
    await bot.stop(signal.SIGKILL)
    await server.say(GROUP, RESIDENT, "3单元电梯坏了")
    assert bot.rows("select id from issues") == []
    await hook.up(server)
    await server.deliver_updates(token=TOKEN)
    assert await bot.wait_for_rows("select topic from issues") == [("elevator",)]
    await server.wait_for(GROUP, "已登记 1号")
