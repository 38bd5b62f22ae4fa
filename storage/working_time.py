"""Working time: it passes on working days only, holidays and moved working days (调休) counted in."""

from datetime import date, datetime, timedelta
from functools import lru_cache

import chinese_calendar  # pyright: ignore[reportMissingTypeStubs]

from storage.local_time import local, on_day

_DAY = timedelta(days=1)


@lru_cache(1000)  # the calendar goes through all its years at each question
def is_working_day(day: date) -> bool:
    """Whether offices work on a day of the Chinese calendar.

    The State Council announces a year's holidays in the autumn before; of a year that is not in the
    calendar yet only the weekend is known.
    """
    try:
        return chinese_calendar.is_workday(day)  # pyright: ignore[reportUnknownMemberType]
    except NotImplementedError:
        return day.isoweekday() <= 5


def add_working_time(start: datetime, length: timedelta) -> datetime:
    """The instant when ``length`` of working time has passed; a working day counts 24 hours.

    Said on a Friday at 17:00, a day's limit ends on Monday at 17:00; said on a Saturday, it ends
    with Monday.
    """
    at, left = start, length
    while True:
        day = local(at).date()
        tomorrow = on_day(day + _DAY, datetime.min.time())
        if is_working_day(day):
            if at + left <= tomorrow:
                return at + left
            left -= tomorrow - at
        at = tomorrow


def working_time_between(start: datetime, end: datetime) -> timedelta:
    """How much working time passed from ``start`` to ``end``."""
    passed, at = timedelta(), start
    while at < end:
        day = local(at).date()
        until = min(on_day(day + _DAY, datetime.min.time()), end)
        if is_working_day(day):
            passed += until - at
        at = until
    return passed
