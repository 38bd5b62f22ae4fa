"""The register of commands: their words, the permission each needs, and how a line is recognised as one."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from handlers.permissions import Action
from handlers.turn import Turn
from nlp.normalize import normalize

Handler = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Command:
    """A command. ``name`` is its ASCII name for Telegram's menu and for buttons.

    ``is_private``: in a group its bare word is talk. ``takes_many``: it may be given several issue numbers.
    """

    words: tuple[str, ...]
    name: str
    may: Action | None
    handler: Handler
    is_private: bool = False
    takes_many: bool = False

    @property
    def usage_key(self) -> str:
        """The text key of the one-line example."""
        return f"usage-{self.name.replace('_', '-')}"


COMMANDS: dict[str, Command] = {}
_SLASH = re.compile(r"^\s*/\s?(?P<word>[^\s\d#@]{1,20})(?:@\w+)?\s*(?P<rest>.*)$", re.S)


def command(
    *words: str, name: str, may: Action | None = None, is_private: bool = False, takes_many: bool = False
) -> Callable[[Handler], Handler]:
    """Register a handler under its Chinese words and its ASCII name."""

    def register(handler: Handler) -> Handler:
        known = Command(words, name, may, handler, is_private, takes_many)
        for word in (*words, name):
            if word in COMMANDS:
                raise ValueError(f"two commands are called {word}")
            COMMANDS[word] = known
        return handler

    return register


@dataclass(frozen=True, slots=True)
class Call:
    """A line read as a command. ``is_explicit``: it began with a slash, or is a button."""

    command: Command
    rest: str
    is_explicit: bool


def read_press(press: str) -> Call | None:
    """The command a button stands for: ``claim 34``."""
    name, _, rest = press.partition(" ")
    known = COMMANDS.get(name)
    return Call(known, rest, True) if known else None


def read_call(turn: Turn) -> Call | None:
    """The command in a message, with or without its slash. A bare word must not swallow a sentence."""
    text = turn.message.text
    if match := _SLASH.match(text):
        known = _longest(match["word"])
        if known is None:
            return None
        word, rest = known
        return Call(COMMANDS[word], rest + (" " if rest and match["rest"] else "") + match["rest"], True)
    stripped = text.strip()
    for word in _BARE.get(normalize(stripped[:1]).text, ()):
        if stripped.startswith(word):
            rest = stripped[len(word) :]
            if turn.in_group and COMMANDS[word].is_private:
                continue
            if not rest or rest[0].isspace() or rest[0].isdigit() or rest[0] in "#＃:：":
                return Call(COMMANDS[word], rest.lstrip(" \t　:："), False)
    return None


def is_slash(text: str) -> bool:
    """Whether a line is meant as a command, known or not."""
    return text.lstrip().startswith("/")


def _longest(word: str) -> tuple[str, str] | None:
    """A command glued to what follows (/进展灯泡已买): the longest known beginning."""
    lowered = word.lower()
    for end in range(len(lowered), 0, -1):
        if lowered[:end] in COMMANDS and (end == len(lowered) or not lowered.isascii()):
            return lowered[:end], word[end:]
    return None


_BARE: dict[str, list[str]] = {}


def index_words() -> None:
    """Prepare the look-up of bare words; called once, when all commands are registered."""
    for word in COMMANDS:
        if not word.isascii():
            _BARE.setdefault(word[0], []).append(word)
    for words in _BARE.values():
        words.sort(key=len, reverse=True)
