"""Cut a text into clauses and sentences, and say how far apart two places in it are."""

import re
from bisect import bisect_right
from itertools import accumulate
from typing import NamedTuple

_CLAUSE_END = re.compile(r"[，。！？；、,.!?;\n~…\s]+")
_SENTENCE_END = re.compile(r"[。！？!?\n]")

SHORTEST_ASIDE = 24
"""Shorter clauses have no room for asides that would push their words apart."""

_ASIDE = re.compile(
    "[今昨前明后][天晚](?:早上|上午|中午|下午|傍晚|晚上|半夜|夜里)?|(?:早上|上午|中午|下午|傍晚|晚上|半夜|夜里)"
    "|[我他她你][^，。！？,的]{1,7}的时候|[0-9一二三四五六七八九十两]{1,3}点(?:多|半|钟|左右)"
    "|[那这]个|就是(?:说)?|然后(?:呢|就)?|我跟你(?:们)?[讲说]|反正|其实|基本上|在[那这]里|到现在|这段时间|这几天|一直"
)
"""昨天晚上 · 我下班回来的时候 · 那个 · 就是说: what a speaker puts between a thing and what is wrong with it."""


class Clauses(NamedTuple):
    """A text cut at its punctuation, and which clauses belong to one sentence."""

    starts: list[int]
    ends: list[int]
    sentences: list[int]
    aside_ends: list[int]
    """Where words end that say nothing of the matter, in clauses that go on and on as voice-to-text does."""
    aside_lengths: list[int]
    """How many characters these are in all, from the first to each; begins with 0."""

    def at(self, position: int) -> int:
        """The index of the clause that holds ``position``."""
        return max(bisect_right(self.starts, position) - 1, 0)

    def distance(self, one: int, other: int) -> int:
        """How many characters lie between two positions, asides not counted."""
        between = abs(one - other)
        if not self.aside_ends or between < 2:
            return between
        lengths, ends = self.aside_lengths, self.aside_ends
        return max(between - abs(lengths[bisect_right(ends, one)] - lengths[bisect_right(ends, other)]), 0)


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
    asides = _asides_of(text, starts, ends)
    lengths = list(accumulate((end - start for start, end in asides), initial=0))
    return Clauses(starts, ends, sentences, [end for _, end in asides], lengths)


def _asides_of(text: str, starts: list[int], ends: list[int]) -> list[tuple[int, int]]:
    return [
        match.span()
        for start, end in zip(starts, ends, strict=True)
        if end - start >= SHORTEST_ASIDE
        for match in _ASIDE.finditer(text, start, end)
    ]
