"""Dates and times as people type them: 周六上午10点, 明天下午三点半, 11月28日 9:00."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from nlp.normalize import normalize
from nlp.place import number

_N = r"(?:\d{1,4}|[一二三四五六七八九十两零]{1,3})"
_DATE = re.compile(rf"(?:(?P<year>\d{{4}})[年/.-])?(?P<month>{_N})(?:月|/|-|\.)(?P<day>{_N})(?:日|号)?(?!\d)")
_RELATIVE = {"今天": 0, "今晚": 0, "今日": 0, "明天": 1, "明日": 1, "明晚": 1, "后天": 2, "大后天": 3}
_RELATIVE_RE = re.compile("大后天|今天|今晚|今日|明天|明日|明晚|后天")
_WEEKDAY = re.compile(r"(?P<next>下下|下|这|本)?(?:个)?(?:周|星期|礼拜)(?P<day>[一二三四五六日天1-7])")
_CLOCK = re.compile(
    rf"(?P<hour>{_N})(?:[:：](?P<minute>\d{{1,2}})|(?:点|时)(?:(?P<half>半)|(?P<quarter>一刻)|(?P<after>{_N})分?)?钟?)"
)
_PART = re.compile("凌晨|清早|早上|早晨|上午|中午|下午|傍晚|晚上|今晚|明晚|夜里")
_PART_HOUR = {
    "凌晨": 5,
    "清早": 8,
    "早上": 9,
    "早晨": 9,
    "上午": 9,
    "中午": 12,
    "下午": 15,
    "傍晚": 18,
    "晚上": 19,
    "今晚": 19,
    "明晚": 19,
    "夜里": 20,
}
_AFTERNOON = {"下午", "傍晚", "晚上", "今晚", "明晚", "夜里"}


class NoSuchTime(ValueError):
    """A date or time that is not one, or is past.

    ``reason`` is ``no-day`` (2月30日), ``no-date`` (13月40日), ``no-time`` (25:00) or ``past``;
    ``values`` fill the sentence.
    """

    def __init__(self, reason: str, **values: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.values = values


@dataclass(frozen=True, slots=True)
class When:
    """A local wall-clock time and the words it was read from."""

    at: datetime
    words: str


def find_when(text: str, now: datetime) -> When | None:
    """The first date, time or both in ``text``; ``now`` is local and aware. None if there is none.

    Without a time of day it is 9:00; without a date it is today, or tomorrow if that is past.
    Raises NoSuchTime.
    """
    normal = normalize(text).text
    spans: list[tuple[int, int]] = []
    day = _find_day(normal, now, spans)
    at = _find_time(normal, spans)
    if day is None and at is None:
        return None
    moment = datetime.combine(day or now.date(), at or time(9), now.tzinfo)
    if day is None and moment <= now:
        moment += timedelta(days=1)
    if moment <= now:
        raise NoSuchTime("past", given=f"{moment.month}月{moment.day}日{moment:%H:%M}")
    return When(moment, normal[min(start for start, _ in spans) : max(end for _, end in spans)])


def _find_day(text: str, now: datetime, spans: list[tuple[int, int]]) -> date | None:
    if match := _DATE.search(text):
        spans.append(match.span())
        return _calendar_day(match, now)
    if match := _RELATIVE_RE.search(text):
        spans.append(match.span())
        return now.date() + timedelta(days=_RELATIVE[match[0]])
    if match := _WEEKDAY.search(text):
        spans.append(match.span())
        return _weekday(match, now.date())
    return None


def _calendar_day(match: re.Match[str], now: datetime) -> date:
    month, day = int(number(match["month"])), int(number(match["day"]))
    year = int(match["year"]) if match["year"] else now.year
    if not 1 <= month <= 12 or not 1 <= day <= 31 or not 1 <= year <= 9998:
        raise NoSuchTime("no-date", given=match[0])
    last = monthrange(year, month)[1]
    if day > last:
        after = date(year, month, last) + timedelta(days=day - last)
        raise NoSuchTime("no-day", given=match[0], last=f"{month}月{last}日", next=f"{after.month}月{after.day}日")
    found = date(year, month, day)
    if not match["year"] and found < now.date() - timedelta(days=180):
        # In December 1月5日 is next January; a day of last week is a mistake and said to be past.
        return _calendar_next_year(found)
    return found


def _calendar_next_year(day: date) -> date:
    return date(day.year + 1, day.month, min(day.day, monthrange(day.year + 1, day.month)[1]))


def _weekday(match: re.Match[str], today: date) -> date:
    name = match["day"]
    weekday = {"日": 6, "天": 6}.get(name, int(number(name)) - 1)
    monday = today - timedelta(days=today.weekday())
    if match["next"] in {"下", "下下"}:
        return monday + timedelta(days=weekday + 7 * len(match["next"]))
    found = monday + timedelta(days=weekday)
    return found if found >= today or match["next"] else found + timedelta(days=7)


def _find_time(text: str, spans: list[tuple[int, int]]) -> time | None:
    taken = spans[0] if spans else (-1, -1)
    part = _PART.search(text)
    clock = next(
        (found for found in _CLOCK.finditer(text) if found.start() >= taken[1] or found.end() <= taken[0]), None
    )
    if part:
        spans.append(part.span())
    if clock:
        spans.append(clock.span())
        return _clock_time(clock, part[0] if part else "")
    return time(_PART_HOUR[part[0]]) if part else None


def _clock_time(match: re.Match[str], part: str) -> time:
    hour = int(number(match["hour"]))
    minute = 30 if match["half"] else 15 if match["quarter"] else int(number(match["minute"] or match["after"] or "0"))
    if part in _AFTERNOON and hour < 12:
        hour += 12
    if part == "中午" and hour < 4:
        hour += 12
    if hour > 23 or minute > 59:
        raise NoSuchTime("no-time", given=match[0])
    return time(hour, minute)
