"""The one door: what a text means."""

from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple

from nlp.clauses import Clauses, clauses_of
from nlp.lexicon import BREAKABLE, Entry, Lexicon, load
from nlp.meaning import Finding, Understanding, shown
from nlp.normalize import Normalized, normalize
from nlp.opinion import Sound, by_tone, second_opinion
from nlp.place import Place, find_place
from nlp.polarity import Verdict, judge
from nlp.request import Frame, frames_of, has_area
from nlp.scan import FORM, Hit, Match, Scanner, made_states
from nlp.score import SURE, Scene, TopicScore, score_topics
from nlp.segment import Segmenter, load_dictionary
from nlp.sounds import Ear
from nlp.tone import tone

SURE_APART = 3.6
"""Where something is found only by taking the lexicon's own words apart, it has to be as strong as this."""

SHORTEST_FORM = 8
"""A petition's form is not looked for in a line shorter than this."""

PARTS: dict[str, frozenset[str]] = {
    "garbage": frozenset({"smell", "pest", "cleaning", "sewage", "building"}),
    "sewage": frozenset({"smell", "pest", "cleaning"}),
    "cleaning": frozenset({"smell", "pest"}),
    "disabled": frozenset({"building", "elevator", "clutter"}),
    "elevator": frozenset({"elderly"}),
    "leak": frozenset({"building", "water_supply", "sewage", "neighbour"}),
    "family": frozenset({"child", "elderly", "noise", "mental"}),
    "illness": frozenset({"elderly", "disabled", "child"}),
    "clutter": frozenset({"building", "garbage", "smell"}),
    "greenery": frozenset({"smell"}),
    "pets": frozenset({"smell", "cleaning"}),
    "security": frozenset({"neighbour", "noise"}),
    "pollution": frozenset({"noise", "building"}),
    "gas": frozenset({"smell", "fire"}),
    "fire": frozenset({"smell", "clutter", "parking", "electricity", "conduct"}),
    "mutual_help": frozenset({"lighting", "electricity", "leak", "water_supply", "sewage"})
    | {"elderly", "child", "illness", "volunteer", "culture"},
    # A broken lift blamed on the property company is a broken lift: the thing beats the tone (TAXONOMY, rule 2).
    "property": BREAKABLE | {"money"},
    "noise": frozenset({"neighbour", "conduct", "building"}),
}
"""What comes with a matter is no second one: the stench of the rubbish, the child that cries in a quarrel."""


class _Reading(NamedTuple):
    """A text with what does not depend on which of its words count."""

    text: str
    normal: Normalized
    clauses: Clauses
    frames: list[Frame]
    place: Place
    sound: Sound


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
        sound = Sound(words, partial(self._scanner.kinds, found + heard))
        if not frames and not self._scanner.is_worth(words, found + heard, flags):
            return second_opinion(Understanding(text), normal, sound)
        clauses = clauses_of(words)
        hits = self._segmenter.on_boundaries(
            words, self._scanner.hits(found, clauses), self._scanner.hits(heard, clauses), clauses
        )
        reading = _Reading(text, normal, clauses, frames, find_place(words), sound)
        made = made_states(words, clauses)
        meant = self._read(reading, hits.whole + made, SURE)
        if not meant.is_report and hits.parts:
            meant = self._read(reading, sorted(hits.whole + hits.parts, key=_begin) + made, SURE_APART)
        return meant if frames else second_opinion(meant, normal, sound)

    def sound(self, words: str) -> Sound:
        """How a normalised text sounds, to be learnt from."""
        found = self._scanner.find(words)
        heard = self._ear.hear(words) if self._scanner.flags_of(found) else []
        return Sound(words, partial(self._scanner.kinds, found + heard))

    def _read(self, reading: _Reading, hits: list[Hit], sure: float) -> Understanding:
        """What a text means by these of its words, where a topic of this score is a report."""
        text, normal, clauses, frames, place, sound = reading
        verdict = judge(normal.text, hits, clauses, frames)
        if verdict.whole:
            return Understanding(text, place=place, void=_reasons(verdict))
        scene = Scene(normal.text, clauses, verdict, frames, place, self._scanner.combinations(verdict.live))
        ranked, rules = score_topics(self.lexicon, scene)
        if not frames:
            ranked, leaning = by_tone(ranked, sound, self.lexicon.domain_of)
            rules |= {"leaning": round(leaning, 6)} if leaning else {}
        return self._conclude(text, normal, scene, ranked, rules, sure)

    def topics_in(self, text: str) -> frozenset[str]:
        """The topics whose things or faults a text names, whatever it says of them."""
        words = normalize(text).text
        return frozenset(term.topic for entry in self._entries(words, self._ear.hear(words)) for term in entry.topics)

    def _entries(self, words: str, heard: list[Match]) -> list[Entry]:
        """The words of any topic in a normalised text, and those that were heard by their sound."""
        clauses = clauses_of(words)
        found = self._scanner.hits(self._scanner.find(words), clauses)
        hits = self._segmenter.on_boundaries(words, found, self._scanner.hits(heard, clauses), clauses)
        return [hit.entry for hit in hits.whole if hit.entry.topics]

    def names_same(self, one: str, other: str) -> bool | None:
        """Whether two texts name a thing in common: 扶手松了 and 三楼扶手; None where one of them names none."""
        (things, words), (others, their_words) = self._named_in(one), self._named_in(other)
        if _have_common(things, their_words) or _have_common(others, words):
            return True
        return False if things and others else None

    def _named_in(self, text: str) -> tuple[set[str], set[str]]:
        """The things a text names, and all words of any topic: in 单元门关不拢 the thing is part of the fault."""
        named = self._entries(normalize(text).text, [])
        return {entry.term for entry in named if entry.is_thing}, {entry.term for entry in named}

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
        ranked = _life_first(ranked)
        top = ranked[0]
        evidence = shown(normal, top.evidence)
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
        return Finding(label, topic, score.score, score.is_urgent, place, shown(normal, score.evidence), normal.text)


def _have_common(things: set[str], words: set[str]) -> bool:
    return any(thing in word or word in thing for thing in things for word in words)


def _begin(hit: Hit) -> int:
    return hit.start


def _reasons(verdict: Verdict) -> tuple[tuple[str, str], ...]:
    """What was not counted and why, each word once."""
    reasons = {hit.entry.term: reason for hit, reason in verdict.void}
    return tuple((reasons | dict(verdict.barred.values())).items())


def _life_first(ranked: list[TopicScore]) -> list[TopicScore]:
    """What cannot wait stands for what comes with it and can: 吵架，女的在喊救命 is no quarrel (TAXONOMY, rule 1).

    Whoever asks for a hand says himself what he needs.
    """
    top = ranked[0]
    first = next((one for one in ranked[1:] if one.is_urgent and one.score >= SURE and _is_part(one, top)), None)
    if first is None or top.is_urgent or top.topic == "mutual_help":
        return ranked
    return [first, *(one for one in ranked if one is not first)]


def _is_part(score: TopicScore, other: TopicScore) -> bool:
    return score.topic in PARTS.get(other.topic, ()) or other.topic in PARTS.get(score.topic, ())


def _is_another_matter(score: TopicScore, other: TopicScore) -> bool:
    if score.is_urgent and not other.is_urgent:
        return not (score.clauses & other.clauses)  # what cannot wait is no mere part of what can
    return not _is_part(score, other) and not (score.clauses & other.clauses)


def _places(normal: Normalized, order: list[TopicScore], whole: Place) -> dict[str, Place]:
    """One matter has the whole text's place; of several each has that of its own stretch."""
    if len(order) == 1:
        return {order[0].topic: whole}
    starts = [0, *(score.start for score in order[1:]), len(normal.text)]
    return {
        score.topic: _within(find_place(normal.text[start:end]), whole)
        for score, start, end in zip(order, starts, starts[1:], strict=False)
    }


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
