"""The accounts: of several processes one listens to each, and hands on what it hears before it is acknowledged."""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from functools import partial

from bot.core import Core
from bot.leases import Leases
from bot.metrics import Metrics
from bot.platforms.base import Platform
from bot.watch import Watch
from handlers.messages import Incoming

TakeIn = Callable[[Sequence[Incoming]], Awaitable[Mapping[str, str]]]
"""Makes sure that messages are not lost any more; returns passing notices for those who pressed, by message key."""


class Gateway:
    """Takes in what is said to the accounts that this process has the lease of.

    A process that was frozen and had its lease taken does no harm: what it still hands on was handed on before,
    and is known by its key.
    """

    def __init__(
        self,
        core: Core,
        platforms: Mapping[str, Platform],
        leases: Leases,
        take_in: TakeIn,
        watch: Watch,
        clock: Callable[[], datetime],
        metrics: Metrics,
    ) -> None:
        self._core, self._platforms, self._leases, self._take_in = core, platforms, leases, take_in
        self._watch, self._clock, self._metrics = watch, clock, metrics

    async def run(self, account: str) -> None:
        """Listen to an account while its lease is held, until cancelled."""
        await self._leases.while_held(f"in:{account}", partial(self._listen, self._platforms[account]))

    def heard(self) -> dict[str, Platform]:
        """The accounts that this process listens to now."""
        return {account: one for account, one in self._platforms.items() if self._leases.has(f"in:{account}")}

    async def tick(self) -> int:
        """Look whether all is well with the accounts heard here. Returns how many alarms were raised."""
        return await self._core.run(self._watch.look, self.heard(), self._clock())

    async def _listen(self, platform: Platform) -> None:
        missed = await self._core.until_done(self._watch.back, platform.account, self._clock())
        if missed:
            await self._take_in(missed)
        async for batch in platform.batches():
            began = time.perf_counter()
            notices = await self._take_in(batch.messages)
            said_at = [message.at for message in batch.messages]
            self._metrics.took_in(platform.account, said_at, self._clock(), time.perf_counter() - began)
            await batch.acknowledge(notices)
