"""The log holds nothing that anybody said, and no token."""

import io
import sys
from collections.abc import Iterator

import pytest
import structlog

from bot import intake as intake_module
from bot import leases, outbox
from bot.intake import Intake
from bot.logs import set_up_logs
from bot.platforms.base import SendFailed
from handlers import router
from handlers.turn import Turn
from storage.database import Database
from tests.bot.test_outbox import Peer, Post
from tests.conftest import said

SECRETS = ("13812345678", "1381234", "43052419", "刘婶", "家暴", "夫妻", "3单元", "7:synthetic", "evil\n")
WORDS = '3单元夫妻打架，电话13812345678，身份证430524198001011234，evil\n{"event": "fake"}'


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    set_up_logs()
    for module in (intake_module, leases, outbox):  # a logger keeps to where it wrote first
        monkeypatch.setattr(module, "log", structlog.get_logger())
    yield written
    structlog.reset_defaults()


def clean(captured: str) -> None:
    assert captured.strip()
    assert not [secret for secret in SECRETS if secret in captured]
    assert '"event": "fake"' not in captured


def test_a_turn_that_fails_does_not_quote_what_was_said(
    database: Database, intake: Intake, monkeypatch: pytest.MonkeyPatch, log: io.StringIO
) -> None:
    def breaks(turn: Turn) -> None:
        raise ValueError(turn.message.text, turn.message.name)

    monkeypatch.setattr(router, "_heard", breaks)
    intake.handle([said(WORDS, name="刘婶")])
    clean(log.getvalue())


@pytest.mark.parametrize(
    "failure", [SendFailed("Bad Request: chat not found", is_final=True), ValueError(f"POST /bot7:synthetic/x {WORDS}")]
)
async def test_a_send_that_fails_does_not_quote_what_was_to_be_said(
    database: Database, failure: Exception, log: io.StringIO
) -> None:
    peer = Peer()
    peer.failures = [failure]  # type: ignore[list-item]
    post = Post(database, peer)
    post.put(WORDS, key="1")
    await post.rounds(1)
    clean(log.getvalue())
