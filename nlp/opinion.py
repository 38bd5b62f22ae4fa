"""A second opinion: what the tone of a text says of what its words came to."""

from nlp.clauses import clauses_of
from nlp.meaning import Finding, Understanding, shown
from nlp.normalize import Normalized
from nlp.place import find_place
from nlp.score import SURE, WEAK, Evidence
from nlp.tone import LONGEST, tone

LIKELY, LIFT = 0.5, 1.4
"""What sounds rather like a report than not needs less evidence than what is sure."""

UNLIKELY, FALL, CLEAR = 0.1, 1.8, 4.8
"""What does not sound like a report at all needs more, unless the evidence is as strong as this."""

NEARLY, ALONE = 0.7, 0.95
"""What sounds so much like one is asked about, or is a report, even where no topic is known; people sort it."""

MANNER = frozenset({"rambling", "chatty"})
"""What marks a text down for how it is said, which the tone knows better."""

BESIDE = MANNER | {"joke", "praise", "past"}
"""What may be said beside a report, in a clause of its own: 今天天气真好，三楼的灯又不亮了."""

MARKS = 3
"""So many stretches of such a text are shown."""

APART = 0.85
"""So much like a report has a clause to sound by itself, to be heard beside talk."""

SHORTEST_TONE, SHORTEST_TALK = 6, 10
"""A shorter text has no tone of its own, or not enough of it to take back what its words say."""


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
        is_filed = (likelihood > LIKELY and against <= MANNER) or (against <= BESIDE and _is_said_apart(words))
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
    evidence = shown(normal, tuple(
        Evidence(words[mark.start : mark.end], mark.start, mark.end, label, mark.weight)
        for mark in tone().marks(words, MARKS)
    ))  # fmt: skip
    finding = Finding(label, None, score, False, place, evidence, words)
    heard = meant._replace(place=place, evidence=evidence, score=score, rules=(("tone", score),))
    return heard._replace(label=label, findings=(finding,)) if is_sure else heard._replace(maybe=finding)
