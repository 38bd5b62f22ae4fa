"""kill -9 at random moments under load: no effect lost, none doubled, no repeat without its mark."""

import asyncio
import random
from pathlib import Path

import pytest
from lo_bot_api_emulator import ApiRefusal

from tests.e2e.killing import NOTHING_WRONG, Loop
from tests.e2e.telegram_server import TelegramServer
from tests.postgres_server import PostgresServer


async def killed(loop: Loop, times: int) -> dict[str, int]:
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


@pytest.mark.parametrize("times", [100, pytest.param(1000, marks=pytest.mark.nightly)])
async def test_sqlite_survives_kills(server: TelegramServer, tmp_path: Path, times: int) -> None:
    found = await killed(Loop(tmp_path, f"sqlite:///{tmp_path}/bot.db", [server], seed=times), times)
    assert found | NOTHING_WRONG == found


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


@pytest.mark.nightly
async def test_answers_lost_after_delivery_are_repeated_once_and_marked(
    server: TelegramServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One send in ten arrives and its confirmation does not."""
    chance = random.Random(7)
    validate = TelegramServer.validate

    def lossy(self: TelegramServer, method: str, fields: dict[str, object], uploads: dict[str, object]) -> object:
        result = validate(self, method, fields, uploads)
        if method == "sendMessage" and chance.random() < 0.1:
            raise ApiRefusal("Bad Gateway", 502)
        return result

    monkeypatch.setattr(TelegramServer, "validate", lossy)
    found = await killed(Loop(tmp_path, f"sqlite:///{tmp_path}/bot.db", [server], seed=7), 30)
    assert found | NOTHING_WRONG == found
    assert found["marked repeats"] > 0
