"""Builds and runs the parts: the one wiring place."""

import asyncio
import signal
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

import structlog

from bot.config import Settings
from bot.core import Core
from bot.garbage import look_less_often
from bot.gateway import Gateway
from bot.leases import Leases
from bot.logins import Logins
from bot.metrics import Metrics
from bot.outbox import Delivery
from bot.platforms.base import Platform
from bot.scheduler import start_clock
from bot.watch import Watch
from bot.web.operator import OperatorServer
from bot.worker import Worker
from handlers.messages import Incoming
from handlers.rules import Rules
from nlp.street import StreetLexicon
from storage.database import Database

if TYPE_CHECKING:  # its library is only there where the roles are parted
    from bot.stream import Stream

log = structlog.get_logger()


class Role(StrEnum):
    """What a process does; all of it, unless a queue parts the roles."""

    ALL = "all"
    GATEWAY = "gateway"
    WORKER = "worker"
    SENDER = "sender"

    @property
    def hears(self) -> bool:
        """Whether it takes in what the platforms bring."""
        return self in {Role.ALL, Role.GATEWAY}

    @property
    def works(self) -> bool:
        """Whether it handles messages: only who does needs the lexicon and jieba's dictionary, some 90 MB."""
        return self in {Role.ALL, Role.WORKER}


def utc_now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


class App:
    """The running bot, or one role of it: platforms in, turns, outbox, platforms out, and the clock.

    Any role but ``ALL`` needs the ``stream``.
    """

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
        role: Role = Role.ALL,
        stream: "Stream | None" = None,
    ) -> None:
        self.database, self.role, self.stream = database, role, stream
        self.core = core or Core()
        self.metrics = Metrics()
        self.leases = Leases(database, self.core, clock)
        self.platforms = {platform.account: platform for platform in platforms}
        self.delivery = Delivery(
            database, self.core, {one.account: one for one in self._spoken_for()}, self.leases, clock, self.metrics
        )
        self.worker = Worker(database, self.core, rules, clock, self.metrics, lexicon) if role.works else None
        self.gateway = (
            Gateway(self.core, self.platforms, self.leases, self._take_in, Watch(database, alarm_chat), clock,
                    self.metrics)
            if role.hears else None
        )  # fmt: skip
        self.operator = (
            OperatorServer(database, self.core, self._heard, self.metrics, clock, *listen) if listen else None
        )

    def _heard(self) -> dict[str, Platform]:
        return self.gateway.heard() if self.gateway is not None else {}

    def _spoken_for(self) -> list[Platform]:
        """The accounts whose outbox this process may drain. Some can only be spoken for where they are heard."""
        ours = {Role.ALL: {True, False}, Role.GATEWAY: {True}, Role.SENDER: {False}}.get(self.role, set())
        return [one for one in self.platforms.values() if one.capabilities.has_one_connection in ours]

    async def run(self) -> None:
        """Run until cancelled. What is being handled is finished; the outbox keeps what was not sent."""
        if self.stream is not None:
            await self.stream.connect()
        if self.worker is not None and self.stream is not None:
            await self.stream.listen(self.worker)
        if self.worker is not None:
            await self.worker.prepare()
        look_less_often()
        clock = start_clock(self.tick)
        log.info("running", role=self.role.value, accounts=list(self.platforms))
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self.leases.run())
                tasks.create_task(self._deliver())
                if self.operator is not None:
                    tasks.create_task(self.operator.run())
                if self.gateway is not None:
                    for account in self.platforms:
                        tasks.create_task(self.gateway.run(account))
                if self.worker is not None and self.stream is not None:
                    tasks.create_task(self.stream.work(self.worker))
        finally:
            clock.shutdown(wait=False)
            for platform in self.platforms.values():
                await platform.close()
            if self.stream is not None:
                await self.stream.close()
            await self.core.run(self.leases.release)
            self.core.close()

    async def tick(self) -> None:
        """Do what is due."""
        try:
            effects = await self.gateway.tick() if self.gateway is not None else 0
            if self.worker is not None:
                handled = await self.worker.tick()
                effects += handled.effects
                if self.stream is not None:
                    await self.stream.tell(handled.noted)
        except Exception as error:
            log.error("due work could not be done, trying again", error=type(error).__name__)
            return
        if effects:
            self.delivery.wake()
            if self.stream is not None:
                await self.stream.wake_senders()

    async def _take_in(self, messages: Sequence[Incoming]) -> dict[str, str]:
        """Have messages handled, here or, by way of the queue, by a worker."""
        if self.worker is None:
            assert self.stream is not None
            return await self.stream.hand_on(messages)
        handled = await self.worker.handle(messages)
        if handled.effects:
            self.delivery.wake()
        return handled.notices

    async def _deliver(self) -> None:
        if self.role is Role.WORKER:
            return
        if self.stream is not None:
            await self.stream.when_queued(self.delivery.wake)
        await self.delivery.run()


def build_app(settings: Settings, database: Database, role: Role) -> App:
    """The bot as it is configured, or one role of it. A library that only some need is imported only for them."""
    stream = None
    if role is not Role.ALL:
        from bot.stream import Stream

        stream = Stream(settings.stream.nats)
    core = Core()
    stable = frozenset(f"wechat:{one.name}" for one in settings.wechat if one.are_ids_stable)
    return App(
        database,
        settings.handler_rules(),
        _platforms(settings, Logins(database, core, utc_now, stable)),
        lexicon=StreetLexicon(settings.lexicon_folder()) if role.works else None,
        core=core,
        listen=(settings.web.host, settings.web.port),
        alarm_chat=settings.alarms.chat,
        role=role,
        stream=stream,
    )


def _platforms(settings: Settings, logins: Logins) -> list[Platform]:
    """The accounts that the configuration names."""
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
