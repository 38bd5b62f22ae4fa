"""kill -9 at random moments under load: no effect lost, none doubled, no repeat without its mark."""

import random
from pathlib import Path

import pytest
from lo_bot_api_emulator import ApiRefusal

from tests.e2e.killing import NOTHING_WRONG, Loop, killed
from tests.e2e.telegram_server import TelegramServer


@pytest.mark.parametrize("times", [100, pytest.param(1000, marks=pytest.mark.nightly)])
async def test_sqlite_survives_kills(server: TelegramServer, tmp_path: Path, times: int) -> None:
    found = await killed(Loop(tmp_path, f"sqlite:///{tmp_path}/bot.db", [server], seed=times), times)
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
