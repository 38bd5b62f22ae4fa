"""kill -9 at random moments under load, with PostgreSQL: of the bot, and of the server itself.

A file of its own, so that it runs beside the loop on SQLite.
"""

import asyncio
from pathlib import Path

import pytest

from tests.e2e.killing import NOTHING_WRONG, Loop, killed
from tests.e2e.telegram_server import TelegramServer
from tests.postgres_server import PostgresServer


@pytest.mark.parametrize("times", [20, pytest.param(100, marks=pytest.mark.nightly)])
async def test_postgresql_survives_kills_of_the_bot(
    server: TelegramServer, postgres: PostgresServer, tmp_path: Path, times: int
) -> None:
    found = await killed(Loop(tmp_path, postgres.make_database(), [server], seed=times), times)
    assert found | NOTHING_WRONG == found


@pytest.mark.parametrize("times", [3, pytest.param(20, marks=pytest.mark.nightly)])
async def test_postgresql_may_be_killed_itself(server: TelegramServer, tmp_path: Path, times: int) -> None:
    """The bot goes on by itself when its database is back; meanwhile nothing is acknowledged."""
    database = PostgresServer(durable=True)
    database.start()
    loop = Loop(tmp_path, database.make_database(), [server], seed=times)
    loop.import_town()
    await loop.warm_up()
    try:
        pid = await loop.start()
        for _ in range(times):
            await loop.talk(3)
            await asyncio.sleep(loop.chance.uniform(0.1, 1))
            database.kill()
            await loop.talk(3)
            await asyncio.sleep(loop.chance.uniform(0.2, 1))
            database.start()
        await loop.kill(pid)
        loop.database.close()
        await loop.settle()
        found = loop.reconcile()
    finally:
        await loop.stop()
        database.stop()
    print(f"seed {loop.seed}, {times} server kills: {found}")
    assert found | NOTHING_WRONG == found
