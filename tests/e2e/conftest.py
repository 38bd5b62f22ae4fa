"""A bot of its own process against the Telegram server."""

import asyncio
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.roster_files import SHEETS
from tests.e2e.telegram_server import TOKEN, TelegramServer
from tests.postgres_server import PostgresServer

GROUP, HEAD, STAFF, RESIDENT, NEIGHBOUR = -100500, 11, 12, 21, 22


class BotProcess:
    """``loudong run`` as an operator starts it."""

    def __init__(self, folder: Path, api: str) -> None:
        self.folder = folder
        self.config = folder / "config.toml"
        self.database = folder / "bot.db"
        self.config.write_text(
            f'[database]\nurl = "sqlite:///{self.database}"\n'
            f"[web]\nport = 0\n"
            f'[lexicon]\nfolder = "{folder}/lexicon.d"\n'
            f'[[telegram]]\nname = "main"\ntoken = "{TOKEN}"\napi_base = "{api}"\n',
            "utf-8",
        )
        roster = folder / "roster"
        roster.mkdir()
        rows = {
            "places": ["街道,上梅街道,", "社区,立新桥社区,上梅街道", "网格,一网格,立新桥社区", "楼栋,5栋,一网格"],
            "people": [f"张建国,楼栋长,5栋,,telegram:{HEAD},", f"肖主任,社区,立新桥社区,,telegram:{STAFF},"],
            "groups": [f"telegram:{GROUP},5栋"],
        }
        for sheet, lines in rows.items():
            text = "\n".join([",".join(SHEETS[sheet].values()), *lines])
            (roster / f"{sheet}.csv").write_text(text, "utf-8")
        self.process: asyncio.subprocess.Process | None = None

    async def command(self, *arguments: str) -> None:
        process = await asyncio.create_subprocess_exec(sys.executable, "-m", "bot", *arguments)
        assert await process.wait() == 0

    async def output(self, *arguments: str) -> str:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        out, _ = await process.communicate()
        return out.decode()

    async def start(self) -> None:
        log = (self.folder / "log").open("ab")
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", "--config", str(self.config),
            stderr=log,
        )  # fmt: skip

    async def stop(self, number: int = signal.SIGTERM) -> int:
        assert self.process is not None
        if self.process.returncode is None:
            self.process.send_signal(number)
        return await self.process.wait()

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with sqlite3.connect(self.database, timeout=10) as connection:
            return connection.execute(query).fetchall()

    async def wait_for_rows(self, query: str, seconds: float = 20) -> list[tuple[object, ...]]:
        async with asyncio.timeout(seconds):
            while not (found := self.rows(query)):
                await asyncio.sleep(0.02)
        return found

    async def wait_for_log(self, words: str, seconds: float = 30, *, times: int = 1) -> None:
        async with asyncio.timeout(seconds):
            while not (self.folder / "log").exists() or self.log().count(words) < times:
                await asyncio.sleep(0.05)

    def log(self) -> str:
        return (self.folder / "log").read_text("utf-8")


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    made = TelegramServer()
    await made.start()
    yield made
    await made.stop()


@pytest.fixture(scope="module")
def postgres() -> Iterator[PostgresServer]:
    """One that loses nothing when it is killed."""
    made = PostgresServer(durable=True)
    made.start()
    yield made
    made.stop()


@pytest.fixture
async def bot(server: TelegramServer, tmp_path: Path) -> AsyncIterator[BotProcess]:
    """A bot with its roster imported, not yet started."""
    made = BotProcess(tmp_path, server.url)
    await made.command("import", str(tmp_path / "roster"), "--config", str(made.config))
    yield made
    if made.process is not None and made.process.returncode is None:
        await made.stop(signal.SIGKILL)
