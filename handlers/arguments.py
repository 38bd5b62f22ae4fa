"""What follows a command, as people type it: issue numbers, doors, times, words."""

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NewType, get_type_hints

from nlp.normalize import normal_char
from nlp.place import find_place
from nlp.when import When, find_when
from storage.local_time import local

IssueNumber = NewType("IssueNumber", int)
Words = NewType("Words", str)
"""The rest of the line; may not be empty."""
MaybeWords = NewType("MaybeWords", str)
"""The rest of the line, which may be empty."""
MaybeNumber = NewType("MaybeNumber", int)
"""An issue number, or 0 where none was given."""

Length = NewType("Length", timedelta)
"""How long: 2小时, 3天, 半小时."""

_MAX_NUMBER = 999_999
_NUMBER = re.compile(r"^[#\s]*(\d{1,9})\s?号?[\s,，、:：。]*")
# the 35 and 36 of «34 35、36号»: not the 3 of «3栋» nor the 2 of «2个灯»
_NEXT_NUMBER = re.compile(r"^[#\s]*(\d{1,6})(?:\s?号(?!楼|房)|(?=[\s,，、]|$))[\s,，、和]*")
_LENGTH = re.compile(
    r"^\s*(?P<count>\d{1,3}(?:\.5)?|[一二两三四五六七八九十半])\s?(?:个)?(?P<unit>小时|天|日|分钟|周|星期)[\s,，、:：]*"
)
_COUNTS = {char: count for count, char in enumerate("一二三四五六七八九十", 1)} | {"两": 2, "半": 0.5}
_DOOR = re.compile(
    r"^\s*(?:(?P<building>\d{1,3})(?:栋|幢|号楼|-))?\s*(?:(?P<unit>\d{1,2})(?:单元|-))?\s*(?P<room>\d{3,4})(?!\d)\s*(?:室|房|号房)?[\s,，、:：]*"
)


def take_numbers(text: str) -> tuple[list[int], list[str]]:
    """The issue numbers a text begins with, and what is left of it after each: «34 35 换了灯泡»."""
    rest = _keep_words(text)
    match = _NUMBER.match(rest)
    numbers: list[int] = []
    rests: list[str] = []
    while match is not None and 0 < int(match[1]) <= _MAX_NUMBER:
        rest = rest[match.end() :]
        numbers.append(int(match[1]))
        rests.append(rest)
        match = _NEXT_NUMBER.match(rest)
    return numbers, rests


class BadArguments(ValueError):
    """What follows the command is missing or not what it takes."""


@dataclass(frozen=True, slots=True)
class Door:
    """A door as it was named: at least the room."""

    room: str
    unit: str | None = None
    building: str | None = None


@dataclass(slots=True)
class _Rest:
    """The part of the line not read yet; ``text`` is as typed, in normal form for digits and width."""

    text: str
    now: datetime


def _take_number(rest: _Rest) -> IssueNumber:
    match = _NUMBER.match(rest.text)
    if match is None or not 0 < int(match[1]) <= _MAX_NUMBER:
        raise BadArguments
    rest.text = rest.text[match.end() :]
    return IssueNumber(int(match[1]))


def _take_maybe_number(rest: _Rest) -> MaybeNumber:
    if not rest.text.strip():
        return MaybeNumber(0)
    return MaybeNumber(_take_number(rest))


def _take_words(rest: _Rest) -> Words:
    words = rest.text.strip()
    rest.text = ""
    if not words:
        raise BadArguments
    return Words(words)


def _take_maybe_words(rest: _Rest) -> MaybeWords:
    words, rest.text = rest.text.strip(), ""
    return MaybeWords(words)


def _take_door(rest: _Rest) -> Door:
    match = _DOOR.match(rest.text)
    if match is None:
        place = find_place(rest.text[:12])
        if place.room is None:
            raise BadArguments
        end = rest.text.index(place.room) + len(place.room)
        rest.text = rest.text[end:].lstrip("室房号 ")
        return Door(place.room, place.unit, place.building)
    rest.text = rest.text[match.end() :]
    return Door(match["room"], match["unit"], match["building"])


def _take_length(rest: _Rest) -> Length:
    length, rest.text = _read_length(rest.text)
    return Length(length)


def _read_length(text: str) -> tuple[timedelta, str]:
    match = _LENGTH.match(text)
    if match is None:
        raise BadArguments
    count = _COUNTS.get(match["count"]) or float(match["count"])
    units = {
        "分钟": timedelta(minutes=1),
        "小时": timedelta(hours=1),
        "周": timedelta(days=7),
        "星期": timedelta(days=7),
    }
    return count * units.get(match["unit"], timedelta(days=1)), text[match.end() :]


def parse_length(text: str) -> timedelta:
    """How long a whole text says. Raises BadArguments."""
    length, rest = _read_length(_keep_words(text))
    if rest.strip() or length <= timedelta():
        raise BadArguments
    return length


def _take_when(rest: _Rest) -> When:
    found = find_when(rest.text, local(rest.now))
    if found is None:
        raise BadArguments
    rest.text = rest.text.replace(found.words, "", 1)
    return found


_TAKERS: dict[object, Callable[[_Rest], object]] = {
    IssueNumber: _take_number,
    MaybeNumber: _take_maybe_number,
    Words: _take_words,
    MaybeWords: _take_maybe_words,
    Door: _take_door,
    When: _take_when,
    Length: _take_length,
}


def parse(function: Callable[..., None], text: str, now: datetime) -> list[object]:
    """Read the arguments a handler's signature asks for, after the turn itself.

    Raises BadArguments, or NoSuchTime for a date that is not one.
    """
    rest = _Rest(_keep_words(text), now)
    hints = get_type_hints(function)
    names = list(inspect.signature(function).parameters)[1:]
    return [_TAKERS[hints[name]](rest) for name in names]


def _keep_words(text: str) -> str:
    """Full-width digits and signs made plain, everything else as typed: a note keeps its capitals."""
    return "".join(
        plain if len(plain := normal_char(char)) == 1 and (plain.isdigit() or plain in "#-") else char for char in text
    )
