"""The one worker thread that owns the database; everything below ``bot`` runs in it."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


class Core:
    """Runs plain functions one after the other, off the event loop."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="core")

    async def run(self, function: Callable[..., T], *arguments: object) -> T:
        """Run a function in the core thread and wait for its result."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, function, *arguments)

    def close(self) -> None:
        """Finish what is running and stop."""
        self._thread.shutdown(wait=True)
