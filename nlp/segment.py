"""Keep only those hits that begin and end where words do (jieba)."""

import logging
import sys
import warnings
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import Protocol, cast

from nlp.lexicon import Entry, Lexicon
from nlp.scan import Hit

with warnings.catch_warnings():
    # jieba 0.42.1 has invalid escape sequences that Python 3.12 warns of at every fresh import.
    warnings.simplefilter("ignore")
    import jieba  # pyright: ignore[reportMissingTypeStubs]

_ADVERBS = frozenset("又还都总老太好很真也全")
_PARTICLES = frozenset("了的咯啦过着得")

LONG_WORD = 4
"""A hit of this many characters is not taken for a part of another word."""


class _Tokenizer(Protocol):
    """What is used of jieba's tokenizer; jieba itself has no types."""

    FREQ: dict[str, int]

    def initialize(self) -> None: ...
    def add_word(self, word: str) -> None: ...
    def cut(self, sentence: str, *, HMM: bool) -> Iterator[str]: ...  # noqa: N803


class Segmenter:
    """jieba with the lexicon as user dictionary. Loads its dictionary at first use (0.7 s)."""

    def __init__(self, lexicon: Lexicon) -> None:
        logging.getLogger("jieba").setLevel(logging.WARNING)
        self._words = [entry.term for entry in lexicon.entries if len(entry.term) > 1 and _is_evidence(entry)]
        self._own = frozenset(self._words)
        self._tokenizer: _Tokenizer | None = None

    def boundaries(self, clause: str) -> frozenset[int]:
        """The offsets in ``clause`` at which words begin or end."""
        return self._cut(clause)[0]

    def _cut(self, clause: str) -> tuple[frozenset[int], list[tuple[int, int]]]:
        """The boundaries, and the spans of the words that are the lexicon's own."""
        if self._tokenizer is None:
            self._tokenizer = self._load()
        found = {0}
        own: list[tuple[int, int]] = []
        end = 0
        for word in self._tokenizer.cut(clause, HMM=False):
            start, end = end, end + len(word)
            found.add(end)
            if word in self._own:
                own.append((start, end))
            # 又坏了 and 好大的 are words to jieba; the word inside them is one, too.
            if word[0] in _ADVERBS:
                found.add(start + 1)
            if word[-1] in _PARTICLES:
                found.add(end - 1)
        return frozenset(found), own

    def _load(self) -> _Tokenizer:
        tokenizer = cast("_Tokenizer", jieba.Tokenizer())
        tokenizer.initialize()
        for word in self._words:
            if not tokenizer.FREQ.get(word):
                tokenizer.add_word(word)
        return tokenizer

    def on_boundaries(self, text: str, hits: Iterable[Hit], clauses: list[tuple[int, int]]) -> list[Hit]:
        """The hits that are words of their own, or long enough to be nothing else."""
        cuts: dict[int, tuple[frozenset[int], list[tuple[int, int]]]] = {}
        kept: list[Hit] = []
        for hit in hits:
            if hit.end - hit.start >= LONG_WORD:
                kept.append(hit)
                continue
            index, (start, end) = clause_at(clauses, hit.start)
            if index not in cuts:
                cuts[index] = self._cut(text[start:end])
            if _is_word(hit.start - start, hit.end - start, *cuts[index]):
                kept.append(hit)
        return kept


def _is_word(start: int, end: int, boundaries: frozenset[int], own: list[tuple[int, int]]) -> bool:
    """Between two boundaries; or the head or tail of a longer word of ours, as 电梯 is of 电梯里."""
    if start in boundaries and end in boundaries:
        return True
    return end - start > 1 and any(
        first <= start and end <= last and (start == first or end == last) for first, last in own
    )


def _is_evidence(entry: Entry) -> bool:
    """Cues like 又坏 must not make words of what is not one."""
    return bool(entry.topics or entry.slots or "states" in entry.cues)


def clause_at(clauses: list[tuple[int, int]], position: int) -> tuple[int, tuple[int, int]]:
    """The clause that holds ``position``, with its index."""
    index = max(bisect_right(clauses, (position, sys.maxsize)) - 1, 0)
    return index, clauses[index]
