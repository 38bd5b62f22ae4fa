"""Builds and runs the parts: the one wiring place."""

import asyncio
import signal
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TypeVar

import structlog

from bot.config import Settings
from bot.core import Core
from bot.intake import Handled, Intake
from bot.logins import Logins
from bot.metrics import Metrics
from bot.outbox import Delivery
from bot.platforms.base import Batch, Platform
from bot.scheduler import start_clock
from bot.watch import Watch
from bot.web.operator import OperatorServer
from handlers.digest import plan_next_digest
from handlers.rules import Rules
from nlp.street import StreetLexicon
from storage.database import Database
from storage.places import PlaceKind, places_of_kind

log = structlog.get_logger()

T = TypeVar("T")

RETRY_SECONDS = 2.0
RETRY_LONGEST = 30.0


def utc_now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


class App:
    """The running bot: platforms in, turns, outbox, platforms out, and the clock."""

    def __init__(
        self,
        database: Database,
        rules: Rules,
        platforms: Sequence[Platform],
        clock: Callable[[], datetime] = utc_now,
        lexicon: StreetLexicon | None = None,
        core: Core | None = None,
        listen: tuple[str, int] | None = None,
        alarm_chat: str = "",
    ) -> None:
        self.database = database
        self.rules = rules
        self.core = core or Core()
        self.intake = Intake(database, rules, lexicon)
        self.platforms = {platform.account: platform for platform in platforms}
        self.clock = clock
        self.watch = Watch(database, self.platforms, alarm_chat)
        self.metrics = Metrics()
        self.delivery = Delivery(database, self.core, self.platforms, clock, self.metrics)
        self.operator = (
            OperatorServer(database, self.core, self.platforms, self.metrics, clock, *listen) if listen else None
        )

    async def run(self) -> None:
        """Run until cancelled. What is being handled is finished; the outbox keeps what was not sent."""
        await self._until_done(self._prepare)
        clock = start_clock(self.tick)
        log.info("running", accounts=list(self.platforms))
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self.delivery.run())
                if self.operator is not None:
                    tasks.create_task(self.operator.run())
                for platform in self.platforms.values():
                    tasks.create_task(self._take_in(platform))
        finally:
            clock.shutdown(wait=False)
            for platform in self.platforms.values():
                await platform.close()
            self.core.close()

    async def tick(self) -> None:
        """Do what is due."""
        try:
            handled = await self.core.run(self.intake.tick, self.clock())
            handled.effects += await self.core.run(self.watch.look, self.clock())
        except Exception as error:
            log.error("due work could not be done, trying again", error=type(error).__name__)
            return
        if handled.effects:
            self.delivery.wake()

    def _prepare(self) -> None:
        now = self.clock()
        self.intake.recall(now)
        self.intake.handle(self.watch.back(now))
        with self.database.transaction() as session:
            for community in places_of_kind(session, PlaceKind.COMMUNITY):
                plan_next_digest(session, community, now, self.rules.digest_at)

    async def _take_in(self, platform: Platform) -> None:
        async for batch in platform.batches():
            began = time.perf_counter()
            handled = await self._handle(batch)
            said_at = [message.at for message in batch.messages]
            self.metrics.took_in(platform.account, said_at, self.clock(), time.perf_counter() - began)
            self.metrics.handled(handled.effects, handled.failures)
            if handled.effects:
                self.delivery.wake()
            await batch.acknowledge(handled.notices)

    async def _handle(self, batch: Batch) -> Handled:
        """Commit the batch, however long the database is away; meanwhile nothing is acknowledged."""
        return await self._until_done(self.intake.handle, batch.messages)

    async def _until_done(self, work: Callable[..., T], *arguments: object) -> T:
        """Have the core do something, again and again while the database is away."""
        pause = RETRY_SECONDS
        while True:
            try:
                return await asyncio.shield(self.core.run(work, *arguments))
            except Exception as error:
                log.error("the database did not take it, trying again", error=type(error).__name__)
            await asyncio.sleep(pause)
            pause = min(pause * 2, RETRY_LONGEST)


def build_platforms(settings: Settings, logins: Logins) -> list[Platform]:
    """The platforms that the configuration names. A platform's library is imported only if it is used."""
    platforms: list[Platform] = []
    if settings.telegram:
        from bot.platforms.telegram import TelegramPlatform

        for account in settings.telegram:
            platforms.append(TelegramPlatform(
                account.name, account.token.get_secret_value(), account.api_base, mode=account.mode, url=account.url,
                listen=account.listen, secret=account.secret.get_secret_value(),
            ))  # fmt: skip
    if settings.wechat:
        from bot.platforms.wechat import WechatPlatform

        for one in settings.wechat:
            token = one.token.get_secret_value()
            platforms.append(WechatPlatform(one.name, one.endpoint, token, logins, pace=one.pace()))
    return platforms


async def run_until_stopped(app: App) -> None:
    """Run the app; SIGINT and SIGTERM end it in good order."""
    task = asyncio.ensure_future(app.run())
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, task.cancel)
    try:
        await task
    except asyncio.CancelledError:
        log.info("stopped; what was not sent is kept")
