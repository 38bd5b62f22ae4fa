"""Corrections: what people in charge say the bot got wrong, kept for the review of the lexicon."""

from handlers.masking import redact_identity
from handlers.turn import Turn
from storage.corrections import Correction, CorrectionKind
from storage.issues import MAX_WORDS, Issue


def note_correction(
    turn: Turn,
    community_id: int,
    kind: CorrectionKind,
    label: str,
    topic: str | None,
    words: str | None,
    terms: list[str],
) -> None:
    """Keep one correction; ``label`` and ``topic`` are what it ought to have been."""
    turn.session.add(
        Correction(
            community_id=community_id, kind=kind, by=turn.person, at=turn.now, label=label, topic=topic,
            words=redact_identity(words)[:MAX_WORDS] if words else None, terms=terms,
        )
    )  # fmt: skip


def correct_issue(turn: Turn, issue: Issue, kind: CorrectionKind, label: str, topic: str | None) -> None:
    """A filed issue was of another kind, or none. Sensitive words teach nobody."""
    words = None if issue.is_sensitive else issue.words
    note_correction(turn, issue.community_id, kind, label, topic, words, [item["term"] for item in issue.evidence])
