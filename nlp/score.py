"""Weigh the hits of a text topic by topic."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from nlp.lexicon import Lexicon, Pattern
from nlp.place import Place
from nlp.polarity import UNANCHORED, Clauses, Verdict
from nlp.request import Frame, frames_of, is_petition
from nlp.scan import Hit
from nlp.segment import clause_at

WEAK = 2.2
"""Below this nothing was said; between this and the sure score the building head is asked."""

PATTERN_SPAN = 18
"""The terms of a pattern stand within so many characters of each other."""

NEAR = 14
"""A state belongs to a thing at most so many characters away."""

STATE, ASK, PLACE, SEVERITY, FURTHER, WHOLE_MESSAGE, CIVIC = 1.8, 0.7, 0.6, 0.5, 0.3, 0.6, 1.5

_TALKED_OF = frozenset({"dispute", "civility", "other", "care"})
BARE, BARE_MALUS = 6, 0.8
"""没素质, 电费贵: a few words on what people talk of are an answer; 灯坏了, 没水了 are not."""

PETITION = 1.0
FURTHER_CIVIC = 0.75
FORM_EDGE = -3.0

_BREAKABLE = frozenset(
    {"fire", "electricity", "water_supply", "gas", "elevator", "lighting", "building", "security", "traffic",
     "garbage", "sewage", "smell", "greenery", "cleaning", "pest", "pollution", "leak", "posters", "clutter"}
)  # fmt: skip
"""Topics whose things are broken, dirty or in the way. A person, a car or an owners' committee is not:
«老人精神好，扶手松了» says nothing of the old."""

_DIRT_TOPICS = frozenset({"garbage", "sewage", "smell", "cleaning", "pest", "pollution"})

UNASKED_MALUS = 1.2
"""What none of the duties covers is a matter only where something is asked for."""

SOMEWHERE = Place(building="?")
"""For the first look at a text, whose place is not read yet."""

EDGES = {
    "leak": 0.45,
    "fire": 0.3,
    "pollution": 0.4,
    "elevator": 0.2,
    "gas": 0.2,
    "mutual_help": 0.8,
    "other": -0.8,
    "neighbour": -0.1,
}
"""Which topic wins where two score alike (TAXONOMY's rules 1 to 5): water from upstairs is ``leak`` before
a mere pipe, a building site's noise is ``pollution`` before ``noise``, the thing beats the tone."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What spoke for a topic, with its span in the normalised text."""

    term: str
    start: int
    end: int
    topic: str
    weight: float


@dataclass(frozen=True, slots=True)
class TopicScore:
    """How strongly a text speaks of a topic, why, and in which clauses."""

    topic: str
    score: float
    evidence: tuple[Evidence, ...]
    clauses: frozenset[int]
    is_urgent: bool

    @property
    def start(self) -> int:
        return min(item.start for item in self.evidence)


@dataclass(slots=True)
class _Case:
    """What was gathered for one topic so far."""

    evidence: list[Evidence] = field(default_factory=list)
    best: float = 0.0
    is_urgent: bool = False

    def add(self, evidence: Evidence, *, is_urgent: bool = False) -> None:
        self.evidence.append(evidence)
        self.best = max(self.best, evidence.weight)
        self.is_urgent = self.is_urgent or is_urgent


def score_topics(
    lexicon: Lexicon,
    text: str,
    hits: list[Hit],
    clauses: Clauses,
    *,
    verdict: Verdict | None = None,
    place: Place = SOMEWHERE,
) -> list[TopicScore]:
    """The topics of a text that reach the weak score, best first.

    Without a verdict the result is the most that could come of the hits: nothing is denied or marked down.
    """
    cases: dict[str, _Case] = {}
    for hit in hits:
        for term in hit.entry.topics:
            if term.kind != "things":
                case = cases.setdefault(term.topic, _Case())
                case.add(
                    Evidence(hit.term, hit.start, hit.end, term.topic, term.weight), is_urgent=term.kind == "urgent"
                )
    for pattern, found in _patterns(lexicon, hits, clauses):
        case = cases.setdefault(pattern.topic, _Case())
        start, end = min(hit.start for hit in found), max(hit.end for hit in found)
        shown = "+".join(hit.term for hit in sorted(found, key=lambda hit: hit.start))
        case.add(Evidence(shown, start, end, pattern.topic, pattern.weight), is_urgent=pattern.is_urgent)
    states = [hit for hit in hits if "states" in hit.entry.cues]
    _add_things(cases, hits, states, clauses)
    frames = frames_of(text)
    rules = rules_of(hits, states, place, verdict)
    if is_petition(frames):
        rules = {name: value for name, value in rules.items() if name not in UNANCHORED} | {"petition": PETITION}
    _add_civic(cases, text, hits, frames)
    barred = verdict.barred if verdict else {}
    scores = [
        _score(
            topic, case, text,
            rules | {"unasked": -UNASKED_MALUS} if unasked(topic, hits, rules, case) else rules,
            clauses, lexicon.domain_of[topic],
        )
        for topic, case in cases.items()
        if topic not in barred or case.is_urgent
    ]
    ranked = [score for score in scores if score.score >= WEAK]
    return sorted(ranked, key=lambda score: (-score.score - _edge(score), score.start, score.topic))


def _edge(score: TopicScore) -> float:
    """By how much a topic goes before another of the same score; a mere petition's form goes behind any topic."""
    is_form = score.topic == "other" and all(item.weight <= CIVIC for item in score.evidence)
    return FORM_EDGE if is_form else EDGES.get(score.topic, 0.0)


def _score(
    topic: str, case: _Case, text: str, rules: dict[str, float], clauses: Clauses, domain: str
) -> TopicScore:
    further = len({(item.start, item.end) for item in case.evidence if item.weight != CIVIC}) - 1
    covered = max(item.end - item.start for item in case.evidence)
    coverage = WHOLE_MESSAGE if covered * 5 >= len(text) * 2 else 0.0
    total = case.best + FURTHER * max(min(further, 3), 0) + sum(rules.values()) + coverage
    if not case.is_urgent and not rules.keys() & {"ask", "place"} and domain in _TALKED_OF and len(text) <= BARE:
        total -= BARE_MALUS
    strong = [item for item in case.evidence if item.weight > 1.3] or case.evidence
    where = frozenset(clause_at(clauses.spans, item.start)[0] for item in strong)
    told = {(item.term, item.start): item for item in sorted(case.evidence, key=lambda item: item.weight)}
    return TopicScore(topic, total, tuple(sorted(told.values(), key=lambda item: item.start)), where, case.is_urgent)


def _add_things(cases: dict[str, _Case], hits: list[Hit], states: list[Hit], clauses: Clauses) -> None:
    """A thing with a fault near it is evidence; a thing alone only adds to what is there already."""
    taken = {clauses.of(hit) for hit in hits if any(term.kind == "things" for term in hit.entry.topics)}
    free = {clauses.of(state) for state in states} - taken
    for hit in hits:
        for term in hit.entry.topics:
            if term.kind != "things":
                continue
            fitting = [state for state in states if _fits(term.topic, state)]
            state = _state_of(hit, fitting, clauses, free)
            if state is not None:
                start, end = min(hit.start, state.start), max(hit.end, state.end)
                case = cases.setdefault(term.topic, _Case())
                case.add(Evidence(f"{hit.term}+{state.term}", start, end, term.topic, term.weight + STATE))
            elif term.topic in cases or term.topic == "other":
                cases.setdefault(term.topic, _Case()).add(
                    Evidence(hit.term, hit.start, hit.end, term.topic, term.weight)
                )


def _fits(topic: str, state: Hit) -> bool:
    """A banister full of dust is no matter of the building's fabric."""
    return topic in _BREAKABLE and ("dirt" not in state.entry.cues or topic in _DIRT_TOPICS)


def _state_of(thing: Hit, states: list[Hit], clauses: Clauses, free: set[int]) -> Hit | None:
    """The nearest state in the thing's own clause, or in one that names no thing itself: 电梯坏了，楼道灯也不亮."""
    at = clauses.of(thing)
    near = [state for state in states if _near(thing, state) and clauses.of(state) in {at, *free}]
    return min(near, key=lambda state: (clauses.of(state) != at, abs(state.start - thing.end)), default=None)


def _near(thing: Hit, state: Hit) -> bool:
    if thing.start < state.end and state.start < thing.end:
        return False
    return abs(state.start - thing.end) <= NEAR or abs(thing.start - state.end) <= NEAR // 2


def unasked(topic: str, hits: list[Hit], rules: dict[str, float], case: _Case) -> bool:
    """Whether nobody is asked for anything, in a topic that is a matter only where somebody is."""
    if topic == "other":
        return "ask" not in rules and not any(item.weight == CIVIC for item in case.evidence)
    return topic == "mutual_help" and not any("call" in hit.entry.cues for hit in hits)


def rules_of(hits: list[Hit], states: list[Hit], place: Place, verdict: Verdict | None) -> dict[str, float]:
    """What raises or lowers every topic of the text alike, by name: shown where a decision is explained."""
    cues = {cue for hit in hits for cue in hit.entry.cues}
    rules = {
        "ask": ASK * ("asks" in cues),
        "place": PLACE * (bool(place) or not cues.isdisjoint({"ours", "near"})),
        "severity": SEVERITY * bool(states or "severity" in cues),
    }
    if verdict:
        is_numbered = bool(place.building or place.unit or place.floor or place.room)
        is_anchored = bool(rules["ask"] or is_numbered or not cues.isdisjoint({"ours", "civic"}))
        marks = {reason: mark for reason, mark in verdict.malus.items() if not (is_anchored and reason in UNANCHORED)}
        rules |= {reason: -mark for reason, mark in marks.items()}
    return {name: value for name, value in rules.items() if value}


def _add_civic(cases: dict[str, _Case], text: str, hits: list[Hit], frames: list[Frame]) -> None:
    """A formal request for which no topic speaks is not dropped: it is ``other``, for staff to sort."""
    marks = {hit.term: (hit.start, hit.end) for hit in hits if "civic" in hit.entry.cues}
    marks |= {text[frame.start : frame.end]: (frame.start, frame.end) for frame in frames}
    if not marks:
        return
    case = cases.setdefault("other", _Case())
    for term, (start, end) in list(marks.items())[:4]:
        case.add(Evidence(term, start, end, "other", CIVIC))
    case.best = max(case.best, CIVIC + FURTHER_CIVIC * min(len(marks) - 1, 2))


def _patterns(lexicon: Lexicon, hits: list[Hit], clauses: Clauses) -> Iterator[tuple[Pattern, tuple[Hit, ...]]]:
    """The patterns whose every slot is filled, close by and in one sentence."""
    present = 0
    for hit in hits:
        present |= hit.entry.mask
    if not present:
        return
    by_slot: dict[str, list[Hit]] = {}
    for hit in hits:
        for slot in hit.entry.slots:
            by_slot.setdefault(slot, []).append(hit)
    for pattern in lexicon.patterns:
        if pattern.mask & present == pattern.mask:
            found = _fill(pattern.slots, by_slot, clauses)
            if found:
                yield pattern, found


def _fill(slots: tuple[str, ...], by_slot: dict[str, list[Hit]], clauses: Clauses) -> tuple[Hit, ...] | None:
    """The hits that fill the slots, in as few clauses and as close together as can be."""
    filled = (_extend((first,), slots[1:], by_slot, clauses) for first in by_slot[slots[0]][:40])
    return min((found for found in filled if found), key=lambda found: _spread(found, clauses), default=None)


def _spread(found: tuple[Hit, ...], clauses: Clauses) -> tuple[int, int]:
    length = max(hit.end for hit in found) - min(hit.start for hit in found)
    return len({clauses.of(hit) for hit in found}), length


def _extend(
    found: tuple[Hit, ...], slots: tuple[str, ...], by_slot: dict[str, list[Hit]], clauses: Clauses
) -> tuple[Hit, ...] | None:
    if not slots:
        return found
    at = clauses.of(found[0])
    sentence = clauses.sentences[at]

    def farness(hit: Hit) -> tuple[bool, int]:
        return clauses.of(hit) != at, abs(hit.start - found[0].start)

    for hit in sorted(by_slot[slots[0]][:40], key=farness):
        apart = all(hit.end <= other.start or hit.start >= other.end for other in found)
        close = abs(hit.start - found[0].start) <= PATTERN_SPAN
        if apart and close and clauses.sentences[clauses.of(hit)] == sentence:
            longer = _extend((*found, hit), slots[1:], by_slot, clauses)
            if longer:
                return longer
    return None
