"""Weigh the hits of a text topic by topic."""

import re
from typing import NamedTuple

from nlp.clauses import Clauses
from nlp.lexicon import BREAKABLE, NAMING, WEIGHTS, Combination, Lexicon
from nlp.patterns import filled
from nlp.place import Place
from nlp.polarity import UNANCHORED, Verdict
from nlp.request import Frame, is_petition
from nlp.scan import Cover, Hit

SURE = 3.0
"""A topic with this score is a report."""

WEAK = 2.2
"""Below this nothing was said; between this and the sure score the building head is asked."""

NEAR = 14
"""A state belongs to a thing at most so many characters away."""

STATE, ASK, PLACE, SEVERITY, FURTHER, WHOLE_MESSAGE = 1.8, 0.7, 0.7, 0.5, 0.3, 0.6
MOST_FURTHER = 3 * FURTHER + WHOLE_MESSAGE

STRONG = 1.3
"""What weighs less says what a text is about, not where it says what is wrong."""

CIVIC, FURTHER_CIVIC, PETITION = 1.5, 0.75, 1.0
FORM_EDGE = -3.0
"""A mere petition's form goes behind any topic that is named."""

HURRIES_ALWAYS = frozenset({"gas", "mental"})
"""What often happened, or did once, does not make minutes count; with these it does."""

TALKED_OF = frozenset({"dispute", "civility", "other", "care"})
BARE, BARE_MALUS, WHOLE_PHRASE = 6, 0.8, 4
"""没素质, 电费贵: a few words on what people talk of are an answer; 灯坏了, 没水了 and 占道经营 are not."""

ASKED_FOR = "mutual_help"
UNASKED_MALUS = 1.2
"""What none of the duties covers, and a neighbour's help, is a matter only where something is asked for."""

DIRT_TOPICS = frozenset({"garbage", "sewage", "smell", "cleaning", "pest", "pollution"})

EDGES = {
    "leak": 0.8,
    "family": 0.4,
    "falling_object": 0.3,
    "fire": 0.3,
    "pollution": 0.4,
    "elevator": 0.2,
    "gas": 0.2,
    "mutual_help": 0.8,
    "security": 0.05,
    "property": -1.0,
    "other": -0.8,
    "neighbour": -0.1,
}
"""Which topic wins where two score alike (TAXONOMY's rules 1 to 5): water from upstairs is ``leak`` before
a mere pipe, a building site's noise is ``pollution`` before ``noise``, the thing beats the tone."""


class Evidence(NamedTuple):
    """What spoke for a topic, with its span in the normalised text."""

    term: str
    start: int
    end: int
    topic: str
    weight: float


class TopicScore(NamedTuple):
    """How strongly a text speaks of a topic, why, and in which clauses."""

    topic: str
    score: float
    evidence: tuple[Evidence, ...]
    clauses: frozenset[int]
    is_urgent: bool

    @property
    def start(self) -> int:
        return min(item.start for item in self.evidence)


class _Case:
    """What was gathered for one topic so far."""

    __slots__ = ("best", "evidence", "is_urgent")

    def __init__(self) -> None:
        self.evidence: list[Evidence] = []
        self.best = 0.0
        self.is_urgent = False

    def add(self, evidence: Evidence, *, is_urgent: bool = False) -> None:
        self.evidence.append(evidence)
        self.best = max(self.best, evidence.weight)
        self.is_urgent = self.is_urgent or is_urgent


class Scene(NamedTuple):
    """A text with all that was found out about it before it is weighed."""

    text: str
    clauses: Clauses
    verdict: Verdict
    frames: list[Frame]
    place: Place
    combinations: list[Combination]


_UNHURRIED = frozenset({"habit", "past"})


_YESTERDAY = re.compile("昨天|昨晚|昨夜|前天|前两天|前几天|上礼拜|那天")
_SINCE = re.compile("现在|今天|今早|一直|还[在没不是]|没|不|联系|找")
"""What began yesterday and is not over counts as now: 昨天出去，到现在没回来."""
_FOUND_LATER = re.compile("(?:今天|今早|早上|早晨)(?:早上)?(?:一看|起来|发现|才|去看)")
"""昨晚听到有人撬车，今天一看电池没了: it was over by then."""
_SUPPOSED = re.compile(
    "(?:着火|起火|失火|烧起来|爆炸|触电|出事|出人命|[掉摔塌倒]下[来去]了?|(?:[掉摔塌倒]下[来去])?(?:砸到|砸着|伤到|撞到|绊倒)了?人?了?)"
    "(?:怎么办|怎么得了|咋办|何得了|谁负责|哪个负责)"
)
"""堆在楼道里，着火怎么办: what might come of it is asked about, and has not happened; 着火了怎么办 may have."""


class _Calm(NamedTuple):
    """Where in a text no minutes count."""

    clauses: frozenset[int]
    supposed: Cover

    def holds(self, hits: tuple[Hit, ...]) -> bool:
        return all(hit.clause in self.clauses for hit in hits) or any(hit.is_in(self.supposed) for hit in hits)


def _calm(text: str, hits: list[Hit], clauses: Clauses) -> _Calm:
    """Where a text speaks of what happens often, happened once, might happen, or is to be applied for."""
    supposed = Cover(match.span() for match in _SUPPOSED.finditer(text))
    if any("benefit" in hit.entry.cues for hit in hits):
        return _Calm(frozenset(range(len(clauses.starts))), supposed)
    calm = {hit.clause for hit in hits if not hit.entry.cues.isdisjoint(_UNHURRIED)}
    yesterday = _YESTERDAY.search(text)
    if yesterday and (not _SINCE.search(text, yesterday.end()) or _FOUND_LATER.search(text, yesterday.end())):
        calm.add(clauses.at(yesterday.start()))
    return _Calm(frozenset(calm), supposed)


def _can_wait(topic: str, hits: tuple[Hit, ...], calm: _Calm) -> bool:
    if topic == "traffic":
        # 孩子在车库里，差点被车撞: what passed by is over; what nearly fell on somebody may fall yet.
        hits = tuple(hit for hit in hits if not hit.entry.is_thing) or hits
    return topic not in HURRIES_ALWAYS and calm.holds(hits)


def _without_kindled(hits: list[Hit]) -> list[Hit]:
    """Where somebody makes a fire on purpose, or smokes, smoke by itself is no fire; nor is a part of its word."""
    if not any("kindled" in hit.entry.cues for hit in hits):
        return hits
    smoke = Cover((hit.start, hit.end) for hit in hits if "smoke" in hit.entry.cues)
    return [hit for hit in hits if "kindled" in hit.entry.cues or not hit.is_in(smoke)]


def score_topics(lexicon: Lexicon, scene: Scene) -> tuple[list[TopicScore], dict[str, float]]:
    """The topics of a text that reach the weak score, best first, and the rules that raised or lowered them all."""
    hits = _without_kindled(scene.verdict.live)
    calm = _calm(scene.text, hits, scene.clauses)
    cases: dict[str, _Case] = {}
    for hit in hits:
        for topic, kind, weight in hit.entry.topics:
            if kind != "things":
                is_urgent = kind == "urgent" and not _can_wait(topic, (hit,), calm)
                _case(cases, topic).add(
                    Evidence(hit.entry.term, hit.start, hit.end, topic, weight), is_urgent=is_urgent
                )
    _add_patterns(cases, scene, hits, calm)
    states = [hit for hit in hits if "states" in hit.entry.cues]
    _add_things(cases, hits, states, scene.clauses)
    _add_civic(cases, scene, hits)
    _add_subjects(cases, scene, hits)
    rules = rules_of(scene, hits, states)
    common = sum(rules.values())
    is_called = "ask" in rules or "place" in rules
    ranked: list[TopicScore] = []
    for topic, case in cases.items():
        if topic in scene.verdict.barred and not case.is_urgent:
            continue
        extra = common - UNASKED_MALUS if _is_unasked(topic, case, hits, rules) else common
        is_talk = lexicon.domain_of[topic] in TALKED_OF and topic != ASKED_FOR
        if is_talk and not is_called and _is_bare(scene.text, case):
            extra -= BARE_MALUS
        if case.best + extra + MOST_FURTHER >= WEAK:
            score = _score(topic, case, len(scene.text), extra, scene.clauses)
            if score.score >= WEAK:
                ranked.append(score)
    if len(ranked) > 1:
        ranked.sort(key=order)
    return ranked, rules


def order(score: TopicScore, leaning: float = 0.0) -> tuple[float, int, str]:
    """By what topics are sorted, best first; ``leaning`` is what else speaks for one."""
    return -score.score - _edge(score) - leaning, score.start, score.topic


def _case(cases: dict[str, _Case], topic: str) -> _Case:
    case = cases.get(topic)
    if case is None:
        case = cases[topic] = _Case()
    return case


def _edge(score: TopicScore) -> float:
    """By how much a topic goes before another of the same score."""
    is_form = score.topic == "other" and all(item.weight <= CIVIC for item in score.evidence)
    return FORM_EDGE if is_form else EDGES.get(score.topic, 0.0)


def _score(topic: str, case: _Case, length: int, extra: float, clauses: Clauses) -> TopicScore:
    """The weights of a topic, rounded: 3.1 less 0.1 is enough, as it says in the explanation."""
    evidence = case.evidence
    if len(evidence) == 1:
        only = evidence[0]
        total = case.best + extra + WHOLE_MESSAGE * ((only.end - only.start) * 5 >= length * 2)
        return TopicScore(topic, round(total, 6), (only,), frozenset((clauses.at(only.start),)), case.is_urgent)
    spans = {(item.start, item.end) for item in evidence if item.weight != CIVIC and not _is_inside(item, evidence)}
    covered = max([item.end - item.start for item in evidence])
    total = case.best + extra + FURTHER * max(min(len(spans) - 1, 3), 0) + WHOLE_MESSAGE * (covered * 5 >= length * 2)
    where = {clauses.at(item.start) for item in evidence if item.weight > STRONG}
    if not where:
        where = {clauses.at(item.start) for item in evidence}
    evidence.sort(key=_position)
    told = {(item.term, item.start): item for item in evidence}
    return TopicScore(topic, round(total, 6), tuple(told.values()), frozenset(where), case.is_urgent)


def _is_inside(item: Evidence, evidence: list[Evidence]) -> bool:
    """Whether it is a mere thing inside a matter that was counted: the 垃圾 of 垃圾分类."""
    return item.weight <= STRONG and any(
        other.weight == WEIGHTS["matters"] and other.start <= item.start and item.end <= other.end for other in evidence
    )


def _position(item: Evidence) -> tuple[int, float]:
    return item.start, item.weight


def _add_things(cases: dict[str, _Case], hits: list[Hit], states: list[Hit], clauses: Clauses) -> None:
    """A thing with a fault near it is evidence; a thing alone only adds to what is there already."""
    things = [hit for hit in hits if hit.entry.is_thing]
    if not things:
        return
    taken = {hit.clause for hit in things}
    wishes = [state for state in states if "wish" in state.entry.cues]
    for hit in things:
        for topic, kind, weight in hit.entry.topics:
            if kind not in NAMING:
                continue
            state = _state_of(topic, hit, states if topic in BREAKABLE else wishes, taken, clauses)
            if state is not None:
                start, end = min(hit.start, state.start), max(hit.end, state.end)
                term = f"{hit.entry.term}+{state.entry.term}"
                _case(cases, topic).add(Evidence(term, start, end, topic, WEIGHTS["things"] + STATE))
            elif kind == "things" and (topic in cases or topic == "other"):
                _case(cases, topic).add(Evidence(hit.entry.term, hit.start, hit.end, topic, weight))


def _state_of(topic: str, thing: Hit, states: list[Hit], taken: set[int], clauses: Clauses) -> Hit | None:
    """The nearest state in the thing's own clause, or in one that names no thing itself: 电梯坏了，楼道灯也不亮.

    A banister full of dust is no matter of the building's fabric.
    """
    best: Hit | None = None
    best_key = (True, 0)
    for state in states:
        if state.clause != thing.clause and state.clause in taken:
            continue
        if not _near(thing, state, clauses) or ("dirt" in state.entry.cues and topic not in DIRT_TOPICS):
            continue
        key = (state.clause != thing.clause, abs(state.start - thing.end))
        if best is None or key < best_key:
            best, best_key = state, key
    return best


def _near(thing: Hit, state: Hit, clauses: Clauses) -> bool:
    if thing.start < state.end and state.start < thing.end:
        return False
    if state.start >= thing.end:
        return clauses.distance(thing.end, state.start) <= NEAR
    return clauses.distance(state.end, thing.start) <= NEAR // 2


def _is_bare(text: str, case: _Case) -> bool:
    if len(text) > BARE or case.is_urgent:
        return False
    return all(item.end - item.start < max(WHOLE_PHRASE, len(text)) for item in case.evidence)


def _is_unasked(topic: str, case: _Case, hits: list[Hit], rules: dict[str, float]) -> bool:
    """Whether nobody is asked for anything, in a topic that is a matter only where somebody is."""
    if topic == "other":
        return "ask" not in rules and not any(item.weight == CIVIC for item in case.evidence)
    return topic == ASKED_FOR and not any("call" in hit.entry.cues for hit in hits)


def rules_of(scene: Scene, hits: list[Hit], states: list[Hit]) -> dict[str, float]:
    """What raises or lowers every topic of the text alike, by name: shown where a decision is explained."""
    cues = {cue for hit in hits for cue in hit.entry.cues}
    place = scene.place
    rules: dict[str, float] = {}
    if "asks" in cues:
        rules["ask"] = ASK
    if place or "ours" in cues or "near" in cues:
        rules["place"] = PLACE
    if states or "severity" in cues:
        rules["severity"] = SEVERITY
    is_formal = is_petition(scene.frames)
    if is_formal:
        rules["petition"] = PETITION
    is_numbered = bool(place.building or place.unit or place.floor or place.room)
    is_anchored = is_formal or "ask" in rules or is_numbered or "ours" in cues or "civic" in cues
    malus = scene.verdict.malus
    excused = set(UNANCHORED) if is_anchored else set[str]()
    if "severity" in rules and "chatty" not in malus:
        excused.add("rambling")
    rules.update({reason: -mark for reason, mark in malus.items() if reason not in excused})
    return rules


def _add_civic(cases: dict[str, _Case], scene: Scene, hits: list[Hit]) -> None:
    """A formal request for which no topic speaks is not dropped: it is ``other``, for staff to sort.

    The form alone asks for nothing where what the text is about is done: A区楼道灯维修完成.
    """
    marks = {hit.entry.term: (hit.start, hit.end) for hit in hits if "civic" in hit.entry.cues}
    is_one = len(scene.clauses.starts) == 1
    if is_one and not marks and any(reason == "over" for _, reason in scene.verdict.void):
        return
    for frame in scene.frames:
        marks[scene.text[frame.start : frame.end]] = (frame.start, frame.end)
    if not marks:
        return
    case = _case(cases, "other")
    for term, (start, end) in list(marks.items())[:4]:
        case.add(Evidence(term, start, end, "other", CIVIC))
    case.best = max(case.best, CIVIC + FURTHER_CIVIC * min(len(marks) - 1, 2))


def _add_subjects(cases: dict[str, _Case], scene: Scene, hits: list[Hit]) -> None:
    """A petition of which only the form is known is about the thing it names: 关于路灯的建议."""
    form = cases.get("other")
    if form is None or len(cases) > 1 or not is_petition(scene.frames):
        return
    if any(item.weight != CIVIC for item in form.evidence):
        return
    for hit in hits:
        if "subject" in hit.entry.cues:
            for topic, _, weight in hit.entry.topics:
                case = _case(cases, topic)
                case.add(Evidence(hit.entry.term, hit.start, hit.end, topic, weight))
                case.best = form.best


def _add_patterns(cases: dict[str, _Case], scene: Scene, hits: list[Hit], calm: _Calm) -> None:
    for pattern, found in filled(scene.combinations, scene.text, hits, scene.clauses):
        start, end = min(hit.start for hit in found), max(hit.end for hit in found)
        shown = "+".join(hit.entry.term for hit in sorted(found, key=lambda hit: hit.start))
        _case(cases, pattern.topic).add(
            Evidence(shown, start, end, pattern.topic, pattern.weight),
            is_urgent=pattern.is_urgent and not _can_wait(pattern.topic, found, calm),
        )
