"""What a text means, for whoever asked: the matters in it, where, how sure, and why."""

from typing import Any, NamedTuple

from nlp.normalize import Normalized
from nlp.place import NOWHERE, Place
from nlp.request import Kind, kind_of
from nlp.score import Evidence


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
    """One matter in a text. ``label`` is a domain or ``other``.

    ``topic`` is None for ``other``, and where nothing but the tone spoke for a report.
    """

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
    def is_vague(self) -> bool:
        """Whether nothing but the tone speaks for a report."""
        return self.is_report and self.topic is None and self.label != "other"

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


def shown(normal: Normalized, evidence: tuple[Evidence, ...]) -> tuple[Shown, ...]:
    if normal.raw is None:
        return tuple([Shown(*item) for item in evidence])
    return tuple(Shown(item.term, *normal.span(item.start, item.end), item.topic, item.weight) for item in evidence)
