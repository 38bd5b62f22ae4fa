"""Limits count working time: weekends and holidays stand still, moved working days count."""

from datetime import date, datetime, timedelta

import pytest

from storage.local_time import LOCAL
from storage.working_time import add_working_time, is_working_day


def at(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=LOCAL)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-17 08:00", 24, "2026-11-18 08:00"),  # Tuesday
        ("2026-11-20 17:00", 24, "2026-11-23 17:00"),  # Friday → Monday
        ("2026-11-21 09:00", 24, "2026-11-24 00:00"),  # Saturday: Monday is the day
        ("2026-11-20 17:00", 2, "2026-11-20 19:00"),
        ("2026-11-20 23:00", 2, "2026-11-23 01:00"),
        ("2026-09-30 12:00", 24, "2026-10-08 12:00"),  # National Day, seven days off
        ("2026-10-09 12:00", 24, "2026-10-10 12:00"),  # Saturday, moved to be a working day
        ("2026-11-17 08:00", 240, "2026-12-01 08:00"),  # ten working days
    ],
)
def test_the_end_of_a_limit(start: str, hours: float, end: str) -> None:
    assert add_working_time(at(start), timedelta(hours=hours)) == at(end)


def test_of_a_year_whose_holidays_are_not_announced_only_the_weekend_is_known() -> None:
    assert is_working_day(date(2031, 10, 1))  # a Wednesday
    assert not is_working_day(date(2031, 10, 4))
