"""The one door: what a text means."""

from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from nlp.lexicon import Lexicon, load
from nlp.normalize import Normalized, normalize
from nlp.place import Place, find_place
from nlp.polarity import Verdict, clauses_of, judge
from nlp.scan import Hit, Scanner, find_cannot
from nlp.score import WEAK, Evidence, TopicScore, score_topics
from nlp.segment import Segmenter

SURE = 3.0
"""A topic with this score is a report."""

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
    "property": frozenset({"money", "cleaning"}),
    "noise": frozenset({"neighbour", "conduct"}),
}
"""What comes with a matter is no second one: the stench of the rubbish, the child that cries in a quarrel."""


@dataclass(frozen=True, slots=True)
class Shown:
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


@dataclass(frozen=True, slots=True)
class Finding:
    """One matter in a text. ``label`` is a domain or ``other``; ``topic`` is None for ``other``."""

    label: str
    topic: str | None
    score: float
    is_urgent: bool
    place: Place
    evidence: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a text means. ``label`` is a domain id, ``other`` or ``none``.

    ``findings`` has one entry for each matter (two faults in one message are two); it is empty
    for ``none``. ``is_weak`` tells that something was there, too little to be sure of.
    """

    text: str
    label: str = "none"
    topic: str | None = None
    also: tuple[str, ...] = ()
    is_urgent: bool = False
    place: Place = field(default_factory=Place)
    evidence: tuple[Shown, ...] = ()
    score: float = 0.0
    findings: tuple[Finding, ...] = ()
    runner_up: str | None = None
    void: tuple[tuple[str, str], ...] = ()
    is_weak: bool = False

    @property
    def is_report(self) -> bool:
        return self.label != "none"

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
        }


class Understander:
    """A lexicon made ready. Immutable after construction but for jieba's lazy loading."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._scanner = Scanner(lexicon)
        self._segmenter = Segmenter(lexicon)

    def understand(self, text: str) -> Understanding:
        """Classify one message."""
        normal = normalize(text)
        raw_hits = self._scanner.scan(normal.text)
        if not any(hit.entry.topics or hit.entry.slots or "civic" in hit.entry.cues for hit in raw_hits):
            return Understanding(text)
        clauses = clauses_of(normal.text)
        cannot = find_cannot(normal.text)
        if not score_topics(self.lexicon, normal.text, raw_hits + cannot, clauses):
            return Understanding(text)  # not even with every hit a word: jieba need not be asked
        hits = self._segmenter.on_boundaries(normal.text, raw_hits, clauses.spans) + cannot
        verdict = judge(normal.text, hits, clauses)
        place = find_place(normal.text)
        ranked = (
            []
            if verdict.whole
            else score_topics(
                self.lexicon, normal.text, verdict.live, clauses, verdict=verdict, place=place
            )
        )
        return self._conclude(text, normal, place, ranked, verdict)

    def topics_in(self, text: str) -> frozenset[str]:
        """The topics whose things or faults a text names, whatever it says of them."""
        normal = normalize(text)
        hits = self._segmenter.on_boundaries(
            normal.text, self._scanner.scan(normal.text), clauses_of(normal.text).spans
        )
        return frozenset(term.topic for hit in hits for term in hit.entry.topics)

    def _conclude(
        self, text: str, normal: Normalized, place: Place, ranked: list[TopicScore], verdict: Verdict
    ) -> Understanding:
        void = tuple((hit.term, reason) for hit, reason in verdict.void)
        if not ranked or ranked[0].score < WEAK:
            return Understanding(text, place=place, void=void)
        top = ranked[0]
        evidence = _shown(normal, top.evidence)
        if top.score < SURE:
            return Understanding(
                text, place=place, evidence=evidence, score=top.score, void=void,
                runner_up=top.topic, is_weak=True,
            )  # fmt: skip
        label = self.lexicon.domain_of[top.topic]
        topic = None if label == "other" else top.topic
        findings = self._findings(normal, place, ranked)
        others = [score for score in ranked[1:] if score.score >= SURE - 0.4]
        also = tuple(dict.fromkeys(
            domain for score in others if (domain := self.lexicon.domain_of[score.topic]) not in {label, "other"}
        ))  # fmt: skip
        return Understanding(
            text, label, topic, also, any(one.is_urgent for one in findings), place, evidence, top.score,
            findings, ranked[1].topic if len(ranked) > 1 else None, void,
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
        return Finding(label, topic, score.score, score.is_urgent, place, _shown(normal, score.evidence))


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
    return tuple(Shown(item.term, *normal.span(item.start, item.end), item.topic, item.weight) for item in evidence)


def _within(own: Place, whole: Place) -> Place:
    return replace(own, building=own.building or whole.building, unit=own.unit or whole.unit)


@cache
def understander(extra: Path | None = None) -> Understander:
    """The ready understander of the project's lexicon, with a street's own folder beside it."""
    return Understander(load(extra))


def understand(text: str) -> Understanding:
    """Classify one message with the project's own lexicon."""
    return understander().understand(text)


__all__ = ["Evidence", "Finding", "Hit", "Understander", "Understanding", "understand", "understander"]
