"""Keep only those hits that begin and end where words do, by jieba's dictionary."""

import logging
import marshal
import sys
import warnings
from collections.abc import Iterable
from math import exp, log
from threading import Lock
from types import SimpleNamespace
from typing import BinaryIO, NamedTuple, Protocol, cast

from nlp.clauses import Clauses
from nlp.lexicon import Lexicon
from nlp.scan import Hit

# jieba asks for pkg_resources only to find its own files, does without it as well, and it takes 0.15 s.
_is_hidden = "pkg_resources" not in sys.modules
if _is_hidden:
    sys.modules["pkg_resources"] = None  # pyright: ignore[reportArgumentType]
with warnings.catch_warnings():
    # jieba 0.42.1 has invalid escape sequences that Python 3.12 warns of at every fresh import.
    warnings.simplefilter("ignore")
    import jieba  # pyright: ignore[reportMissingTypeStubs]
if _is_hidden:
    del sys.modules["pkg_resources"]


def _load_at_once(file: BinaryIO) -> object:
    """jieba reads its cache through the file object, item by item: 0.4 s for what takes 0.15 s from memory."""
    return marshal.loads(file.read())  # noqa: S302  # the very file that jieba trusts


jieba.marshal = SimpleNamespace(load=_load_at_once, dump=marshal.dump)

_ADVERBS = frozenset("又还都总老太好很真也全")
_LOCALIZERS = frozenset("上里下边内外旁中")
_PARTICLES = frozenset("了的咯啦过着得")
_TITLES = frozenset(
    (
        "大爷", "大妈", "大娘", "大叔", "大婶", "大伯", "大姐", "大哥", "大嫂", "奶奶", "爷爷", "阿姨", "叔叔", "伯伯",
        "娭毑", "嗲嗲", "嫂子", "婆婆", "老师", "师傅", "爹爹",
    )
)  # fmt: skip
"""王大爷 is one word to jieba, and a 大爷."""
_HEADS = frozenset("车门灯狗猫鸽管墙桥桶箱柜架棚窗梯杆牌板盖阀锁栏虫鼠蛇屎尿粪")
"""The last character of a compound says of what kind the thing is: 小车 is a 车, 荧光灯 a 灯."""
_NO_HEAD = frozenset(["冷门", "热门", "部门", "专门", "入门", "出门", "进门", "串门", "上门", "嗓门", "晕车", "赶车"])
"""Words that end like a compound and are none."""

_ANOTHER_THING = frozenset(["卫生间", "幼儿园"])
"""What is said of these is not said of their first part; nor is what is said of 单元门口 said of the door."""

LONG_WORD = 4
"""A hit of this many characters is not taken for a part of another word."""

OWN_WORD = 3
"""A hit of so many characters may share some with another word of ours."""

WINDOW = 48
"""So many characters are cut at a time: voice messages are one clause from beginning to end."""

OVERLAP = 4
"""A window reaches so far into its neighbours, so that no word of ours is cut in two."""

MOST_WINDOWS = 6
"""So many windows of a text are cut; in what is longer only long words count. Keeps 4,096 characters below 5 ms."""


class _Tokenizer(Protocol):
    """What is used of jieba's tokenizer; jieba itself has no types."""

    FREQ: dict[str, int]
    total: int

    def initialize(self) -> None: ...


class _Cut(NamedTuple):
    """Where the words of a stretch begin and end, and which of them are the lexicon's own."""

    boundaries: set[int]
    inner: set[int]
    """Where words begin inside those that are words to the lexicon alone."""
    heads: set[int]
    """Where the last character of a compound stands that says of what kind it is."""
    own_from: dict[int, int]
    own_to: dict[int, int]


class Words(NamedTuple):
    """The hits of a text that are words in it."""

    whole: list[Hit]
    parts: list[Hit]
    """Those that are words only where the lexicon's own are taken apart: 树 and 倒 of 树倒, which jieba does not know.

    Empty for most texts.
    """


class _Dictionary:
    """jieba's dictionary, loaded once for the process (0.7 s, 70 MB) and lent to one lexicon at a time.

    Whoever uses it next gets it without the words of the one before. Two lexicons in two threads at once would
    take it from each other; there is one in force, and another only while the new is tried.
    """

    def __init__(self) -> None:
        self.frequency: dict[str, int] = {}
        self.inner: dict[str, tuple[int, ...]] = {}
        """Where the words begin inside what is a word to the lexicon alone: 树倒 is 树 and 倒."""
        self.borrower: object = None
        self._log_total = 0.0
        self._total = 0
        self._before: dict[str, int | None] = {}
        self._lock = Lock()

    def load(self) -> None:
        """Read jieba's dictionary, unless that was done."""
        logging.getLogger("jieba").setLevel(logging.WARNING)
        with self._lock:
            if not self.frequency:
                tokenizer = cast("_Tokenizer", jieba.Tokenizer())
                tokenizer.initialize()
                self.frequency, self._total, self._log_total = tokenizer.FREQ, tokenizer.total, log(tokenizer.total)

    def lend(self, borrower: object, words: Iterable[str]) -> None:
        """Take back the words of the one before, and add these."""
        self.load()
        with self._lock:
            for word, count in self._before.items():
                if count is None:
                    del self.frequency[word]
                else:
                    self.frequency[word] = count
            self._before = {}
            self.inner = {}
            for word in words:
                if not self.frequency.get(word):
                    self._add(word)
            self.borrower = borrower

    def _add(self, word: str) -> None:
        """Make a word just probable enough to win over its parts, as jieba's ``suggest_freq`` does."""
        ends, probability = self.best_ends(word)
        self.inner[word] = self._inside(word, ends)
        count = int(exp(probability) * self._total) + 1
        self._before.setdefault(word, self.frequency.get(word))
        self.frequency[word] = count
        for end in range(1, len(word)):
            if word[:end] not in self.frequency:
                self._before[word[:end]] = None
                self.frequency[word[:end]] = 0

    def _inside(self, word: str, ends: list[int]) -> tuple[int, ...]:
        inside: list[int] = []
        start = 0
        while start < len(word):
            end = ends[start]
            inside.extend(start + at for at in self.inner.get(word[start:end], ()))
            if end < len(word):
                inside.append(end)
            start = end
        return tuple(inside)

    def best_ends(self, text: str) -> tuple[list[int], float]:
        """Where the word that begins at each character ends, and the log-probability of the whole."""
        get = self.frequency.get
        log_total = self._log_total
        size = len(text)
        route = [0.0] * (size + 1)
        ends = [0] * (size + 1)
        for start in range(size - 1, -1, -1):
            count = get(text[start])
            best, best_end = log(count or 1) - log_total + route[start + 1], start + 1
            if count is not None:
                end = start + 2
                while end <= size and (count := get(text[start:end])) is not None:
                    if count:
                        score = log(count) - log_total + route[end]
                        if score >= best:
                            best, best_end = score, end
                    end += 1
            route[start], ends[start] = best, best_end
        return ends, route[0]


_DICTIONARY = _Dictionary()


def load_dictionary() -> None:
    """Read jieba's dictionary now; else the first text does."""
    _DICTIONARY.load()


class Segmenter:
    """jieba with the lexicon as user dictionary."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._words = [entry.term for entry in lexicon.entries if len(entry.term) > 1 and entry.is_evidence]
        self._own = frozenset(self._words)

    def words(self, text: str) -> list[str]:
        """The words of a stretch of text: the most probable path through jieba's dictionary.

        The same as ``jieba.cut(text, HMM=False)`` on Chinese text, four times as fast: no generator for
        each character, no list of candidates, no splitting by script.
        """
        if _DICTIONARY.borrower is not self:
            _DICTIONARY.lend(self, self._words)
        ends = _DICTIONARY.best_ends(text)[0]
        size = len(text)
        words: list[str] = []
        start = 0
        while start < size:
            end = ends[start]
            if end == start + 1 and text[start].isascii() and text[start].isalnum():
                while end < size and ends[end] == end + 1 and text[end].isascii() and text[end].isalnum():
                    end += 1
            words.append(text[start:end])
            start = end
        return words

    def _cut(self, text: str, offset: int) -> _Cut:
        """The boundaries of a window that begins at ``offset``."""
        boundaries = {offset}
        inner: set[int] = set()
        heads: set[int] = set()
        own_from: dict[int, int] = {}
        own_to: dict[int, int] = {}
        end = offset
        for word in self.words(text):
            start, end = end, end + len(word)
            boundaries.add(end)
            if word in self._own:
                own_from[start], own_to[end] = end, start
                inner.update([start + at for at in _DICTIONARY.inner.get(word, ())])
            elif word[-1] in _HEADS and end - start > 1 and word not in _NO_HEAD:
                heads.add(end - 1)
            # 又坏了, 好大的 and 窗台上 are words to jieba; the word inside them is one, too.
            if word[0] in _ADVERBS:
                boundaries.add(start + 1)
            if end - start == 3 and word[1:] in _TITLES:
                boundaries.add(start + 1)
            if word[-1] in _PARTICLES or (word[-1] in _LOCALIZERS and end - start > 2):
                boundaries.add(end - 1)
        return _Cut(boundaries, inner, heads, own_from, own_to)

    def on_boundaries(self, text: str, hits: Iterable[Hit], heard: Iterable[Hit], clauses: Clauses) -> Words:
        """The hits that are words of their own or too long to be anything else, and those heard that are no words."""
        cuts: dict[int, _Cut] = {}

        def cut_at(clause: int, position: int) -> _Cut | None:
            first, last = clauses.starts[clause], clauses.ends[clause]
            if last - first > WINDOW:
                first += (position - first) // WINDOW * WINDOW
                last = min(first + WINDOW + OVERLAP, last)
                first = max(first - OVERLAP, clauses.starts[clause])
            cut = cuts.get(first)
            if cut is None and len(cuts) < MOST_WINDOWS:
                cut = cuts[first] = self._cut(text[first:last], first)
            return cut

        kept: list[Hit] = []
        parts: list[Hit] = []
        for hit in hits:
            _, start, end, clause = hit
            if end - start >= LONG_WORD:
                if text[start - 1 : start + 2] != "有没有":  # 有没有人管 asks
                    kept.append(hit)
                continue
            cut = cut_at(clause, start)
            if cut is None:
                continue
            if (
                (start in cut.boundaries and end in cut.boundaries)
                or _is_across(hit, cut)
                or _is_located(text, start, end, cut)
                or _is_within(text, hit, cut)
            ):
                kept.append(hit)
            elif _is_part(start, end, cut):
                parts.append(hit)
        for hit in heard:
            # 电提 is heard as 电梯; 点题 is a word itself
            cut = cut_at(hit.clause, hit.start)
            if cut is not None and all(position in cut.boundaries for position in range(hit.start, hit.end + 1)):
                kept.append(hit)
        return Words(kept, parts)


LOCATIVES = frozenset("上里下边旁外内中")


def _is_located(text: str, start: int, end: int, cut: _Cut) -> bool:
    """天台上 and 花坛边 are 天台 and 花坛, whatever the dictionary holds for a word."""
    return (
        end - start >= 2 and text[end : end + 1] in LOCATIVES and start in cut.boundaries and end + 1 in cut.boundaries
    )


def _is_part(start: int, end: int, cut: _Cut) -> bool:
    if end - start == 1 and start in cut.heads:
        return True
    inner, boundaries = cut.inner, cut.boundaries
    return bool(inner) and (start in inner or start in boundaries) and (end in inner or end in boundaries)


def _is_within(text: str, hit: Hit, cut: _Cut) -> bool:
    """Whether it is the head or tail of a longer word of ours, as 电梯 is of 电梯里."""
    _, start, end, _ = hit
    if end - start == 1 or text[end - 1 : end + 1] == "门口":
        return False
    longer = cut.own_from.get(start, 0)
    return (longer > end and text[start:longer] not in _ANOTHER_THING) or 0 <= cut.own_to.get(end, end) < start


def _is_across(hit: Hit, cut: _Cut) -> bool:
    """Whether only another word of ours is in its way: in 三天没开门 both 三天没 and 没开门 are meant.

    Not so for cues: in 没有水了 nobody says 有水了.
    """
    entry, start, end, _ = hit
    return (
        not entry.cues
        and end - start >= OWN_WORD
        and all(
            position in cut.boundaries or any(first < position < last for first, last in cut.own_from.items())
            for position in (start, end)
        )
    )
