"""The numbers a street may choose for itself; the defaults are the mild ones of practice."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta


@dataclass(frozen=True, slots=True)
class PointRules:
    """What earns how many points (one hour one point is the practice of Hailin), and the most a day."""

    resolve: int = 2
    visit: int = 2
    daily_cap: int = 10


_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LimitRules:
    """How soon an issue has to be claimed and done.

    The days by kind are those of Guangdong's 12345 line, the hours for what is urgent and for water, power,
    gas and lifts those of Beijing's. Hours by topic run on by the clock like those of urgent matters; all
    else counts working time. ``repeat_alert`` is how soon an urgent alert that nobody answers is repeated.
    """

    claim: timedelta = 24 * _HOUR
    claim_urgent: timedelta = timedelta(minutes=15)
    act_urgent: timedelta = 2 * _HOUR
    act_by_topic: Mapping[str, timedelta] = field(
        default_factory=lambda: dict.fromkeys(("water_supply", "electricity", "gas", "elevator"), 24 * _HOUR)
    )
    act_by_kind: Mapping[str, timedelta] = field(
        default_factory=lambda: {
            "enquiry": 2 * _DAY, "help": 10 * _DAY, "suggestion": 10 * _DAY,
            "criticism": 15 * _DAY, "complaint": 15 * _DAY, "denunciation": 15 * _DAY,
        }
    )  # fmt: skip
    act_otherwise: timedelta = 10 * _DAY
    repeat_alert: timedelta = timedelta(minutes=5)
    recurs_within: timedelta = 14 * _DAY


@dataclass(frozen=True, slots=True)
class Rules:
    """What handlers need to know of the configuration."""

    secret: str
    support_window: timedelta = timedelta(hours=48)
    follow_up_window: timedelta = timedelta(minutes=10)
    aside_window: timedelta = timedelta(minutes=5)
    second_window: timedelta = timedelta(minutes=60)
    ask_doubts_after: timedelta = timedelta(hours=2)
    close_after: timedelta = timedelta(hours=72)
    quiet_start: time = time(21, 30)
    quiet_end: time = time(7, 30)
    reminder_evening: time = time(19, 30)
    digest_at: time = time(8, 30)
    group_lines_an_hour: int = 30
    limits: LimitRules = field(default_factory=LimitRules)
    points: PointRules = field(default_factory=PointRules)
