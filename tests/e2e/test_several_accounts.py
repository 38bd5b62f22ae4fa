"""Several bot accounts in one process: each chat is answered by the account that serves it."""

from tests.e2e.conftest import GROUP, HEAD, RESIDENT, BotProcess
from tests.e2e.telegram_server import TelegramServer

OTHER_TOKEN = "8:second"


async def test_two_accounts_serve_their_own_groups_in_one_process(server: TelegramServer, bot: BotProcess) -> None:
    second = TelegramServer()
    second.token = OTHER_TOKEN
    await second.start()
    try:
        with bot.config.open("a", encoding="utf-8") as config:
            config.write(f'[[telegram]]\nname = "second"\ntoken = "{OTHER_TOKEN}"\napi_base = "{second.url}"\n')
        await bot.start()
        await server.say(GROUP, RESIDENT, "3单元电梯坏了")
        await server.wait_for(GROUP, "已登记 1号")
        await second.say(-100999, RESIDENT, "下水道堵了")
        await second.wait_for(-100999, "还没有绑定楼栋")
        assert server.texts(-100999) == []
        assert second.texts(GROUP) == []
        await server.wait_for(HEAD, "认领请回「认领 1」")
    finally:
        await bot.stop()  # else the server waits for the bot's long poll to end
        await second.stop()
