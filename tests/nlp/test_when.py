"""Days and times as people type them, seen from Tuesday 17 November 2026, 08:05."""

from datetime import datetime, timedelta, timezone

import pytest

from nlp.when import NoSuchTime, find_when

HUNAN = timezone(timedelta(hours=8))
NOW = datetime(2026, 11, 17, 8, 5, tzinfo=HUNAN)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("周六上午10点", "2026-11-21 10:00"),
        ("星期六上午十点半", "2026-11-21 10:30"),
        ("明天下午三点", "2026-11-18 15:00"),
        ("后天晚上7点", "2026-11-19 19:00"),
        ("下周三15:30", "2026-11-25 15:30"),
        ("11月28日 9:00", "2026-11-28 09:00"),
        ("11月28号下午2点一刻", "2026-11-28 14:15"),
        ("1月5日上午", "2027-01-05 09:00"),
        ("今天15:30", "2026-11-17 15:30"),
        ("９点", "2026-11-17 09:00"),
    ],
)
def test_a_time_is_understood(text: str, expected: str) -> None:
    when = find_when(text, NOW)
    assert when is not None
    assert when.at.strftime("%Y-%m-%d %H:%M") == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2月30日", "no-day"),
        ("13月40日", "no-date"),
        ("明天25:00", "no-time"),
        ("11月10日", "past"),
        ("今天7点", "past"),
    ],
)
def test_a_time_that_is_not_there_is_named(text: str, reason: str) -> None:
    with pytest.raises(NoSuchTime) as refused:
        find_when(text, NOW)
    assert refused.value.reason == reason


def test_no_time_is_none() -> None:
    assert find_when("老人身体好", NOW) is None
