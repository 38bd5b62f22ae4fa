"""Cut a text into clauses and sentences."""

import re
from bisect import bisect_right
from typing import NamedTuple

_CLAUSE_END = re.compile(r"[，。！？；、,.!?;\n~…\s]+")
_SENTENCE_END = re.compile(r"[。！？!?\n]")


class Clauses(NamedTuple):
    """A text cut at its punctuation, and which clauses belong to one sentence."""

    starts: list[int]
    ends: list[int]
    sentences: list[int]

    def at(self, position: int) -> int:
        """The index of the clause that holds ``position``."""
        return max(bisect_right(self.starts, position) - 1, 0)


def clauses_of(text: str) -> Clauses:
    """Cut at punctuation and blanks."""
    starts: list[int] = []
    ends: list[int] = []
    sentences: list[int] = []
    start = sentence = 0
    for match in _CLAUSE_END.finditer(text):
        first, last = match.span()
        if first > start:
            starts.append(start)
            ends.append(last)
            sentences.append(sentence)
        start = last
        if _SENTENCE_END.search(text, first, last):
            sentence += 1
    if start < len(text) or not starts:
        starts.append(start)
        ends.append(max(len(text), start + 1))
        sentences.append(sentence)
    return Clauses(starts, ends, sentences)
