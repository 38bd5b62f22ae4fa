"""The one worker thread that owns the database; everything below ``bot`` runs in it."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import structlog

log = structlog.get_logger()

RETRY_SECONDS = 2.0
RETRY_LONGEST = 30.0

T = TypeVar("T")


class Core:
    """Runs plain functions one after the other, off the event loop."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="core")

    async def run(self, function: Callable[..., T], *arguments: object) -> T:
        """Run a function in the core thread and wait for its result."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, function, *arguments)

    async def until_done(self, function: Callable[..., T], *arguments: object) -> T:
        """Run a function again and again while the database is away. What has begun is finished, come what may."""
        pause = RETRY_SECONDS
        while True:
            try:
                return await asyncio.shield(self.run(function, *arguments))
            except Exception as error:
                log.error("the database did not take it, trying again", error=type(error).__name__)
            await asyncio.sleep(pause)
            pause = min(pause * 2, RETRY_LONGEST)

    def close(self) -> None:
        """Finish what is running and stop."""
        self._thread.shutdown(wait=True)
