"""Instants are kept in UTC; days, evenings and quiet hours are those of Hunan."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Shanghai")


def local(at: datetime) -> datetime:
    """The wall-clock time in Shangmei of an instant."""
    return at.astimezone(LOCAL)


def on_day(day: date, at: time) -> datetime:
    """The instant of a local wall-clock time."""
    return datetime.combine(day, at, LOCAL).astimezone(UTC)


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """The first instant of a local day and that of the next."""
    return on_day(day, time.min), on_day(day + timedelta(days=1), time.min)


def after_quiet(at: datetime, start: time, end: time) -> datetime:
    """``at``, or the end of the quiet hours it falls into. The hours may span midnight."""
    clock = local(at).time()
    is_quiet = clock >= start or clock < end if start > end else start <= clock < end
    if not is_quiet:
        return at
    day = local(at).date() + timedelta(days=1 if clock >= start > end else 0)
    return on_day(day, end)
