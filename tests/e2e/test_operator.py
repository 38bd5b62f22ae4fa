"""What an operator's tools see of a running bot, over HTTP."""

import re

import httpx

from tests.e2e.conftest import GROUP, HEAD, RESIDENT, BotProcess
from tests.e2e.telegram_server import TOKEN, TelegramServer
from tests.e2e.wechat_peer import free_port


async def test_health_metrics_and_accounts(server: TelegramServer, bot: BotProcess) -> None:
    port = free_port()
    bot.config.write_text(bot.config.read_text("utf-8").replace("port = 0", f"port = {port}"), "utf-8")
    await bot.start()
    await server.say(GROUP, RESIDENT, "楼道灯不亮")
    await server.wait_for(GROUP, "已登记 1号")
    await server.wait_for(HEAD, "楼道灯不亮")
    await bot.wait_for_rows("select 1 where not exists (select 1 from outbox where state != 'sent')")
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        assert (await client.get("/healthz/live")).status_code == 200
        assert (await client.get("/healthz/ready")).text == "ready\n"
        figures = (await client.get("/metrics")).text
        assert re.search(r'loudong_messages_total{account="telegram:main"} 1.0', figures)
        assert 'loudong_sends_total{account="telegram:main",result="sent"} 2.0' in figures
        assert 'loudong_issues{status="open"} 1.0' in figures
        assert "loudong_outbox_waiting 0.0" in figures
        assert "楼道" not in figures
        page = await client.get("/accounts")
        assert "telegram:main：在线" in page.text
        assert (await client.get("/nothing")).status_code == 404
    assert TOKEN not in figures + page.text
    assert await bot.stop() == 0


async def test_a_taken_port_does_not_stop_the_bot(server: TelegramServer, bot: BotProcess) -> None:
    busy = int(server.url.rpartition(":")[2])
    bot.config.write_text(bot.config.read_text("utf-8").replace("port = 0", f"port = {busy}"), "utf-8")
    await bot.start()
    await server.say(GROUP, RESIDENT, "楼道灯不亮")
    await server.wait_for(GROUP, "已登记 1号")
    assert "the port is taken" in bot.log()
