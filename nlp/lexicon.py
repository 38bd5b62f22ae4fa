"""Read the lexicon's files into one immutable set of terms and patterns."""

import itertools
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, TypeVar, cast

T = TypeVar("T", bound=Hashable)

DOMAINS = ("safety", "dispute", "care", "sanitation", "civility", "other")
OWN_LEXICON = Path(__file__).parent / "lexicon"

WEIGHTS = {"urgent": 4.5, "faults": 2.6, "matters": 2.3, "things": 1.2}
SPECIFIC_FAULT = 3.0
"""A fault of four characters or more (占道经营) says enough alone; 停水 needs something beside it."""
PATTERN_WEIGHT = 3.2
URGENT_PATTERN_WEIGHT = 4.5
MASK_BITS = 1024
"""Slots share so many bits, the commonest first: one for each of thousands would take memory and time to load."""

NAMING = frozenset({"matters", "things"})
"""The kinds of words that name what a text is about; what is wrong with it is said by a state."""

BREAKABLE = frozenset(
    {"fire", "electricity", "water_supply", "gas", "elevator", "lighting", "building", "security", "traffic",
     "garbage", "sewage", "smell", "greenery", "cleaning", "pest", "pollution", "leak", "posters", "clutter"}
)  # fmt: skip
"""Topics whose things are broken, dirty or in the way. A person, a car or an owners' committee is not:
«老人精神好，扶手松了» says nothing of the old."""

_KINDS = frozenset({*WEIGHTS, "patterns", "urgent_patterns"})
HARM = frozenset({"@ablaze", "@collapsed", "@fallen", "@hurt", "@missing", "@tumbled", "@trapped"})
NEGATIVES = ("没", "不", "无", "未", "别")


class LexiconError(ValueError):
    """A lexicon file that cannot be used; the message names the file, the topic and the term."""


class TopicTerm(NamedTuple):
    """A term as evidence for a topic. ``kind`` is ``urgent``, ``faults``, ``matters`` or ``things``."""

    topic: str
    kind: str
    weight: float


class Combination(NamedTuple):
    """Terms and groups that together, close by, are evidence for a topic."""

    topic: str
    slots: tuple[str, ...]
    is_urgent: bool

    @property
    def weight(self) -> float:
        return URGENT_PATTERN_WEIGHT if self.is_urgent else PATTERN_WEIGHT


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """A line of a lexicon file: for each slot the words or groups of which any will do.

    ``mask`` has the bit of each slot, so that one ``and`` tells whether all can be there; ``order`` is its
    place among all patterns. Slots may share a bit: what passes has still to be looked at slot by slot.
    """

    topic: str
    slots: tuple[tuple[str, ...], ...]
    is_urgent: bool
    mask: int
    order: int

    def combinations(self, present: Set[str]) -> Iterator[Combination]:
        """What it comes to with the slots that are filled."""
        either = ([word for word in slot if word in present] for slot in self.slots)
        return (Combination(self.topic, slots, self.is_urgent) for slots in itertools.product(*either))


@dataclass(slots=True, eq=False)
class Entry:
    """All that one word stands for: evidence, pattern slots and cues. What follows from these is kept beside them."""

    term: str
    topics: tuple[TopicTerm, ...]
    slots: frozenset[str]
    cues: frozenset[str]
    mask: int
    index: int = -1
    is_evidence: bool = field(init=False)
    is_thing: bool = field(init=False)
    is_urgent: bool = field(init=False)
    is_grave: bool = field(init=False)
    """What may be feared: an accident, a collapse, a fall."""
    may_be_denied: bool = field(init=False)
    """Not where the lack is the fault itself (没电) or the request (没有学区房)."""

    def __post_init__(self) -> None:
        self.is_evidence = bool(self.topics or self.slots or "states" in self.cues)
        self.is_thing = any(term.kind in NAMING for term in self.topics)
        self.is_urgent = any(term.kind == "urgent" for term in self.topics)
        self.is_grave = self.is_urgent or not self.slots.isdisjoint(HARM)
        self.may_be_denied = (
            not self.term.startswith(NEGATIVES)
            and not (self.topics and all(term.kind == "things" for term in self.topics))
            and all(term.topic != "other" for term in self.topics)
        )


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words the bot knows. Built once; never changed, only replaced."""

    entries: tuple[Entry, ...]
    patterns: tuple[Pattern, ...]
    domain_of: dict[str, str]

    @property
    def term_count(self) -> int:
        """How many words are evidence for a topic, by themselves or in a pattern."""
        return sum(1 for entry in self.entries if entry.topics or entry.slots)


@dataclass(slots=True)
class _Draft:
    topics: dict[str, list[TopicTerm]]
    groups: dict[str, set[str]]
    cues: dict[str, set[str]]
    patterns: list[tuple[str, tuple[tuple[str, ...], ...], bool]]
    synonyms: dict[str, list[str]]
    domain_of: dict[str, str]


def load(extra: Path | None = None) -> Lexicon:
    """Read the project's lexicon and, where given, a street's own folder of files beside it.

    Raises LexiconError for an unknown topic, a term listed twice or a pattern without its group.
    """
    draft = _Draft({}, {}, {}, [], {}, {})
    for domain in DOMAINS:
        path = OWN_LEXICON / f"{domain}.toml"
        _read_topics(draft, _table(path), path, domain)
    for path, kind in ((OWN_LEXICON / "groups.toml", "groups"), (OWN_LEXICON / "cues.toml", "cues")):
        target = draft.groups if kind == "groups" else draft.cues
        for name, words in _table(path)[kind].items():
            for word in _words(path, name, words):
                target.setdefault(word, set()).add(name)
    path = OWN_LEXICON / "synonyms.toml"
    draft.synonyms = {word: list(_words(path, word, others)) for word, others in _table(path)["synonyms"].items()}
    if extra is not None and extra.is_dir():
        for path in sorted(extra.glob("*.toml")):
            _read_street(draft, path)
    return _finish(draft)


def _read_street(draft: _Draft, path: Path) -> None:
    """A street's file: its words by topic, and under ``[harmless]`` the phrases in which a word means nothing.

    Words that nobody else has get the cue ``street``: people there decided what they mean.
    """
    table = _table(path)
    for phrase in _words(path, "harmless", table.pop("harmless", {}).get("phrases", [])):
        draft.cues.setdefault(phrase, set()).add("harmless")
    before = _said_in(draft)
    _read_topics(draft, table, path, None)
    for word in _said_in(draft) - before:
        draft.cues.setdefault(word, set()).add("street")


def _said_in(draft: _Draft) -> set[str]:
    in_patterns = (word for _, pattern, _ in draft.patterns for word in itertools.chain(*pattern))
    return {*draft.topics, *draft.groups, *draft.cues, *in_patterns}


def _table(path: Path) -> dict[str, dict[str, object]]:
    try:
        return cast("dict[str, dict[str, object]]", tomllib.loads(path.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LexiconError(f"{path.name}: not valid TOML: {error}") from error


def _words(path: Path, where: str, value: object) -> Iterator[str]:
    if not isinstance(value, list):
        raise LexiconError(f"{path.name}: {where} is not a list of words")
    for word in cast("list[object]", value):
        if not isinstance(word, str) or not word.strip():
            raise LexiconError(f"{path.name}: {where} holds {word!r}, which is not a word")
        yield sys.intern(word)  # a word stands in many lines


def _read_topics(draft: _Draft, table: dict[str, dict[str, object]], path: Path, domain: str | None) -> None:
    """The topics of a file. Only the project's own files, which have a domain, bring new topics."""
    for topic, spec in table.items():
        if domain is not None:
            draft.domain_of[topic] = domain
        elif topic not in draft.domain_of:
            raise LexiconError(f"{path.name}: unknown topic {topic!r}")
        if unknown := set(spec) - _KINDS:
            raise LexiconError(f"{path.name}: {topic} has {min(unknown)!r}; there are {', '.join(sorted(_KINDS))}")
        for kind, weight in WEIGHTS.items():
            for word in _words(path, f"{topic}.{kind}", spec.get(kind, [])):
                held = draft.topics.setdefault(word, [])
                if held:
                    raise LexiconError(f"{path.name}: {word!r} ({topic}) stands already under {held[0].topic}")
                is_specific = kind == "faults" and len(word) >= 4
                held.append(TopicTerm(topic, kind, SPECIFIC_FAULT if is_specific else weight))
        for kind in ("patterns", "urgent_patterns"):
            for slots in cast("list[list[str]]", spec.get(kind, [])):
                where = f"{topic}.{kind}"
                pattern = tuple(tuple(_words(path, where, slot.split("/"))) for slot in _words(path, where, slots))
                draft.patterns.append((topic, pattern, kind != "patterns"))


def _open_groups(groups: dict[str, set[str]]) -> dict[str, set[str]]:
    """The groups of each word, where a group that lists ``@broken`` holds all words of that one, too.

    Raises LexiconError for a group that lists one that is not there.
    """
    names = {name for held in groups.values() for name in held}
    inside: dict[str, set[str]] = {}
    for word, held in groups.items():
        if word.startswith("@"):
            if word[1:] not in names:
                raise LexiconError(f"groups.toml: {', '.join(sorted(held))} lists {word}, which is no group")
            inside[word[1:]] = held
    return {
        word: held | {outer for name in held for outer in inside.get(name, ())}
        for word, held in groups.items()
        if not word.startswith("@")
    }


def _is_listed(draft: _Draft, slots: dict[str, set[str]], word: str) -> bool:
    return word in draft.topics or word in slots or word in draft.cues


def _say_also(draft: _Draft, slots: dict[str, set[str]], word: str, other: str, *, but: Set[str] = frozenset()) -> None:
    """Let the other word say what the word says, but for these cues, besides what it says itself."""
    if word in draft.topics:
        draft.topics.setdefault(other, draft.topics[word])
    for held in (slots, draft.cues):
        if word in held:
            held[other] = held.get(other, set()) | (held[word] - but)


def _add_synonyms(draft: _Draft, slots: dict[str, set[str]]) -> None:
    """A synonym says whatever the word says for which it stands; to be misheard, it is not said often enough."""
    for word, others in draft.synonyms.items():
        if not _is_listed(draft, slots, word):
            raise LexiconError(f"synonyms.toml: {word!r} stands in no other file")
        for other in others:
            _say_also(draft, slots, word, other, but={"sound"})


_VERY = ("很", "特别", "非常", "超", "超级", "蛮", "挺", "相当", "十分")
_SAME = (
    (re.compile("没(?![有了得完])"), ("没有",)),
    (re.compile("没有(?!的|了|得)"), ("没",)),
    (re.compile("没(?=[修清扫收处理解决换到通知来倒管])(?!收入|收获|来得)"), ("未",)),
    (re.compile("没(?=人|水|电|灯|网|路灯|信号|热水|监控|电梯|车位|地方)"), ("无",)),
    (re.compile("[很好太](?=大|重|臭|脏|吵|黑|暗|差|乱|滑|浓|慢|久|多|深|旧|小|少|高|严重|危险)"), _VERY),
    (re.compile("什么时候"), ("啥时候", "几时", "何时")),
    (re.compile("怎么"), ("咋", "如何")),
)
"""What is said in several ways of different length; where the length is the same, ``nlp.normalize`` sees to it."""


def _spell_out(draft: _Draft, slots: dict[str, set[str]]) -> None:
    """没人管 is 没有人管, too: whatever a word says, its other forms say, unless they are listed themselves."""
    for short, forms in _SAME:
        for word in sorted(word for word in {*draft.topics, *slots, *draft.cues} if short.search(word)):
            for form in forms:
                other = short.sub(form, word)
                if not _is_listed(draft, slots, other):
                    _say_also(draft, slots, word, other)


def _finish(draft: _Draft) -> Lexicon:
    groups = _open_groups(draft.groups)
    names = {name for held in groups.values() for name in held}
    slots: dict[str, set[str]] = {}
    for topic, pattern, _ in draft.patterns:
        for word in itertools.chain(*pattern):
            if word.startswith("@") and word[1:] not in names:
                raise LexiconError(f"{topic}: a pattern names {word}, which is no group")
            if not word.startswith("@"):
                slots.setdefault(word, set()).add(word)
    for word, held in groups.items():
        slots.setdefault(word, set()).update(f"@{name}" for name in held)
    _add_synonyms(draft, slots)
    _spell_out(draft, slots)
    count = Counter(slot for _, pattern, _ in draft.patterns for slot in pattern)
    bits = {slot: 1 << (index % MASK_BITS) for index, (slot, _) in enumerate(count.most_common())}
    filled: dict[str, int] = {}
    for slot, bit in bits.items():
        for word in slot:
            filled[word] = filled.get(word, 0) | bit
    alike: dict[Hashable, Hashable] = {}

    def one(value: T) -> T:
        """Equal values as one object: thousands of words are in the same groups."""
        return cast("T", alike.setdefault(value, value))

    def together(masks: Iterable[int]) -> int:
        both = 0
        for mask in masks:
            both |= mask
        return both

    words = sorted(set(draft.topics) | set(slots) | set(draft.cues))
    entries = tuple(
        Entry(
            word,
            one(tuple(one(term) for term in draft.topics.get(word, ()))),
            one(frozenset(slots.get(word, ()))),
            one(frozenset(draft.cues.get(word, ()))),
            one(together(filled.get(slot, 0) for slot in slots.get(word, ()))),
            index,
        )
        for index, word in enumerate(words)
    )
    patterns = tuple(
        Pattern(topic, pattern, urgent, together(bits[slot] for slot in pattern), order)
        for order, (topic, pattern, urgent) in enumerate(draft.patterns)
    )
    return Lexicon(entries, patterns, draft.domain_of)
