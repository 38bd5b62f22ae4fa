"""Find every lexicon term of a text in one pass (Aho-Corasick)."""

import re
from dataclasses import dataclass

import ahocorasick_rs

from nlp.lexicon import Entry, Lexicon


@dataclass(frozen=True, slots=True)
class Hit:
    """A lexicon word where it stands in the normalised text."""

    entry: Entry
    start: int
    end: int

    @property
    def term(self) -> str:
        return self.entry.term


# 冲不下去 · 关不拢 · 抬不起来 · 拧不动 : whatever cannot be done to a thing, it is a fault of the thing
_CANNOT = re.compile(
    r"[\u4e00-\u9fff]不(?:下去|下来|起来|进去|进来|出去|出来|过去|动|拢|紧|严|牢|稳|亮|响|灭|通|住|掉|开|上|燃|着|转|了(?!解|起|得|断|结))"
)
_CANNOT_NOT = re.compile("[想看听记说忍受舍感离差行起吃是对要用得]不|了不了|免不了|少不了|大不了|免不掉|受不了|忍不住")
CANNOT = Entry("…不…", (), frozenset(), frozenset({"states"}), 0)


def find_cannot(text: str) -> list[Hit]:
    """The states that no list can hold, because any verb makes one."""
    if "不" not in text:
        return []
    return [
        Hit(CANNOT, match.start(), match.end())
        for match in _CANNOT.finditer(text)
        if not _CANNOT_NOT.match(text, match.start())
    ]


class Scanner:
    """The automaton of one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._entries = lexicon.entries
        self._automaton = ahocorasick_rs.AhoCorasick(
            [entry.term for entry in lexicon.entries],
            implementation=ahocorasick_rs.Implementation.DFA,
        )

    def scan(self, text: str) -> list[Hit]:
        """All occurrences, overlapping ones too, in order of their end."""
        return [
            Hit(self._entries[index], start, end)
            for index, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True)
        ]
