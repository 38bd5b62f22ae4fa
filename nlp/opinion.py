"""A second opinion: what the tone of a text says of what its words came to."""

from collections.abc import Callable
from typing import NamedTuple

from nlp.clauses import clauses_of
from nlp.meaning import Finding, Understanding, shown
from nlp.normalize import Normalized
from nlp.place import find_place
from nlp.polarity import LIGHT
from nlp.score import SURE, WEAK, Evidence, TopicScore, order
from nlp.tone import LONGEST, tone

SHARE, RARER = 0.75, 0.3
"""What a text's log-odds of being a report count beside the weight of its words, and by how much they are too high:
reports are rarer in a group than in the corpus."""

APART = 1.0
"""By how much more like a report than the whole a clause has to sound, to be heard beside talk."""

SILENT = 0.0
"""Where words and tone together come to less, nobody is asked."""

NEARLY, ALONE = 1.5, 3.5
"""What sounds so much like a report (in log-odds) is asked about, or is one, even where no topic is known."""

BESIDE = LIGHT | {"past"}
"""What marks a text down for how it is said, which the tone knows better; or for what is said beside a report."""

LEANING = 0.5
"""How much the label that a text sounds like counts between the topics that its words speak for."""

STREET = "cue/street"
"""What a street's own words say is not doubted: the tone was learnt before anybody heard of them."""

MARKS = 3
"""So many stretches of a text of which no topic is known are shown."""

SHORTEST, SHORTEST_CLAUSE = 5, 4
"""A shorter text, or clause, has no tone of its own."""


class Sound(NamedTuple):
    """A normalised text, and the kinds of the lexicon's words in any stretch of it."""

    words: str
    kinds: Callable[[int, int], set[str]]

    @property
    def has_tone(self) -> bool:
        return SHORTEST <= len(self.words) <= LONGEST

    def odds(self) -> float:
        """The log-odds that the text is a report."""
        return self._odds(0, len(self.words))

    def loudest(self) -> float:
        """The same, or those of a clause that by itself sounds much more like one: 今天天气真好，三楼的灯又不亮了."""
        cut = clauses_of(self.words)
        clauses = [
            self._odds(start, end) - APART
            for start, end in zip(cut.starts, cut.ends, strict=True)
            if end - start >= SHORTEST_CLAUSE
        ]
        return max([self.odds(), *clauses]) if len(cut.starts) > 1 else self.odds()

    def share(self) -> float:
        """What the tone adds to the score of the words, or takes from it."""
        return SHARE * (self.loudest() - RARER)

    def labels(self) -> dict[str, float]:
        """For each label the logarithm of how likely it is the text's."""
        return tone().labels(self.words, self.kinds(0, len(self.words)))

    def _odds(self, start: int, end: int) -> float:
        return tone().odds(self.words[start:end], self.kinds(start, end))


def by_tone(ranked: list[TopicScore], sound: Sound, domain_of: dict[str, str]) -> tuple[list[TopicScore], float]:
    """The topics of a text in the order of what its words and its tone say of them.

    With it by how much the tone preferred the first of them to that which the words put first; 0 where it is the
    same. What cannot wait stays first.
    """
    if len(ranked) < 2 or ranked[0].is_urgent or not sound.has_tone:
        return ranked, 0.0
    labels = sound.labels()
    leaning = {score.topic: LEANING * labels[domain_of[score.topic]] for score in ranked}
    best, *rest = sorted(ranked, key=lambda score: order(score, leaning[score.topic]))
    return [best, *rest], leaning[best.topic] - leaning[ranked[0].topic]


def second_opinion(meant: Understanding, normal: Normalized, sound: Sound) -> Understanding:
    """What the tone of a text says of what its words came to.

    It makes a report of what is nearly one, takes back what does not sound like one, and hears what no topic is
    known for. What cannot wait is never taken back.
    """
    if meant.is_urgent or not sound.has_tone:
        return meant
    if meant.is_report:
        return _doubted(meant, sound)
    if meant.maybe is not None:
        return _settled(meant, meant.maybe, sound)
    if meant.void or meant.rules:
        return meant
    odds = sound.odds()
    return _heard(meant, normal, sound, is_sure=odds > ALONE) if odds > NEARLY else meant


def _doubted(meant: Understanding, sound: Sound) -> Understanding:
    """A report, or what is asked about as where the evidence is weak: nothing is lost."""
    share = sound.share()
    if meant.score + share >= SURE or STREET in sound.kinds(0, len(sound.words)):
        return meant
    score = round(max(meant.score + share, WEAK), 6)
    best = max(meant.findings, key=lambda finding: finding.score)
    return meant._replace(
        label="none", topic=None, also=(), findings=(), score=score, runner_up=best.topic or best.label,
        rules=(*meant.rules, ("tone", round(score - meant.score, 6))), maybe=best._replace(score=score),
    )  # fmt: skip


def _settled(meant: Understanding, finding: Finding, sound: Sound) -> Understanding:
    """What the evidence is too weak for, with what its tone adds: a report, nothing at all, or still to be asked."""
    share = round(sound.share(), 6)
    score = round(min(finding.score, SURE - 0.1) + share, 6)
    rules = (*meant.rules, ("tone", share))
    if score < SILENT:
        return meant._replace(score=0.0, rules=rules, evidence=(), maybe=None)
    if score < SURE or not {rule for rule, weight in meant.rules if weight < 0} <= BESIDE:
        return meant
    finding = finding._replace(score=score)
    return meant._replace(
        label=finding.label, topic=finding.topic, is_urgent=finding.is_urgent, score=score,
        findings=(finding,), rules=rules, runner_up=None, maybe=None,
    )  # fmt: skip


def _heard(meant: Understanding, normal: Normalized, sound: Sound, *, is_sure: bool) -> Understanding:
    """A report of which no topic is known: the domain is the likeliest, for people to set right."""
    words = normal.text
    labels = sound.labels()
    label = max(labels, key=lambda name: labels[name]) if is_sure else "other"
    place, score = find_place(words), SURE if is_sure else WEAK
    evidence = shown(normal, tuple(
        Evidence(words[mark.start : mark.end], mark.start, mark.end, label, mark.weight)
        for mark in tone().marks(words, MARKS)
    ))  # fmt: skip
    finding = Finding(label, None, score, False, place, evidence, words)
    heard = meant._replace(place=place, evidence=evidence, score=score, rules=(("tone", score),))
    return heard._replace(label=label, findings=(finding,)) if is_sure else heard._replace(maybe=finding)
