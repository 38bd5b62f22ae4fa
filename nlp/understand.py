"""The one door: what a text means."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from nlp.clauses import Clauses, clauses_of
from nlp.lexicon import BREAKABLE, Lexicon, load
from nlp.normalize import Normalized, normalize
from nlp.place import NOWHERE, Place, find_place
from nlp.polarity import Verdict, judge
from nlp.request import Frame, Kind, frames_of, has_area, kind_of
from nlp.scan import FORM, Hit, Scanner, made_states
from nlp.score import WEAK, Evidence, Scene, TopicScore, score_topics
from nlp.segment import Segmenter, load_dictionary
from nlp.sounds import Ear
from nlp.tone import LONGEST, tone

SURE = 3.0
"""A topic with this score is a report."""

SURE_APART = 3.6
"""Where something is found only by taking the lexicon's own words apart, it has to be as strong as this."""

LIKELY, LIFT = 0.5, 1.4
"""What sounds rather like a report than not needs less evidence than what is sure."""

UNLIKELY, FALL, CLEAR = 0.1, 1.8, 4.8
"""What does not sound like a report at all needs more, unless the evidence is as strong as this."""

NEARLY, ALONE = 0.7, 0.95
"""What sounds so much like one is asked about, or is a report, even where no topic is known; people sort it."""

HOW_LONG = frozenset({"rambling", "chatty"})
"""What marks a text down for how it is said, which the tone knows better."""

BESIDE = HOW_LONG | {"joke", "praise", "past"}
"""What may be said beside a report, in a clause of its own: 今天天气真好，三楼的灯又不亮了."""

MARKS = 3
"""So many stretches of such a text are shown."""

APART = 0.85
"""So much like a report has a clause to sound by itself, to be heard beside talk."""

SHORTEST_TONE, SHORTEST_TALK = 6, 10
"""A shorter text has no tone of its own, or not enough of it to take back what its words say."""

SHORTEST_FORM = 8
"""A petition's form is not looked for in a line shorter than this."""

PARTS: dict[str, frozenset[str]] = {
    "garbage": frozenset({"smell", "pest", "cleaning", "sewage"}),
    "sewage": frozenset({"smell", "pest", "cleaning"}),
    "cleaning": frozenset({"smell", "pest"}),
    "leak": frozenset({"building", "water_supply", "sewage", "neighbour"}),
    "family": frozenset({"child", "elderly", "noise", "mental"}),
    "illness": frozenset({"elderly", "disabled", "child"}),
    "gas": frozenset({"smell", "fire"}),
    "fire": frozenset({"smell", "clutter", "parking", "electricity"}),
    "mutual_help": frozenset({"lighting", "electricity", "elderly", "child"}),
    # A broken lift blamed on the property company is a broken lift: the thing beats the tone (TAXONOMY, rule 2).
    "property": BREAKABLE | {"money"},
    "noise": frozenset({"neighbour", "conduct"}),
}
"""What comes with a matter is no second one: the stench of the rubbish, the child that cries in a quarrel."""


class Shown(NamedTuple):
    """A piece of evidence with its span in the original text."""

    term: str
    start: int
    end: int
    topic: str
    weight: float

    def as_dict(self) -> dict[str, Any]:
        return {
            "term": self.term, "start": self.start, "end": self.end,
            "topic": self.topic, "weight": round(self.weight, 2),
        }  # fmt: skip


class Finding(NamedTuple):
    """One matter in a text. ``label`` is a domain or ``other``; ``topic`` is None for ``other``."""

    label: str
    topic: str | None
    score: float
    is_urgent: bool
    place: Place
    evidence: tuple[Shown, ...]
    words: str

    @property
    def kind(self) -> Kind:
        """What the speaker wants: 咨询 求助 建议 批评 投诉 举报."""
        return kind_of(self.words, self.topic, is_urgent=self.is_urgent)


class Understanding(NamedTuple):
    """What a text means. ``label`` is a domain id, ``other`` or ``none``.

    ``findings`` has one entry for each matter (two faults in one message are two); it is empty
    for ``none``. ``maybe`` is the one matter it may be where the evidence is too weak to be sure. ``void``
    names the words that did not count with the reason, ``rules`` what raised or lowered every topic alike.
    """

    text: str
    label: str = "none"
    topic: str | None = None
    also: tuple[str, ...] = ()
    is_urgent: bool = False
    place: Place = NOWHERE
    evidence: tuple[Shown, ...] = ()
    score: float = 0.0
    findings: tuple[Finding, ...] = ()
    runner_up: str | None = None
    void: tuple[tuple[str, str], ...] = ()
    rules: tuple[tuple[str, float], ...] = ()
    maybe: Finding | None = None

    @property
    def is_weak(self) -> bool:
        """Whether something was there, too little to be sure of."""
        return self.maybe is not None

    @property
    def is_report(self) -> bool:
        return self.label != "none"

    @property
    def kind(self) -> Kind | None:
        """The kind of the first matter; None where there is none."""
        return self.findings[0].kind if self.is_report else None

    def as_dict(self) -> dict[str, Any]:
        """The line that ``loudong classify`` prints."""
        return {
            "text": self.text,
            "label": self.label,
            "topic": self.topic,
            "urgent": self.is_urgent,
            "also": list(self.also),
            "place": self.place.as_dict(),
            "evidence": [shown.as_dict() for shown in self.evidence],
            "score": round(self.score, 2),
            "kind": self.kind,
            "runner_up": self.runner_up,
            "rules": [{"rule": rule, "weight": round(weight, 2)} for rule, weight in self.rules],
            "void": [{"term": term, "reason": reason} for term, reason in self.void],
            "weak": self.is_weak,
        }


class _Reading(NamedTuple):
    """A text with what does not depend on which of its words count."""

    text: str
    normal: Normalized
    clauses: Clauses
    frames: list[Frame]
    place: Place


class Understander:
    """A lexicon made ready. Immutable after construction but for jieba's lazy loading."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._scanner = Scanner(lexicon)
        self._segmenter = Segmenter(lexicon)
        self._ear = Ear(tuple(entry for entry in lexicon.entries if "sound" in entry.cues))

    def understand(self, text: str) -> Understanding:
        """Classify one message."""
        normal = normalize(text)
        words = normal.text
        found = self._scanner.find(words)
        flags = self._scanner.flags_of(found)
        heard = self._ear.hear(words) if flags else []
        if heard:
            flags |= self._scanner.flags_of(heard)
        frames = frames_of(words) if flags & FORM or (len(words) >= SHORTEST_FORM and has_area(words)) else []
        if not frames and not self._scanner.is_worth(words, found + heard, flags):
            return second_opinion(Understanding(text), normal)
        clauses = clauses_of(words)
        hits = self._segmenter.on_boundaries(
            words, self._scanner.hits(found, clauses), self._scanner.hits(heard, clauses), clauses
        )
        reading = _Reading(text, normal, clauses, frames, find_place(words))
        made = made_states(words, clauses)
        meant = self._read(reading, hits.whole + made, SURE)
        if not meant.is_report and hits.parts:
            meant = self._read(reading, sorted(hits.whole + hits.parts, key=_begin) + made, SURE_APART)
        return meant if frames else second_opinion(meant, normal)

    def _read(self, reading: _Reading, hits: list[Hit], sure: float) -> Understanding:
        """What a text means by these of its words, where a topic of this score is a report."""
        text, normal, clauses, frames, place = reading
        verdict = judge(normal.text, hits, clauses, frames)
        if verdict.whole:
            return Understanding(text, place=place, void=_reasons(verdict))
        scene = Scene(normal.text, clauses, verdict, frames, place, self._scanner.combinations(verdict.live))
        ranked, rules = score_topics(self.lexicon, scene)
        return self._conclude(text, normal, scene, ranked, rules, sure)

    def topics_in(self, text: str) -> frozenset[str]:
        """The topics whose things or faults a text names, whatever it says of them."""
        words = normalize(text).text
        clauses = clauses_of(words)
        hits = self._segmenter.on_boundaries(
            words, self._scanner.hits(self._scanner.find(words), clauses),
            self._scanner.hits(self._ear.hear(words), clauses), clauses,
        )  # fmt: skip
        return frozenset(term.topic for hit in hits.whole for term in hit.entry.topics)

    def _conclude(
        self,
        text: str,
        normal: Normalized,
        scene: Scene,
        ranked: list[TopicScore],
        rules: dict[str, float],
        sure: float,
    ) -> Understanding:
        void = _reasons(scene.verdict)
        if not ranked:
            marked_down = tuple((reason, -mark) for reason, mark in scene.verdict.malus.items())
            return Understanding(text, place=scene.place, void=void, rules=marked_down)
        top = ranked[0]
        evidence = _shown(normal, top.evidence)
        told = tuple(rules.items())
        if top.score < sure:
            return Understanding(
                text, place=scene.place, evidence=evidence, score=top.score, void=void, rules=told,
                runner_up=top.topic, maybe=self._finding(normal, top, scene.place),
            )  # fmt: skip
        label = self.lexicon.domain_of[top.topic]
        topic = None if label == "other" else top.topic
        findings = self._findings(normal, scene.place, ranked)
        others = [score for score in ranked[1:] if score.score >= SURE - 0.4]
        also = tuple(dict.fromkeys(
            domain for score in others if (domain := self.lexicon.domain_of[score.topic]) not in {label, "other"}
        ))  # fmt: skip
        is_urgent = any(one.is_urgent for one in findings)
        return Understanding(
            text, label, topic, also, is_urgent, scene.place, evidence, top.score, findings,
            ranked[1].topic if len(ranked) > 1 else None, void, told,
        )  # fmt: skip

    def _findings(self, normal: Normalized, place: Place, ranked: list[TopicScore]) -> tuple[Finding, ...]:
        """The best topic, and each further one that stands on clauses of its own; in the order they were said."""
        chosen: list[TopicScore] = []
        for score in ranked:
            if score.score < SURE or (chosen and self.lexicon.domain_of[score.topic] == "other"):
                continue
            if all(_is_another_matter(score, other) for other in chosen):
                chosen.append(score)
        order = sorted(chosen[:3], key=lambda score: score.start)
        places = _places(normal, order, place)
        return tuple(self._finding(normal, score, places[score.topic]) for score in order)

    def _finding(self, normal: Normalized, score: TopicScore, place: Place) -> Finding:
        label = self.lexicon.domain_of[score.topic]
        topic = None if label == "other" else score.topic
        return Finding(label, topic, score.score, score.is_urgent, place, _shown(normal, score.evidence), normal.text)


def second_opinion(meant: Understanding, normal: Normalized) -> Understanding:
    """What the tone of a text says of what its words came to.

    It makes a report of what is nearly one, takes back what nothing but a few common words speaks for, and hears
    what no topic is known for. What cannot wait is never taken back, and of words it does not know it says nothing.
    """
    words = normal.text
    if not SHORTEST_TONE <= len(words) <= LONGEST or meant.is_urgent or meant.score >= CLEAR:
        return meant
    likelihood = tone().likelihood(words)
    if meant.is_report:
        is_talk = (
            likelihood < UNLIKELY and len(words) >= SHORTEST_TALK and _is_known(meant) and _is_talk_throughout(words)
        )
        return _taken_back(meant) if is_talk else meant
    if meant.maybe is not None:
        against = {rule for rule, weight in meant.rules if weight < 0}
        is_filed = (likelihood > LIKELY and against <= HOW_LONG) or (against <= BESIDE and _is_said_apart(words))
        return _filed(meant, meant.maybe) if is_filed else meant
    if likelihood > NEARLY and not meant.void and not meant.rules:
        return _heard(meant, normal, is_sure=likelihood > ALONE)
    return meant


def _is_known(meant: Understanding) -> bool:
    """Whether the tone was learnt from texts with these words: of new ones it has no opinion."""
    return any(all(tone().knows(word) for word in item.term.split("+")) for item in meant.evidence)


def _is_talk_throughout(words: str) -> bool:
    """No clause by itself sounds like a report, whatever stands around it."""
    clauses = _by_clause(words)
    return len(clauses) == 1 or max(clauses) < LIKELY


def _is_said_apart(words: str) -> bool:
    """A clause by itself sounds very much like a report, and another does not."""
    clauses = _by_clause(words)
    return min(clauses) < LIKELY < APART < max(clauses)


def _by_clause(words: str) -> list[float]:
    cut = clauses_of(words)
    return [tone().likelihood(words[start:end]) for start, end in zip(cut.starts, cut.ends, strict=True)]


def _taken_back(meant: Understanding) -> Understanding:
    """The building head is asked, as where the evidence is weak: nothing is lost."""
    score = round(max(meant.score - FALL, WEAK), 6)
    best = max(meant.findings, key=lambda finding: finding.score)
    return meant._replace(
        label="none", topic=None, also=(), findings=(), score=score, runner_up=best.topic or best.label,
        rules=(*meant.rules, ("tone", round(score - meant.score, 6))), maybe=best._replace(score=score),
    )  # fmt: skip


def _filed(meant: Understanding, finding: Finding) -> Understanding:
    finding = finding._replace(score=round(finding.score + LIFT, 6))
    return meant._replace(
        label=finding.label, topic=finding.topic, is_urgent=finding.is_urgent, score=finding.score,
        findings=(finding,), rules=(*meant.rules, ("tone", LIFT)), runner_up=None, maybe=None,
    )  # fmt: skip


def _heard(meant: Understanding, normal: Normalized, *, is_sure: bool) -> Understanding:
    """A report of which no topic is known: the domain is the likeliest, for people to set right."""
    words = normal.text
    label = tone().label(words) if is_sure else "other"
    place, score = find_place(words), SURE if is_sure else WEAK
    evidence = _shown(normal, tuple(
        Evidence(words[mark.start : mark.end], mark.start, mark.end, label, mark.weight)
        for mark in tone().marks(words, MARKS)
    ))  # fmt: skip
    finding = Finding(label, None, score, False, place, evidence, words)
    heard = meant._replace(place=place, evidence=evidence, score=score, rules=(("tone", score),))
    return heard._replace(label=label, findings=(finding,)) if is_sure else heard._replace(maybe=finding)


def _begin(hit: Hit) -> int:
    return hit.start


def _reasons(verdict: Verdict) -> tuple[tuple[str, str], ...]:
    """What was not counted and why, each word once."""
    reasons = {hit.entry.term: reason for hit, reason in verdict.void}
    return tuple((reasons | dict(verdict.barred.values())).items())


def _is_another_matter(score: TopicScore, other: TopicScore) -> bool:
    is_part = score.topic in PARTS.get(other.topic, ()) or other.topic in PARTS.get(score.topic, ())
    return not is_part and not (score.clauses & other.clauses)


def _places(normal: Normalized, order: list[TopicScore], whole: Place) -> dict[str, Place]:
    """One matter has the whole text's place; of several each has that of its own stretch."""
    if len(order) == 1:
        return {order[0].topic: whole}
    starts = [0, *(score.start for score in order[1:]), len(normal.text)]
    return {
        score.topic: _within(find_place(normal.text[start:end]), whole)
        for score, start, end in zip(order, starts, starts[1:], strict=False)
    }


def _shown(normal: Normalized, evidence: tuple[Evidence, ...]) -> tuple[Shown, ...]:
    if normal.raw is None:
        return tuple([Shown(*item) for item in evidence])
    return tuple(Shown(item.term, *normal.span(item.start, item.end), item.topic, item.weight) for item in evidence)


def _within(own: Place, whole: Place) -> Place:
    return replace(own, building=own.building or whole.building, unit=own.unit or whole.unit)


@cache
def understander(extra: Path | None = None) -> Understander:
    """The ready understander of the project's lexicon, with a street's own folder beside it."""
    load_dictionary()  # before the lexicon: what reading either needs for a moment is not needed for both at once
    tone()
    return Understander(load(extra))


def understand(text: str) -> Understanding:
    """Classify one message with the project's own lexicon."""
    return understander().understand(text)
