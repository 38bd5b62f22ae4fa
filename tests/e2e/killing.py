"""A bot, or several roles of one, that are killed again and again, and what the people saw of it."""

import asyncio
import os
import random
import re
import signal
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from bot.roster_files import SHEETS, read_roster
from storage.database import Database
from storage.migrate import upgrade
from storage.roster import import_roster
from tests.conftest import NOW
from tests.e2e.telegram_server import TOKEN, TelegramServer

BUILDINGS = 40
REPEAT = "【重发】"


@dataclass
class Loop:
    """A bot that is killed again and again, the people who talk meanwhile, and what they saw."""

    folder: Path
    url: str
    servers: Sequence[TelegramServer]
    """One for each of the bot's accounts; the buildings are shared out among them."""
    seed: int
    nats: str = ""

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.said: list[tuple[int, str]] = []
        self.life = 0.5
        """Seconds from the start of a bot to its first effect, on this machine: most are killed about then."""
        self.config = self.folder / "config.toml"
        self.config.write_text(
            f'[database]\nurl = "{self.url}"\n[web]\nport = 0\n[rules]\ngroup_lines_an_hour = 1000\n'
            f'[security]\nsecret = "{"k" * 32}"\n'
            f'[stream]\nnats = "{self.nats}"\n'
            + "".join(
                f'[[telegram]]\nname = "a{number}"\ntoken = "{TOKEN}"\napi_base = "{server.url}"\n'
                for number, server in enumerate(self.servers)
            ),
            "utf-8",
        )
        self.database = Database(self.url)
        self._process: asyncio.subprocess.Process | None = None

    def import_town(self) -> None:
        """Forty buildings, each with a head and a group, so that no chat has to wait for its pace."""
        upgrade(self.database)
        roster = self.folder / "roster"
        roster.mkdir()
        numbers = range(1, BUILDINGS + 1)
        rows = {
            "places": ["街道,上梅街道,", "社区,立新桥社区,上梅街道", *(f"楼栋,{n}栋,立新桥社区" for n in numbers)],
            "people": [f"楼长{n},楼栋长,{n}栋,,telegram:{1000 + n}," for n in numbers],
            "groups": [f"telegram:{-1000 - n},{n}栋" for n in numbers],
        }
        for sheet, lines in rows.items():
            (roster / f"{sheet}.csv").write_text("\n".join([",".join(SHEETS[sheet].values()), *lines]), "utf-8")
        with self.database.transaction() as session:
            import_roster(session, read_roster(roster), NOW, {"telegram": "telegram:a0"})

    async def warm_up(self) -> None:
        log = (self.folder / "log").open("ab")
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, str(Path(__file__).parent / "forked_bot.py"), str(self.config), stderr=log,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert await self._line() == "warm"

    async def _line(self) -> str:
        assert self._process is not None
        assert self._process.stdout is not None
        return (await asyncio.wait_for(self._process.stdout.readline(), 60)).decode().strip()

    async def start(self, role: str = "all") -> int:
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(f"{role}\n".encode())
        return int(await self._line())

    async def kill(self, pid: int) -> None:
        os.kill(pid, signal.SIGKILL)
        with suppress(ProcessLookupError):
            while True:
                os.kill(pid, 0)
                await asyncio.sleep(0.005)

    async def talk(self, count: int) -> None:
        for _ in range(count):
            building, number = self.chance.randint(1, BUILDINGS), len(self.said) + 1
            self.said.append((building, f"第{number}件事"))
            server = self.servers[building % len(self.servers)]
            await server.say(-1000 - building, 5000 + number, f"报事 第{number}件事")

    async def one_life(self) -> None:
        """A start, some talk, and the end at a moment that nobody chose."""
        pid = await self.start()
        await self.talk(self.chance.randint(1, 4))
        await asyncio.sleep(self.life * self.chance.uniform(0.7, 2))
        await self.kill(pid)

    async def measure(self) -> None:
        """How long a bot takes to its first effect; the slowest of three."""
        slowest = 0.0
        for _ in range(3):
            before, began = self.issues(), time.monotonic()
            pid = await self.start()
            await self.talk(1)
            while self.issues() == before:
                await asyncio.sleep(0.01)
                assert time.monotonic() - began < 60
            slowest = max(slowest, time.monotonic() - began)
            await self.kill(pid)
        self.life = slowest

    async def settle(self) -> None:
        """Left alone until everything is said."""
        pid = await self.start()
        await self.until_said()
        await self.kill(pid)

    async def until_said(self) -> None:
        async with asyncio.timeout(150):
            while self._open():
                await asyncio.sleep(0.3)

    def issues(self) -> int:
        with self.database.transaction() as session:
            return session.execute(text("select count(*) from issues")).scalar_one()

    def _open(self) -> bool:
        with self.database.transaction() as session:
            waiting = session.execute(
                text("select count(*) from outbox where state in ('queued', 'sending', 'unknown')")
            ).scalar_one()
        return self.issues() < len(self.said) or waiting > 0

    async def stop(self) -> None:
        if self._process is not None:
            assert self._process.stdin is not None
            self._process.stdin.close()  # it ends its bots, and itself
            await self._process.wait()
        self.database.close()

    def reconcile(self) -> dict[str, int]:
        """What the people saw held against what they said."""
        with self.database.transaction() as session:
            rows = session.execute(text("select number, words from issues")).all()
        words, numbers = Counter(row[1] for row in rows), {row[1]: row[0] for row in rows}
        expected = Counter(said for _, said in self.said)
        plain: Counter[int] = Counter()
        marked: Counter[int] = Counter()
        for sent in (sent for server in self.servers for sent in server.sent):
            if sent.chat < 0 and (match := re.match(rf"({REPEAT})?已登记 (\d+)号", sent.text)):
                (marked if match[1] else plain)[int(match[2])] += 1
        return {
            "said": len(self.said),
            "effects lost": sum((expected - words).values()),
            "effects doubled": sum((words - expected).values()),
            "never sent": sum(plain[number] + marked[number] == 0 for number in numbers.values()),
            "repeats without a mark": sum(count - 1 for count in plain.values() if count > 1),
            "marked repeats": sum(marked.values()),
            "chats out of order": self._out_of_order(),
        }

    def _out_of_order(self) -> int:
        """In how many chats something became an issue before what was said before it."""
        with self.database.transaction() as session:
            done = [words for (words,) in session.execute(text("select words from issues order by id"))]
        place = {words: index for index, words in enumerate(done)}
        places = {building: [place[words] for where, words in self.said if where == building and words in place]
                  for building in range(1, BUILDINGS + 1)}  # fmt: skip
        return sum(known != sorted(known) for known in places.values())


NOTHING_WRONG = {"effects lost": 0, "effects doubled": 0, "never sent": 0, "repeats without a mark": 0,
                 "chats out of order": 0}  # fmt: skip


async def killed(loop: Loop, times: int) -> dict[str, int]:
    """What was found after the bot was killed so many times."""
    loop.import_town()
    await loop.warm_up()
    try:
        await loop.measure()
        for _ in range(times):
            await loop.one_life()
        done_under_fire = loop.issues()
        await loop.settle()
        found = loop.reconcile()
    finally:
        await loop.stop()
    print(f"seed {loop.seed}, {times} kills: {found}; {done_under_fire} done between kills")
    assert done_under_fire > times / 4  # else the kills came before any work and prove nothing
    return found
