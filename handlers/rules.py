"""The numbers a street may choose for itself; the defaults are the mild ones of practice."""

from dataclasses import dataclass, field
from datetime import time, timedelta


@dataclass(frozen=True, slots=True)
class PointRules:
    """What earns how many points (one hour one point is the practice of Hailin), and the most a day."""

    resolve: int = 2
    visit: int = 2
    daily_cap: int = 10


@dataclass(frozen=True, slots=True)
class Rules:
    """What handlers need to know of the configuration."""

    secret: str
    support_window: timedelta = timedelta(hours=48)
    follow_up_window: timedelta = timedelta(minutes=10)
    second_window: timedelta = timedelta(minutes=60)
    ask_doubts_after: timedelta = timedelta(hours=2)
    claim_limit: timedelta = timedelta(hours=24)
    claim_limit_urgent: timedelta = timedelta(minutes=15)
    close_after: timedelta = timedelta(hours=72)
    quiet_start: time = time(21, 30)
    quiet_end: time = time(7, 30)
    reminder_evening: time = time(19, 30)
    digest_at: time = time(8, 30)
    points: PointRules = field(default_factory=PointRules)
