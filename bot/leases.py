"""Holding leases: a loop renews what this process has and tries for what it wants."""

import asyncio
import math
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from pathlib import Path

import structlog

from bot.core import Core
from storage.database import Database
from storage.leases import LEASE, release_leases, take_leases

log = structlog.get_logger()

RENEW_SECONDS = LEASE.total_seconds() / 4
_SURE_SECONDS = LEASE.total_seconds() - RENEW_SECONDS


class Leases:
    """What this process wants to do alone, and what of it it may do now."""

    def __init__(self, database: Database, core: Core, clock: Callable[[], datetime], holder: str = "") -> None:
        self._database, self._core, self._clock = database, core, clock
        self.holder = holder or this_process()
        self._wanted: set[str] = set()
        self._held: dict[str, float] = {}
        self._terms: dict[str, int] = {}
        self._changed = asyncio.Event()
        self._renewed = asyncio.Event()

    async def run(self) -> None:
        """Renew and try until cancelled. A database that is away changes nothing: nobody else can take over either."""
        while True:
            self._changed.clear()
            if self._wanted:
                with suppress(Exception):  # whoever uses the database says that it is away
                    await self.renew()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), RENEW_SECONDS)

    async def renew(self) -> None:
        """Try for what is wanted, and keep what is held. Raises if the database cannot be used."""
        before, began = set(self._held), time.monotonic()
        held = await self._core.run(self._take, self._wanted.copy())
        for name in held:
            # Held before, but not renewed in time: somebody else may have had it in between.
            if began - self._held.get(name, -math.inf) > LEASE.total_seconds():
                self._terms[name] = self._terms.get(name, 0) + 1
        self._held = dict.fromkeys(held, began)
        renewed, self._renewed = self._renewed, asyncio.Event()
        renewed.set()
        for name in sorted(before ^ held):
            log.info("lease taken" if name in held else "lease lost", name=name)

    def _take(self, names: set[str]) -> set[str]:
        with self._database.transaction() as session:
            return take_leases(session, names, self.holder, self._clock(), is_gone)

    def has(self, name: str) -> bool:
        """Whether the lease is ours as far as the last renewal tells."""
        return name in self._held

    def term(self, name: str) -> int:
        """How often the lease was taken anew: another number means that somebody else may have had it since."""
        return self._terms.get(name, 0)

    def is_sure(self, name: str) -> bool:
        """Whether nobody else can have taken it: it was renewed so lately that it cannot have run out."""
        return time.monotonic() - self._held.get(name, -math.inf) < _SURE_SECONDS

    def want(self, name: str) -> None:
        """Try for a lease from now on."""
        self._wanted.add(name)
        self._changed.set()

    async def while_held(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Do something whenever the lease is held; it is cancelled when somebody else has the lease."""
        self.want(name)
        while True:
            while not self.has(name):
                await self._renewed.wait()
            async with _cancelled_at_the_end(asyncio.ensure_future(work())) as task:
                while self.has(name) and not task.done():
                    await asyncio.wait([task], timeout=0.5)
                if task.done():
                    await task
                    return

    def release(self) -> None:
        """Give everything back: this process stops."""
        with suppress(Exception), self._database.transaction() as session:
            release_leases(session, self.holder)


@asynccontextmanager
async def _cancelled_at_the_end(task: "asyncio.Future[None]") -> AsyncIterator["asyncio.Future[None]"]:
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def this_process() -> str:
    """A name that no other process has, ever, and that tells another one here whether this one still lives."""
    return f"{_machine()}/{os.getpid()}/{_started(os.getpid())}"


def is_gone(holder: str) -> bool:
    """Whether a holder surely does not live any more. Of another machine, or container, nobody here knows."""
    machine, _, process = holder.rpartition("/")[0].rpartition("/")
    if machine != _machine() or not process.isdigit():
        return False
    return _started(int(process)) != holder.rpartition("/")[2]


def _machine() -> str:
    """This boot of this machine, and the space in which its process numbers count."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
        return f"{boot}/{os.stat('/proc/self/ns/pid').st_ino}"
    except OSError:  # not Linux: only time tells
        return f"{os.uname().nodename}/{os.urandom(8).hex()}"


def _started(pid: int) -> str:
    """When a process began, in the kernel's own count; empty for one that is not there, or only its remains are."""
    try:
        # The name in brackets may hold anything; what counts comes after it.
        state, *more = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if state in "ZX" else more[18]
