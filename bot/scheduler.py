"""The clock: wakes the scan of what is due. Due work itself is rows; nothing is lost by a missed tick."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler

TICK_SECONDS = 15


def start_clock(tick: Callable[[], Awaitable[None]]) -> AsyncIOScheduler:
    """Call ``tick`` every few seconds until the scheduler is shut down, never twice at once."""
    scheduler = AsyncIOScheduler(timezone=UTC)
    scheduler.add_job(
        tick, "interval", seconds=TICK_SECONDS, max_instances=1, coalesce=True, misfire_grace_time=None,
        next_run_time=datetime.now(UTC),
    )  # fmt: skip
    scheduler.start()
    return scheduler
